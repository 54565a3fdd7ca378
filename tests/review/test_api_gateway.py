"""What changes of APIs mean, and what is wrong with one."""

from __future__ import annotations

import json
from typing import Any

import pytest

from streaming_constructs.review.auditing import audit
from streaming_constructs.review.meanings.api_gateway_domains import least_tls
from streaming_constructs.review.reading.read_template import as_source
from streaming_constructs.review.remark import Remark
from streaming_constructs.review.templates_review import review

METHOD, ROUTE = "AWS::ApiGateway::Method", "AWS::ApiGatewayV2::Route"
STAGE, STAGE_V2 = "AWS::ApiGateway::Stage", "AWS::ApiGatewayV2::Stage"
REST_API, API = "AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api"
PLAN, DOMAIN = "AWS::ApiGateway::UsagePlan", "AWS::ApiGateway::DomainName"
OTHER = {"Other": {"Type": "AWS::SNS::Topic"}}
NO_AUTH, IAM = {"AuthorizationType": "NONE"}, {"AuthorizationType": "AWS_IAM"}
KEY = {"ApiKeyRequired": True}
RATE, HALF = {"ThrottlingRateLimit": 100}, {"ThrottlingRateLimit": 50}


def scoped(*scopes: str) -> Any:
    return {"AuthorizationType": "JWT", "AuthorizationScopes": list(scopes)}


def reviewed(before: Any, after: Any) -> tuple[Remark, ...]:
    old, new = (as_source({"Resources": {**OTHER, **resources}}, "t.json") for resources in (before, after))
    return tuple(review(old, new).remarks)


def told(kind: str, before: Any, after: Any) -> set[tuple[str, str]]:
    old, new = ({"It": {"Type": kind, "Properties": properties}} for properties in (before, after))
    return {(remark.code, remark.grade) for remark in reviewed(old, new)}


@pytest.mark.parametrize("kind", [METHOD, ROUTE])
@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (IAM, NO_AUTH, {("REV283", "danger")}),
        (IAM, {}, {("REV283", "danger")}),
        (IAM, KEY, {("REV283", "danger")}),
        (KEY, {}, {("REV283", "danger")}),
        ({**IAM, **KEY}, IAM, {("REV284", "caution")}),
        (IAM, {**IAM, **KEY}, {("REV285", "fine")}),
        (NO_AUTH, IAM, {("REV285", "fine")}),
        (NO_AUTH, {}, set()),
        (IAM, {"AuthorizationType": "CUSTOM", "AuthorizerId": "a"}, {("REV284", "caution")}),
        (scoped("a", "b"), scoped("a"), {("REV285", "fine")}),
        (scoped("a"), scoped(), {("REV284", "caution")}),
    ],
)
def test_who_may_call(kind: str, before: Any, after: Any, expected: set[tuple[str, str]]) -> None:
    assert told(kind, before, after) == expected


def test_preflight_asks_nobody() -> None:
    assert told(METHOD, {**IAM, "HttpMethod": "OPTIONS"}, {"HttpMethod": "OPTIONS"}) == {("REV283", "caution")}


def api(types: str) -> Any:
    return {"Api": {"Type": REST_API, "Properties": {"EndpointConfiguration": {"Types": [types]}}}}


def method(properties: Any, name: str = "Post") -> Any:
    place = {"RestApiId": {"Ref": "Api"}, "HttpMethod": "POST", "ResourceId": name}
    return {name: {"Type": METHOD, "Properties": {**place, **properties}}}


@pytest.mark.parametrize(("types", "grade"), [("REGIONAL", "danger"), ("PRIVATE", "caution")])
def test_a_private_api_is_open_to_its_networks_alone(types: str, grade: str) -> None:
    found = reviewed({**api(types), **method(IAM)}, {**api(types), **method({})})
    assert [(remark.code, remark.grade) for remark in found] == [("REV283", grade)]


@pytest.mark.parametrize(
    ("before", "new", "expected"),
    [
        ({**api("REGIONAL"), **method(IAM)}, method({}, "Added"), ("REV283", "danger")),
        ({**api("REGIONAL"), **method(IAM)}, method(IAM, "Added"), ("REV111", "fine")),
        ({**api("REGIONAL"), **method({})}, method({}, "Added"), ("REV111", "fine")),
        ({**api("PRIVATE"), **method(IAM)}, method({}, "Added"), ("REV111", "fine")),
    ],
)
def test_a_method_that_is_new(before: Any, new: Any, expected: tuple[str, str]) -> None:
    assert [(remark.code, remark.grade) for remark in reviewed(before, {**before, **new})] == [expected]


@pytest.mark.parametrize(("after", "codes"), [(IAM, set()), ({}, {"REV283", "REV113"})])
def test_a_method_under_another_logical_id(after: Any, codes: set[str]) -> None:
    other = method(after, "Post")["Post"]
    old, new = {**api("REGIONAL"), **method(IAM)}, {**api("REGIONAL"), "PostOrders": other}
    assert {remark.code for remark in reviewed(old, new)} == codes


def test_a_firewall_that_is_gone() -> None:
    guard = {
        "Type": "AWS::WAFv2::WebACLAssociation",
        "Properties": {"ResourceArn": "arn:stage", "WebACLArn": "arn:acl"},
    }
    assert [(remark.code, remark.grade) for remark in reviewed({"Guard": guard}, {})] == [("REV296", "caution")]


def test_a_method_that_is_gone() -> None:
    found = reviewed({**api("REGIONAL"), **method(IAM)}, api("REGIONAL"))
    assert [(remark.code, remark.grade) for remark in found] == [("REV293", "caution")]


def test_a_deployment_says_nothing() -> None:
    hashes = "0" * 32, "1" * 32

    def deployed(name: str) -> Any:
        stage = {"RestApiId": "api", "StageName": "live", "DeploymentId": {"Ref": name}}
        return {
            name: {"Type": "AWS::ApiGateway::Deployment", "Properties": {"RestApiId": "api", "Description": name}},
            "Live": {"Type": STAGE, "Properties": stage},
        }

    assert reviewed(deployed(f"Deployment{hashes[0]}"), deployed(f"Deployment{hashes[1]}")) == ()
    assert reviewed(deployed("V1"), deployed("V2")) == ()
    assert reviewed(deployed("V1"), {**deployed("V1"), "V2": deployed("V2")["V2"]}) == ()


GOES = {"Type": "AWS_PROXY", "Uri": "a", "TimeoutInMillis": 5000}


@pytest.mark.parametrize(
    ("kind", "before", "after", "expected"),
    [
        (METHOD, {"Integration": GOES}, {"Integration": {**GOES, "Uri": "b"}}, {("REV292", "caution")}),
        (METHOD, {"Integration": GOES}, {"Integration": {**GOES, "TimeoutInMillis": 9000}}, {("REV276", "fine")}),
        (METHOD, {"Integration": GOES}, {"Integration": {**GOES, "TimeoutInMillis": 900}}, {("REV292", "caution")}),
        (
            METHOD,
            {"Integration": GOES},
            {"Integration": {**GOES, "RequestTemplates": {"a": "b"}}},
            {("REV292", "caution")},
        ),
        (METHOD, {"MethodResponses": [{"StatusCode": "200"}]}, {}, {("REV276", "fine")}),
        (METHOD, {"RequestValidatorId": "a"}, {}, {("REV294", "caution")}),
        (ROUTE, {"RouteKey": "GET /a"}, {"RouteKey": "GET /b"}, {("REV293", "caution")}),
        (ROUTE, {"Target": "integrations/a"}, {"Target": "integrations/b"}, {("REV292", "caution")}),
        ("AWS::ApiGatewayV2::Integration", {"IntegrationUri": "a"}, {"IntegrationUri": "b"}, {("REV292", "caution")}),
        ("AWS::ApiGateway::Authorizer", {"AuthorizerUri": "a"}, {"AuthorizerUri": "b"}, {("REV284", "caution")}),
        ("AWS::ApiGateway::RequestValidator", {"ValidateRequestBody": True}, {}, {("REV294", "caution")}),
        ("AWS::ApiGateway::RequestValidator", {}, {"ValidateRequestBody": True}, {("REV276", "fine")}),
        ("AWS::ApiGateway::GatewayResponse", {"StatusCode": "401"}, {"StatusCode": "403"}, {("REV276", "fine")}),
        (REST_API, {"Name": "a"}, {"Name": "b"}, {("REV276", "fine")}),
        (REST_API, {"DisableExecuteApiEndpoint": True}, {}, {("REV287", "caution")}),
        (REST_API, {}, {"DisableExecuteApiEndpoint": True}, {("REV285", "fine")}),
        (API, {}, {"CorsConfiguration": {"AllowOrigins": ["*"]}}, {("REV296", "caution")}),
        (API, {"CorsConfiguration": {"AllowOrigins": ["*"]}}, {}, {("REV276", "fine")}),
        (DOMAIN, {"SecurityPolicy": "TLS_1_2"}, {"SecurityPolicy": "TLS_1_0"}, {("REV288", "danger")}),
        (DOMAIN, {"SecurityPolicy": "TLS_1_0"}, {"SecurityPolicy": "TLS_1_2"}, {("REV259", "fine")}),
        (
            DOMAIN,
            {"SecurityPolicy": "TLS_1_2"},
            {"SecurityPolicy": "SecurityPolicy_TLS13_1_2_PQ_2025_09"},
            {("REV276", "fine")},
        ),
        (DOMAIN, {"MutualTlsAuthentication": {"TruststoreUri": "s3://a/b"}}, {}, {("REV283", "danger")}),
        (DOMAIN, {}, {"MutualTlsAuthentication": {"TruststoreUri": "s3://a/b"}}, {("REV285", "fine")}),
        (DOMAIN, {"RegionalCertificateArn": "a"}, {"RegionalCertificateArn": "b"}, {("REV258", "caution")}),
        (
            "AWS::ApiGatewayV2::DomainName",
            {"DomainNameConfigurations": [{"SecurityPolicy": "TLS_1_2"}]},
            {"DomainNameConfigurations": [{"SecurityPolicy": "TLS_1_0"}]},
            {("REV288", "danger")},
        ),
        (PLAN, {"Throttle": {"RateLimit": 10}}, {"Throttle": {"RateLimit": 5}}, {("REV289", "caution")}),
        (PLAN, {"Throttle": {"RateLimit": 10}}, {}, {("REV290", "caution")}),
        (PLAN, {}, {"Quota": {"Limit": 10, "Period": "DAY"}}, {("REV291", "fine")}),
        (PLAN, {"ApiStages": [{"ApiId": "a", "Stage": "b"}]}, {}, {("REV293", "caution")}),
        ("AWS::ApiGateway::ApiKey", {"Enabled": True}, {"Enabled": False}, {("REV293", "caution")}),
        ("AWS::ApiGateway::Account", {"CloudWatchRoleArn": "a"}, {}, {("REV268", "caution")}),
    ],
)
def test_parts_of_an_api(kind: str, before: Any, after: Any, expected: set[tuple[str, str]]) -> None:
    assert told(kind, before, after) == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("PRIVATE", "REGIONAL", ("REV286", "danger")),
        ("REGIONAL", "PRIVATE", ("REV287", "caution")),
        ("EDGE", "REGIONAL", ("REV287", "caution")),
    ],
)
def test_from_where_an_api_is_called(before: str, after: str, expected: tuple[str, str]) -> None:
    assert [(remark.code, remark.grade) for remark in reviewed(api(before), api(after))] == [expected]


def every(**settings: Any) -> Any:
    return {"MethodSettings": [{"ResourcePath": "/*", "HttpMethod": "*", **settings}]}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (every(ThrottlingRateLimit=100), every(ThrottlingRateLimit=10), {("REV289", "caution")}),
        (every(ThrottlingRateLimit=100), every(ThrottlingRateLimit=-1), {("REV290", "caution")}),
        (every(ThrottlingRateLimit=100), {}, {("REV290", "caution")}),
        ({}, every(ThrottlingRateLimit=100), {("REV291", "fine")}),
        (every(ThrottlingRateLimit=100), every(ThrottlingRateLimit=200), {("REV291", "fine")}),
        (every(LoggingLevel="INFO"), every(LoggingLevel="ERROR"), {("REV268", "caution")}),
        (every(LoggingLevel="OFF"), every(LoggingLevel="ERROR"), {("REV276", "fine")}),
        (every(MetricsEnabled=True), every(MetricsEnabled=False), {("REV268", "caution")}),
        (every(DataTraceEnabled=False), every(DataTraceEnabled=True), {("REV297", "caution")}),
        (every(CachingEnabled=False), every(CachingEnabled=True), {("REV297", "caution")}),
        (
            every(CachingEnabled=True, CacheDataEncrypted=True),
            every(CachingEnabled=True, CacheDataEncrypted=False),
            {("REV257", "danger")},
        ),
        ({"TracingEnabled": True}, {}, {("REV268", "caution")}),
        ({"AccessLogSetting": {"DestinationArn": "a", "Format": "b"}}, {}, {("REV268", "caution")}),
        ({}, {"AccessLogSetting": {"DestinationArn": "a", "Format": "b"}}, {("REV276", "fine")}),
        ({"Variables": {"a": "b"}}, {"Variables": {"a": "c"}}, {("REV292", "caution")}),
        ({"CanarySetting": {"PercentTraffic": 5}}, {"CanarySetting": {"PercentTraffic": 50}}, {("REV292", "caution")}),
        ({"ClientCertificateId": "a"}, {}, {("REV284", "caution")}),
        ({"CacheClusterSize": "0.5"}, {"CacheClusterSize": "1.6"}, {("REV276", "fine")}),
    ],
)
def test_what_a_stage_is(before: Any, after: Any, expected: set[tuple[str, str]]) -> None:
    assert told(STAGE, before, after) == expected


def test_a_deployment_that_describes_its_stage_is_told_like_it() -> None:
    old, new = ({"StageDescription": every(ThrottlingRateLimit=rate)} for rate in (100, 10))
    assert told("AWS::ApiGateway::Deployment", old, new) == {("REV289", "caution")}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"DefaultRouteSettings": RATE}, {"DefaultRouteSettings": HALF}, {("REV289", "caution")}),
        ({"RouteSettings": {"GET /a": HALF}}, {"RouteSettings": {"GET /a": RATE}}, {("REV291", "fine")}),
        ({"RouteSettings": {"GET /a": RATE}}, {}, {("REV290", "caution")}),
        ({"AutoDeploy": True}, {}, {("REV297", "caution")}),
        (
            {"AccessLogSettings": {"DestinationArn": "a"}},
            {"AccessLogSettings": {"DestinationArn": "b"}},
            {("REV268", "caution")},
        ),
    ],
)
def test_what_a_stage_of_an_http_api_is(before: Any, after: Any, expected: set[tuple[str, str]]) -> None:
    assert told(STAGE_V2, before, after) == expected


ANSWERS = {"responses": {"200": {"description": "it is kept"}}}


def paths(security: Any = None, **operations: Any) -> Any:
    body = {
        "openapi": "3.0.1",
        "paths": {f"/{name}": {"get": {**ANSWERS, **each}} for name, each in operations.items()},
    }
    return {"Body": body if security is None else {**body, "security": security}}


def preflight(**operations: Any) -> Any:
    """A document whose paths answer browsers that ask whether they may call."""
    body = paths(**operations)["Body"]
    return {"Body": {**body, "paths": {path: {**item, "options": ANSWERS} for path, item in body["paths"].items()}}}


ASKS: Any = {"security": [{"sigv4": []}]}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (paths(a=ASKS), paths(a={}), {("REV283", "danger")}),
        (paths([{"sigv4": []}], a={}), paths(a={}), {("REV283", "danger")}),
        (paths(a=ASKS), paths(a=ASKS, b={}), {("REV283", "danger")}),
        (paths(a={}), paths(a={}, b={}), {("REV276", "fine")}),
        (paths(a=ASKS, b=ASKS), paths(a=ASKS), {("REV293", "caution")}),
        (paths(a={}), paths(a=ASKS), {("REV285", "fine")}),
        (paths(a=ASKS), paths(a=ASKS, b=ASKS), {("REV276", "fine")}),
        (paths(a={**ASKS, "x-amazon-apigateway-integration": 1}), paths(a=ASKS), {("REV295", "caution")}),
        (paths(a=ASKS), {"Body": json.dumps(paths(a=ASKS)["Body"])}, set()),
        (paths(a=ASKS), preflight(a=ASKS), {("REV276", "fine")}),
        ({"Body": "openapi"}, {"Body": "other"}, {("REV295", "caution")}),
    ],
)
def test_documents(before: Any, after: Any, expected: set[tuple[str, str]]) -> None:
    assert told(API, before, after) == expected


@pytest.mark.parametrize(
    ("policy", "rank"),
    [
        ("TLS_1_0", 0),
        ("TLS_1_2", 2),
        (None, 2),
        ("SecurityPolicy_TLS13_1_2_PQ_2025_09", 2),
        ("SecurityPolicy_TLS13_1_3_2025_09", 3),
        ({"Ref": "Unknown"}, None),
    ],
)
def test_the_oldest_tls_of_a_policy(policy: Any, rank: int | None) -> None:
    assert least_tls(policy) == rank


def found(resources: Any) -> set[str]:
    codes = {remark.code for remark in audit(as_source({"Resources": resources}, "t.json"))}
    return {code for code in codes if "AUD250" <= code <= "AUD299"}


def with_policy(statement: Any) -> Any:
    return {"Api": {"Type": REST_API, "Properties": {"Policy": {"Statement": [statement]}}}}


ALLOW = {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "*"}


@pytest.mark.parametrize(
    ("resources", "expected"),
    [
        ({**api("REGIONAL"), **method(NO_AUTH)}, {"AUD260"}),
        ({**api("REGIONAL"), **method(IAM)}, set()),
        ({**api("REGIONAL"), **method(KEY)}, set()),
        ({**api("REGIONAL"), **method({"HttpMethod": "OPTIONS"})}, set()),
        ({**api("PRIVATE"), **method(NO_AUTH)}, set()),
        ({**with_policy({**ALLOW, "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}}), **method({})}, set()),
        ({**with_policy(ALLOW), **method({})}, {"AUD260"}),
        ({"Api": {"Type": API, "Properties": paths(a={})}}, {"AUD260"}),
        ({"Api": {"Type": API, "Properties": paths(a=ASKS)}}, set()),
        ({"Live": {"Type": STAGE, "Properties": every(ThrottlingRateLimit=10)}}, set()),
        ({"Live": {"Type": STAGE, "Properties": every(ThrottlingRateLimit=-1)}}, {"AUD261"}),
        ({"Live": {"Type": STAGE_V2, "Properties": {}}}, {"AUD261"}),
        ({"Live": {"Type": STAGE_V2, "Properties": {"DefaultRouteSettings": {"ThrottlingRateLimit": 1}}}}, set()),
        (
            {
                "Live": {"Type": STAGE, "Properties": {"RestApiId": "a"}},
                "Plan": {"Type": PLAN, "Properties": {"Throttle": {"RateLimit": 1}, "ApiStages": [{"ApiId": "a"}]}},
            },
            set(),
        ),
        ({"Domain": {"Type": DOMAIN, "Properties": {"SecurityPolicy": "TLS_1_0"}}}, {"AUD262"}),
        ({"Domain": {"Type": DOMAIN, "Properties": {}}}, set()),
        ({"Live": {"Type": STAGE, "Properties": every(ThrottlingRateLimit=1, CachingEnabled=True)}}, {"AUD263"}),
    ],
)
def test_what_is_wrong_with_an_api(resources: Any, expected: set[str]) -> None:
    assert found(resources) == expected


def test_routes_of_messages_are_asked_when_they_connect() -> None:
    chat = {"Api": {"Type": API, "Properties": {"ProtocolType": "WEBSOCKET"}}}
    for key, expected in {"$connect": {"AUD260"}, "$default": set()}.items():
        route = {"Type": ROUTE, "Properties": {"ApiId": {"Ref": "Api"}, "RouteKey": key}}
        assert found({**chat, "Route": route}) == expected


HOSTILE: tuple[Any, ...] = (
    None,
    [],
    {},
    "x",
    5,
    True,
    [[]],
    [None],
    {"Ref": "Nobody"},
    {"a": {"b": [1]}},
    "{",
    [{"a": 1}],
)


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        (METHOD, ("AuthorizationType", "AuthorizationScopes", "ApiKeyRequired", "Integration", "HttpMethod")),
        (REST_API, ("EndpointConfiguration", "Body", "SecurityPolicy", "DisableExecuteApiEndpoint")),
        (API, ("Body", "CorsConfiguration", "ProtocolType")),
        (STAGE, ("MethodSettings", "AccessLogSetting", "CanarySetting", "TracingEnabled", "DeploymentId")),
        (STAGE_V2, ("DefaultRouteSettings", "RouteSettings", "AccessLogSettings", "AutoDeploy")),
        (PLAN, ("Throttle", "Quota", "ApiStages")),
        (DOMAIN, ("SecurityPolicy", "MutualTlsAuthentication", "EndpointConfiguration")),
        ("AWS::ApiGatewayV2::DomainName", ("DomainNameConfigurations",)),
    ],
)
def test_values_of_any_kind_are_answered(kind: str, names: tuple[str, ...]) -> None:
    for name in names:
        for value in HOSTILE:
            found({"It": {"Type": kind, "Properties": {name: value}}})
            for other in HOSTILE:
                told(kind, {name: value}, {name: other})

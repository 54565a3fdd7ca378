"""Pages on this machine: who is let in by which password, what other origins get, and what an answer of a function becomes."""

from __future__ import annotations

import base64
import io
import json
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from streaming_constructs.local.api_gateway.lambda_authorizer import LambdaAuthorizers
from streaming_constructs.local.api_gateway.lambda_proxy import ApiRequest, proxy_answer
from streaming_constructs.local.api_gateway.page_server import refusal
from streaming_constructs.local.api_gateway.rest_api import Authorizer, Method, RestApi
from streaming_constructs.local.rehearsal import Rehearsal
from streaming_constructs.runtime.basic_authorizer import index as basic_authorizer
from streaming_constructs.runtime.basic_authorizer.index import is_right

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:who"
URI = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{FUNCTION}/invocations"
TRUST = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
OWN = {"HTTP_HOST": "localhost:8000", "REQUEST_METHOD": "GET"}


def basic(text: str) -> str:
    return f"Basic {base64.b64encode(text.encode()).decode()}"


# --- who may ask


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"HTTP_HOST": "127.0.0.1:8000"},
        {"HTTP_SEC_FETCH_SITE": "none", "HTTP_SEC_FETCH_MODE": "navigate", "HTTP_SEC_FETCH_DEST": "document"},
        {"HTTP_SEC_FETCH_SITE": "cross-site", "HTTP_SEC_FETCH_MODE": "navigate", "HTTP_SEC_FETCH_DEST": "document"},
        {"HTTP_SEC_FETCH_SITE": "same-origin", "HTTP_SEC_FETCH_MODE": "cors", "HTTP_ORIGIN": "http://localhost:8000"},
    ],
)
def test_what_a_person_opens_and_what_the_page_itself_asks_is_answered(more: Mapping[str, str]) -> None:
    assert refusal({**OWN, **more}, 8000) == ""


@pytest.mark.parametrize(
    "more",
    [
        {"HTTP_HOST": "rebound.example:8000"},
        {"HTTP_HOST": "localhost:8001"},
        {"HTTP_HOST": ""},
        {"HTTP_ORIGIN": "https://elsewhere.example"},
        {"HTTP_ORIGIN": "null"},
        {"HTTP_SEC_FETCH_SITE": "cross-site", "HTTP_SEC_FETCH_MODE": "no-cors", "HTTP_SEC_FETCH_DEST": "image"},
        {"HTTP_SEC_FETCH_SITE": "same-site", "HTTP_SEC_FETCH_MODE": "cors", "HTTP_SEC_FETCH_DEST": "empty"},
        {"HTTP_SEC_FETCH_SITE": "cross-site", "HTTP_SEC_FETCH_MODE": "navigate", "HTTP_SEC_FETCH_DEST": "iframe"},
        {"REQUEST_METHOD": "POST"},
    ],
)
def test_pages_of_other_origins_and_other_names_are_refused(more: Mapping[str, str]) -> None:
    assert refusal({**OWN, **more}, 8000)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (basic("viewer:right"), True),
        (f"basic {basic('viewer:right')[6:]}", True),
        (basic("viewer:wrong"), False),
        (basic("viewer:righ"), False),
        (basic("right"), False),
        ("Bearer dmlld2VyOnJpZ2h0", False),
        ("Basic not*base64", False),
        ("Basic ü", False),
        ("", False),
    ],
)
def test_the_authorizer_knows_the_one_password(header: str, expected: bool) -> None:
    assert is_right(header, b"viewer:right") is expected


# --- what an authorizer says


def request(**headers: str) -> ApiRequest:
    named = {f"HTTP_{name.upper()}": value for name, value in headers.items()}
    return ApiRequest({"REQUEST_METHOD": "GET", **named}, "api", "v1", "/{proxy+}", "/numbers", {}, "id")


def policy(effect: str, resource: str = "arn:aws:execute-api:us-east-1:123456789012:api/v1/GET/*") -> bytes:
    statement = {"Action": "execute-api:Invoke", "Effect": effect, "Resource": resource}
    return json.dumps({"principalId": "p", "policyDocument": {"Statement": [statement]}}).encode()


class Functions:
    """A function that answers what it is told to, and counts."""

    def __init__(self, answer: bytes | str) -> None:
        self.answer, self.calls, self.now = answer, 0, 100.0

    def invoke(self, function: str, event: bytes) -> bytes:
        self.calls += 1
        assert function == FUNCTION
        if isinstance(self.answer, str):
            raise RuntimeError(self.answer)  # noqa: TRY004 - as the embedded AWS does
        return self.answer

    def verdict(self, **headers: str) -> str:
        return self.authorizers.verdict(
            Authorizer("one", URI, "method.request.header.Authorization", 60), request(**headers)
        )

    @property
    def authorizers(self) -> LambdaAuthorizers:
        if not hasattr(self, "_made"):
            self._made = LambdaAuthorizers(self.invoke, lambda: self.now, "us-east-1")
        return self._made


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (policy("Allow"), "ALLOWED"),
        (policy("Deny"), "ACCESS_DENIED"),
        (policy("Allow", "arn:aws:execute-api:us-east-1:123456789012:other/v1/GET/*"), "ACCESS_DENIED"),
        ("Unauthorized", "UNAUTHORIZED"),
        ("it broke", "AUTHORIZER_FAILURE"),
        (b"[]", "AUTHORIZER_CONFIGURATION_ERROR"),
        (b"no json", "AUTHORIZER_CONFIGURATION_ERROR"),
        (b'{"policyDocument": {"Statement": ["Allow"]}}', "AUTHORIZER_CONFIGURATION_ERROR"),
    ],
)
def test_a_request_is_let_in_by_the_policy_alone(answer: bytes | str, verdict: str) -> None:
    assert Functions(answer).verdict(authorization="x") == verdict


def test_without_the_header_the_function_is_not_asked() -> None:
    functions = Functions(policy("Allow"))
    assert (functions.verdict(), functions.calls) == ("UNAUTHORIZED", 0)


def test_what_is_said_of_a_header_counts_for_as_long_as_the_authorizer_asks_and_for_no_other_header() -> None:
    functions = Functions(policy("Allow"))
    functions.verdict(authorization="x")
    functions.answer, functions.now = policy("Deny"), 159.0
    assert functions.verdict(authorization="x") == "ALLOWED"
    assert functions.verdict(authorization="y") == "ACCESS_DENIED"
    functions.now = 161.0
    assert functions.verdict(authorization="x") == "ACCESS_DENIED"


# --- which method answers, and what an answer becomes


def test_a_path_is_answered_by_its_own_resource_and_else_by_the_one_that_takes_all() -> None:
    own, root, rest = (Method({"Type": name}, "NONE", False, None) for name in ("own", "root", "rest"))
    methods = {("GET", ""): root, ("GET", "/numbers"): own, ("GET", "/{proxy+}"): rest}
    api = RestApi("id", "name", {"v1": ()}, methods, frozenset(), {}, {})
    assert api.found("GET", "/") == (root, "/", {})
    assert api.found("GET", "/numbers") == (own, "/numbers", {})
    assert api.found("GET", "/a/b") == (rest, "/{proxy+}", {"proxy": "a/b"})
    assert api.found("POST", "/numbers") is None


def test_an_answer_has_its_status_its_headers_and_its_bytes() -> None:
    payload = {"statusCode": 201, "headers": {"X-One": "1"}, "body": "AAE=", "isBase64Encoded": True}
    answer = proxy_answer(json.dumps(payload).encode())
    assert (answer.status, answer.body) == (201, b"\0\1")
    assert dict(answer.headers) == {"X-One": "1", "Content-Type": "application/json"}


def test_a_function_cannot_ask_for_a_password_by_itself() -> None:
    answer = proxy_answer(b'{"statusCode": 401, "headers": {"WWW-Authenticate": "Basic"}}')
    assert ("x-amzn-Remapped-WWW-Authenticate", "Basic") in answer.headers


@pytest.mark.parametrize(
    "payload",
    [
        b"null",
        b"{}",
        b'"text"',
        b'{"statusCode": 99}',
        b'{"statusCode": 200, "body": {}}',
        b'{"statusCode": "x"}',
        b'{"statusCode": 200, "headers": {"X": "a\\r\\nSet-Cookie: b"}}',
        b'{"statusCode": 200, "headers": {"a b": "c"}}',
        b'{"statusCode": 200, "headers": {"X-One": "\\u20ac"}}',
    ],
)
def test_what_api_gateway_does_not_take_is_refused(payload: bytes) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        proxy_answer(payload)


# --- all of it together


def template(bucket: str) -> dict[str, Any]:
    """What the construct makes, without roles."""

    def part(kind: str, **properties: Any) -> dict[str, Any]:
        return {"Type": f"AWS::ApiGateway::{kind}", "Properties": {"RestApiId": {"Ref": "Api"}, **properties}}

    def function(key: str, **variables: Any) -> dict[str, Any]:
        properties = {
            "Code": {"S3Bucket": bucket, "S3Key": key},
            "Handler": "index.handler",
            "Runtime": "python3.13",
            "Role": {"Fn::GetAtt": ["Role", "Arn"]},
            "Timeout": 20,
            "Environment": {"Variables": variables},
        }
        return {"Type": "AWS::Lambda::Function", "Properties": properties}

    def uri(name: str) -> dict[str, Any]:
        before, after = URI.split(FUNCTION)
        return {"Fn::Join": ["", [before, {"Fn::GetAtt": [name, "Arn"]}, after]]}

    def method(resource: Any) -> dict[str, Any]:
        return part(
            "Method",
            HttpMethod="GET",
            ResourceId=resource,
            AuthorizationType="CUSTOM",
            AuthorizerId={"Ref": "Basic"},
            Integration={"Type": "AWS_PROXY", "IntegrationHttpMethod": "POST", "Uri": uri("Live")},
        )

    root = {"Fn::GetAtt": ["Api", "RootResourceId"]}
    asks = {"gatewayresponse.header.WWW-Authenticate": "'Basic realm=\"basic\"'"}
    made = {"SecretStringTemplate": '{"username": "viewer"}', "GenerateStringKey": "password", "PasswordLength": 32}
    return {
        "Resources": {
            "Secret": {
                "Type": "AWS::SecretsManager::Secret",
                "Properties": {"GenerateSecretString": {**made, "ExcludePunctuation": True}},
            },
            "Role": {
                "Type": "AWS::IAM::Role",
                "Properties": {"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [TRUST]}},
            },
            "Who": function("who.zip", SECRET_ARN={"Ref": "Secret"}),
            "Live": function("live.zip"),
            "Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "live"}},
            "Below": part("Resource", ParentId=root, PathPart="{proxy+}"),
            "Basic": part(
                "Authorizer",
                Name="live",
                Type="REQUEST",
                AuthorizerUri=uri("Who"),
                IdentitySource="method.request.header.Authorization",
                AuthorizerResultTtlInSeconds=60,
            ),
            "Asks": part("GatewayResponse", ResponseType="UNAUTHORIZED", StatusCode="401", ResponseParameters=asks),
            "AsksAgain": part(
                "GatewayResponse", ResponseType="ACCESS_DENIED", StatusCode="401", ResponseParameters=asks
            ),
            "Root": method(root),
            "Paths": method({"Ref": "Below"}),
            "Deployed": part("Deployment"),
            "Stage": part("Stage", StageName="v1", DeploymentId={"Ref": "Deployed"}),
            "May": {
                "Type": "AWS::Lambda::Permission",
                "Properties": {
                    "Action": "lambda:InvokeFunction",
                    "FunctionName": {"Fn::GetAtt": ["Live", "Arn"]},
                    "Principal": "apigateway.amazonaws.com",
                },
            },
        }
    }


LIVE = """
def handler(event, context):
    if event["path"] == "/broken":
        raise ValueError("a secret of the function")
    if event["path"] == "/beyond":
        return {"statusCode": float("inf")}
    return {"statusCode": 200, "headers": {"Content-Type": "text/plain"}, "body": event["path"]}
"""


def packed(text: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("index.py", text)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def page() -> Iterator[tuple[str, str]]:
    """The address of a page, and the header of who may see it."""
    with Rehearsal() as rehearsal:
        aws = rehearsal.embedded.aws
        s3 = aws.client("s3")
        s3.create_bucket(Bucket="assets")
        authorizer = Path(basic_authorizer.__file__).read_text()
        for key, text in (("who.zip", authorizer), ("live.zip", LIVE)):
            s3.put_object(Bucket="assets", Key=key, Body=packed(text))
        aws.client("cloudformation").create_stack(StackName="live", TemplateBody=json.dumps(template("assets")))
        rehearsal.engine.refresh()
        (secret,) = aws.client("secretsmanager").list_secrets()["SecretList"]
        kept = json.loads(aws.client("secretsmanager").get_secret_value(SecretId=secret["ARN"])["SecretString"])
        yield rehearsal.embedded.api_urls()["Api"], basic(f"{kept['username']}:{kept['password']}")


def asked(url: str, **headers: str) -> tuple[int, Mapping[str, str], str]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(urllib.request.Request(url, headers=named)) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read().decode()


@pytest.mark.parametrize("header", ["", basic("viewer:guessed")])
def test_who_has_no_password_is_asked_for_it(page: tuple[str, str], header: str) -> None:
    status, headers, body = asked(page[0], **({"Authorization": header} if header else {}))
    assert (status, headers["WWW-Authenticate"]) == (401, 'Basic realm="basic"')
    assert "viewer" not in body


@pytest.mark.parametrize(("path", "told"), [("caf%C3%A9", "/café"), ("a%20b", "/a b"), ("%FF", "/\ufffd")])
def test_the_function_gets_a_path_in_its_own_letters(page: tuple[str, str], path: str, told: str) -> None:
    url, right = page
    assert asked(f"{url}{path}", Authorization=right)[::2] == (200, told)


def test_a_status_that_is_no_number_is_the_functions_failure(page: tuple[str, str]) -> None:
    url, right = page
    assert asked(f"{url}beyond", Authorization=right)[0] == 502


def test_who_has_it_gets_every_path(page: tuple[str, str]) -> None:
    url, right = page
    assert asked(url, Authorization=right)[::2] == (200, "/")
    assert asked(f"{url}numbers/today", Authorization=right)[::2] == (200, "/numbers/today")


def test_a_function_that_fails_is_answered_with_502_and_nothing_of_its_error(page: tuple[str, str]) -> None:
    status, _, body = asked(f"{page[0]}broken", Authorization=page[1])
    assert (status, json.loads(body)) == (502, {"message": "Internal server error"})


def test_another_origin_gets_nothing_even_with_the_password(page: tuple[str, str]) -> None:
    status, headers, _ = asked(page[0], Authorization=page[1], Origin="https://elsewhere.example")
    assert status == 403
    assert not [name for name in headers if name.lower().startswith("access-control-")]

"""An API with a function behind it: who may call it, what the function may read, and that no password is in the template."""

from __future__ import annotations

import json
from typing import Any

import cdk_nag
import pytest
from aws_cdk import Stack
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from cfnlint import api
from cfnlint.config import ManualArgs

from streaming_constructs import DynamoDbTable, DynamoDbTableSpec, LambdaApi, LambdaApiSpec, SpecError
from streaming_constructs.review import TemplateValidator
from streaming_constructs.spec.producers.api_gateway import Throttle

METHOD, STAGE, DEPLOYMENT, AUTHORIZER, ANSWER = (
    f"AWS::ApiGateway::{name}" for name in ("Method", "Stage", "Deployment", "Authorizer", "GatewayResponse")
)
SECRET, FUNCTION, POLICY = "AWS::SecretsManager::Secret", "AWS::Lambda::Function", "AWS::IAM::ManagedPolicy"
READS = ["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan"]
PACKS = [
    cdk_nag.AwsSolutionsChecks,
    cdk_nag.ServerlessChecks,
    cdk_nag.NIST80053R5Checks,
    cdk_nag.HIPAASecurityChecks,
    cdk_nag.PCIDSS321Checks,
]


def table(stack: Stack) -> DynamoDbTable:
    return DynamoDbTable(stack, "page_views", spec=DynamoDbTableSpec(partition_key={"name": "page"}))


def build(bench: Any, code: str, **more: Any) -> LambdaApi:
    spec = LambdaApiSpec(from_=("page_views",), code=code, **more)
    return LambdaApi(bench.stack, "Live", spec=spec, tables={"page_views": table(bench.stack)})


def statements(bench: Any, description: str) -> list[tuple[Any, Any]]:
    (policy,) = [
        one["Properties"]
        for one in bench.of_type(POLICY).values()
        if description in str(one["Properties"]["Description"])
    ]
    return [(one["Action"], one["Resource"]) for one in policy["PolicyDocument"]["Statement"]]


@pytest.mark.parametrize(("auth", "type_"), [("iam", "AWS_IAM"), ("basic", "CUSTOM")])
def test_every_path_is_answered_and_none_without_authorization(bench: Any, code: str, auth: Any, type_: str) -> None:
    build(bench, code, auth=auth)
    methods = [one["Properties"] for one in bench.of_type(METHOD).values()]
    assert {(one["HttpMethod"], one["AuthorizationType"], one["Integration"]["Type"]) for one in methods} == {
        ("GET", type_, "AWS_PROXY")
    }
    parts = [one["Properties"]["PathPart"] for one in bench.of_type("AWS::ApiGateway::Resource").values()]
    assert (len(methods), parts) == (2, ["{proxy+}"])


def test_the_password_is_made_by_aws_and_is_nowhere_in_the_template(bench: Any, code: str) -> None:
    live = build(bench, code, auth="basic")
    (secret,) = bench.of_type(SECRET).values()
    made = secret["Properties"]["GenerateSecretString"]
    assert made["GenerateStringKey"] == "password"
    assert json.loads(made["SecretStringTemplate"]) == {"username": "viewer"}
    assert "SecretString" not in secret["Properties"]
    assert "resolve:secretsmanager" not in json.dumps(bench.template)
    assert [output.name for output in live.outputs()] == ["Url", "SecretArn"]


def test_the_authorizer_may_read_its_secret_and_the_function_its_table_and_neither_the_other(
    bench: Any, code: str
) -> None:
    build(bench, code, auth="basic")
    asked = {action if isinstance(action, str) else tuple(action) for action, _ in statements(bench, "the password")}
    assert "secretsmanager:GetSecretValue" in asked
    answering = statements(bench, "answers from")
    assert any(actions == READS for actions, _ in answering)
    assert not any("secretsmanager" in str(actions) for actions, _ in answering)


def test_a_browser_that_is_refused_is_asked_for_the_password(bench: Any, code: str) -> None:
    build(bench, code, auth="basic")
    answers = {one["Properties"]["ResponseType"]: one["Properties"] for one in bench.of_type(ANSWER).values()}
    assert set(answers) == {"UNAUTHORIZED", "ACCESS_DENIED"}
    for answer in answers.values():
        assert answer["StatusCode"] == "401"
        asks = answer["ResponseParameters"]["gatewayresponse.header.WWW-Authenticate"]
        assert asks.startswith("'Basic realm=")


def test_an_authorizer_that_is_not_sent_a_header_is_not_called(bench: Any, code: str) -> None:
    build(bench, code, auth="basic")
    (authorizer,) = [one["Properties"] for one in bench.of_type(AUTHORIZER).values()]
    assert authorizer["Type"] == "REQUEST"
    assert authorizer["IdentitySource"] == "method.request.header.Authorization"
    assert 0 < authorizer["AuthorizerResultTtlInSeconds"] <= 300


def test_signed_requests_need_no_secret_and_no_second_function(bench: Any, code: str) -> None:
    live = build(bench, code)
    role = iam.Role(bench.stack, "Caller", assumed_by=iam.AccountRootPrincipal())
    live.grant_invoke(role)
    assert (len(bench.of_type(SECRET)), len(bench.of_type(FUNCTION))) == (0, 1)
    (policy,) = bench.of_type("AWS::IAM::Policy").values()
    (statement,) = policy["Properties"]["PolicyDocument"]["Statement"]
    assert statement["Action"] == "execute-api:Invoke"
    assert "/v1/GET/*" in json.dumps(statement["Resource"])


def test_only_this_api_may_invoke_the_functions(bench: Any, code: str) -> None:
    build(bench, code, auth="basic")
    allowed = [one["Properties"] for one in bench.of_type("AWS::Lambda::Permission").values()]
    assert {one["Principal"] for one in allowed} == {"apigateway.amazonaws.com"}
    sources = sorted(json.dumps(one["SourceArn"]) for one in allowed)
    assert len(sources) == 2
    assert "/authorizers/" in sources[1] or "/authorizers/" in sources[0]
    assert any("/v1/GET/*" in source for source in sources)


def test_the_function_is_told_where_its_table_is(bench: Any, code: str) -> None:
    build(bench, code, environment={"DAYS": "3"})
    (function,) = bench.of_type(FUNCTION).values()
    assert set(function["Properties"]["Environment"]["Variables"]) == {
        "DAYS",
        "PAGE_VIEWS_TABLE_NAME",
        "PAGE_VIEWS_TABLE_ARN",
    }


def test_reading_a_table_under_a_key_takes_the_key(bench: Any, code: str) -> None:
    key = kms.Key(bench.stack, "Key")
    encrypted = DynamoDbTable(
        bench.stack, "page_views", spec=DynamoDbTableSpec(partition_key={"name": "page"}), encryption_key=key
    )
    spec = LambdaApiSpec(from_=("page_views",), code=code)
    LambdaApi(bench.stack, "Live", spec=spec, tables={"page_views": encrypted})
    assert any("kms:Decrypt" in actions for actions, _ in statements(bench, "answers from"))


def test_a_table_and_a_function_of_the_app_take_the_place_of_those_of_the_spec(bench: Any, code: str) -> None:
    own = lambda_.Function(
        bench.stack,
        "Own",
        runtime=lambda_.Runtime.PYTHON_3_13,
        handler="index.handler",
        code=lambda_.Code.from_inline("def handler(event, context): ..."),
    )
    brought = dynamodb.Table(
        bench.stack, "Table", partition_key=dynamodb.Attribute(name="page", type=dynamodb.AttributeType.STRING)
    )
    live = LambdaApi(
        bench.stack,
        "Live",
        spec=LambdaApiSpec(from_=("page_views",)),
        tables={"page_views": brought},
        function=own,
    )
    assert live.function is own
    assert any(actions == READS for actions, _ in statements(bench, "answers from"))


@pytest.mark.parametrize(
    ("more", "codes"),
    [({}, ["LAM501"]), ({"from_": ("page_views", "others"), "function_arn": None}, ["LAM501", "GRF301"])],
)
def test_what_cannot_be_built_is_refused(bench: Any, code: str, more: Any, codes: list[str]) -> None:
    spec = LambdaApiSpec(**{"from_": ("page_views",), **more})
    with pytest.raises(SpecError) as refused:
        LambdaApi(bench.stack, "Live", spec=spec, tables={"page_views": table(bench.stack)})
    assert [finding.code for finding in refused.value.findings] == codes


def test_the_throttle_is_on_the_stage(bench: Any, code: str) -> None:
    build(bench, code, throttle=Throttle(rate=5))
    (stage,) = bench.of_type(STAGE).values()
    (settings,) = stage["Properties"]["MethodSettings"]
    assert (settings["ThrottlingRateLimit"], settings["ThrottlingBurstLimit"]) == (5, 5)


def test_another_authorization_is_another_deployment(benches: Any, code: str) -> None:
    deployments = []
    for auth in ("iam", "basic"):
        bench = benches()
        build(bench, code, auth=auth)
        deployments.append(*bench.of_type(DEPLOYMENT))
    assert deployments[0] != deployments[1]


@pytest.mark.parametrize("auth", ["iam", "basic"])
@pytest.mark.parametrize("pack", PACKS)
def test_no_finding_of_cdk_nag_is_left(bench: Any, code: str, pack: Any, auth: Any) -> None:
    build(bench, code, auth=auth)
    found = pack(bench.stack).validate_scope(bench.stack).violations
    assert [f"{one.rule_name}: {one.description}" for one in found] == []


@pytest.mark.parametrize("auth", ["iam", "basic"])
def test_the_template_is_valid_to_cloudformation_and_to_cfn_lint(bench: Any, code: str, auth: Any) -> None:
    build(bench, code, auth=auth)
    template = json.dumps(bench.template)
    assert [str(one) for one in TemplateValidator().validate(template)] == []
    config = ManualArgs(regions=["eu-west-1"], ignore_checks=["W3005"])
    assert [f"{one.rule.id} {one.message}" for one in api.lint(template, config=config)] == []

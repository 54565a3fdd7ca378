"""An API: who may call it, what it may do, and that what is deployed is what was asked for."""

from __future__ import annotations

import json
from typing import Any

import cdk_nag
import pytest
from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kinesis as kinesis
from cfnlint import api
from cfnlint.config import ManualArgs

from streaming_constructs import (
    ApiGatewayProducer,
    ApiGatewayProducerSpec,
    CustomerManagedKey,
    KinesisStream,
    KinesisStreamSpec,
    SpecError,
)
from streaming_constructs.cdk.deliveries.s3 import S3Delivery
from streaming_constructs.review import TemplateValidator
from streaming_constructs.spec.deliveries.firehose import DeliverySpec
from streaming_constructs.spec.deliveries.s3 import S3Destination
from streaming_constructs.spec.producers.api_gateway import Throttle
from streaming_constructs.spec.schemas import record_schema

API, METHOD, STAGE, DEPLOYMENT, MODEL = (
    f"AWS::ApiGateway::{name}" for name in ("RestApi", "Method", "Stage", "Deployment", "Model")
)
PACKS = [
    cdk_nag.AwsSolutionsChecks,
    cdk_nag.ServerlessChecks,
    cdk_nag.NIST80053R5Checks,
    cdk_nag.HIPAASecurityChecks,
    cdk_nag.PCIDSS321Checks,
]


def requests(**more: Any) -> ApiGatewayProducerSpec:
    return ApiGatewayProducerSpec(to="requests", path="/v2/requests", **more)


def stream(stack: Stack, *, key: bool = False) -> KinesisStream:
    more: Any = {"encryption": CustomerManagedKey()} if key else {}
    return KinesisStream(stack, "Requests", spec=KinesisStreamSpec(shards=1, partition_key="id", **more))


def delivery(stack: Stack) -> S3Delivery:
    return S3Delivery(stack, "Lake", spec=DeliverySpec(to=S3Destination()))


def build(bench: Any, **more: Any) -> ApiGatewayProducer:
    return ApiGatewayProducer(bench.stack, "Api", spec=requests(**more), target=stream(bench.stack))


def methods(bench: Any) -> dict[str, dict[str, Any]]:
    return {key.removeprefix("Api").split("Method")[0]: one["Properties"] for key, one in bench.of_type(METHOD).items()}


def permitted(bench: Any) -> list[tuple[list[str], Any]]:
    (policy,) = bench.of_type("AWS::IAM::ManagedPolicy").values()
    statements = policy["Properties"]["PolicyDocument"]["Statement"]
    return [
        (one["Action"] if isinstance(one["Action"], list) else [one["Action"]], one["Resource"]) for one in statements
    ]


def put_together(value: Any) -> str:
    if isinstance(value, str):
        return value
    if "Fn::Join" in value:
        return "".join(put_together(part) for part in value["Fn::Join"][1])
    return f"<{value['Ref']}>" if "Ref" in value else f"<{'.'.join(value['Fn::GetAtt'])}>"


@pytest.mark.parametrize(
    ("auth", "type_", "key"), [("iam", "AWS_IAM", False), ("api_key", "NONE", True), ("none", "NONE", False)]
)
def test_callers_sign_or_have_a_key_or_are_anybody(bench: Any, auth: Any, type_: str, key: bool) -> None:
    build(bench, auth=auth)
    found = {(one["AuthorizationType"], one["ApiKeyRequired"]) for one in methods(bench).values()}
    assert found == {(type_, key)}
    assert len(bench.of_type("AWS::ApiGateway::ApiKey")) == int(key)


def test_both_methods_are_validated_by_their_model_and_take_nothing_but_json(bench: Any) -> None:
    build(bench)
    (validator,) = bench.of_type("AWS::ApiGateway::RequestValidator")
    models = {one["Properties"]["Name"]: key for key, one in bench.of_type(MODEL).items()}
    for name, method in methods(bench).items():
        assert method["RequestValidatorId"] == {"Ref": validator}
        assert method["RequestModels"] == {"application/json": {"Ref": models[name]}}
        assert method["Integration"]["PassthroughBehavior"] == "NEVER"
        assert list(method["Integration"]["RequestTemplates"]) == ["application/json"]


def test_what_an_integration_answers_a_method_has(bench: Any) -> None:
    build(bench)
    for method in methods(bench).values():
        declared = {one["StatusCode"] for one in method["MethodResponses"]}
        answers = method["Integration"]["IntegrationResponses"]
        overridden = {
            line.partition("= ")[2].rstrip(")")
            for one in answers
            for line in one["ResponseTemplates"]["application/json"].splitlines()
            if "responseOverride.status" in line
        }
        assert declared == {one["StatusCode"] for one in answers} | overridden
        assert [one["StatusCode"] for one in answers if "SelectionPattern" not in one] == ["500"]


def test_the_role_may_put_records_into_the_stream_and_encrypt_them(bench: Any) -> None:
    ApiGatewayProducer(bench.stack, "Api", spec=requests(), target=stream(bench.stack, key=True))
    key, target = bench.only_id("AWS::KMS::Key"), bench.only_id("AWS::Kinesis::Stream")
    assert permitted(bench) == [
        (["kinesis:PutRecord", "kinesis:PutRecords"], {"Fn::GetAtt": [target, "Arn"]}),
        (["kms:GenerateDataKey"], {"Fn::GetAtt": [key, "Arn"]}),
    ]


def test_a_delivery_is_written_to_by_its_name(bench: Any) -> None:
    ApiGatewayProducer(bench.stack, "Api", spec=requests(), target=delivery(bench.stack))
    name = bench.only_id("AWS::KinesisFirehose::DeliveryStream")
    one, several = (methods(bench)[name]["Integration"] for name in ("Record", "Records"))
    assert put_together(one["RequestTemplates"]["application/json"]).startswith(f'{{"DeliveryStreamName": "<{name}>", ')
    assert put_together(one["Uri"]).endswith(":firehose:action/PutRecord")
    assert put_together(several["Uri"]).endswith(":firehose:action/PutRecordBatch")


def test_a_stream_of_another_region_is_written_to_there(bench: Any) -> None:
    other = kinesis.Stream.from_stream_arn(bench.stack, "Other", "arn:aws:kinesis:eu-north-1:210987654321:stream/other")
    ApiGatewayProducer(bench.stack, "Api", spec=requests(), target=other)
    integration = methods(bench)["Record"]["Integration"]
    assert put_together(integration["Uri"]).endswith(":apigateway:eu-north-1:kinesis:action/PutRecord")
    assert "arn:aws:kinesis:eu-north-1:210987654321:stream/other" in put_together(
        integration["RequestTemplates"]["application/json"]
    )


def test_requests_are_throttled_at_the_stage_and_by_the_usage_plan(bench: Any) -> None:
    build(bench, auth="api_key", throttle=Throttle(rate=200, burst=400))
    (stage,), (plan,) = (bench.of_type(type_).values() for type_ in (STAGE, "AWS::ApiGateway::UsagePlan"))
    (settings,) = stage["Properties"]["MethodSettings"]
    assert (settings["ThrottlingRateLimit"], settings["ThrottlingBurstLimit"]) == (200, 400)
    assert plan["Properties"]["Throttle"] == {"RateLimit": 200, "BurstLimit": 400}


def deployment(benches: Any, **more: Any) -> str:
    bench = benches()
    schema = more.pop("schema", None)
    ApiGatewayProducer(bench.stack, "Api", spec=requests(**more), target=stream(bench.stack), schema=schema)
    return str(bench.only_id(DEPLOYMENT))


def test_another_content_is_another_deployment_and_the_same_is_the_same(benches: Any) -> None:
    same = deployment(benches)
    assert deployment(benches) == same
    others = [
        deployment(benches, method="PUT"),
        deployment(benches, auth="api_key"),
        deployment(benches, partition_key="other"),
        deployment(benches, schema=record_schema({"id": "string"})),
        deployment(benches, schema=record_schema({"id": "int"})),
    ]
    assert len({same, *others}) == 6
    assert deployment(benches, throttle=Throttle(rate=5)) == same, "the stage has it, not what is deployed"


def test_a_deployment_waits_for_all_that_it_is_made_of(bench: Any) -> None:
    build(bench)
    (made,) = bench.of_type(DEPLOYMENT).values()
    parts = ("Method", "Model", "Resource", "RequestValidator", "GatewayResponse")
    assert set(made["DependsOn"]) == {key for part in parts for key in bench.of_type(f"AWS::ApiGateway::{part}")}


def test_old_tls_is_refused(bench: Any) -> None:
    build(bench)
    (made,) = bench.of_type(API).values()
    assert made["Properties"]["SecurityPolicy"].startswith("SecurityPolicy_TLS13_1_2_")
    assert made["Properties"]["EndpointConfiguration"]["Types"] == ["REGIONAL"]


def test_requests_are_logged_where_that_is_asked_for_without_their_bodies(bench: Any) -> None:
    build(bench, access_logs=True)
    (stage,) = bench.of_type(STAGE).values()
    setting = stage["Properties"]["AccessLogSetting"]
    assert setting["DestinationArn"] == {"Fn::GetAtt": [bench.only_id("AWS::Logs::LogGroup"), "Arn"]}
    assert "body" not in setting["Format"].lower()
    assert bench.of_type("AWS::ApiGateway::Account") == {}


def test_who_is_let_in_may_call_both_paths_and_nothing_else(bench: Any) -> None:
    made = build(bench)
    user = iam.User(bench.stack, "Caller")
    made.grant_invoke(user)
    (policy,) = bench.of_type("AWS::IAM::Policy").values()
    (statement,) = policy["Properties"]["PolicyDocument"]["Statement"]
    assert statement["Action"] == "execute-api:Invoke"
    paths = [put_together(one).rpartition(">/")[2] for one in statement["Resource"]]
    assert paths == ["v1/POST/v2/requests", "v1/POST/v2/requests/batch"]


def test_a_key_that_no_record_has_is_refused(bench: Any) -> None:
    with pytest.raises(SpecError) as caught:
        ApiGatewayProducer(
            bench.stack,
            "Api",
            spec=requests(partition_key="who"),
            target=stream(bench.stack),
            schema=record_schema({"id": "string"}),
        )
    assert [(one.code, one.dotted_path) for one in caught.value.findings] == [("API881", "Api.partition_key")]


def every_kind(stack: Stack) -> None:
    target, lake = stream(stack, key=True), delivery(stack)
    for auth in ("iam", "api_key", "none"):
        ApiGatewayProducer(stack, auth, spec=requests(auth=auth), target=target)
    ApiGatewayProducer(stack, "Logged", spec=requests(access_logs=True, throttle=Throttle(rate=5)), target=lake)


@pytest.mark.parametrize("pack", PACKS)
def test_no_finding_of_cdk_nag_is_left(bench: Any, pack: Any) -> None:
    every_kind(bench.stack)
    found = pack(bench.stack).validate_scope(bench.stack).violations
    assert [f"{one.rule_name}: {one.description}" for one in found] == []


def test_the_template_is_valid_to_cloudformation_and_to_cfn_lint(bench: Any) -> None:
    every_kind(bench.stack)
    template = json.dumps(bench.template)
    assert [str(one) for one in TemplateValidator().validate(template)] == []
    config = ManualArgs(regions=["eu-west-1"], ignore_checks=["W3005"])
    assert [f"{one.rule.id} {one.message}" for one in api.lint(template, config=config)] == []

"""The table: what is in the template for what is in the spec, who may do what, and tables of the app."""

from __future__ import annotations

import json
from typing import Any

import pytest
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

from streaming_constructs import (
    CustomerManagedKey,
    DynamoDbTable,
    DynamoDbTableSpec,
    KeyAttribute,
    KinesisStream,
    KinesisStreamSpec,
    LambdaConsumer,
    LambdaConsumerSpec,
    OnFailure,
    PipelineSpec,
    SpecError,
    SqsOnFailure,
    StreamingPipeline,
)
from streaming_constructs.facts import permissions
from streaming_constructs.facts.metrics import TABLE_SYSTEM_ERRORS
from streaming_constructs.testing import alarm_problems, policy_problems

TABLE, FUNCTION, KEY = "AWS::DynamoDB::Table", "AWS::Lambda::Function", "AWS::KMS::Key"
ARN = "arn:aws:dynamodb:eu-west-1:111122223333:table/scores"
KEY_ARN = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def spec(**fields: Any) -> DynamoDbTableSpec:
    return DynamoDbTableSpec.model_validate({"partition_key": "user_id", **fields})


def consumer(code: str, *to: str) -> LambdaConsumerSpec:
    return LambdaConsumerSpec(from_="clicks", code=code, to=to, on_failure=OnFailure(destination=SqsOnFailure()))


def system(code: str, **tables: DynamoDbTableSpec) -> PipelineSpec:
    return PipelineSpec(
        name="shop",
        streams={"clicks": KinesisStreamSpec(shards=1)},
        consumers={"score": consumer(code, *tables)},
        stores=tables,
    )


def test_a_table_is_billed_by_request_backed_up_encrypted_and_protected(bench: Any) -> None:
    DynamoDbTable(bench.stack, "Scores", spec=spec(sort_key={"name": "at", "type": "number"}, ttl="expires_at"))
    assert bench.only(TABLE) == {
        "AttributeDefinitions": [
            {"AttributeName": "user_id", "AttributeType": "S"},
            {"AttributeName": "at", "AttributeType": "N"},
        ],
        "BillingMode": "PAY_PER_REQUEST",
        "DeletionProtectionEnabled": True,
        "KeySchema": [{"AttributeName": "user_id", "KeyType": "HASH"}, {"AttributeName": "at", "KeyType": "RANGE"}],
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
        "SSESpecification": {"SSEEnabled": True},
        "TimeToLiveSpecification": {"AttributeName": "expires_at", "Enabled": True},
    }
    (resource,) = bench.of_type(TABLE).values()
    assert (resource["DeletionPolicy"], resource["UpdateReplacePolicy"]) == ("Retain", "Retain")


def test_what_is_asked_for_otherwise_is_in_the_template(bench: Any) -> None:
    fields = {
        "encryption": "aws_owned",
        "point_in_time_recovery": False,
        "stream": "new_and_old_images",
        "table_class": "standard_infrequent_access",
        "warm_write_units": 5000,
        "removal_policy": "destroy",
    }
    DynamoDbTable(bench.stack, "Scores", spec=spec(**fields))
    made = bench.only(TABLE)
    assert made["SSESpecification"] == {"SSEEnabled": False}
    assert made["DeletionProtectionEnabled"] is False
    assert made["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": False}
    assert made["StreamSpecification"] == {"StreamViewType": "NEW_AND_OLD_IMAGES"}
    assert made["TableClass"] == "STANDARD_INFREQUENT_ACCESS"
    assert made["WarmThroughput"] == {"WriteUnitsPerSecond": 5000}


def test_capacity_between_bounds_is_moved_by_application_auto_scaling(bench: Any) -> None:
    bounds = {"minimum": 5, "maximum": 100, "target_percent": 60}
    DynamoDbTable(bench.stack, "Scores", spec=spec(billing="provisioned", read_capacity=7, write_capacity=bounds))
    assert bench.only(TABLE)["ProvisionedThroughput"] == {"ReadCapacityUnits": 7, "WriteCapacityUnits": 5}
    target = bench.only("AWS::ApplicationAutoScaling::ScalableTarget")
    assert (target["MinCapacity"], target["MaxCapacity"], target["ScalableDimension"]) == (
        5,
        100,
        "dynamodb:table:WriteCapacityUnits",
    )
    policy = bench.only("AWS::ApplicationAutoScaling::ScalingPolicy")["TargetTrackingScalingPolicyConfiguration"]
    assert policy["TargetValue"] == 60


def test_a_derived_capacity_is_in_the_template(bench: Any) -> None:
    workload = {"records_per_second": 70, "record_kb": 1}
    DynamoDbTable(bench.stack, "Scores", spec=spec(billing="provisioned", read_capacity=1, workload=workload))
    assert bench.only(TABLE)["ProvisionedThroughput"] == {"ReadCapacityUnits": 1, "WriteCapacityUnits": 100}


def test_a_function_may_put_and_update_and_is_told_the_table(bench: Any, code: str) -> None:
    StreamingPipeline(bench.stack, "Pipeline", spec=system(code, scores=spec()))
    (table,) = bench.of_type(TABLE)
    arn = {"Fn::GetAtt": [table, "Arn"]}
    assert bench.allowed_on(arn) == {"dynamodb:BatchWriteItem", "dynamodb:PutItem", "dynamodb:UpdateItem"}
    functions = [one["Properties"] for one in bench.of_type(FUNCTION).values()]
    assert [one["Environment"]["Variables"] for one in functions] == [
        {"SCORES_TABLE_NAME": {"Ref": table}, "SCORES_TABLE_ARN": arn}
    ]
    assert list(alarm_problems(bench.template)) == []
    assert list(policy_problems(bench.template)) == []


def test_under_a_key_of_its_own_the_function_may_use_that(bench: Any, code: str) -> None:
    StreamingPipeline(bench.stack, "Pipeline", spec=system(code, scores=spec(encryption="customer_managed")))
    key = {"Fn::GetAtt": [bench.only_id(KEY), "Arn"]}
    assert bench.only(TABLE)["SSESpecification"] == {"KMSMasterKeyId": key, "SSEEnabled": True, "SSEType": "KMS"}
    assert bench.allowed_on(key) == set(permissions.USE_KEY_OF_TABLE)


def test_an_existing_table_is_written_to_and_watched_and_not_created(bench: Any, code: str) -> None:
    existing = spec(arn=ARN, encryption={"kms_key_arn": KEY_ARN})
    pipeline = StreamingPipeline(bench.stack, "Pipeline", spec=system(code, scores=existing))
    assert not bench.of_type(TABLE)
    assert "dynamodb:PutItem" in bench.allowed_on(ARN)
    assert "kms:Decrypt" in bench.allowed_on(KEY_ARN)
    assert pipeline.stores["scores"].dimensions == {"TableName": "scores"}


def test_a_table_of_the_app_takes_the_place_of_one_of_a_system(bench: Any, code: str) -> None:
    key = kms.Key(bench.stack, "Key")
    live = dynamodb.Table(
        bench.stack,
        "Live",
        partition_key=dynamodb.Attribute(name="user_id", type=dynamodb.AttributeType.STRING),
        encryption_key=key,
    )
    pipeline = StreamingPipeline(bench.stack, "Pipeline", spec=system(code, scores=spec()), stores={"scores": live})
    made = pipeline.stores["scores"]
    assert isinstance(made, DynamoDbTable)
    assert made.table is live
    table = bench.only_id(TABLE)
    assert "dynamodb:PutItem" in bench.allowed_on({"Fn::GetAtt": [table, "Arn"]})
    assert set(permissions.USE_KEY_OF_TABLE) <= bench.allowed_on({"Fn::GetAtt": [bench.only_id(KEY), "Arn"]})
    assert pipeline.outputs["ScoresTableName"].value == live.table_name


@pytest.mark.parametrize("field", ["arn", "encryption", "stream", "removal_policy"])
def test_a_table_of_the_app_is_never_changed(bench: Any, field: str) -> None:
    live = dynamodb.Table.from_table_arn(bench.stack, "Live", ARN)
    given = {"arn": ARN, "encryption": "aws_owned", "stream": "new_image", "removal_policy": "retain"}
    with pytest.raises(SpecError) as error:
        DynamoDbTable(bench.stack, "Scores", spec=spec(**{field: given[field]}), table=live)
    assert [(one.code, one.dotted_path) for one in error.value.findings] == [("LNG403", f"Scores.{field}")]


def test_a_consumer_writes_to_a_plain_table_of_the_app(bench: Any, code: str) -> None:
    live = dynamodb.Table.from_table_attributes(
        bench.stack, "Live", table_arn=ARN, encryption_key=kms.Key.from_key_arn(bench.stack, "Key", KEY_ARN)
    )
    stream = KinesisStream(bench.stack, "Clicks", spec=KinesisStreamSpec(shards=1))
    LambdaConsumer(bench.stack, "Score", source=stream, spec=consumer(code, "scores"), to={"scores": live})
    assert "dynamodb:UpdateItem" in bench.allowed_on(ARN)
    assert bench.allowed_on(KEY_ARN) == set(permissions.USE_KEY_OF_TABLE)
    variables = [one["Properties"].get("Environment", {}).get("Variables") for one in bench.of_type(FUNCTION).values()]
    assert {"SCORES_TABLE_NAME": "scores", "SCORES_TABLE_ARN": ARN} in variables


@pytest.mark.parametrize(
    ("grant", "actions", "on_key"),
    [
        ("grant_read", permissions.READ_TABLE, {"kms:Decrypt", "kms:DescribeKey"}),
        ("grant_write", permissions.WRITE_TABLE, set(permissions.USE_KEY_OF_TABLE)),
    ],
)
def test_grants_are_on_the_table_and_on_its_key(
    bench: Any, grant: str, actions: tuple[str, ...], on_key: set[str]
) -> None:
    table = DynamoDbTable(bench.stack, "Scores", spec=spec(encryption=CustomerManagedKey().model_dump()))
    role = iam.Role(bench.stack, "Role", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"))
    getattr(table, grant)(role)
    (policy,) = bench.of_type("AWS::IAM::Policy").values()
    allowed = {
        json.dumps(one["Resource"]): set(one["Action"]) for one in policy["Properties"]["PolicyDocument"]["Statement"]
    }
    assert allowed == {
        json.dumps({"Fn::GetAtt": [bench.only_id(TABLE), "Arn"]}): set(actions),
        json.dumps({"Fn::GetAtt": [bench.only_id(KEY), "Arn"]}): on_key,
    }


def test_a_metric_by_operation_has_both_dimensions(bench: Any) -> None:
    table = DynamoDbTable(bench.stack, "Scores", spec=spec())
    assert table.metric(TABLE_SYSTEM_ERRORS, "PutItem").dimensions == {
        "Operation": "PutItem",
        "TableName": table.table.table_name,
    }


def test_a_provisioned_table_without_capacities_is_refused(bench: Any) -> None:
    with pytest.raises(SpecError) as error:
        DynamoDbTable(
            bench.stack, "Scores", spec=DynamoDbTableSpec(partition_key=KeyAttribute(name="id"), billing="provisioned")
        )
    assert [(one.code, one.dotted_path) for one in error.value.findings] == [("DDB845", "Scores"), ("DDB845", "Scores")]

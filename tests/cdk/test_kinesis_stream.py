"""The stream: what is in the template for what is in the spec."""

from __future__ import annotations

from typing import Any

import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_kms as kms

from streaming_constructs import (
    CustomerManagedKey,
    KinesisStream,
    KinesisStreamSpec,
    Reader,
    SpecError,
    Workload,
)

STREAM = "AWS::Kinesis::Stream"
ARN = "arn:aws:kinesis:eu-west-1:111122223333:stream/clicks"
KEY_ARN = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def sharded(**more: Any) -> KinesisStreamSpec:
    return KinesisStreamSpec(shards=2, **more)


def test_provisioned_stream_has_shards_derived_from_its_workload_and_shared_readers(bench: Any) -> None:
    spec = KinesisStreamSpec(workload=Workload(records_per_second=1000, record_kb=2))
    readers = [Reader("a"), Reader("b"), Reader("c"), Reader("d", "enhanced_fan_out")]
    KinesisStream(bench.stack, "Clicks", spec=spec, readers=readers)
    # 1.953 MiB/s; three shared readers: 3 x 1.953 / 2 = 2.93; x 1.3 = 3.81
    assert bench.only(STREAM) == {
        "RetentionPeriodHours": 24,
        "ShardCount": 4,
        "StreamEncryption": {"EncryptionType": "KMS", "KeyId": "alias/aws/kinesis"},
        "StreamModeDetails": {"StreamMode": "PROVISIONED"},
    }


def test_on_demand_stream_has_no_shards_and_takes_the_properties_that_the_l2_lacks(bench: Any) -> None:
    spec = KinesisStreamSpec(
        mode="on_demand",
        warm_throughput_mb_per_second=50,
        max_record_kb=4096,
        record_distribution="auto",
        retention_hours=168,
        shard_level_metrics=("IncomingBytes", "IteratorAgeMilliseconds"),
    )
    KinesisStream(bench.stack, "Clicks", spec=spec)
    assert bench.only(STREAM) == {
        "DesiredShardLevelMetrics": ["IncomingBytes", "IteratorAgeMilliseconds"],
        "MaxRecordSizeInKiB": 4096,
        "RecordDistributionStrategy": "AUTO",
        "RetentionPeriodHours": 168,
        "StreamEncryption": {"EncryptionType": "KMS", "KeyId": "alias/aws/kinesis"},
        "StreamModeDetails": {"StreamMode": "ON_DEMAND"},
        "WarmThroughputMiBps": 50,
    }


def test_partition_key_distribution_is_written_out(bench: Any) -> None:
    KinesisStream(
        bench.stack,
        "Clicks",
        spec=KinesisStreamSpec(mode="on_demand", record_distribution="partition_key"),
    )
    assert bench.only(STREAM)["RecordDistributionStrategy"] == "USER_PARTITION_KEY"


@pytest.mark.parametrize(
    ("system", "chosen", "policy"),
    [
        ("retain", None, "Retain"),
        ("destroy", None, "Delete"),
        ("retain", "destroy", "Delete"),
        ("destroy", "retain", "Retain"),
    ],
)
def test_system_decides_what_happens_to_stream_and_key_unless_the_spec_does(
    bench: Any, system: Any, chosen: Any, policy: str
) -> None:
    spec = sharded(removal_policy=chosen, encryption=CustomerManagedKey())
    KinesisStream(bench.stack, "Clicks", spec=spec, removal_policy=system)
    for resource_type in (STREAM, "AWS::KMS::Key"):
        (resource,) = bench.of_type(resource_type).values()
        assert (resource["DeletionPolicy"], resource["UpdateReplacePolicy"]) == (policy, policy)


def test_customer_managed_key_is_created_with_rotation_and_encrypts_the_stream(bench: Any) -> None:
    stream = KinesisStream(bench.stack, "Clicks", spec=sharded(encryption=CustomerManagedKey()))
    key = bench.only_id("AWS::KMS::Key")
    assert bench.only("AWS::KMS::Key")["EnableKeyRotation"] is True
    assert bench.only(STREAM)["StreamEncryption"] == {
        "EncryptionType": "KMS",
        "KeyId": {"Fn::GetAtt": [key, "Arn"]},
    }
    assert stream.encryption_key is not None


def test_given_key_encrypts_the_stream_and_none_is_created(bench: Any) -> None:
    KinesisStream(bench.stack, "Clicks", spec=sharded(encryption=CustomerManagedKey(kms_key_arn=KEY_ARN)))
    assert bench.only(STREAM)["StreamEncryption"]["KeyId"] == KEY_ARN
    assert not bench.of_type("AWS::KMS::Key")


def test_live_key_encrypts_the_stream(bench: Any) -> None:
    key = kms.Key(bench.stack, "Company")
    KinesisStream(bench.stack, "Clicks", spec=sharded(), encryption_key=key)
    assert bench.only(STREAM)["StreamEncryption"]["KeyId"] == {"Fn::GetAtt": [bench.only_id("AWS::KMS::Key"), "Arn"]}


def test_writer_may_write_and_encrypt(bench: Any) -> None:
    stream = KinesisStream(bench.stack, "Clicks", spec=sharded(encryption=CustomerManagedKey()))
    stream.grant_write(iam.Role(bench.stack, "Producer", assumed_by=iam.AccountRootPrincipal()))
    statements = bench.only("AWS::IAM::Policy")["PolicyDocument"]["Statement"]
    actions = {action for one in statements for action in one["Action"]}
    assert {"kinesis:PutRecord", "kinesis:PutRecords", "kms:GenerateDataKey*", "kms:Encrypt"} <= actions
    assert {json_id(one["Resource"]) for one in statements} == {
        bench.only_id(STREAM),
        bench.only_id("AWS::KMS::Key"),
    }


def json_id(resource: dict[str, Any]) -> str:
    return str(resource["Fn::GetAtt"][0])


def test_metrics_carry_the_streams_name(bench: Any) -> None:
    stream = KinesisStream(bench.stack, "Clicks", spec=sharded())
    metric = stream.metric_iterator_age()
    assert (metric.namespace, metric.metric_name, metric.statistic) == (
        "AWS/Kinesis",
        "GetRecords.IteratorAgeMilliseconds",
        "Maximum",
    )
    assert bench.stack.resolve(metric.dimensions) == {"StreamName": {"Ref": bench.only_id(STREAM)}}


def test_existing_stream_by_arn_is_only_referred_to(bench: Any) -> None:
    stream = KinesisStream(bench.stack, "Clicks", spec=KinesisStreamSpec(arn=ARN))
    assert stream.stream.stream_arn == ARN
    assert stream.stream.stream_name == "clicks"
    assert "Resources" not in bench.template


def test_existing_stream_keeps_its_numbers_to_describe_it(bench: Any) -> None:
    live = kinesis.Stream.from_stream_arn(bench.stack, "Live", ARN)
    spec = KinesisStreamSpec(shards=7, retention_hours=48)
    stream = KinesisStream(bench.stack, "Clicks", spec=spec, stream=live)
    assert (stream.plan.shards, stream.plan.spec.retention_hours) == (7, 48)


@pytest.mark.parametrize(
    ("spec", "brought", "paths"),
    [
        (sharded(max_record_kb=2048, removal_policy="retain"), "stream", ["max_record_kb", "removal_policy"]),
        (KinesisStreamSpec(arn=ARN), "stream", ["arn"]),
        (sharded(encryption=CustomerManagedKey()), "key", ["encryption"]),
        (sharded(), "both", ["encryption_key"]),
    ],
)
def test_what_is_brought_is_not_created_too(bench: Any, spec: Any, brought: str, paths: list[str]) -> None:
    stream = kinesis.Stream.from_stream_arn(bench.stack, "Live", ARN) if brought in {"stream", "both"} else None
    key = kms.Key(bench.stack, "Company") if brought in {"key", "both"} else None
    with pytest.raises(SpecError) as error:
        KinesisStream(bench.stack, "Clicks", spec=spec, stream=stream, encryption_key=key)
    assert [(one.code, one.dotted_path) for one in error.value.findings] == [
        ("LNG403", f"Clicks.{path}") for path in paths
    ]


def test_created_stream_needs_a_number_of_shards(bench: Any) -> None:
    with pytest.raises(SpecError, match="KIN401"):
        KinesisStream(bench.stack, "Clicks", spec=KinesisStreamSpec())

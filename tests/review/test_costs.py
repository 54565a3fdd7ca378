"""What a change of templates does to the bill of a month: what is charged for being there, by resource."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streaming_constructs.review.costs.change_text import change_head, change_lines
from streaming_constructs.review.costs.monthly_change import MonthlyChange, monthly_change
from streaming_constructs.review.reading.read_template import as_source
from streaming_constructs.review.stacks_review import Stack, review_stacks

EXAMPLES = settings(derandomize=True, database=None, max_examples=40)
Resources = dict[str, Any]


def resource(type_: str, more: Resources | None = None, **properties: Any) -> Resources:
    return {"Type": f"AWS::{type_}", "Properties": properties, **(more or {})}


def changed(old: Resources, new: Resources, region: str = "us-east-1", **top: Any) -> MonthlyChange:
    before, after = as_source({"Resources": old, **top}, "old"), as_source({"Resources": new, **top}, "new")
    return monthly_change(review_stacks([Stack("", before, after)]), region)


def usd(old: Resources, new: Resources, region: str = "us-east-1", **top: Any) -> float:
    return round(changed(old, new, region, **top).usd, 2)


def stream(**properties: Any) -> Resources:
    return {"Clicks": resource("Kinesis::Stream", **properties)}


FAN_OUT = {"Reader": resource("Kinesis::StreamConsumer", ConsumerName="r", StreamARN={"Fn::GetAtt": ["Clicks", "Arn"]})}
BROKERS = {"InstanceType": "kafka.m7g.large", "StorageInfo": {"EBSStorageInfo": {"VolumeSize": 100}}}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (stream(ShardCount=2), stream(ShardCount=6), 43.80),  # 4 x 730 x 0.015
        (stream(), stream(ShardCount=2), 10.95),  # one shard, where nothing is said
        (stream(ShardCount=2), stream(StreamModeDetails={"StreamMode": "ON_DEMAND"}), 7.30),  # 29.20 in place of 21.90
        (stream(ShardCount=2), stream(ShardCount=2, RetentionPeriodHours=48), 29.20),  # 2 x 730 x 0.020
        (stream(ShardCount=2) | FAN_OUT, stream(ShardCount=4) | FAN_OUT, 43.80),  # twice 2 x 730 x 0.015
        (stream(ShardCount=2), stream(ShardCount=2) | FAN_OUT, 21.90),
        (stream(ShardCount=1), stream(ShardCount=1, DesiredShardLevelMetrics=["IncomingBytes"]), 0.30),
        ({}, {"App": resource("KinesisAnalyticsV2::Application")}, 165.60),  # 2 x 730 x 0.11 + 5
        (
            {},
            {"Main": resource("MSK::Cluster", NumberOfBrokerNodes=3, BrokerNodeGroupInfo=BROKERS)},
            476.76,  # 3 x 730 x 0.204 + 300 x 0.10
        ),
        ({}, {"Main": resource("MSK::ServerlessCluster")}, 547.50),
        (
            {},
            {"Sink": resource("KafkaConnect::Connector", Capacity={"ProvisionedCapacity": {"McuCount": 1, "WorkerCount": 2}})},
            160.60,
        ),
        ({}, {"Late": resource("CloudWatch::Alarm", MetricName="x", Period=60)}, 0.10),
        ({}, {"Late": resource("CloudWatch::Alarm", MetricName="x", Period=10)}, 0.30),
        ({}, {"Late": resource("CloudWatch::Alarm", Metrics=[{"MetricStat": {}}, {"MetricStat": {}}])}, 0.20),
        ({}, {"Board": resource("CloudWatch::Dashboard")}, 3.00),
        ({}, {"Key": resource("KMS::Key")}, 1.00),
        ({}, {"Nat": resource("EC2::NatGateway")}, 32.85),
        ({}, {"S3": resource("EC2::VPCEndpoint", VpcEndpointType="Gateway")}, 0.0),
        ({}, {"Api": resource("EC2::VPCEndpoint", VpcEndpointType="Interface", SubnetIds=["a", "b"])}, 14.60),
        ({}, {"Secret": resource("SecretsManager::Secret")}, 0.40),
        (
            {},
            {"Table": resource("DynamoDB::Table", ProvisionedThroughput={"WriteCapacityUnits": 10, "ReadCapacityUnits": "0"})},
            4.75,  # 10 x 730 x 0.00065
        ),
        ({}, {"Table": resource("DynamoDB::Table", BillingMode="PAY_PER_REQUEST")}, 0.0),
        ({}, {"Map": resource("Lambda::EventSourceMapping", ProvisionedPollerConfig={"MinimumPollers": 2})}, 135.05),
        ({}, {"Logs": resource("Logs::LogGroup")}, 0.0),
    ],
)  # fmt: skip
def test_what_is_there_is_charged_by_the_list(old: Resources, new: Resources, expected: float) -> None:
    assert usd(old, new) == expected
    assert usd(new, old) == -expected
    assert usd(new, new) == 0


def test_provisioned_concurrency_is_charged_by_the_memory_of_its_function() -> None:
    function = {"Fraud": resource("Lambda::Function", MemorySize=1024)}
    config = {"ProvisionedConcurrentExecutions": 10}
    alias = {"Live": resource("Lambda::Alias", FunctionName={"Ref": "Fraud"}, ProvisionedConcurrencyConfig=config)}
    assert usd(function, function | alias) == 109.50  # 10 GB x 2,628,000 s x 0.0000041667
    (change,) = changed({}, alias).changes
    assert (change.usd, change.missing) == (None, "the memory of its function is not in this template")


@EXAMPLES
@given(st.integers(1, 400), st.integers(1, 400), st.integers(24, 400))
def test_the_change_is_the_difference_of_the_two_bills(before: int, after: int, hours: int) -> None:
    def bill(shards: int) -> float:
        return usd({}, stream(ShardCount=shards, RetentionPeriodHours=hours))

    old, new = (stream(ShardCount=shards, RetentionPeriodHours=hours) for shards in (before, after))
    assert usd(old, new) == pytest.approx(bill(after) - bill(before), abs=0.02)
    assert (usd(old, new) > 0) == (after > before)


def test_a_number_of_deployment_is_told_as_not_known() -> None:
    more = {"More": resource("Kinesis::Stream", ShardCount={"Ref": "N"})}
    change = changed(stream(ShardCount=2), stream(ShardCount=4) | more, Parameters={"N": {"Type": "Number"}})
    assert change_head(change) == (
        "+21.90 USD a month for what is there, by AWS's list in us-east-1; 1 not known; what flows is charged beside that, and "
        "stands in no template"
    )
    assert list(change_lines(change)) == [
        "Clicks shards +21.90 USD: 2 shards × 730 h → 4 shards × 730 h",
        "More shards: how many there are is known at deployment alone",
    ]


BY_USE = "charged by use, which no template says"


@pytest.mark.parametrize(
    ("old", "new", "fixed", "by_use"),
    [
        (
            stream(ShardCount=4, RetentionPeriodHours=168),
            stream(StreamModeDetails={"StreamMode": "ON_DEMAND"}, RetentionPeriodHours=168),
            -14.60,  # 29.20 in place of 43.80; what is kept is no saving
            ["retention beyond 24 hours", "written", "read"],
        ),
        (
            {"Table": resource("DynamoDB::Table", ProvisionedThroughput={"WriteCapacityUnits": 10, "ReadCapacityUnits": 0})},
            {"Table": resource("DynamoDB::Table", BillingMode="PAY_PER_REQUEST")},
            -4.75,
            ["writes", "reads"],
        ),
        (
            {"Main": resource("MSK::Cluster", NumberOfBrokerNodes=3, BrokerNodeGroupInfo=BROKERS)},
            {"Kafka": resource("MSK::ServerlessCluster")},
            70.74,  # 547.50 in place of 446.76 + 30
            ["partitions", "written", "read", "storage"],
        ),
        ({}, {"Search": resource("OpenSearchServerless::Collection", Name="s")}, 0, ["OCUs", "storage"]),
    ],
)  # fmt: skip
def test_what_comes_to_be_charged_by_use_is_named_and_is_no_saving(
    old: Resources, new: Resources, fixed: float, by_use: list[str]
) -> None:
    change = changed(old, new)
    assert round(change.usd, 2) == fixed
    assert [(one.what, one.missing) for one in change.unknown] == [(what, BY_USE) for what in by_use]
    assert changed(new, new).changes == ()


def test_fan_out_of_a_stream_on_demand_is_charged_by_use() -> None:
    on_demand = stream(StreamModeDetails={"StreamMode": "ON_DEMAND"})
    assert [one.what for one in changed(on_demand, on_demand | FAN_OUT).unknown] == ["enhanced fan-out"]


def test_what_nobody_charges_otherwise_is_not_told() -> None:
    change = changed(stream(ShardCount=2), stream(ShardCount=2, Tags=[{"Key": "team", "Value": "web"}]))
    assert (change.changes, change_head(change), list(change_lines(change))) == ((), "", [])


def test_what_stays_in_the_account_is_charged_further() -> None:
    kept = resource("Kinesis::Stream", {"DeletionPolicy": "Retain"}, ShardCount=2)
    change = changed({"Clicks": kept}, {"Board": resource("CloudWatch::Dashboard")})
    assert (round(change.usd, 2), [(name, round(usd, 2)) for name, usd in change.retained]) == (
        3.00,
        [("Clicks", 21.90)],
    )
    assert list(change_lines(change))[1] == "Clicks stays in the account, and is charged further: 21.90 USD"
    assert usd(stream(ShardCount=2), {}) == -21.90


def test_a_resource_under_another_logical_id_costs_what_it_did() -> None:
    old = {"Board1": resource("CloudWatch::Dashboard", DashboardName="a"), **stream(ShardCount=1)}
    new = {"Board2": resource("CloudWatch::Dashboard", DashboardName="a"), **stream(ShardCount=2)}
    assert [change.logical_id for change in changed(old, new).changes] == ["Clicks"]


def test_a_region_has_its_own_prices_and_what_it_has_none_of_is_told() -> None:
    assert usd(stream(ShardCount=2), stream(ShardCount=4), "eu-west-1") == 24.82
    cluster, *by_use = changed({}, {"Main": resource("MSK::ServerlessCluster")}, "sa-east-1").changes
    assert (cluster.usd, cluster.missing) == (None, "no price of sa-east-1 is known")
    assert {one.missing for one in by_use} == {BY_USE}


@EXAMPLES
@given(
    st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5), st.lists, max_leaves=4)
)
def test_whatever_a_template_says_it_is_charged_or_told_as_unknown(value: Any) -> None:
    new = {
        **stream(ShardCount=value, RetentionPeriodHours=value, DesiredShardLevelMetrics=value),
        "Main": resource("MSK::Cluster", NumberOfBrokerNodes=value, BrokerNodeGroupInfo={"InstanceType": value}),
        "Search": resource("OpenSearchService::Domain", ClusterConfig=value, EBSOptions={"VolumeSize": value}),
        "Table": resource("DynamoDB::Table", ProvisionedThroughput=value),
        "Sink": resource("KafkaConnect::Connector", Capacity=value),
        "Map": resource("Lambda::EventSourceMapping", ProvisionedPollerConfig={"MinimumPollers": value}),
        "Late": resource("CloudWatch::Alarm", Metrics=value, Period=value),
    }
    assert all(change.usd is None or change.usd >= 0 for change in changed({}, new).changes)

"""Replicators: which clusters, what they may, and what gives one another name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from streaming_constructs.cdk import StreamingPipeline
from tests.cdk.kafka_systems import system

REPLICATOR = "AWS::MSK::Replicator"
SOURCE_ARN = "arn:aws:kafka:us-east-1:111122223333:cluster/main/12345678-1234-1234-1234-123456789012-1"


def built(bench: Any, changes: dict[str, Any] | None = None) -> StreamingPipeline:
    return StreamingPipeline(bench.stack, "Pipeline", spec=system({"connectors": {}, **(changes or {})}))


def test_topics_and_groups_go_from_one_cluster_to_the_other(bench: Any) -> None:
    pipeline = built(bench)
    main, backup = (
        {"Fn::GetAtt": [bench.only_id(f"AWS::MSK::{kind}"), "Arn"]} for kind in ("Cluster", "ServerlessCluster")
    )
    properties = bench.only(REPLICATOR)
    assert [one["AmazonMskCluster"]["MskClusterArn"] for one in properties["KafkaClusters"]] == [main, backup]
    assert properties["ReplicationInfoList"] == [
        {
            "SourceKafkaClusterArn": main,
            "TargetKafkaClusterArn": backup,
            "TargetCompressionType": "NONE",
            "TopicReplication": {
                "TopicsToReplicate": ["shop[.].*"],
                "CopyTopicConfigurations": True,
                "CopyAccessControlListsForTopics": True,
                "DetectAndCopyNewTopics": True,
                "StartingPosition": {"Type": "LATEST"},
                "TopicNameConfiguration": {"Type": "PREFIXED_WITH_SOURCE_CLUSTER_ALIAS"},
            },
            "ConsumerGroupReplication": {
                "ConsumerGroupsToReplicate": [".*"],
                "DetectAndCopyNewConsumerGroups": True,
                "SynchroniseConsumerGroupOffsets": True,
            },
        }
    ]
    assert properties["ReplicatorName"] == pipeline.replicators["dr"].replicator_name


def test_both_clusters_let_it_in_and_no_other_cluster_is_permitted(bench: Any) -> None:
    built(bench)
    rules = [
        rule["Properties"]
        for key, rule in bench.of_type("AWS::EC2::SecurityGroupIngress").items()
        if key.startswith("Pipelinedr")
    ]
    assert [(rule["FromPort"], rule["ToPort"]) for rule in rules] == [(9098, 9098)] * 2
    main, backup = (
        {"Fn::GetAtt": [bench.only_id(f"AWS::MSK::{kind}"), "Arn"]} for kind in ("Cluster", "ServerlessCluster")
    )
    expected = {
        "kafka-cluster:AlterCluster",
        "kafka-cluster:Connect",
        "kafka-cluster:DescribeCluster",
        "kafka-cluster:WriteDataIdempotently",
    }
    assert bench.allowed_on(main) == bench.allowed_on(backup) == expected
    (trust,) = [
        role["Properties"]["AssumeRolePolicyDocument"]["Statement"][0]
        for key, role in bench.of_type("AWS::IAM::Role").items()
        if key.startswith("Pipelinedr")
    ]
    assert trust["Principal"] == {"Service": "kafka.amazonaws.com"}
    assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}


def test_an_existing_cluster_is_reached_from_its_own_subnets_and_groups(bench: Any) -> None:
    subnets = ["subnet-0123456789abcdef2", "subnet-0123456789abcdef3"]
    built(
        bench,
        {
            "clusters.main": {
                "kind": "msk",
                "arn": SOURCE_ARN,
                "multi_vpc": True,
                "vpc": {"subnet_ids": subnets, "security_group_ids": ["sg-0123456789abcdef0"]},
            },
            "streams": {},
        },
    )
    read, _ = bench.only(REPLICATOR)["KafkaClusters"]
    assert read == {
        "AmazonMskCluster": {"MskClusterArn": SOURCE_ARN},
        "VpcConfig": {"SecurityGroupIds": ["sg-0123456789abcdef0"], "SubnetIds": subnets},
    }


@pytest.mark.parametrize(
    "field", [("starting_position", "earliest"), ("topic_names", "identical"), ("compression", "zstd")], ids=str
)
def test_what_is_create_only_gives_another_name(benches: Callable[..., Any], field: tuple[str, str]) -> None:
    name, value = field
    was, now = (built(benches(), changes).replicators["dr"] for changes in ({}, {f"replicators.dr.{name}": value}))
    assert was.replicator_name != now.replicator_name


@pytest.mark.parametrize(
    "field",
    [
        ("topics", ["a", "b"]),
        ("consumer_groups", []),
        ("sync_offsets", False),
        ("copy_acls", False),
        ("detect_new", False),
    ],
    ids=str,
)
def test_what_changes_in_place_leaves_the_name(benches: Callable[..., Any], field: tuple[str, Any]) -> None:
    name, value = field
    was, now = (built(benches(), changes).replicators["dr"] for changes in ({}, {f"replicators.dr.{name}": value}))
    assert was.replicator_name == now.replicator_name


def test_alarms_watch_it_by_its_name(bench: Any) -> None:
    name = built(bench, {"streams.orders.workload": {"records_per_second": 50, "record_kb": 1}}).replicators["dr"]
    latency, lag, failure = (
        bench.alarm(f"Alarmsdr{kind}") for kind in ("ReplicationLatency", "MessageLag", "ReplicatorFailure")
    )
    assert (latency["Threshold"], lag["Threshold"], failure["Threshold"]) == (300_000, 15_000, 0)
    for alarm in (latency, lag, failure):
        assert alarm["Dimensions"] == [{"Name": "ReplicatorName", "Value": name.replicator_name}]

"""What holds of all types of Kafka and Flink: each property has a rule, and no value makes one raise."""

from __future__ import annotations

from typing import Any

import pytest

from streaming_constructs.review.auditing import audit
from streaming_constructs.review.comparing.replacement import covers
from streaming_constructs.review.comparing.schemas import schema_of
from streaming_constructs.review.meaning import ANY, rule_of, rules
from streaming_constructs.review.reading.read_template import as_source
from streaming_constructs.review.templates_review import review

TYPES = (
    "AWS::KafkaConnect::Connector",
    "AWS::KafkaConnect::CustomPlugin",
    "AWS::KafkaConnect::WorkerConfiguration",
    "AWS::KinesisAnalytics::Application",
    "AWS::KinesisAnalytics::ApplicationOutput",
    "AWS::KinesisAnalytics::ApplicationReferenceDataSource",
    "AWS::KinesisAnalyticsV2::Application",
    "AWS::KinesisAnalyticsV2::ApplicationCloudWatchLoggingOption",
    "AWS::KinesisAnalyticsV2::ApplicationOutput",
    "AWS::KinesisAnalyticsV2::ApplicationReferenceDataSource",
    "AWS::MSK::BatchScramSecret",
    "AWS::MSK::Channel",
    "AWS::MSK::Cluster",
    "AWS::MSK::ClusterPolicy",
    "AWS::MSK::Configuration",
    "AWS::MSK::Replicator",
    "AWS::MSK::ServerlessCluster",
    "AWS::MSK::Topic",
    "AWS::MSK::VpcConnection",
)
PARTS = {
    "AWS::MSK::Cluster": {
        "BrokerNodeGroupInfo": (
            "InstanceType",
            "StorageInfo.EBSStorageInfo.VolumeSize",
            "ConnectivityInfo.PublicAccess",
        ),
        "EncryptionInfo": ("EncryptionInTransit.ClientBroker",),
    }
}
"""Properties whose parts have the rules, as the whole is never another."""


def changeable(kind: str) -> list[tuple[str, ...]]:
    schema = schema_of(kind)
    data: Any = schema._data
    fixed = {path.removeprefix("/properties/").split("/")[0] for path in data.get("readOnlyProperties", ())}
    names = [
        name
        for name in data["properties"]
        if name not in fixed and not any(covers(path, (name,)) for path in schema.create_only)
    ]
    parts = PARTS.get(kind, {})
    return [tuple(f"{name}.{part}".strip(".").split(".")) for name in names for part in parts.get(name, ("",))]


@pytest.mark.parametrize("kind", TYPES)
def test_each_property_that_is_changed_in_place_has_a_rule(kind: str) -> None:
    general, own = rules().properties[ANY], rules().properties.get(kind, {})
    missing = [path for path in changeable(kind) if rule_of(own, path)[0] is None and rule_of(general, path)[0] is None]
    assert missing == []


VALUES: tuple[Any, ...] = (
    *(None, 0, -1, 10**30, "", "x", "true", "nan", True, False, [], {}, [None], [{}], [["a"]], {"a": 1}, {"Ref": "P"}),
    *({"Fn::Join": ["", ["a", {"Ref": "P"}]]}, {"Fn::If": ["c", 1, 2]}, "SELECT a FROM b GROUP BY 'x", "a=b\nc"),
    *({"Statement": [1, {"Effect": "Allow", "Principal": [1], "Action": {"a": 1}}]}, {"PropertyGroups": [1, {}]}),
)


@pytest.mark.parametrize("kind", TYPES)
def test_no_value_makes_a_rule_raise(kind: str) -> None:
    sources = {}
    for path in changeable(kind):
        for number, value in enumerate(VALUES):
            properties: Any = value
            for name in reversed(path):
                properties = {name: properties}
            resource = {"Type": kind, "Properties": properties}
            sources[path, number] = as_source({"Resources": {"It": resource}}, "template")
            audit(sources[path, number])
        for number in range(len(VALUES)):
            review(sources[path, number], sources[path, (number * 7 + 3) % len(VALUES)])

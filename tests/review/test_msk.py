"""What changes of clusters and topics of Amazon MSK mean, and what is wrong with them."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from streaming_constructs.review.auditing import audit
from streaming_constructs.review.reading.read_template import as_source
from streaming_constructs.review.remark import Remark
from streaming_constructs.review.templates_review import review

CLUSTER, TOPIC, CONFIGURATION = "AWS::MSK::Cluster", "AWS::MSK::Topic", "AWS::MSK::Configuration"
SUBNETS = ["subnet-a", "subnet-b", "subnet-c"]


def resources(**found: dict[str, Any]) -> dict[str, Any]:
    return {"Resources": found}


def reviewed(old: dict[str, Any], new: dict[str, Any]) -> tuple[Remark, ...]:
    return tuple(review(as_source(old, "old"), as_source(new, "new")).remarks)


def changed(kind: str, old: dict[str, Any], new: dict[str, Any]) -> tuple[Remark, ...]:
    return reviewed(resources(It={"Type": kind, "Properties": old}), resources(It={"Type": kind, "Properties": new}))


def codes(remarks: tuple[Remark, ...]) -> list[tuple[str, str]]:
    return [(remark.code, remark.grade) for remark in remarks]


def of_nodes(**properties: Any) -> dict[str, Any]:
    return {"BrokerNodeGroupInfo": {"ClientSubnets": SUBNETS, **properties}}


def volume(size: Any) -> dict[str, Any]:
    return of_nodes(StorageInfo={"EBSStorageInfo": {"VolumeSize": size}})


def signs_in(*ways: str, **more: Any) -> dict[str, Any]:
    sasl = {way: {"Enabled": True} for way in ways if way != "Tls"}
    tls = {"Tls": {"Enabled": True}} if "Tls" in ways else {}
    return {"ClientAuthentication": {**({"Sasl": sasl} if sasl else {}), **tls, **more}}


UNNAMED = {"Unauthenticated": {"Enabled": True}}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param(volume(1000), volume(500), [("REV410", "danger")], id="a smaller volume is refused"),
        pytest.param(volume(500), volume(1000), [("REV413", "fine")], id="a larger volume"),
        pytest.param(volume(500), volume({"Ref": "Size"}), [("REV412", "caution")], id="a volume known at deployment"),
        pytest.param({"StorageMode": "TIERED"}, {}, [("REV411", "danger")], id="tiered storage off, as left out"),
        pytest.param({}, {"StorageMode": "TIERED"}, [("REV413", "fine")], id="tiered storage on"),
        pytest.param({}, {"StorageMode": "LOCAL"}, [], id="the default written out"),
        pytest.param(
            of_nodes() | {"NumberOfBrokerNodes": 6},
            of_nodes() | {"NumberOfBrokerNodes": 3},
            [("REV412", "caution")],
            id="fewer",
        ),
        pytest.param(
            of_nodes() | {"NumberOfBrokerNodes": 6},
            of_nodes() | {"NumberOfBrokerNodes": 4},
            [("REV410", "danger")],
            id="uneven",
        ),
        pytest.param(
            of_nodes() | {"NumberOfBrokerNodes": 3},
            of_nodes() | {"NumberOfBrokerNodes": 6},
            [("REV413", "fine")],
            id="more",
        ),
        pytest.param(
            of_nodes(InstanceType="kafka.m5.xlarge"),
            of_nodes(InstanceType="kafka.m5.large"),
            [("REV412", "caution")],
            id="smaller",
        ),
        pytest.param(
            of_nodes(InstanceType="kafka.m5.large"),
            of_nodes(InstanceType="kafka.m7g.large"),
            [("REV413", "fine")],
            id="newer",
        ),
        pytest.param(
            of_nodes(InstanceType="kafka.m5.large"),
            of_nodes(InstanceType="kafka.t3.small"),
            [("REV410", "danger")],
            id="t3",
        ),
        pytest.param(
            of_nodes(InstanceType="kafka.m7g.large"),
            of_nodes(InstanceType="express.m7g.large"),
            [("REV410", "danger")],
            id="Standard to Express",
        ),
        pytest.param({"KafkaVersion": "3.6.0"}, {"KafkaVersion": "3.9.x"}, [("REV415", "caution")], id="upgrade"),
        pytest.param({"KafkaVersion": "3.9.x"}, {"KafkaVersion": "3.6.0"}, [("REV414", "danger")], id="downgrade"),
        pytest.param(
            {"KafkaVersion": "3.9.x"}, {"KafkaVersion": "3.9.x.kraft"}, [("REV415", "caution")], id="to KRaft"
        ),
        pytest.param(
            {"KafkaVersion": "3.8.x"}, {"KafkaVersion": "4.0.x.kraft"}, [("REV414", "danger")], id="not to KRaft"
        ),
        pytest.param(
            {"KafkaVersion": "3.9.x.kraft"}, {"KafkaVersion": "3.9.x"}, [("REV414", "danger")], id="back from KRaft"
        ),
        pytest.param(signs_in("Iam"), signs_in("Iam", **UNNAMED), [("REV400", "danger")], id="nobody has to sign in"),
        pytest.param(signs_in("Iam", **UNNAMED), signs_in("Iam"), [("REV405", "fine")], id="everybody has to sign in"),
        pytest.param(
            signs_in("Iam"), {}, [("REV400", "danger"), ("REV404", "caution")], id="no way to sign in is left"
        ),
        pytest.param(signs_in("Iam"), signs_in("Iam", "Scram"), [("REV403", "caution")], id="SCRAM too"),
        pytest.param(signs_in("Scram"), signs_in("Iam", "Scram"), [("REV405", "fine")], id="IAM too"),
        pytest.param(signs_in("Iam", "Tls"), signs_in("Iam"), [("REV404", "caution")], id="no certificates any more"),
        pytest.param({"EnhancedMonitoring": "PER_BROKER"}, {}, [("REV417", "caution")], id="fewer metrics"),
        pytest.param({}, {"EnhancedMonitoring": "DEFAULT"}, [], id="the same metrics"),
        pytest.param(
            {"Rebalancing": {"Status": "ACTIVE"}},
            {"Rebalancing": {"Status": "PAUSED"}},
            [("REV412", "caution")],
            id="paused",
        ),
    ],
)
def test_a_change_of_a_cluster(old: dict[str, Any], new: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    named = {"ClusterName": "events"}
    assert codes(changed(CLUSTER, named | old, named | new)) == expected


def in_transit(kind: str) -> dict[str, Any]:
    return {"EncryptionInfo": {"EncryptionInTransit": {"ClientBroker": kind}}}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("TLS", "TLS_PLAINTEXT", [("REV402", "danger")]),
        ("TLS_PLAINTEXT", "PLAINTEXT", [("REV402", "danger")]),
        ("PLAINTEXT", "TLS", [("REV405", "fine")]),
        ("TLS", "TLS", []),
    ],
)
def test_encryption_between_clients_and_brokers(old: str, new: str, expected: list[tuple[str, str]]) -> None:
    assert codes(changed(CLUSTER, in_transit(old), in_transit(new))) == expected


def test_a_larger_volume_where_it_grows_by_itself_may_be_refused() -> None:
    target = {
        "Type": "AWS::ApplicationAutoScaling::ScalableTarget",
        "Properties": {"ServiceNamespace": "kafka", "ResourceId": {"Ref": "Events"}},
    }
    old, new = (resources(Events={"Type": CLUSTER, "Properties": volume(size)}, Grows=target) for size in (500, 1000))
    assert codes(reviewed(old, new)) == [("REV412", "caution")]


def test_fewer_metrics_are_a_danger_where_an_alarm_needs_them() -> None:
    alarm = {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {"Namespace": "AWS/Kafka", "MetricName": "ProduceThrottleTime"},
    }
    old, new = (
        resources(Events={"Type": CLUSTER, "Properties": {"EnhancedMonitoring": level}}, Slow=alarm)
        for level in ("PER_BROKER", "DEFAULT")
    )
    (remark,) = reviewed(old, new)
    assert (remark.code, remark.grade) == ("REV417", "danger")
    assert "Slow" in remark.message


def test_a_security_group_in_a_cascade_replaces_the_cluster() -> None:
    group = {"Type": "AWS::EC2::SecurityGroup", "Properties": {"GroupDescription": "one", "VpcId": "vpc-1"}}
    other = {"Type": "AWS::EC2::SecurityGroup", "Properties": {"GroupDescription": "one", "VpcId": "vpc-2"}}
    cluster = {"Type": CLUSTER, "Properties": {"BrokerNodeGroupInfo": {"SecurityGroups": [{"Ref": "Group"}]}}}
    remarks = reviewed(resources(Group=group, Events=cluster), resources(Group=other, Events=cluster))
    assert ("REV101", "danger") in codes(tuple(remark for remark in remarks if remark.logical_id == "Events"))


def test_two_updates_at_once() -> None:
    remarks = changed(
        CLUSTER, of_nodes() | {"NumberOfBrokerNodes": 3, "KafkaVersion": "3.8.x"},
        of_nodes() | {"NumberOfBrokerNodes": 6, "KafkaVersion": "3.9.x"},
    )  # fmt: skip
    assert "REV439" in {remark.code for remark in remarks}


def of_topic(lines: str = "", *, encoded: bool = False, **properties: Any) -> dict[str, Any]:
    configs = base64.b64encode(lines.encode()).decode() if encoded else lines
    return {"TopicName": "clicks", "ReplicationFactor": 3, **({"Configs": configs} if lines else {}), **properties}


TIERED = "remote.storage.enable=true\nretention.ms=604800000"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param("retention.ms=604800000", "retention.ms=86400000", [("REV421", "danger")], id="kept shorter"),
        pytest.param("retention.ms=86400000", "retention.ms=-1", [("REV431", "fine")], id="kept forever"),
        pytest.param("retention.ms=-1", "retention.ms=86400000", [("REV421", "danger")], id="not kept forever"),
        pytest.param(
            "retention.ms=1209600000", "cleanup.policy=delete", [("REV421", "danger")], id="back to the default"
        ),
        pytest.param("retention.ms=604800000", "cleanup.policy=delete", [], id="defaults"),
        pytest.param("retention.bytes=2000", "retention.bytes=1000", [("REV421", "danger")], id="fewer bytes"),
        pytest.param("cleanup.policy=delete", "cleanup.policy=compact", [("REV421", "danger")], id="compacted"),
        pytest.param(
            "cleanup.policy=compact", "cleanup.policy=compact, delete", [("REV421", "danger")], id="deleted too"
        ),
        pytest.param(
            "cleanup.policy=compact,delete", "cleanup.policy=delete", [("REV427", "caution")], id="not compacted"
        ),
        pytest.param("min.insync.replicas=2", "min.insync.replicas=1", [("REV420", "danger")], id="one copy is enough"),
        pytest.param("min.insync.replicas=1", "min.insync.replicas=2", [("REV428", "fine")], id="two copies"),
        pytest.param("min.insync.replicas=2", "min.insync.replicas=3", [("REV426", "caution")], id="all copies"),
        pytest.param("min.insync.replicas=2", "min.insync.replicas=4", [("REV426", "danger")], id="more than all"),
        pytest.param(TIERED, TIERED.replace("true", "false"), [("REV422", "danger")], id="out of the tier"),
        pytest.param("retention.ms=604800000", TIERED, [("REV428", "fine")], id="into the tier"),
        pytest.param(TIERED, f"{TIERED}\nlocal.retention.ms=3600000", [("REV428", "fine")], id="sooner in the tier"),
        pytest.param(
            TIERED,
            TIERED.replace("604800000", "86400000"),
            [("REV430", "danger"), ("REV421", "danger")],
            id="too short there",
        ),
        pytest.param("max.message.bytes=2000", "max.message.bytes=1000", [("REV426", "caution")], id="smaller records"),
        pytest.param(
            '{"retention.ms": "604800000"}',
            '{"retention.ms": 86400000}',
            [("REV421", "danger")],
            id="kept shorter, JSON",
        ),
        pytest.param('{"retention.ms": 86400000}', "retention.ms=86400000", [], id="JSON or lines"),
        pytest.param(
            "unclean.leader.election.enable=false",
            '{"unclean.leader.election.enable": true}',
            [("REV420", "danger")],
            id="unclean, JSON",
        ),
        pytest.param("segment.bytes=1048576", "segment.bytes=2097152", [("REV428", "fine")], id="tuned"),
        pytest.param("segment.bytes=1048576", "# a comment\nsegment.bytes = 1048576", [], id="spelt otherwise"),
        pytest.param(
            "segment.bytes=1048576", "segment.bytes=1048576\nno.such=1", [("REV427", "caution")], id="unknown"
        ),
    ],
)
@pytest.mark.parametrize("encoded", [False, True])
def test_configurations_of_a_topic(old: str, new: str, expected: list[tuple[str, str]], encoded: bool) -> None:
    remarks = changed(TOPIC, of_topic(old, encoded=encoded), of_topic(new, encoded=encoded))
    assert codes(remarks) == expected


def test_plain_and_encoded_configurations_are_the_same() -> None:
    assert changed(TOPIC, of_topic(TIERED), of_topic(TIERED, encoded=True)) == ()


def test_the_message_says_how_long() -> None:
    (remark,) = changed(TOPIC, of_topic("retention.ms=604800000"), of_topic("retention.ms=86400000"))
    assert "for 24 h" in remark.message
    assert "it was 7 days" in remark.message


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [(12, 6, ("REV423", "danger")), (12, 24, ("REV424", "caution")), (12, {"Ref": "Many"}, ("REV424", "caution"))],
)
def test_partitions(old: int, new: Any, expected: tuple[str, str]) -> None:
    assert codes(changed(TOPIC, of_topic(PartitionCount=old), of_topic(PartitionCount=new))) == [expected]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param("log.retention.hours=168", "log.retention.hours=24", [("REV421", "danger")], id="kept shorter"),
        pytest.param("log.retention.hours=24", "log.retention.ms=86400000", [], id="the same in another unit"),
        pytest.param("log.retention.hours=24", "num.partitions=1", [("REV431", "fine")], id="the default is longer"),
        pytest.param(
            "unclean.leader.election.enable=false",
            "num.partitions=1",
            [("REV420", "danger")],
            id="MSK's default is unclean",
        ),
        pytest.param("num.partitions=1", "unclean.leader.election.enable=true", [], id="MSK's default written out"),
        pytest.param("num.partitions=1", "unclean.leader.election.enable=false", [("REV428", "fine")], id="clean"),
        pytest.param(
            "default.replication.factor=3", "default.replication.factor=1", [("REV420", "danger")], id="one copy"
        ),
        pytest.param(
            "default.replication.factor=3", "default.replication.factor=2", [("REV427", "caution")], id="two copies"
        ),
        pytest.param(
            "auto.create.topics.enable=false", "auto.create.topics.enable=true", [("REV427", "caution")], id="created"
        ),
        pytest.param(
            "auto.create.topics.enable=true", "auto.create.topics.enable=false", [("REV428", "fine")], id="not created"
        ),
        pytest.param(
            "allow.everyone.if.no.acl.found=false",
            "num.partitions=1",
            [("REV429", "danger")],
            id="MSK lets everybody in",
        ),
        pytest.param(
            "offsets.retention.minutes=10080", "offsets.retention.minutes=60", [("REV425", "danger")], id="offsets"
        ),
        pytest.param("num.io.threads=8", "num.io.threads=16", [("REV428", "fine")], id="more threads"),
        pytest.param("num.io.threads=8", "num.io.threads=4", [("REV427", "caution")], id="fewer threads"),
    ],
)
def test_properties_of_brokers(old: str, new: str, expected: list[tuple[str, str]]) -> None:
    remarks = changed(CONFIGURATION, {"ServerProperties": old}, {"ServerProperties": new})
    assert codes(remarks) == expected


def test_unclean_elections_are_off_by_default_with_tiered_storage() -> None:
    cluster = {
        "Type": CLUSTER,
        "Properties": {"StorageMode": "TIERED", "ConfigurationInfo": {"Arn": {"Fn::GetAtt": ["Brokers", "Arn"]}}},
    }
    old, new = (
        resources(Events=cluster, Brokers={"Type": CONFIGURATION, "Properties": {"ServerProperties": lines}})
        for lines in ("unclean.leader.election.enable=false", "num.partitions=1")
    )
    assert codes(reviewed(old, new)) == []


def configured(name: str) -> dict[str, Any]:
    return {"Type": CLUSTER, "Properties": {"ConfigurationInfo": {"Arn": {"Ref": name}, "Revision": 1}}}


def test_another_configuration_is_judged_by_its_properties() -> None:
    both = {
        name: {"Type": CONFIGURATION, "Properties": {"Name": name, "ServerProperties": f"min.insync.replicas={copies}"}}
        for name, copies in (("Safe", 2), ("Fast", 1))
    }
    old, new = (resources(Events=configured(name), **both) for name in ("Safe", "Fast"))
    (remark,) = reviewed(old, new)
    assert (remark.code, remark.grade, remark.logical_id) == ("REV420", "danger", "Events")


def test_a_configuration_of_another_stack_is_not_judged() -> None:
    assert codes(reviewed(resources(Events=configured("One")), resources(Events=configured("Two")))) == [
        ("REV416", "caution")
    ]


def test_a_user_less_and_a_user_more() -> None:
    remarks = changed("AWS::MSK::BatchScramSecret", {"SecretArnList": ["one"]}, {"SecretArnList": ["two"]})
    assert codes(remarks) == [("REV403", "caution"), ("REV404", "caution")]


def replicated(**topics: Any) -> dict[str, Any]:
    return {"ReplicatorName": "copy", "ReplicationInfoList": [{"TopicReplication": topics}]}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"TopicsToReplicate": ["a", "b"]}, {"TopicsToReplicate": ["b"]}, [("REV435", "danger")]),
        ({"TopicsToReplicate": ["a"]}, {"TopicsToReplicate": ["a", "b"]}, [("REV437", "fine")]),
        ({"TopicsToExclude": ["a"]}, {"TopicsToExclude": ["a", "b"]}, [("REV435", "danger")]),
        ({}, {"CopyTopicConfigurations": False}, [("REV436", "caution")]),
        ({}, {"CopyTopicConfigurations": True}, []),
        ({"StartingPosition": {"Type": "LATEST"}}, {"StartingPosition": {"Type": "EARLIEST"}}, [("REV101", "danger")]),
    ],
)
def test_a_replicator(old: dict[str, Any], new: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert codes(changed("AWS::MSK::Replicator", replicated(**old), replicated(**new))) == expected


def test_tags_replace_a_serverless_cluster() -> None:
    remarks = changed(
        "AWS::MSK::ServerlessCluster", {"ClusterName": "a"}, {"ClusterName": "a", "Tags": {"team": "data"}}
    )
    assert codes(remarks) == [("REV101", "danger")]


def audited(**found: dict[str, Any]) -> list[str]:
    return [remark.code for remark in audit(as_source(resources(**found), "template"))]


def alarm(metric: str, **dimensions: str) -> dict[str, Any]:
    """An alarm that tells somebody, on a metric of the cluster `events`."""
    named = {"Cluster Name": "events", **{name.replace("_", " "): value for name, value in dimensions.items()}}
    return {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "Namespace": "AWS/Kafka",
            "MetricName": metric,
            "Dimensions": [{"Name": name, "Value": value} for name, value in named.items()],
            "AlarmActions": ["arn:aws:sns:eu-west-1:111122223333:on-call"],
        },
    }


ALARM = alarm("KafkaDataLogsDiskUsed", Broker_ID="1")


def good_cluster() -> dict[str, Any]:
    return {
        "ClusterName": "events",
        **of_nodes(InstanceType="kafka.m7g.large"),
        **signs_in("Iam"),
        "LoggingInfo": {"BrokerLogs": {"CloudWatchLogs": {"Enabled": True, "LogGroup": "brokers"}}},
    }


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        (signs_in("Iam", **UNNAMED), ["AUD400"]),
        (in_transit("TLS"), []),
        ({"EncryptionInfo": {"EncryptionInTransit": {"InCluster": False}}}, ["AUD401"]),
        ({"LoggingInfo": {"BrokerLogs": {"S3": {"Enabled": False}}}}, ["AUD403"]),
        (of_nodes(InstanceType="kafka.t3.small"), ["AUD405"]),
    ],
)
def test_what_is_wrong_with_a_cluster(change: dict[str, Any], expected: list[str]) -> None:
    assert audited(Events={"Type": CLUSTER, "Properties": good_cluster() | change}, Full=ALARM) == expected


def test_express_brokers_have_no_disks_to_watch() -> None:
    lag = alarm("SumOffsetLag", Consumer_Group="billing", Topic="clicks")
    express = good_cluster() | of_nodes(InstanceType="express.m7g.large")
    assert audited(Events={"Type": CLUSTER, "Properties": express}, Lag=lag) == []
    assert audited(Events={"Type": CLUSTER, "Properties": good_cluster()}, Lag=lag) == ["AUD406"]


def test_a_cluster_without_alarms_and_an_alarm_that_tells_nobody_are_told_once_each() -> None:
    silent = {"Type": ALARM["Type"], "Properties": {**ALARM["Properties"], "AlarmActions": []}}
    cluster = {"Type": CLUSTER, "Properties": good_cluster()}
    assert audited(Events=cluster) == ["AUD404", "AUD406"]
    assert audited(Events=cluster, Full=silent) == ["AUD505"]


@pytest.mark.parametrize(
    ("level", "metric", "dimensions", "is_blind"),
    [
        ({}, "NetworkProcessorAvgIdlePercent", {"Broker_ID": "1"}, True),
        ({"EnhancedMonitoring": "DEFAULT"}, "ProduceThrottleTime", {"Broker_ID": "1"}, True),
        ({"EnhancedMonitoring": "PER_BROKER"}, "NetworkProcessorAvgIdlePercent", {"Broker_ID": "1"}, False),
        ({"EnhancedMonitoring": "PER_BROKER"}, "OffsetLag", {"Topic": "clicks"}, True),
        ({"EnhancedMonitoring": {"Ref": "Level"}}, "OffsetLag", {"Topic": "clicks"}, False),
        ({}, "CpuUser", {"Broker_ID": "1"}, False),
    ],
)
def test_an_alarm_needs_the_level_of_its_metric(
    level: dict[str, Any], metric: str, dimensions: dict[str, str], is_blind: bool
) -> None:
    cluster = {"Type": CLUSTER, "Properties": good_cluster() | level}
    found = audited(Events=cluster, Full=ALARM, Seen=alarm(metric, **dimensions))
    assert ("AUD415" in found) is is_blind


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("unclean.leader.election.enable=false", []),
        ("unclean.leader.election.enable=true", [("AUD407", "danger")]),
        ("num.partitions=3", [("AUD407", "caution")]),
        ("unclean.leader.election.enable=false\nmin.insync.replicas=1", [("AUD409", "caution")]),
        ("unclean.leader.election.enable=false\ndefault.replication.factor=1", [("AUD408", "danger")]),
        ("unclean.leader.election.enable=false\ndefault.replication.factor=2", [("AUD413", "caution")]),
    ],
)
def test_what_is_wrong_with_properties_of_brokers(lines: str, expected: list[tuple[str, str]]) -> None:
    found = {"Brokers": {"Type": CONFIGURATION, "Properties": {"ServerProperties": lines}}}
    assert [(remark.code, remark.grade) for remark in audit(as_source(resources(**found), "template"))] == expected


@pytest.mark.parametrize(("mode", "expected"), [({}, ["AUD410"]), ({"StorageMode": "TIERED"}, [])])
def test_a_topic_is_tiered_where_its_cluster_is(mode: dict[str, Any], expected: list[str]) -> None:
    topic = {"Type": TOPIC, "Properties": of_topic(TIERED, ClusterArn={"Fn::GetAtt": ["Events", "Arn"]})}
    cluster = {"Type": CLUSTER, "Properties": good_cluster() | mode}
    assert audited(Events=cluster, Full=ALARM, Clicks=topic) == expected
    before = {"Type": TOPIC, "Properties": topic["Properties"] | {"Configs": "retention.ms=604800000"}}
    remarks = reviewed(resources(Events=cluster, Clicks=before), resources(Events=cluster, Clicks=topic))
    assert [code for code, grade in codes(remarks) if grade == "danger"] == (["REV430"] if expected else [])

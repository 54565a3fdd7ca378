"""What changes of connectors on MSK Connect mean, and what is wrong with them."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from streaming_constructs.review.access.secrets_in_text import is_plain_secret
from streaming_constructs.review.auditing import audit
from streaming_constructs.review.reading.read_template import as_source
from streaming_constructs.review.remark import Remark
from streaming_constructs.review.templates_review import review

DEAD = "errors.deadletterqueue.topic.name"


def connector(settings: dict[str, Any], **more: Any) -> dict[str, Any]:
    properties = {"ConnectorName": "lake", "ConnectorConfiguration": settings, **more}
    return {"Type": "AWS::KafkaConnect::Connector", "Properties": properties}


def reviewed(old: dict[str, Any], new: dict[str, Any]) -> tuple[Remark, ...]:
    return tuple(review(as_source({"Resources": old}, "old"), as_source({"Resources": new}, "new")).remarks)


def changed(old: dict[str, Any], new: dict[str, Any]) -> list[tuple[str, str]]:
    return [(remark.code, remark.grade) for remark in reviewed({"Lake": old}, {"Lake": new})]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param({"topics": "a,b"}, {"topics": "a"}, [("REV444", "danger")], id="a topic less"),
        pytest.param({"topics": "a"}, {"topics": "a, b"}, [("REV452", "fine")], id="a topic more"),
        pytest.param(
            {"table.include.list": "s.a,s.b"}, {"table.include.list": "s.b"}, [("REV444", "danger")], id="a table less"
        ),
        pytest.param(
            {"table.exclude.list": "s.a"}, {"table.exclude.list": "s.a,s.b"}, [("REV444", "danger")], id="left out"
        ),
        pytest.param(
            {"table.exclude.list": "s.a,s.b"}, {"table.exclude.list": "s.a"}, [("REV452", "fine")], id="read again"
        ),
        pytest.param({}, {"errors.tolerance": "all"}, [("REV445", "danger")], id="failures dropped"),
        pytest.param({DEAD: "d"}, {DEAD: "d", "errors.tolerance": "all"}, [("REV446", "caution")], id="failures kept"),
        pytest.param({"errors.tolerance": "all"}, {"errors.tolerance": "none"}, [("REV452", "fine")], id="it stops"),
        pytest.param(
            {DEAD: "d", "errors.tolerance": "all"},
            {"errors.tolerance": "all"},
            [("REV445", "danger")],
            id="not kept any more",
        ),
        pytest.param(
            {"errors.tolerance": "all"},
            {DEAD: "d", "errors.tolerance": "all"},
            [("REV452", "fine")],
            id="kept from now on",
        ),
        pytest.param({"tasks.max": "4"}, {"tasks.max": "2"}, [("REV442", "caution")], id="fewer tasks"),
        pytest.param({"tasks.max": "2"}, {"tasks.max": "4"}, [("REV443", "fine")], id="more tasks"),
        pytest.param({"tasks.max": "2"}, {"tasks.max": 2}, [], id="the same number"),
        pytest.param({"slot.name": "a"}, {"slot.name": "b"}, [("REV447", "danger")], id="another slot"),
        pytest.param(
            {"format.class": "JsonFormat"}, {"format.class": "AvroFormat"}, [("REV448", "danger")], id="a format"
        ),
        pytest.param(
            {"transforms.mask.type": "a"}, {"transforms.mask.type": "b"}, [("REV449", "caution")], id="a transformation"
        ),
        pytest.param({"flush.size": 1}, {"flush.size": 2}, [("REV452", "fine")], id="a size"),
        pytest.param({"hello": "a"}, {"hello": "b"}, [("REV451", "caution")], id="unknown"),
        pytest.param(
            {"behavior.on.null.values": "fail"},
            {"behavior.on.null.values": "ignore"},
            [("REV445", "danger")],
            id="ignored",
        ),
    ],
)
def test_a_setting_of_a_connector(old: dict[str, Any], new: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    kept = {"connector.class": "io.example.Sink"}
    assert changed(connector(kept | old), connector(kept | new)) == expected


def test_a_secret_stands_in_no_message() -> None:
    (remark,) = reviewed(
        {"Lake": connector({"database.password": "${secretsmanager:shop:password}"})},
        {"Lake": connector({"database.password": "hunter2"})},
    )
    assert (remark.code, remark.grade) == ("REV450", "danger")
    assert "hunter2" not in remark.message + remark.help


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("database.password", "hunter2", True),
        ("aws.secret.access.key", "abc", True),
        ("database.password", "${secretsmanager:shop:password}", False),
        ("database.password", "{{resolve:secretsmanager:shop}}", False),
        ("database.password", {"Ref": "Password"}, False),
        ("config.providers.secretManager.param.aws.region", "eu-west-1", False),
        ("config.providers.secretsmanager.class", "com.example.Provider", False),
        ("sasl.jaas.config", "software.amazon.msk.auth.iam.IAMLoginModule required;", False),
        ("database.secret.arn", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:a", False),
        ("topics", "passwords", False),
    ],
)
def test_what_is_a_secret(name: str, value: Any, expected: bool) -> None:
    assert is_plain_secret(name, value) is expected


def provisioned(units: int, workers: int) -> dict[str, Any]:
    return {"Capacity": {"ProvisionedCapacity": {"McuCount": units, "WorkerCount": workers}}}


def scaled(least: int, most: int, **more: Any) -> dict[str, Any]:
    return {"Capacity": {"AutoScaling": {"McuCount": 1, "MinWorkerCount": least, "MaxWorkerCount": most, **more}}}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (provisioned(2, 2), provisioned(1, 2), [("REV442", "caution")]),
        (provisioned(2, 2), provisioned(1, 8), [("REV443", "fine")]),
        (provisioned(1, 4), scaled(1, 4), [("REV442", "caution")]),
        (provisioned(1, 1), scaled(1, 4), [("REV443", "fine")]),
        (scaled(1, 4), scaled(1, 2), [("REV442", "caution")]),
        (scaled(1, 4), scaled(1, 4, ScaleOutPolicy={"CpuUtilizationPercentage": 80}), []),
        (scaled(1, 4), scaled(1, 4, ScaleOutPolicy={"CpuUtilizationPercentage": 95}), [("REV442", "caution")]),
        (provisioned(1, 1), {"Capacity": {"Ref": "Capacity"}}, [("REV442", "caution")]),
    ],
)
def test_capacity(old: dict[str, Any], new: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert changed(connector({"topics": "a"}, **old), connector({"topics": "a"}, **new)) == expected


def workers(lines: str) -> dict[str, Any]:
    content = base64.b64encode(lines.encode()).decode()
    return {
        "Type": "AWS::KafkaConnect::WorkerConfiguration",
        "Properties": {"Name": "w", "PropertiesFileContent": content},
    }


GROUP = {"topics": "a", "consumer.override.group.id": "lake"}
SOURCE = {"topic.prefix": "shop"}
BY_WORKERS = {"WorkerConfiguration": {"WorkerConfigurationArn": {"Ref": "Workers"}, "Revision": 1}}


def test_a_sink_with_a_group_of_its_own_goes_on() -> None:
    old, new = connector(GROUP, KafkaConnectVersion="2.7.1"), connector(GROUP, KafkaConnectVersion="3.7.x")
    assert changed(old, new) == [("REV441", "caution")]


def test_a_sink_of_another_name_reads_again() -> None:
    old, new = connector({"topics": "a"}), connector({"topics": "a"}, ConnectorName="lake-2")
    (remark,) = reviewed({"Lake": old}, {"Lake": new})
    assert (remark.code, remark.grade, remark.about) == ("REV440", "danger", "position-reset")


def test_a_second_connector_of_the_same_name_is_refused() -> None:
    old, new = (
        connector({"topics": "a"}, KafkaConnectVersion="2.7.1"),
        connector({"topics": "a"}, KafkaConnectVersion="3.7.x"),
    )
    (remark,) = reviewed({"Lake": old}, {"Lake": new})
    assert (remark.code, remark.grade, remark.about) == ("REV440", "danger", "replacement")
    assert "same name" in remark.message


def test_a_source_whose_workers_name_the_topic_of_offsets_goes_on() -> None:
    old, new = (
        {
            "Lake": connector(SOURCE, ServiceExecutionRoleArn=role, **BY_WORKERS),
            "Workers": workers("offset.storage.topic=shop"),
        }
        for role in ("one", "two")
    )
    assert [remark.code for remark in reviewed(old, new)] == ["REV441"]


def test_a_source_whose_workers_name_another_topic_of_offsets_does_not() -> None:
    old, new = (
        {"Lake": connector(SOURCE, **BY_WORKERS), "Workers": workers(f"offset.storage.topic={topic}")}
        for topic in ("shop", "shop-2")
    )
    found = {remark.logical_id: remark for remark in reviewed(old, new)}
    assert (found["Lake"].code, found["Lake"].grade) == ("REV440", "danger")
    assert "refers to Workers, which is replaced" in found["Lake"].message


def audited(settings: dict[str, Any], **more: Any) -> list[str]:
    logs = {"LogDelivery": {"WorkerLogDelivery": {"S3": {"Enabled": True, "Bucket": "logs"}}}}
    found = {"Resources": {"Lake": connector(settings, **(logs | more))}}
    return [remark.code for remark in audit(as_source(found, "template")) if remark.code.startswith("AUD4")]


@pytest.mark.parametrize(
    ("settings", "more", "expected"),
    [
        ({"topics": "a"}, {}, []),
        ({"connection.password": "hunter2"}, {}, ["AUD430"]),
        ({"errors.tolerance": "all"}, {}, ["AUD431"]),
        ({"errors.tolerance": "all", DEAD: "d"}, {}, []),
        ({}, {"KafkaClusterEncryptionInTransit": {"EncryptionType": "PLAINTEXT"}}, ["AUD432"]),
        ({}, {"KafkaClusterClientAuthentication": {"AuthenticationType": "NONE"}}, ["AUD433"]),
        ({}, {"LogDelivery": {"WorkerLogDelivery": {"S3": {"Enabled": False}}}}, ["AUD434"]),
        ({}, {"LogDelivery": {"WorkerLogDelivery": {"S3": {"Enabled": {"Ref": "Logs"}}}}}, []),
    ],
)
def test_what_is_wrong_with_a_connector(settings: dict[str, Any], more: dict[str, Any], expected: list[str]) -> None:
    assert audited(settings, **more) == expected

"""How the values of topics are written: who says it, and what does not go with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from streaming_constructs.planning import plan
from streaming_constructs.spec import PipelineSpec
from streaming_constructs.spec.finding import Finding
from streaming_constructs.spec.read import build
from streaming_constructs.spec.streams.kafka_encoding import encoding_of

FUNCTION = "arn:aws:lambda:eu-west-1:111122223333:function:fraud"
CLUSTER = {"kind": "msk", "arn": "arn:aws:kafka:eu-west-1:111122223333:cluster/main/1234abcd-1"}
PLACED = {"subnet_ids": ["subnet-01234567"], "security_group_ids": ["sg-01234567"]}
AVRO = "com.amazonaws.services.schemaregistry.kafkaconnect.AWSKafkaAvroConverter"


def data(topic: dict[str, Any] | None = None, *, registry: bool = True, **sections: Any) -> dict[str, Any]:
    return {
        "name": "shop",
        **({"schema_registry": "glue"} if registry else {}),
        "clusters": {"main": CLUSTER},
        "streams": {
            "orders": {"kind": "kafka", "cluster": "main", "partitions": 6, **(topic or {})},
            "others": {"kind": "kafka", "cluster": "main", "partitions": 6},
        },
        "alarms": False,
        **sections,
    }


def connector(kind: str, topics: Any = "orders", config: dict[str, Any] | None = None, **given: Any) -> dict[str, Any]:
    said = {"connector.class": "com.example.Mine", **(config or {})}
    placed = {"cluster": "main", "plugin": {"bucket": "my-plugins", "key": "mine.zip"}, "vpc": PLACED}
    return {"it": {"kind": kind, "to" if kind == "source" else "from": topics, "config": said, **placed, **given}}


def consumer(**given: Any) -> dict[str, Any]:
    return {"fraud": {"kind": "lambda", "from": "orders", "function_arn": FUNCTION, "on_failure": "s3", **given}}


def found(data: dict[str, Any]) -> list[Finding]:
    spec, findings, _ = build(data, Path())
    if findings:
        return list(findings)
    assert spec is not None
    return list(plan(spec).findings)


def told(data: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(one.code, one.level, ".".join(map(str, one.path))) for one in found(data) if one.level != "note"]


def encoding(data: dict[str, Any], name: str = "orders") -> str:
    spec = PipelineSpec.model_validate(data)
    return encoding_of(name, spec.streams[name], spec)  # type: ignore[arg-type]  # each stream is a topic


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (data(registry=False), "plain"),
        (data(), "registry"),
        (data({"encoding": "plain"}), "plain"),
        (data(connectors=connector("source", value_converter="json")), "plain"),
        (data(connectors=connector("source", value_converter="registry")), "registry"),
        (
            data(
                connectors=connector(
                    "source", config={"value.converter": "org.apache.kafka.connect.json.JsonConverter"}
                )
            ),
            "plain",
        ),
        (data(connectors=connector("source", config={"value.converter": "com.example.Mine"})), "registry"),
        (data({"encoding": "registry"}, connectors=connector("source")), "registry"),
    ],
    ids=["no registry", "registry", "said", "json", "registry source", "JsonConverter", "unknown", "both"],
)
def test_what_says_it_first_is_followed(data: dict[str, Any], expected: str) -> None:
    assert encoding(data) == expected


def test_what_lambda_gives_up_is_plain() -> None:
    on_failure = {"destination": {"kind": "kafka", "topic": "others"}}
    assert encoding(data(consumers=consumer(on_failure=on_failure)), "others") == "plain"


def test_a_registry_that_is_not_there_is_an_error() -> None:
    assert told(data({"encoding": "registry"}, registry=False)) == [("MSK440", "error", "streams.orders.encoding")]


@pytest.mark.parametrize(
    ("connectors", "topic", "where"),
    [
        (connector("sink", value_converter="json"), {}, "connectors.it.value_converter"),
        (connector("sink", value_converter="registry"), {"encoding": "plain"}, "connectors.it.value_converter"),
        (connector("source", value_converter="json"), {"encoding": "registry"}, "connectors.it.value_converter"),
        (
            connector("sink", config={"value.converter": AVRO}),
            {"encoding": "plain"},
            "connectors.it.config.value.converter",
        ),
        (connector("sink", ["orders", "others"]), {"encoding": "plain"}, "connectors.it.from"),
    ],
    ids=["json", "registry", "source", "class", "mixed"],
)
def test_a_connector_and_its_topics_agree(connectors: dict[str, Any], topic: dict[str, Any], where: str) -> None:
    assert told(data(topic, connectors=connectors)) == [("MSK442", "error", where)]


@pytest.mark.parametrize(
    ("connectors", "topic"),
    [
        (connector("sink"), {"encoding": "plain"}),
        (connector("sink"), {}),
        (connector("source"), {"encoding": "plain"}),
        (connector("sink", config={"value.converter": "org.apache.kafka.connect.converters.ByteArrayConverter"}), {}),
        (connector("sink", config={"value.converter": AVRO}), {}),
    ],
    ids=["plain", "registry", "source", "bytes", "class"],
)
def test_what_goes_together_is_not_told(connectors: dict[str, Any], topic: dict[str, Any]) -> None:
    assert told(data(topic, connectors=connectors)) == []


@pytest.mark.parametrize(
    ("to", "level"),
    [({"kind": "s3", "format": "parquet", "table": "orders"}, "error"), ({"kind": "s3"}, "warning")],
    ids=["parquet", "as it is"],
)
def test_firehose_decodes_nothing(to: dict[str, Any], level: str) -> None:
    topic = {"schema": "order"} if "table" in to else {}
    spec = data(topic, schemas={"order": {"id": "bigint"}}, deliveries={"lake": {"from": "orders", "to": to}})
    assert ("MSK444", level, "deliveries.lake.from") in told(spec)
    spec["streams"]["orders"]["encoding"] = "plain"
    assert "MSK444" not in {code for code, _, _ in told(spec)}


def test_decoding_needs_provisioned_pollers() -> None:
    asked = consumer(pollers="on_demand", partial_batch_responses=False)
    errors = [(code, where) for code, level, where in told(data(consumers=asked)) if level == "error"]
    assert errors == [("LAM565", "consumers.fraud.pollers")]


def test_what_is_not_decoded_has_no_format() -> None:
    asked = consumer(event_record_format="source")
    assert told(data({"encoding": "plain"}, consumers=asked)) == [
        ("LNG404", "error", "consumers.fraud.event_record_format")
    ]
    assert told(data(consumers=asked)) == []


def test_a_registry_that_producers_use_needs_no_schemas() -> None:
    assert told(data(connectors=connector("source"))) == []
    unused = data({"encoding": "plain"}, streams={})
    assert [code for code, _, _ in told(unused)] == ["LNG404"]


def test_another_encoding_is_told_of_a_topic_that_is_deployed() -> None:
    from streaming_constructs.planning.evolution import system_findings

    before, after = (plan(PipelineSpec.model_validate(data({"encoding": one}))) for one in ("plain", "registry"))
    assert [one.code for one in system_findings(before, after)] == ["EVO975"]
    assert list(system_findings(before, before)) == []

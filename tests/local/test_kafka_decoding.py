"""Values that Lambda decodes with a schema registry: what a function gets of them, and what is given up before it."""

from __future__ import annotations

import json
from base64 import b64decode
from typing import Any

from streaming_constructs.local import EventSourceMapping, kafka_records, simulate_event_source
from streaming_constructs.local.event_source.event_source_mapping import CLUSTER_ARN
from streaming_constructs.spec import PipelineSpec

QUEUE = "arn:aws:sqs:us-east-1:123456789012:failures"
GOOD, BAD = {"op": "c"}, b"\x03\x00 no JSON"


def mapping(**given: Any) -> EventSourceMapping:
    return EventSourceMapping(
        **{
            "event_source_arn": CLUSTER_ARN,
            "minimum_pollers": 1,
            "maximum_pollers": 1,
            "event_record_format": "JSON",
            "on_failure": QUEUE,
            **given,
        }
    )


class Function:
    def __init__(self) -> None:
        self.records: list[dict[str, Any]] = []

    def __call__(self, event: dict[str, Any], context: Any) -> None:
        self.records += [record for records in event["records"].values() for record in records]


def test_a_function_gets_json_and_is_told_of_the_schema() -> None:
    function = Function()
    simulate_event_source(function, kafka_records([GOOD, None], topic="orders", key="1"), mapping(schema_format="JSON"))
    first, gone = function.records
    assert json.loads(b64decode(first["value"])) == GOOD
    assert first["valueSchemaMetadata"]["dataFormat"] == "JSON"
    assert first["valueSchemaMetadata"]["schemaId"]
    assert "keySchemaMetadata" not in first
    assert not {"value", "valueSchemaMetadata"} & set(gone)


def test_what_has_no_schema_is_given_up_before_the_function() -> None:
    function = Function()
    simulation = simulate_event_source(function, kafka_records([GOOD, BAD, "text", GOOD], topic="orders"), mapping())
    assert [record["offset"] for record in function.records] == [0, 3]
    conditions = [message["requestContext"]["condition"] for message in simulation.messages]
    assert conditions == ["DESERIALIZATION_ERROR", "DESERIALIZATION_ERROR"]
    assert simulation.messages[0]["KafkaBatchInfo"]["recordsInfo"]["orders-0"]["firstRecordOffset"] == "1"
    assert simulation.committed == {"orders-0": 4}


def test_without_a_destination_it_is_dropped() -> None:
    simulation = simulate_event_source(Function(), kafka_records([BAD], topic="orders"), mapping(on_failure=""))
    assert len(simulation.dropped) == 1


def test_filters_see_what_was_decoded() -> None:
    some = mapping(filters=({"value": {"op": ["c"]}},))
    simulation = simulate_event_source(Function(), kafka_records([GOOD, {"op": "d"}, BAD], topic="orders"), some)
    assert (len(simulation.handled), len(simulation.filtered), len(simulation.failures)) == (1, 1, 1)


def test_nothing_of_it_where_values_are_plain() -> None:
    function = Function()
    simulate_event_source(function, kafka_records([BAD], topic="orders"), mapping(event_record_format=""))
    assert "valueSchemaMetadata" not in function.records[0]


def test_the_settings_follow_the_template_and_the_spec() -> None:
    config = {"SchemaRegistryConfig": {"EventRecordFormat": "SOURCE", "SchemaRegistryURI": "arn:aws:glue:..."}}
    properties = {"EventSourceArn": CLUSTER_ARN, "AmazonManagedKafkaEventSourceConfig": config}
    assert EventSourceMapping.from_properties(properties).event_record_format == "SOURCE"
    spec = PipelineSpec.model_validate(
        {
            "name": "shop",
            "schema_registry": "glue",
            "clusters": {"main": {"kind": "msk"}},
            "streams": {"orders": {"kind": "kafka", "cluster": "main", "partitions": 1, "encoding": "registry"}},
            "consumers": {
                "fraud": {"kind": "lambda", "from": "orders", "code": "handlers/fraud", "on_failure": "s3"},
            },
        }
    )
    assert EventSourceMapping.from_spec(spec.consumers["fraud"], spec.streams["orders"]).event_record_format == "JSON"

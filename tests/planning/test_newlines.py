"""A newline stands behind each record of an archive of JSON, and no second one where its writers end records themselves."""

from __future__ import annotations

from typing import Any

import pytest

from streaming_constructs.planning import plan
from streaming_constructs.planning.deliveries.processors import processors
from streaming_constructs.planning.deliveries.s3 import S3DeliveryPlan
from streaming_constructs.spec import PipelineSpec

AGENT = {"kind": "kinesis_agent", "to": "logs", "files": ["/var/log/app/*.json"]}
FLUENT_BIT = {**AGENT, "kind": "fluent_bit"}
GROUPS = {"kind": "cloudwatch_logs", "to": "logs", "log_groups": ["/app"]}
CODE = {
    "kind": "lambda",
    "from": "raw",
    "to": ["logs"],
    "code": "handlers/a",
    "on_failure": {"destination": "sqs"},
}
JSON = {"kind": "s3", "format": "json"}
EXISTING = "arn:aws:kinesis:eu-west-1:111122223333:stream/logs"


def planned(
    *, stream: Any = None, to: Any = None, direct: bool = False, delivery: Any = None, **nodes: Any
) -> S3DeliveryPlan:
    fields = stream or {}
    mode = {} if "arn" in fields else {"mode": "on_demand"}
    streams = {
        "logs": {"kind": "kinesis", "schema": "event", **mode, **fields},
        "raw": {"kind": "kinesis", "mode": "on_demand"},
    }
    source = {"schema": "event"} if direct else {"from": "logs"}
    data = {
        "name": "hosts",
        "schemas": {"event": {"id": "string"}},
        "streams": {"raw": streams["raw"]} if direct else streams,
        "deliveries": {"logs" if direct else "lake": {**source, "to": {**JSON, **(to or {})}, **(delivery or {})}},
        "producers": {name: node for name, node in nodes.items() if node["kind"] != "lambda"},
        "consumers": {name: node for name, node in nodes.items() if node["kind"] == "lambda"},
    }
    (found,) = plan(PipelineSpec.model_validate(data)).deliveries.values()
    assert isinstance(found, S3DeliveryPlan)
    return found


def appended(delivery: S3DeliveryPlan) -> bool:
    return "AppendDelimiterToRecord" in [step.type for step in processors(delivery, "", "")]


@pytest.mark.parametrize("direct", [False, True], ids=["from a stream", "put directly"])
@pytest.mark.parametrize(
    ("nodes", "expected"),
    [
        ({}, True),
        ({"a": AGENT}, False),
        ({"a": FLUENT_BIT}, False),
        ({"a": AGENT, "b": FLUENT_BIT}, False),
        ({"a": CODE}, True),
        ({"a": AGENT, "b": CODE}, True),
        ({"a": GROUPS}, True),
        ({"a": AGENT, "b": GROUPS}, True),
    ],
    ids=lambda value: "+".join(node["kind"] for node in value.values()) if isinstance(value, dict) else "",
)
def test_no_second_newline_where_agents_alone_write(direct: bool, nodes: Any, expected: bool) -> None:
    assert appended(planned(direct=direct, **nodes)) is expected


@pytest.mark.parametrize(
    "delivery",
    [
        {"transform": {"function_arn": "arn:aws:lambda:eu-west-1:111122223333:function:mend"}},
        {"decompress_cloudwatch_logs": True},
        {"decompress_cloudwatch_logs": True, "extract_log_messages": True},
    ],
)
def test_what_is_made_on_the_way_is_ended_there(delivery: Any) -> None:
    assert appended(planned(delivery=delivery, a=AGENT))
    to = {"partition_by": ["id"]}
    assert appended(planned(delivery={"deaggregate": "json"}, to=to, a=AGENT))


def test_to_a_stream_that_exists_others_may_write() -> None:
    assert appended(planned(stream={"arn": EXISTING}, a=AGENT))


@pytest.mark.parametrize("newline", [True, False])
def test_what_the_spec_says_is_done(newline: bool) -> None:
    assert appended(planned(to={"newline": newline}, a=AGENT)) is newline


def test_records_that_end_by_themselves_have_a_table() -> None:
    assert planned(a=AGENT).has_table
    assert planned(to={"newline": False}, a=AGENT).has_table
    assert not planned(to={"newline": False}).has_table


def test_columns_need_no_newlines() -> None:
    assert not appended(planned(to={"format": "parquet"}, b=CODE))


def told(delivery: S3DeliveryPlan) -> list[tuple[str, str]]:
    return [(one.level, one.dotted_path) for one in delivery.findings() if one.code == "AGT916"]


def test_writers_of_both_kinds_are_told_of_where_a_query_would_see_it() -> None:
    assert told(planned(a=AGENT, b=CODE)) == [("warning", "deliveries.lake.to")]
    assert told(planned(a=AGENT, b=GROUPS)) == []
    assert told(planned(a=AGENT, b=FLUENT_BIT)) == []
    assert told(planned(to={"newline": False}, a=AGENT, b=CODE)) == []
    assert told(planned(to={"newline": True}, a=AGENT, b=CODE)) == []
    assert told(planned(to={"format": "parquet"}, a=AGENT, b=CODE)) == []
    assert told(planned(stream={"schema": None}, a=AGENT, b=CODE)) == []

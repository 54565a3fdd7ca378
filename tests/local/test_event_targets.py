"""Where events go, of all the places where they could."""

from __future__ import annotations

from typing import Any

import pytest

from streaming_constructs.local.event_targets import EventTarget, choose_target, entry_names, key_fields, spec_targets
from streaming_constructs.spec.finding import SpecError
from streaming_constructs.spec.pipeline import PipelineSpec

LOGS, RAW = EventTarget("stream", "logs", "Stack-logs-1"), EventTarget("stream", "raw", "Stack-raw-2")
DIRECT = EventTarget("delivery", "lake", "Stack-lake-3")
ENTRY = EventTarget("stream", "clicks", "Stack-clicks-4", is_entry=True)
KINESIS = {"kind": "kinesis", "mode": "on_demand"}
TOPIC = {"kind": "kafka", "cluster": "main", "partitions": 3}


def system(**sections: Any) -> PipelineSpec:
    schemas = {"line": {"text": "string"}}
    return PipelineSpec.model_validate(
        {"name": "logs", "schemas": schemas, "clusters": {"main": {"kind": "msk"}}, **sections}
    )


def consumer(from_: str, **more: Any) -> dict[str, Any]:
    return {"kind": "lambda", "from": from_, "code": "handlers/work", "on_failure": "s3", **more}


@pytest.mark.parametrize(
    ("targets", "name", "chosen"),
    [
        ([LOGS], None, LOGS),
        ([DIRECT], None, DIRECT),
        ([LOGS, RAW], "raw", RAW),
        ([LOGS, RAW], "Stack-raw-2", RAW),
        ([RAW, ENTRY, DIRECT], "lake", DIRECT),
        ([RAW, ENTRY, DIRECT], None, ENTRY),
    ],
)
def test_what_is_chosen(targets: list[EventTarget], name: str | None, chosen: EventTarget) -> None:
    assert choose_target(targets, name) == chosen


FAILED = {"destination": {"kind": "kafka", "topic": "failed"}}


@pytest.mark.parametrize(
    ("sections", "entries"),
    [
        ({"streams": {"logs": KINESIS}}, {"logs"}),
        ({"streams": {"logs": {**KINESIS, "schema": "line"}, "raw": KINESIS}}, {"logs"}),
        ({"streams": {"logs": KINESIS, "raw": KINESIS}}, set()),
        (
            {
                "streams": {"orders": TOPIC, "failed": TOPIC},
                "consumers": {"one": consumer("orders", on_failure=FAILED)},
            },
            {"orders"},
        ),
        (
            {"streams": {"orders": TOPIC, "flagged": TOPIC}, "consumers": {"one": consumer("orders", to="flagged")}},
            {"orders"},
        ),
        (  # what comes in has no schema, and what a consumer makes of it has one
            {
                "streams": {"raw": KINESIS, "clean": {**KINESIS, "schema": "line"}},
                "consumers": {"one": consumer("raw", to=["clean"])},
            },
            {"raw"},
        ),
        (
            {
                "streams": {"raw": KINESIS},
                "consumers": {"one": consumer("raw", to=["lake"])},
                "deliveries": {"lake": {"to": {"kind": "s3", "format": "json"}}},
            },
            {"raw"},
        ),
        (  # nothing else is left
            {
                "streams": {
                    "there": {"kind": "kinesis", "arn": "arn:aws:kinesis:eu-west-1:111122223333:stream/there"},
                    "clean": KINESIS,
                },
                "consumers": {"one": consumer("there", to=["clean"])},
            },
            {"clean"},
        ),
        (  # events stand for what a producer would write
            {
                "streams": {"logs": {**KINESIS, "schema": "line"}, "raw": KINESIS},
                "producers": {
                    "app": {"kind": "cloudwatch_logs", "to": "raw", "log_groups": ["/app"]},
                },
            },
            {"logs"},
        ),
        (
            # what something outside writes to is one, though a consumer writes there too
            {
                "streams": {"logs": {**KINESIS, "schema": "line"}, "raw": KINESIS},
                "producers": {
                    "app": {"kind": "cloudwatch_logs", "to": "raw", "log_groups": ["/app"]},
                    "hosts": {"kind": "kinesis_agent", "to": "logs", "files": ["/var/log/app.log"]},
                },
                "consumers": {"one": consumer("raw", to=["logs"])},
            },
            {"logs"},
        ),
        (  # what an application of Flink writes to
            {
                "streams": {"clicks": {**KINESIS, "schema": "line"}, "alerts": {**KINESIS, "schema": "line"}},
                "deliveries": {"sessions": {"to": {"kind": "s3", "format": "json"}}},
                "analytics": {
                    "count": {"kind": "flink_sql", "from": "clicks", "to": ["alerts", "sessions"], "sql": ["SELECT 1"]}
                },
            },
            {"clicks"},
        ),
    ],
)
def test_by_what_records_come_in(sections: dict[str, Any], entries: set[str]) -> None:
    assert entry_names(system(**sections)) == entries


def test_records_are_keyed_by_the_key_in_their_json() -> None:
    spec = system(
        schemas={"click": {"user": {"type": "string", "json_key": "userId"}, "page": "string"}},
        streams={
            "clicks": {**KINESIS, "schema": "click", "partition_key": "user"},
            "pages": {**KINESIS, "schema": "click", "partition_key": "page"},
            "raw": {**KINESIS, "partition_key": "id"},
            "any": KINESIS,
        },
    )
    assert key_fields(spec) == {"clicks": "userId", "pages": "page", "raw": "id"}


def test_where_events_can_go_is_known_from_the_spec() -> None:
    spec = system(
        streams={"raw": KINESIS, "orders": {**TOPIC, "schema": "line"}},
        deliveries={"lake": {"from": "raw", "to": {"kind": "s3", "format": "json"}}, "direct": {"to": {"kind": "s3"}}},
    )
    assert spec_targets(spec) == [
        EventTarget("stream", "raw", "raw"),
        EventTarget("topic", "orders", "orders", is_entry=True),
        EventTarget("delivery", "direct", "direct"),
    ]


@pytest.mark.parametrize(
    ("targets", "name", "message", "help_"),
    [
        ([LOGS, RAW], None, "it is not clear where events go", "name it with `--into`: logs, raw"),
        (
            [LOGS, RAW],
            "log",
            "there is no stream or delivery `log` that records are put into",
            "did you mean `logs`?",
        ),
        ([], None, "there is nothing that records could be put into", ""),
    ],
)
def test_what_is_not_clear_is_asked(targets: list[EventTarget], name: str | None, message: str, help_: str) -> None:
    with pytest.raises(SpecError) as refused:
        choose_target(targets, name)
    (finding,) = refused.value.findings
    assert (finding.code, finding.message, finding.help) == ("LOC958", message, help_)

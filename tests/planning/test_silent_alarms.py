"""Alarms that never tell: all silenced, thresholds out of reach, and topics that take nothing from CloudWatch."""

from __future__ import annotations

from typing import Any

import pytest

from streaming_constructs.planning import plan
from streaming_constructs.spec import PipelineSpec

Data = dict[str, Any]
NOTIFY = {"notify": ["oncall@example.com"]}
KINDS = ("write_throttling", "read_throttling", "put_records_failures", "incoming_bytes", "incoming_records")


def said(alarms: Data, **top: Any) -> list[tuple[str, str, str]]:
    data = {"name": "shop", "streams": {"clicks": {"kind": "kinesis", "shards": 2}}, "alarms": {**NOTIFY, **alarms}}
    found = plan(PipelineSpec.model_validate({**data, **top})).findings
    return [(one.code, one.level, one.dotted_path) for one in found if one.code in {"ALM605", "ALM606", "ALM607"}]


def consumer(**fields: Any) -> Data:
    function = "arn:aws:lambda:eu-west-1:123456789012:function:f"
    fraud = {"kind": "lambda", "from": "clicks", "function_arn": function, "on_failure": "s3", **fields}
    return {"consumers": {"fraud": fraud}}


def test_a_system_without_any_alarm_left_is_told() -> None:
    silence = dict.fromkeys(KINDS, "I do not care at all")
    assert said({"silence": silence}) == [("ALM605", "warning", "alarms.silence")]
    assert said({"silence": {f"clicks.{kind}": reason for kind, reason in silence.items()}}) == [
        ("ALM605", "warning", "alarms.silence")
    ]
    assert said({"silence": silence}, removal_policy="destroy") == []
    assert said({"silence": dict(list(silence.items())[1:])}) == []


def test_a_system_that_has_no_alarms_has_none_that_are_silenced() -> None:
    assert said({}, streams={}, sns_topics={"alerts": {"kind": "sns"}}) == []


def test_an_override_without_a_threshold_keeps_the_one_that_was_computed() -> None:
    assert said({"override": {"incoming_bytes": {"notify": ["second@example.com"]}}}) == []


@pytest.mark.parametrize(
    ("override", "threshold", "top", "is_told"),
    [
        # two shards take 2,000 records/s, or 120,000 in a minute, and 2 MiB/s
        ("clicks.incoming_records", 119_999, {}, False),
        ("clicks.incoming_records", 120_000, {}, True),
        ("incoming_bytes", 2 * 1_048_576 * 60 - 1, {}, False),
        ("incoming_bytes", 2 * 1_048_576 * 60, {}, True),
        # a record leaves the stream after 24 hours
        ("clicks.iterator_age", 86_399_999, consumer(), False),
        ("clicks.iterator_age", 86_400_000, consumer(), True),
        ("fraud.iterator_age", 86_400_000, consumer(), True),
        ("fraud.fan_out_lag", 86_400_000, consumer(enhanced_fan_out=True), True),
        # two batches at once, of a millisecond each
        ("fraud.errors", 119_999, consumer(), False),
        ("fraud.errors", 1e9, consumer(), True),
        ("fraud.throttles", 1e9, consumer(), True),
        ("clicks.write_throttling", 1e9, {}, False),
    ],
)
def test_a_threshold_that_is_never_passed_is_told(override: str, threshold: float, top: Data, is_told: Any) -> None:
    path = f"alarms.override.{override}.threshold"
    expected = [("ALM606", "warning", path)] if is_told else []
    assert said({"override": {override: {"threshold": threshold}}}, **top) == expected


@pytest.mark.parametrize(
    ("override", "threshold", "is_told"),
    [
        # at 100% or more, so at 100 itself
        ("search.cpu", 101, True),
        ("search.cpu", 100, False),
        ("search.cpu", 99, False),
        # at this or less, so at 0 itself
        ("search.free_storage", 0, False),
        # less than this
        ("search.lost_nodes", 0, True),
        ("search.lost_nodes", 1, False),
        ("index.delivery_success", 0, True),
        ("index.delivery_success", 0.5, False),
    ],
)
def test_a_threshold_that_is_included_may_be_the_bound_itself(override: str, threshold: float, is_told: bool) -> None:
    top = {
        "stores": {"search": {"kind": "opensearch"}},
        "deliveries": {"index": {"from": "clicks", "to": {"kind": "opensearch", "domain": "search"}}},
    }
    expected = [("ALM606", "warning", f"alarms.override.{override}.threshold")] if is_told else []
    assert said({"override": {override: {"threshold": threshold}}}, **top) == expected


def test_the_mend_is_the_computed_threshold() -> None:
    override = {"clicks.incoming_records": {"threshold": 120_000}}
    data = {"name": "shop", "streams": {"clicks": {"kind": "kinesis", "shards": 2}}}
    computed = {
        f"{alarm.node}.{alarm.kind}": alarm.threshold for alarm in plan(PipelineSpec.model_validate(data)).alarms
    }
    findings = plan(PipelineSpec.model_validate({**data, "alarms": {**NOTIFY, "override": override}})).findings
    (edit,) = next(one.edits for one in findings if one.code == "ALM606")
    assert (edit.path, edit.value) == (
        ("alarms", "override", "clicks.incoming_records", "threshold"),
        computed["clicks.incoming_records"],
    )


def test_what_an_existing_stream_keeps_is_not_known() -> None:
    streams = {"clicks": {"kind": "kinesis", "arn": "arn:aws:kinesis:eu-west-1:123456789012:stream/c", "shards": 1}}
    override = {"clicks.iterator_age": {"threshold": 100_000_000}}
    assert said({"override": override}, streams=streams, **consumer()) == []


def test_a_fifo_topic_takes_nothing_from_alarms() -> None:
    topic = "arn:aws:sns:eu-west-1:123456789012:oncall"
    assert said({"notify": [f"{topic}.fifo"]}) == [("ALM607", "warning", "alarms.notify[0]")]
    assert said({"override": {"write_throttling": {"notify": [topic, f"{topic}.fifo"]}}}) == [
        ("ALM607", "warning", "alarms.override.write_throttling.notify[1]")
    ]
    assert said({"notify": [topic]}) == []

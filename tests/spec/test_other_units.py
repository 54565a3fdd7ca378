"""Fields of ours that are said in another unit: the field, and the same amount in its unit."""

from __future__ import annotations

import json
from typing import Any

import pytest

from streaming_constructs.spec.finding import Finding
from streaming_constructs.spec.read import document_of, edited, read_as

LOAD = {"records_per_second": 1000, "record_kb": 1}
CLICKS = ("streams", "clicks")
ORDERS, MAIN = ("streams", "orders"), ("clusters", "main")


def spec_of() -> dict[str, Any]:
    return {
        "name": "shop",
        "clusters": {"main": {"kind": "msk"}},
        "streams": {
            "clicks": {"kind": "kinesis", "workload": dict(LOAD)},
            "orders": {"kind": "kafka", "cluster": "main", "partitions": 6, "workload": dict(LOAD)},
        },
    }


def told(path: tuple[str, ...], field: str, value: Any) -> tuple[Finding, dict[str, Any]]:
    """What is told of a field, and its place as the edits make it; a field of that name but for the unit is not there."""
    spec = spec_of()
    place: Any = spec
    for step in path:
        place = place[step]
    for known in [
        known for known in place if known.split("_")[0] == field.split("_", maxsplit=1)[0].split(".", maxsplit=1)[0]
    ]:
        if known in LOAD:
            del place[known]
    place[field] = value
    (finding,) = [
        one
        for one in read_as(document_of(json.dumps(spec).encode(), "shop.yaml")).findings
        if one.path == (*path, field)
    ]
    mended: Any = edited(spec, finding.edits)
    for step in path:
        mended = mended[step]
    return finding, mended


@pytest.mark.parametrize(
    ("path", "field", "value", "ours", "expected"),
    [
        ((*ORDERS, "workload"), "record_mb", 1, "record_kb", 1024),
        ((*ORDERS, "workload"), "record_mib", 0.5, "record_kb", 512),
        ((*CLICKS, "workload"), "record_gb", 0.001, "record_kb", 1048.576),
        ((*ORDERS, "workload"), "records_per_minute", 6000, "records_per_second", 100),
        ((*ORDERS, "workload"), "recordsPerHour", 3600, "records_per_second", 1),
        (MAIN, "volume_tb", 1, "volume_gb", 1024),
        (MAIN, "volume_size_tb", 1, "volume_gb", 1024),
        (MAIN, "volume_throughput_kb_per_second", 307_200, "volume_throughput_mb_per_second", 300),
        (ORDERS, "max_message_mb", 2, "max_message_kb", 2048),
        (ORDERS, "max_message_bytes", 1_048_576, "max_message_kb", 1024),
        (ORDERS, "retention_ms", 604_800_000, "retention_hours", 168),
        (ORDERS, "retention.ms", 604_800_000, "retention_hours", 168),
        (ORDERS, "retentionMs", "604800000", "retention_hours", 168),
        (ORDERS, "retention_minutes", 120, "retention_hours", 2),
        (ORDERS, "retention_weeks", 2, "retention_days", 14),
        (ORDERS, "retention_in_minutes", 120, "retention_hours", 2),
        (ORDERS, "retension_minutes", 120, "retention_hours", 2),
        (ORDERS, "retention_ms", -1, "retention_days", "unlimited"),
        (ORDERS, "retention", "unlimited", "retention_days", "unlimited"),
        (ORDERS, "local_retention_minutes", 90, "local_retention_days", 0.0625),
        (CLICKS, "retention_ms", 86_400_000, "retention_hours", 24),
        # What no field takes to the point becomes the next whole number above it.
        (ORDERS, "retention_minutes", 90, "retention_hours", 2),
        (ORDERS, "retention_ms", 60_000, "retention_hours", 1),
    ],
)
def test_the_amount_stays_what_it_was(path: tuple[str, ...], field: str, value: Any, ours: str, expected: Any) -> None:
    finding, mended = told(path, field, value)
    assert (finding.code, mended.get(ours), field in mended) == ("LNG201", expected, False)
    assert f"`{ours}: {expected}`" in finding.help


def test_a_number_that_is_rounded_says_so() -> None:
    finding, _ = told(ORDERS, "retention_minutes", 90)
    assert "90 minutes are 1.5 hours" in finding.help


@pytest.mark.parametrize(
    ("value", "said"), [(20, "20 MB are 20,480 KB"), ("two", "write `record_kb`, in KB"), (None, "in KB")]
)
def test_what_the_field_does_not_take_is_answered_with_its_unit(value: Any, said: str) -> None:
    finding, _ = told((*ORDERS, "workload"), "record_mb", value)
    assert said in finding.help
    assert "did you mean" not in finding.help


def test_a_field_of_another_quantity_is_not_meant() -> None:
    finding, _ = told(ORDERS, "retention_people_bytes", 5)
    assert "did you mean" not in finding.help
    assert finding.edits == ()

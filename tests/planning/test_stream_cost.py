"""What the retention of a stream costs: by AWS's list prices of us-east-1, and where it is out of proportion."""

from __future__ import annotations

from typing import Any

import pytest

from streaming_constructs.planning import plan
from streaming_constructs.planning.streams.kinesis import plan_stream
from streaming_constructs.planning.streams.kinesis_retention_cost import monthly_cost
from streaming_constructs.spec import KinesisStreamSpec, PipelineSpec


def spec(**fields: Any) -> KinesisStreamSpec:
    return KinesisStreamSpec.model_validate(
        {"workload": {"records_per_second": 1024, "record_kb": 1, "peak_factor": 1}, **fields}
    )


@pytest.mark.parametrize(
    ("fields", "stream", "retention", "stored"),
    [
        # 2 shards x 730 h x 0.015 + 2,691 million puts x 0.014; 1 MiB/s are 84.375 GB a day
        ({"shards": 2}, 21.9 + 37.674, 0, 0),
        ({"shards": 2, "retention_hours": 25}, 59.574, 2 * 730 * 0.02, 0),
        ({"shards": 2, "retention_days": 7}, 59.574, 29.2, 0),
        ({"shards": 2, "retention_days": 365}, 59.574, 29.2 + 84.375 * 358 * 0.023, 84.375 * 358),
        ({"mode": "on_demand"}, 29.2 + 84.375 * 730 / 24 * 0.08, 0, 0),
        ({"mode": "on_demand", "retention_days": 7}, 234.51, 84.375 * 6 * 0.1, 0),
        ({"mode": "on_demand", "retention_days": 365}, 234.51, 50.625 + 694.74, 84.375 * 358),
    ],
)
def test_a_month_of_a_stream(fields: dict[str, Any], stream: float, retention: float, stored: float) -> None:
    cost = monthly_cost(plan_stream("clicks", spec(**fields)))
    assert cost is not None
    assert cost.stream == pytest.approx(stream, abs=0.01)
    assert cost.retention == pytest.approx(retention, abs=0.01)
    assert cost.stored_gb == pytest.approx(stored, abs=0.01)


def test_without_a_workload_nothing_is_known() -> None:
    assert monthly_cost(plan_stream("clicks", KinesisStreamSpec(shards=2, retention_days=365))) is None


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"retention_days": 365}, [("KIN413", "warning", "streams.clicks.retention_days")]),
        ({"retention_hours": 8760}, [("KIN413", "warning", "streams.clicks.retention_hours")]),
        ({"retention_days": 30}, []),
        ({"retention_days": 365, "workload": {"records_per_second": 1, "record_kb": 1}}, []),
        ({"retention_days": 365, "arn": "arn:aws:kinesis:eu-west-1:123456789012:stream/c"}, []),
    ],
)
def test_a_retention_out_of_proportion_is_told(fields: dict[str, Any], expected: list[Any]) -> None:
    workload = {"records_per_second": 1024, "record_kb": 1}
    stream = {"kind": "kinesis", "shards": 3, "workload": workload, **fields}
    made = plan(PipelineSpec.model_validate({"name": "shop", "streams": {"clicks": stream}, "alarms": False}))
    assert [(one.code, one.level, one.dotted_path) for one in made.findings] == expected
    assert all("about 739 USD a month for 365 days" in one.note for one in made.findings)

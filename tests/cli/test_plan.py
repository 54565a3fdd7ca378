"""`plan`: the graph with its numbers and their working, in words."""

# ruff: noqa: E501 - the tree is as wide as it is

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from streaming_constructs.cli import render
from streaming_constructs.cli.tree import pipeline_tree
from streaming_constructs.planning import plan
from streaming_constructs.spec import PipelineSpec
from streaming_constructs.spec.codes import BASE as FINE

if TYPE_CHECKING:
    from tests.cli.conftest import Run, Write

SYSTEM = """\
name: shop
streams:
  clicks:
    kind: kinesis
    workload: {records_per_second: 2500, record_kb: 2, peak_factor: 2}
    retention_hours: 36
  orders: {kind: kinesis, mode: on_demand}
consumers:
  fraud:
    kind: lambda
    from: clicks
    code: handlers/fraud
    parallelization_factor: 2
    on_failure: {retries: 1, max_record_age_seconds: 5400, bisect: false, destination: sqs}
  totals:
    kind: lambda
    from: clicks
    code: handlers/fraud
    on_failure: {retries: 1000, max_record_age_seconds: 3600, destination: s3}
  live:
    kind: lambda
    from: clicks
    code: handlers/fraud
    enhanced_fan_out: true
    on_failure: {retries: 0, max_record_age_seconds: 90, destination: sns}
alarms:
  notify: [{email: oncall@example.com}]
  override: {clicks.write_throttling: {threshold: 1000}}
  silence: {clicks.read_throttling: readers catch up by themselves}
"""
TREE = """\
shop (prod)
├── stream clicks: provisioned, 13 shards
│   ├── why
{working}│   ├── takes 13 MiB/s and 13,000 records/s
│   ├── keeps records for 1 d 12 h
│   ├── consumer fraud: Lambda function
│   │   ├── reads 2 MiB/s of each shard, which it shares with 1 other reader
│   │   ├── 13 shards × parallelization factor 2 = 26 batches at once
│   │   └── a failed batch is given up after 1 retry or 1 h 30 min, its position kept in SQS, not its records
│   ├── consumer totals: Lambda function
│   │   ├── reads 2 MiB/s of each shard, which it shares with 1 other reader
│   │   ├── 13 shards × parallelization factor 1 = 13 batches at once
│   │   └── a failed batch is split to find the bad record, and is given up after 1,000 retries or 1 h, kept in S3 with its records
│   └── consumer live: Lambda function
│       ├── reads by enhanced fan-out: 2 MiB/s of each shard for itself
│       ├── 13 shards × parallelization factor 1 = 13 batches at once
│       └── a failed batch is split to find the bad record, and is given up after 0 retries or 1 min 30 s, its position sent to SNS, not its records
└── stream orders: on demand
    ├── why
    │   └── on demand takes the greatest of 4 MiB/s at the start → 4 MiB/s, 4,000 records/s
    ├── takes 4 MiB/s and 4,000 records/s
    ├── keeps records for 1 d
    └── nobody reads it
"""


def printed(renderable: object) -> list[str]:
    console = Console(width=160, record=True, file=io.StringIO())
    console.print(renderable)
    return [line.rstrip() for line in console.export_text().splitlines()]


@pytest.fixture
def spec(write: Write) -> PipelineSpec:
    return PipelineSpec.load(write(SYSTEM))


def test_the_graph_is_a_tree_with_its_working(spec: PipelineSpec) -> None:
    made = plan(spec)
    *first, last = made.streams["clicks"].working
    assert last == "headroom 1.3 × 9.766 = 12.695 → 13 shards"
    working = "".join(f"│   │   ├── {line}\n" for line in first) + f"│   │   └── {last}\n"
    assert printed(pipeline_tree(made)) == TREE.format(working=working).splitlines()


def test_alarms_have_thresholds_in_units_of_people(spec: PipelineSpec) -> None:
    heading, *rows = printed(render.alarm_table(plan(spec)))
    assert heading.split() == ["alarm", "threshold", "for", "why"]
    cells = {row.split()[0]: row for row in rows}
    assert cells["clicks.iterator_age"].split(maxsplit=1)[1].startswith("> 18 h")
    assert "15 min  50% of the retention of 36 h" in cells["clicks.iterator_age"]
    assert "> 1,000/min" in cells["clicks.write_throttling"]
    assert "set to 1,000 for 5 min in the spec" in cells["clicks.write_throttling"]
    assert "> 624 MiB/min" in cells["clicks.incoming_bytes"]
    assert "> 624,000/min" in cells["clicks.incoming_records"]
    assert "> 45 min" in cells["fraud.iterator_age"]
    assert "> 45 s" in cells["live.fan_out_lag"]
    assert cells["fraud.errors"].split()[1] == "any"
    assert "clicks.read_throttling" not in cells


def test_alarm_below_its_threshold_is_one_of_shares() -> None:
    data = {"name": "x", "environment": "dev", "deliveries": {"lake": {"to": {"kind": "s3"}}}}
    _, *rows = printed(render.alarm_table(plan(PipelineSpec.model_validate(data))))
    assert [row.split(maxsplit=3)[:3] for row in rows] == [
        ["lake.freshness", ">", "15"],
        ["lake.delivery_success", "<", "100%"],
        ["lake.throttled_records", "any", "5"],
    ]


def test_resources_are_counted_the_most_frequent_first() -> None:
    rows = printed(render.resource_table({"AWS::S3::Bucket": 1, "AWS::IAM::Role": 2, "AWS::KMS::Key": 2000}))
    assert [row.split() for row in rows] == [
        ["resources", "type"],
        ["2,000", "AWS::KMS::Key"],
        ["2", "AWS::IAM::Role"],
        ["1", "AWS::S3::Bucket"],
    ]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (1.5, "1.5 s"), (60, "1 min"), (5400, "1 h 30 min"), (129_600, "1 d 12 h"), (31_536_000, "365 d")],
)
def test_durations_are_read_as_people_say_them(seconds: float, text: str) -> None:
    assert render.duration(seconds) == text


def test_names_are_no_markup() -> None:
    data = {"name": "x", "environment": "dev", "streams": {"s": {"kind": "kinesis", "mode": "on_demand"}}}
    made = plan(PipelineSpec.model_validate(data))
    assert printed(pipeline_tree(made))[1] == "└── stream s: on demand"


def test_the_plan_goes_to_stdout_and_what_may_go_wrong_to_stderr(run: Run, write: Write) -> None:
    result = run("plan", write(SYSTEM.replace("  notify: [{email: oncall@example.com}]\n", "")))
    assert result.exit_code == 1
    assert "headroom 1.3 × 9.766 = 12.695 → 13 shards" in result.stdout
    assert "ALM603" not in result.stdout
    assert result.stderr.startswith("\nnote[LAM509]: age, not attempts, ")
    assert "\n\nwarning[ALM603]: the alarms tell nobody\n  --> pipeline.yaml:26 alarms.notify\n" in result.stderr


def test_a_broken_spec_has_no_plan(run: Run, write: Write) -> None:
    result = run("plan", write(FINE.replace("from: payments", "from: payment")))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(
        "\nerror[GRF301]: there is no stream `payment`\n  --> pipeline.yaml:12 consumers.fraud.from\n"
    )


def test_json_has_the_numbers(run: Run, write: Write) -> None:
    result = run("plan", write(SYSTEM), "--format", "json")
    assert result.exit_code == 0
    made = json.loads(result.stdout)
    clicks, fraud = made["streams"]["clicks"], made["consumers"]["fraud"]
    assert (clicks["shards"], clicks["needed_shards"], clicks["retention_hours"]) == (13, 10, 36)
    assert clicks["readers"][2] == {"name": "live", "enhanced_fan_out": True}
    assert clicks["working"][-1] == "headroom 1.3 × 9.766 = 12.695 → 13 shards"
    assert (fraud["from"], fraud["concurrency"], fraud["on_failure"]["destination"]["kind"]) == ("clicks", 26, "sqs")
    assert made["alarms"][0] == {
        "name": "clicks.iterator_age",
        "metric": "AWS/Kinesis/GetRecords.IteratorAgeMilliseconds",
        "statistic": "Maximum",
        "threshold": 64_800_000.0,
        "unit": "Milliseconds",
        "minutes": 15,
        "below": False,
        "overridden": False,
        "working": "50% of the retention of 36 h",
    }
    assert made["streams"]["orders"]["mode"] == "on_demand"


def test_an_environment_is_merged_in(run: Run, write: Write) -> None:
    differing = "environments: {dev: {streams: {payments: {workload: {records_per_second: 5000}}}}}\n"
    file = write(FINE + differing)
    assert "provisioned, 2 shards" in run("plan", file).stdout
    assert (
        "payments (dev)\n└── stream payments: provisioned, 7 shards" in run("plan", file, "--environment", "dev").stdout
    )


def test_a_pattern_is_planned_by_its_name(run: Run) -> None:
    result = run("plan", "lambda-consumer", "--format", "json")
    assert json.loads(result.stdout)["name"] == "payments"


@pytest.mark.parametrize(("system", "code"), [("lambda-consumr", "CMD107"), ("missing.yaml", "LNG101")])
def test_what_is_neither_a_file_nor_a_pattern(run: Run, system: str, code: str) -> None:
    result = run("plan", system)
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"error[{code}]" in result.stderr

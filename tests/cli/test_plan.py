"""`plan`: the graph with its numbers and their working, in words."""

# ruff: noqa: E501 - the tree is as wide as it is

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console

from streaming_constructs.cli.plan import _alarm_object
from streaming_constructs.cli.render import AlarmTable, minutes, notified_lines, resource_table, threshold
from streaming_constructs.cli.tree import pipeline_tree
from streaming_constructs.facts.metrics import Metric
from streaming_constructs.planning import AlarmPlan, plan
from streaming_constructs.spec import AlarmsSpec, PipelineSpec
from streaming_constructs.spec.codes.base import BASE as FINE

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
shop
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


def printed(renderable: object, width: int = 160) -> list[str]:
    console = Console(width=width, record=True, file=io.StringIO())
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
    heading, *rows = printed(AlarmTable(plan(spec).alarms))
    assert heading.split() == ["alarm", "threshold", "for", "why"]
    cells = {row.split()[0]: row for row in rows}
    assert cells["clicks.iterator_age"].split(maxsplit=1)[1].startswith("> 1 h")
    assert "15 min  an hour: 50% of the retention of 36 h would be" in cells["clicks.iterator_age"]
    assert "> 1,000/min" in cells["clicks.write_throttling"]
    assert "set to 1,000 for 5 min in the spec" in cells["clicks.write_throttling"]
    assert "> 624 MiB/min" in cells["clicks.incoming_bytes"]
    assert "> 624,000/min" in cells["clicks.incoming_records"]
    assert "> 45 min" in cells["fraud.iterator_age"]
    assert "> 45 s" in cells["live.fan_out_lag"]
    assert cells["fraud.errors"].split()[1] == "any"
    assert "clicks.read_throttling" not in cells


def alarm(**changes: Any) -> AlarmPlan:
    """An alarm of a metric in its own words."""
    metric = Metric(
        "AWS/Any",
        changes.pop("name", "Any"),
        ("Any",),
        changes.pop("unit", "Count"),
        changes.pop("statistic", "Sum"),
        "",
    )
    told = {"threshold": 5, "minutes": 5, "title": "", "action": "", "working": "so it is", **changes}
    return AlarmPlan("a", "b", metric, **told)


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({}, "> 5/min"),
        ({"statistic": "Maximum"}, "> 5"),
        ({"threshold": 0}, "any"),
        ({"threshold": 0, "inclusive": True}, "≥ 0/min"),
        ({"name": "DeliveryToS3.Success", "threshold": 1, "below": True, "statistic": "Average"}, "< 100%"),
        ({"threshold": 1, "below": True, "statistic": "Minimum"}, "< 1"),
        ({"threshold": 6, "below": True, "statistic": "Minimum"}, "< 6"),
        ({"unit": "Milliseconds", "threshold": 90_000, "statistic": "Maximum"}, "> 1 min 30 s"),
        ({"unit": "Seconds", "threshold": 90, "statistic": "Maximum"}, "> 1 min 30 s"),
        ({"unit": "Bytes", "threshold": 3_145_728}, "> 3 MiB/min"),
        ({"unit": "Bytes", "threshold": 3_145_728, "period_seconds": 300}, "> 3 MiB/5 min"),
        ({"unit": "Bytes", "threshold": 3_145_728, "statistic": "Maximum"}, "> 3 MiB"),
    ],
)
def test_a_threshold_is_in_units_of_people(changes: Any, text: str) -> None:
    assert threshold(alarm(**changes)) == text


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({}, "5 min"),
        ({"minutes": 1440, "period_seconds": 86_400}, "1 d"),
        ({"minutes": 45, "period_seconds": 900}, "3 × 15 min"),
        ({"datapoints": 3}, "3 of 5 min"),
        ({"datapoints": 5}, "5 min"),
        ({"minutes": 60, "period_seconds": 300, "datapoints": 3}, "3 of 12 × 5 min"),
    ],
)
def test_how_long_it_takes_until_it_alarms(changes: Any, text: str) -> None:
    assert minutes(alarm(**changes)) == text


def test_alarms_can_be_read_at_forty_columns(spec: PipelineSpec) -> None:
    lines = printed(AlarmTable(plan(spec).alarms), width=40)
    assert max(map(len, lines)) <= 40
    start = lines.index("fraud.iterator_age: > 45 min for 5 min")
    (working,) = [alarm.working for alarm in plan(spec).alarms if alarm.name == "fraud.iterator_age"]
    assert " ".join(line.strip() for line in lines[start + 1 : start + 3]) == working


def test_an_instance_stands_in_the_name() -> None:
    assert printed(AlarmTable([alarm(instance="broker-1")]))[1].startswith("a.b.broker-1  > 5/min")


def test_no_alarms_are_said() -> None:
    assert printed(AlarmTable([])) == ["no alarms"]


def test_resources_are_counted_the_most_frequent_first() -> None:
    rows = printed(resource_table({"AWS::S3::Bucket": 1, "AWS::IAM::Role": 2, "AWS::KMS::Key": 2000}))
    assert [row.split() for row in rows] == [
        ["resources", "type"],
        ["2,000", "AWS::KMS::Key"],
        ["2", "AWS::IAM::Role"],
        ["1", "AWS::S3::Bucket"],
    ]


def test_the_plan_goes_to_stdout_and_what_may_go_wrong_to_stderr(run: Run, write: Write) -> None:
    result = run("plan", write(SYSTEM.replace("  notify: [{email: oncall@example.com}]\n", "")))
    assert result.exit_code == 1
    assert "headroom 1.3 × 9.766 = 12.695 → 13 shards" in result.stdout
    assert "ALM603" not in result.stdout
    assert result.stderr.startswith("\nnote[LAM509]: age, not retries, ")
    assert "\n\nwarning[ALM603]: the alarms tell nobody\n  --> pipeline.yaml:26 alarms.notify\n" in result.stderr


def test_a_broken_spec_has_no_plan(run: Run, write: Write) -> None:
    result = run("plan", write(FINE.replace("from: payments", "from: payment")))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(
        "\nerror[GRF301]: there is no stream or queue `payment`\n  --> pipeline.yaml:12 consumers.fraud.from\n"
    )


def test_json_has_the_numbers(run: Run, write: Write) -> None:
    result = run("plan", write(SYSTEM), "--format", "json")
    assert result.exit_code == 0
    made = json.loads(result.stdout)
    clicks, fraud = made["streams"]["clicks"], made["consumers"]["fraud"]
    assert (clicks["shards"], clicks["needed_shards"], clicks["retention_hours"]) == (13, 10, 36)
    assert clicks["readers"][2] == {"name": "live", "read": "enhanced_fan_out"}
    assert clicks["working"][-1] == "headroom 1.3 × 9.766 = 12.695 → 13 shards"
    assert (fraud["from"], fraud["concurrency"], fraud["on_failure"]["destination"]["kind"]) == ("clicks", 26, "sqs")
    assert made["alarms"][0] == {
        "name": "clicks.iterator_age",
        "metric": "AWS/Kinesis/GetRecords.IteratorAgeMilliseconds",
        "statistic": "Maximum",
        "threshold": 3_600_000.0,
        "unit": "Milliseconds",
        "minutes": 15,
        "period_seconds": 60,
        "missing": "not_breaching",
        "below": False,
        "overridden": False,
        "working": "an hour: 50% of the retention of 36 h would be 64,800 s",
    }
    assert made["streams"]["orders"]["mode"] == "on_demand"


def test_what_an_alarm_has_beyond_the_usual_is_in_the_json() -> None:
    usual = _alarm_object(alarm())
    metrics = {"all": Metric("AWS/Any", "All", (), "Count", "Sum", "")}
    more = {"instance": "1", "dimensions": {"Broker": "1"}, "expression": "m / all", "datapoints": 3, "inclusive": True}
    told = _alarm_object(alarm(**more, metrics=metrics, missing="breaching", statistic="p99"))
    assert {name: value for name, value in told.items() if usual.get(name) != value} == {
        **more,
        "metrics": {"all": "AWS/Any/All"},
        "missing": "breaching",
        "statistic": "p99",
    }


ENVIRONMENTS = """\
environments:
  dev:
    removal_policy: destroy
    account: "000000000000"
    streams: {payments: {shards: 2}, extra: {kind: kinesis, mode: on_demand}}
    schemas: {payment: {amount: null}}
  prod: {}
"""


def test_a_file_with_environments_has_no_plan_without_one(run: Run, write: Write) -> None:
    result = run("plan", write(FINE + ENVIRONMENTS))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("\nerror[GRF305]: the file describes several systems, and none was chosen\n")
    assert "   = help: choose one of: `dev`, `prod`\n" in result.stderr


def test_what_was_merged_for_an_environment_is_shown(run: Run, write: Write) -> None:
    result = run("plan", write(FINE + ENVIRONMENTS), "--environment", "dev")
    assert result.exit_code == 0, result.stderr
    lines = result.stdout.splitlines()
    assert lines[0] == "payments (dev)"
    assert lines[1 : lines.index("├── stream payments: provisioned, 2 shards")] == [
        "├── differs from the rest of the file",
        "│   ├── schemas.payment.amount: taken out",
        "│   ├── streams.payments.shards: 2",
        "│   ├── streams.payments.workload: taken out",
        "│   ├── streams.extra: {kind: kinesis, mode: on_demand}",
        "│   ├── removal_policy: destroy",
        "│   └── account: '000000000000'",
    ]


def test_what_differs_in_nothing_has_no_list_of_it(run: Run, write: Write) -> None:
    file = write(FINE + ENVIRONMENTS)
    assert run("plan", file, "--environment", "prod").stdout.splitlines()[:2] == [
        "payments (prod)",
        "└── stream payments: provisioned, 2 shards",
    ]


def test_programs_are_told_the_environment_and_what_differs_in_it(run: Run, write: Write) -> None:
    made = json.loads(run("plan", write(FINE + ENVIRONMENTS), "--environment", "dev", "--format", "json").stdout)
    told = {name: made[name] for name in ("environment", "account", "region", "removal_policy", "differs")}
    assert told == {
        "environment": "dev",
        "account": "000000000000",
        "region": None,
        "removal_policy": "destroy",
        "differs": {
            "schemas.payment.amount": None,
            "streams.payments.shards": 2,
            "streams.payments.workload": None,
            "streams.extra": {"kind": "kinesis", "mode": "on_demand"},
            "removal_policy": "destroy",
            "account": "000000000000",
        },
    }


def test_a_pattern_is_planned_by_its_name(run: Run) -> None:
    result = run("plan", "lambda-consumer", "--format", "json")
    assert json.loads(result.stdout)["name"] == "payments"


@pytest.mark.parametrize(("system", "code"), [("lambda-consumr", "CMD107"), ("missing.yaml", "LNG101")])
def test_what_is_neither_a_file_nor_a_pattern(run: Run, system: str, code: str) -> None:
    result = run("plan", system)
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"error[{code}]" in result.stderr


def test_whom_alarms_tell_and_which_are_silenced_is_told() -> None:
    alarms = AlarmsSpec.model_validate(
        {
            "notify": ["a@example.com", "arn:aws:sns:eu-west-1:123456789012:pages", "told"],
            "silence": {"clicks.read_throttling": "nobody waits for it"},
        }
    )
    assert notified_lines(alarms) == [
        "alarms tell a@example.com, arn:aws:sns:eu-west-1:123456789012:pages, the topic told",
        "clicks.read_throttling is silenced: nobody waits for it",
    ]
    assert notified_lines(AlarmsSpec()) == []

"""The tree of a plan: deliveries, stores, topics and who writes to what."""

# ruff: noqa: E501 - the tree is as wide as it is

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console

from streaming_constructs.cli.tree import error_policy, pipeline_tree, reading
from streaming_constructs.planning import plan
from streaming_constructs.planning.consumers.lambda_function import plan_consumer
from streaming_constructs.spec import PipelineSpec
from streaming_constructs.spec.on_failure import OnFailure

if TYPE_CHECKING:
    from tests.cli.conftest import Write

SYSTEM = """\
name: shop
schemas:
  click: {country: string, at: timestamp}
streams:
  clicks:
    kind: kinesis
    schema: click
    workload: {records_per_second: 500, record_kb: 2}
  old: {kind: kinesis, arn: "arn:aws:kinesis:eu-west-1:111122223333:stream/old"}
consumers:
  unpack:
    kind: lambda
    from: old
    code: handlers/fraud
    to: [clicks, alerts]
    on_failure: {retries: 1, max_record_age_seconds: 60, destination: sqs}
  adopted:
    kind: lambda
    from: old
    function_arn: arn:aws:lambda:eu-west-1:111122223333:function:adopted
    on_failure: {retries: 1, max_record_age_seconds: 60, destination: sqs}
deliveries:
  lake:
    from: clicks
    to: {kind: s3, format: parquet, partition_by: [country, day(arrival)]}
  events:
    workload: {records_per_second: 10, record_kb: 1}
    to: {kind: s3, error_prefix: bad}
  loose:
    to: {kind: splunk, endpoint: "https://splunk.example.com:8088", secret_arn: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:out-AbCdEf"}
producers:
  hosts: {kind: kinesis_agent, to: clicks, files: [{path: /var/log/app.log}], runs_on: ec2}
  services: {kind: cloudwatch_logs, to: events, log_groups: [/shop/app]}
sns_topics:
  alerts: {kind: sns, subscribers: [{email: a@example.com}, {email: b@example.com}]}
  quiet: {kind: sns}
alarms: {notify: [{email: oncall@example.com}]}
"""
TREE = """\
shop (prod)
├── stream clicks: provisioned, 2 shards
│   ├── why
{working}
│   ├── takes 2 MiB/s and 2,000 records/s
│   ├── keeps records for 1 d
│   ├── written to by hosts (Kinesis Agent), unpack
│   └── delivery lake: to S3 as Parquet
│       ├── buffer of 128 MiB, the largest: queries like objects of 128 MiB
│       ├── written out after 900 s at the latest: how many values divide the flow is not known
│       ├── folders lake/by_country={{by_country}}/arrival_day={{arrival_day}}/
│       └── errors  errors/lake/
├── stream old (existing): provisioned
│   ├── why
│   │   └── number of shards unknown: give `capacity.shards` to have its capacity alarmed
│   ├── keeps records for 1 d
│   ├── consumer unpack: Lambda function
│   │   ├── reads 2 MiB/s of each shard, which it shares with 1 other reader
{unpack}
│   │   ├── a failed batch is split to find the bad record, and is given up after 1 retry or 1 min, its position kept in SQS, not its records
│   │   └── writes to clicks, alerts
│   └── consumer adopted: existing Lambda function
│       ├── reads 2 MiB/s of each shard, which it shares with 1 other reader
{adopted}
│       └── a failed batch is split to find the bad record, and is given up after 1 retry or 1 min, its position kept in SQS, not its records
├── delivery events: to S3 as JSON
│   ├── written to by services (CloudWatch Logs)
│   ├── buffer of 128 MiB, the largest: queries like objects of 128 MiB
│   ├── 0.01 MiB/s fills it in 13,107.2 s, more than the longest of 900 s → written out after 900 s at the latest
│   ├── objects: 8.789 MiB of records in 900 s, about 96 a day
│   ├── folders events/arrival_day={{arrival_day}}/
│   └── errors  bad/
├── delivery loose: to Splunk
│   ├── written to by whoever may
│   └── a request of 5 MiB, or of what came in 60 s
├── topic alerts: tells a@example.com, b@example.com
└── topic quiet: tells nobody that the spec names
"""


def printed(renderable: object) -> list[str]:
    console = Console(width=160, record=True, file=io.StringIO())
    console.print(renderable)
    return [line.rstrip() for line in console.export_text().splitlines()]


def indented(lines: tuple[str, ...], before: str, last: bool = False) -> str:
    ends = ["├──"] * (len(lines) - 1) + ["└──" if last else "├──"]
    return "\n".join(f"{before}{end} {line}" for end, line in zip(ends, lines, strict=True))


def test_everything_of_a_system_is_in_its_tree(write: Write) -> None:
    made = plan(PipelineSpec.load(write(SYSTEM)))
    expected = TREE.format(
        working=indented(made.streams["clicks"].working, "│   │   ", last=True),
        unpack=indented(made.consumers["unpack"].working, "│   │   "),
        adopted=indented(made.consumers["adopted"].working, "│       "),
    )
    assert printed(pipeline_tree(made)) == expected.splitlines()


def test_store_has_the_working_of_its_size() -> None:
    data = {
        "name": "shop",
        "environment": "dev",
        "stores": {"search": {"kind": "opensearch", "retention_days": 7}},
        "deliveries": {"logs": {"to": {"kind": "opensearch", "store": "search", "index": "logs"}}},
    }
    made = plan(PipelineSpec.model_validate(data))
    lines = printed(pipeline_tree(made))
    start = next(number for number, line in enumerate(lines) if "store search" in line)
    assert lines[1] == "├── delivery logs: to OpenSearch"
    assert lines[start] == f"└── store search: OpenSearch {made.stores['search'].spec.version}"
    assert [line.strip(" │├└─") for line in lines[start + 1 :]] == list(made.stores["search"].working)


@pytest.mark.parametrize(
    ("to", "text"),
    [
        ({"kind": "s3", "format": "orc"}, "to S3 as ORC"),
        ({"kind": "http", "endpoint": "https://example.com"}, "to an HTTP endpoint"),
    ],
)
def test_destination_is_called_what_people_call_it(to: Any, text: str) -> None:
    data = {
        "name": "shop",
        "schemas": {"click": {"page": "string"}},
        "deliveries": {"out": {"schema": "click", "to": to}},
    }
    assert printed(pipeline_tree(plan(PipelineSpec.model_validate(data))))[1] == f"└── delivery out: {text}"


@pytest.mark.parametrize(
    ("policy", "text"),
    [
        (
            {"retries": 1000, "max_record_age_seconds": 3600, "destination": "s3"},
            "a failed batch is split to find the bad record, and is given up after 1,000 retries or 1 h, kept in S3 with its records",
        ),
        (
            {"retries": 1, "max_record_age_seconds": 90, "destination": "sns", "bisect": False},
            "a failed batch is given up after 1 retry or 1 min 30 s, its position sent to SNS, not its records",
        ),
    ],
)
def test_what_becomes_of_a_failed_batch_is_one_sentence(policy: Any, text: str) -> None:
    assert error_policy(OnFailure.model_validate(policy)) == text


def test_reader_of_an_unknown_stream_shares_with_nobody_that_is_known(write: Write) -> None:
    spec = PipelineSpec.load(write(SYSTEM)).consumers["unpack"]
    assert reading(plan_consumer("unpack", spec)) == "reads 2 MiB/s of each shard, which it shares with nobody"
    alone = spec.model_copy(update={"enhanced_fan_out": True})
    assert reading(plan_consumer("unpack", alone)) == "reads by enhanced fan-out: 2 MiB/s of each shard for itself"

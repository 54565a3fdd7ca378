"""The tree of a plan: deliveries, stores, topics and who writes to what."""

# ruff: noqa: E501 - the tree is as wide as it is

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from streaming_constructs.cli.tree import pipeline_tree
from streaming_constructs.planning import plan
from streaming_constructs.spec import PipelineSpec
from streaming_constructs.spec.patterns import list_patterns

if TYPE_CHECKING:
    from streaming_constructs.spec.patterns import Pattern
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
    from: direct_put
    workload: {records_per_second: 10, record_kb: 1}
    to: {kind: s3, error_prefix: bad}
  loose:
    from: direct_put
    to: {kind: splunk, endpoint: "https://splunk.example.com:8088", secret_arn: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:out-AbCdEf"}
producers:
  hosts: {kind: kinesis_agent, to: clicks, files: [/var/log/app.log], runs_on: ec2}
  services: {kind: cloudwatch_logs, to: events, log_groups: [/shop/app]}
sns_topics:
  alerts: {kind: sns, subscribers: [{email: a@example.com}, {email: b@example.com}]}
  quiet: {kind: sns}
alarms: {notify: [{email: oncall@example.com}]}
"""
TREE = """\
shop
├── stream clicks: provisioned, 2 shards
│   ├── why
{working}
│   ├── takes 2 MiB/s and 2,000 records/s
│   ├── keeps records for 1 d
│   ├── written to by consumer unpack, producer hosts
│   └── delivery lake: to S3 as Parquet
{lake}
├── stream old: provisioned (existing)
│   ├── why
│   │   └── number of shards unknown: give `shards` to have its capacity alarmed
│   ├── keeps records for 1 d
│   ├── consumer unpack: Lambda function
{unpack}
│   └── consumer adopted: existing Lambda function
{adopted}
├── delivery events: to S3 as JSON
{events}
│   └── written to by producer services
├── delivery loose: to Splunk
{loose}
├── topic alerts: tells a@example.com, b@example.com
│   └── written to by consumer unpack
├── topic quiet: tells nobody that the spec names
├── producer hosts: Kinesis Agent, writes to clicks
└── producer services: CloudWatch Logs, writes to events
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
    lines = {name: node.summary().lines for name, node in made.nodes.items()}
    expected = TREE.format(
        working=indented(made.streams["clicks"].working, "│   │   ", last=True),
        lake=indented(lines["lake"], "│       ", last=True),
        unpack=indented(lines["unpack"], "│   │   ", last=True),
        adopted=indented(lines["adopted"], "│       ", last=True),
        events=indented(lines["events"], "│   "),
        loose=indented(lines["loose"], "│   ", last=True),
    )
    assert printed(pipeline_tree(made)) == expected.splitlines()


def test_a_store_is_told_with_who_uses_it() -> None:
    data = {
        "name": "shop",
        "stores": {"search": {"kind": "opensearch", "retention_days": 7}},
        "deliveries": {"logs": {"from": "direct_put", "to": {"kind": "opensearch", "domain": "search", "index": "x"}}},
    }
    made = plan(PipelineSpec.model_validate(data))
    lines = printed(pipeline_tree(made))
    start = next(number for number, line in enumerate(lines) if "store search" in line)
    assert lines[1] == "├── delivery logs: to OpenSearch"
    assert lines[start] == f"└── store search: OpenSearch {made.stores['search'].spec.version}"
    assert [line.strip(" │├└─") for line in lines[start + 1 :]] == [
        *made.stores["search"].working,
        "used by delivery logs",
    ]


def test_a_source_that_nobody_reads_says_so() -> None:
    data = {"name": "shop", "streams": {"s": {"kind": "kinesis", "mode": "on_demand"}}}
    lines = printed(pipeline_tree(plan(PipelineSpec.model_validate(data))))
    assert lines[1] == "└── stream s: on demand"
    assert lines[-1] == "    └── nobody reads it"


def test_what_differs_stands_first_and_is_no_markup() -> None:
    data = {"name": "shop", "streams": {"s": {"kind": "kinesis", "shards": 1}}}
    tree = pipeline_tree(plan(PipelineSpec.model_validate(data)), ["tags.a: '[red]\x1b[31m'"])
    assert printed(tree)[1:3] == [
        "├── differs from the rest of the file",
        "│   └── tags.a: '[red]\\x1b[31m'",
    ]


@pytest.mark.parametrize("pattern", list_patterns(), ids=lambda pattern: pattern.name)
def test_every_node_of_a_pattern_is_drawn_below_what_it_reads_and_one_of_a_thing_is_singular(pattern: Pattern) -> None:
    made = plan(PipelineSpec.load(pattern.spec_path))
    lines = [line.strip(" │├└─") for line in printed(pipeline_tree(made))]
    for name, node in made.nodes.items():
        summary = node.summary()
        # Below each of what it reads, and once else.
        times = max(1, len(node.spec.sources()))
        assert lines.count(f"{summary.noun} {name}: {summary.title}") == times
    # `1 shards`, but not `61 shards`, and not the unit `1 records/s`
    assert not [line for line in lines if re.search(r"(?<![\d.,])(?<!\+ )1 (?!is |always)[a-z]+s\b(?!/)", line)]

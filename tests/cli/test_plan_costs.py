"""`plan`: what a system costs in a month, for people and for programs."""

# ruff: noqa: E501 - a table is as wide as it is

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from streaming_constructs.cli.render_costs import CostTable, costs_object
from streaming_constructs.planning.costs.cost_line import CostLine
from streaming_constructs.planning.costs.system_costs import SystemCosts

if TYPE_CHECKING:
    from tests.cli.conftest import Run, Write

SYSTEM = """\
name: shop
region: eu-west-1
streams:
  clicks: {kind: kinesis, shards: 2, workload: {records_per_second: 1000, record_kb: 1}}
consumers:
  fraud:
    kind: lambda
    from: clicks
    code: handlers/fraud
    on_failure: {retries: 100, max_record_age_seconds: 3600, destination: sqs}
alarms: false
dashboard: true
"""
TABLE = """\
costs of a month of 730 hours in USD, by AWS's list in eu-west-1, prices of 2025-10-30 to 2026-07
node      what              USD  for               why
clicks                    68.18
          shards          24.82  being there       2 shards × 730 h
          records written 43.36  usage             1,000 records/s of 1 KiB, each rounded up to 25 KiB
fraud                      5.26
          invocations      5.26  usage             batches of up to 100 records or 0 s of 2 partitions
          duration            -                    how long it runs is not known: each 100 ms with 256 MB are 8.76 USD in eu-west-1
(system)                   3.39
          dashboard        3.39  being there ~1.13 1 dashboard
together 76.83 USD: 28.21 for being there, 48.62 for what flows
dearest first: clicks records written 43.36, clicks shards 24.82, fraud invocations 5.26, (system) dashboard 3.39
~ reckoned from us-east-1: no price of eu-west-1 is known, and others differ by this factor
- not known, and not in the sum
free tiers, discounts, taxes, logs and what leaves the region are not in it
"""


def words(text: str) -> list[list[str]]:
    return [line.split() for line in text.splitlines()]


def printed(costs: SystemCosts, width: int) -> list[str]:
    console = Console(width=width, record=True, file=io.StringIO())
    console.print(CostTable(costs))
    return [line.rstrip() for line in console.export_text().splitlines()]


def line(node: str, what: str, usd: float | None, **fields: object) -> CostLine:
    told = {"basis": "usage", "confidence": "high", "copied": "2026-05", "working": "so it is", "unit": "GB"}
    return CostLine(node=node, what=what, quantity=1.0, usd=usd, **{**told, **fields})  # type: ignore[arg-type]


def test_the_costs_stand_below_the_plan_by_node_and_line(run: Run, write: Write) -> None:
    result = run("plan", write(SYSTEM))
    assert result.exit_code == 0, result.stderr
    found = result.stdout[result.stdout.index("costs of a month") : result.stdout.index("\nlimits at the peak")]
    assert words(found) == words(TABLE)


def test_programs_get_each_line_with_its_page_its_day_and_its_confidence(run: Run, write: Write) -> None:
    made = json.loads(run("plan", write(SYSTEM), "--format", "json").stdout)["costs"]
    told = {name: made[name] for name in ("region", "region_is_given", "currency", "month_hours", "prices_copied")}
    assert told == {
        "region": "eu-west-1",
        "region_is_given": True,
        "currency": "USD",
        "month_hours": 730,
        "prices_copied": {"from": "2025-10-30", "to": "2026-07"},
    }
    assert (made["usd"], made["fixed_usd"], made["usage_usd"]) == (
        pytest.approx(76.83, abs=0.01),
        pytest.approx(28.21, abs=0.01),
        pytest.approx(48.62, abs=0.01),
    )
    shards, _ = made["nodes"]["clicks"]["lines"]
    assert shards == {
        "what": "shards",
        "usd": 24.82,
        "quantity": 1460,
        "unit": "shard-hour",
        "basis": "fixed",
        "working": "2 shards × 730 h",
        "confidence": "high",
        "factor": None,
        "source": "https://aws.amazon.com/kinesis/data-streams/pricing/",
        "copied": "2025-11-03",
        "own": False,
    }
    _, duration = made["nodes"]["fraud"]["lines"]
    assert (duration["usd"], duration["missing"][:26]) == (None, "how long it runs is not kn")
    (dashboard,) = made["system"]
    assert (dashboard["factor"], dashboard["confidence"]) == (1.13, "low")
    assert made["drivers"][0] == {"node": "clicks", "what": "records written", "usd": pytest.approx(43.362)}
    assert made["drivers"][-1] == {"node": None, "what": "dashboard", "usd": 3.39}


def test_a_region_without_prices_is_planned_without_costs_and_told(run: Run, write: Write) -> None:
    file = write(SYSTEM.replace("eu-west-1", "cn-north-1"))
    result = run("plan", file)
    assert result.exit_code == 0
    assert "costs of a month" not in result.stdout
    assert "note[CMD111]: no prices of the region are known\n  --> pipeline.yaml:2 region\n" in result.stderr
    made = json.loads(run("plan", file, "--format", "json").stdout)
    assert made["costs"] is None
    assert [finding["code"] for finding in made["findings"] if finding["code"].startswith("CMD")] == ["CMD111"]


def test_without_a_region_that_of_the_prices_is_told(run: Run, write: Write) -> None:
    out = run("plan", write(SYSTEM.replace("region: eu-west-1\n", ""))).stdout
    assert "by AWS's list in us-east-1, as no region is given, prices of 2025-10-30 to 2026-07\n" in out


def test_marks_are_told_where_there_are_such() -> None:
    lines = (line("a", "records", 0.004, confidence="medium"), line("a", "shards", 2.0, factor=1.2, confidence="low"))
    _, heading, _, *rows = printed(SystemCosts("eu-west-1", is_told=True, lines=lines), 200)
    assert heading.split() == ["node", "what", "USD", "for", "why"]
    assert rows[0].split() == ["records", "<", "0.01", "usage", "?", "so", "it", "is"]
    assert rows[1].split()[:4] == ["shards", "2.00", "usage", "~1.2"]
    assert rows[3:] == [
        "~ reckoned from us-east-1: no price of eu-west-1 is known, and others differ by this factor",
        "? from one source, which could not be held against AWS's list",
        "free tiers, discounts, taxes, logs and what leaves the region are not in it",
    ]


def test_costs_can_be_read_at_forty_columns() -> None:
    lines = (line("clicks", "shards", 1234.5, basis="fixed"), line("", "dashboard", None, working="not known"))
    found = printed(SystemCosts("us-east-1", is_told=True, lines=lines), 40)
    assert max(map(len, found)) <= 40
    assert "clicks: 1,234.50" in found
    assert "  shards: 1,234.50 (being there), so it" in found
    assert "  dashboard: -, not known" in found


def test_what_costs_nothing_has_no_table_and_an_empty_object() -> None:
    nothing = SystemCosts("us-east-1", is_told=False, lines=())
    assert printed(nothing, 100) == []
    assert (costs_object(nothing)["usd"], costs_object(nothing)["nodes"]) == (0, {})


def test_text_of_a_spec_is_no_markup_in_the_table() -> None:
    found = printed(SystemCosts("us-east-1", is_told=True, lines=(line("a", "b", 1.0, working="[red]x[/red]"),)), 200)
    assert any("[red]x[/red]" in row for row in found)

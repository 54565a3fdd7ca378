"""`plan`: the limits that bind first, and what keys and small records ask for."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from streaming_constructs.cli.render_limits import LimitTable
from streaming_constructs.planning.limits.advice import Advice
from streaming_constructs.planning.limits.limit import Limit

if TYPE_CHECKING:
    from tests.cli.conftest import Run, Write

SYSTEM = """\
name: shop
region: eu-west-1
streams:
  clicks: {kind: kinesis, partition_key: user_id, workload: {records_per_second: 5000, record_bytes: 400}}
consumers:
  fraud:
    kind: lambda
    from: clicks
    code: handlers/fraud
    on_failure: {retries: 100, max_record_age_seconds: 3600, destination: sqs}
alarms: false
"""
TOLD = """\
limits at the peak, the nearest first
node    what               used               of  share    room
clicks  records written   5,000  7,000 records/s    71%  1.4x +
clicks  bytes written     1.907          7 MiB/s    27%  3.7x +
clicks  reads of a shard      1        5 calls/s    20%
clicks  bytes read        1.907         14 MiB/s    14%  7.3x +
room: how much more load fits; + is made larger as the load grows
2 more limits are further away; `--format json` has all

keys of clicks: `user_id` needs 70 values or more, ten for each of 7 shards
  no value in more than 20% of the records: a shard takes 1 MiB/s and 1,000 records/s
  streaming-constructs keys EVENTS --field user_id --shards 7

small records in clicks: with 64 in one of up to 25 KiB, as the KPL puts them together,
  7 shards become 3, and 303.68 USD a month become 40.62
  KCL and Firehose take them apart by themselves, functions and Flink need code for it
"""


DOCS = (Path(__file__).parents[2] / "docs" / "costs.md").read_text()


def printed(limits: tuple[Limit, ...], width: int) -> list[str]:
    console = Console(width=width, record=True, file=io.StringIO())
    console.print(LimitTable(Advice(limits, (), ())))
    return [line.rstrip() for line in console.export_text().splitlines()]


def limit(share: float = 0.5, **fields: object) -> Limit:
    told = {
        "node": "clicks",
        "what": "bytes",
        "used": share * 10,
        "most": 10.0,
        "unit": " MiB/s",
        "source": "https://…",
    }
    return Limit(**{**told, **fields})  # type: ignore[arg-type]


def test_limits_keys_and_small_records_stand_below_the_costs(run: Run, write: Write) -> None:
    result = run("plan", write(SYSTEM))
    assert result.exit_code == 0, result.stderr
    found = result.stdout[result.stdout.index("limits at the peak") :]
    assert [line.split() for line in found.splitlines()] == [line.split() for line in TOLD.splitlines()]
    assert max(map(len, found.splitlines())) <= 88
    assert found in DOCS


def test_programs_get_all_of_them(run: Run, write: Write) -> None:
    made = json.loads(run("plan", write(SYSTEM), "--format", "json").stdout)
    assert made["limits"][0] == {
        "node": "clicks",
        "what": "records written",
        "used": 5000,
        "most": 7000,
        "unit": "records/s",
        "share": 0.714286,
        "room": 1.4,
        "grows": True,
        "source": "https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html",
    }
    assert [(told["node"], told["what"]) for told in made["limits"][-2:]] == [
        (None, "concurrent executions"),
        (None, "shards"),
    ]
    (keys,), (small,) = made["keys"], made["small_records"]
    assert (keys["shards"], keys["keys"], keys["largest_share"]) == (7, 70, 0.2)
    assert (small["shards"], small["records_in_one"]) == ({"now": 7, "then": 3}, 64)


def test_a_system_without_limits_has_none_told(run: Run, write: Write) -> None:
    file = write("name: shop\nstreams: {clicks: {kind: kinesis, mode: on_demand}}\n")
    assert "limits at the peak" not in run("plan", file).stdout
    assert json.loads(run("plan", file, "--format", "json").stdout)["limits"] == []


def test_a_region_without_prices_has_its_limits(run: Run, write: Write) -> None:
    out = run("plan", write(SYSTEM.replace("eu-west-1", "cn-north-1"))).stdout
    assert "limits at the peak" in out
    assert "small records" not in out


def test_limits_can_be_read_at_forty_columns() -> None:
    found = printed((limit(), limit(0.3, node="", grows=True)), 40)
    assert max(map(len, found)) <= 40
    assert "clicks bytes: 5 of 10 MiB/s, 50%, room" in found
    assert any(line.startswith("(account) bytes: 3 of 10 MiB/s, 30%,") for line in found)


def test_of_many_limits_people_are_told_the_nearest() -> None:
    found = printed(tuple(limit(0.5) for _ in range(15)), 100)
    assert len([line for line in found if line.startswith("clicks")]) == 10
    assert found[-1] == "5 more limits are further away; `--format json` has all"
    far = printed((limit(0.01),), 100)
    assert far == ["1 limit is further away; `--format json` has all"]


def test_text_of_a_spec_is_no_markup_in_the_table() -> None:
    assert any("[red]x[/red]" in line for line in printed((limit(what="[red]x[/red]"),), 100))

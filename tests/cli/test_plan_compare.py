"""`plan --compare`: what streams and clusters could be instead."""

# ruff: noqa: E501 - a remark is as long as it is

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.cli.conftest import Run, Write

DOCS = (Path(__file__).parents[2] / "docs" / "costs.md").read_text()
SYSTEM = """\
name: shop
region: us-west-2
streams:
  clicks: {kind: kinesis, workload: {records_per_second: 250000, record_kb: 1}}
alarms: false
"""
TOLD = """\
instead, in USD a month
node    as                                            node     system     differs
clicks  provisioned, 325 shards                  12,756.75  12,756.75         now
        on demand                                50,154.32  50,154.32  +37,397.57
        on demand with Advantage                 21,076.61  21,076.61   +8,319.86
        MSK Serverless, 69 partitions !          65,339.39  65,339.39  +52,582.64
        Express brokers, 9 x express.m7g.xlarge  15,645.38  15,645.38   +2,888.63
        Standard brokers, 9 x kafka.m7g.xlarge   11,333.16  11,333.16   -1,423.59
! clicks as MSK Serverless, 69 partitions: a serverless cluster carries less than this [MSK470]
on demand with Advantage: if it is the only stream on demand of its account in the region: 25 MiB/s are charged at least, in and out
MSK Serverless, Express brokers, Standard brokers: producers and readers are written anew, in a VPC; the cluster takes other topics beside it
"""


def test_alternatives_stand_below_the_plan_and_in_the_docs(run: Run, write: Write) -> None:
    result = run("plan", write(SYSTEM), "--compare")
    assert result.exit_code == 0, result.stderr
    found = result.stdout[result.stdout.index("instead, in USD a month") :]
    assert found == TOLD
    assert TOLD in DOCS


def test_programs_get_each_alternative_with_why_it_would_not_do(run: Run, write: Write) -> None:
    now, *others = json.loads(run("plan", write(SYSTEM), "--compare", "--format", "json").stdout)["alternatives"]
    assert (now["node"], now["what"], now["is_now"], now["why_not"]) == ("clicks", "provisioned, 325 shards", True, [])
    serverless = others[2]
    assert serverless["why_not"] == ["a serverless cluster carries less than this [MSK470]"]
    assert serverless["system_usd"] - now["system_usd"] > 0


def test_a_price_that_is_reckoned_is_marked_and_explained(run: Run, write: Write) -> None:
    file = write(SYSTEM.replace("us-west-2", "eu-west-3"))
    out = run("plan", file, "--compare").stdout
    assert out.endswith("\n~ some price of it is reckoned from that of us-east-1, as none of the region is known\n")
    told = json.loads(run("plan", file, "--compare", "--format", "json").stdout)
    assert {one["mark"] for one in told["alternatives"]} == {"~"}
    assert told["small_records"][0]["mark"] == "~"


def test_nothing_to_compare_is_told(run: Run, write: Write) -> None:
    out = run("plan", write("name: shop\nstreams: {clicks: {kind: kinesis, shards: 2}}\n"), "--compare").stdout
    assert out.endswith("nothing to compare: no stream or cluster is created whose load is known\n")


def test_without_prices_nothing_is_compared_and_that_is_told(run: Run, write: Write) -> None:
    result = run("plan", write(SYSTEM.replace("us-west-2", "cn-north-1")), "--compare")
    assert "instead, in USD" not in result.stdout
    assert "CMD111" in result.stderr


def test_a_plan_compares_nothing_unless_it_is_asked(run: Run, write: Write) -> None:
    file = write(SYSTEM)
    assert "instead, in USD" not in run("plan", file).stdout
    assert "alternatives" not in json.loads(run("plan", file, "--format", "json").stdout)

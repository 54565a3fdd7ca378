"""`prices refresh`, and `plan` with prices of one's own."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.price_lists import flat, offer

if TYPE_CHECKING:
    from tests.cli.conftest import Run, Write

KEPT = "streaming-constructs-prices.json"
SYSTEM = "name: shop\nregion: eu-west-1\nstreams: {clicks: {kind: kinesis, shards: 2}}\nalarms: false\n"
LIST = offer(
    "AmazonKinesis",
    ("EU-Storage-ShardHour", "eu-west-1", flat("0.018")),
    ("EU-PutRequestPayloadUnits", "eu-west-1", flat("0.0000000165")),
    ("EU-Extended-ShardHour", "eu-west-1", flat("9")),
)


def listed(made: Any = LIST, name: str = "index.json") -> str:
    Path(name).write_text(made if isinstance(made, str) else json.dumps(made))
    return name


def test_what_differs_what_is_missing_and_what_is_not_taken_is_told(run: Run, write: Write) -> None:
    write(SYSTEM)
    result = run("prices", "refresh", listed())
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert lines[:3] == [
        "AmazonKinesis, published 2026-11-20",
        "kinesis.SHARD_HOUR in eu-west-1: 0.017 → 0.018 USD, shard-hour",
        f"2 prices kept in {KEPT}; 1 price the same as before",
    ]
    assert lines[3].startswith("not in the list: kinesis.LONG_TERM_RETENTION, ")
    assert "\n".join(lines[:3]) in (Path(__file__).parents[2] / "docs" / "costs.md").read_text()
    assert (
        lines[4]
        == "not taken: kinesis.EXTENDED_RETENTION in eu-west-1: 9 USD is more than 10 times away from 0.023: it is not taken"
    )


def test_programs_get_the_same(run: Run, write: Write) -> None:
    write(SYSTEM)
    made = json.loads(run("prices", "refresh", listed(), "--format", "json", "--output", "own.json").stdout)
    assert (made["offer"], made["published"], made["file"]) == ("AmazonKinesis", "2026-11-20", "own.json")
    assert made["prices"][1] == {
        "name": "kinesis.SHARD_HOUR",
        "region": "eu-west-1",
        "usd": [0.018],
        "before": [0.017],
        "changed": True,
    }
    assert Path("own.json").exists()


def test_a_plan_is_reckoned_by_the_prices_beside_its_spec(run: Run, write: Write) -> None:
    file = write(SYSTEM)
    assert run("prices", "refresh", listed()).exit_code == 0
    out = run("plan", file).stdout
    assert "26.28" in out  # 2 × 730 × 0.018
    assert "of 1 line the price is that of your own price list\n" in out
    (line, _) = json.loads(run("plan", file, "--format", "json").stdout)["costs"]["nodes"]["clicks"]["lines"]
    assert (line["usd"], line["own"], line["copied"]) == (26.28, True, "2026-11-20")
    assert line["source"] == "AWS price list of AmazonKinesis, published 2026-11-20"
    Path(KEPT).unlink()
    assert "24.82" in run("plan", file).stdout


def test_a_list_that_is_kept_already_changes_nothing(run: Run, write: Write) -> None:
    first, second = run("prices", "refresh", listed()).stdout, run("prices", "refresh", listed()).stdout
    assert "kinesis.SHARD_HOUR in eu-west-1: 0.017 → 0.018 USD" in first
    assert "→" not in second
    assert "2 prices kept in streaming-constructs-prices.json; 2 prices the same as before" in second


@pytest.mark.parametrize("verb", ["plan", "draw", "simulate"])
def test_all_that_tell_costs_refuse_a_broken_file_of_own_prices(run: Run, write: Write, verb: str) -> None:
    file = write(SYSTEM)
    Path(KEPT).write_text("junk")
    told = run(verb, file)
    assert told.exit_code == 2
    assert "it is none that `streaming-constructs prices refresh` wrote" in told.output


def test_loads_and_alternatives_go_by_the_same_prices(run: Run, write: Write) -> None:
    file = write(SYSTEM.replace("shards: 2", "workload: {records_per_second: 1000, record_kb: 1}"))
    assert run("prices", "refresh", listed()).exit_code == 0
    made = json.loads(run("plan", file, "--at", "2x", "--compare", "--format", "json").stdout)
    assert [row["fixed_usd"] for row in made["at"]] == [26.28, 39.42]
    assert made["alternatives"][0]["usd"] == made["costs"]["usd"]


def test_a_region_that_own_prices_are_of_is_known(run: Run, write: Write) -> None:
    file = write(SYSTEM.replace("eu-west-1", "me-central-1"))
    assert "CMD111" in run("plan", file).stderr
    listed(offer("AmazonKinesis", ("MEC1-Storage-ShardHour", "me-central-1", flat("0.02"))))
    assert run("prices", "refresh", "index.json").exit_code == 0
    result = run("plan", file)
    assert "29.20" in result.stdout
    assert "CMD111" not in result.stderr


@pytest.mark.parametrize(
    ("made", "said"),
    [
        ("{", "index.json: it is no JSON"),
        (offer("AmazonEC2"), "nothing here is charged by `AmazonEC2`"),
        (offer("\x1b[2J"), "nothing here is charged by"),
    ],
)
def test_what_is_no_list_is_wrong_usage_and_nothing_is_written(run: Run, write: Write, made: Any, said: str) -> None:
    write(SYSTEM)
    result = run("prices", "refresh", listed(made))
    assert (result.exit_code, Path(KEPT).exists()) == (2, False)
    assert said in result.stderr
    assert "\x1b" not in result.stderr


def test_a_file_that_is_not_there_and_one_that_cannot_be_written_are_told(run: Run, write: Write) -> None:
    write(SYSTEM)
    assert "none.json cannot be read: No such file" in run("prices", "refresh", "none.json").stderr
    result = run("prices", "refresh", listed(), "--output", "none/own.json")
    assert (result.exit_code, "cannot be written: No such file" in result.stderr) == (2, True)
    os.mkfifo("pipe")
    assert "It is no regular file" in run("prices", "refresh", "pipe").stderr


def test_a_list_without_a_price_of_ours_writes_nothing(run: Run, write: Write) -> None:
    write(SYSTEM)
    result = run("prices", "refresh", listed(offer("AmazonKinesis")))
    assert (result.exit_code, Path(KEPT).exists()) == (0, False)
    assert "no price that costs are reckoned by was found; nothing is written" in result.stdout


def test_a_broken_file_of_own_prices_is_told_and_kept(run: Run, write: Write) -> None:
    file = write(SYSTEM)
    Path(KEPT).write_text("mine")
    for command in (("plan", file), ("prices", "refresh", listed())):
        result = run(*command)
        assert result.exit_code == 2
        assert f"{KEPT}: it is none that `streaming-constructs prices refresh` wrote" in result.stderr
    assert Path(KEPT).read_text() == "mine"

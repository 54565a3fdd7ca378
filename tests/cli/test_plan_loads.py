"""`plan --at`: the same at other loads, and where the design stops fitting."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from streaming_constructs.cli.render_loads import LoadTable, times
from streaming_constructs.planning.loads.report import loads_of
from streaming_constructs.planning.plan_file import load_plan

if TYPE_CHECKING:
    from tests.cli.conftest import Run, Write

DOCS = (Path(__file__).parents[2] / "docs" / "costs.md").read_text()
SYSTEM = """\
name: shop
region: eu-west-1
streams:
  clicks: {kind: kinesis, mode: on_demand, workload: {records_per_second: 3000, record_kb: 1, peak_factor: 2}}
  orders: {kind: kinesis, shards: 4, workload: {records_per_second: 1000, record_kb: 1}}
consumers:
  fraud:
    kind: lambda
    from: clicks
    code: handlers/fraud
    on_failure: {retries: 59, max_record_age_seconds: 3600, destination: sqs}
alarms: false
"""
TOLD = """\
at other loads
                     0.5x        1x        2x        10x
USD a month        623.33  1,164.17  2,245.85  10,899.31
  for being there   82.49     82.49     82.49      82.49
  for what flows   540.84  1,081.68  2,163.36  10,816.82
  clicks           544.13  1,055.40  2,077.95  10,258.37
  orders            71.32     93.00    136.36     483.26
  fraud              7.88     15.77     31.54     157.68
errors, warnings     0, 0      0, 0      0, 0       0, 1
what is not known in the table of costs is in none of the sums

where it stops fitting
  at 4.01x orders: fewer shards than the workload needs: it will be throttled [KIN407]
    4 shards; the peak needs 5 before any headroom

clicks: above 9.91 MiB/s (3.38x) on demand with Advantage is cheaper than on demand, if no other stream has it
"""


def test_the_same_at_other_loads_stands_below_the_plan_and_in_the_docs(run: Run, write: Write) -> None:
    result = run("plan", write(SYSTEM), "--at", "0.5x,2x,10x")
    assert result.exit_code == 0, result.stderr
    found = result.stdout[result.stdout.index("at other loads") :]
    assert found == TOLD
    assert TOLD in DOCS


def test_programs_get_every_load_every_stop_and_every_break_even(run: Run, write: Write) -> None:
    made = json.loads(run("plan", write(SYSTEM), "--at", "2", "--format", "json").stdout)
    now, twice = made["at"]
    assert (now["factor"], now["usd"]) == (1, made["costs"]["usd"])
    assert (twice["factor"], twice["usd"], twice["nodes_usd"]["orders"]) == (2, 2245.855, 136.364)
    assert twice["sizes"] == {"orders": {"shards": 4}}
    assert [(stop["node"], stop["code"], stop["level"]) for stop in made["stops"]] == [
        ("orders", "KIN407", "warning"),
    ]
    assert [stop["factor"] for stop in made["stops"]] == pytest.approx([4], rel=0.006)
    (even,) = made["break_evens"]
    assert (even["stream"], even["now"], even["cheaper"], even["from"]) == ("clicks", "on_demand", "advantage", "above")
    assert even["mib_per_second"] == pytest.approx(9.9, rel=0.01)
    assert even["factor"] == pytest.approx(even["mib_per_second"] / 2.9296875, rel=0.001)


def test_sizes_that_grow_have_a_row(run: Run, write: Write) -> None:
    out = run("plan", write(SYSTEM.replace("shards: 4, ", "")), "--at", "10x").stdout
    assert ["orders", "shards", "2", "13"] in [line.split() for line in out.splitlines()]


def test_loads_that_do_not_fit_stand_below_and_no_number_is_cut(write: Write) -> None:
    loads = loads_of(load_plan(write(SYSTEM)), [0.5, 2, 10, 100, 1000])
    console = Console(width=60, record=True, file=io.StringIO())
    console.print(LoadTable(loads))
    text = console.export_text()
    assert "…" not in text
    heads = [line.split() for line in text.splitlines() if line.strip().endswith("x") and line.startswith("  ")]
    assert heads[:3] == [["0.5x", "1x"], ["2x", "10x"], ["100x", "1,000x"]]


@pytest.mark.parametrize(
    ("at", "said"), [("fast", "`fast` is no load"), ("\x1b[2J", "is no load"), ("2x,2000x", "`2000x` is no load")]
)
def test_what_is_no_load_is_wrong_usage(run: Run, write: Write, at: str, said: str) -> None:
    result = run("plan", write(SYSTEM), "--at", at)
    assert result.exit_code == 2
    assert said in result.stderr
    assert "\x1b" not in result.stderr


def test_without_a_workload_there_is_no_other_load(run: Run, write: Write) -> None:
    result = run("plan", write("name: shop\nstreams: {clicks: {kind: kinesis, shards: 2}}\n"), "--at", "2x")
    assert result.exit_code == 2
    assert "give a stream its `workload`" in result.stderr


def test_what_fits_at_any_load_is_told_so(run: Run, write: Write) -> None:
    light = "name: shop\nstreams: {clicks: {kind: kinesis, workload: {records_per_second: 1, record_kb: 1}}}\n"
    assert "nothing stops fitting up to 1,000x the load" in run("plan", write(light), "--at", "2x").stdout


def test_factors_are_read_in_three_digits() -> None:
    assert [times(factor) for factor in (0.5, 7.304, 34.149, 1000)] == ["0.5x", "7.3x", "34.1x", "1,000x"]


def test_a_plan_loads_nothing_of_other_loads() -> None:
    program = (
        "import sys; from click.testing import CliRunner; from streaming_constructs.cli.group import verbs; "
        "CliRunner().invoke(verbs, ['plan', 'lambda-consumer']); "
        "print([name for name in sys.modules if '.loads' in name or 'render_loads' in name])"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert found.strip() == "[]"


def test_a_chart_is_svg_or_png_by_its_ending(run: Run, write: Write) -> None:
    file = write(SYSTEM)
    for name, begin in (("a.svg", b"<svg "), ("a.png", b"\x89PNG\r\n\x1a\n")):
        for _ in range(2):
            assert run("plan", file, "--chart", name).exit_code == 0
        assert Path(name).read_bytes().startswith(begin)


@pytest.mark.parametrize(
    ("chart", "said"), [("a.pdf", "a picture is SVG or PNG"), ("none/a.svg", "none/a.svg cannot be written: No such")]
)
def test_what_cannot_be_drawn_is_wrong_usage(run: Run, write: Write, chart: str, said: str) -> None:
    result = run("plan", write(SYSTEM), "--chart", chart)
    assert result.exit_code == 2
    assert said in result.stderr


def test_png_needs_its_extra_and_a_chart_a_workload(run: Run, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    assert "pip install 'streaming-constructs[draw]'" in run("plan", write(SYSTEM), "--chart", "a.png").stderr
    result = run("plan", write("name: shop\nstreams: {clicks: {kind: kinesis, shards: 2}}\n"), "--chart", "a.svg")
    assert (result.exit_code, Path("a.svg").exists()) == (2, False)


BROKERS = """\
name: shop
region: us-east-1
clusters: {main: {kind: msk}}
streams: {clicks: {kind: kafka, cluster: main, workload: {records_per_second: 1000, record_kb: 1}}}
alarms: false
"""


def test_what_is_found_at_any_load_is_counted_at_each_and_is_no_reason_against_another_kind(
    run: Run, write: Write
) -> None:
    made = json.loads(run("plan", write(BROKERS), "--at", "2x", "--compare", "--format", "json").stdout)
    assert [[found["code"] for found in row["findings"]] for row in made["at"]] == [["MSK479"], ["MSK479"]]
    (express,) = (told for told in made["alternatives"] if told["what"].startswith("Express"))
    assert express["why_not"] == []

"""Measures synthesis of each pattern against the same system written by hand in CDK, and holds it to budgets: `make bench`.

Every number is of a fresh process, and all are compared within one run, on one machine and one Node.js. Exit codes: 0 within
all budgets; 1 a budget is missed, or what is written by hand is no longer the same system.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import yaml
from measure import CAN_MEASURE_MEMORY, Run, Summary, measure
from rich.console import Console
from rich.table import Table
from same_system import differences

from streaming_constructs.loading import choose_node
from streaming_constructs.spec.patterns import list_patterns

HERE = Path(__file__).resolve().parent
CLI = Path(sys.executable).with_name("streaming-constructs")
PATTERNS = {pattern.name: pattern.spec_path for pattern in list_patterns()}

BY_HAND_VALIDATED, OURS_VALIDATED = "by hand, validated by CDK", "ours, `synth` validates"
BY_HAND, OURS = "by hand, not validated", "ours, not validated"

MANY = "lambda-consumer"
BEYOND = f"one and many ({MANY})"
EMPTY, VALIDATE = "empty app, not validated", "`validate` of 200 nodes"
GROWTH = {count: f"per pipeline, in an app of {count}" for count in (1, 10, 50, 100)}

NOT_PASSED_ON = ("CDK_", "PYTHONDONTWRITEBYTECODE")
"""What would have CDK do something else, and what would have Python compile us anew, but not what is installed."""

HEADER = (
    "Wall time of fresh processes, run in turn after one of each to warm up; per pipeline: build and synthesis alone. "
    "Memory: resident, Python and Node.js together, median. Budgets hold for minimums, to which noise adds least."
)

Summaries = Mapping[str, Mapping[str, Summary]]
"""Of each case, by the block that it stands in: a pattern, or what is measured beyond them."""


@dataclass(frozen=True, slots=True)
class Case:
    """A program that is run again and again, each time in a new folder."""

    program: Path
    arguments: tuple[str | Path, ...] = ()
    cdk_validates: bool = False

    def run(self) -> tuple[Run, dict[str, Any]]:
        """How it ran, and the template that it wrote, if it wrote one."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith(NOT_PASSED_ON)}
        environment |= {"CDK_OUTDIR": "cdk.out"} | ({} if self.cdk_validates else {"CDK_VALIDATION": "false"})
        with tempfile.TemporaryDirectory() as folder:
            run = measure([sys.executable, str(self.program), *map(str, self.arguments)], environment, folder)
            templates = Path(folder).glob("cdk.out/*.template.json")
            return run, next((json.loads(path.read_text(encoding="utf-8")) for path in templates), {})


@dataclass(frozen=True, slots=True)
class Check:
    """A number, and what it may be at most."""

    name: str
    value: float
    budget: float
    unit: str = " x"

    @property
    def kept(self) -> bool:
        return self.value <= self.budget


def pattern_cases(name: str) -> dict[str, Case]:
    by_hand = HERE / "handwritten" / f"{name.replace('-', '_')}.py"
    return {
        BY_HAND_VALIDATED: Case(by_hand, cdk_validates=True),
        OURS_VALIDATED: Case(CLI, ("synth", PATTERNS[name]), cdk_validates=True),
        BY_HAND: Case(by_hand),
        OURS: Case(HERE / "ours.py", (PATTERNS[name],)),
    }


def checks(summaries: Summaries) -> dict[str, list[Check]]:
    beyond = summaries[BEYOND]
    return {name: pattern_checks(summaries[name]) for name in PATTERNS} | {
        BEYOND: [
            Check(f"{GROWTH[100]} / of 10", beyond[GROWTH[100]].minimum / beyond[GROWTH[10]].minimum, 1.25),
            Check(VALIDATE, beyond[VALIDATE].minimum * 1000, 300, " ms"),
        ]
    }


def pattern_checks(summaries: Mapping[str, Summary]) -> list[Check]:
    validated, by_hand_validated = summaries[OURS_VALIDATED], summaries[BY_HAND_VALIDATED]
    memory = [Check("the same, peak memory", validated.mib / by_hand_validated.mib, 1.0)] if CAN_MEASURE_MEMORY else []
    return [
        Check(f"{OURS_VALIDATED} / {BY_HAND_VALIDATED}", validated.minimum / by_hand_validated.minimum, 0.6),
        *memory,
        Check(f"{OURS} / {BY_HAND}", summaries[OURS].minimum / summaries[BY_HAND].minimum, 1.15),
    ]


def write_many_nodes(folder: Path) -> Path:
    """The pattern's stream and consumer a hundred times over, in one spec."""
    spec = PATTERNS[MANY]
    system = yaml.safe_load(spec.read_text(encoding="utf-8"))
    (stream,), (consumer,) = system["streams"].values(), system["consumers"].values()
    shutil.copytree(spec.parent / consumer["code"], folder / consumer["code"])
    system["streams"] = {f"stream_{number}": stream for number in range(100)}
    system["consumers"] = {f"consumer_{number}": {**consumer, "from": f"stream_{number}"} for number in range(100)}
    path = folder / "pipeline.yaml"
    without_anchors = json.loads(json.dumps(system))
    path.write_text(yaml.safe_dump(without_anchors, sort_keys=False), encoding="utf-8")
    return path


def measure_all(rounds: int, growth_rounds: int, console: Console) -> Summaries:
    """Runs all cases in turn, round after round, so that a slow minute of the machine meets all of them.

    Raises:
        SystemExit: If what is written by hand is not the same system.
    """
    with tempfile.TemporaryDirectory() as folder, console.status("warming up") as status:
        compared = {name: pattern_cases(name) for name in PATTERNS} | {
            BEYOND: {
                EMPTY: Case(HERE / "empty.py"),
                VALIDATE: Case(CLI, ("validate", write_many_nodes(Path(folder)))),
            }
        }
        for block, cases in compared.items():
            status.update(f"warming up: {block}")
            templates = {name: case.run()[1] for name, case in cases.items()}
            if block in PATTERNS and (different := differences(templates[OURS], templates[BY_HAND])):
                message = f"{cases[BY_HAND].program.name} is not the same system as the pattern (+ ours, - by hand):"
                sys.exit("\n".join((message, *different)))
        runs: dict[str, dict[str, list[Run]]] = {block: {} for block in compared}
        for number in range(1, rounds + 1):
            for block, cases in compared.items():
                for name, case in cases.items():
                    status.update(f"round {number} of {rounds}: {block}, {name}")
                    runs[block].setdefault(name, []).append(case.run()[0])
        for number in range(1, growth_rounds + 1):
            for count, name in GROWTH.items():
                status.update(f"growth, round {number} of {growth_rounds}: {name}")
                run, _ = Case(HERE / "growth.py", (PATTERNS[MANY], str(count))).run()
                runs[BEYOND].setdefault(name, []).append(replace(run, seconds=float(run.output) / count))
    return {block: {name: Summary(tuple(each)) for name, each in named.items()} for block, named in runs.items()}


def show(summaries: Summaries, kept: Mapping[str, list[Check]], console: Console) -> None:
    measured = Table("", "minimum", "median", "peak memory", "runs", box=None)
    for column in measured.columns[1:]:
        column.justify = "right"
    budgets = Table("", "measured", "budget", "", box=None)
    for column in budgets.columns[1:3]:
        column.justify = "right"
    for block in summaries:
        measured.add_row(f"[bold]{block}[/]")
        for name, summary in summaries[block].items():
            memory = f"{summary.mib:,.0f} MiB" if CAN_MEASURE_MEMORY else "needs Linux"
            measured.add_row(name, time(summary.minimum), time(summary.median), memory, str(len(summary.runs)))
        budgets.add_row(f"[bold]{block}[/]")
        for check in kept[block]:
            verdict = "[green]kept[/]" if check.kept else "[bold red]missed[/]"
            digits = 0 if check.unit == " ms" else 2
            budgets.add_row(
                check.name, f"{check.value:.{digits}f}{check.unit}", f"{check.budget:.{digits}f}{check.unit}", verdict
            )
    console.print(HEADER, end="\n\n")
    console.print(measured)
    console.print()
    console.print(budgets)


def time(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.0f} ms"


def main() -> None:
    parser = argparse.ArgumentParser(
        description="Measures synthesis against hand-written CDK, and holds it to budgets."
    )
    parser.add_argument("--quick", action="store_true", help="measure fewer times")
    parser.add_argument("--json", action="store_true", help="print the numbers as JSON")
    arguments = parser.parse_args()
    choose_node()
    summaries = measure_all(*((2, 1) if arguments.quick else (4, 2)), Console(stderr=True))
    kept = checks(summaries)
    if arguments.json:
        print(json.dumps({"measured": numbers(summaries), "budgets": verdicts(kept)}, indent=2))
    else:
        show(summaries, kept, Console())
    sys.exit(0 if all(check.kept for each in kept.values() for check in each) else 1)


def numbers(summaries: Summaries) -> dict[str, dict[str, dict[str, float]]]:
    return {
        block: {
            name: {
                "minimum_seconds": one.minimum,
                "median_seconds": one.median,
                "peak_mib": one.mib,
                "runs": len(one.runs),
            }
            for name, one in named.items()
        }
        for block, named in summaries.items()
    }


def verdicts(kept: Mapping[str, list[Check]]) -> dict[str, list[dict[str, Any]]]:
    return {block: [asdict(one) | {"kept": one.kept} for one in each] for block, each in kept.items()}


if __name__ == "__main__":
    main()

"""Measures each pattern against a yardstick of one run, on one machine, and holds the ratios to budgets: `make bench`.

What is compared runs as fresh processes in pairs, A B A B, and is divided pair by pair. The median of the ratios is judged,
and their spread is shown: a wide one tells that the machine was busy, and that the median says less.

- `validate` is measured by yardstick.py, which imports what any such command imports and validates one model of one field.
  The budget is 1.5 times its CPU, a twentieth of it for each kind beyond a stream and what reads it, as its model and plan have
  to be loaded, and half a millisecond for each node of the spec; the table has it as a ratio.
- Synthesis is measured by the same system written by hand in CDK (handwritten/): `streaming_app` without any validation, and
  `synth`, which validates, with what CDK validates by default. Both have to be the same system, or nothing is measured.
- An app of many pipelines is measured by an app of few: a pipeline may not get dearer.

CPU is that of the whole process and of its children, Node.js among them. It is judged because a busy machine moves it least;
time on the wall, in the upper table, goes with the neighbours. On an idle machine CPU is a little kinder to `synth` than time
is, because V8 compiles CDK's validation, which `synth` does without, on all cores.

Exit codes: 0 within all budgets; 1 a budget is missed, or what is written by hand is no longer the same system.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from statistics import median

import yaml
from check import Check, budgets_table
from measure import SEES_CHILDREN, Run
from pairs import CPU, MEMORY, WALL, Budget, Case, Comparison, Measure
from rich.console import Console
from rich.table import Table
from same_system import differences

from streaming_constructs import PipelineSpec
from streaming_constructs.loading import choose_node
from streaming_constructs.spec.model import SpecModel
from streaming_constructs.spec.patterns import list_patterns

HERE = Path(__file__).resolve().parent
CLI = Path(sys.executable).with_name("streaming-constructs")
PATTERNS = {pattern.name: pattern.spec_path for pattern in list_patterns()}

YARDSTICK = "yardstick"
OURS_VALIDATED, BY_HAND_VALIDATED = "`synth`", "by hand, validated"
OURS, BY_HAND = "`streaming_app`", "by hand"

MANY = "lambda-consumer"
BEYOND = f"one and many ({MANY})"
EACH_PIPELINE = Measure("CPU", lambda run: float(run.output))
"""What growth.py prints."""

VALIDATE_TIMES, KIND_TIMES, NODE_SECONDS = 1.5, 0.05, 0.0005

HEADER = (
    "Fresh processes in pairs, A B A B. Ratio: A / B of each pair, of which the median is judged; spread: the least and the "
    "greatest. CPU: user and system time, Node.js included. Time: on the wall. Memory: the peak of Python and Node.js together."
)

Comparisons = Mapping[str, list[Comparison]]
"""By the block that they stand in: a pattern, or what is measured beyond them."""
Pairs = Mapping[str, Mapping[str, list[tuple[Run, Run]]]]
"""Of each comparison, by block and name."""


def kinds_and_nodes(spec: Path) -> tuple[int, int]:
    """How many models a spec is made of, and how many nodes it has."""
    system = PipelineSpec.load(spec)
    nodes = list(system.nodes())
    parts = (part for _, _, node in nodes for part in (node, getattr(node, "to", None)))
    kinds = {type(part) for part in (*parts, system.schema_registry) if isinstance(part, SpecModel)}
    return len(kinds), len(nodes)


def validation(name: str, spec: Path, pairs: int) -> Comparison:
    """`validate` of a spec; its kinds and its nodes are what the budget grows by."""
    kinds, nodes = kinds_and_nodes(spec)
    times = VALIDATE_TIMES + KIND_TIMES * (kinds - 2)
    cases = (Case(CLI, ("validate", spec)), Case(HERE / "yardstick.py"))
    return Comparison((name, YARDSTICK), cases, (Budget(CPU, times, NODE_SECONDS * nodes),), pairs)


def synthesis(spec: Path, by_hand: Path, pairs: int) -> Comparison:
    """Without validation: Python and jsii alone."""
    cases = (Case(HERE / "ours.py", (spec,)), Case(by_hand))
    return Comparison((OURS, BY_HAND), cases, (Budget(CPU, 1.15),), pairs)


def validated_synthesis(spec: Path, by_hand: Path, pairs: int) -> Comparison:
    """What users run: each with the validation that it has by default."""
    cases = (Case(CLI, ("synth", spec), cdk_validates=True), Case(by_hand, cdk_validates=True))
    memory = (Budget(MEMORY, 1.0),) if SEES_CHILDREN else ()
    return Comparison((OURS_VALIDATED, BY_HAND_VALIDATED), cases, (Budget(CPU, 0.6), *memory), pairs)


def growth(spec: Path, pairs: int) -> Comparison:
    """A pipeline in an app of a hundred, and in one of ten."""
    many, few = (Case(HERE / "growth.py", (spec, str(count))) for count in (100, 10))
    return Comparison(("a pipeline, of 100", "of 10"), (many, few), (Budget(EACH_PIPELINE, 1.25),), pairs)


def comparisons(many_nodes: Path, *, quick: bool) -> Comparisons:
    """All of them; the shorter a program, the more pairs of it."""
    validations, syntheses, few = (5, 3, 1) if quick else (21, 5, 3)
    compared: dict[str, list[Comparison]] = {}
    for name, spec in PATTERNS.items():
        by_hand = HERE / "handwritten" / f"{name.replace('-', '_')}.py"
        compared[name] = [
            validation("`validate`", spec, validations),
            synthesis(spec, by_hand, syntheses),
            validated_synthesis(spec, by_hand, few),
        ]
    compared[BEYOND] = [validation("`validate` of 40 nodes", many_nodes, validations)]
    if SEES_CHILDREN:
        compared[BEYOND].append(growth(PATTERNS[MANY], few))
    return compared


def write_many_nodes(folder: Path) -> Path:
    """The pattern's stream and consumer twenty times over, in one spec: about as much as one stack takes."""
    spec = PATTERNS[MANY]
    system = yaml.safe_load(spec.read_text(encoding="utf-8"))
    (stream,), (consumer,) = system["streams"].values(), system["consumers"].values()
    shutil.copytree(spec.parent / consumer["code"], folder / consumer["code"])
    system["streams"] = {f"stream_{number}": stream for number in range(20)}
    system["consumers"] = {f"consumer_{number}": {**consumer, "from": f"stream_{number}"} for number in range(20)}
    path = folder / "pipeline.yaml"
    without_anchors = json.loads(json.dumps(system))
    path.write_text(yaml.safe_dump(without_anchors, sort_keys=False), encoding="utf-8")
    return path


def refuse_another_system(comparison: Comparison) -> None:
    """Runs both once, which warms them up too.

    Raises:
        SystemExit: If what is written by hand is not the same system.
    """
    ours, by_hand = comparison.cases
    if different := differences(ours.run()[1], by_hand.run()[1]):
        message = f"{by_hand.program.name} is not the same system as the pattern (+ ours, - by hand):"
        sys.exit("\n".join((message, *different)))


def run_all(compared: Comparisons, console: Console) -> Pairs:
    """Runs a pair of each in turn, until each has had its own."""
    pairs: dict[str, dict[str, list[tuple[Run, Run]]]] = {block: {} for block in compared}
    rounds = max(comparison.pairs for below in compared.values() for comparison in below)
    with console.status("warming up") as status:
        for block in PATTERNS:
            for comparison in compared[block]:
                if comparison.names == (OURS, BY_HAND):
                    refuse_another_system(comparison)
        for number in range(1, rounds + 1):
            for block, below in compared.items():
                for comparison in below:
                    if number <= comparison.pairs:
                        status.update(f"pair {number} of {comparison.pairs}: {block}, {comparison.name}")
                        pairs[block].setdefault(comparison.name, []).append(comparison.run_pair())
    return pairs


def measured_table(compared: Comparisons, pairs: Pairs) -> Table:
    """What each program took, in the median: the numbers of this machine, which no budget holds."""
    table = Table("", "CPU", "time", "memory", "runs", box=None, pad_edge=False)
    for column in table.columns[1:]:
        column.justify = "right"
    for block, below in compared.items():
        table.add_row(f"[bold]{block}[/]")
        for comparison in below:
            for name, runs in zip(comparison.names, zip(*pairs[block][comparison.name], strict=True), strict=True):
                cpu, wall, mib = (median(map(measure.of, runs)) for measure in (CPU, WALL, MEMORY))
                memory = f"{mib:,.0f} MiB" if SEES_CHILDREN else "needs Linux"
                table.add_row(name, seconds(cpu), seconds(wall), memory, str(len(runs)))
    return table


def seconds(value: float) -> str:
    return f"{value:.2f} s" if value >= 1 else f"{value * 1000:.0f} ms"


def main() -> None:
    parser = argparse.ArgumentParser(
        description="Measures validation and synthesis, and holds their ratios to budgets."
    )
    parser.add_argument("--quick", action="store_true", help="measure fewer times")
    parser.add_argument("--json", action="store_true", help="print the numbers as JSON")
    arguments = parser.parse_args()
    choose_node()
    with tempfile.TemporaryDirectory() as folder:
        compared = comparisons(write_many_nodes(Path(folder)), quick=arguments.quick)
        pairs = run_all(compared, Console(stderr=True))
    checks = {
        block: [check for comparison in below for check in comparison.checks(pairs[block][comparison.name])]
        for block, below in compared.items()
    }
    if arguments.json:
        print(json.dumps({"measured": runs_as_json(pairs), "budgets": checks_as_json(checks)}, indent=2))
    else:
        console = Console()
        for part in (HEADER, measured_table(compared, pairs), budgets_table(checks)):
            console.print(part, end="\n\n")
    sys.exit(0 if all(check.kept for below in checks.values() for check in below) else 1)


def runs_as_json(pairs: Pairs) -> dict[str, dict[str, list[list[dict[str, object]]]]]:
    return {
        block: {name: [[asdict(run) for run in pair] for pair in each] for name, each in below.items()}
        for block, below in pairs.items()
    }


def checks_as_json(checks: Mapping[str, list[Check]]) -> dict[str, list[dict[str, object]]]:
    return {block: [check.as_json() for check in below] for block, below in checks.items()}


if __name__ == "__main__":
    main()

"""Measures what the planner's commands cost in a terminal, pattern by pattern, and holds it to a budget: part of `make bench`.

`plan`, `ready` and `draw`, as text and as SVG, run in pairs with yardstick.py, which imports what any command that reads YAML
imports, and validates one model of one field. The budget is twice its CPU, a twentieth of it for each kind beyond a stream and
what reads it, as its model and plan have to be loaded, and half a millisecond for each node of the spec.

Exit codes: 0 within all budgets, 1 a budget is missed.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from statistics import median

from bench import CLI, HERE, KIND_TIMES, NODE_SECONDS, PATTERNS, YARDSTICK, kinds_and_nodes
from check import Check, end_with
from pairs import CPU, Budget, Case, Comparison

TIMES = 2.0
COMMANDS = {
    "`plan`": ("plan",),
    "`ready`": ("ready",),
    "`draw` as text": ("draw", "--format", "text"),
    "`draw` as SVG": ("draw", "--format", "svg"),
}


def comparisons(spec: Path, pairs: int) -> list[Comparison]:
    """Each command of a spec with the yardstick."""
    kinds, nodes = kinds_and_nodes(spec)
    budget = Budget(CPU, TIMES + KIND_TIMES * (kinds - 2), NODE_SECONDS * nodes)
    yardstick = Case(HERE / "yardstick.py")
    return [
        Comparison((name, YARDSTICK), (Case(CLI, (*command, spec)), yardstick), (budget,), pairs)
        for name, command in COMMANDS.items()
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description="Measures the planner's commands, and holds them to budgets.")
    parser.add_argument("--quick", action="store_true", help="measure fewer times")
    pairs = 3 if parser.parse_args().quick else 9
    checks: dict[str, list[Check]] = {}
    yardsticks = []
    for name, spec in PATTERNS.items():
        checks[name] = []
        for comparison in comparisons(spec, pairs):
            comparison.run_pair()  # the first of all compiles
            runs = [comparison.run_pair() for _ in range(pairs)]
            checks[name] += comparison.checks(runs)
            yardsticks += [yardstick.cpu_seconds for _, yardstick in runs]
    end_with(checks, median(yardsticks))


if __name__ == "__main__":
    main()

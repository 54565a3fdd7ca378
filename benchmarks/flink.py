"""Measures a Flink on one machine, and holds it to budgets: part of `make bench`.

The application of the pattern flink-analytics runs in `LocalFlink`, as its tests run it: its deployed statements, over records
that are given. It is divided by the same queries written by hand, which a small program of Java runs in plain Flink over the
same file (flink_by_hand/), in a virtual machine with the same options, jars and parallelism. Both have to write the same rows,
or nothing is measured.

What a scenario takes is all that a test waits for: records are handed over as texts, and rows come back. By hand they are read
from a file and written to files.

Exit codes: 0 within all budgets, or there is no JDK 17 or no jars to measure with; 1 a budget is missed, or rows differ.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from bench import PATTERNS
from check import Check, budgets_table
from measure import SEES_CHILDREN, cpu_seconds_so_far
from pairs import CPU, WALL
from plain_flink import PlainFlink, compiled, compiler
from rich.console import Console

from streaming_constructs import PipelineSpec, plan
from streaming_constructs.local.flink.class_archive import make_flink_archive
from streaming_constructs.local.flink.flink_jars import flink_jars
from streaming_constructs.local.flink.local_flink import DEFAULT_RUNTIME, HEAP_MEGABYTES, LocalFlink
from streaming_constructs.local.java import Java, find_java
from streaming_constructs.planning.analytics.flink_sql import FlinkSqlPlan
from streaming_constructs.spec.finding import SpecError
from streaming_constructs.testing.flink_scenario import FlinkScenario

CLICKS = 200_000
FEW = 300
A_SECOND = 25
USERS = 5_000
NOT_HERE = {"LOC991", "LOC992", "LOC995"}
LEAST_THROUGHPUT = 0.9
BEGINS = 1_768_467_600
"""15 January 2026, 9:00."""


@dataclass(frozen=True, slots=True)
class Took:
    """What something took.

    Attributes:
        seconds: On the wall.
        judged: Of CPU, that of the virtual machine and of this process; on the wall where no running process tells its CPU.
    """

    seconds: float
    judged: float


@dataclass(frozen=True, slots=True)
class Pair:
    """What a scenario took, and what the same by hand."""

    ours: Took
    by_hand: Took

    @property
    def ratio(self) -> float:
        return self.ours.judged / self.by_hand.judged


@dataclass(frozen=True, slots=True)
class Measured:
    """Pairs: in new virtual machines, each next of as many clicks, and those of many clicks."""

    first: list[Pair]
    following: list[Pair]
    many: list[Pair]


def clicks(count: int) -> Iterator[str]:
    """Clicks of about 150 bytes, up to seven seconds out of order; one visitor is a crawler."""
    for number in range(count):
        user = "crawler" if number % 50 == 0 else f"user-{number * 7919 % USERS}"
        at = BEGINS + number / A_SECOND - number * 31 % 8
        seconds = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at))
        click = {
            "event_id": f"evt-{number:06}",
            "user_id": user,
            "page": f"/page/{number * 131 % 40}",
            "action": "buy" if number % 9 == 0 else "view",
            "event_time": f"{seconds}.{number % 1000:03}Z",
        }
        yield json.dumps(click) + "\n"


def write_clicks(folder: Path, count: int) -> Path:
    """A file of so many clicks."""
    path = folder / f"{count}.jsonl"
    path.write_text("".join(clicks(count)), encoding="utf-8")
    return path


@dataclass(frozen=True, slots=True)
class Bench:
    """What is needed for all pairs.

    Attributes:
        application: The application of the pattern.
        java: Which both run on.
        class_path: The program of Java, and the jars of Flink.
        folder: Where files and the log are.
    """

    application: FlinkSqlPlan
    java: Java
    class_path: tuple[Path, ...]
    folder: Path

    def measure(self, rounds: int, nexts: int, repeats: int) -> Measured:
        """Pairs of new virtual machines; many clicks go through the last of them, once before it counts."""
        few, many = write_clicks(self.folder, FEW), write_clicks(self.folder, CLICKS)
        measured = Measured([], [], [])
        for number in range(rounds):
            flink, by_hand = LocalFlink(), PlainFlink(self.java, self.class_path, HEAP_MEGABYTES, self.folder)
            try:
                measured.first.append(self.pair(flink, by_hand, few, flink.start))
                measured.following.extend(self.pair(flink, by_hand, few) for _ in range(nexts))
                if number == rounds - 1:
                    self.pair(flink, by_hand, many)
                    measured.many.extend(self.pair(flink, by_hand, many) for _ in range(repeats))
            finally:
                flink.stop()
                by_hand.stop()
        return measured

    def pair(
        self, flink: LocalFlink, by_hand: PlainFlink, given: Path, start: Callable[[], None] | None = None
    ) -> Pair:
        """The scenario, then by hand.

        Raises:
            SystemExit: If their rows differ.
        """
        rows: list[dict[str, list[Any]]] = []
        ours = took(lambda: flink.pid, lambda: rows.append(self.scenario(flink, given, start)))
        theirs = took(lambda: by_hand.pid, lambda: rows.append(by_hand.run(given)))
        if in_order(rows[0]) != in_order(rows[1]):
            sys.exit(f"the rows of {given.name} are not those by hand")
        return Pair(ours, theirs)

    def scenario(self, flink: LocalFlink, given: Path, start: Callable[[], None] | None) -> dict[str, list[Any]]:
        """What a test does."""
        if start is not None:
            start()
        scenario = FlinkScenario(flink)
        scenario.load(self.application)
        scenario.given("clicks", given.read_text(encoding="utf-8").splitlines())
        return scenario.run()


def took(pid: Callable[[], int], run: Callable[[], None]) -> Took:
    """What a run takes that a virtual machine has a part in; its CPU is 0 before it is started."""

    def cpu() -> float:
        return time.process_time() + (cpu_seconds_so_far(pid()) if pid() else 0)

    before, began = cpu() if SEES_CHILDREN else 0, time.perf_counter()
    run()
    seconds = time.perf_counter() - began
    return Took(seconds, cpu() - before if SEES_CHILDREN else seconds)


def in_order(rows: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Rows without their order, of tables that have any; those of DynamoDB are pairs with `+`, as each was added."""
    plain = {name: [row[1] if isinstance(row, tuple) else row for row in each] for name, each in rows.items() if each}
    return {name: sorted(each, key=lambda row: json.dumps(row, sort_keys=True)) for name, each in plain.items()}


def checks(measured: Measured) -> list[Check]:
    """What is divided by what is written by hand."""
    by = CPU.name if SEES_CHILDREN else WALL.name
    first = median(pair.by_hand.judged for pair in measured.first)
    following = tuple(pair.ours.judged / first for pair in measured.following)
    return [
        Check("first scenario / by hand", by, tuple(pair.ratio for pair in measured.first), 1.0),
        Check("next scenario / first by hand", by, following, 0.2),
        Check(f"{CLICKS:,} clicks / by hand", by, tuple(pair.ratio for pair in measured.many), 1 / LEAST_THROUGHPUT),
    ]


def told(measured: Measured) -> str:
    """The numbers of this machine, which no budget holds."""
    first, following, many = (
        (median(pair.ours.seconds for pair in pairs), median(pair.by_hand.seconds for pair in pairs))
        for pairs in (measured.first, measured.following, measured.many)
    )
    throughput = 1 / median(pair.ratio for pair in measured.many)
    return (
        f"a scenario: {first[0]:.1f} s for the first, {following[0]:.1f} s for each next"
        f" (by hand {first[1]:.1f} s, {following[1]:.1f} s)\n"
        f"{CLICKS / many[0]:,.0f} clicks a second (by hand {CLICKS / many[1]:,.0f});"
        f" throughput {throughput:.2f} of that by hand, at least {LEAST_THROUGHPUT}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Measures a Flink on one machine, and holds it to budgets.")
    parser.add_argument("--quick", action="store_true", help="measure fewer times")
    rounds, nexts, repeats = (1, 2, 2) if parser.parse_args().quick else (3, 3, 5)
    try:
        java, jars = find_java(), flink_jars(DEFAULT_RUNTIME)
    except SpecError as error:
        if {finding.code for finding in error.findings} <= NOT_HERE:
            print(f"not measured: {error.findings[0].message}")
            return
        raise
    javac = compiler(java)
    if javac is None:
        print("not measured: what is written by hand is compiled, and this Java is no JDK")
        return
    make_flink_archive(DEFAULT_RUNTIME, java)  # as `streaming-constructs jars --flink` does
    application = plan(PipelineSpec.load(PATTERNS["flink-analytics"])).nodes["clickstream"]
    assert isinstance(application, FlinkSqlPlan)
    with tempfile.TemporaryDirectory() as name:
        classes = compiled(javac, jars, Path(name) / "classes")
        measured = Bench(application, java, (classes, *jars), Path(name)).measure(rounds, nexts, repeats)
    judged = checks(measured)
    console = Console()
    console.print(budgets_table({"a Flink": judged}))
    console.print(f"\n{told(measured)}")
    sys.exit(0 if all(check.kept for check in judged) else 1)


if __name__ == "__main__":
    main()

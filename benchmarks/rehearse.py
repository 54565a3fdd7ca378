"""Measures rehearsals on one machine, and holds them to budgets: part of `make bench`.

Seconds depend on the machine, so no budget is in seconds. A stage of a rehearsal is divided by the synthesis of the same run.
To start an AWS is divided by yardstick.py, in pairs. 100,000 records go through stream, consumer and archive once, because it
takes long, and are divided by the 10,000 just before them; the budgets of what is measured once leave the most room.

The table is that of bench.py, and so are the exit codes.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bench import CLI, HERE, PATTERNS, YARDSTICK
from check import Check, budgets_table
from pairs import CPU, Budget, Case, Comparison
from rich.console import Console

RECORDS = 100_000
FEW = RECORDS // 10
POISON_EACH = 1000
"""One record of so many cannot be read."""


def rehearsed(system: str | Path, *more: str | Path) -> dict[str, Any]:
    """What `local run --format json` says."""
    command = [str(CLI), "local", "run", str(system), "--format", "json", "--until-drained", *map(str, more)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def payments(count: int) -> Iterator[str]:
    """Records of about 300 bytes, under 5,000 keys."""
    for number in range(count):
        payment = {
            "payment_id": f"pay-{number:06}",
            "account_id": f"acc-{number * 7919 % 5000:04}",
            "amount": number % 9000 + 0.5,
            "currency": "EUR",
            "country": "DE",
            "event_time": "2026-01-15T09:30:00.115Z",
            "note": "x" * 150,
        }
        data = "cut off" if number % POISON_EACH == 0 else payment
        yield json.dumps({"partition_key": payment["account_id"], "data": data}) + "\n"


def through_all(folder: Path, count: int) -> dict[str, Any]:
    """A rehearsal of so many records through stream, consumer and archive."""
    events = folder / f"{count}.jsonl"
    with events.open("w", encoding="utf-8") as lines:
        lines.writelines(payments(count))
    told = rehearsed(folder / "pipeline.yaml", "--events", events)
    poison = len(range(0, count, POISON_EACH))
    (consumer,), (delivery,) = told["consumers"], told["deliveries"]
    came_out = (consumer["handled"], consumer["isolated"], delivery["delivered"], sum(delivery["failed"].values()))
    if came_out != (count - poison, poison, count - poison, poison):
        sys.exit(f"of {count:,} records with {poison} poison came out: {came_out}")
    return told | {"records_seconds": told["seconds"]["put events"] + told["seconds"]["drain"]}


def stage_checks(pattern: str, runs: Sequence[Mapping[str, Any]]) -> list[Check]:
    """Deployment and the whole of rehearsals of a pattern, by the synthesis of the same run.

    With an application of Flink comes a Flink, whose virtual machine starts while it is deployed, and stops at the end.
    """
    has_flink = "kind: flink" in PATTERNS[pattern].read_text(encoding="utf-8")
    deployed = tuple(run["seconds"]["deploy"] / run["seconds"]["synthesize"] for run in runs)
    whole = tuple(run["total_seconds"] / run["seconds"]["synthesize"] for run in runs)
    return [
        Check("deployed / synthesized", "time", deployed, 4 if has_flink else 1.5),
        Check("rehearsed / synthesized", "time", whole, 8 if has_flink else 4),
    ]


def record_checks(many: Mapping[str, Any], few: Mapping[str, Any]) -> list[Check]:
    """Records through stream, consumer and archive: how much time and memory many take."""
    each = (many["records_seconds"] / RECORDS) / (few["records_seconds"] / FEW)
    synthesized = many["records_seconds"] / many["seconds"]["synthesize"]
    return [
        Check(f"{RECORDS:,} records / synthesized", "time", (synthesized,), 15),
        Check(f"a record, of {RECORDS:,} / of {FEW:,}", "time", (each,), 1.5),
        Check(f"{RECORDS:,} records / {FEW:,}", "memory", (many["peak_mib"] / few["peak_mib"],), 1.5),
    ]


def measure_all(rounds: int, console: Console) -> tuple[dict[str, list[Check]], float]:
    """The checks, and how many records go through in a second."""
    names = ("embedded AWS up, down", YARDSTICK)
    cases = (Case(HERE / "embedded_aws.py"), Case(HERE / "yardstick.py"))
    started = Comparison(names, cases, (Budget(CPU, 20),), rounds)
    with tempfile.TemporaryDirectory() as name, console.status("an embedded AWS") as status:
        folder = Path(name)
        shutil.copy(HERE / "rehearsal" / "pipeline.yaml", folder)
        shutil.copytree(PATTERNS["lambda-consumer"].parent / "handlers", folder / "handlers")
        checks = {"an AWS": started.checks([started.run_pair() for _ in range(rounds)])}
        for pattern in PATTERNS:
            status.update(f"rehearsing {pattern}")
            checks[pattern] = stage_checks(pattern, [rehearsed(pattern) for _ in range(rounds)])
        status.update(f"{FEW:,} records")
        few = through_all(folder, FEW)
        status.update(f"{RECORDS:,} records")
        many = through_all(folder, RECORDS)
    return checks | {"records": record_checks(many, few)}, RECORDS / many["records_seconds"]


def main() -> None:
    parser = argparse.ArgumentParser(description="Measures rehearsals on one machine, and holds them to budgets.")
    parser.add_argument("--quick", action="store_true", help="measure fewer times")
    console = Console()
    checks, per_second = measure_all(1 if parser.parse_args().quick else 3, Console(stderr=True))
    console.print(budgets_table(checks))
    console.print(f"\n{per_second:,.0f} records a second")
    sys.exit(0 if all(check.kept for below in checks.values() for check in below) else 1)


if __name__ == "__main__":
    main()

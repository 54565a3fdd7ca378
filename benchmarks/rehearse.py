"""Measures rehearsals on one machine, and holds them to budgets: part of `make bench`.

Starting, deploying and a whole rehearsal are processes of their own, as users run them, and the minimum of a few. 100,000
records go through stream, consumer and archive once, and 10,000 before them, so that memory can be compared. Exit codes as of
bench.py.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench import CLI, HERE, PATTERNS, Check
from rich.console import Console
from rich.table import Table

RECORDS = 100_000
FEW = RECORDS // 10
POISON_EACH = 1000
"""One record of so many cannot be read."""


def rehearsed(system: str | Path, *more: str | Path) -> dict[str, Any]:
    """What `local run --json` says."""
    command = [str(CLI), "local", "run", str(system), "--json", "--until-drained", *map(str, more)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def seconds_up() -> float:
    """How long a process takes that starts an AWS, and ends it: Python and all that it loads included."""
    begin = time.perf_counter()
    code = "from streaming_constructs.local import Rehearsal\nwith Rehearsal():\n    pass"
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - begin


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
    return told


def checks(rounds: int, console: Console) -> tuple[list[Check], float]:
    with tempfile.TemporaryDirectory() as name, console.status("rehearsing") as status:
        folder = Path(name)
        shutil.copy(HERE / "rehearsal" / "pipeline.yaml", folder)
        shutil.copytree(PATTERNS["lambda-consumer"].parent / "handlers", folder / "handlers")
        runs = [rehearsed("lambda-consumer") for _ in range(rounds)]
        deployed = {
            pattern: min(rehearsed(pattern)["seconds"]["deploy"] for _ in range(rounds)) for pattern in PATTERNS
        }
        status.update(f"{FEW:,} records")
        few = through_all(folder, FEW)
        status.update(f"{RECORDS:,} records")
        many = through_all(folder, RECORDS)
    seconds = many["seconds"]["put events"] + many["seconds"]["drain"]
    return [
        Check("embedded AWS up, and down again", min(seconds_up() for _ in range(rounds)), 4, " s"),
        *(Check(f"{pattern} deployed", taken, 4, " s") for pattern, taken in deployed.items()),
        Check("a whole rehearsal of lambda-consumer", min(run["total_seconds"] for run in runs), 15, " s"),
        Check(f"{RECORDS:,} records through stream, consumer and archive", seconds, RECORDS / 5000, " s"),
        Check(f"peak memory of {RECORDS:,} / of {FEW:,} records", many["peak_mib"] / few["peak_mib"], 1.5),
    ], RECORDS / seconds


def main() -> None:
    parser = argparse.ArgumentParser(description="Measures rehearsals on one machine, and holds them to budgets.")
    parser.add_argument("--quick", action="store_true", help="measure fewer times")
    console = Console()
    kept, per_second = checks(1 if parser.parse_args().quick else 3, Console(stderr=True))
    table = Table("", "measured", "budget", "", box=None)
    for check in kept:
        verdict = "[green]kept[/]" if check.kept else "[bold red]missed[/]"
        table.add_row(check.name, f"{check.value:.2f}{check.unit}", f"{check.budget:.2f}{check.unit}", verdict)
    console.print(table)
    console.print(f"\n{per_second:,.0f} records a second")
    sys.exit(0 if all(check.kept for check in kept) else 1)


if __name__ == "__main__":
    main()

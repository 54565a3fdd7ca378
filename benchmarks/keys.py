"""Measures `keys` of a million records, and holds it to budgets: part of `make bench`.

The records have seven fields, one of them nested, in some 180 bytes of JSON. One field has few values, of which some are hot;
another is new in each record, which is the most that has to be hashed and held. Beside each runs a loop that does no more than
read the same lines with `json.loads`. The memory is what was promised to whoever waits in a terminal.

Exit codes: 0 within all budgets, 1 a budget is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import uuid
from pathlib import Path

from bench import CLI, HERE
from check import Check, end_with
from measure import measure
from pairs import NOT_PASSED_ON

RECORDS = 1_000_000
MIB = 300.0
PLAIN_LOOP = "import json\nfor line in open('events.jsonl'): json.loads(line)"
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith(NOT_PASSED_ON)}
CASES = {
    "few keys, some hot": (("--field", "user_id", "--shards", "7"), 1.4),
    "a key in each record": (("--field", "event_id", "--shards", "7"), 2.1),
    "a key in each record, Kafka": (("--field", "event_id", "--partitions", "12"), 2.3),
}
"""What is measured, and how many times the plain loop it may take."""


def write_records(path: Path) -> None:
    """The same records each time."""
    chance = random.Random(1)
    with path.open("w", encoding="utf-8") as file:
        for number in range(RECORDS):
            record = {
                "event_id": str(uuid.UUID(int=chance.getrandbits(128))),
                "user_id": f"user-{min(int(chance.paretovariate(0.8)), 200_000)}",
                "device": {"id": f"d{chance.randrange(50_000)}"},
                "country": chance.choice(["DE", "FR", "US"]),
                "amount": round(chance.random() * 100, 2),
                "event_time": f"2026-11-29T12:{number // 20_000:02}:{number % 60:02}Z",
            }
            file.write(json.dumps(record) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description="Measures `keys` of a million records, and holds it to budgets.")
    parser.add_argument("--quick", action="store_true", help="measure fewer times")
    rounds = 1 if parser.parse_args().quick else 3
    checks: dict[str, list[Check]] = {}
    with tempfile.TemporaryDirectory() as folder:
        write_records(Path(folder) / "events.jsonl")
        yardstick = measure([sys.executable, str(HERE / "yardstick.py")], ENVIRONMENT, folder)
        for name, (arguments, budget) in CASES.items():
            ratios, mib = [], []
            for _ in range(rounds):
                run = measure([str(CLI), "keys", "events.jsonl", *arguments], ENVIRONMENT, folder)
                loop = measure([sys.executable, "-c", PLAIN_LOOP], ENVIRONMENT, folder)
                ratios.append(run.cpu_seconds / loop.cpu_seconds)
                mib.append(run.mib / MIB)
            checks[name] = [
                Check("`keys` / a loop of `json.loads`", "CPU", tuple(ratios), budget),
                Check(f"`keys` / {MIB:g} MiB", "memory", tuple(mib), 1),
            ]
    end_with(checks, yardstick.cpu_seconds)


if __name__ == "__main__":
    main()

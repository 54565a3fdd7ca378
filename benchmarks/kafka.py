"""Measures a Kafka broker on one machine, and holds it to budgets: part of `make bench`.

Seconds depend on the machine, so no budget is in seconds: what is done with a broker is divided by the start of the same
broker, and a record of many by one of few. Below the table is what the seconds were.

Exit codes: 0 within all budgets, or there is no Java 17, no jars or no client of Kafka to measure with; 1 a budget is missed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from time import perf_counter

from check import Check, budgets_table
from rich.console import Console

from streaming_constructs.local.jars.require_jars import require_jars
from streaming_constructs.local.java import Java, find_java
from streaming_constructs.local.kafka.broker import KafkaBroker
from streaming_constructs.local.kafka.broker_topic_log import BrokerTopicLog
from streaming_constructs.local.kafka.client import require_client
from streaming_constructs.local.kafka.topic_log import NewRecord
from streaming_constructs.planning.jar_cache import FoundJars
from streaming_constructs.spec.finding import SpecError

RECORDS = 100_000
FEW = RECORDS // 10
PARTITIONS = 12
NOT_HERE = {"LOC991", "LOC992", "LOC995"}


@dataclass(frozen=True, slots=True)
class Life:
    """How many seconds each part of the life of a broker took.

    Attributes:
        start: Until it was ready.
        few: To put 10,000 records.
        many: To put 100,000 records.
        read: To read these 100,000 again.
        stop: Until it was gone.
    """

    start: float
    few: float
    many: float
    read: float
    stop: float


def records(topic: str, count: int) -> Iterator[NewRecord]:
    """Records of about 300 bytes, under 5,000 keys."""
    for number in range(count):
        yield NewRecord(topic, f"device-{number * 7919 % 5000}".encode(), b"%06d" % number + b"x" * 294)


def live(java: Java, jars: FoundJars) -> Life:
    """Starts a broker, has records go through it, and stops it."""
    broker = KafkaBroker(java=java, jars=jars)
    began = perf_counter()
    broker.start()
    started = perf_counter()
    try:
        log = BrokerTopicLog(broker.access)
        log.create_topic("few", PARTITIONS)
        log.create_topic("many", PARTITIONS)
        few_began = perf_counter()
        log.put_all(records("few", FEW))
        many_began = perf_counter()
        log.put_all(records("many", RECORDS))
        read_began = perf_counter()
        read_all(log, "many")
        read_ended = perf_counter()
        log.close()
    finally:
        stop_began = perf_counter()
        broker.stop()
    return Life(
        started - began,
        many_began - few_began,
        read_began - many_began,
        read_ended - read_began,
        perf_counter() - stop_began,
    )


def read_all(log: BrokerTopicLog, topic: str) -> None:
    """Reads what was put, in batches as a consumer would."""
    read = 0
    for partition in range(PARTITIONS):
        at = 0
        while batch := log.read(topic, partition, at, 1000):
            read, at = read + len(batch), batch[-1].offset + 1
    if read != RECORDS:
        sys.exit(f"of {RECORDS:,} records {read:,} came out")


def main() -> None:
    parser = argparse.ArgumentParser(description="Measures a Kafka broker on one machine, and holds it to budgets.")
    parser.add_argument("--quick", action="store_true", help="measure fewer times")
    rounds = 1 if parser.parse_args().quick else 3
    try:
        require_client()
        java, jars = find_java(), require_jars()
    except SpecError as error:
        if {finding.code for finding in error.findings} <= NOT_HERE:
            print(f"not measured: {error.findings[0].message}")
            return
        raise
    lives = [live(java, jars) for _ in range(rounds)]
    checks = [
        Check(f"{RECORDS:,} records put / started", "time", tuple(life.many / life.start for life in lives), 3),
        Check(f"{RECORDS:,} records read / started", "time", tuple(life.read / life.start for life in lives), 3),
        Check(
            f"a record put, of {RECORDS:,} / of {FEW:,}",
            "time",
            tuple(life.many / RECORDS / (life.few / FEW) for life in lives),
            1.5,
        ),
        Check("stopped / started", "time", tuple(life.stop / life.start for life in lives), 1),
    ]
    console = Console()
    console.print(budgets_table({"a Kafka broker": checks}))
    put, read = (RECORDS / median(each) for each in zip(*((life.many, life.read) for life in lives), strict=True))
    console.print(
        f"\nready after {median(life.start for life in lives):.1f} s, gone after {median(life.stop for life in lives):.1f} s"
    )
    console.print(f"{put:,.0f} records put a second, {read:,.0f} read")
    sys.exit(0 if all(check.kept for check in checks) else 1)


if __name__ == "__main__":
    main()

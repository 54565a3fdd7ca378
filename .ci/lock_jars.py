"""Writes the lock files of Flink anew: what Maven resolves the coordinates below to, each jar with its size and sha256.

Maven takes its own settings, so where it fetches from stands in no lock file. Kafka's own is a choice of jars that was tried,
and is not written here.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, cast

LOCKS = Path(__file__).parents[1] / "streaming_constructs" / "facts" / "jars"
GOAL = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies"
WITHOUT = ("org.slf4j:slf4j-api", "org.apache.flink:flink-connector-base")
"""Are in the runtime of Managed Flink as well, so connectors leave them out."""
SDK = "2.40.3"
"""The AWS SDK that all connectors share: that of flink-connector-aws 6.0.1, the newest of those that they are built with. Its
modules go together in one version alone."""

Row = dict[str, str | int | list[str]]


class Lock(NamedTuple):
    """A lock that is written: its product and version, and the coordinates that it starts from, by who needs them."""

    product: str
    version: str
    wanted: Mapping[str, Sequence[str]]
    without: Sequence[str] = ()


def _runtime(version: str, csv: str = "") -> Lock:
    names = (
        "flink-cep",
        "flink-clients",
        "flink-connector-base",
        "flink-connector-datagen",
        "flink-connector-files",
        "flink-json",
        "flink-table-api-java-bridge",
        "flink-table-planner-loader",
        "flink-table-runtime",
    )
    coordinates = [f"org.apache.flink:{name}:{version}" for name in names]
    return Lock("Flink", version, {"": [*coordinates, f"org.apache.flink:flink-csv:{csv or version}"]})


def _parser(version: str, *more: str) -> Lock:
    return Lock("Flink SQL parser", version, {"": [f"org.apache.flink:flink-sql-parser:{version}", *more]})


def _connectors(version: str, *kafka: str) -> Lock:
    """Kafka's connector with all that it needs, and what those of AWS need: they themselves are not to be had everywhere."""

    def sdk(*names: str) -> list[str]:
        return [
            f"software.amazon.awssdk:{name}:{SDK}"
            for name in ("apache-client", "arns", "netty-nio-client", "sts", *names)
        ]

    wanted = {
        "dynamodb": sdk("dynamodb", "dynamodb-enhanced"),
        "firehose": sdk("firehose"),
        "kafka": [*kafka, "software.amazon.msk:aws-msk-iam-auth:2.3.2"],
        "kinesis": sdk("kinesis"),
    }
    return Lock("Flink connectors", version, wanted, WITHOUT)


LOCK_FILES = {
    "flink-2.3": _runtime("2.3.0"),
    "flink-2.2": _runtime("2.2.1", csv="2.2.0"),
    "flink-1.20": _runtime("1.20.3"),
    "flink-connectors-2.0": _connectors(
        "2.0", "org.apache.flink:flink-connector-kafka:4.0.1-2.0", "org.apache.kafka:kafka-clients:3.9.1"
    ),
    "flink-connectors-1.20": _connectors("1.20", "org.apache.flink:flink-connector-kafka:3.4.0-1.20"),
    "flink-sql-parser-2.3": _parser("2.3.0"),
    "flink-sql-parser-2.2": _parser("2.2.0"),
    "flink-sql-parser-1.20": _parser("1.20.0", "org.apache.calcite:calcite-linq4j:1.32.0"),
}


def pom(coordinates: Sequence[str], without: Sequence[str], managed: Sequence[str]) -> str:
    """A project that depends on what is wanted.

    Args:
        coordinates: What is wanted.
        without: Groups and artifacts that are left out.
        managed: Coordinates that give versions to whatever is reached.
    """
    left_out = "".join(f"<exclusion>{_named(name)}</exclusion>" for name in without)
    items = "".join(
        f"<dependency>{_named(coordinate)}<exclusions>{left_out}</exclusions></dependency>"
        for coordinate in coordinates
    )
    bom = f"<dependency>{_named(f'software.amazon.awssdk:bom:{SDK}')}<type>pom</type><scope>import</scope></dependency>"
    given = "".join(f"<dependency>{_named(coordinate)}</dependency>" for coordinate in managed)
    management = f"<dependencyManagement><dependencies>{given}{bom}</dependencies></dependencyManagement>"
    head = '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>'
    named = f"{_named('streaming-constructs:lock:1')}<packaging>pom</packaging>"
    return f"{head}{named}{management}<dependencies>{items}</dependencies></project>"


def _named(coordinate: str) -> str:
    parts = zip(("groupId", "artifactId", "version"), coordinate.split(":"), strict=False)
    return "".join(f"<{tag}>{value}</{tag}>" for tag, value in parts)


def resolve(coordinates: Sequence[str], without: Sequence[str], managed: Sequence[str] = ()) -> dict[str, Row]:
    """What Maven resolves coordinates to: a row for each jar, by its coordinate.

    Args:
        coordinates: What is wanted.
        without: Groups and artifacts that are left out.
        managed: Coordinates that give versions to whatever is reached.
    """
    rows: dict[str, Row] = {}
    with tempfile.TemporaryDirectory() as at:
        (Path(at) / "pom.xml").write_text(pom(coordinates, without, managed), encoding="utf-8")
        options = ["-DoutputDirectory=jars", "-Dmdep.useRepositoryLayout=true", "-DincludeScope=runtime"]
        subprocess.run(["mvn", "--batch-mode", "--quiet", GOAL, *options], cwd=at, check=True)  # noqa: S603, S607
        for path in sorted(Path(at, "jars").rglob("*.jar")):
            *group, artifact, version, name = path.relative_to(Path(at, "jars")).parts
            classifier = name.removeprefix(f"{artifact}-{version}").removesuffix(".jar").removeprefix("-")
            coordinate = ":".join(filter(None, [".".join(group), artifact, version, classifier]))
            content = path.read_bytes()
            hashed = hashlib.sha256(content).hexdigest()
            rows[coordinate] = {"coordinate": coordinate, "bytes": len(content), "sha256": hashed}
    return rows


def write(name: str, lock: Lock) -> None:
    """Resolves a lock, and writes its file.

    Args:
        name: Its file, without `.lock.json`.
        lock: The lock.
    """
    every = list(dict.fromkeys(coordinate for needed in lock.wanted.values() for coordinate in needed))
    rows = resolve(every, lock.without)
    for who, needed in lock.wanted.items():
        if who:  # with the versions of all together, so that any of them go together
            for coordinate in resolve(needed, lock.without, tuple(rows)):
                cast("list[str]", rows[coordinate].setdefault("connectors", [])).append(who)
    jars = ",\n".join(f"    {json.dumps(rows[coordinate])}" for coordinate in sorted(rows))
    head = f'  "product": {json.dumps(lock.product)},\n  "version": {json.dumps(lock.version)},\n'
    (LOCKS / f"{name}.lock.json").write_text(f'{{\n{head}  "jars": [\n{jars}\n  ]\n}}\n', encoding="utf-8")
    print(f"{name}: {len(rows)} jars, {sum(cast('int', row['bytes']) for row in rows.values()) / 1e6:.1f} MB")  # noqa: T201


if __name__ == "__main__":
    for chosen in sys.argv[1:] or LOCK_FILES:
        write(chosen, LOCK_FILES[chosen])

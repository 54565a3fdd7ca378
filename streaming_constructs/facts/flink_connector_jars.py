"""Jars of Apache Flink and of its SQL connectors, for each runtime of Managed Flink: coordinates, factories, what is locked.

What connectors do and which options they take stands in `facts.flink_connectors`.

Connectors are taken without shading, and share one AWS SDK. Those that are shaded (`flink-sql-connector-*`) each bring the
package `org.apache.flink.connector.aws` with other references in it, so that two of them in one application take each other's
classes; and that of Kafka hides the classes that `aws-msk-iam-auth` extends.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from streaming_constructs.facts.flink import CODE_MB
from streaming_constructs.facts.flink_connectors import CONNECTORS
from streaming_constructs.facts.jar_lock import LOCKS, Jar, JarLock, jar_lock

READ = "2026-11-28"
"""The day on which the pages below were read."""
_DOCUMENTED = "https://docs.aws.amazon.com/managed-flink/latest/java/how-flink-connectors.html"
_REPOSITORY = "https://github.com/apache/flink-connector-aws/tree/main/flink-connector-aws"
DEFAULT_RUNTIME = "FLINK-2_3"
LARGEST_CODE_BYTES = int(CODE_MB.value) * 1024 * 1024
"""Of the code of an application."""


@dataclass(frozen=True, slots=True)
class RuntimeJars:
    """What a runtime of Managed Flink is on this machine.

    Attributes:
        lock: The lock of Flink's own jars.
        parser: The lock of its SQL parser's.
        built_for: How versions of connectors for it end, such as `2.0`.
    """

    lock: str
    parser: str
    built_for: str


RUNTIME_JARS: Mapping[str, RuntimeJars] = {
    "FLINK-2_3": RuntimeJars("flink-2.3", "flink-sql-parser-2.3", "2.0"),
    "FLINK-2_2": RuntimeJars("flink-2.2", "flink-sql-parser-2.2", "2.0"),
    "FLINK-1_20": RuntimeJars("flink-1.20", "flink-sql-parser-1.20", "1.20"),
}
"""The runtimes, the newest first. AWS names the minor version alone, and applies patches itself: 1.20 is one of 1.20.x.

Source: https://docs.aws.amazon.com/managed-flink/latest/java/release-version-list.html, read 2026-11-28
"""


@dataclass(frozen=True, slots=True)
class ConnectorJars:
    """The jars that one or more connectors of Flink SQL are in.

    Attributes:
        name: What it is locked by, such as `kafka`.
        identifiers: What tables say in `connector`, such as `kafka` and `upsert-kafka`.
        artifacts: Its Maven coordinates for each `built_for`. The sha256 of those that begin with `flink-connector-aws` and
            of `flink-connector-dynamodb` comes with no release of this library.
        factories: The classes that its jar names in `META-INF/services`, by which Flink finds it.
        source: The page that states it.
    """

    name: str
    identifiers: tuple[str, ...]
    artifacts: Mapping[str, tuple[str, ...]]
    factories: tuple[str, ...]
    source: str


def _of_aws(artifact: str) -> dict[str, tuple[str, ...]]:
    """All of `flink-connector-aws` are released together, and go together in one version alone."""
    versions = {"2.0": "6.0.1-2.0", "1.20": "5.1.0-1.20"}
    names = ("flink-connector-aws-base", artifact)
    return {
        built_for: tuple(f"org.apache.flink:{name}:{version}" for name in names)
        for built_for, version in versions.items()
    }


CONNECTOR_JARS = (
    ConnectorJars(
        name="dynamodb",
        identifiers=("dynamodb",),
        artifacts=_of_aws("flink-connector-dynamodb"),
        factories=("org.apache.flink.connector.dynamodb.table.DynamoDbDynamicSinkFactory",),
        source=f"{_REPOSITORY}/flink-connector-dynamodb",
    ),
    ConnectorJars(
        name="firehose",
        identifiers=("firehose",),
        artifacts=_of_aws("flink-connector-aws-kinesis-firehose"),
        factories=("org.apache.flink.connector.firehose.table.KinesisFirehoseDynamicTableFactory",),
        source=f"{_REPOSITORY}/flink-connector-aws-kinesis-firehose",
    ),
    ConnectorJars(
        name="kafka",
        identifiers=("kafka", "upsert-kafka"),
        artifacts={
            "2.0": ("org.apache.flink:flink-connector-kafka:4.0.1-2.0", "software.amazon.msk:aws-msk-iam-auth:2.3.2"),
            "1.20": ("org.apache.flink:flink-connector-kafka:3.4.0-1.20", "software.amazon.msk:aws-msk-iam-auth:2.3.2"),
        },
        factories=(
            "org.apache.flink.streaming.connectors.kafka.table.KafkaDynamicTableFactory",
            "org.apache.flink.streaming.connectors.kafka.table.UpsertKafkaDynamicTableFactory",
        ),
        source=_DOCUMENTED,
    ),
    ConnectorJars(
        name="kinesis",
        identifiers=("kinesis",),
        artifacts=_of_aws("flink-connector-aws-kinesis-streams"),
        factories=("org.apache.flink.connector.kinesis.table.KinesisDynamicTableFactory",),
        source=_DOCUMENTED,
    ),
)
"""The jars of all connectors that need some. Artifacts and factories of AWS's were read at the tags v5.1.0 and v6.0.1-rc1
of `flink-connector-aws`, on the day `READ`."""

IN_RUNTIME = tuple(sorted(name for name, connector in CONNECTORS.items() if not connector.needs_jar))
"""What tables may say in `connector` without any jar."""


def connector_of(identifier: str) -> ConnectorJars | None:
    """The connector that tables ask for by an identifier; None if it is not known, or part of the runtime.

    Args:
        identifier: What a table says in `connector`, such as `upsert-kafka`.
    """
    return next((connector for connector in CONNECTOR_JARS if identifier in connector.identifiers), None)


def flink_jars(runtime: str) -> JarLock:
    """The jars of Flink itself: what a JVM needs to plan and run SQL as the runtime does.

    Args:
        runtime: The runtime, such as `FLINK-2_3`.
    """
    return jar_lock(RUNTIME_JARS[runtime].lock)


def parser_jars(runtime: str) -> JarLock:
    """The jars of Flink's SQL parser alone, which starts much faster than Flink, and knows syntax and nothing else.

    It is the newest patch of the parser that Maven Central serves by itself, and may be an older one than that of `flink_jars`.

    Args:
        runtime: The runtime, such as `FLINK-2_3`.
    """
    return jar_lock(RUNTIME_JARS[runtime].parser)


def all_connector_jars(runtime: str) -> JarLock:
    """The jars of all connectors together, as far as this package has their sha256.

    Args:
        runtime: The runtime, such as `FLINK-2_3`.
    """
    return jar_lock(f"flink-connectors-{RUNTIME_JARS[runtime].built_for}")


def connector_jars(runtime: str, connectors: Iterable[ConnectorJars]) -> JarLock:
    """Those of `all_connector_jars` that some connectors need.

    Args:
        runtime: The runtime, such as `FLINK-2_3`.
        connectors: Which connectors.
    """
    lock = all_connector_jars(runtime)
    needed = _needed(f"flink-connectors-{lock.version}")
    names = {connector.name for connector in connectors}
    return JarLock(lock.product, lock.version, tuple(jar for jar in lock.jars if names & needed[jar.coordinate]))


def unlocked_coordinates(runtime: str, connectors: Iterable[ConnectorJars]) -> tuple[str, ...]:
    """The jars that some connectors need, and whose sha256 does not come with this package: they are locked beside the spec.

    Args:
        runtime: The runtime, such as `FLINK-2_3`.
        connectors: Which connectors.
    """
    locked = {jar.coordinate for jar in all_connector_jars(runtime).jars}
    built_for = RUNTIME_JARS[runtime].built_for
    every = {coordinate for connector in connectors for coordinate in connector.artifacts[built_for]}
    return tuple(sorted(every - locked))


def unlocked_jar(jar: Jar) -> JarLock:
    """The lock of a jar that was locked beside a spec: it has a folder of its own in the cache.

    Args:
        jar: The jar, with the sha256 that it had when it was first seen.
    """
    return JarLock("Flink connector", jar.version, (jar,))


@cache
def _needed(lock: str) -> dict[str, frozenset[str]]:
    """The names of the connectors that need each jar, by its coordinate."""
    read = json.loads((LOCKS / f"{lock}.lock.json").read_text(encoding="utf-8"))
    return {jar["coordinate"]: frozenset(jar["connectors"]) for jar in read["jars"]}

"""Lock files of jars: what Kafka, Flink and connectors are made of on this machine, with the sha256 of each jar."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LOCKS = Path(__file__).parent / "jars"
"""The lock files that come with this package."""
_HASH_CHARACTERS = 12


@dataclass(frozen=True, slots=True)
class Jar:
    """One jar.

    Attributes:
        coordinate: Its Maven coordinate, `group:artifact:version` or `group:artifact:version:classifier`.
        bytes: Its size.
        sha256: Its sha256, in hexadecimal digits.
    """

    coordinate: str
    bytes: int
    sha256: str

    @property
    def group(self) -> str:
        """The group of its coordinate, such as `org.apache.kafka`."""
        return self.coordinate.split(":")[0]

    @property
    def artifact(self) -> str:
        """The artifact of its coordinate, such as `kafka-clients`."""
        return self.coordinate.split(":")[1]

    @property
    def version(self) -> str:
        """The version of its coordinate, such as `3.9.1`."""
        return self.coordinate.split(":")[2]

    @property
    def classifier(self) -> str:
        """The classifier of its coordinate, such as `test`; empty for most."""
        return ":".join(self.coordinate.split(":")[3:])

    @property
    def file_name(self) -> str:
        """What Maven calls its file, such as `kafka-storage-3.9.1-test.jar`; no two jars of a lock share one."""
        return "-".join(self.coordinate.split(":")[1:]) + ".jar"

    @property
    def repository_path(self) -> Path:
        """Where it lies in a Maven repository."""
        return Path(*self.group.split("."), self.artifact, self.version, self.file_name)


@dataclass(frozen=True, slots=True)
class JarLock:
    """All jars of a product.

    Attributes:
        product: What they are together, such as `Kafka` or `Flink`.
        version: Its version.
        jars: The jars, in the order of their coordinates.
    """

    product: str
    version: str
    jars: tuple[Jar, ...]

    @property
    def name(self) -> str:
        """The product and its version, such as `Kafka 3.9.1`."""
        return f"{self.product} {self.version}"

    @property
    def folder(self) -> Path:
        """Where they lie in the cache, such as `kafka/3.9.1/0123456789ab`."""
        return Path(self.product.lower().replace(" ", "-"), self.version, self.hash)

    @property
    def hash(self) -> str:
        """12 hexadecimal digits that differ where the jars do."""
        text = "".join(f"{jar.file_name} {jar.sha256}\n" for jar in self.jars)
        return hashlib.sha256(text.encode()).hexdigest()[:_HASH_CHARACTERS]

    @property
    def bytes(self) -> int:
        """The size of all together."""
        return sum(jar.bytes for jar in self.jars)


@cache
def jar_lock(name: str) -> JarLock:
    """A lock that comes with this package.

    Args:
        name: Its file in `facts/jars`, without `.lock.json`, such as `flink-2.3`.
    """
    read = json.loads((LOCKS / f"{name}.lock.json").read_text(encoding="utf-8"))
    jars = tuple(Jar(jar["coordinate"], jar["bytes"], jar["sha256"]) for jar in read["jars"])
    return JarLock(read["product"], read["version"], jars)


def kafka_jars() -> JarLock:
    """The jars of the broker that a rehearsal of a Kafka cluster runs.

    They are what a broker loads, with the codecs of every `compression.type`: without these it starts, and ends as soon as a
    topic asks for one. The `test` jar of `kafka-storage` has the `LocalTieredStorage`.
    """
    return jar_lock("kafka")

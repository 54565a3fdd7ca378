"""The cache of jars: where those of a lock lie, which are missing, and whether each is the one of the lock. Fetches nothing."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from streaming_constructs.facts.jar_lock import Jar, JarLock, kafka_jars

CACHE_VARIABLE = "STREAMING_CONSTRUCTS_CACHE"
"""The variable that says where the cache is, if not in the user's folder of caches."""
_CHUNK_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class FoundJars:
    """The jars of a lock, verified.

    Attributes:
        lock: Which they are.
        folder: Where they are.
        files: The jars, in the order of the lock.
        added: How many were not there before; they were copied or fetched now.
    """

    lock: JarLock
    folder: Path
    files: tuple[Path, ...]
    added: int

    @property
    def class_path(self) -> str:
        """The class path that has them all."""
        return os.pathsep.join(map(str, self.files))


def cache_root(environment: Mapping[str, str] | None = None) -> Path:
    """The cache: `$STREAMING_CONSTRUCTS_CACHE`, or else `streaming-constructs` in the user's folder of caches, which is
    `$XDG_CACHE_HOME` or `~/.cache`.

    Args:
        environment: Where the variables stand. Left out: the variables of this process.
    """
    variables = os.environ if environment is None else environment
    if given := variables.get(CACHE_VARIABLE):
        return Path(given).absolute()
    # What is not absolute is invalid: https://specifications.freedesktop.org/basedir-spec/latest/
    caches = Path(variables.get("XDG_CACHE_HOME", ""))
    return (caches if caches.is_absolute() else Path.home() / ".cache") / "streaming-constructs"


def cache_folder(lock: JarLock | None = None, environment: Mapping[str, str] | None = None) -> Path:
    """Where the jars of a lock are kept: `PRODUCT/VERSION/HASH` in the cache, such as `kafka/3.9.1/0123456789ab`.

    Args:
        lock: Which jars. Left out: those of a Kafka broker.
        environment: Where the variables stand. Left out: the variables of this process.
    """
    return cache_root(environment) / (lock or kafka_jars()).folder


def missing_jars(folder: Path, lock: JarLock) -> tuple[Jar, ...]:
    """The jars that are not in a folder; those that are there were not looked at.

    Args:
        folder: The folder.
        lock: Which jars.
    """
    return tuple(jar for jar in lock.jars if not (folder / jar.file_name).is_file())


def is_verified(path: Path, jar: Jar) -> bool:
    """Whether a file is the jar of the lock, byte by byte.

    Args:
        path: The file.
        jar: The jar.
    """
    return path.stat().st_size == jar.bytes and sha256_of(path) == jar.sha256


def sha256_of(path: Path) -> str:
    """The sha256 of a file, in hexadecimal digits.

    Args:
        path: The file.
    """
    hashed = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            hashed.update(chunk)
    return hashed.hexdigest()

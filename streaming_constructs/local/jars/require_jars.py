"""Finds the jars of a broker, and looks at each before it is used.

They come from a cache, which is filled from a folder that the user names, from the local Maven repository, or by the user's own
Maven. They are never part of this package.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shlex
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from streaming_constructs.facts.jar_lock import Jar, JarLock, kafka_jars
from streaming_constructs.local.jars.maven import copy_with_maven
from streaming_constructs.spec.finding import Finding, SpecError

CACHE_VARIABLE = "STREAMING_CONSTRUCTS_CACHE"
"""The variable that says where the cache is, if not in the user's folder of caches."""
_FOLDER = 0o700
_CHUNK_BYTES = 1024 * 1024
_NEW = ".new-"
"""What names begin with that are not in the cache yet."""
_VERB = "streaming-constructs jars"


@dataclass(frozen=True, slots=True)
class FoundJars:
    """The jars of a broker, verified.

    Attributes:
        kafka: The version of Kafka.
        folder: Where they are.
        files: The jars, in the order of the lock.
        added: How many were not there before; they were copied or fetched now.
    """

    kafka: str
    folder: Path
    files: tuple[Path, ...]
    added: int

    @property
    def class_path(self) -> str:
        """The class path that has them all."""
        return os.pathsep.join(map(str, self.files))


def cache_folder(lock: JarLock | None = None, environment: Mapping[str, str] | None = None) -> Path:
    """Where the jars are kept: `kafka/VERSION/HASH` in `$STREAMING_CONSTRUCTS_CACHE`, or else in `streaming-constructs` in the
    user's folder of caches, which is `$XDG_CACHE_HOME` or `~/.cache`.

    Args:
        lock: Which jars. Left out: those that this version runs.
        environment: Where the variables stand. Left out: the variables of this process.
    """
    lock = lock or kafka_jars()
    variables = os.environ if environment is None else environment
    if given := variables.get(CACHE_VARIABLE):
        root = Path(given).absolute()
    else:
        # What is not absolute is invalid: https://specifications.freedesktop.org/basedir-spec/latest/
        caches = Path(variables.get("XDG_CACHE_HOME", ""))
        root = (caches if caches.is_absolute() else Path.home() / ".cache") / "streaming-constructs"
    return root / "kafka" / lock.kafka / lock.hash


def require_jars(
    folder: Path | None = None,
    *,
    given: Path | None = None,
    repository: Path | None = None,
    lock: JarLock | None = None,
) -> FoundJars:
    """The jars of a broker: those in the cache, each verified; what is missing is brought there first.

    A jar comes from the folder that is given, else from the local Maven repository, else from where the settings of the user's
    Maven say. Several processes may ask at once: one brings them, the others wait. A jar is in the cache whole or not at all.

    Args:
        folder: The cache. Left out: `cache_folder`.
        given: A folder that has the jars, at any depth, under the names that Maven gives them.
        repository: The local Maven repository. Left out: `~/.m2/repository`.
        lock: Which jars. Left out: those that this version runs.

    Raises:
        SpecError: If a jar is not the one of the lock, it is in none of these places, or the cache cannot be written.
    """
    lock = lock or kafka_jars()
    folder = folder or cache_folder(lock)
    try:
        if not missing_jars(folder, lock):
            return _found(folder, lock, added=0)
        folder.mkdir(mode=_FOLDER, parents=True, exist_ok=True)
        with _held(folder):
            missing = missing_jars(folder, lock)
            _bring(missing, folder, given, repository or Path.home() / ".m2" / "repository")
        return _found(folder, lock, added=len(missing))
    except OSError as error:
        raise _not_there(lock, f"{error.filename or folder}: {error.strerror or error}") from error


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
    if path.stat().st_size != jar.bytes:
        return False
    hashed = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            hashed.update(chunk)
    return hashed.hexdigest() == jar.sha256


def _found(folder: Path, lock: JarLock, *, added: int) -> FoundJars:
    files = tuple(folder / jar.file_name for jar in lock.jars)
    for path, jar in zip(files, lock.jars, strict=True):
        if not is_verified(path, jar):
            raise _refused(path, jar, f"run `rm {shlex.quote(str(path))}`, and then `{_VERB}`")
    return FoundJars(lock.kafka, folder, files, added)


def _bring(missing: Sequence[Jar], folder: Path, given: Path | None, repository: Path) -> None:
    """Copies jars into the cache, each verified, from the first place that has it; what none has is fetched in one go."""
    here = _jars_below(given) if given else {}
    sources = {jar: here.get(jar.file_name) or repository / jar.repository_path for jar in missing}
    to_fetch = [jar for jar, path in sources.items() if not path.is_file()]
    with tempfile.TemporaryDirectory(prefix=_NEW, dir=folder) as fetched:
        if to_fetch:
            copy_with_maven(to_fetch, Path(fetched))
            sources |= {jar: Path(fetched) / jar.file_name for jar in to_fetch}
        for jar, path in sources.items():
            _copy(path, jar, folder)


def _jars_below(folder: Path) -> dict[str, Path]:
    """Every jar of a folder, by its name."""
    return {name: Path(at) / name for at, _, names in os.walk(folder) for name in names if name.endswith(".jar")}


def _copy(path: Path, jar: Jar, folder: Path) -> None:
    """Copies a jar into the cache; it has its name there only when all of it is there, and is the one of the lock."""
    descriptor, name = tempfile.mkstemp(prefix=_NEW, dir=folder)
    written = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as new, path.open("rb") as source:
            shutil.copyfileobj(source, new)
        if not is_verified(written, jar):
            raise _refused(path, jar, f"take it away, and run `{_VERB}`")
        written.replace(folder / jar.file_name)
    finally:
        written.unlink(missing_ok=True)


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Holds a cache: another process that brings jars waits until this one has brought them, or has ended."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        for left in folder.glob(f"{_NEW}*"):  # by one that was killed
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        yield
    finally:
        os.close(descriptor)


def _refused(path: Path, jar: Jar, help_: str) -> SpecError:
    message = f"`{path}` is not the jar `{jar.coordinate}`"
    note = f"its sha256 is not {jar.sha256}, so nothing of it is run"
    return SpecError([Finding("LOC993", message, note=note, help=help_)])


def _not_there(lock: JarLock, why: str) -> SpecError:
    message = f"the jars of Kafka {lock.kafka} cannot be brought to this machine"
    return SpecError([Finding("LOC992", message, note=why, help=f"see to it, and run `{_VERB}`")])

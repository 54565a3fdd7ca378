"""Brings the jars of a lock into the cache, and looks at each before it is used.

They come from a cache, which is filled from a folder that the user names, from the local Maven repository, or by the user's own
Maven. They are never part of this package.
"""

from __future__ import annotations

import fcntl
import os
import shlex
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from streaming_constructs.facts.jar_lock import Jar, JarLock, kafka_jars
from streaming_constructs.local.jars.bringing import tell
from streaming_constructs.local.jars.maven import copy_with_maven
from streaming_constructs.planning.jar_cache import FoundJars, cache_folder, is_verified, missing_jars
from streaming_constructs.spec.finding import Finding, SpecError

_FOLDER = 0o700
_NEW = ".new-"
"""What names begin with that are not in the cache yet."""


def require_jars(
    folder: Path | None = None,
    *,
    given: Path | None = None,
    repository: Path | None = None,
    lock: JarLock | None = None,
    command: str = "streaming-constructs jars",
) -> FoundJars:
    """The jars of a lock: those in the cache, each verified; what is missing is brought there first.

    A jar comes from the folder that is given, else from the local Maven repository, else from where the settings of the user's
    Maven say. Several processes may ask at once: one brings them, the others wait. A jar is in the cache whole or not at all.

    Args:
        folder: The cache. Left out: `cache_folder`.
        given: A folder that has the jars, at any depth, under the names that Maven gives them.
        repository: The local Maven repository. Left out: `~/.m2/repository`.
        lock: Which jars. Left out: those of a Kafka broker.
        command: What brings them, for those whom an error is told.

    Raises:
        SpecError: If a jar is not the one of the lock, it is in none of these places, or the cache cannot be written.
    """
    lock = lock or kafka_jars()
    folder = folder or cache_folder(lock)
    try:
        if not missing_jars(folder, lock):
            return _found(folder, lock, command, added=0)
        folder.mkdir(mode=_FOLDER, parents=True, exist_ok=True)
        with _held(folder, lock):
            missing = missing_jars(folder, lock)
            _bring(lock, missing, folder, find_here(missing, given, repository), command)
        return _found(folder, lock, command, added=len(missing))
    except OSError as error:
        raise _not_there(lock, command, f"{error.filename or folder}: {error.strerror or error}") from error


def _found(folder: Path, lock: JarLock, command: str, *, added: int) -> FoundJars:
    files = tuple(folder / jar.file_name for jar in lock.jars)
    for path, jar in zip(files, lock.jars, strict=True):
        if not is_verified(path, jar):
            raise _refused(path, jar, f"run `rm {shlex.quote(str(path))}`, and then `{command}`")
    return FoundJars(lock, folder, files, added)


def find_here(jars: Sequence[Jar], given: Path | None = None, repository: Path | None = None) -> dict[Jar, Path]:
    """Where jars are on this machine: in a folder that is given, else in the local Maven repository. Those in neither are left
    out; none is looked at.

    Args:
        jars: The jars.
        given: A folder that has some of them, at any depth, under the names that Maven gives them.
        repository: The local Maven repository. Left out: `~/.m2/repository`.
    """
    repository = repository or Path.home() / ".m2" / "repository"
    below = _jars_below(given) if given else {}
    places = {jar: below.get(jar.file_name) or repository / jar.repository_path for jar in jars}
    return {jar: path for jar, path in places.items() if path.is_file()}


def _bring(lock: JarLock, missing: Sequence[Jar], folder: Path, sources: dict[Jar, Path], command: str) -> None:
    """Copies jars into the cache, each verified; what is nowhere on this machine is fetched in one go."""
    to_fetch = [jar for jar in missing if jar not in sources]
    with tempfile.TemporaryDirectory(prefix=_NEW, dir=folder) as fetched:
        if to_fetch:
            size = sum(jar.bytes for jar in to_fetch) / 1e6
            tell(f"bringing {len(to_fetch)} jars of {lock.name}, {size:.1f} MB")
            copy_with_maven(to_fetch, Path(fetched), lock.product, command)
        for jar in missing:
            _copy(sources.get(jar) or Path(fetched) / jar.file_name, jar, folder, command)


def _jars_below(folder: Path) -> dict[str, Path]:
    """Every jar of a folder, by its name."""
    return {name: Path(at) / name for at, _, names in os.walk(folder) for name in names if name.endswith(".jar")}


def _copy(path: Path, jar: Jar, folder: Path, command: str) -> None:
    """Copies a jar into the cache; it has its name there only when all of it is there, and is the one of the lock."""
    descriptor, name = tempfile.mkstemp(prefix=_NEW, dir=folder)
    written = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as new, path.open("rb") as source:
            shutil.copyfileobj(source, new)
        if not is_verified(written, jar):
            raise _refused(path, jar, f"take it away, and run `{command}`")
        written.replace(folder / jar.file_name)
    finally:
        written.unlink(missing_ok=True)


@contextmanager
def _held(folder: Path, lock: JarLock) -> Iterator[None]:
    """Holds a cache: another process that brings jars waits until this one has brought them, or has ended."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            tell(f"waiting for another process, which brings the jars of {lock.name}")
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


def _not_there(lock: JarLock, command: str, why: str) -> SpecError:
    message = f"the jars of {lock.name} cannot be brought to this machine"
    return SpecError([Finding("LOC992", message, note=why, help=f"see to it, and run `{command}`")])

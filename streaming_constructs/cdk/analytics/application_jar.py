"""The one jar that an application of Flink SQL is deployed as: the runner, its statements, and the connectors."""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from streaming_constructs.cdk.analytics.jar_merge import is_multi_release, merged_entries
from streaming_constructs.cdk.analytics.jar_writer import MANIFEST, Directory, PackedEntry, stored, write_jar
from streaming_constructs.facts.flink_connector_jars import LARGEST_CODE_BYTES
from streaming_constructs.planning.jar_cache import cache_root, sha256_of
from streaming_constructs.planning.jar_contents import open_jar
from streaming_constructs.spec.finding import Finding, SpecError

STATEMENTS = "statements.json"
"""What the runner reads, at the root of its own jar."""
_MAIN_CLASS = re.compile(r"^Main-Class: *(\S+)\r?$", re.MULTILINE)
_LAYOUT = "1"
"""Changes when jars are merged in another way: what was merged before is then of no use."""
_FOLDER = 0o700
_FILE = 0o644


def write_application_jar(
    path: Path,
    *,
    runner: Path,
    statements: Mapping[str, Any],
    connectors: Sequence[Path],
    cache: Path | None = None,
) -> None:
    """Writes the jar of an application: the same bytes for the same input, on any machine and at any time.

    It has the classes of the runner, `statements.json` at its root, and all connectors merged as `jar_merge` says. What is
    merged is kept in the cache by the sha256 of the connectors, so that the next synthesis takes it from there.

    Args:
        path: Where to. It has this name only when all of it is there.
        runner: The jar of the runner; its manifest names the main class.
        statements: What is run, as plain data.
        connectors: The jars of the connectors, in any order.
        cache: Where merged connectors are kept. Left out: `merged` in the cache of jars. Where it cannot be written, nothing is
            kept.

    Raises:
        SpecError: If one is no jar, two have the same class with other bytes, or all together are larger than the code of an
            application may be.
        ValueError: If the runner's manifest names no main class.
        OSError: If the jar cannot be written.
    """
    main_class = _main_class(runner)
    own = merged_entries([runner])
    with tempfile.TemporaryDirectory() as elsewhere:
        merged = _merged(connectors, cache or cache_root() / "merged", Path(elsewhere))
        multi_release = is_multi_release(own) or merged.multi_release
        text = json.dumps(statements, ensure_ascii=False, indent=1, sort_keys=True)
        more = {MANIFEST: stored(_manifest(main_class, multi_release)), STATEMENTS: stored(f"{text}\n".encode())}
        entries = {**own, **more}
        size = merged.directory.at + sum(entry.packed_size for entry in entries.values())
        if size > LARGEST_CODE_BYTES:
            raise _too_large(path, size)
        _write_whole(path, lambda file: write_jar(file, entries, (merged.path, merged.directory)))


@dataclass(frozen=True, slots=True)
class _MergedJar:
    """Connectors, merged: the jar, where its directory is, and whether it has classes for some versions of Java alone."""

    path: Path
    directory: Directory
    multi_release: bool


def _too_large(path: Path, size: int) -> SpecError:
    message = f"the jar of an application, `{path.name}`, is {size:,} bytes"
    note = f"the code of an application may be {LARGEST_CODE_BYTES:,} bytes"
    help_ = "leave out of `connectors` what no table needs"
    return SpecError([Finding("FLK136", message, note=note, help=help_)])


def _main_class(runner: Path) -> str:
    with open_jar(runner) as jar:
        text = jar.read(MANIFEST).decode() if MANIFEST in jar.namelist() else ""
    if found := _MAIN_CLASS.search(text):
        return found[1]
    raise ValueError(f"the manifest of {runner} names no main class")


def _manifest(main_class: str, multi_release: bool) -> bytes:  # noqa: FBT001
    lines = [
        "Manifest-Version: 1.0",
        f"Main-Class: {main_class}",
        *(["Multi-Release: true"] if multi_release else []),
        "",
    ]
    return "".join(f"{line}\r\n" for line in lines).encode()


def _merged(connectors: Sequence[Path], cache: Path, elsewhere: Path) -> _MergedJar:
    """The connectors as one jar: the one that is in the cache, or a new one, which is in the cache afterwards."""
    parts = sorted(f"{connector.name} {sha256_of(connector)}" for connector in connectors if connector.is_file())
    name = hashlib.sha256("\n".join([_LAYOUT, *parts]).encode()).hexdigest()
    if kept := _kept(cache, name):
        return kept
    entries = merged_entries(connectors)
    try:
        cache.mkdir(mode=_FOLDER, parents=True, exist_ok=True)
        return _keep(cache, name, entries)
    except OSError:
        return _keep(elsewhere, name, entries)  # a cache that cannot be written costs time alone


def _kept(cache: Path, name: str) -> _MergedJar | None:
    """What was kept under a name; None if nothing was, or it is no longer what it was."""
    path = cache / f"{name}.jar"
    try:
        told = json.loads((cache / f"{name}.json").read_text(encoding="utf-8"))
        if told["sha256"] != sha256_of(path):
            return None
        return _MergedJar(path, Directory(*map(int, told["directory"])), bool(told["multi_release"]))
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _keep(folder: Path, name: str, entries: Mapping[str, PackedEntry]) -> _MergedJar:
    path = folder / f"{name}.jar"
    directory = _write_whole(path, lambda file: write_jar(file, entries))
    multi_release = is_multi_release(entries)
    at = (directory.at, directory.size, directory.entries)
    told = {"sha256": sha256_of(path), "directory": at, "multi_release": multi_release}
    _write_whole(folder / f"{name}.json", lambda file: file.write(json.dumps(told).encode()))
    return _MergedJar(path, directory, multi_release)


_T = TypeVar("_T")


def _write_whole(path: Path, write: Callable[[BinaryIO], _T]) -> _T:
    """Writes a file that has its name only when all of it is there."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    written = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as new:
            result = write(new)
        written.chmod(_FILE)
        written.replace(path)
    finally:
        written.unlink(missing_ok=True)
    return result

"""Brings the jars of Flink's connectors into the cache, and takes down the sha256 of those that nothing locks yet.

The first that is seen of such a jar is trusted: it is looked into, and `connectors.lock.json` beside the spec says from then on
which it is.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from streaming_constructs.facts.flink_connector_jars import (
    RUNTIME_JARS,
    ConnectorJars,
    all_connector_jars,
    connector_jars,
    unlocked_coordinates,
    unlocked_jar,
)
from streaming_constructs.facts.jar_lock import Jar
from streaming_constructs.local.jars.maven import copy_with_maven
from streaming_constructs.local.jars.require_jars import find_here, require_jars
from streaming_constructs.planning.connectors_lock import read_connectors_lock, write_connectors_lock
from streaming_constructs.planning.flink_connector_findings import connector_jar_findings
from streaming_constructs.planning.flink_connector_jars import connectors_of, jars_command
from streaming_constructs.planning.jar_cache import cache_folder, sha256_of
from streaming_constructs.spec.finding import Finding, SpecError


@dataclass(frozen=True, slots=True)
class FoundConnectors:
    """The jars of connectors, verified.

    Attributes:
        runtime: The runtime that they are for.
        jars: The jars.
        files: Where each is, in the same order.
        added: How many were not there before.
        locked: Those whose sha256 was taken down now, for the first time.
    """

    runtime: str
    jars: tuple[Jar, ...]
    files: tuple[Path, ...]
    added: int
    locked: tuple[Jar, ...]


def require_connectors(
    runtime: str,
    identifiers: Iterable[str],
    lock_file: Path,
    *,
    given: Path | None = None,
    repository: Path | None = None,
    command: str = "",
) -> FoundConnectors:
    """The jars of connectors: those in the cache, each verified; what is missing is brought there first, as by `require_jars`.

    Args:
        runtime: The runtime, such as `FLINK-2_3`.
        identifiers: What tables say in `connector`.
        lock_file: `connectors.lock.json` beside the spec. It is written when a jar was seen for the first time, after all jars
            are in the cache.
        given: A folder that has jars, at any depth, under the names that Maven gives them.
        repository: The local Maven repository. Left out: `~/.m2/repository`.
        command: What brings them, for those whom an error is told. Left out: `streaming-constructs jars` with these connectors.

    Raises:
        SpecError: If a jar is not the one of its lock, is nowhere, is no jar, or is another than what it is called.
    """
    identifiers = tuple(identifiers)
    connectors = connectors_of(identifiers)
    command = command or jars_command(runtime, identifiers)
    locked = read_connectors_lock(lock_file)
    coordinates = unlocked_coordinates(runtime, connectors)
    new = [Jar(coordinate, 0, "") for coordinate in coordinates if coordinate not in locked]
    with tempfile.TemporaryDirectory() as fetched:
        first_seen: tuple[Jar, ...] = ()
        if new:
            paths = _bring(new, Path(fetched), given, repository, command)
            _look_at(runtime, connectors, [path for _, path in paths])
            first_seen = tuple(Jar(jar.coordinate, path.stat().st_size, sha256_of(path)) for jar, path in paths)
        folder = cache_folder(all_connector_jars(runtime))
        shipped = connector_jars(runtime, connectors)
        found = require_jars(folder, given=given, repository=repository, lock=shipped, command=command)
        jars, files, added = list(shipped.jars), list(found.files), found.added
        every = {**locked, **{jar.coordinate: jar for jar in first_seen}}
        for coordinate in coordinates:
            jar = every[coordinate]
            place = Path(fetched) if jar in first_seen and (Path(fetched) / jar.file_name).is_file() else given
            one = require_jars(given=place, repository=repository, lock=unlocked_jar(jar), command=command)
            jars.append(jar)
            files.extend(one.files)
            added += one.added
    if first_seen:
        _write(lock_file, every.values())
    return FoundConnectors(runtime, tuple(jars), tuple(files), added, first_seen)


def _bring(
    jars: Sequence[Jar], folder: Path, given: Path | None, repository: Path | None, command: str
) -> list[tuple[Jar, Path]]:
    here = find_here(jars, given, repository)
    if to_fetch := [jar for jar in jars if jar not in here]:
        copy_with_maven(to_fetch, folder, "Flink connectors", command)
    return [(jar, here.get(jar) or folder / jar.file_name) for jar in jars]


def _look_at(runtime: str, connectors: Sequence[ConnectorJars], paths: Sequence[Path]) -> None:
    """Refuses what is no jar, is built for another Flink, or has no such connector, before its sha256 is taken down."""
    built_for = RUNTIME_JARS[runtime].built_for
    names = {path.name for path in paths}
    new = [
        connector.identifiers[0]
        for connector in connectors
        if names & {Jar(coordinate, 0, "").file_name for coordinate in connector.artifacts[built_for][-1:]}
    ]
    findings = connector_jar_findings(runtime, new, paths)
    if errors := [finding for finding in findings if finding.level == "error"]:
        raise SpecError(errors)


def _write(lock_file: Path, jars: Iterable[Jar]) -> None:
    try:
        write_connectors_lock(lock_file, jars)
    except OSError as error:
        message = f"`{lock_file}` cannot be written"
        raise SpecError([Finding("FLK130", message, note=error.strerror or str(error))]) from error

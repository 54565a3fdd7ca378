"""Which jars the connectors of Flink SQL are in, and where they lie in the cache. Fetches nothing."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from streaming_constructs.facts.flink_connector_jars import (
    CONNECTOR_JARS,
    IN_RUNTIME,
    ConnectorJars,
    all_connector_jars,
    connector_jars,
    connector_of,
    unlocked_coordinates,
    unlocked_jar,
)
from streaming_constructs.facts.jar_lock import Jar, JarLock
from streaming_constructs.planning.connectors_lock import read_connectors_lock
from streaming_constructs.planning.jar_cache import cache_folder, is_verified
from streaming_constructs.spec.finding import Finding, SpecError, did_you_mean

_SHOWN_COORDINATES = 3


@dataclass(frozen=True, slots=True)
class LockedJar:
    """A jar that a connector needs.

    Attributes:
        jar: The jar.
        lock: The lock that has it.
        path: Where it lies in the cache, or will.
    """

    jar: Jar
    lock: JarLock
    path: Path


def connectors_of(identifiers: Iterable[str]) -> tuple[ConnectorJars, ...]:
    """The connectors that tables ask for, by their names, without what is part of the runtime.

    Args:
        identifiers: What tables say in `connector`.

    Raises:
        SpecError: If one is not known.
    """
    found, unknown = {}, []
    for identifier in sorted(set(identifiers) - set(IN_RUNTIME)):
        if connector := connector_of(identifier):
            found[connector.name] = connector
        else:
            unknown.append(_unknown(identifier))
    if unknown:
        raise SpecError(unknown)
    return tuple(found[name] for name in sorted(found))


def locked_jars(
    runtime: str,
    identifiers: Iterable[str],
    locked: Mapping[str, Jar],
    environment: Mapping[str, str] | None = None,
) -> tuple[tuple[LockedJar, ...], tuple[str, ...]]:
    """The jars that connectors need, and the coordinates of those that nothing locks yet.

    Args:
        runtime: The runtime, such as `FLINK-2_3`.
        identifiers: What tables say in `connector`.
        locked: What is locked beside the spec, by its coordinate.
        environment: Where the variables stand. Left out: the variables of this process.

    Raises:
        SpecError: If a connector is not known.
    """
    connectors = connectors_of(identifiers)
    shipped = connector_jars(runtime, connectors)
    folder = cache_folder(all_connector_jars(runtime), environment)
    jars = [LockedJar(jar, shipped, folder / jar.file_name) for jar in shipped.jars]
    unlocked = []
    for coordinate in unlocked_coordinates(runtime, connectors):
        if jar := locked.get(coordinate):
            lock = unlocked_jar(jar)
            jars.append(LockedJar(jar, lock, cache_folder(lock, environment) / jar.file_name))
        else:
            unlocked.append(coordinate)
    return tuple(jars), tuple(unlocked)


def find_connector_jars(
    runtime: str,
    identifiers: Iterable[str],
    lock_file: Path,
    *,
    command: str = "",
    environment: Mapping[str, str] | None = None,
) -> tuple[Path, ...]:
    """The jars that connectors need, all of them in the cache, each verified.

    Args:
        runtime: The runtime, such as `FLINK-2_3`.
        identifiers: What tables say in `connector`; what is part of the runtime needs no jar.
        lock_file: `connectors.lock.json` beside the spec; it need not be there.
        command: What brings them, for those whom an error is told. Left out: `streaming-constructs jars` with these connectors.
        environment: Where the variables stand. Left out: the variables of this process.

    Raises:
        SpecError: If one is not there, is not the one of its lock, or a connector is not known: all of them at once.
    """
    identifiers = tuple(identifiers)
    command = command or jars_command(runtime, identifiers)
    jars, unlocked = locked_jars(runtime, identifiers, read_connectors_lock(lock_file), environment)
    missing = [jar.jar.coordinate for jar in jars if not jar.path.is_file()]
    findings = [
        _changed(found, lock_file, command) for found in jars if found.path.is_file() and not _is_verified(found)
    ]
    if missing or unlocked:
        findings.append(_missing(runtime, [*unlocked, *missing], command))
    if findings:
        raise SpecError(findings)
    return tuple(jar.path for jar in jars)


def connectors_at_hand(
    runtime: str, identifiers: Iterable[str], lock_file: Path, environment: Mapping[str, str] | None = None
) -> tuple[str, ...]:
    """Those of some connectors whose jars are all in the cache, as their locks say.

    Args:
        runtime: The runtime, such as `FLINK-2_3`.
        identifiers: What tables say in `connector`.
        lock_file: `connectors.lock.json` beside the spec; it need not be there.
        environment: Where the variables stand. Left out: the variables of this process.
    """
    there = []
    for identifier in identifiers:
        with suppress(SpecError):
            find_connector_jars(runtime, [identifier], lock_file, environment=environment)
            there.append(identifier)
    return tuple(there)


def jars_command(runtime: str, identifiers: Iterable[str]) -> str:
    """The command that brings the jars of connectors.

    Args:
        runtime: The runtime, such as `FLINK-2_3`.
        identifiers: What tables say in `connector`.
    """
    names = ",".join(connector.name for connector in connectors_of(identifiers))
    return f"streaming-constructs jars --flink {runtime} --connectors {names}"


def _is_verified(found: LockedJar) -> bool:
    try:
        return is_verified(found.path, found.jar)
    except OSError:
        return False


def _missing(runtime: str, coordinates: Sequence[str], command: str) -> Finding:
    first, more = coordinates[0], len(coordinates) - 1
    what = f"`{first}` and {more} more" if more else f"`{first}`"
    note = f"without it {runtime} finds no factory for the tables, and the application does not start"
    rest = len(coordinates) - _SHOWN_COORDINATES
    brings = ", ".join(coordinates[:_SHOWN_COORDINATES]) + (f" and {rest} more" if rest > 0 else "")
    help_ = f"run `{command}`, which brings {brings}"
    return Finding("FLK128", f"connectors of the SQL are not on this machine: {what}", note=note, help=help_)


def _changed(found: LockedJar, lock_file: Path, command: str) -> Finding:
    where = f"`{os.path.relpath(lock_file)}`" if found.lock.product == "Flink connector" else "this package"
    message = f"`{found.path}` is not the jar `{found.jar.coordinate}`"
    note = f"its sha256 is not {found.jar.sha256}, which {where} says, so nothing of it is deployed"
    help_ = f"run `rm {shlex.quote(str(found.path))}`, and then `{command}`"
    return Finding("FLK129", message, note=note, help=help_)


def _unknown(identifier: str) -> Finding:
    known = [*(name for connector in CONNECTOR_JARS for name in connector.identifiers), *IN_RUNTIME]
    note = "a jar of your own that has it can be named in `connectors`"
    message = f"`{identifier}` is no connector that there are jars for"
    return Finding("FLK138", message, note=note, help=did_you_mean(identifier, known))

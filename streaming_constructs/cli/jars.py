"""`streaming-constructs jars`: what rehearsals of Kafka and of Flink run, and the connectors that are deployed."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from streaming_constructs.cli import options

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from streaming_constructs.facts.jar_lock import Jar, JarLock
    from streaming_constructs.local.jars.require_connectors import FoundConnectors
    from streaming_constructs.local.java import Java
    from streaming_constructs.planning.jar_cache import FoundJars
    from streaming_constructs.spec.finding import Finding

_RUNTIMES = ("FLINK-2_3", "FLINK-2_2", "FLINK-1_20")
_FROM = (
    "Where the jars are, at any depth, under the names that Maven gives them. Left out: the local Maven repository, or where "
    "your own `mvn` finds them."
)


@click.command()
@click.argument("system", metavar="[SPEC|PATTERN]", required=False)
@click.option(
    "--flink",
    "runtime",
    type=click.Choice(_RUNTIMES),
    help="A runtime of Managed Flink: its own jars, and its SQL parser; with SPEC, what applications of it need; with "
    "--connectors, those for it.",
)
@click.option(
    "--connectors",
    metavar="NAMES",
    help="Connectors of Flink SQL, such as kafka,kinesis. They are brought alone. Left out: those that applications of SPEC "
    "need.",
)
@click.option(
    "--from", "given", metavar="FOLDER", type=click.Path(exists=True, file_okay=False, path_type=Path), help=_FROM
)
@options.text_or_json
@click.pass_context
def jars(
    ctx: click.Context, system: str | None, runtime: str | None, connectors: str | None, given: Path | None, form: str
) -> None:
    """Brings the jars that rehearsals run and that Flink SQL is deployed with, and verifies them.

    With SPEC it brings all that a rehearsal of it takes: for its applications of Flink SQL the Flink of their runtimes and
    the connectors that their tables need, in whichever of its environments, and Apache Kafka if it has topics. Without
    arguments it brings Kafka alone. All are kept in the user's folder of caches, or where STREAMING_CONSTRUCTS_CACHE says,
    each compared with its sha256. Nothing is fetched that is there. The sha256 of connectors that this package ships none of is
    taken down in `connectors.lock.json` beside SPEC when they are first seen; commit it. Where there is Java 17, and for a
    broker the extra `kafka`, what was brought is started once, so that it starts faster from then on.

    Exit codes: 0 all are there and verified; 1 some are not, or are not what they are called; 2 wrong usage.
    """
    from streaming_constructs.cli.ended_by_signals import ended_by_signals

    with ended_by_signals(ctx):
        if connectors is not None:
            _connectors(runtime, connectors, _folder(system), given, form)
        elif system is not None:
            _system(system, runtime, _folder(system), given, form)
        elif runtime is not None:
            _flink(runtime, given, form)
        else:
            _kafka(given, form)


def _kafka(given: Path | None, form: str) -> None:
    from streaming_constructs.cli.console import show_findings, show_json
    from streaming_constructs.facts.jar_lock import kafka_jars
    from streaming_constructs.local.jars.require_jars import require_jars

    found = require_jars(given=given)
    java, archive, findings = _prepared(found)
    if form == "json":
        from streaming_constructs.cli.report import finding_object

        told: dict[str, Any] = {"kafka": found.lock.version, **_found_object(found)}
        told["java"] = {"executable": str(java.executable), "version": java.version} if java else None
        told["class_archive"] = str(archive) if archive else None
        told["others"] = [_other_object(lock, arguments) for lock, arguments in _others()]
        show_json({**told, "findings": [finding_object(finding) for finding in findings]})
        return
    _show_found(kafka_jars(), found)
    if java is not None:
        click.echo(f"Java {java.version}, by {java.found}: {java.executable}")
    click.echo("\nThere is more, for applications of Flink:")
    for lock, arguments in _others():
        there = "here" if _is_here(lock) else "not here"
        size = f"{len(lock.jars)} jars, {lock.bytes / 1e6:.1f} MB"
        click.echo(f"  jars {arguments:<42} {lock.name}: {size}; {there}")
    show_findings(findings)


def _flink(runtime: str, given: Path | None, form: str) -> None:
    from streaming_constructs.cli.console import show_findings, show_json

    found, notes = _flink_jars(runtime, given, f"streaming-constructs jars --flink {runtime}")
    if form == "json":
        show_json({"runtime": runtime, "locks": [{"name": each.lock.name, **_found_object(each)} for each in found]})
        return
    for each in found:
        _show_found(each.lock, each)
    show_findings(notes)


def _kafka_jars(given: Path | None, command: str) -> tuple[list[FoundJars], list[Finding]]:
    """The jars of a broker, and what keeps one from running here as yet."""
    from streaming_constructs.facts.jar_lock import kafka_jars
    from streaming_constructs.local.jars.require_jars import require_jars

    _tell_size(kafka_jars())
    found = require_jars(given=given, command=command)
    return [found], _prepared(found)[2]


def _flink_jars(runtime: str, given: Path | None, command: str) -> tuple[list[FoundJars], list[Finding]]:
    """The jars of a Flink and of its parser, and what keeps a Flink from running here as yet."""
    from streaming_constructs.facts.flink_connector_jars import flink_jars, parser_jars
    from streaming_constructs.local.jars.require_jars import require_jars

    found = []
    for lock in (flink_jars(runtime), parser_jars(runtime)):
        _tell_size(lock)
        found.append(require_jars(given=given, lock=lock, command=command))
    return found, _archived(runtime, found[0])


def _archived(runtime: str, found: FoundJars) -> list[Finding]:
    """Lets a Flink be started once, so that later ones start faster; gives what keeps one from running here as yet."""
    from dataclasses import replace

    from streaming_constructs.local.class_data import archive_path
    from streaming_constructs.local.flink.class_archive import make_flink_archive
    from streaming_constructs.local.flink.local_flink import own_jars
    from streaming_constructs.local.java import find_java
    from streaming_constructs.spec.finding import SpecError

    try:
        java = find_java()
    except SpecError as error:
        # The jars are there, which is what was asked for.
        return [replace(finding, level="note") for finding in error.findings]
    if java.archives_classes and not archive_path(java, found, own_jars(runtime)).is_file():
        click.echo(f"starting {found.lock.name} once, so that it starts faster from then on", err=True)
    make_flink_archive(runtime, java)
    return []


def _connectors(runtime: str | None, names: str, folder: Path, given: Path | None, form: str) -> None:
    """Connectors that are named, alone."""
    from streaming_constructs.cli.console import show_json
    from streaming_constructs.facts.flink_connector_jars import DEFAULT_RUNTIME
    from streaming_constructs.planning.connectors_lock import CONNECTORS_LOCK

    asked = [name for name in (name.strip() for name in names.split(",")) if name]
    if not asked:
        raise click.BadParameter("names no connector", param_hint="--connectors")
    found = _brought(runtime or DEFAULT_RUNTIME, asked, folder, given, "")
    if form == "json":
        show_json({"lock_file": str(folder / CONNECTORS_LOCK), "runtimes": [_connectors_object(found)]})
        return
    _show_connectors(found, folder / CONNECTORS_LOCK)


def _system(system: str, runtime: str | None, folder: Path, given: Path | None, form: str) -> None:
    """All that the rehearsal of a system takes, and the connectors that it is deployed with.

    What can be brought is: a connector that is nowhere keeps nothing else away.
    """
    from streaming_constructs.cli.console import show_findings, show_json
    from streaming_constructs.cli.report import finding_object
    from streaming_constructs.planning.connectors_lock import CONNECTORS_LOCK
    from streaming_constructs.spec.finding import SpecError

    needed, has_topics = _needed(system)
    needed = {name: identifiers for name, identifiers in needed.items() if runtime in {None, name}}
    command = f"streaming-constructs jars {system}"
    locks, notes, errors = _for_rehearsals(needed, given, command, has_topics=has_topics)
    connectors, missing = _for_deployments(needed, folder, given, command)
    errors += missing
    if form == "json":
        shown = [{"name": each.lock.name, **_found_object(each)} for each in locks]
        runtimes = [_connectors_object(each) for each in connectors]
        findings = [finding_object(finding) for finding in notes]
        lock_file = str(folder / CONNECTORS_LOCK)
        show_json({"lock_file": lock_file, "locks": shown, "runtimes": runtimes, "findings": findings})
    else:
        for each in locks:
            _show_found(each.lock, each)
        for brought in connectors:
            _show_connectors(brought, folder / CONNECTORS_LOCK)
        if not (locks or needed):
            click.echo("It has neither an application of Flink SQL nor topics of Kafka, and needs no jars.")
        show_findings(notes)
    if errors:
        raise SpecError(errors)


def _for_rehearsals(
    runtimes: Iterable[str], given: Path | None, command: str, *, has_topics: bool
) -> tuple[list[FoundJars], list[Finding], list[Finding]]:
    """What runs on this machine: the jars, what keeps them from being run as yet, and what could not be brought."""
    from streaming_constructs.spec.finding import SpecError

    brings: list[Callable[[Path | None, str], tuple[list[FoundJars], list[Finding]]]]
    brings = [*([_kafka_jars] if has_topics else []), *(partial(_flink_jars, name) for name in runtimes)]
    locks: list[FoundJars] = []
    notes: list[Finding] = []
    errors: list[Finding] = []
    for bring in brings:
        try:
            found, told = bring(given, command)
            locks += found
            notes += told
        except SpecError as error:
            errors += error.findings
    return locks, notes, errors


def _for_deployments(
    needed: Mapping[str, Iterable[str]], folder: Path, given: Path | None, command: str
) -> tuple[list[FoundConnectors], list[Finding]]:
    """The connectors, and those that could not be brought, which keep no other away."""
    from streaming_constructs.spec.finding import SpecError

    connectors: list[FoundConnectors] = []
    errors: list[Finding] = []
    for name, identifiers in needed.items():
        if not identifiers:
            continue
        try:
            connectors.append(_brought(name, identifiers, folder, given, command))
        except SpecError as error:
            errors += error.findings
            for one in sorted(identifiers):
                with suppress(SpecError):
                    connectors.append(_brought(name, [one], folder, given, command))
    return connectors, errors


def _brought(
    runtime: str, identifiers: Iterable[str], folder: Path, given: Path | None, command: str
) -> FoundConnectors:
    from streaming_constructs.facts.flink_connector_jars import all_connector_jars, connector_jars
    from streaming_constructs.local.jars.require_connectors import require_connectors
    from streaming_constructs.planning.connectors_lock import CONNECTORS_LOCK
    from streaming_constructs.planning.flink_connector_jars import connectors_of

    identifiers = tuple(identifiers)
    _tell_size(connector_jars(runtime, connectors_of(identifiers)), folder=all_connector_jars(runtime))
    return require_connectors(runtime, identifiers, folder / CONNECTORS_LOCK, given=given, command=command)


def _needed(system: str) -> tuple[dict[str, frozenset[str]], bool]:
    """The connectors that the applications of a spec need, in all of its environments; and whether it has topics of Kafka."""
    from streaming_constructs.cli.check import check
    from streaming_constructs.cli.system import open_system
    from streaming_constructs.planning.analytics.flink_jars_needed import flink_jars_needed
    from streaming_constructs.spec.finding import SpecError

    needed: dict[str, frozenset[str]] = {}
    has_topics = False
    for each in check(open_system(system)).systems:
        if each.plan is None:
            raise SpecError([finding for finding in each.findings if finding.level == "error"])
        has_topics = has_topics or bool(each.plan.sections["clusters"])
        for name, identifiers in flink_jars_needed(each.plan.nodes.values()).items():
            needed[name] = needed.get(name, frozenset()) | identifiers
    return dict(sorted(needed.items())), has_topics


def _folder(system: str | None) -> Path:
    """The folder of a spec, where its connectors are locked; without one the working directory, and so for a pattern."""
    if system is None:
        return Path()
    from streaming_constructs.cli.system import open_system

    opened = open_system(system)
    return Path() if opened.pattern else opened.directory


def _tell_size(lock: JarLock, folder: JarLock | None = None) -> None:
    """Says what will be brought before that takes its time; on stderr, for it is no result."""
    from streaming_constructs.planning.jar_cache import cache_folder, missing_jars

    if missing := missing_jars(cache_folder(folder or lock), lock):
        size = sum(jar.bytes for jar in missing) / 1e6
        click.echo(f"bringing {len(missing)} jars of {lock.name}, {size:.1f} MB", err=True)


def _show_found(lock: JarLock, found: FoundJars) -> None:
    came = f", {found.added} of them new" if found.added else ""
    click.echo(f"{lock.name}: {len(found.files)} jars, {lock.bytes / 1e6:.1f} MB, verified{came}")
    click.echo(f"in {found.folder}")


def _show_connectors(found: FoundConnectors, lock_file: Path) -> None:
    from streaming_constructs.spec.printable import printable

    came = f", {found.added} of them new" if found.added else ""
    size = sum(jar.bytes for jar in found.jars) / 1e6
    click.echo(f"Connectors for {found.runtime}: {len(found.jars)} jars, {size:.1f} MB, verified{came}")
    if found.locked:
        click.echo(f"{printable(str(lock_file))} has {len(found.locked)} more, seen for the first time; commit it:")
    for jar in found.locked:
        click.echo(f"  {jar.coordinate}  {jar.bytes:,} bytes  sha256 {jar.sha256}")


def _found_object(found: FoundJars) -> dict[str, Any]:
    jars = _jars_object(found.lock.jars, found.files)
    return {"folder": str(found.folder), "added": found.added, "jars": jars}


def _connectors_object(found: FoundConnectors) -> dict[str, Any]:
    locked = [jar.coordinate for jar in found.locked]
    jars = _jars_object(found.jars, found.files)
    return {"runtime": found.runtime, "added": found.added, "locked": locked, "jars": jars}


def _jars_object(jars: Sequence[Jar], files: Sequence[Path]) -> list[dict[str, Any]]:
    return [
        {"coordinate": jar.coordinate, "file": str(path), "bytes": jar.bytes, "sha256": jar.sha256}
        for jar, path in zip(jars, files, strict=True)
    ]


def _others() -> list[tuple[JarLock, str]]:
    """The locks that are brought by arguments, and these."""
    from streaming_constructs.facts.flink_connector_jars import CONNECTOR_JARS, connector_jars, flink_jars

    kafka = [connector for connector in CONNECTOR_JARS if connector.name == "kafka"]
    return [
        *((flink_jars(runtime), f"--flink {runtime}") for runtime in _RUNTIMES),
        *(
            (connector_jars(runtime, kafka), f"--flink {runtime} --connectors kafka")
            for runtime in (_RUNTIMES[0], _RUNTIMES[-1])
        ),
    ]


def _other_object(lock: JarLock, arguments: str) -> dict[str, Any]:
    sizes = {"jars": len(lock.jars), "bytes": lock.bytes, "is_here": _is_here(lock)}
    return {"name": lock.name, "arguments": arguments, **sizes}


def _is_here(lock: JarLock) -> bool:
    """Whether all jars of a lock are in the cache; connectors share one folder."""
    from streaming_constructs.facts.jar_lock import jar_lock
    from streaming_constructs.planning.jar_cache import cache_folder, missing_jars

    whole = jar_lock(f"flink-connectors-{lock.version}") if lock.product == "Flink connectors" else lock
    return not missing_jars(cache_folder(whole), lock)


def _prepared(found: FoundJars) -> tuple[Java | None, Path | None, list[Finding]]:
    """The Java that will run the jars, its archive of class data, and what keeps a broker from running here as yet."""
    from dataclasses import replace

    from streaming_constructs.local.java import find_java
    from streaming_constructs.local.kafka.class_archive import make_archive
    from streaming_constructs.local.kafka.client import require_client
    from streaming_constructs.spec.finding import SpecError

    java = None
    try:
        java = find_java()
        require_client()
        return java, make_archive(java, found), []
    except SpecError as error:
        # The jars are there, which is what was asked for.
        return java, None, [replace(finding, level="note") for finding in error.findings]

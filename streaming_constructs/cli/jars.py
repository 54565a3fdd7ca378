"""`streaming-constructs jars`: what a Kafka broker of a rehearsal is made of."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from streaming_constructs.cli import options

if TYPE_CHECKING:
    from streaming_constructs.local.java import Java
    from streaming_constructs.planning.jar_cache import FoundJars
    from streaming_constructs.spec.finding import Finding


@click.command()
@click.option(
    "--from",
    "given",
    metavar="FOLDER",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Where the jars are, at any depth, under the names that Maven gives them. Left out: the local Maven repository, or "
    "where your own `mvn` finds them.",
)
@options.text_or_json
def jars(given: Path | None, form: str) -> None:
    """Brings to this machine what a rehearsal of a Kafka cluster runs, and verifies it.

    The jars of Apache Kafka are kept in the user's folder of caches, or where STREAMING_CONSTRUCTS_CACHE says, each compared
    with its sha256. Nothing is fetched that is there. Where there are Java 17 and the extra `kafka`, a broker is started once,
    so that later ones start faster.

    Exit codes: 0 all are there and verified; 1 some are not, or are not what they are called; 2 wrong usage.
    """
    from streaming_constructs.cli.console import show_findings, show_json
    from streaming_constructs.facts.jar_lock import kafka_jars
    from streaming_constructs.local.jars.require_jars import require_jars

    found, lock = require_jars(given=given), kafka_jars()
    java, archive, findings = _prepared(found)
    if form == "json":
        from streaming_constructs.cli.report import finding_object

        listed = [
            {"coordinate": jar.coordinate, "file": str(path), "bytes": jar.bytes, "sha256": jar.sha256}
            for jar, path in zip(lock.jars, found.files, strict=True)
        ]
        told: dict[str, Any] = {
            "kafka": found.lock.version,
            "folder": str(found.folder),
            "added": found.added,
            "jars": listed,
        }
        told["java"] = {"executable": str(java.executable), "version": java.version} if java else None
        told["class_archive"] = str(archive) if archive else None
        show_json({**told, "findings": [finding_object(finding) for finding in findings]})
        return
    came = f", {found.added} of them new" if found.added else ""
    click.echo(f"Kafka {found.lock.version}: {len(found.files)} jars, {lock.bytes / 1e6:.1f} MB, verified{came}")
    click.echo(f"in {found.folder}")
    if java is not None:
        click.echo(f"Java {java.version}, by {java.found}: {java.executable}")
    show_findings(findings)


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

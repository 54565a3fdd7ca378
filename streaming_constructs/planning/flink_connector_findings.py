"""What is wrong with the jars that somebody brought for connectors of Flink SQL; planning does not find it, production does."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from streaming_constructs.facts.flink_connector_jars import IN_RUNTIME, RUNTIME_JARS, connector_of
from streaming_constructs.planning.flink_connector_jars import jars_command
from streaming_constructs.planning.jar_contents import JarContents, read_jar
from streaming_constructs.spec.finding import Finding, SpecError

_SHADED_KAFKA = "org/apache/flink/kafka/shaded/"
_IAM = "software/amazon/msk/auth/iam/"
_SHADED_AWS = re.compile(r"org/apache/flink/connector/(kinesis/sink|firehose/sink|dynamodb)/shaded/software/amazon/")
_LEGACY_KINESIS = "org/apache/flink/streaming/connectors/kinesis/"
_KINESIS = "org/apache/flink/connector/kinesis/table/KinesisDynamicTableFactory.class"
_FILE_NAME = re.compile(r"(flink-(?:sql-)?connector-[a-z0-9-]+?)-(\d+\.\d+\.\d+-\d+\.\d+)\.jar")
_BUILT_FOR = re.compile(r".*-(\d+)\.(\d+)")


def connector_jar_findings(runtime: str, identifiers: Iterable[str], paths: Sequence[Path]) -> list[Finding]:
    """What is wrong with jars that have the connectors of an application.

    Args:
        runtime: The runtime, such as `FLINK-2_3`.
        identifiers: What tables say in `connector`.
        paths: The jars.
    """
    jars: list[JarContents] = []
    findings: list[Finding] = []
    for path in paths:
        try:
            jars.append(read_jar(path))
        except SpecError as error:
            findings.extend(error.findings)
    for jar in jars:
        findings.extend(_built_for_another(runtime, jar))
    findings.extend(_shaded_kafka(runtime, jars))
    findings.extend(_kinesis_twice(runtime, jars))
    findings.extend(_shaded_twice(runtime, identifiers := tuple(identifiers), jars))
    if len(jars) == len(paths):  # of what cannot be read nothing is known
        findings.extend(_missing(runtime, identifiers, jars))
    return findings


def _built_for_another(runtime: str, jar: JarContents) -> list[Finding]:
    """Connectors whose version ends with another Flink than the one that they are to run on."""
    runs = _numbers(RUNTIME_JARS[runtime].lock)
    named = _FILE_NAME.fullmatch(jar.path.name)
    findings = []
    for artifact, version in sorted({*jar.versions, *([(named[1], named[2])] if named else [])}):
        built_for = _numbers(version)
        if built_for is None or runs is None or (built_for[0] == runs[0] and built_for <= runs):
            continue
        text, level = ".".join(map(str, built_for)), "error" if built_for[0] != runs[0] else "warning"
        message = (
            f"`{jar.path.name}` has {artifact} {version}, which is built for Flink {text}, and the runtime is {runtime}"
        )
        ending = RUNTIME_JARS[runtime].built_for
        help_ = f"take the version that ends with `-{ending}`, or leave `connectors` out and run `streaming-constructs jars`"
        note = "classes and methods that it calls are not there: it fails at the start, or only at the first record"
        findings.append(Finding("FLK131", message, note=note, help=help_, level=level))  # type: ignore[arg-type]
    return findings


def _numbers(version: str) -> tuple[int, int] | None:
    found = _BUILT_FOR.fullmatch(version)
    return (int(found[1]), int(found[2])) if found else None


def _shaded_kafka(runtime: str, jars: Sequence[JarContents]) -> list[Finding]:
    shaded = [jar for jar in jars if jar.has(_SHADED_KAFKA)]
    iam = [jar for jar in jars if jar.has(_IAM)]
    if not shaded or not iam:
        return []
    message = (
        f"`{shaded[0].path.name}` has Kafka's client under another name than the one that `{iam[0].path.name}` extends"
    )
    note = "the SQL is planned without a word, and the job dies at its first connection with a ClassCastException"
    help_ = f"run `{jars_command(runtime, ['kafka'])}`, which brings `flink-connector-kafka` and the client as they are"
    return [Finding("FLK132", message, note=note, help=help_)]


def _kinesis_twice(runtime: str, jars: Sequence[JarContents]) -> list[Finding]:
    new = [jar for jar in jars if _KINESIS in jar.names and not jar.has(_LEGACY_KINESIS)]
    legacy = [jar for jar in jars if jar.has(_LEGACY_KINESIS)]
    if not new or not legacy:
        return []
    message = f"both `{new[0].path.name}` and `{legacy[0].path.name}` have a connector of Kinesis"
    note = "Flink finds more than one factory for `kinesis`, or takes classes of the one for the other"
    help_ = f"leave `{legacy[0].path.name}` out, and run `{jars_command(runtime, ['kinesis'])}`"
    return [Finding("FLK134", message, note=note, help=help_)]


def _shaded_twice(runtime: str, identifiers: Sequence[str], jars: Sequence[JarContents]) -> list[Finding]:
    kinds: dict[str, str] = {}
    for jar in jars:
        for name in jar.names:
            if found := _SHADED_AWS.match(name):
                kinds.setdefault(found[1], jar.path.name)
    if len(kinds) < 2:
        return []
    first, second, *_ = (kinds[kind] for kind in sorted(kinds))
    message = f"`{first}` and `{second}` each have `org.apache.flink.connector.aws` with an AWS SDK of their own"
    note = "only one of the two is loaded, and the other connector fails with a NoSuchMethodError"
    known = [identifier for identifier in identifiers if identifier in IN_RUNTIME or connector_of(identifier)]
    help_ = f"run `{jars_command(runtime, known)}`, which brings connectors that share one AWS SDK"
    return [Finding("FLK133", message, note=note, help=help_)]


def _missing(runtime: str, identifiers: Sequence[str], jars: Sequence[JarContents]) -> list[Finding]:
    there = {factory for jar in jars for factory in jar.factories}
    findings = []
    for identifier in sorted(set(identifiers) - set(IN_RUNTIME)):
        connector = connector_of(identifier)
        if connector is None or set(connector.factories) & there:
            continue  # what a factory of somebody else is called, only Java says
        coordinates = ", ".join(connector.artifacts[RUNTIME_JARS[runtime].built_for])
        listed = ", ".join(f"`{jar.path.name}`" for jar in jars) or "none"
        message = f"no jar has the connector `{identifier}`"
        help_ = f"add {coordinates} with what it depends on, or run `{jars_command(runtime, [identifier])}`"
        note = f"a jar of it names `{connector.factories[0]}` in META-INF/services; there are {listed}"
        findings.append(Finding("FLK128", message, note=note, help=help_))
    return findings

"""The statements of an application: which tables they have, and how they are run in a rehearsal."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from streaming_constructs.local.flink.sql_document import SqlDocument
from streaming_constructs.spec.analytics.sql_tokens import VARIABLE_NAME

IDLE_TIMEOUT = "table.exec.source.idle-timeout"
_TOPIC_IDLE_TIMEOUT = "scan.watermark.idle-timeout"
_IDLE_SECONDS_HERE = 2
"""How long a subtask or a partition may have no records here until windows no longer wait for it. A rehearsal puts the events
of minutes in seconds, and nobody would wait for the 30 s that are usual on AWS."""
_TEXT = r"'((?:[^']|'')*)'"
_OPTION = re.compile(rf"{_TEXT}\s*=\s*{_TEXT}")
_NAME = r"((?:`[^`]*`|[\w$]+)(?:\s*\.\s*(?:`[^`]*`|[\w$]+))*)"
_CREATE = re.compile(rf"\s*CREATE\s+(?:TEMPORARY\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?{_NAME}", re.IGNORECASE)
_INSERT = re.compile(rf"\s*INSERT\s+(?:INTO|OVERWRITE)\s+{_NAME}", re.IGNORECASE)
_VARIABLE = re.compile(rf"\$\{{({VARIABLE_NAME})\}}")
_WATERMARK = re.compile(r"\bWATERMARK\s+FOR\b", re.IGNORECASE)
_QUOTED = re.compile(rf"{_TEXT}|`[^`]*`")
_DURATION = re.compile(r"\s*(\d+)\s*([a-zA-Z]*)\s*")
_SECONDS = {"ms": 0.001, "s": 1.0, "sec": 1.0, "second": 1.0, "min": 60.0, "minute": 60.0, "h": 3600.0, "hour": 3600.0}
_KAFKA = ("kafka", "upsert-kafka")
_ON_S3 = re.compile(r"s3[an]?://(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the statements.

    Attributes:
        name: Its name in them.
        options: Its options, with the values of variables in them.
        is_sink: Whether something is inserted into it.
        has_watermark: Whether its records have a time that windows go by.
    """

    name: str
    options: Mapping[str, str]
    is_sink: bool
    has_watermark: bool = False

    @property
    def connector(self) -> str:
        """Its connector, such as `kinesis`."""
        return self.options.get("connector", "")

    @property
    def resource(self) -> str:
        """What it stands for: the ARN of a stream, a path of files, or the name of a topic, a delivery or a table."""
        names = ("stream.arn", "topic", "delivery-stream", "table-name", "path")
        return next((self.options[name] for name in names if name in self.options), "")

    @property
    def writes_files(self) -> bool:
        """Whether Flink itself writes files for it."""
        return self.is_sink and self.connector == "filesystem"

    @property
    def is_kafka(self) -> bool:
        """Whether it is a topic of Kafka."""
        return self.connector in _KAFKA

    @property
    def begins_at_the_end(self) -> bool:
        """Whether only what comes after the start is read."""
        position = self.options.get("source.init.position") or self.options.get("scan.startup.mode") or ""
        default = "LATEST" if self.connector == "kinesis" else "group-offsets"
        return (position or default).upper() in ("LATEST", "LATEST-OFFSET")

    @property
    def skips_invalid(self) -> bool:
        """Whether records that are not what its columns say are skipped."""
        return any(
            name.endswith("ignore-parse-errors") and value.lower() == "true" for name, value in self.options.items()
        )


@dataclass(frozen=True, slots=True)
class DeployedStatements:
    """Statements of an application.

    Attributes:
        config: The configuration of Flink that they are run with.
        tables: Their tables, in order.
    """

    config: Mapping[str, str]
    tables: tuple[Table, ...]

    @property
    def idle_seconds(self) -> float:
        """How long a subtask or a partition may have no records here until windows no longer wait for it; 0: they always do."""
        told = [self.config.get(IDLE_TIMEOUT, ""), *(one.options.get(_TOPIC_IDLE_TIMEOUT, "") for one in self.tables)]
        return min(max(map(duration_seconds, told)), _IDLE_SECONDS_HERE)

    @property
    def uses_kafka(self) -> bool:
        """Whether one of the tables is a topic of Kafka."""
        return any(table.is_kafka for table in self.tables)


def deployed_statements(document: SqlDocument, variables: Mapping[str, str]) -> DeployedStatements:
    """What a rehearsal has to know of statements.

    Args:
        document: The statements, as they are deployed.
        variables: What `${name}` stands for in them.
    """
    statements = [_VARIABLE.sub(lambda found: variables.get(found[1], found[0]), one) for one in document.statements]
    sinks = {_plain(found[1]) for one in statements if (found := _INSERT.match(one))}
    tables = tuple(
        Table(name, _options(one), name in sinks, bool(_WATERMARK.search(_QUOTED.sub("", one))))
        for one in statements
        if (found := _CREATE.match(one))
        for name in [_plain(found[1])]
    )
    return DeployedStatements(document.config, tables)


def rehearsed(
    document: SqlDocument, client: Mapping[str, str], folders: Mapping[str, str] | None = None
) -> SqlDocument:
    """Statements as they run in a rehearsal: with the way into its broker, without long waits for what is idle, and with files
    of S3 in folders.

    Those of queries, and all other tables, are those that are deployed, sign for sign.

    Args:
        document: The statements, as they are deployed.
        client: Options of Kafka's client that let it in, by name; empty: there is no broker.
        folders: Where files are written to, by their table. Left out: where the statements say.
    """
    config = {**document.config, **_idle_here(document.config, IDLE_TIMEOUT)}
    statements = (with_client_options(_with_paths(one, folders or {}), client) for one in document.statements)
    return SqlDocument(tuple(statements), config)


def folders_here(statements: DeployedStatements, root: str) -> dict[str, str]:
    """Where a rehearsal has files that Flink itself writes to S3: folders below one of its own, by table.

    Args:
        statements: The statements.
        root: The folder that stands for S3.
    """
    found = {table.name: _ON_S3.match(table.resource) for table in statements.tables if table.writes_files}
    steps = {name: one[1].split("/") for name, one in found.items() if one is not None}
    # Nothing is written beside the folder, whatever the path says.
    return {
        name: "/".join((root, *(step for step in each if step not in {"", ".", ".."}))) for name, each in steps.items()
    }


def _with_paths(statement: str, folders: Mapping[str, str]) -> str:
    """A statement whose table, if it is one of those of a mapping, has the folder that this says."""
    found = _CREATE.match(statement)
    folder = folders.get(_plain(found[1])) if found else None
    return _with_options(statement, _options(statement) | {"path": f"file://{folder}"}) if folder else statement


def with_client_options(statement: str, client: Mapping[str, str]) -> str:
    """A statement whose tables of Kafka are let in as a client of the rehearsal, and wait for idle partitions no longer than
    others for idle shards; any other as it is.

    Args:
        statement: The statement.
        client: Options of Kafka's client, such as `security.protocol`.
    """
    deployed = _options(statement)
    if not _CREATE.match(statement) or deployed.get("connector") not in _KAFKA or not client:
        return statement
    login = ("properties.security.", "properties.sasl.", "properties.ssl.")
    kept = {name: value for name, value in deployed.items() if not name.startswith(login)}
    own = {f"properties.{name}": value for name, value in client.items()}
    options = kept | _idle_here(kept, _TOPIC_IDLE_TIMEOUT) | own
    return _with_options(statement, options)


def duration_seconds(text: str) -> float:
    """A duration as Flink writes it, such as `30 s`, in seconds.

    Args:
        text: The duration; without a unit it is milliseconds.
    """
    found = _DURATION.fullmatch(text)
    if found is None:
        return 0.0
    unit = found[2].lower() or "ms"
    return int(found[1]) * _SECONDS.get(unit, _SECONDS.get(unit.removesuffix("s"), 1.0))


def _idle_here(given: Mapping[str, str], name: str) -> dict[str, str]:
    """The idle timeout of a rehearsal, where that which is deployed is longer; else nothing."""
    is_longer = duration_seconds(given.get(name, "")) > _IDLE_SECONDS_HERE
    return {name: f"{_IDLE_SECONDS_HERE} s"} if is_longer else {}


def _with_options(statement: str, options: Mapping[str, str]) -> str:
    first, last = _with(statement)
    told = ", ".join(f"{_quoted(name)} = {_quoted(value)}" for name, value in options.items())
    return f"{statement[:first]}{told}{statement[last:]}"


def _with(statement: str) -> tuple[int, int]:
    """Where the options of a table begin and end in its statement: behind its last WITH; nowhere, if it has none."""
    places = [found.end() for found in re.finditer(r"\bWITH\s*\(", statement, re.IGNORECASE)]
    last = statement.rfind(")")
    return (places[-1], last) if places and last > places[-1] else (len(statement), len(statement))


def _options(statement: str) -> dict[str, str]:
    first, last = _with(statement)
    text: Callable[[str], str] = lambda quoted: quoted.replace("''", "'")  # noqa: E731 - two places below
    return {text(found[1]): text(found[2]) for found in _OPTION.finditer(statement, first, last)}


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _plain(name: str) -> str:
    """The last part of a name, without what quotes it."""
    return re.split(r"\s*\.\s*(?=(?:[^`]*`[^`]*`)*[^`]*$)", name)[-1].strip("`")

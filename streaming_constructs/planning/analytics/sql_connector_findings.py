"""What is wrong with tables that the SQL creates itself: connectors, their options, and columns that they do not have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from streaming_constructs.facts.flink_connectors import CONNECTORS, DEAD_OPTIONS, FORMATS, Connector
from streaming_constructs.spec.analytics.sql_text import path_of, where
from streaming_constructs.spec.finding import Finding, did_you_mean, nearest

if TYPE_CHECKING:
    from streaming_constructs.spec.analytics.flink_sql import FlinkSqlSpec
    from streaming_constructs.spec.analytics.sql_statements import Statement

_ACKS = "properties.acks"
_FORMAT_OPTIONS = tuple(f"{place}{name}." for place in ("", "key.", "value.") for name in FORMATS)


def connector_findings(spec: FlinkSqlSpec, statements: Sequence[Statement]) -> Iterator[Finding]:
    """What is wrong; paths are relative to the application.

    Args:
        spec: The application.
        statements: Its statements.
    """
    for statement in statements:
        name = connector_of(statement)
        if statement.kind != "table" or not name:
            continue
        connector = CONNECTORS.get(name)
        if connector is not None:
            yield from _option_findings(statement, connector)
            yield from _acks_findings(statement)
            yield from _metadata_findings(statement, connector, statements)
        elif not spec.connectors:
            yield Finding(
                "FLK232",
                f"`{name}` is no connector that the application has",
                path_of(statement),
                note=f"the table `{statement.target}`, {where(statement)}",
                help=_meant_connector(name),
            )


def connector_of(statement: Statement) -> str:
    """What `'connector'` of a table says; empty where it says nothing.

    Args:
        statement: The statement that creates it.
    """
    return next((value for key, value, _ in statement.options if key == "connector"), "")


def _meant_connector(name: str) -> str:
    if name == "kinesis-legacy":
        return "write `'connector' = 'kinesis'`, with `'stream.arn'` and `'aws.region'`"
    meant = did_you_mean(name, CONNECTORS)
    own = "list the jar that has it in `connectors`"
    return meant if nearest(name, CONNECTORS) else f"{meant}; or {own}"


def _option_findings(statement: Statement, connector: Connector) -> Iterator[Finding]:
    given = {key for key, _, _ in statement.options}
    for key, _, _ in statement.options:
        if key == "connector" or key in connector.options or key.startswith(connector.prefixes or ("\0",)):
            continue
        if key.startswith(_FORMAT_OPTIONS):
            continue
        renamed = DEAD_OPTIONS.get(key.lower(), "") if connector.name == "kinesis" else ""
        meant = nearest(key, sorted((*connector.options, *connector.required)))
        yield Finding(
            "FLK233",
            f"`{connector.name}` has no option `{key}`",
            path_of(statement),
            note=f"the table `{statement.target}`, {where(statement)}"
            + ("; it was one before version 5 of the connector" if renamed else ""),
            help=_of_today(key, renamed)
            if renamed
            else f"did you mean `{meant}`?"
            if meant
            else did_you_mean(key, sorted(connector.options)) or "take it out",
        )
    for key in connector.required:
        if key not in given and not (key == "topic" and "topic-pattern" in given) and not _is_renamed(key, given):
            yield Finding(
                "FLK233",
                f"the table `{statement.target}` lacks `{key}`",
                path_of(statement),
                note=f"{where(statement)}; `{connector.name}` does not do without",
                help=f"add `'{key}' = {_example(key)}`",
            )


def _acks_findings(statement: Statement) -> Iterator[Finding]:
    """A sink of Kafka that does not wait for replicas."""
    acks = next((value for key, value, _ in statement.options if key == _ACKS), "all")
    if acks not in {"all", "-1"}:
        # Of applications with tables of their own in topics alone.
        from streaming_constructs.planning.streams.kafka_acks import unsafe_acks

        said = f"`'{_ACKS}' = '{acks}'` of the table `{statement.target}`, {where(statement)}"
        yield unsafe_acks(acks, said, path_of(statement), "take it out: it is `all`")


def _is_renamed(key: str, given: set[str]) -> bool:
    return any(DEAD_OPTIONS.get(one) == key for one in given)


def _of_today(key: str, renamed: str) -> str:
    if key == "stream":
        return "write `'stream.arn' = '${CLICKS_STREAM_ARN}'`, with the variable of the stream, and `'aws.region'`"
    return f"write `'{renamed}'`"


def _example(key: str) -> str:
    examples = {
        "aws.region": "'${AWS_REGION}'",
        "stream.arn": "'${CLICKS_STREAM_ARN}'",
        "delivery-stream": "'${LAKE_DELIVERY_STREAM_NAME}'",
        "table-name": "'${COUNTS_TABLE_NAME}'",
        "topic": "'${CLICKS_TOPIC_NAME}'",
        "properties.bootstrap.servers": "'${CLICKS_BOOTSTRAP_SERVERS}'",
    }
    return examples.get(key, "'json'")


def _metadata_findings(
    statement: Statement, connector: Connector, statements: Sequence[Statement]
) -> Iterator[Finding]:
    is_read = any(name == statement.target for other in statements for name, _ in other.reads)
    if connector.name == "kinesis" and "METADATA" in statement.words and is_read:
        yield Finding(
            "FLK234",
            f"the table `{statement.target}` has metadata columns, which `kinesis` does not read",
            path_of(statement),
            note=f"{where(statement)}; the source fails on them since version 5 of the connector (FLINK-36671)",
            help="take them out; have records carry their own time, and name it in `watermark`",
        )

"""What the panel of a node shows beside its counts: poison records, failures, what a function wrote, shards, rows of sinks.

A part is plain JSON with a `title` and one of: `records`, each with its `head`, `why` and `text`; `text`; `table`, with
`columns` and `rows`; `objects`. All of it is text that a file or a handler may have made: a page shows it as text, and never as
markup.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from streaming_constructs.local.consumer_report import PoisonRecord
from streaming_constructs.local.delivery_report import KeptApart
from streaming_constructs.local.lambda_function.function_failure import FunctionFailure
from streaming_constructs.local.live_page.node_path import NodePath
from streaming_constructs.local.rehearsal_report import Report

MOST_CHARACTERS = 8_192
"""How much of a text is shown."""

Part = dict[str, Any]


def node_details(report: Report, path: str) -> list[Part]:
    """What is to be seen of a node.

    Args:
        report: What came out where.
        path: Where the spec says the node.
    """
    section, name, part = NodePath.parse(path)
    parts = [
        *_of_consumer(report, name, section, part),
        *(_of_delivery(report, name, section) if not part else ()),
        *_of_stream(report, name, section),
        *_of_application(report, name, section),
        *_of_table(report, name, section),
    ]
    return [found for found in parts if any(value for key, value in found.items() if key != "title")]


def _of_consumer(report: Report, name: str, section: str, part: str) -> Iterator[Part]:
    if section != "consumers":
        return
    for one in report.consumers:
        if one.name == name:
            yield {"title": "Poison records", "records": [_poison(record) for record in one.poison]}
            if not part:
                yield {"title": "Failures of the handler", "records": list(map(_failure, one.failures))}
                rows = [[lag.shard_id, lag.behind] for lag in one.lag]
                yield _table("Lag", ["shard", "records behind"], rows)
                yield {"title": "What the function wrote", "text": shown_end(one.log)}
    groups = [
        [f"{topic.topic}-{one.partition}", one.lag]
        for topic in report.kafka_topics
        for group in topic.groups
        for one in group.partitions
        if group.reader == name and not part
    ]
    yield _table("Lag", ["partition", "offsets behind"], groups)


def _of_delivery(report: Report, name: str, section: str) -> Iterator[Part]:
    for one in report.deliveries:
        if section == "deliveries" and one.name == name:
            yield {"title": "Records kept apart", "records": [_kept_apart(record) for record in one.kept_apart]}
            yield {"title": "Failures of the function", "records": list(map(_failure, one.failures))}
            yield {"title": "What the function wrote", "text": shown_end(one.log)}


def _of_stream(report: Report, name: str, section: str) -> Iterator[Part]:
    if section != "streams":
        return
    for stream in report.streams:
        if stream.name == name:
            rows = [[one.shard_id, one.records, one.bytes, one.throttled_records] for one in stream.shards]
            yield _table("Shards", ["shard", "records", "bytes", "throttled"], rows)
    for topic in report.kafka_topics:
        if topic.name == name:
            rows = [[one.partition, one.records, one.bytes, one.top_key or ""] for one in topic.partitions]
            yield _table("Partitions", ["partition", "records", "bytes", "most frequent key"], rows)


def _of_application(report: Report, name: str, section: str) -> Iterator[Part]:
    for one in report.applications:
        if section == "analytics" and one.name == name:
            failures = [{"head": "Flink failed", "why": "", "text": shown(failure)} for failure in one.failures]
            yield {"title": "Failures", "records": failures}
            for sink in one.sinks:
                yield {"title": f"Latest rows into {sink.name}", "text": "\n".join(map(shown, sink.sample))}
            late = [[operator, count] for operator, count in one.late_dropped.items()]
            yield _table("Dropped as late", ["operator", "records"], late)
            yield {"title": "Log", "text": shown_end(one.log)}


def _of_table(report: Report, name: str, section: str) -> Iterator[Part]:
    for one in report.tables:
        if section == "stores" and one.name == name:
            items = [json.dumps(item, ensure_ascii=False, default=str) for item in one.shown]
            yield {"title": "Some items", "text": "\n".join(map(shown, items))}


def _table(title: str, columns: list[str], rows: list[list[Any]]) -> Part:
    return {"title": title, "table": {"columns": columns, "rows": rows} if rows else None}


def _poison(record: PoisonRecord) -> dict[str, str]:
    head = f"{record.shard_id} · {record.sequence_number} · key {record.partition_key}"
    return {"head": shown(head), "why": shown(record.condition), "text": shown(record.data)}


def _kept_apart(record: KeptApart) -> dict[str, str]:
    head = " · ".join(filter(None, (record.error, record.shard_id, record.sequence_number, record.partition_key)))
    why = ": ".join(filter(None, (record.code, record.message)))
    return {"head": shown(head), "why": shown(why), "text": shown(record.data)}


def _failure(failure: FunctionFailure) -> dict[str, str]:
    lines = [failure.message, *(f"  {place}" for place in failure.places), *failure.log]
    return {"head": f"{failure.type} × {failure.count:,}", "why": "", "text": shown("\n".join(lines))}


def shown(text: str) -> str:
    """As much of a text as is shown; it ends with … if there is more.

    Args:
        text: The text.
    """
    return text if len(text) <= MOST_CHARACTERS else f"{text[:MOST_CHARACTERS]}…"


def shown_end(text: str) -> str:
    """As much of the end of a text as is shown; it begins with … if there is more.

    Args:
        text: The text.
    """
    return text if len(text) <= MOST_CHARACTERS else f"…{text[-MOST_CHARACTERS:]}"

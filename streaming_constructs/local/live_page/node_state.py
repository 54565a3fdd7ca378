"""What a node of a drawing shows while it lives: a few lines, how it is, and its counts, out of the report of a rehearsal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from streaming_constructs.local.consumer_report import ConsumerReport
from streaming_constructs.local.delivery_report import DeliveryReport
from streaming_constructs.local.kinesis.shard_lag import ShardLag
from streaming_constructs.local.live_page.node_path import NodePath
from streaming_constructs.local.rehearsal_report import Report
from streaming_constructs.planning.numbers import counted, number

Mood = Literal["idle", "well", "poison", "failed", "not_run"]
"""How a node is: it has had nothing yet, is well, has kept records apart, has failed or stopped, or does not run here."""

Counts = dict[str, int | str]


@dataclass(frozen=True, slots=True)
class NodeState:
    """What a node shows.

    Attributes:
        mood: How it is.
        taken: Records that it got so far; None: that is not known here.
        lines: What its box says.
        counts: All that is counted, by what it is called.
    """

    mood: Mood = "idle"
    taken: int | None = None
    lines: tuple[str, ...] = ()
    counts: Counts = field(default_factory=dict)


def node_state(report: Report, path: str, now: float) -> NodeState:
    """What a node shows.

    Args:
        report: What came out where.
        path: Where the spec says the node, such as `consumers.fraud`.
        now: The time of the rehearsal, in seconds since 1970.
    """
    section, name, part = NodePath.parse(path)
    read = _OF_PART.get(part) if part else _OF_SECTION.get(section)
    state = read(report, name, now) if read else None
    if state is not None:
        return state
    why = next((one.why for one in report.record_only if one.name == name), "") if not part else ""
    return NodeState("not_run", lines=("not run here",), counts={"not run here": why}) if why else NodeState()


def _stream(report: Report, name: str, now: float) -> NodeState | None:
    for stream in report.streams:
        if stream.name == name:
            lines = [counted(stream.records, "record"), _size(stream.bytes)]
            lines += [f"{stream.throttled_records:,} throttled"] if stream.throttled_records else []
            counts: Counts = {"records": stream.records, "bytes": stream.bytes, "throttled": stream.throttled_records}
            counts |= {"hot shard": stream.skew} if stream.skew else {}
            return NodeState(_mood(stream.records), stream.records, tuple(lines), counts)
    for topic in report.kafka_topics:
        if topic.name == name:
            lines = [counted(topic.records, "record"), _size(topic.bytes)]
            counts = {"records": topic.records, "bytes": topic.bytes}
            counts |= {f"lag of {group.reader}": group.total_lag for group in topic.groups}
            counts |= {"hot partition": topic.skew} if topic.skew else {}
            if topic.groups:
                lines.append(f"lag {max(group.total_lag for group in topic.groups):,}")
            return NodeState(_mood(topic.records), topic.records, tuple(lines), counts)
    return None


def _consumer(report: Report, name: str, now: float) -> NodeState | None:
    readers = [one for one in report.consumers if one.name == name]
    if not readers:
        return None
    not_run = next((one.not_run for one in readers if one.not_run), "")
    if not_run:
        return NodeState("not_run", 0, ("not run here",), {"not run here": not_run})
    sums = {field_: sum(getattr(one, field_) for one in readers) for field_ in _CONSUMER_COUNTS}
    counts = _told(sums, _CONSUMER_COUNTS)
    counts |= _lag_counts(readers, report, name, now)
    third = [
        f"{sums['isolated']:,} poison" if sums["isolated"] else "",
        counted(sums["retries"], "retry") if sums["retries"] else "",
        f"{sums['expired'] + sums['undelivered']:,} lost" if sums["expired"] + sums["undelivered"] else "",
    ]
    lines = (
        f"{sums['records']:,} read, {sums['handled']:,} handled",
        _lag_line(counts),
        ", ".join(filter(None, third)),
    )
    is_broken = name in report.stopped or any(one.never_handled or one.expired or one.undelivered for one in readers)
    is_broken = is_broken or any(failure.origin != "handler" for one in readers for failure in one.failures)
    return NodeState(_mood(sums["records"], sums["isolated"], is_broken), sums["records"], lines, counts)


_ALWAYS = {"records", "handled", "delivered", "batches", "invocations", "retries", "isolated"}
_CONSUMER_COUNTS = {
    "records": "records read",
    "handled": "handled",
    "filtered": "filtered out",
    "batches": "batches",
    "invocations": "invocations",
    "failed_invocations": "failed invocations",
    "retries": "retries",
    "bisections": "bisections",
    "isolated": "poison records",
    "expired": "given up without a destination",
    "undelivered": "not taken by the destination",
    "waiting": "on their way",
    "lost_windows": "windows without the last state",
}


def _delivery(report: Report, name: str, now: float) -> NodeState | None:
    readers = [one for one in report.deliveries if one.name == name]
    if not readers:
        return None
    not_run = next((one.function_not_run or one.not_run for one in readers if one.function_not_run or one.not_run), "")
    sums = {field_: sum(getattr(one, field_) for one in readers) for field_ in _DELIVERY_COUNTS}
    counts = _told(sums, _DELIVERY_COUNTS)
    failed = sum(sum(one.failed.values()) for one in readers)
    for one in readers:
        counts |= {f"kept apart: {error}": count for error, count in one.failed.items() if count}
    counts |= _lag_counts(readers, report, name, now)
    errors = [one.last_error for one in readers if one.last_error]
    counts |= {"last error": errors[-1]} if errors else {}
    counts |= {"not run here": not_run} if not_run else {}
    lines = (
        f"{sums['records']:,} read, {sums['delivered']:,} delivered",
        f"{sums['waiting']:,} buffered" if sums["waiting"] else _lag_line(counts),
        f"{failed:,} kept apart" if failed else "",
    )
    is_broken = name in report.stopped or sums["expired"] > 0
    is_broken = is_broken or any(failure.origin != "handler" for one in readers for failure in one.failures)
    mood = _mood(sums["records"], failed, is_broken) if not not_run or sums["records"] else "not_run"
    return NodeState(mood, sums["records"], lines, counts)


_DELIVERY_COUNTS = {
    "records": "records read",
    "split": "more by taking aggregates apart",
    "delivered": "delivered",
    "rows": "rows",
    "dropped": "dropped by the function",
    "waiting": "buffered, or in objects not taken yet",
    "expired": "given up",
    "objects": "objects",
    "bytes": "bytes",
}


def _destination(report: Report, name: str, now: float) -> NodeState | None:
    """Where a delivery delivers to."""
    readers = [one for one in report.deliveries if one.name == name]
    if not readers:
        return None
    objects, rows, size = (sum(getattr(one, what) for one in readers) for what in ("objects", "rows", "bytes"))
    delivered = sum(one.delivered for one in readers)
    if any(one.not_run for one in readers):
        told = f"{delivered:,} would be delivered"
        return NodeState("not_run", delivered, ("not run here", told), {"would be delivered": delivered})
    counts: Counts = {"objects": objects, "rows": rows, "bytes": size}
    for one in readers:
        counts |= {f"rows in {folder or '/'}": count for folder, count in one.partitions.items()}
    lines = (counted(objects, "object"), f"{counted(rows, 'row')}, {_size(size)}") if objects else ()
    return NodeState(_mood(delivered), delivered, lines, counts)


def _failures(report: Report, name: str, now: float) -> NodeState | None:
    """Where a consumer's given-up records go."""
    readers = [one for one in report.consumers if one.name == name]
    if not readers:
        return None
    isolated = sum(one.isolated for one in readers)
    counts: Counts = {"poison records": isolated}
    errors = [one.destination_error for one in readers if one.destination_error]
    counts |= {"not taken": errors[-1]} if errors else {}
    lines = (counted(isolated, "poison record"),) if isolated else ()
    return NodeState(_mood(isolated, isolated, bool(errors)), isolated, lines, counts)


def _application(report: Report, name: str, now: float) -> NodeState | None:
    found = next((one for one in report.applications if one.name == name), None)
    if found is None:
        return None
    if found.not_run:
        return NodeState("not_run", 0, ("not run here",), {"not run here": found.not_run})
    counts: Counts = {"status": found.status, "run by": found.flink, "records read": found.records}
    counts |= {f"read from {source.name}": source.read for source in found.sources}
    counts |= {f"rows into {sink.name}": sink.rows for sink in found.sinks}
    counts |= {"windows are closed up to": _moment(found.watermark), "restarts": found.restarts}
    counts |= {"checkpoints": found.checkpoints, "dropped as late": found.late}
    third = [
        f"{found.late:,} late" if found.late else "",
        counted(found.restarts, "restart") if found.restarts else "",
        found.status if found.status != "RUNNING" else "",
    ]
    up_to = _moment(found.watermark)
    windows = f"windows to {up_to[11:]}" if up_to[:1].isdigit() else up_to
    lines = (f"{found.records:,} read, {found.rows:,} written", windows, ", ".join(filter(None, third)))
    is_broken = bool(found.failures) or name in report.stopped
    return NodeState(_mood(found.records, found.late, is_broken), found.records, lines, counts)


def _table(report: Report, name: str, now: float) -> NodeState | None:
    found = next((one for one in report.tables if one.name == name), None)
    if found is None:
        return None
    return NodeState(_mood(found.items), found.items, (counted(found.items, "item"),), {"items": found.items})


def _topic(report: Report, name: str, now: float) -> NodeState | None:
    found = next((one.messages for one in report.topics if one.name == name), 0)
    return NodeState(_mood(found), found, (counted(found, "message"),), {"messages": found}) if found else None


def _api(report: Report, name: str, now: float) -> NodeState | None:
    found = next((one for one in report.apis if one.name == name), None)
    if found is None:
        return None
    counts: Counts = {"requests": found.requests}
    counts |= {f"answered with {status}": count for status, count in found.answers.items()}
    taken = sum(count for status, count in found.answers.items() if status.startswith("2"))
    is_broken = any(status.startswith("5") for status in found.answers)
    others = ", ".join(f"{count:,} × {status}" for status, count in found.answers.items() if not status.startswith("2"))
    lines = (counted(found.requests, "request"), others)
    return NodeState(_mood(found.requests, is_broken=is_broken), taken, lines, counts)


_Read = Callable[[Report, str, float], NodeState | None]
_OF_SECTION: Mapping[str, _Read] = {
    "streams": _stream,
    "consumers": _consumer,
    "deliveries": _delivery,
    "analytics": _application,
    "stores": _table,
    "sns_topics": _topic,
    "apis": _api,
    "producers": _api,
}
_OF_PART: Mapping[str, _Read] = {"to": _destination, "on_failure": _failures}


def _mood(records: int, poison: int = 0, is_broken: bool = False) -> Mood:  # noqa: FBT001, FBT002 - one of three
    if is_broken:
        return "failed"
    return "poison" if poison else "well" if records else "idle"


def _told(sums: Mapping[str, int], names: Mapping[str, str]) -> Counts:
    """Counts by what they are called; of those that are seldom more than none, those that are."""
    return {names[what]: count for what, count in sums.items() if count or what in _ALWAYS}


def _lag_counts(readers: Iterable[ConsumerReport | DeliveryReport], report: Report, name: str, now: float) -> Counts:
    """How far readers are behind: in a stream by records and by the age of the oldest, in a topic by offsets."""
    lags: list[ShardLag] = [lag for one in readers for lag in one.lag]
    groups = [group for topic in report.kafka_topics for group in topic.groups if group.reader == name]
    if not lags and not groups:
        return {}
    behind = sum(lag.behind for lag in lags) + sum(group.total_lag for group in groups)
    oldest = min((lag.oldest_arrival for lag in lags if lag.oldest_arrival is not None), default=None)
    age = {"iterator age": f"{number(round(max(now - oldest, 0.0), 1))} s"} if oldest is not None else {}
    return {"records behind": behind, **age}


def _lag_line(counts: Counts) -> str:
    behind, age = counts.get("records behind"), counts.get("iterator age")
    if not isinstance(behind, int):
        return ""
    return f"{behind:,} behind{f', {age}' if age else ''}"


def _moment(milliseconds: int | None) -> str:
    """A moment as people read it; behind a time that no calendar has, no window is open."""
    if milliseconds is None:
        return ""
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("%Y-%m-%d %H:%M:%SZ")
    except (ValueError, OverflowError, OSError):
        return "all windows closed"


def _size(size: int) -> str:
    """Bytes as people read them, as AWS counts them."""
    for unit, length in (("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)):
        if size >= length:
            return f"{number(round(size / length, 1))} {unit}"
    return counted(size, "byte")

"""What `keys` tells: for people as tables and bars, for programs as an object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.console import RenderableType
from rich.text import Text

from streaming_constructs.cli.console import plain, show
from streaming_constructs.cli.rows import Rows
from streaming_constructs.planning.numbers import counted, number

if TYPE_CHECKING:
    from streaming_constructs.planning.partition_keys.key_counts import Spread
    from streaming_constructs.planning.partition_keys.key_report import KeyReport

_BAR = 32
_MOST_BARS = 32
_MOST_KEY = 48
_MIB = 2**20
_PRODUCERS = {
    "kinesis": "Kinesis: MD5 over even ranges of hashes",
    "java": "Kafka, Java's producer: murmur2",
    "librdkafka": "Kafka, librdkafka's default: CRC-32",
}
_REASONS = {
    "missing": "without the field",
    "null": "null",
    "empty": "empty",
    "too_long": "longer than 256 characters",
    "not_plain": "an object, a list or bytes",
}


def show_keys(report: KeyReport, events: str) -> None:
    """Prints how keys spread, for people.

    Args:
        report: What was counted.
        events: What the file was called.
    """
    parts: list[RenderableType] = [plain(line) for line in _head(report, events)]
    for spread in report.spreads:
        parts += ["", *_spread(spread)]
    parts += ["", Text("hot keys", "bold"), _hot_keys(report), *map(plain, _limits(report))]
    parts += ["", Text("fields that spread better", "bold"), *_better(report)]
    show(*parts)


def _head(report: KeyReport, events: str) -> list[str]:
    more = "" if report.counts_all_keys else "at least "
    lines = [
        f"{events}: {counted(report.records, 'record')}, keyed by {report.field}",
        f"{more}{counted(report.keys, 'different key')}, {number(report.bytes / report.keyed)} bytes a record with its key",
    ]
    spread = report.spreads[0].placement.partitioner
    lost = "Kinesis refuses them" if spread == "kinesis" else "they go anywhere, in no order"
    without = report.records - report.keyed
    if without:
        reasons = ", ".join(f"{count:,} {_REASONS[reason]}" for reason, count in sorted(report.without.items()))
        lines.append(
            f"{counted(without, 'record')} without a key ({_percent(without / report.records)}; {reasons}): {lost}"
        )
    if report.unread:
        lines.append(
            f"{counted(report.unread, 'line')} are no JSON object, such as line {report.unread_line}; left out"
        )
    return lines


def _spread(spread: Spread) -> list[RenderableType]:
    """The bars of shards: all of them, or the busiest where they are many."""
    placement = spread.placement
    noun = "shard" if placement.partitioner == "kinesis" else "partition"
    busiest = sorted(range(placement.shards), key=lambda place: (-spread.records[place], place))[:_MOST_BARS]
    total, most = sum(spread.records) or 1, max(spread.records) or 1
    total_bytes = sum(spread.bytes) or 1
    rows = [
        (
            str(place),
            "█" * round(_BAR * spread.records[place] / most),
            f"{spread.records[place]:,}",
            _percent(spread.records[place] / total),
            _percent(spread.bytes[place] / total_bytes),
        )
        for place in (sorted(busiest) if placement.shards <= _MOST_BARS else busiest)
    ]
    idle = sum(not records for records in spread.records)
    others = placement.shards - _MOST_BARS
    skew = (
        f"skew: the busiest {noun} gets {spread.record_skew:.2f} times the records of a mean one, "
        f"{spread.byte_skew:.2f} times its bytes"
    )
    told = [
        skew,
        *([f"{counted(others, noun)} more, each with no more than these"] if others > 0 else []),
        *([f"{counted(idle, noun)} with nothing"] if idle else []),
    ]
    columns = (noun, "", "records", "share", "of bytes")
    return [
        Text(_PRODUCERS[placement.partitioner], "bold"),
        Rows(columns, rows, right=3, is_named=True),
        *map(plain, told),
    ]


def _hot_keys(report: KeyReport) -> Rows:
    rows = [
        (
            hot.key if len(hot.key) <= _MOST_KEY else hot.key[: _MOST_KEY - 1] + "…",
            f"{hot.records:,}",
            _percent(hot.records / report.keyed),
            _percent(hot.bytes / report.bytes),
        )
        for hot in report.hottest
    ]
    return Rows(("key", "records", "share", "of bytes"), rows, right=3, is_named=True)


def _limits(report: KeyReport) -> list[str]:
    """What the hottest key limits."""
    placement = report.spreads[0].placement
    noun = "shard" if placement.partitioner == "kinesis" else "partition"
    told = (
        f"the hottest key has {_percent(report.hottest_share())}, and all of its records go to one {noun}: with more than "
        f"{counted(max(1, int(report.shards_in_use())), noun)}, that one is busier than a mean one"
    )
    if placement.partitioner != "kinesis":
        return [told]
    limits = (
        f"a shard takes 1 MiB/s and 1,000 records/s: the busiest is full when the stream gets {_rate(report.full_at())}; "
        f"the hottest key alone fills a shard at {_rate(report.hottest_full_at())}, however many shards there are"
    )
    return [told, limits]


def _rate(records_per_second: float) -> str:
    return f"{number(int(records_per_second))} records/s"


def _better(report: KeyReport) -> list[RenderableType]:
    """Fields that spread better."""
    if not report.better:
        return [plain(f"none, in {counted(report.sampled, 'record')} of the file")]
    rows = [
        (
            field.field,
            f"{field.keys:,}",
            f"{field.record_skew:.2f}",
            f"{field.byte_skew:.2f}",
            _percent(field.hottest_share),
            _percent(field.without),
        )
        for field in report.better
    ]
    columns = ("field", "keys", "skew", "by bytes", "hottest key", "without")
    told = (
        f"judged on {counted(report.sampled, 'record')} from all over the file; the order of records holds within a key alone, "
        "so a key that each record has anew keeps none"
    )
    return [Rows(columns, rows, right=5, is_named=True), plain(told)]


def _percent(share: float) -> str:
    return f"{share:.1%}"


def keys_object(report: KeyReport) -> dict[str, Any]:
    """How keys spread, for programs.

    Args:
        report: What was counted.
    """
    is_kinesis = report.spreads[0].placement.partitioner == "kinesis"
    limits = {
        "full_at_records_per_second": report.full_at(),
        "hottest_full_at_records_per_second": report.hottest_full_at(),
    }
    return {
        "field": report.field,
        "records": report.records,
        "without_key": dict(sorted(report.without.items())),
        "unread_lines": report.unread,
        "keys": report.keys,
        "counts_all_keys": report.counts_all_keys,
        "spreads": [
            {
                "partitioner": spread.placement.partitioner,
                "shards": spread.placement.shards,
                "records": spread.records,
                "bytes": spread.bytes,
                "record_skew": spread.record_skew,
                "byte_skew": spread.byte_skew,
            }
            for spread in report.spreads
        ],
        "hottest": [
            {"key": hot.key, "records": hot.records, "share": hot.records / report.keyed, "bytes": hot.bytes}
            for hot in report.hottest
        ],
        "shards_in_use": report.shards_in_use(),
        **(limits if is_kinesis else {}),
        "better": [
            {
                "field": field.field,
                "keys": field.keys,
                "record_skew": field.record_skew,
                "byte_skew": field.byte_skew,
                "hottest_share": field.hottest_share,
                "without": field.without,
            }
            for field in report.better
        ],
        "sampled": report.sampled,
    }

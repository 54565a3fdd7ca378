"""How near a system is to its limits, and what its keys and its small records ask for: for people and for programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rich.table import Table

from streaming_constructs.cli.console import plain
from streaming_constructs.cli.render import NARROW
from streaming_constructs.planning.numbers import counted, number, rounded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console, ConsoleOptions, RenderResult

    from streaming_constructs.planning.limits.advice import Advice
    from streaming_constructs.planning.limits.limit import Limit
    from streaming_constructs.planning.partition_keys.key_guidance import KeyGuidance
    from streaming_constructs.planning.streams.kinesis_aggregation import Aggregation

_NEAR, _MOST = 0.1, 10
"""How much of a limit is used before people are told of it, and how many they are told of."""


@dataclass(frozen=True)
class LimitTable:
    """The limits that bind first, and below them what is advised.

    Attributes:
        advice: The limits, and what follows from them.
    """

    advice: Advice

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        limits = self.advice.limits
        near = [limit for limit in limits if limit.share >= _NEAR][:_MOST]
        if near:
            yield plain("limits at the peak, the nearest first", "bold")
            yield from [_table(near)] if options.max_width >= NARROW else map(plain, _list(near))
        if limits:
            yield from map(plain, _remarks(near, limits))
        for told in self.advice.keys:
            yield ""
            yield from map(plain, _key_lines(told))
        for saved in self.advice.small_records:
            yield ""
            yield from map(plain, _small_lines(saved))


def _table(limits: Sequence[Limit]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("node", no_wrap=True)
    table.add_column("what", no_wrap=True)
    for heading in ("used", "of", "share", "room"):
        table.add_column(heading, no_wrap=True, justify="right")
    for limit in limits:
        table.add_row(*map(plain, _row(limit)))
    return table


def _row(limit: Limit) -> tuple[str, str, str, str, str, str]:
    room = f"{number(round(limit.room, 1))}x{' +' if limit.grows else ''}" if limit.room is not None else ""
    node, most = limit.node or "(account)", f"{number(limit.most)}{limit.unit}"
    return node, limit.what, number(limit.used), most, f"{limit.share:.0%}", room


def _list(limits: Sequence[Limit]) -> Iterator[str]:
    for limit in limits:
        node, what, used, most, share, room = _row(limit)
        yield f"{node} {what}: {used} of {most}, {share}{f', room {room}' if room else ''}"


def _remarks(near: Sequence[Limit], limits: Sequence[Limit]) -> Iterator[str]:
    if any(limit.grows for limit in near):
        yield "room: how much more load fits; + is made larger as the load grows"
    if len(limits) > len(near):
        left = counted(len(limits) - len(near), "more limit" if near else "limit")
        yield f"{left} {'is' if len(limits) - len(near) == 1 else 'are'} further away; `--format json` has all"


def _key_lines(told: KeyGuidance) -> Iterator[str]:
    field = f"`{told.field}`" if told.field is not None else "the partition key"
    yield (
        f"keys of {told.stream}: {field} needs {told.keys:,} values or more, ten for each of "
        f"{counted(told.parts, told.noun)}"
    )
    if told.share is not None:
        alone = (
            "all records may have one key"
            if told.share >= 1
            else f"no value in more than {_percent(told.share)} of the records"
        )
        yield f"  {alone}: {told.limit}"
    yield f"  {told.command}"


def _percent(share: float) -> str:
    """A share by its first two digits: `20%`, `0.1%`."""
    return f"{rounded(share * 100):.12g}%"


def _small_lines(saved: Aggregation) -> Iterator[str]:
    shards = (
        f"{counted(saved.shards, 'shard')} become {saved.shards_then:,}, and "
        if saved.shards is not None and saved.shards_then is not None and saved.shards_then < saved.shards
        else ""
    )
    yield f"small records in {saved.stream}: with {saved.records:,} in one of up to 25 KiB, as the KPL puts them together,"
    yield f"  {shards}{saved.mark}{saved.usd:,.2f} USD a month become {saved.mark}{saved.usd_then:,.2f}"
    yield "  KCL and Firehose take them apart by themselves, functions and Flink need code for it"


def advice_object(advice: Advice) -> dict[str, Any]:
    """The same for programs.

    Args:
        advice: The limits, and what follows from them.
    """
    return {
        "limits": [_limit_object(limit) for limit in advice.limits],
        "keys": [_keys_object(told) for told in advice.keys],
        "small_records": [_small_object(saved) for saved in advice.small_records],
    }


def _limit_object(limit: Limit) -> dict[str, Any]:
    return {
        "node": limit.node or None,
        "what": limit.what,
        "used": round(limit.used, 6),
        "most": limit.most,
        "unit": limit.unit.strip() or None,
        "share": round(limit.share, 6),
        "room": round(limit.room, 6) if limit.room is not None else None,
        "grows": limit.grows,
        "source": limit.source,
    }


def _keys_object(told: KeyGuidance) -> dict[str, Any]:
    return {
        "stream": told.stream,
        "field": told.field,
        f"{told.noun}s": told.parts,
        "keys": told.keys,
        "largest_share": round(told.share, 6) if told.share is not None else None,
        "limit": told.limit,
        "command": told.command,
    }


def _small_object(saved: Aggregation) -> dict[str, Any]:
    return {
        "stream": saved.stream,
        "records_in_one": saved.records,
        "shards": {"now": saved.shards, "then": saved.shards_then},
        "usd": {"now": round(saved.usd, 4), "then": round(saved.usd_then, 4)},
        "mark": saved.mark or None,
    }

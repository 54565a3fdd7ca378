"""An advice for people and for programs: what to use first, then what cannot do it, then the rest side by side."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from streaming_constructs.cli.cost_line_object import cost_line_object
from streaming_constructs.facts.prices.price import HOURS_A_MONTH
from streaming_constructs.planning.costs.cost_line import copied_of
from streaming_constructs.planning.numbers import number

if TYPE_CHECKING:
    from streaming_constructs.planning.advice.advice import Advice, Left, Out
    from streaming_constructs.planning.advice.answers import Answers

_COLUMNS = 80
_NAME, _USD, _SCORE = 29, 13, 7
"""How wide the columns of what is left are: its name, each of its three prices, its score."""
_CHOICES = {0: "possible", 1: "use it", 2: "2nd choice", 3: "3rd choice"}


def advice_lines(advice: Advice) -> Iterator[str]:
    """An advice in lines of 80 columns; addresses of pages may be longer.

    Args:
        advice: The advice.
    """
    winner = advice.winner
    if winner is None:
        yield "nothing can do it: each service runs into something that was said"
    else:
        price = f"{winner.size.text}, {_usd(winner)} USD a month"
        yield from wrap(f"use {winner.option.title} ({price}): {winner.why}", _COLUMNS)
    if advice.out:
        yield from ("", "what cannot do it")
        for out in advice.out:
            yield from _out_lines(out)
    if advice.left:
        yield ""
        yield "what can".ljust(_NAME) + "".join(head.rjust(_USD) for head in _HEADS) + "score".rjust(_SCORE)
        for left in advice.left:
            yield from _left_lines(left)
        yield ""
        yield from _footer(advice)


_HEADS = ("USD a month", "being there", "usage")


def _out_lines(out: Out) -> Iterator[str]:
    yield f"  {out.option.title}"
    for reason in out.reasons:
        yield from _indented(f"{reason.id} {reason.text}", reason.source)


def _left_lines(left: Left) -> Iterator[str]:
    prices = (_usd(left), f"{left.fixed_usd:,.2f}", f"{left.usage_usd:,.2f}")
    cells = "".join(price.rjust(_USD) for price in prices)
    yield f"  {left.option.title}".ljust(_NAME) + cells + str(left.score).rjust(_SCORE)
    choice = _CHOICES.get(left.choice, f"{left.choice}th choice")
    yield from _indented(f"{left.size.text}; {choice}: {left.why}")
    for line in left.unknown:
        yield from _indented(f"not in the price: {line.what}, as {line.working}")
    for remark in left.remarks:
        yield from _indented(f"note: {remark.text}", remark.source)


def _indented(text: str, source: str = "") -> Iterator[str]:
    yield from wrap(text, _COLUMNS, initial_indent="    ", subsequent_indent="      ")
    if source:
        yield f"      {source}"


def _usd(left: Left) -> str:
    """What an option costs, with a mark where that is reckoned, or not all of it."""
    mark = "~" if any(line.factor is not None for line in left.lines) else ""
    return f"{mark}{left.usd:,.2f}{'+' if left.unknown else ''}"


def _footer(advice: Advice) -> Iterator[str]:
    lines = [line for left in advice.left for line in left.lines]
    oldest, newest = copied_of(lines)
    copied = oldest if oldest == newest else f"{oldest} to {newest}"
    told = "" if advice.answers.region is not None else ", as no region is given"
    yield from wrap(
        f"a month of {number(HOURS_A_MONTH)} hours in USD, by AWS's list in {advice.region}{told}, prices of {copied}; "
        "score: how many questions of its list are answered with yes",
        _COLUMNS,
    )
    if any(line.factor is not None for line in lines):
        yield f"~ reckoned from us-east-1, as no price of {advice.region} is known"
    if any(left.unknown for left in advice.left):
        yield "+ something of it is not known, and not in the price"
    yield from wrap(
        "code that reads and writes, networks, alarms, taxes and free tiers are not in it; `plan` tells most of that, of the "
        "spec that `--write` writes",
        _COLUMNS,
    )


def advice_object(advice: Advice) -> dict[str, Any]:
    """An advice for programs.

    Args:
        advice: The advice.
    """
    winner = advice.winner
    return {
        "use": winner.option.name if winner is not None else None,
        "why": winner.why if winner is not None else "nothing can do it",
        "answers": advice.answers.model_dump(mode="json", exclude_unset=True),
        "region": advice.region,
        "region_is_given": advice.answers.region is not None,
        "currency": "USD",
        "month_hours": HOURS_A_MONTH,
        "out": [_out_object(out) for out in advice.out],
        "left": [_left_object(left, advice.answers) for left in advice.left],
    }


def _out_object(out: Out) -> dict[str, Any]:
    return {
        "option": out.option.name,
        "title": out.option.title,
        "reasons": [{"id": reason.id, "text": reason.text, "source": reason.source} for reason in out.reasons],
    }


def _left_object(left: Left, answers: Answers) -> dict[str, Any]:
    from streaming_constructs.planning.advice.skeletons import spec_notes

    return {
        "option": left.option.name,
        "title": left.option.title,
        "choice": left.choice or None,
        "why": left.why,
        "has_spec": left.option.has_spec,
        "spec_notes": list(spec_notes(left.option.name, answers)) if left.option.has_spec else [],
        "size": left.size.text,
        "usd": round(left.usd, 4),
        "fixed_usd": round(left.fixed_usd, 4),
        "usage_usd": round(left.usage_usd, 4),
        "is_whole": not left.unknown,
        "lines": [cost_line_object(line) for line in left.lines],
        "score": {"yes": list(left.score.yes), "of": left.score.of},
        "remarks": [{"text": remark.text, "source": remark.source} for remark in left.remarks],
    }

"""The advice: what is out and why, what is left with its size, its cost and its score, and which of it to use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from streaming_constructs.facts.prices.price import UnknownRegionError
from streaming_constructs.planning.advice.answers import Answers
from streaming_constructs.planning.advice.constraints import Reason, reasons, region_of
from streaming_constructs.planning.advice.flow_chart import steps
from streaming_constructs.planning.advice.options import OPTIONS, Option
from streaming_constructs.planning.advice.questionnaires import Score, score
from streaming_constructs.planning.advice.remarks import Remark, remarks
from streaming_constructs.planning.advice.sizes import Size, size
from streaming_constructs.planning.costs.cost_line import Bill, CostLine, cost_lines

_PRICES = "https://aws.amazon.com/{}/pricing/"
_PRICE_PAGES = {
    "kinesis": _PRICES.format("kinesis/data-streams"),
    "msk": _PRICES.format("msk"),
    "firehose": _PRICES.format("firehose"),
    "sqs": _PRICES.format("sqs"),
    "eventbridge": _PRICES.format("eventbridge"),
}


HARDLY_MORE = 1.05
"""Below this many times the price two options cost the same."""
ALONE = "nothing is left that is meant for it, and this can do it"


@dataclass(frozen=True, slots=True)
class Out:
    """An option that cannot do it.

    Attributes:
        option: The option.
        reasons: All that it runs into.
    """

    option: Option
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Left(Bill):
    """An option that can.

    Attributes:
        option: The option.
        size: How large it is.
        lines: What it costs in a month.
        score: What the answers give by its list of questions.
        remarks: What has to be known of it.
        choice: Its place: 1 is to be used, 2 the second choice; 0 is what nothing asks for.
        why: What leads there, or that nothing does.
    """

    option: Option
    size: Size
    lines: tuple[CostLine, ...]
    score: Score
    remarks: tuple[Remark, ...] = ()
    choice: int = 0
    why: str = "nothing that was said asks for it"


@dataclass(frozen=True, slots=True)
class Advice:
    """What to use.

    Attributes:
        answers: What was said.
        region: By whose quotas and prices it is judged.
        out: What cannot do it.
        left: What can, the best first.
    """

    answers: Answers
    region: str
    out: tuple[Out, ...]
    left: tuple[Left, ...]

    @property
    def winner(self) -> Left | None:
        """What to use; None where nothing can do it."""
        return self.left[0] if self.left else None

    def of(self, name: str) -> Left | None:
        """An option that is left.

        Args:
            name: Its name.
        """
        return next((left for left in self.left if left.option.name == name), None)


def advise(answers: Answers) -> Advice:
    """Says what to use.

    Args:
        answers: What is known of the records and of those who read them.
    """
    region, out, left = region_of(answers), list[Out](), dict[str, Left]()
    for name, option in OPTIONS.items():
        found = reasons(name, answers)
        sized = size(name, answers) if not found else None
        if sized is not None:
            found = sized.shortfalls
        lines = _lines(sized, region) if sized is not None and not found else None
        if sized is not None and not found and lines is None:
            text = f"no price of {region} is known: look whether it is offered there"
            found = (Reason("H15", text, _PRICE_PAGES[option.service]),)
        if sized is None or lines is None:
            out.append(Out(option, found))
        else:
            left[name] = Left(option, sized, lines, score(option.questions, answers), remarks(name, answers))
    return Advice(answers, region, tuple(out), _ranked(answers, left))


def _lines(sized: Size, region: str) -> tuple[CostLine, ...] | None:
    """What a size costs; None where the region has no such price."""
    try:
        return tuple(cost_lines("", sized.charges, region))
    except UnknownRegionError:
        return None


def _ranked(answers: Answers, left: Mapping[str, Left]) -> tuple[Left, ...]:
    """What is left, the best first: by the steps of the flow chart, in a step by score and then by price."""
    ranked: dict[str, Left] = {}
    for step in steps(answers, {name: each.usd for name, each in left.items()}):
        there = [left[name] for name in step.options if name in left and name not in ranked]
        there.sort(key=_price if step.by_price else _merit)
        is_alone = bool(step.alone) and sum(name in left for name in step.options) == 1
        reason = step.alone if is_alone else step.why
        for each in there:
            why = reason if each is there[0] else _behind(each, there[0], by_price=step.by_price)
            ranked[each.option.name] = replace(each, choice=len(ranked) + 1, why=why)
    rest = sorted((each for name, each in left.items() if name not in ranked), key=_merit)
    if rest and not ranked:
        rest[0] = replace(rest[0], choice=1, why=ALONE)
    return (*ranked.values(), *rest)


def _price(each: Left) -> float:
    return each.usd


def _merit(each: Left) -> tuple[float, float]:
    return -each.score.share, each.usd


def _behind(each: Left, best: Left, *, by_price: bool) -> str:
    """Why an option stands behind another one of its step."""
    if each.score.share < best.score.share and not by_price:
        return f"less speaks for it than for {best.option.title}"
    if not best.usd or each.usd / best.usd < HARDLY_MORE:
        return f"it costs no less than {best.option.title}"
    return f"it costs {each.usd / best.usd:,.1f} times as much as {best.option.title}"

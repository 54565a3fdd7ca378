"""A review of two templates: what the change means, in every branch that its parameters decide over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from streaming_constructs.review.comparing.branches import REGION, assumed, branches
from streaming_constructs.review.comparing.pair import Pair
from streaming_constructs.review.comparing.template import Template
from streaming_constructs.review.comparing.template_meaning import template_meaning
from streaming_constructs.review.grade import RANKS, Grade, worst
from streaming_constructs.review.judgement import judged
from streaming_constructs.review.reading.read_template import Source
from streaming_constructs.review.remark import Remark


@dataclass(frozen=True)
class Review:
    """What a change means.

    Attributes:
        remarks: All that is to be said, the gravest first.
        assumptions: What was taken for granted, each a sentence.
        old: The template as it is deployed, with the defaults of its parameters.
        new: The template as it would be.
    """

    remarks: tuple[Remark, ...]
    assumptions: tuple[str, ...]
    old: Template
    new: Template

    @property
    def verdict(self) -> Grade:
        """The gravest grade of all."""
        return verdict_of(self.remarks)


def verdict_of(remarks: Iterable[Remark]) -> Grade:
    """The gravest grade of some remarks; `none` of none.

    Args:
        remarks: The remarks.
    """
    return worst(remark.grade for remark in remarks)


def review(old: Source, new: Source) -> Review:
    """What it means to deploy one template over another.

    Args:
        old: The template as it is deployed.
        new: The template as it would be.

    Raises:
        ReviewError: If the schemas of resource types are not installed.
    """
    base = assumed(old, new)
    before, after = template_meaning(old, base), template_meaning(new, base)
    told = judged(Pair.of(before, after))
    said = {_content(remark) for remark in told}
    for values in branches(old, new):
        pair = Pair.of(template_meaning(old, values), template_meaning(new, values))
        for remark in judged(pair):
            if _content(remark) not in said:
                said.add(_content(remark))
                told.append(replace(remark, where=_where(values, base)))
    told.sort(key=lambda remark: -RANKS[remark.grade])
    return Review(tuple(told), tuple(_assumptions(new, base)), before, after)


def _content(remark: Remark) -> tuple[str, ...]:
    return remark.code, remark.logical_id, remark.path, remark.message


def _where(values: Mapping[str, Any], base: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in values.items() if base.get(name) != value)


def _assumptions(new: Source, base: Mapping[str, Any]) -> Iterable[str]:
    written = new.data.get("Parameters")
    parameters = [
        name
        for name, parameter in (written.items() if isinstance(written, Mapping) else ())
        if isinstance(parameter, Mapping) and "Default" in parameter and name != "BootstrapVersion"
    ]
    yield from new.notes
    if parameters:
        yield f"parameters are their defaults, where nothing else is said: {', '.join(map(str, parameters))}"
    guessed = [f"{name} is {value}" for name, value in base.items() if name != REGION]
    if guessed:
        yield f"parameters without a default, where nothing else is said: {', '.join(guessed)}"

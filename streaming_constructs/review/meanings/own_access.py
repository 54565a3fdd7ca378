"""What it means that a template can no longer do with its resources what it does: a key or a denial keeps it out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from streaming_constructs.review.access.denied_uses import denied
from streaming_constructs.review.access.own_uses import Use, uses
from streaming_constructs.review.access.policy_reach import shown_principal
from streaming_constructs.review.access.policy_sides import new_names
from streaming_constructs.review.access.usable_keys import without_key
from streaming_constructs.review.comparing.pair import Pair
from streaming_constructs.review.comparing.template import Template
from streaming_constructs.review.meaning import Meaning, of_the_whole

_How = TypeVar("_How")
"""How something is refused: under which key, or how surely."""


@of_the_whole
def keys(pair: Pair) -> Iterator[Meaning]:
    """Deliveries that were encrypted, or not, and now are under a key that the deliverer may not use."""
    told = set()
    for use, key in _newly(pair, without_key):
        if (use.by, use.to) not in told:
            told.add((use.by, use.to))
            yield Meaning(
                "REV660",
                f"{shown_principal(use.who)} may not use its key {key}: {_lost(use)}",
                "encrypt with a key of your own whose policy lets it in, with `kms:Decrypt` and `kms:GenerateDataKey*`",
                path="Properties",
                resource=pair.new.resources[use.to],
            )


@of_the_whole
def denials(pair: Pair) -> Iterator[Meaning]:
    """Denials of the policy of a resource that keep out what the template itself does with it."""
    told: dict[tuple[str, str, str, bool], list[str]] = {}
    for use, is_sure in _newly(pair, denied):
        told.setdefault((use.by, use.who, use.to, is_sure), []).append(use.action)
    for (by, who, to, is_sure), actions in told.items():
        subject = f"{by}, as {shown_principal(who)}," if f"{{{by}." not in who else shown_principal(who)
        yield Meaning(
            "REV661",
            f"{subject} {'is' if is_sure else 'may be'} newly denied {', '.join(dict.fromkeys(actions))}: "
            f"{'its calls are refused' if is_sure else 'whether it is, its condition decides'}",
            "leave out of the denial who delivers and reads, by `NotPrincipal` or a condition on `aws:PrincipalArn`",
            grade=None if is_sure else "caution",
            path="Properties",
            resource=pair.new.resources[to],
        )


def _lost(use: Use) -> str:
    if use.action.endswith(("SendMessage", "Publish")):
        return f"what {use.by} delivers here is refused, and dropped once its retries end"
    return f"{use.by} is refused, and delivers nothing"


def _newly(pair: Pair, refused_in: Callable[[Template], Mapping[Use, _How]]) -> Iterator[tuple[Use, _How]]:
    """What was done before, and is refused from now on."""
    after = refused_in(pair.new)
    if not after:
        return  # as of most changes: who did what before is asked for nothing else
    names = new_names(pair)
    done = {_place(use, names) for use in uses(pair.old)}
    refused = {_place(use, names): how for use, how in refused_in(pair.old).items()}
    for use, how in after.items():
        place = _place(use, {})
        if place in done and (place not in refused or (how is True and refused[place] is not True)):
            yield use, how


def _place(use: Use, names: Mapping[str, str]) -> tuple[str, str, str]:
    return names.get(use.by, use.by), names.get(use.to, use.to), use.action

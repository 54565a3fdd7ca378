"""What changes of security groups mean: what is newly let in and out, and what no longer.

Of each group the sum of its rules is compared, so that a rule that moves into a resource of its own is no change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from streaming_constructs.review.access.policy_sides import new_names
from streaming_constructs.review.access.security_group_rules import APART, Rule, group_of, rules
from streaming_constructs.review.comparing.differences import same
from streaming_constructs.review.comparing.pair import Pair
from streaming_constructs.review.comparing.template import Resource, Template
from streaming_constructs.review.comparing.values import listed
from streaming_constructs.review.meaning import Changed, Meaning, means, of_the_whole
from streaming_constructs.review.rules.told_by_sum import names_mean_nothing, parts_of_a_sum

_GROUP = "AWS::EC2::SecurityGroup"


@means(_GROUP, "SecurityGroupIngress", "SecurityGroupEgress")
def inline_rules(changed: Changed) -> Iterator[Meaning]:
    """Rules in a group: what they let through is told by the sum; their texts are for people."""
    before, after = ([_without_text(rule) for rule in listed(rules)] for rules in (changed.old, changed.new))
    if len(before) == len(after) and all(any(same(rule, other) for other in after) for rule in before):
        yield Meaning("REV118", f"texts of {changed.name} are others")


def _without_text(rule: Any) -> Any:
    return {key: value for key, value in rule.items() if key != "Description"} if isinstance(rule, Mapping) else rule


parts_of_a_sum(*APART)
names_mean_nothing(*APART)


@of_the_whole
def groups(pair: Pair) -> Iterator[Meaning]:
    """What each group newly lets in and out, and what no longer."""
    before, after = rules(pair.old, new_names(pair)), rules(pair.new)
    for rule in _beyond(after, before):
        place = group_of(pair.new, rule) or _apart(pair.new, rule)
        is_new = rule.group.strip("${}") in pair.match.added
        for meaning in _newly(pair, rule, is_new=is_new):
            yield Meaning(meaning.code, meaning.message, meaning.help, path=_path(rule), resource=place)
    for rule in _beyond(before, after):
        place = group_of(pair.new, rule) or _apart(pair.new, rule) or _apart(pair.old, rule)
        is_gone = rule.group.startswith("${") and group_of(pair.new, rule) is None
        if place is not None and not is_gone:
            yield Meaning(*_no_longer(pair, rule, after), path=_path(rule), resource=place)


def _beyond(some: Iterable[Rule], others: frozenset[Rule]) -> list[Rule]:
    ordered = sorted(some, key=lambda rule: (rule.group, rule.is_egress, rule.peer, rule.protocol, str(rule.ports)))
    return [rule for rule in ordered if rule not in others and not any(other.covers(rule) for other in others)]


def _apart(template: Template, rule: Rule) -> Resource | None:
    """A resource that says a rule of a group that is not in the template."""
    found = (each for each in template.of_type(*APART) if APART[each.type] == rule.is_egress)
    return next((each for each in found if rule in rules(Template("", {each.logical_id: each}))), None)


def _path(rule: Rule) -> str:
    return f"Properties.SecurityGroup{'Egress' if rule.is_egress else 'Ingress'}"


def _newly(pair: Pair, rule: Rule, *, is_new: bool) -> Iterator[Meaning]:
    if rule.is_egress:
        if not is_new:
            yield Meaning("REV672", f"it newly lets out {rule.told} to {rule.peer}")
    elif rule.is_world:
        yield Meaning(
            "REV670",
            f"everybody ({rule.peer}) is newly let in on {rule.told}",
            "name the security group, or the range, of whoever connects",
        )
    else:
        yield Meaning(
            "REV675" if is_new else "REV671", f"{rule.peer} is {'' if is_new else 'newly '}let in on {rule.told}"
        )


def _no_longer(pair: Pair, rule: Rule, after: frozenset[Rule]) -> tuple[str, str, str]:
    says = f"{rule.peer} is no longer {'let out to' if rule.is_egress else 'let in'} on {rule.told}"
    peer = rule.peer.removeprefix("group ").strip("${}")
    is_needed = not rule.is_egress and peer in pair.new.resources and not any(rule.touches(other) for other in after)
    nothing_left = rule.is_egress and not any(each.is_egress and each.group == rule.group for each in after)
    if is_needed or nothing_left:
        return (
            "REV674",
            f"{says}, or only a part of it: what still connects by it is cut off",
            "take out what connects first",
        )
    return "REV673", f"{says}, or only on a part of it", ""

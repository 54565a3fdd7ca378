"""What changes of the policies of resources mean: to whom buckets, queues, topics, streams, keys, secrets, functions and
clusters are newly open, and what they no longer insist on.

Of each resource the sum of its policies is compared, so that a statement that moves, or is written otherwise, is no change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from streaming_constructs.review.access.policy_grants import EVERYBODY, Grant, beyond
from streaming_constructs.review.access.policy_reach import (
    ELSEWHERE,
    Audience,
    audience,
    is_every_action,
    names_source,
    shown_grants,
    shown_principal,
    shown_text,
)
from streaming_constructs.review.access.policy_sides import home_accounts, is_on_new, new_names
from streaming_constructs.review.access.resource_policies import APART, INSIDE, OF_FUNCTIONS, Guarded, guarded
from streaming_constructs.review.comparing.pair import Pair
from streaming_constructs.review.comparing.template import Resource
from streaming_constructs.review.meaning import Meaning, of_the_whole
from streaming_constructs.review.rules.told_by_sum import (
    documents_of_a_sum,
    names_mean_nothing,
    parts_of_a_sum,
    properties_of_a_sum,
)

_POLICIES = (*APART, *OF_FUNCTIONS)
_TOLD = {kind: where for kind, (_, where, _) in APART.items()}


for _kind, _where in _TOLD.items():
    documents_of_a_sum(_kind, _where)
for _kind, (_steps, _) in INSIDE.items():
    documents_of_a_sum(_kind, ".".join(_steps))
properties_of_a_sum("AWS::SQS::QueuePolicy", "Queues")
properties_of_a_sum("AWS::SNS::TopicPolicy", "Topics")
properties_of_a_sum("AWS::Events::EventBusPolicy", "Action", "Condition", "Principal")
parts_of_a_sum(*_POLICIES)
names_mean_nothing(*(kind for kind in _POLICIES if kind != "AWS::Lambda::Permission"))


@of_the_whole
def policies(pair: Pair) -> Iterator[Meaning]:
    """To whom each resource is newly open, or no longer, and what it no longer insists on."""
    names, homes = new_names(pair), home_accounts(pair.old, pair.new)
    before, after = guarded(pair.old, names), guarded(pair.new)
    for of, has in after.items():
        had = before.get(of)
        yield from _compared(pair, of, had, has, homes)
    for of, had in before.items():
        if of not in after and (had.owner is None or pair.counterpart(had.owner) is not None):
            yield from _compared(pair, of, had, Guarded(frozenset(), had.kind, had.policy, had.owner), homes)


def _compared(pair: Pair, of: str, had: Guarded | None, has: Guarded, homes: frozenset[str]) -> Iterator[Meaning]:
    before = had.grants if had is not None else frozenset()
    path = _path(has.policy)
    for meaning in (*_wider(pair, of, before, has, homes), *_narrower(before, has), *_insists(before, has)):
        yield Meaning(meaning.code, meaning.message, meaning.help, meaning.grade, meaning.about, path, has.policy)


def _path(policy: Resource) -> str:
    if policy.type in INSIDE:
        return "Properties." + ".".join(INSIDE[policy.type][0])
    return f"Properties.{_TOLD[policy.type]}" if policy.type in _TOLD else "Properties"


def _allowed(grants: Iterable[Grant]) -> frozenset[Grant]:
    return frozenset(grant for grant in grants if not grant.is_deny)


def _wider(pair: Pair, of: str, before: frozenset[Grant], has: Guarded, homes: frozenset[str]) -> Iterator[Meaning]:
    allowed = _allowed(before)
    rows: dict[tuple[str, str, frozenset[str]], list[Grant]] = {}
    for grant in beyond(_allowed(has.grants), allowed):
        keys = frozenset(condition.key for condition in grant.conditions)
        rows.setdefault((_code_of(pair, of, grant, allowed, has, homes), grant.principal, keys), []).append(grant)
    for (code, principal, keys), grants in rows.items():
        text, help_ = _SAYS[code]
        whom: Audience = audience(grants[0], homes)
        who = shown_principal(principal)
        if whom in ELSEWHERE and principal == EVERYBODY:
            who = f"whoever fits {', '.join(sorted(keys))} ({whom})"
        elif whom in ELSEWHERE:
            who = f"{who} ({whom})"
        elif keys:
            who = f"{who}, where {', '.join(sorted(keys))} fits,"
        says = text.format(who=who, actions=shown_grants(grants), of=f"the {has.kind} {shown_text(of)}")
        # All actions are without bounds, whoever may call them.
        is_unbound = code == "REV642" and any(map(is_every_action, grants))
        yield Meaning(code, says, help_, grade="danger" if is_unbound else None)


_SAYS: Mapping[str, tuple[str, str]] = {
    "REV640": (
        "{who} can newly call {actions} on {of}: it is open to the public",
        "name the principal, or bound it by `aws:SourceArn`, `aws:SourceAccount` or `aws:PrincipalOrgID`",
    ),
    "REV641": (
        "{who} can newly call {actions} on {of}",
        "name one role of that account, and no more actions than it calls",
    ),
    "REV642": ("{who} can newly call {actions} on {of}", ""),
    "REV643": (
        "{who} can call {actions} on {of} under fewer, or other, conditions than before: it is open beyond this account",
        "keep the condition that says for whom it is",
    ),
    "REV644": ("{who} can call {actions} on {of} under fewer, or other, conditions than before", ""),
    "REV650": ("{who} can call {actions} on {of}", ""),
}


def _code_of(pair: Pair, of: str, grant: Grant, before: frozenset[Grant], has: Guarded, homes: frozenset[str]) -> str:
    whom = audience(grant, homes)
    if any(other.covers_but_conditions(grant) for other in before):
        is_open = whom in ("everybody", *ELSEWHERE) or (whom == "a service" and not names_source(grant))
        return "REV643" if is_open else "REV644"
    if whom == "everybody":
        return "REV640"
    if whom in ELSEWHERE:
        return "REV641"
    if is_on_new(pair, of) or (has.owner is not None and has.owner.logical_id in pair.match.added):
        return "REV650"
    return "REV642"


def _narrower(before: frozenset[Grant], has: Guarded) -> Iterator[Meaning]:
    now = _allowed(has.grants)
    gone: dict[str, list[Grant]] = {}
    for grant in beyond(_allowed(before), now):
        gone.setdefault(grant.principal, []).append(grant)
    for principal, grants in gone.items():
        is_lost = not any(_is_left(grant, other) for grant in grants for other in now)
        says = f"{shown_principal(principal)} can no longer call {shown_grants(grants)} on the {has.kind}"
        if is_lost and (principal.startswith("Service:") or _is_delivery(grants, now)):
            yield Meaning("REV649", f"{says}: what that service delivers is refused", "take out the source first")
        else:
            yield Meaning("REV648", f"{says}, or only a part of it, or under more conditions")
    for deny in beyond(_denied(has.grants), _denied(before)):
        is_about_transit = any(condition.key in _IN_TRANSIT for condition in deny.conditions)
        yield Meaning(
            "REV648",
            f"{shown_principal(deny.principal)} is newly denied {shown_grants([deny])} on the {has.kind}",
            about="encryption" if is_about_transit else None,
        )


def _is_left(grant: Grant, other: Grant) -> bool:
    """Whether a part of a grant is left by another."""
    is_part = grant.principal == other.principal and grant.covers_but_conditions(other)
    return is_part or other.covers_but_conditions(grant)


def _is_delivery(grants: list[Grant], now: frozenset[Grant]) -> bool:
    """Whether everybody was let in for the sake of one source, as queues are for a topic, and nobody is any more."""
    return any(
        grant.principal == EVERYBODY
        and names_source(grant)
        and not is_every_action(grant)
        and all(other.action != grant.action for other in now)
        for grant in grants
    )


def _denied(grants: Iterable[Grant]) -> frozenset[Grant]:
    return frozenset(grant for grant in grants if grant.is_deny)


_IN_TRANSIT = ("aws:securetransport", "s3:tlsversion")
_AT_REST = ("s3:x-amz-server-side-encryption", "s3:x-amz-server-side-encryption-aws-kms-key-id")


def _insists(before: frozenset[Grant], has: Guarded) -> Iterator[Meaning]:
    """What was denied, and is no longer."""
    told = set()
    for deny in beyond(_denied(before), _denied(has.grants)):
        keys = {condition.key for condition in deny.conditions}
        code = "REV645" if keys & {*_IN_TRANSIT} else "REV646" if keys & {*_AT_REST} else "REV647"
        if (code, deny.principal) not in told:
            told.add((code, deny.principal))
            yield Meaning(
                code,
                _NO_LONGER[code].format(of=has.kind, who=shown_principal(deny.principal), what=shown_grants([deny])),
                _KEEP,
            )


_KEEP = "keep the statement that denies it"
_NO_LONGER = {
    "REV645": "the {of} no longer refuses requests without TLS: records can go over the network in plain text",
    "REV646": "the {of} no longer refuses objects that are not encrypted as it says",
    "REV647": "{who} is no longer denied {what} on the {of}, or under fewer conditions",
}

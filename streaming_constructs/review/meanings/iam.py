"""What changes of IAM roles, users, groups and their policies mean: who can newly do what to what, and who no longer.

Policies are not compared one by one: of each role, user and group the sum of all its policies is, so that a policy that is
split, renamed, reordered, or moved from inline to managed is no change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from streaming_constructs.facts.iam import ADMINISTRATORS
from streaming_constructs.review.access.identity_policies import (
    ATTACHED,
    OF_ONE,
    Identity,
    identities,
    is_of_aws,
    owners_of,
    short_name,
)
from streaming_constructs.review.access.needed_access import Need, met, stops_without, unmet
from streaming_constructs.review.access.policy_grants import Grant, beyond, covered
from streaming_constructs.review.access.policy_reach import (
    excluded,
    is_administrator,
    is_every_action,
    is_every_resource,
    knows_no_resource,
    shown_grants,
    shown_text,
    widens_itself,
)
from streaming_constructs.review.access.policy_sides import is_on_new, new_names
from streaming_constructs.review.comparing.pair import Pair
from streaming_constructs.review.comparing.template import Resource
from streaming_constructs.review.comparing.values import number, shown
from streaming_constructs.review.meaning import Changed, Meaning, means, of_the_whole, when_added, when_removed
from streaming_constructs.review.meanings.any_resource import added, removed
from streaming_constructs.review.rules.told_by_sum import (
    documents_of_a_sum,
    names_mean_nothing,
    parts_of_a_sum,
    properties_of_a_sum,
)

_LEAST = "name the actions that are called, and the ARNs that they are called on"


for _kind in ("AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group", "AWS::Serverless::Function"):
    documents_of_a_sum(_kind, "Policies", "AssumeRolePolicyDocument")
    properties_of_a_sum(_kind, "ManagedPolicyArns")
for _kind in (*ATTACHED, *OF_ONE):
    documents_of_a_sum(_kind, "PolicyDocument", "PolicyName")
    properties_of_a_sum(_kind, "Roles", "Users", "Groups")
parts_of_a_sum("AWS::IAM::Policy", *OF_ONE)
names_mean_nothing(*ATTACHED, *OF_ONE)


@when_added("AWS::IAM::ManagedPolicy")
def managed_policy_added(pair: Pair, new: Resource) -> Iterator[Meaning]:
    """A managed policy that is new: only one that nobody in the template has is a thing of its own."""
    if new.logical_id in identities(pair.new):
        yield from added(pair, new)


@when_removed("AWS::IAM::ManagedPolicy")
def managed_policy_removed(pair: Pair, old: Resource) -> Iterator[Meaning]:
    """A managed policy that is gone: one that nobody in the template had may have been attached elsewhere."""
    if old.logical_id in identities(pair.old):
        yield from removed(pair, old)


@of_the_whole
def permissions(pair: Pair) -> Iterator[Meaning]:
    """What each role, user and group can newly do, and can no longer do."""
    names = new_names(pair)
    before = {names.get(who, who): identity for who, identity in identities(pair.old, names).items()}
    after = identities(pair.new)
    for who, identity in after.items():
        place = identity.resource or _policy_of(pair, who)
        old = before.get(who)
        is_new = old is None and identity.resource is not None
        had = old or Identity(frozenset(), frozenset(), None)
        for meaning in _wider(pair, who, had, identity, is_new=is_new):
            yield _at(meaning, place)
        for meaning in _narrower(who, had, identity) if old is not None else ():
            yield _at(meaning, place)
    for who, identity in before.items():
        if who not in after and identity.resource is None and (gone := _allowed(identity.grants)):
            yield _at(
                Meaning("REV612", f"{shown_text(who)} can no longer: {shown_grants(gone)}"), _policy_of(pair, who)
            )


def _at(meaning: Meaning, place: Resource | None) -> Meaning:
    return Meaning(meaning.code, meaning.message, meaning.help, meaning.grade, meaning.about, meaning.path, place)


def _policy_of(pair: Pair, who: str) -> Resource | None:
    """A policy that says that it belongs to somebody who is not in the template."""
    for template in (pair.new, pair.old):
        for policy in template.of_type(*ATTACHED, *OF_ONE):
            names = [policy.at(OF_ONE[policy.type])] if policy.type in OF_ONE else []
            if who in (*owners_of(template, policy), *map(str, names)):
                return policy
    return None


def _allowed(grants: Iterable[Grant]) -> frozenset[Grant]:
    return frozenset(grant for grant in grants if not grant.is_deny)


def _denied(grants: Iterable[Grant]) -> frozenset[Grant]:
    return frozenset(grant for grant in grants if grant.is_deny)


def _wider(pair: Pair, who: str, had: Identity, has: Identity, *, is_new: bool) -> Iterator[Meaning]:
    before = _allowed(had.grants)
    yield from _attached(who, had, has, is_new=is_new)
    rows: dict[tuple[str, str], list[Grant]] = {}
    for grant in beyond((each for each in _allowed(has.grants) if not each.origin), before):
        code = _code_of(pair, grant, before, is_new=is_new)
        rows.setdefault((code, grant.resource), []).append(grant)
    for (code, resource), grants in rows.items():
        yield _newly(code, shown_text(who), resource, grants)
    for deny in beyond(_denied(had.grants), _denied(has.grants)):
        yield Meaning(
            "REV610",
            f"{shown_text(who)} is no longer denied {shown_grants([deny])} on {shown_text(deny.resource)}, "
            "or under fewer conditions: what any of its policies allows holds",
        )


_KINDS: tuple[tuple[str, Callable[[Grant], bool]], ...] = (
    ("REV601", is_administrator),
    ("REV604", lambda grant: grant.is_all_but),
    ("REV605", widens_itself),
    ("REV602", is_every_action),
    ("REV603", lambda grant: is_every_resource(grant) and not knows_no_resource(grant)),
)
"""What has no bounds, the gravest first."""


def _code_of(pair: Pair, grant: Grant, before: frozenset[Grant], *, is_new: bool) -> str:
    """The code for something that is newly allowed."""
    for code, is_so in _KINDS:
        if is_so(grant):
            return code
    if any(other.covers_but_conditions(grant) for other in before):
        return "REV609"
    return "REV611" if is_new or is_on_new(pair, grant.resource) else "REV607"


_SAYS: Mapping[str, tuple[str, str]] = {
    "REV601": ("{who} can newly do everything to everything", _LEAST),
    "REV602": ("{who} can newly call every action of `{actions}` on {on}", _LEAST),
    "REV603": ("{who} can newly call {actions} on every resource ({on})", _LEAST),
    "REV604": ("{who} can newly call {actions} on {on}, but for {left}: whatever AWS adds is allowed too", _LEAST),
    "REV605": (
        "{who} can newly give itself or others what it likes: {actions} on {on}",
        "name the roles, and no other",
    ),
    "REV607": ("{who} can newly call {actions} on {on}", ""),
    "REV609": (
        "{who} can call {actions} on {on} under fewer, or other, conditions than before",
        "keep the condition, or say why the whole of it is needed",
    ),
    "REV611": ("{who} can call {actions} on {on}", ""),
}


def _newly(code: str, who: str, resource: str, grants: list[Grant]) -> Meaning:
    text, help_ = _SAYS[code]
    said = text.format(who=who, actions=shown_grants(grants), on=shown_text(resource), left=excluded(grants[0]))
    conditions = grants[0].conditions
    when = f" (where {shown_text(', '.join(sorted(each.key for each in conditions)))} fits)" if conditions else ""
    return Meaning(code, said + when, help_)


def _attached(who: str, had: Identity, has: Identity, *, is_new: bool) -> Iterator[Meaning]:
    """Policies that are newly attached, and not in the template."""
    for policy in sorted(has.managed - had.managed):
        name = short_name(policy)
        known = [grant for grant in has.grants if grant.origin == name]
        if known and all(covered(grant, had.grants) for grant in known):
            continue
        says = f"{shown_text(who)} newly has the managed policy {shown_text(policy)}"
        if name in ADMINISTRATORS:
            yield Meaning("REV601", f"{says}: about everything", _LEAST)
        elif is_of_aws(policy) and "FullAccess" in name:
            yield Meaning("REV606", f"{says}: every action, on every resource", _LEAST)
        elif is_new and "service-role/" in policy:
            yield Meaning("REV611", says)
        else:
            yield Meaning("REV608", says)


def _narrower(who: str, had: Identity, has: Identity) -> Iterator[Meaning]:
    gone = beyond(_allowed(had.grants), _allowed(has.grants))
    rows: dict[str, list[Grant]] = {}
    for grant in gone:
        rows.setdefault(grant.resource, []).append(grant)
    for resource, grants in rows.items():
        yield Meaning(
            "REV612",
            f"{shown_text(who)} can no longer call {shown_grants(grants)} on {shown_text(resource)}, or only a part of it",
        )
    for policy in sorted(had.managed - has.managed):
        if not any(grant.origin == short_name(policy) for grant in had.grants):
            yield Meaning("REV612", f"{shown_text(who)} no longer has the managed policy {shown_text(policy)}")
    for deny in beyond(_denied(has.grants), _denied(had.grants)):
        allowed = replace(deny, is_deny=False)
        is_taken = not deny.conditions and allowed in had.grants and allowed not in has.grants
        yield Meaning(
            "REV613" if is_taken else "REV612",
            f"{shown_text(who)} is newly denied {shown_grants([deny])} on {shown_text(deny.resource)}"
            + (", which it was allowed: whatever acts by it and calls that is refused" if is_taken else ""),
            "take the statement out where it is not called any more, or leave it as it was" if is_taken else "",
            grade="caution" if is_taken else None,
        )


@of_the_whole
def needed(pair: Pair) -> Iterator[Meaning]:
    """Permissions that are taken from readers and deliveries that still need them."""
    names = new_names(pair)
    had = {(names.get(need.by, need.by), need.action) for need in met(pair.old)}
    lacking: dict[tuple[str, str], list[Need]] = {}
    for need in sorted(unmet(pair.new)):
        if (need.by, need.action) in had:
            lacking.setdefault((need.by, need.role), []).append(need)
    for (by, role), needs in lacking.items():
        yield Meaning(
            "REV613",
            f"{by} still needs what {role} no longer allows: {', '.join(need.action for need in needs)}; its calls are "
            "refused",
            "leave them in the role's policy, on the ARN that is read or written",
            grade=None if any(map(stops_without, needs)) else "caution",
            path="Properties",
            resource=pair.new.resources[role],
        )


@means("AWS::IAM::Role", "PermissionsBoundary")
@means("AWS::IAM::User", "PermissionsBoundary")
def boundary(changed: Changed) -> Iterator[Meaning]:
    """The policy that no other of the principal goes beyond."""
    if changed.old is None:
        yield Meaning("REV621", f"no policy of it goes beyond {shown(changed.new)} any more")
    elif changed.new is None:
        unbound = _without_bounds(changed)
        yield Meaning(
            "REV620",
            f"its permissions boundary {shown(changed.old)} is gone: all that its policies allow holds"
            + (f", {unbound} among it" if unbound else ""),
            "keep the boundary; widen it where something is missing",
            grade="danger" if unbound else None,
        )
    else:
        yield Meaning("REV620", f"its permissions boundary is another: {shown(changed.old)} → {shown(changed.new)}")


def _without_bounds(changed: Changed) -> str:
    """What the policies of a principal allow without bounds, in words."""
    who = identities(changed.pair.new)[changed.new_resource.logical_id]
    managed = [short_name(policy) for policy in sorted(who.managed)]
    strong = [name for name in managed if name in ADMINISTRATORS or "FullAccess" in name]
    grants = [grant for grant in who.grants if not grant.is_deny and any(is_so(grant) for _, is_so in _KINDS)]
    return shown_text(", ".join([*strong, *filter(None, [shown_grants(grants)])]))


@means("AWS::IAM::Role", "MaxSessionDuration")
def session(changed: Changed) -> Iterator[Meaning]:
    """How long credentials of the role hold; an hour where nothing is said."""
    before, after = (number(3600 if value is None else value) for value in (changed.old, changed.new))
    says = f"credentials of it hold for up to {shown(changed.new)} s; it was {shown(changed.old)}"
    if before is None or after is None or after > before:
        yield Meaning("REV622", says)
    elif after < before:
        yield Meaning("REV621", says)


@means("AWS::IAM::User", "LoginProfile", "Groups", "Path")
@means("AWS::IAM::Group", "Path")
@means("AWS::IAM::InstanceProfile", "Roles")
@means("AWS::IAM::UserToGroupAddition", "Users", "GroupName")
@means("AWS::IAM::AccessKey", "Status")
@means("AWS::IAM::OIDCProvider", "ClientIdList", "ThumbprintList")
def who_is_who(changed: Changed) -> Iterator[Meaning]:
    """Who logs in as whom, and what acts as which role."""
    yield Meaning("REV623", f"`{changed.name}`: {shown(changed.old)} → {shown(changed.new)}")


@when_added("AWS::IAM::AccessKey")
def access_key(pair: Pair, new: Resource) -> Iterator[Meaning]:
    """A key that does not expire."""
    yield Meaning(
        "REV623", f"a key that does not expire acts as {shown(new.at('UserName'))}", "let a role be assumed instead"
    )

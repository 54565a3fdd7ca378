"""What changes of trust policies mean: who can newly act as a role."""

from __future__ import annotations

from collections.abc import Iterator

from streaming_constructs.review.access.policy_grants import Grant, beyond, grants_of
from streaming_constructs.review.access.policy_reach import audience, shown_principal
from streaming_constructs.review.access.policy_sides import home_accounts, new_names
from streaming_constructs.review.comparing.pair import Pair, renamed
from streaming_constructs.review.comparing.template import Resource, references
from streaming_constructs.review.meaning import Meaning, of_the_whole

_OPEN = ("everybody", "another account", "an organization")
_BOUND = "name the one role that needs it, with `sts:ExternalId` where it is another company's"


@of_the_whole
def trust(pair: Pair) -> Iterator[Meaning]:
    """Who can newly, or no longer, act as each role."""
    names = new_names(pair)
    homes = home_accounts(pair.old, pair.new)
    before = {names.get(role.logical_id, role.logical_id): role for role in pair.old.of_type("AWS::IAM::Role")}
    for role in pair.new.of_type("AWS::IAM::Role"):
        old = before.get(role.logical_id)
        trusted = grants_of(renamed(old.at("AssumeRolePolicyDocument"), names)) if old is not None else frozenset()
        trusts = grants_of(role.at("AssumeRolePolicyDocument"))
        yield from _wider(role, trusted, trusts, homes, is_new=old is None)
        yield from _narrower(pair, role, trusted, trusts)


def _allowed(grants: frozenset[Grant]) -> frozenset[Grant]:
    return frozenset(grant for grant in grants if not grant.is_deny)


def _wider(
    role: Resource, trusted: frozenset[Grant], trusts: frozenset[Grant], homes: frozenset[str], *, is_new: bool
) -> Iterator[Meaning]:
    told = set()
    for grant in beyond(_allowed(trusts), _allowed(trusted)):
        if grant.action == "sts:tagsession" or grant.principal in told:
            continue
        meaning = _newly(role, grant, trusted, homes, is_new=is_new)
        if meaning is not None:
            told.add(grant.principal)
            yield meaning
    for deny in beyond(trusted - _allowed(trusted), trusts - _allowed(trusts)):
        yield Meaning(
            "REV617",
            f"{shown_principal(deny.principal)} is no longer kept from acting as it",
            path=_PATH,
            resource=role,
        )


_PATH = "Properties.AssumeRolePolicyDocument"


def _newly(
    role: Resource, grant: Grant, trusted: frozenset[Grant], homes: frozenset[str], *, is_new: bool
) -> Meaning | None:
    whom = audience(grant, homes)
    # Whoever logs in at a provider of identities is everybody, unless a condition says who.
    is_open = whom in _OPEN or (grant.principal.startswith("Federated:") and not grant.conditions)
    who = shown_principal(grant.principal)
    who = f"{who} ({whom})" if whom in _OPEN and whom != who else who
    # What is denied with a condition is not all that it could be: an Allow stays what it is.
    if any(other.covers_but_conditions(grant) for other in _allowed(trusted)):
        is_far = is_open or grant.principal.startswith("Federated:")
        code = "REV616" if is_far and not _has_external_id(grant) else "REV617"
        return Meaning(
            code,
            f"{who} can act as it under fewer, or other, conditions than before",
            "keep the condition: it says for whom the role is",
            path=_PATH,
            resource=role,
        )
    if is_open:
        return Meaning(
            "REV614", f"{who} can newly act as it, with all its permissions", _BOUND, path=_PATH, resource=role
        )
    if is_new:
        return None
    return Meaning("REV615", f"{who} can newly act as it, with all its permissions", path=_PATH, resource=role)


def _has_external_id(grant: Grant) -> bool:
    """Whether an external id is still asked for, though it may be another one."""
    return any(condition.key == "sts:externalid" for condition in grant.conditions)


def _is_named(pair: Pair, role: Resource, service: str) -> bool:
    """Whether something of a service still names the role, and could no longer act as it."""
    return any(
        service in resource.type.lower() and any(name == role.logical_id for name, _ in references(resource.properties))
        for resource in pair.new.resources.values()
    )


def _narrower(pair: Pair, role: Resource, trusted: frozenset[Grant], trusts: frozenset[Grant]) -> Iterator[Meaning]:
    for grant in beyond(_allowed(trusted), _allowed(trusts)):
        is_gone = all(other.principal != grant.principal for other in trusts)
        service = grant.principal.removeprefix("Service:").partition(".")[0]
        if is_gone and service != grant.principal and _is_named(pair, role, service):
            yield Meaning(
                "REV619",
                f"{shown_principal(grant.principal)} can no longer act as it: whatever it does by this role is refused",
                "take it out once nothing of that service names the role",
                path=_PATH,
                resource=role,
            )
        else:
            yield Meaning(
                "REV618",
                f"{shown_principal(grant.principal)} can no longer act as it, or only under more conditions",
                path=_PATH,
                resource=role,
            )

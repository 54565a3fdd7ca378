"""What is wrong with permissions: without bounds, or given to everybody."""

from __future__ import annotations

from collections.abc import Iterator

from streaming_constructs.facts.iam import ADMINISTRATORS
from streaming_constructs.review.access.identity_policies import (
    ATTACHED,
    OF_ONE,
    identities,
    is_of_aws,
    owners_of,
    short_name,
    written_in,
)
from streaming_constructs.review.access.policy_grants import Grant, grants_of
from streaming_constructs.review.access.policy_reach import (
    audience,
    excluded,
    is_administrator,
    is_every_action,
    is_every_resource,
    knows_no_resource,
    shown_grants,
    shown_text,
    widens_itself,
)
from streaming_constructs.review.auditing import audits, audits_the_whole
from streaming_constructs.review.comparing.template import Resource, Template
from streaming_constructs.review.meaning import Meaning

_LEAST = "name the actions that are called, and the ARNs that they are called on"


@audits_the_whole
def permissions(template: Template) -> Iterator[Meaning]:
    """Permissions without bounds, of each role, user and group."""
    for who, identity in identities(template).items():
        place = identity.resource or _policy_of(template, who)
        rows: dict[tuple[str, str, str], list[Grant]] = {}
        for grant in sorted(identity.grants, key=lambda each: (each.resource, each.action)):
            if not grant.is_deny and not grant.origin and (code := _code_of(grant)):
                written = written_in(template, who, grant) or place
                rows.setdefault((code, grant.resource, written.logical_id if written else ""), []).append(grant)
        for (code, resource, written_id), grants in rows.items():
            written = template.resources.get(written_id)
            # A policy can do nothing by itself: who has it is named.
            subject = "it" if written is None or written_id == who else shown_text(who)
            on, left = shown_text(resource), excluded(grants[0])
            says = _SAYS[code].format(who=subject, actions=shown_grants(grants), on=on, left=left)
            yield Meaning(code, says, _LEAST, path="Properties", resource=written)
        for policy in sorted(identity.managed):
            if short_name(policy) in ADMINISTRATORS:
                yield Meaning(
                    "AUD601", f"it has {shown_text(policy)}: about everything", _LEAST, path=_ATTACHED, resource=place
                )
            elif is_of_aws(policy) and "FullAccess" in policy:
                says = f"it has {shown_text(policy)}: every action, on every resource"
                yield Meaning("AUD602", says, _LEAST, path=_ATTACHED, resource=place)


_ATTACHED = "Properties.ManagedPolicyArns"
_SAYS = {
    "AUD601": "{who} can do everything to everything",
    "AUD602": "{who} can call every action of `{actions}` on {on}",
    "AUD603": "{who} can call {actions} on {on}, but for {left}: whatever AWS adds is allowed too",
    "AUD604": "{who} can give itself or others what it likes: {actions} on {on}",
    "AUD605": "{who} can call {actions} on every resource ({on})",
    "AUD607": "{who} can call every action of `{actions}` on {on}, deletion among them",
}


def _code_of(grant: Grant) -> str:
    """The code for a grant without bounds; empty for one that has them."""
    if is_administrator(grant):
        return "AUD601"
    if grant.is_all_but:
        return "AUD603"
    if widens_itself(grant):
        return "AUD604"
    if is_every_action(grant):
        return "AUD602" if is_every_resource(grant) else "AUD607"
    return "AUD605" if is_every_resource(grant) and not knows_no_resource(grant) else ""


def _policy_of(template: Template, who: str) -> Resource | None:
    found = (
        policy
        for policy in template.of_type(*ATTACHED, *OF_ONE)
        if policy.type in OF_ONE or who in owners_of(template, policy)
    )
    return next(found, None)


@audits("AWS::IAM::Role")
def trust(template: Template, role: Resource) -> Iterator[Meaning]:
    """Roles that everybody can act as."""
    for grant in sorted(grants_of(role.at("AssumeRolePolicyDocument")), key=lambda each: each.principal):
        is_unbound = grant.principal.startswith("Federated:") and not grant.conditions
        if not grant.is_deny and (is_unbound or audience(grant) == "everybody"):
            yield Meaning(
                "AUD606",
                "everybody can act as it" if not is_unbound else "whoever logs in at the provider can act as it",
                "name the account or the role, and a condition such as `sts:ExternalId`",
                path="Properties.AssumeRolePolicyDocument",
            )
            return

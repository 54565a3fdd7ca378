"""What each role, user and group of a template may do: the sum of its policies, wherever they are written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from streaming_constructs.facts.iam import MANAGED_POLICIES
from streaming_constructs.review.access.policy_grants import Grant, grants_of, within
from streaming_constructs.review.access.policy_texts import policy_text
from streaming_constructs.review.comparing.template import Resource, Template
from streaming_constructs.review.comparing.values import listed

PRINCIPALS = {"AWS::IAM::Role": "Roles", "AWS::IAM::User": "Users", "AWS::IAM::Group": "Groups"}
"""Types that have permissions, and what a policy lists them under."""
ATTACHED = ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy")
"""Types of policies that list to whom they belong."""
OF_ONE = {
    "AWS::IAM::RolePolicy": "RoleName",
    "AWS::IAM::UserPolicy": "UserName",
    "AWS::IAM::GroupPolicy": "GroupName",
}
"""Types of policies that belong to one principal, and what names it."""
_OF_AWS = "arn:aws:iam::aws:policy/"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who may do something.

    Attributes:
        grants: The sum of what its policies allow and deny.
        managed: The policies that are attached to it and not in the template, as texts.
        resource: The role, user, group or policy; None where it is not in the template.
    """

    grants: frozenset[Grant]
    managed: frozenset[str]
    resource: Resource | None


def identities(template: Template, names: Mapping[str, str] | None = None) -> dict[str, Identity]:
    """Everybody who has a policy in a template, by the logical id, or by the text of a reference out of it.

    Args:
        template: The template.
        names: Other names for references in it, by those that they have, where it is compared with another template.
    """
    grants: dict[str, set[Grant]] = {}
    managed: dict[str, set[str]] = {}
    for who, document, _ in _documents(template):
        grants.setdefault(who, set()).update(grants_of(_renamed(document, names or {})))
    for resource in template.resources.values():
        if resource.type in PRINCIPALS or resource.type == "AWS::Serverless::Function":
            who = resource.logical_id
            grants.setdefault(who, set())
            for policy in _named_policies(resource):
                inside = template.target(policy)
                if inside is not None and inside.type == "AWS::IAM::ManagedPolicy":
                    grants[who] |= grants_of(_renamed(inside.at("PolicyDocument"), names or {}))
                else:
                    name = policy_text(policy)
                    managed.setdefault(who, set()).add(name)
                    grants[who] |= _managed_grants(name)
    return {
        who: Identity(frozenset(found), frozenset(managed.get(who, ())), template.resources.get(who))
        for who, found in grants.items()
    }


def _named_policies(resource: Resource) -> list[Any]:
    if resource.type == "AWS::Serverless::Function":
        return [
            policy for policy in listed(resource.at("Policies")) if isinstance(policy, str) or _is_reference(policy)
        ]
    return listed(resource.at("ManagedPolicyArns"))


def _is_reference(value: Any) -> bool:
    return isinstance(value, Mapping) and ("Ref" in value or any(str(key).startswith("Fn::") for key in value))


def _managed_grants(name: str) -> frozenset[Grant]:
    short = short_name(name)
    statement = MANAGED_POLICIES.get(short) if is_of_aws(name) else None
    return within(grants_of({"Statement": [statement]}), short) if statement else frozenset()


def short_name(policy: str) -> str:
    """The name of a policy without what stands before it.

    Args:
        policy: Its ARN as a text.
    """
    return policy.rpartition("/")[2]


def is_of_aws(policy: str) -> bool:
    """Whether AWS manages a policy; a plain name, as SAM takes it, is one of AWS.

    Args:
        policy: Its ARN or name.
    """
    return policy.startswith(_OF_AWS) or (":" not in policy and "$" not in policy)


def written_in(template: Template, who: str, grant: Grant) -> Resource | None:
    """The resource that a permission is written in: who has it, or a policy of his; None where that is elsewhere.

    Args:
        template: The template.
        who: Who has it, as `identities` names him.
        grant: The permission.
    """
    for owner, document, place in _documents(template):
        if owner == who and grant in grants_of(document):
            return place
    identity = template.resources.get(who)
    for policy in _named_policies(identity) if identity else ():
        inside = template.target(policy)
        if inside is not None and grant in grants_of(inside.at("PolicyDocument")):
            return inside
    return None


def _documents(template: Template) -> Iterator[tuple[str, Any, Resource]]:
    """Who has which policy document, and where it is written."""
    attached = _attached_by_their_owner(template)
    for resource in template.resources.values():
        if resource.type in PRINCIPALS:
            for policy in listed(resource.at("Policies")):
                if isinstance(policy, Mapping):
                    yield resource.logical_id, policy.get("PolicyDocument"), resource
        elif resource.type == "AWS::Serverless::Function":
            for policy in listed(resource.at("Policies")):
                yield resource.logical_id, policy, resource
        elif resource.type in ATTACHED:
            owners = list(owners_of(template, resource))
            # What nobody in the template has may be attached elsewhere: the policy stands for whoever has it.
            for who in owners or ([] if resource.logical_id in attached else [resource.logical_id]):
                yield who, resource.at("PolicyDocument"), resource
        elif resource.type in OF_ONE:
            yield _name(template, resource.at(OF_ONE[resource.type])), resource.at("PolicyDocument"), resource


def _attached_by_their_owner(template: Template) -> set[str]:
    """The managed policies of the template that a role, user or group lists."""
    found = set()
    for resource in template.of_type(*PRINCIPALS):
        for policy in listed(resource.at("ManagedPolicyArns")):
            target = template.target(policy)
            if target is not None:
                found.add(target.logical_id)
    return found


def owners_of(template: Template, policy: Resource) -> Iterator[str]:
    """Who a policy says that it belongs to.

    Args:
        template: Its template.
        policy: The policy.
    """
    for kind in PRINCIPALS.values():
        for owner in listed(policy.at(kind)):
            yield _name(template, owner)


def _name(template: Template, reference: Any) -> str:
    target = template.target(reference)
    if target is None and isinstance(reference, str):
        # A role may be told by the name that it is given.
        named = (each for each in template.of_type(*PRINCIPALS) if reference in map(each.at, _NAMES))
        target = next(named, None)
    return target.logical_id if target is not None else policy_text(reference)


_NAMES = ("RoleName", "UserName", "GroupName")


def _renamed(document: Any, names: Mapping[str, str]) -> Any:
    """A document with other logical ids in its references."""
    # Loaded late: a pair knows rules of its own.
    from streaming_constructs.review.comparing.pair import renamed

    return renamed(document, names) if names else document

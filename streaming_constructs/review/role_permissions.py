"""What a role of a template may do, as far as the template says it.

A role that has policies from elsewhere, or that is not in the template, may do what nobody sees: then nothing is said of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from streaming_constructs.review.open_access import policy
from streaming_constructs.review.template import Resource, Template, references
from streaming_constructs.review.values import listed

_ROLE = "AWS::IAM::Role"
_POLICIES = ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy")
Statement = Mapping[str, Any]


def statements_of(template: Template, role: Any) -> list[Statement] | None:
    """What a role is allowed by the policies of its template; None where it may be allowed more by others.

    Args:
        template: The template.
        role: The value that names the role.
    """
    resource = template.target(role)
    if resource is None or resource.type != _ROLE:
        return None
    managed = listed(resource.at("ManagedPolicyArns"))
    known = [template.target(arn) for arn in managed]
    if any(one is None or one.type not in _POLICIES for one in known):
        return None
    documents = [one.get("PolicyDocument") for one in listed(resource.at("Policies")) if isinstance(one, Mapping)]
    documents += [one.at("PolicyDocument") for one in _attached(template, resource)]
    documents += [one.at("PolicyDocument") for one in known if one is not None]
    return [statement for document in documents for statement in _statements(document)]


def _attached(template: Template, role: Resource) -> Iterator[Resource]:
    for one in template.of_type(*_POLICIES):
        for name in (*listed(one.at("Roles")), one.at("RoleName")):
            if name is not None and (template.target(name) is role or name == role.at("RoleName")):
                yield one
                break


def _statements(document: Any) -> Iterator[Statement]:
    found = policy(document)
    for statement in listed(found.get("Statement") if isinstance(found, Mapping) else None):
        if isinstance(statement, Mapping) and statement.get("Effect") == "Allow":
            yield statement


def may(template: Template, statements: list[Statement], action: str, target: Any) -> bool:
    """Whether an action on something is allowed, as far as that can be seen: in doubt it is.

    Args:
        template: The template.
        statements: What the role is allowed.
        action: The action, such as `s3:PutObject`.
        target: The value that names what it is done to.
    """
    return any(_has_action(statement, action) and _covers(template, statement, target) for statement in statements)


def _has_action(statement: Statement, action: str) -> bool:
    if "NotAction" in statement:
        return True
    patterns = [pattern.lower() for pattern in listed(statement.get("Action")) if isinstance(pattern, str)]
    return any(fnmatchcase(action.lower(), pattern) for pattern in patterns)


def _covers(template: Template, statement: Statement, target: Any) -> bool:
    if "NotResource" in statement:
        return True
    wanted = template.target(target)
    return any(_is_covered(template, resource, target, wanted) for resource in listed(statement.get("Resource")))


def _is_covered(template: Template, resource: Any, target: Any, wanted: Resource | None) -> bool:
    named = {name for name, _ in references(resource) if name in template.resources}
    if isinstance(resource, str):
        if isinstance(target, str):
            return (
                bool(fnmatchcase(target, resource))
                or resource.startswith((f"{target}/", f"{target}:"))
                or resource == "*"
            )
        # What a name stands for that is made at deployment is not known: a pattern may cover it.
        return bool(re.search(r"[*?]", resource)) or wanted is None
    return wanted is None or not named or wanted.logical_id in named

"""What changes of collections of Amazon OpenSearch Serverless mean, and of the policies that guard them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from streaming_constructs.review.access.open_access import policy
from streaming_constructs.review.comparing.defaults import is_by_default
from streaming_constructs.review.comparing.values import is_true, listed, number, shown
from streaming_constructs.review.meaning import Changed, Meaning, means
from streaming_constructs.review.objects.object_places import whole_text
from streaming_constructs.review.rules.meaning_rows import Row, in_rows

COLLECTION = "AWS::OpenSearchServerless::Collection"
SECURITY_POLICY = "AWS::OpenSearchServerless::SecurityPolicy"
ACCESS_POLICY = "AWS::OpenSearchServerless::AccessPolicy"
LIFECYCLE_POLICY = "AWS::OpenSearchServerless::LifecyclePolicy"
_GOOD, _WEAKER = "REV379", "REV378"

is_by_default(COLLECTION, {"StandbyReplicas": "ENABLED", "DeletionProtection": "DISABLED"})


@means(COLLECTION, "DeletionProtection")
def deletion_protection(changed: Changed) -> Iterator[Meaning]:
    """Whether the collection can be deleted."""
    if changed.new == "ENABLED":
        yield Meaning(_GOOD, "the collection cannot be deleted by mistake")
    else:
        yield Meaning(_WEAKER, "the collection can be deleted again", about="removal-policy")


def allows_public(value: Any) -> bool:
    """Whether a network policy lets callers in from the internet.

    Args:
        value: The value of `Policy`.
    """
    if any(isinstance(rule, Mapping) and is_true(rule.get("AllowFromPublic")) for rule in listed(policy(value))):
        return True
    return re.search(r'"AllowFromPublic"\s*:\s*true', whole_text(value)) is not None


@means(SECURITY_POLICY, "Policy")
def security_policy(changed: Changed) -> Iterator[Meaning]:
    """From where a collection is reached, or with which key it is encrypted."""
    if allows_public(changed.new) and not allows_public(changed.old):
        yield Meaning(
            "REV381",
            "the network policy lets callers in from the internet",
            "name the VPC endpoints in `SourceVPCEs` instead",
        )
    elif changed.new_resource.at("Type") == "encryption":
        yield Meaning(
            "REV377", f"with which key new collections are encrypted: {shown(changed.old)} → {shown(changed.new)}"
        )
    elif allows_public(changed.old) and not allows_public(changed.new):
        yield Meaning(_GOOD, "the network policy lets callers in from the internet no more")
    else:
        yield Meaning("REV384", f"from where it is reached: {shown(changed.old)} → {shown(changed.new)}")


@means(ACCESS_POLICY, "Policy")
def access_policy(changed: Changed) -> Iterator[Meaning]:
    """Who may do what with indices of a collection."""
    before, after = grants(changed.old), grants(changed.new)
    more, less = sorted(after - before), sorted(before - after)
    if more or not less:
        text = "; ".join(more) or shown(changed.new)
        yield Meaning("REV382", f"the data access policy permits in addition: {text}")
    else:
        yield Meaning(_GOOD, f"the data access policy permits no more: {'; '.join(less)}")


def grants(value: Any) -> set[str]:
    """What a data access policy permits, one line for each permission and principal.

    Args:
        value: The value of `Policy`.
    """
    return {
        f"{shown(permission)} for {shown(principal)} on {shown(resource)}"
        for statement in listed(policy(value))
        if isinstance(statement, Mapping)
        for principal in listed(statement.get("Principal"))
        for rule in listed(statement.get("Rules"))
        if isinstance(rule, Mapping)
        for permission in listed(rule.get("Permission"))
        for resource in listed(rule.get("Resource"))
    }


@means(LIFECYCLE_POLICY, "Policy")
def lifecycle_policy(changed: Changed) -> Iterator[Meaning]:
    """How long documents of indices are kept."""
    before, after = _kept(changed.old), _kept(changed.new)
    said = f"documents are kept: {shown(changed.old)} → {shown(changed.new)}"
    if before is None or after is None:
        yield Meaning("REV389", said, grade="caution")
    elif any(days < before.get(index, float("inf")) for index, days in after.items()):
        yield Meaning("REV389", f"{said}; what is older is deleted", "export what is still wanted before")
    else:
        yield Meaning(_GOOD, said)


_HOURS = {"h": 1, "d": 24}


def _kept(value: Any) -> dict[str, float] | None:
    """Hours by pattern of an index; None where they cannot be read."""
    rules = policy(value)
    found: dict[str, float] = {}
    for rule in listed(rules.get("Rules") if isinstance(rules, Mapping) else None):
        if not isinstance(rule, Mapping):
            return None
        text = shown(rule.get("MinIndexRetention"))
        count = number(text[:-1])
        if not is_true(rule.get("NoMinIndexRetention")) and (count is None or text[-1] not in _HOURS):
            return None
        hours = float("inf") if count is None else count * _HOURS[text[-1]]
        found.update(dict.fromkeys(map(shown, listed(rule.get("Resource"))), hours))
    return found if isinstance(rules, Mapping) else None


in_rows(COLLECTION, Row(_WEAKER, "how vectors are computed is another", ("VectorOptions",)))
in_rows(
    "AWS::OpenSearchServerless::VpcEndpoint",
    Row("REV384", "its subnets or security groups are others", ("SecurityGroupIds", "SubnetIds")),
)
in_rows(
    "AWS::OpenSearchServerless::SecurityConfig",
    Row(
        _WEAKER, "who signs in, or how, is another", ("SamlOptions", "IamFederationOptions", "IamIdentityCenterOptions")
    ),
)
in_rows(
    "AWS::OpenSearchServerless::Index",
    Row("REV390", "how documents of the index are stored is another", ("Mappings", "Settings")),
)
in_rows(
    "AWS::OpenSearchServerless::CollectionGroup",
    Row("REV388", "what its collections may use at the least or the most is another", ("CapacityLimits",)),
)

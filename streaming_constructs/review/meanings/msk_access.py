"""Who is let in to clusters of Amazon MSK, from where, and whether records travel in plain text.

What a change of a cluster's policy means is with all other policies, in `iam`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from streaming_constructs.review.comparing.template import value_at
from streaming_constructs.review.comparing.values import is_false, is_true, listed, shown
from streaming_constructs.review.meaning import Changed, Meaning, means
from streaming_constructs.review.meanings.msk import CLUSTER

_WAYS = {
    "IAM": ("Sasl", "Iam", "Enabled"),
    "SASL/SCRAM": ("Sasl", "Scram", "Enabled"),
    "certificates": ("Tls", "Enabled"),
}
_ENCRYPTED = {"PLAINTEXT": 0, "TLS_PLAINTEXT": 1, "TLS": 2}
_CONNECTIVITY = "BrokerNodeGroupInfo.ConnectivityInfo"


def ways(authentication: Any) -> set[str]:
    """The ways in which clients of a cluster say who they are.

    Args:
        authentication: Its `ClientAuthentication`.
    """
    found = {name for name, path in _WAYS.items() if is_true(value_at(authentication, path))}
    if value_at(authentication, ("Tls", "CertificateAuthorityArnList")) and not is_false(
        value_at(authentication, _WAYS["certificates"])
    ):
        found.add("certificates")
    return found


def lets_anyone_in(authentication: Any) -> bool:
    """Whether clients of a cluster need not say who they are: so it is where no way to say it is on.

    Args:
        authentication: Its `ClientAuthentication`.
    """
    if is_true(value_at(authentication, ("Unauthenticated", "Enabled"))):
        return True
    return authentication is None or (_is_known(authentication) and not ways(authentication))


def _is_known(value: Any) -> bool:
    """Whether nothing in a value waits for the deployment."""
    if isinstance(value, Mapping):
        return not any(key == "Ref" or key.startswith("Fn::") for key in value) and all(map(_is_known, value.values()))
    return True


@means(CLUSTER, "ClientAuthentication")
def authentication(changed: Changed) -> Iterator[Meaning]:
    """How clients say who they are."""
    old_open, new_open = lets_anyone_in(changed.old), lets_anyone_in(changed.new)
    old, new = ways(changed.old), ways(changed.new)
    told = list(_ways_changed(old, new, was_open=old_open))
    if new_open and not old_open:
        yield Meaning(
            "REV400",
            "whoever reaches the brokers reads and writes all topics: clients need not say who they are any more",
            "leave `Unauthenticated` off, and give the client a way to sign in",
        )
    elif old_open and not new_open and _is_known(changed.new):
        yield Meaning("REV405", "clients that do not say who they are are refused", about="public-access")
    elif not told and not _authorities_changed(changed):
        yield Meaning("REV403", f"how clients sign in: {shown(changed.old)} → {shown(changed.new)}")
    yield from told
    yield from _authorities_changed(changed)


def _ways_changed(old: set[str], new: set[str], *, was_open: bool) -> Iterator[Meaning]:
    for way in sorted(new - old):
        if way == "IAM" or was_open:
            yield Meaning("REV405", f"clients may sign in by {way}", about="iam-widened")
        else:
            yield Meaning(
                "REV403", f"clients may sign in by {way} too: what they may then do, ACLs of Kafka say, not IAM"
            )
    for way in sorted(old - new):
        yield Meaning("REV404", f"clients that sign in by {way} are refused", "move them over first")


def _authorities_changed(changed: Changed) -> list[Meaning]:
    old, new = (
        {shown(arn) for arn in listed(value_at(value, ("Tls", "CertificateAuthorityArnList")))}
        for value in (changed.old, changed.new)
    )
    if not old or not new or old == new:
        return []
    added = [Meaning("REV403", f"certificates of {', '.join(sorted(new - old))} are let in")] if new - old else []
    gone = [Meaning("REV404", f"certificates of {', '.join(sorted(old - new))} are refused")] if old - new else []
    return added + gone


@means(CLUSTER, "EncryptionInfo.EncryptionInTransit.ClientBroker")
def in_transit(changed: Changed) -> Iterator[Meaning]:
    """Whether records between clients and brokers are encrypted."""
    old, new = changed.old or "TLS", changed.new or "TLS"
    told = f"between clients and brokers: {shown(old)} → {shown(new)}"
    before, after = (_ENCRYPTED.get(value) if isinstance(value, str) else None for value in (old, new))
    if after is None or before is None:
        yield Meaning("REV402", f"{told}, which is known at deployment only", grade="caution")
    elif after < before:
        allowed = "travel" if new == "PLAINTEXT" else "may travel"
        yield Meaning(
            "REV402",
            f"{told}: records {allowed} in plain text, and clients on that port need not say who they are",
            "leave it TLS: all clients of Kafka speak it",
        )
    else:
        yield Meaning("REV405", f"{told}; clients that speak plain text are refused")


@means(CLUSTER, f"{_CONNECTIVITY}.PublicAccess")
def public_access(changed: Changed) -> Iterator[Meaning]:
    """Whether brokers have addresses in the internet."""
    kind = value_at(changed.new, ("Type",))
    if kind in (None, "DISABLED"):
        yield Meaning("REV405", "brokers have no addresses in the internet any more", about="public-access")
    else:
        yield Meaning(
            "REV401",
            f"brokers have addresses in the internet ({shown(kind)})",
            "leave it DISABLED, and let clients come by private connections",
        )


@means(CLUSTER, f"{_CONNECTIVITY}.VpcConnectivity")
def vpc_connectivity(changed: Changed) -> Iterator[Meaning]:
    """Whether clients of other VPCs and accounts may come by private connections."""
    old, new = (ways(value_at(value, ("ClientAuthentication",))) for value in (changed.old, changed.new))
    for way in sorted(new - old):
        yield Meaning("REV406", f"clients of other VPCs may come by private connections, and sign in by {way}")
    for way in sorted(old - new):
        yield Meaning("REV404", f"private connections of clients that sign in by {way} end, those of Firehose too")
    if new == old:
        yield Meaning("REV406", "private connections from other VPCs are known at deployment only")


@means(CLUSTER, f"{_CONNECTIVITY}.NetworkType", f"{_CONNECTIVITY}", "ZookeeperAccess")
def network(changed: Changed) -> Iterator[Meaning]:
    """From where brokers, and what keeps their metadata, are reached."""
    if changed.path[0] == "ZookeeperAccess" and not is_true(value_at(changed.new, ("Enabled",))):
        yield Meaning("REV405", "clients do not reach ZooKeeper any more", about="network")
    else:
        yield Meaning("REV406", f"`{changed.name}`: {shown(changed.old)} → {shown(changed.new)}")


@means("AWS::MSK::BatchScramSecret", "SecretArnList")
def scram_secrets(changed: Changed) -> Iterator[Meaning]:
    """The users that sign in by SASL/SCRAM."""
    old, new = ({shown(arn) for arn in listed(value)} for value in (changed.old, changed.new))
    for secret in sorted(new - old):
        yield Meaning("REV403", f"the user of the secret {secret} may sign in; ACLs of Kafka say what it may do")
    for secret in sorted(old - new):
        yield Meaning("REV404", f"the user of the secret {secret} is refused", "move its clients over first")


class Grant(NamedTuple):
    """What a statement of a policy allows to one principal.

    Attributes:
        principal: Who: `*`, or a kind and a name, such as `AWS 111122223333`.
        action: The action.
    """

    principal: str
    action: str


def grants(policy: Any) -> dict[Grant, str]:
    """What a policy allows, each with its conditions as one text; an exception (`NotAction`) is taken for everything.

    Args:
        policy: The policy.
    """
    found: dict[Grant, str] = {}
    for statement in listed(value_at(_parsed(policy), ("Statement",))):
        if isinstance(statement, Mapping) and statement.get("Effect") == "Allow":
            condition = json.dumps(statement.get("Condition") or {}, sort_keys=True, default=str)
            for principal in _principals(statement.get("Principal", "*")):
                for action in listed(statement.get("Action", "*")):
                    grant = Grant(principal, shown(action))
                    # The same twice, and once without conditions, is without.
                    found[grant] = min(condition, found.get(grant, condition), key=len)
    return found


def _parsed(policy: Any) -> Any:
    if isinstance(policy, str):
        try:
            return json.loads(policy)
        except ValueError:
            return None
    return policy


def _principals(value: Any) -> list[str]:
    if not isinstance(value, Mapping):
        return [shown(value)]
    found = ["*" if name == "*" else f"{kind} {shown(name)}" for kind, names in value.items() for name in listed(names)]
    return found or ["*"]

"""What of a domain is there to stay: its documents, for how long, under which key, and where it stands."""

from __future__ import annotations

from typing import Any

from streaming_constructs.planning.stores.opensearch import DomainPlan
from streaming_constructs.spec.encryption import CustomerManagedKey
from streaming_constructs.spec.kept import Kept, State, is_lowered


def domain_state(domain: DomainPlan) -> State:
    """What a domain holds.

    Args:
        domain: The domain with its numbers.
    """
    spec = domain.spec
    own = spec.encryption.kms_key_arn if isinstance(spec.encryption, CustomerManagedKey) else None
    return State(
        stays="the domain stays in the account with its documents, outside of the stack; a node of its name makes another one",
        goes="the domain is deleted with its documents",
        removal_policy=spec.removal_policy,
        kept=(
            Kept(
                "that it stands in a VPC",
                spec.vpc is not None,
                ("vpc",),
                "EVO971",
                note="AWS moves a domain neither into a VPC nor out of one",
            ),
            Kept(
                "its key",
                own or spec.encryption.kind,
                ("encryption",),
                "EVO973",
                note="CloudFormation makes another domain, which is empty, and takes this one out of the stack",
            ),
            Kept(
                "the version",
                spec.version,
                ("version",),
                "EVO971",
                note="AWS upgrades a domain, and never goes back",
                help=f"put it back: `version: '{spec.version}'`",
                is_broken=_is_older,
            ),
            Kept(
                "the retention in days",
                spec.retention_days,
                ("retention_days",),
                "EVO975",
                note="indices that are older are deleted at the next look at them",
                help=f"put it back: `retention_days: {spec.retention_days}`; or take a snapshot before",
                is_broken=is_lowered,
            ),
        ),
    )


def _is_older(before: Any, after: Any) -> bool:
    """Whether a version such as 2.9 comes before one such as 2.11."""
    if after is None:
        return False
    was, now = ([int(part) for part in str(version).split(".")] for version in (before, after))
    return now < was

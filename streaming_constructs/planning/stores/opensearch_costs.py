"""What an OpenSearch domain of a system costs in a month."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streaming_constructs.planning.costs import kms, opensearch
from streaming_constructs.planning.costs.charge import Charge

if TYPE_CHECKING:
    from streaming_constructs.planning.stores.opensearch import DomainPlan


def domain_costs(domain: DomainPlan) -> Iterator[Charge]:
    """The charges of a domain.

    Args:
        domain: The domain with its numbers.
    """
    yield from opensearch.domain(
        domain.instance_type,
        domain.instances,
        domain.volume_gb,
        master_type=domain.master_type,
        masters=domain.masters,
    )
    yield from kms.created_key(domain.spec.encryption)

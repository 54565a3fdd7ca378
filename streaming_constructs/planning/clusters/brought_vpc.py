"""Whether a VPC that was brought as an object has the zones that a cluster was sized for: only it knows how many it has."""

from __future__ import annotations

from collections.abc import Iterator

from streaming_constructs.facts import msk
from streaming_constructs.spec.clusters.cluster import KafkaClusterSpec
from streaming_constructs.spec.finding import Finding

SAY_WHICH = (
    "bring one with private subnets in three zones, or choose them with `vpc_subnets`; a stack without an account and a region "
    "knows of two zones alone"
)


def vpc_findings(spec: KafkaClusterSpec, zones: int, brokers: int | None) -> Iterator[Finding]:
    """What MSK refuses of a cluster in a VPC of so many zones; paths are relative to the cluster.

    Args:
        spec: The cluster.
        zones: In how many zones the VPC has subnets for it.
        brokers: How many brokers it has; None for one without.
    """
    least = int(msk.EXPRESS_ZONES.value) if spec.express else msk.ZONES.minimum
    if zones < least:
        yield Finding(
            "MSK452",
            f"the VPC has subnets in {zones} zone{'' if zones == 1 else 's'} for it",
            note=f"MSK takes one subnet of each zone, and {least} or more of them",
            help=SAY_WHICH,
        )
    elif brokers is not None and brokers % zones:
        yield Finding(
            "MSK453",
            "brokers do not divide evenly among the zones of the VPC",
            note=f"{brokers} brokers, {zones} zones",
            help=f"{SAY_WHICH}; or set `brokers: {-(-brokers // (2 * 3)) * 2 * 3}`, which two and three zones divide",
        )

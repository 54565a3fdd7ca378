"""What of a cluster of brokers is there to stay: where it stands, its key, its version, its volumes, its tiers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from streaming_constructs.facts import msk
from streaming_constructs.planning.clusters.broker_cluster import BrokerClusterPlan
from streaming_constructs.planning.clusters.cluster_kept import ANOTHER, cluster_identity, cluster_place
from streaming_constructs.spec.clusters.msk import MskClusterSpec
from streaming_constructs.spec.encryption import CustomerManagedKey
from streaming_constructs.spec.kept import Kept, Part, State, is_another, is_lowered, is_switched_off


def cluster_state(cluster: BrokerClusterPlan) -> State:
    """What a cluster holds.

    Args:
        cluster: The cluster with its numbers.
    """
    spec = cluster.spec
    identity = cluster_identity(spec)
    if spec.arn is not None:
        return State("nothing of the cluster changes", "nothing of the cluster changes", (identity,))
    own = spec.encryption.kms_key_arn if isinstance(spec.encryption, CustomerManagedKey) else None
    return State(
        stays="the cluster stays in the account with its topics, outside of the stack; a node of its name makes another one",
        goes="the cluster is deleted with its topics and their records",
        kept=(
            identity,
            cluster_place(spec),
            Kept("its key", own or spec.encryption.kind, ("encryption",), "EVO973", note=ANOTHER),
            Kept("the kind of its brokers", getattr(spec, "kind", ""), ("kind",), "EVO973", note=ANOTHER),
            Kept(
                "the version",
                spec.kafka_version,
                ("kafka_version",),
                "EVO971",
                note="MSK upgrades a cluster, and never goes back; from ZooKeeper to KRaft a cluster goes from "
                f"{' to '.join(msk.KRAFT_MIGRATION)} alone",
                help=f'put it back: `kafka_version: "{spec.kafka_version}"`',
                is_broken=_is_refused,
            ),
            Kept(
                "the number of its brokers",
                cluster.brokers,
                ("brokers",) if getattr(spec, "brokers", None) is not None else (),
                "EVO980",
                note="MSK takes away those alone that have no partitions, one from each zone; clients that know their "
                "addresses lose them",
                help="move their partitions to the others first, with `kafka-reassign-partitions.sh`; then see whether the "
                "addresses that functions and connectors have are still those of brokers",
                is_broken=is_lowered,
            ),
            *_volumes(cluster, spec),
        ),
        removal_policy=spec.removal_policy,
        parts=_parts(cluster),
    )


def _parts(cluster: BrokerClusterPlan) -> tuple[Part, ...]:
    """What MSK changes by an operation each; the next has to wait until the cluster is ACTIVE again: room first.

    A new version of Kafka may bring its configuration along. Private connectivity is not among them: it is changed after the
    cluster, by what waits until it is ACTIVE.
    Sources: https://github.com/aws/aws-cdk/issues/16765 and https://docs.aws.amazon.com/msk/1.0/apireference/operations.html
    """
    said = cluster.spec.model_dump(mode="json", by_alias=True, exclude_unset=True, exclude_none=True)

    def part(what: str, *fields: str, planned: Mapping[str, Any] | None = None, comes_with: str = "") -> Part:
        written = {field: said.get(field) for field in fields}
        values = tuple(getattr(cluster.spec, field, None) for field in fields)
        return Part(what, planned or values, written | dict(planned or {}), comes_with)

    size, version = ("volume_gb", "volume_throughput_mb_per_second"), "the version of Kafka"
    return (
        part("the volumes", *size, planned={"volume_gb": cluster.volume_gb, size[1]: said.get(size[1])}),
        part("the number of brokers", planned={"brokers": cluster.brokers}),
        part("the type of brokers", planned={"instance_type": cluster.instance_type}),
        part("the storage mode", "storage_mode"),
        part(version, "kafka_version"),
        part("server properties", "server_properties", comes_with=version),
        part("how clients authenticate", "auth", "certificate_authority_arns"),
        part("what is monitored", "enhanced_monitoring", "open_monitoring"),
        part("rebalancing", "rebalancing"),
    )


def _volumes(cluster: BrokerClusterPlan, spec: Any) -> tuple[Kept, ...]:
    if not isinstance(spec, MskClusterSpec):
        return ()
    return (
        Kept(
            "the size of its volumes in GiB",
            cluster.volume_gb,
            ("volume_gb",) if spec.volume_gb is not None else (),
            "EVO971",
            note="volumes of brokers only grow",
            help=f"put it back: `volume_gb: {cluster.volume_gb}`",
            is_broken=is_lowered,
        ),
        *(_grown(cluster, spec) if spec.max_volume_gb is not None else ()),
        Kept(
            "that it has tiered storage",
            spec.is_tiered,
            ("storage_mode",),
            "EVO971",
            note="tiered storage of a cluster cannot be switched off",
            help="put it back: `storage_mode: tiered`",
            is_broken=is_switched_off,
        ),
    )


def _grown(cluster: BrokerClusterPlan, spec: MskClusterSpec) -> tuple[Kept, ...]:
    """Volumes that grow by themselves: what the template says of them is what they began with.

    Sources: https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1129 and
    https://github.com/hashicorp/terraform-provider-aws/issues/20327
    """
    least = int(msk.GROWS_BY_AT_LEAST_GIB.value)
    return (
        Kept(
            "what its volumes begin with",
            f"{cluster.volume_gb} GiB, {spec.volume_throughput_mb_per_second or msk.VOLUME_MIB_PER_SECOND.value:g} MiB/s",
            ("volume_gb",) if spec.volume_gb is not None else (),
            "EVO979",
            note=f"they may have grown by themselves, and MSK refuses a size that is not {least} GiB more than what they are",
            help="look at what they are, with `aws kafka describe-cluster-v2 --cluster-arn …`, and give "
            f"`volume_gb` {least} GiB more than that",
            is_broken=is_another,
        ),
    )


def _is_refused(before: Any, after: Any) -> bool:
    """Whether MSK does not go from one version to another.

    Source: https://docs.aws.amazon.com/msk/latest/developerguide/zk-to-kraft-migration.html
    """
    versions = list(msk.VERSIONS)
    if after not in versions or before not in versions:
        return False
    migrates = msk.VERSIONS[after].is_kraft and not msk.VERSIONS[before].is_kraft
    if migrates:
        return (before, after) != msk.KRAFT_MIGRATION
    return versions.index(after) < versions.index(before)

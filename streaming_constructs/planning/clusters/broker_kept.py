"""What of a cluster of brokers is there to stay: where it stands, its key, its version, its volumes, its tiers."""

from __future__ import annotations

from typing import Any

from streaming_constructs.facts import msk
from streaming_constructs.planning.clusters.broker_cluster import BrokerClusterPlan
from streaming_constructs.spec.clusters.msk import MskClusterSpec
from streaming_constructs.spec.encryption import CustomerManagedKey
from streaming_constructs.spec.kept import Kept, State, is_lowered, is_switched_off

_ANOTHER = "CloudFormation makes another cluster, which is empty, and takes this one out of the stack"


def cluster_state(cluster: BrokerClusterPlan) -> State:
    """What a cluster holds.

    Args:
        cluster: The cluster with its numbers.
    """
    spec = cluster.spec
    identity = Kept(
        "the cluster",
        spec.arn or "one that is created",
        ("arn",) if spec.arn else (),
        "EVO973",
        note="its topics and their records are in the other one",
    )
    if spec.arn is not None:
        return State("nothing of the cluster changes", "nothing of the cluster changes", (identity,))
    own = spec.encryption.kms_key_arn if isinstance(spec.encryption, CustomerManagedKey) else None
    return State(
        stays="the cluster stays in the account with its topics, outside of the stack; a node of its name makes another one",
        goes="the cluster is deleted with its topics and their records",
        kept=(
            identity,
            Kept(
                "where it stands",
                spec.vpc.model_dump(mode="json") if spec.vpc else "a VPC of its own",
                ("vpc",),
                "EVO973",
                note=_ANOTHER,
            ),
            Kept("its key", own or spec.encryption.kind, ("encryption",), "EVO973", note=_ANOTHER),
            Kept("the kind of its brokers", getattr(spec, "kind", ""), ("kind",), "EVO973", note=_ANOTHER),
            Kept(
                "the version",
                spec.kafka_version,
                ("kafka_version",),
                "EVO971",
                note="MSK upgrades a cluster, and never goes back",
                help=f'put it back: `kafka_version: "{spec.kafka_version}"`',
                is_broken=_is_older,
            ),
            *_volumes(cluster, spec),
        ),
        removal_policy=spec.removal_policy,
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


def _is_older(before: Any, after: Any) -> bool:
    versions = list(msk.VERSIONS)
    return after in versions and before in versions and versions.index(after) < versions.index(before)

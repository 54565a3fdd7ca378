"""What of any cluster is there to stay: which one it is, and where it stands."""

from __future__ import annotations

from streaming_constructs.spec.clusters.cluster import KafkaClusterSpec
from streaming_constructs.spec.kept import Kept

ANOTHER = "CloudFormation makes another cluster, which is empty, and takes this one out of the stack"


def cluster_identity(spec: KafkaClusterSpec) -> Kept:
    """Which cluster it is.

    Args:
        spec: The cluster.
    """
    return Kept(
        "the cluster",
        spec.arn or "one that is created",
        ("arn",) if spec.arn else (),
        "EVO973",
        note="its topics and their records are in the other one",
    )


def cluster_place(spec: KafkaClusterSpec) -> Kept:
    """Where it stands.

    Args:
        spec: The cluster.
    """
    vpc = spec.vpc.model_dump(mode="json") if spec.vpc else "a VPC of its own"
    return Kept("where it stands", vpc, ("vpc",), "EVO973", note=ANOTHER)

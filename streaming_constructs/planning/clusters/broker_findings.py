"""What of a cluster of brokers is likely to be too small, too old, or not to let anyone in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction

from streaming_constructs.facts import msk, permissions
from streaming_constructs.planning.clusters.broker_cluster import BrokerClusterPlan
from streaming_constructs.planning.clusters.cluster_tasks import TASK_SECONDS, connectivity_waits
from streaming_constructs.planning.clusters.vpc_endpoints import endpoint_notes
from streaming_constructs.planning.numbers import duration, exact, number
from streaming_constructs.planning.streams.kafka_findings import UNCLEAN, unclean_finding
from streaming_constructs.planning.workload import mib_per_second
from streaming_constructs.spec.clusters.msk import MskClusterSpec
from streaming_constructs.spec.finding import Edit, Finding
from streaming_constructs.spec.kafka_configs import is_on


def cluster_findings(cluster: BrokerClusterPlan) -> Iterator[Finding]:
    """What is likely to go wrong with a cluster; paths are relative to it.

    Args:
        cluster: The cluster with its numbers.
    """
    spec = cluster.spec
    if cluster.shortfalls and spec.arn is None:
        given = [field for field in ("brokers", "instance_type", "volume_gb") if getattr(spec, field, None) is not None]
        yield Finding(
            "MSK471",
            "the cluster is too small for its topics",
            tuple(given[:1]),
            note="; ".join(cluster.shortfalls),
            help="take the given sizes out to have them planned, or keep records for less time"
            if given
            else "divide the topics among several clusters",
            edits=tuple(Edit((field,)) for field in given),
        )
    if spec.arn is None:
        yield from _version_findings(cluster)
        yield from _access_findings(cluster)
        if is_on(spec.server_properties, UNCLEAN):
            yield unclean_finding("server_properties")
        if cluster.has_private_connections:
            yield _connectivity_note(cluster)
        yield from endpoint_notes(cluster.name, spec, cluster.needs)
        if isinstance(spec, MskClusterSpec):
            yield from _growth_findings(cluster, spec)
    elif cluster.deliveries and not spec.multi_vpc:
        yield firehose_note(cluster.deliveries, "add `multi_vpc: true` to say so")
    if cluster.instance_type == msk.BURSTABLE_BROKER and cluster.removal_policy == "retain":
        yield Finding(
            "MSK474",
            "a burstable broker slows down when its credits are used up",
            ("instance_type",),
            note=f"{msk.BURSTABLE_BROKER} is for trials: {msk.NEW_CONNECTIONS_PER_SECOND_T3.value:g} new connections a second",
            help=f'set `instance_type: kafka.m7g.large`, and `kafka_version: "{msk.RECOMMENDED_VERSION}"`, which it has',
            edits=(
                Edit(("instance_type",), "kafka.m7g.large"),
                Edit(("kafka_version",), msk.RECOMMENDED_VERSION),
            ),
        )


def _version_findings(cluster: BrokerClusterPlan) -> Iterator[Finding]:
    spec, version = cluster.spec, cluster.spec.version
    if version.ends:
        ended = cluster.today is not None and date.fromisoformat(version.ends) <= cluster.today
        yield Finding(
            "MSK472",
            f"support of Kafka {spec.kafka_version} {'has ended' if ended else 'ends soon'}",
            ("kafka_version",),
            note=f"on {version.ends}; MSK then raises the version by itself",
            help=f'write `kafka_version: "{msk.RECOMMENDED_VERSION}"`',
            edits=(Edit(("kafka_version",), msk.RECOMMENDED_VERSION),),
        )
    elif not version.is_kraft and cluster.instance_type != msk.BURSTABLE_BROKER:  # which has no KRaft
        yield Finding(
            "MSK473",
            "the metadata of this version is kept by ZooKeeper",
            ("kafka_version",),
            note="3.9 is the last that has it; a cluster of more than 30 brokers needs KRaft",
            help=f'write `kafka_version: "{msk.RECOMMENDED_VERSION}"` for a new cluster',
            edits=(Edit(("kafka_version",), msk.RECOMMENDED_VERSION),),
        )


def _access_findings(cluster: BrokerClusterPlan) -> Iterator[Finding]:
    spec = cluster.spec
    if "sasl_scram" in spec.auth and not spec.scram_secret_arns:
        yield Finding(
            "MSK475",
            "nobody gets in with SASL/SCRAM",
            ("auth",),
            note="users are in secrets that are associated with the cluster, and there are none",
            help="add `scram_secret_arns: [arn:aws:secretsmanager:eu-west-1:111122223333:secret:AmazonMSK_users-AbCdEf]`",
        )


def _connectivity_note(cluster: BrokerClusterPlan) -> Finding:
    waits = connectivity_waits(cluster.brokers)
    return Finding(
        "MSK468",
        "private connections are switched on after the cluster is there",
        ("multi_vpc",) if "multi_vpc" in cluster.spec.model_fields_set else (),
        note="MSK refuses to create a cluster with them, and restarts its brokers for them one after the other, which takes "
        f"half an hour or more; the first deployment waits up to {duration(waits * TASK_SECONDS)} for {cluster.brokers} "
        "brokers, and then makes what needs them",
        help="deploy with credentials that last that long; or leave out what needs them, and add it once the cluster is there",
    )


def firehose_note(deliveries: Sequence[str], then: str) -> Finding:
    """Says what an existing cluster has to have before Firehose reads its topics; nothing here changes it.

    Args:
        deliveries: The deliveries that read its topics.
        then: What to do once it has that.
    """
    allowed = ", ".join(f'"{action}"' for action in permissions.FIREHOSE_CONNECTS_TO_KAFKA)
    return Finding(
        "MSK477",
        "the existing cluster has to let Firehose in",
        ("arn",),
        note=f"for {', '.join(deliveries)}: IAM and multi-VPC connectivity for it, and in its policy "
        f'{{"Effect": "Allow", "Principal": {{"Service": "firehose.amazonaws.com"}}, "Action": [{allowed}], '
        '"Resource": ITS_ARN}',
        help=f"see to that before the deployment, which else fails; {then}",
    )


def _growth_findings(cluster: BrokerClusterPlan, spec: MskClusterSpec) -> Iterator[Finding]:
    """A volume that fills faster than it grows: by a tenth of it, each 6 hours at most.

    Topics that keep for a time that is known do not fill it, where it holds what they keep.
    """
    load = cluster.load
    if spec.max_volume_gb is None or not load.is_known or cluster.volume_gb is None:
        return
    holds = load.stored_gib <= cluster.brokers * cluster.volume_gb
    filling = [
        topic for topic in cluster.topics if topic.spec.workload and not (holds and topic.name not in load.endless)
    ]
    seconds = int(msk.AUTOSCALING_HOURS.value) * 3600
    average = sum(
        (mib_per_second(topic.spec.workload) * topic.replicas for topic in filling if topic.spec.workload), Fraction(0)
    )
    comes = average * seconds / 1024 / cluster.brokers
    step = max(Fraction(10), cluster.volume_gb * exact(msk.AUTOSCALING_STEP_PERCENT.value) / 100)
    if comes > step:
        yield Finding(
            "MSK476",
            "a volume may fill faster than it grows",
            ("volume_gb",) if spec.volume_gb is not None else ("max_volume_gb",),
            note=f"{number(comes)} GiB come to each broker in {msk.AUTOSCALING_HOURS.value:g} h, and it grows by "
            f"{number(step)} GiB in that time",
            help=f"begin with `volume_gb: {min(int(comes * 10) + 1, spec.max_volume_gb)}`",
            edits=(Edit(("volume_gb",), min(int(comes * 10) + 1, spec.max_volume_gb)),),
        )

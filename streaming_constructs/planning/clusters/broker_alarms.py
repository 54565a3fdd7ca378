"""The CloudWatch alarms of a cluster of brokers: by kind of broker, by how its metadata is kept, by level of monitoring.

Source: https://docs.aws.amazon.com/msk/latest/developerguide/cloudwatch-metrics.html and
https://docs.aws.amazon.com/msk/latest/developerguide/bestpractices.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from streaming_constructs.facts import metrics, msk
from streaming_constructs.planning.alarm import AlarmPlan
from streaming_constructs.planning.clusters.broker_cluster import BrokerClusterPlan
from streaming_constructs.planning.numbers import number

CPU, CPU_SUM = {"system": metrics.BROKER_CPU_SYSTEM}, "m + system"
"""What is added to the share of a processor that users have, and how."""
CPU_MINUTES = 15
HEAP_PERCENT = 60
DISK_PERCENT = 85
"""AWS advises to act at 85 %."""
UNDER_REPLICATED_MINUTES = 15
"""A broker that is patched is away for some minutes, and its replicas with it."""
SHAPED_MINUTES = 15
"""A burst has a moment of it; what lasts is more than the instance has."""
IDLE_SHARE = 0.3
CONNECTION_SHARE = 0.8
CREDITS = 100
TIER_LAG_MINUTES = 60


def cluster_alarms(cluster: BrokerClusterPlan) -> Iterator[AlarmPlan]:
    """The alarms of a cluster; those of brokers once for each.

    Args:
        cluster: The cluster with its numbers.
    """
    spec, name = cluster.spec, cluster.name
    if not spec.express:
        yield AlarmPlan(
            name,
            "offline_partitions",
            metrics.OFFLINE_PARTITIONS,
            threshold=0,
            minutes=3,
            title=f"Partitions of the cluster {name} have no leader: they can be neither written nor read",
            action="see which brokers are away; those partitions come back with them",
            working="any partition, 3 min in a row",
        )
    if spec.arn is None and not spec.version.is_kraft:
        yield AlarmPlan(
            name,
            "active_controller",
            metrics.ACTIVE_CONTROLLERS,
            threshold=1,
            minutes=5,
            below=True,
            title=f"The cluster {name} has no controller: topics and leaders cannot change",
            action="ask AWS Support; ZooKeeper and the controller are theirs",
            working="fewer than 1, 5 min in a row",
        )
    for broker in range(1, cluster.brokers + 1):
        for alarm in _broker_alarms(cluster, str(broker)):
            yield replace(alarm, instance=f"broker-{broker}", dimensions={metrics.BROKER: str(broker)})


def _broker_alarms(cluster: BrokerClusterPlan, broker: str) -> Iterator[AlarmPlan]:
    yield from _load_alarms(cluster, broker)
    if not cluster.spec.express:
        yield from _replica_alarms(cluster, broker)
        yield from _standard_alarms(cluster, broker)
    if cluster.spec.enhanced_monitoring != "default":
        yield from _paid_alarms(cluster, broker)


def _load_alarms(cluster: BrokerClusterPlan, broker: str) -> Iterator[AlarmPlan]:
    name, percent = cluster.name, msk.CPU_PERCENT.value
    sizes = msk.EXPRESS_BROKERS if cluster.spec.express else msk.STANDARD_BROKERS
    recommended = sizes[cluster.instance_type].partitions
    yield AlarmPlan(
        name,
        "cpu",
        metrics.BROKER_CPU_USER,
        threshold=percent,
        minutes=CPU_MINUTES,
        period_seconds=300,
        most=100,
        metrics=CPU,
        expression=CPU_SUM,
        title=f"Broker {broker} of the cluster {name} works too hard to take over what another one leaves behind",
        action="add brokers and move partitions to them, or choose a larger instance_type",
        working=f"user and system above {percent:g} %, {CPU_MINUTES} min in a row, as AWS recommends",
    )
    yield AlarmPlan(
        name,
        "partitions",
        metrics.BROKER_PARTITIONS,
        threshold=recommended,
        minutes=15,
        title=f"Broker {broker} of the cluster {name} has more partitions than AWS recommends",
        action="add brokers and move partitions to them; far above it, MSK no longer updates the cluster",
        working=f"{recommended:,} partitions with replicas, for {cluster.instance_type}",
    )
    quota = msk.CLIENT_CONNECTIONS.value
    yield AlarmPlan(
        name,
        "connections",
        metrics.BROKER_CONNECTIONS,
        threshold=CONNECTION_SHARE * quota,
        minutes=5,
        title=f"Broker {broker} of the cluster {name} will soon take no more connections",
        action="find clients that connect anew for each record, or add brokers",
        working=f"{CONNECTION_SHARE:.0%} of the quota of {quota:,.0f}",
    )


def _replica_alarms(cluster: BrokerClusterPlan, broker: str) -> Iterator[AlarmPlan]:
    """Alarms on replicas, of which Express brokers publish nothing: there they are AWS's matter."""
    name = cluster.name
    yield AlarmPlan(
        name,
        "under_min_isr",
        metrics.BROKER_UNDER_MIN_ISR,
        threshold=0,
        minutes=3,
        title=f"Partitions that broker {broker} of {name} leads have too few replicas in sync: writes are refused",
        action="see which brokers are away or overloaded; producers repeat what was refused meanwhile",
        working="any partition, 3 min in a row",
    )
    yield AlarmPlan(
        name,
        "under_replicated",
        metrics.BROKER_UNDER_REPLICATED,
        threshold=0,
        minutes=UNDER_REPLICATED_MINUTES,
        title=f"Replicas of partitions that broker {broker} of {name} leads are behind",
        action="see whether a broker is being patched; else look for one with a busy disk or network",
        working=f"any partition, {UNDER_REPLICATED_MINUTES} min in a row",
    )


def _standard_alarms(cluster: BrokerClusterPlan, broker: str) -> Iterator[AlarmPlan]:
    name = cluster.name
    yield AlarmPlan(
        name,
        "heap",
        metrics.BROKER_HEAP,
        threshold=HEAP_PERCENT,
        minutes=15,
        most=100,
        title=f"The heap of broker {broker} of the cluster {name} is full after it was collected",
        action="lower transactional.id.expiration.ms where producers have transactions; else a larger instance_type",
        working=f"{HEAP_PERCENT} %, 15 min in a row, as AWS recommends",
    )
    yield AlarmPlan(
        name,
        "disk",
        metrics.BROKER_DISK,
        threshold=DISK_PERCENT,
        minutes=5,
        inclusive=True,
        most=100,
        title=f"The volume of broker {broker} of the cluster {name} is nearly full; a broker whose volume is full stops",
        action="raise volume_gb or max_volume_gb, or lower the retention of the largest topic",
        working=f"{DISK_PERCENT} %, at which AWS advises to act",
    )
    if cluster.instance_type == msk.BURSTABLE_BROKER:
        yield AlarmPlan(
            name,
            "cpu_credits",
            metrics.BROKER_CPU_CREDITS,
            threshold=CREDITS,
            minutes=15,
            below=True,
            title=f"Broker {broker} of the cluster {name} has used up the credits of its processor",
            action="set `instance_type: kafka.m7g.large`",
            working=f"fewer than {CREDITS} credits",
        )


def _paid_alarms(cluster: BrokerClusterPlan, broker: str) -> Iterator[AlarmPlan]:
    """Alarms on metrics that are published from the level `per_broker` on."""
    name = cluster.name
    for kind, metric, what in (
        ("request_handlers_idle", metrics.BROKER_REQUEST_IDLE, "request handlers"),
        ("network_processors_idle", metrics.BROKER_NETWORK_IDLE, "network processors"),
    ):
        yield AlarmPlan(
            name,
            kind,
            metric,
            threshold=IDLE_SHARE,
            minutes=15,
            below=True,
            most=1,
            title=f"The {what} of broker {broker} of the cluster {name} have hardly a moment",
            action="find clients that ask in small batches; else add brokers",
            working=f"idle for less than {number(IDLE_SHARE)} of the time, 15 min in a row",
        )
    yield from _throttling_alarms(cluster, broker)
    if getattr(cluster.spec, "is_tiered", False) and cluster.load.is_known:
        seconds = TIER_LAG_MINUTES * 60
        most = cluster.load.written * seconds / cluster.brokers * 1024 * 1024
        yield AlarmPlan(
            name,
            "tier_lag",
            metrics.BROKER_TIER_LAG,
            threshold=float(round(most)),
            minutes=15,
            title=f"Broker {broker} of the cluster {name} is behind with what goes to tiered storage, and its volume fills",
            action="see the broker's errors of remote copies in its log; raise local_retention only where the volume has room",
            working=f"what is written to it in {TIER_LAG_MINUTES} min at the peak",
        )


def _throttling_alarms(cluster: BrokerClusterPlan, broker: str) -> Iterator[AlarmPlan]:
    """Alarms on what is held back: connections, and bytes above the quota of a broker or the network of its instance."""
    name = cluster.name
    if "iam" in cluster.spec.auth:
        is_small = cluster.instance_type == msk.BURSTABLE_BROKER
        quota = msk.NEW_CONNECTIONS_PER_SECOND_T3 if is_small else msk.NEW_CONNECTIONS_PER_SECOND
        yield AlarmPlan(
            name,
            "connection_throttling",
            metrics.BROKER_IAM_REFUSED,
            threshold=0,
            minutes=5,
            title=f"Broker {broker} of the cluster {name} refuses new connections with IAM",
            action="find clients that connect anew for each record; let others wait longer before they connect again, by "
            "reconnect.backoff.ms",
            working=f"more than the quota of {quota.value:g} a second, 5 min in a row",
        )
    if cluster.spec.express:
        for kind, metric, what in (
            ("produce_throttling", metrics.BROKER_PRODUCE_THROTTLE, "Writes to"),
            ("fetch_throttling", metrics.BROKER_FETCH_THROTTLE, "Reads from"),
        ):
            yield AlarmPlan(
                name,
                kind,
                metric,
                threshold=0,
                minutes=5,
                title=f"{what} broker {broker} of the cluster {name} are being throttled",
                action="add brokers, or choose a larger instance_type: Express brokers have a quota each",
                working="any, 5 min in a row",
            )
    else:
        yield AlarmPlan(
            name,
            "network_throttling",
            metrics.BROKER_TRAFFIC_SHAPING,
            threshold=0,
            minutes=SHAPED_MINUTES,
            title=f"More goes through broker {broker} of the cluster {name} than the network of its instance takes",
            action="find who reads much at once, such as a reader that catches up; else add brokers, or a larger instance_type",
            working=f"packets dropped or delayed, {SHAPED_MINUTES} min in a row",
        )

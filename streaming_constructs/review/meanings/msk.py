"""What changes of clusters of Amazon MSK mean: their brokers, storage, versions, configurations, metrics and logs.

Who is let in, and whether records travel in plain text, is in `msk_access`; topics and the properties of brokers are in
`msk_topic`, replicators and channels in `msk_replicator`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from streaming_constructs.facts import msk
from streaming_constructs.facts.msk_levels import LEVELS
from streaming_constructs.review.alarms.alarm_metrics import METRIC_ALARM, watched_metrics
from streaming_constructs.review.alarms.monitoring_levels import needed_level
from streaming_constructs.review.comparing.defaults import is_by_default
from streaming_constructs.review.comparing.differences import same
from streaming_constructs.review.comparing.pair import Pair
from streaming_constructs.review.comparing.template import Resource, Template, value_at
from streaming_constructs.review.comparing.values import is_true, number, shown
from streaming_constructs.review.grade import Grade
from streaming_constructs.review.meaning import Changed, Meaning, means, of_the_whole
from streaming_constructs.review.meanings.kafka_settings import compared, of_brokers
from streaming_constructs.review.settings.kafka_properties import properties_of

CLUSTER = "AWS::MSK::Cluster"
_NODES = "BrokerNodeGroupInfo"
is_by_default(
    CLUSTER,
    {
        f"{_NODES}.BrokerAZDistribution": "DEFAULT",
        f"{_NODES}.ConnectivityInfo.NetworkType": "IPV4",
        f"{_NODES}.ConnectivityInfo.PublicAccess.Type": "DISABLED",
        f"{_NODES}.StorageInfo.EBSStorageInfo.ProvisionedThroughput.Enabled": False,
        "EncryptionInfo.EncryptionInTransit.ClientBroker": "TLS",
        "EncryptionInfo.EncryptionInTransit.InCluster": True,
        "EnhancedMonitoring": "DEFAULT",
        "OpenMonitoring.Prometheus.JmxExporter.EnabledInBroker": False,
        "OpenMonitoring.Prometheus.NodeExporter.EnabledInBroker": False,
        "StorageMode": "LOCAL",
        **{
            f"LoggingInfo.{logs}.{where}.Enabled": False
            for logs in ("BrokerLogs", "AuthorizerLogs")
            for where in ("CloudWatchLogs", "Firehose", "S3")
        },
    },
)


@means(CLUSTER, f"{_NODES}.StorageInfo.EBSStorageInfo.VolumeSize")
def volume(changed: Changed) -> Iterator[Meaning]:
    """The size of each broker's volume."""
    old, new = number(changed.old), number(changed.new)
    told = f"the volume of each broker: {shown(changed.old)} → {shown(changed.new)} GiB"
    if old is None or new is None:
        yield Meaning("REV412", f"{told}; a smaller one than there is would be refused")
    elif new < old:
        yield Meaning(
            "REV410",
            f"{told}: MSK makes no volume smaller, and refuses the update",
            "leave the size; lower the retention if less is needed",
        )
    elif grows_by_itself(changed.pair.new, changed.new_resource):
        yield Meaning("REV412", f"{told}: where autoscaling has made it larger already, MSK refuses the update")
    else:
        yield Meaning("REV413", told)


def grows_by_itself(template: Template, cluster: Resource) -> bool:
    """Whether autoscaling makes the volumes of a cluster larger.

    Args:
        template: The template that both are in.
        cluster: The cluster.
    """
    return any(
        target.at("ServiceNamespace") == "kafka" and template.target(target.at("ResourceId")) in (cluster, None)
        for target in template.of_type("AWS::ApplicationAutoScaling::ScalableTarget")
    )


@means(CLUSTER, f"{_NODES}.StorageInfo.EBSStorageInfo.ProvisionedThroughput")
def throughput(changed: Changed) -> Iterator[Meaning]:
    """What the volumes write in a second."""
    old, new = map(_throughput, (changed.old, changed.new))
    told = f"what a volume writes in a second: {_mib(old)} → {_mib(new)}"
    yield Meaning("REV413" if old is not None and new is not None and new >= old else "REV412", told)


def _throughput(value: Any) -> float | None:
    if not isinstance(value, Mapping) or not is_true(value.get("Enabled")):
        return None if isinstance(value, Mapping) and "Ref" in value else msk.VOLUME_MIB_PER_SECOND.value
    return number(value.get("VolumeThroughput"))


def _mib(value: float | None) -> str:
    return "known at deployment only" if value is None else f"{value:.0f} MiB"


@means(CLUSTER, "StorageMode")
def storage_mode(changed: Changed) -> Iterator[Meaning]:
    """Whether topics may keep older records in tiered storage."""
    if changed.old == "TIERED":
        yield Meaning(
            "REV411",
            f"tiered storage of the cluster: TIERED → {shown(changed.new or 'LOCAL')}: MSK refuses to turn it off",
            "leave it TIERED, and turn it off for the topics that do not need it",
        )
    else:
        yield Meaning("REV413", "topics may keep older records in tiered storage; it cannot be turned off again")


@means(CLUSTER, "NumberOfBrokerNodes")
def broker_count(changed: Changed) -> Iterator[Meaning]:
    """How many brokers there are."""
    old, new = number(changed.old), number(changed.new)
    subnets = changed.new_resource.at(_NODES, "ClientSubnets")
    zones = (len(subnets) if isinstance(subnets, list) else 0) or 1
    told = f"brokers: {shown(changed.old)} → {shown(changed.new)}"
    if new is not None and new % zones:
        yield Meaning("REV410", f"{told}: MSK refuses a number that is no multiple of the {zones} zones")
    elif old is None or new is None or new < old:
        yield Meaning(
            "REV412",
            f"{told}: fewer carry the same load, and MSK refuses as long as those that go have partitions",
            "move the partitions off first, and see that the remaining brokers have the disk and the network for all",
        )
    else:
        yield Meaning("REV413", f"{told}; partitions that are there do not move to new ones by themselves")


@means(CLUSTER, f"{_NODES}.InstanceType")
def instance_type(changed: Changed) -> Iterator[Meaning]:
    """What brokers run on."""
    old, new = str(changed.old), str(changed.new)
    told = f"brokers: {shown(changed.old)} → {shown(changed.new)}"
    before, after = _processors(old), _processors(new)
    if before is None or after is None:
        yield Meaning("REV412", f"{told}: whether that is less is not known here")
    elif old.startswith("express.") != new.startswith("express."):
        yield Meaning(
            "REV410",
            f"{told}: MSK makes no Express brokers of Standard ones, nor the reverse, and refuses the update",
            "create another cluster and replicate to it",
        )
    elif new == msk.BURSTABLE_BROKER:
        yield Meaning(
            "REV410", f"{told}: MSK does not go back to this size, and refuses the update", "choose another size"
        )
    elif after < before:
        yield Meaning(
            "REV412",
            f"{told}: {after} processors, not {before}, carry the same load; refused while a broker has too many partitions",
            "look at the processor, the network and the number of partitions of each broker first",
        )
    else:
        yield Meaning("REV413", f"{told}: one broker after the other is exchanged")


def _processors(name: str) -> int | None:
    found = msk.STANDARD_BROKERS.get(name) or msk.EXPRESS_BROKERS.get(name)
    return found.vcpus if found else None


@means(CLUSTER, "KafkaVersion")
def kafka_version(changed: Changed) -> Iterator[Meaning]:
    """The version of Kafka."""
    old, new = str(changed.old), str(changed.new)
    before, after = _version(old), _version(new)
    told = f"Kafka {shown(changed.old)} → {shown(changed.new)}"
    if not before or not after:
        yield Meaning("REV415", f"{told}: brokers are restarted one after the other; an older version would be refused")
    elif after < before or (_has_kraft(old) and not _has_kraft(new)):
        yield Meaning("REV414", f"{told}: MSK goes back to no older version, and refuses the update", "leave it")
    elif _has_kraft(new) and not _has_kraft(old) and (old, new) != msk.KRAFT_MIGRATION:
        yield Meaning(
            "REV414",
            f"{told}: from ZooKeeper to KRaft there is one way, {' → '.join(msk.KRAFT_MIGRATION)}; MSK refuses another",
            f"upgrade to {msk.KRAFT_MIGRATION[0]} first",
        )
    else:
        yield Meaning(
            "REV415",
            f"{told}: brokers are restarted one after the other, and there is no way back",
            "try clients against the new version first; topics need a replica more than `min.insync.replicas`",
        )


def _version(name: str) -> tuple[int, ...]:
    return tuple(int(part) for part in name.split(".")[:2] if part.isdecimal())


def _has_kraft(name: str) -> bool:
    return name.endswith(".kraft") or _version(name) >= (4,)


@means(CLUSTER, "ConfigurationInfo")
def configuration(changed: Changed) -> Iterator[Meaning]:
    """Which configuration the brokers have: another is judged by its properties, where the template has them."""
    old, old_properties = _configuration(changed.pair.old, changed.old)
    new, new_properties = _configuration(changed.pair.new, changed.new)
    is_same = old is not None and new is not None and changed.pair.counterpart(old) == new
    if is_same or old_properties is None or new_properties is None:
        yield Meaning(
            "REV416",
            f"brokers take another configuration, or another revision: {shown(changed.old)} → {shown(changed.new)}",
            "compare the properties of both",
        )
        return
    tiered = changed.new_resource.at("StorageMode") == "TIERED"
    told = list(compared(old_properties, new_properties, of_brokers(new_properties, tiered=tiered)))
    yield from told or [Meaning("REV428", "brokers take another configuration with the same properties")]


def _configuration(template: Template, value: Any) -> tuple[Resource | None, Mapping[str, str] | None]:
    """The configuration that a cluster names, and its properties; None where the template does not have it."""
    if value is None:
        return None, {}
    resource = template.target(value.get("Arn")) if isinstance(value, Mapping) else None
    if resource is None or resource.type != "AWS::MSK::Configuration":
        return None, None
    return resource, properties_of(resource.at("ServerProperties"))


@means(CLUSTER, "EnhancedMonitoring")
def monitoring(changed: Changed) -> Iterator[Meaning]:
    """Which metrics there are."""
    old, new = changed.old or "DEFAULT", changed.new or "DEFAULT"
    told = f"metrics: {shown(old)} → {shown(new)}"
    if old not in LEVELS or new not in LEVELS:
        yield Meaning("REV417", f"{told}; alarms on metrics that a lower level has not would see nothing")
    elif LEVELS.index(new) > LEVELS.index(old):
        yield Meaning("REV419", f"{told}, each of which costs what a custom metric costs")
    else:
        blind = sorted(_blind_alarms(changed.pair.new, new))
        grade: Grade = "danger" if blind else "caution"
        seen = f": the alarms {', '.join(blind)} see nothing any more" if blind else ""
        yield Meaning(
            "REV417", f"{told}{seen}", "take alarms and dashboards to metrics of the lower level first", grade
        )


def _blind_alarms(template: Template, level: str) -> Iterator[str]:
    """The alarms on metrics that a level does not publish."""
    for alarm in template.of_type(METRIC_ALARM):
        if any(needed_level(metric, level) for metric in watched_metrics(alarm)):
            yield alarm.logical_id


@means(CLUSTER, "OpenMonitoring")
def open_monitoring(changed: Changed) -> Iterator[Meaning]:
    """What Prometheus reads of brokers."""
    exporters = {
        name: _flags(changed, "Prometheus", name, "EnabledInBroker") for name in ("JmxExporter", "NodeExporter")
    }
    for name, (before, after) in exporters.items():
        if before and not after:
            yield Meaning("REV417", f"brokers answer Prometheus no more ({name}): what it watches is seen no more")
        elif after and not before:
            yield Meaning("REV419", f"brokers answer Prometheus ({name})")


def _flags(changed: Changed, *path: str) -> tuple[bool, bool]:
    """Whether a flag below a property was set, and whether it is."""
    return is_true(value_at(changed.old, path)), is_true(value_at(changed.new, path))


@means(CLUSTER, "LoggingInfo")
def logs(changed: Changed) -> Iterator[Meaning]:
    """Where brokers write their logs."""
    for kind in ("BrokerLogs", "AuthorizerLogs"):
        for where in ("CloudWatchLogs", "Firehose", "S3"):
            before, after = _flags(changed, kind, where, "Enabled")
            words = f"{'logs of brokers' if kind == 'BrokerLogs' else 'logs of who was refused'} to {where}"
            if before and not after:
                yield Meaning("REV418", f"{words} are off")
            elif after and not before:
                yield Meaning("REV419", f"{words} are on")
            elif after and not _same_place(changed, kind, where):
                yield Meaning("REV418", f"{words} go to another place: what reads the old one sees nothing any more")
    if changed.new is not None and (not isinstance(changed.new, Mapping) or "Ref" in changed.new):
        yield Meaning("REV418", "where brokers write their logs is known at deployment only")


def _same_place(changed: Changed, kind: str, where: str) -> bool:
    return same(value_at(changed.old, (kind, where)), value_at(changed.new, (kind, where)))


@means(CLUSTER, "Rebalancing")
def rebalancing(changed: Changed) -> Iterator[Meaning]:
    """Whether MSK moves partitions where load or brokers change."""
    status = changed.new.get("Status") if isinstance(changed.new, Mapping) else None
    if status == "ACTIVE":
        yield Meaning("REV413", "MSK moves partitions by itself where load or the number of brokers changes")
    else:
        yield Meaning("REV412", "MSK moves partitions no more by itself: new brokers stay empty, full ones stay full")


_UPDATES = {
    "the number of brokers": ("NumberOfBrokerNodes",),
    "their size": (_NODES, "InstanceType"),
    "their storage": (_NODES, "StorageInfo"),
    "the storage mode": ("StorageMode",),
    "the version": ("KafkaVersion",),
    "the configuration": ("ConfigurationInfo",),
    "metrics and logs": ("EnhancedMonitoring",),
    "authentication": ("ClientAuthentication",),
    "encryption": ("EncryptionInfo",),
    "connectivity": (_NODES, "ConnectivityInfo"),
    "rebalancing": ("Rebalancing",),
}
"""What one call of MSK changes; authentication and encryption are one."""
_WITH = {"encryption": "authentication"}


@of_the_whole
def several_updates(pair: Pair) -> Iterator[Meaning]:
    """A cluster of which more is changed than MSK takes at once."""
    for logical_id, differing in pair.differences.items():
        cluster = pair.new.resources[logical_id]
        if cluster.type != CLUSTER:
            continue
        found = {
            _WITH.get(name, name): name
            for name, path in _UPDATES.items()
            if any(difference.path[: len(path)] == path for difference in differing)
        }
        if len(found) > 1:
            yield Meaning(
                "REV439",
                f"{', '.join(found)} change at once: MSK updates one of them at a time, and may refuse the update",
                "deploy them one after the other",
                resource=cluster,
            )

"""What is wrong with clusters of Amazon MSK and their topics in one template: who is let in, copies, room, logs and alarms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from streaming_constructs.facts import msk
from streaming_constructs.facts.metrics import CLUSTER as CLUSTER_NAME
from streaming_constructs.review.alarms.alarm_metrics import METRIC_ALARM, named_by, watched_metrics
from streaming_constructs.review.alarms.monitoring_levels import needed_level
from streaming_constructs.review.alarms.watching import alarms_in
from streaming_constructs.review.auditing import audits
from streaming_constructs.review.comparing.template import Resource, Template, value_at
from streaming_constructs.review.comparing.values import is_false, is_true, listed, number, shown
from streaming_constructs.review.meaning import Meaning
from streaming_constructs.review.meanings.kafka_settings import of_brokers, refused_tier
from streaming_constructs.review.meanings.msk import CLUSTER, grows_by_itself
from streaming_constructs.review.meanings.msk_access import grants, lets_anyone_in
from streaming_constructs.review.settings.kafka_properties import properties_of

_TOPIC, _CONFIGURATION = "AWS::MSK::Topic", "AWS::MSK::Configuration"
_DISK = "KafkaDataLogsDiskUsed"


@audits(CLUSTER)
def access(template: Template, cluster: Resource) -> Iterator[Meaning]:
    """Who reaches a cluster, and whether records travel in plain text."""
    if lets_anyone_in(cluster.at("ClientAuthentication")):
        yield Meaning(
            "AUD400",
            "clients need not say who they are: whoever reaches the brokers reads and writes all topics",
            "turn a way to sign in on, and `Unauthenticated` off",
            path="Properties.ClientAuthentication",
        )
    in_transit = ("EncryptionInfo", "EncryptionInTransit")
    if cluster.at(*in_transit, "ClientBroker") in ("PLAINTEXT", "TLS_PLAINTEXT") or is_false(
        cluster.at(*in_transit, "InCluster")
    ):
        yield Meaning(
            "AUD401",
            f"records may travel in plain text: {shown(cluster.at(*in_transit))}",
            "ClientBroker: TLS, InCluster: true",
            path="Properties.EncryptionInfo.EncryptionInTransit",
        )
    public = cluster.at("BrokerNodeGroupInfo", "ConnectivityInfo", "PublicAccess", "Type")
    if isinstance(public, str) and public != "DISABLED":
        yield Meaning(
            "AUD402",
            f"brokers have addresses in the internet ({shown(public)})",
            "leave `PublicAccess` out, and let clients come by private connections",
            path="Properties.BrokerNodeGroupInfo.ConnectivityInfo.PublicAccess",
        )


@audits(CLUSTER)
def seen(template: Template, cluster: Resource) -> Iterator[Meaning]:
    """What people see of a cluster."""
    logs = cluster.at("LoggingInfo", "BrokerLogs")
    if logs is None or (
        isinstance(logs, Mapping) and all(is_false(value_at(where, ("Enabled",))) for where in logs.values())
    ):
        yield Meaning(
            "AUD403",
            "brokers write no logs: why one restarts, or refuses, is seen nowhere",
            "log to CloudWatch, S3 or Firehose",
        )
    if not alarms_in(template, "AWS/Kafka"):
        yield Meaning(
            "AUD404",
            "no alarm of this template is on metrics of Kafka: partitions without a leader, or a full disk, are seen by nobody",
            "alarm on OfflinePartitionsCount, UnderReplicatedPartitions, the disk and the lag of groups",
        )


@audits(METRIC_ALARM)
def published(template: Template, alarm: Resource) -> Iterator[Meaning]:
    """Alarms on metrics that their cluster does not publish."""
    for metric in watched_metrics(alarm):
        cluster = named_by(template, CLUSTER_NAME, metric.dimensions.get(CLUSTER_NAME))
        if cluster is None or cluster.type != CLUSTER:
            continue
        level = cluster.at("EnhancedMonitoring") or "DEFAULT"
        needed = needed_level(metric, level) if isinstance(level, str) else ""
        if needed:
            yield Meaning(
                "AUD415",
                f"it watches nothing: {metric.name} is published from the level {needed} on, and {cluster.logical_id} has "
                f"{level}",
                f"EnhancedMonitoring: {needed}, or an alarm on a metric of the level {level}",
                path="Properties.Metrics" if alarm.at("Metrics") is not None else "Properties.MetricName",
            )


@audits(CLUSTER)
def room(template: Template, cluster: Resource) -> Iterator[Meaning]:
    """Whether a cluster is large enough, and stays so."""
    instance = cluster.at("BrokerNodeGroupInfo", "InstanceType")
    if instance == msk.BURSTABLE_BROKER:
        yield Meaning(
            "AUD405",
            f"brokers are {instance}, whose processor works on credits: for development alone",
            f"take {msk.PLANNED_BROKERS[0]} or larger",
            path="Properties.BrokerNodeGroupInfo.InstanceType",
        )
    if str(instance).startswith("express.") or grows_by_itself(template, cluster):
        return
    if not any(_is_on_disk(alarm) for alarm in alarms_in(template, "AWS/Kafka")):
        yield Meaning(
            "AUD406",
            "its disks neither grow by themselves nor have an alarm: a broker with a full disk stops",
            "add a scalable target of `kafka:broker-storage:VolumeSize`, and an alarm on KafkaDataLogsDiskUsed",
        )


def _is_on_disk(alarm: Resource) -> bool:
    names = [alarm.at("MetricName")]
    names += [value_at(query, ("MetricStat", "Metric", "MetricName")) for query in listed(alarm.at("Metrics"))]
    return _DISK in names


@audits(_CONFIGURATION)
def properties(template: Template, configuration: Resource) -> Iterator[Meaning]:
    """Whether brokers lose what they acknowledged."""
    found = properties_of(configuration.at("ServerProperties"))
    clusters = [
        cluster
        for cluster in template.of_type(CLUSTER)
        if template.target(cluster.at("ConfigurationInfo", "Arn")) == configuration
    ]
    if found is None or any(_is_express(cluster) for cluster in clusters):
        return
    tiered = bool(clusters) and all(cluster.at("StorageMode") == "TIERED" for cluster in clusters)
    scope = of_brokers(found, tiered=tiered)
    if scope.value(found, "unclean.leader.election.enable").lower() == "true":
        is_said = "unclean.leader.election.enable" in found
        yield Meaning(
            "AUD407",
            "a replica that lags may become leader, and acknowledged records that it has not are lost"
            + ("" if is_said else ": so MSK has it where nobody says otherwise"),
            "unclean.leader.election.enable=false",
            "danger" if is_said else "caution",
            path="Properties.ServerProperties",
        )
    if scope.value(found, "allow.everyone.if.no.acl.found").lower() == "true" and any(
        is_true(cluster.at("ClientAuthentication", "Sasl", "Scram", "Enabled"))
        or is_true(cluster.at("ClientAuthentication", "Tls", "Enabled"))
        for cluster in clusters
    ):
        yield Meaning(
            "AUD411",
            "who signs in by SASL/SCRAM or with a certificate may read and write each topic that has no ACL",
            "allow.everyone.if.no.acl.found=false, once the ACLs are written",
            path="Properties.ServerProperties",
        )
    yield from _copies(scope.replicas, number(scope.value(found, "min.insync.replicas")), "Properties.ServerProperties")


def _is_express(cluster: Resource) -> bool:
    return str(cluster.at("BrokerNodeGroupInfo", "InstanceType")).startswith("express.")


def _copies(replicas: float | None, in_sync: float | None, path: str) -> Iterator[Meaning]:
    """How many copies of a record there are, and how many a producer waits for; None where nobody says."""
    if replicas is not None and replicas <= 1:
        yield Meaning("AUD408", "there is one copy of a record: it is lost with its broker", "keep 3 copies", path=path)
    elif in_sync is not None and in_sync <= 1:
        yield Meaning(
            "AUD409",
            "min.insync.replicas=1: a record is acknowledged while one broker alone has it, and lost with that",
            "min.insync.replicas=2, of 3 replicas",
            path=path,
        )
    elif in_sync is not None and replicas is not None and in_sync >= replicas:
        yield Meaning(
            "AUD413",
            f"min.insync.replicas={in_sync:.0f} of {replicas:.0f} replicas: while one broker is away, writes are refused",
            f"min.insync.replicas={max(replicas - 1, 1):.0f}",
            path=path,
        )


@audits(_TOPIC)
def topic(template: Template, found: Resource) -> Iterator[Meaning]:
    """Whether a topic keeps its records, and MSK takes its configurations."""
    configs = properties_of(found.at("Configs"))
    replicas = number(found.at("ReplicationFactor"))
    cluster = template.target(found.at("ClusterArn"))
    if cluster is not None and _is_express(cluster):
        replicas = msk.EXPRESS_REPLICATION_FACTOR.value
    yield from _copies(replicas, number((configs or {}).get("min.insync.replicas")), "Properties")
    mode = cluster.at("StorageMode") if cluster is not None and cluster.type == CLUSTER else "TIERED"
    refused = refused_tier(configs or {}, mode)
    if refused:
        yield Meaning(
            "AUD410",
            f"MSK refuses it: {refused}",
            "retention.ms=604800000, or no tiered storage",
            path="Properties.Configs",
        )
    if (configs or {}).get("unclean.leader.election.enable", "").lower() == "true":
        yield Meaning(
            "AUD407",
            "a replica that lags may become leader, and acknowledged records that it has not are lost",
            "unclean.leader.election.enable=false",
            path="Properties.Configs",
        )


@audits("AWS::MSK::ClusterPolicy")
def policy(template: Template, found: Resource) -> Iterator[Meaning]:
    """Whether everybody may do something with a cluster."""
    for grant, condition in grants(found.at("Policy")).items():
        if grant.principal == "*" and condition == "{}":
            yield Meaning(
                "AUD412",
                f"everybody may {grant.action}, in any account",
                "name the accounts, or an organization by a condition",
            )

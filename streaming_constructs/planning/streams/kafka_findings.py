"""What of a topic is likely to lose records, lose order, or carry less than it has to."""

from __future__ import annotations

from collections.abc import Iterator

from streaming_constructs.facts import kafka, msk
from streaming_constructs.planning.few_values import few_values_finding, values_at_once
from streaming_constructs.planning.numbers import counted, exact, number
from streaming_constructs.planning.streams.kafka import TopicPlan, partition_limits
from streaming_constructs.spec.finding import Edit, Finding
from streaming_constructs.spec.kafka_configs import config_text, is_on

UNCLEAN = "unclean.leader.election.enable"


def topic_findings(topic: TopicPlan) -> Iterator[Finding]:
    """What is likely to go wrong with a topic; paths are relative to it.

    Args:
        topic: The topic with its numbers.
    """
    yield from _partition_findings(topic)
    yield from _creation_findings(topic)
    yield from _replica_findings(topic)
    if is_on(topic.spec.configs, UNCLEAN):
        yield unclean_finding("configs")
    yield from _record_findings(topic)
    yield from _key_findings(topic)
    if topic.cluster.is_serverless and topic.spec.arn is None:
        yield _created_by_hand(topic)


def _partition_findings(topic: TopicPlan) -> Iterator[Finding]:
    given, needed, load = topic.spec.partitions, topic.needed_partitions, topic.load
    if given is None or needed is None or load is None or given >= needed:
        return
    limits = partition_limits(topic.cluster)
    carries = given * limits.write
    is_over = float(load.mib) > carries and limits.source != "a guideline"
    yield Finding(
        "MSK490",
        "fewer partitions than the workload needs",
        ("partitions",),
        note=f"{counted(given, 'partition')} for {number(load.mib)} MiB/s at the peak; {limits.write:g} MiB/s each is "
        f"{limits.source}, and 40 % are to be free",
        help=f"set `partitions: {needed}`, or take it out to have it derived",
        level="error" if is_over else "warning",
        edits=(Edit(("partitions",), needed),),
    )


def _creation_findings(topic: TopicPlan) -> Iterator[Finding]:
    """A topic is created by one request, in which each partition and each configuration is a record."""
    configs, most = len(topic.configs), kafka.CREATED_RECORDS_MOST - 1
    if topic.spec.arn is not None or topic.partitions is None or topic.partitions + configs <= most:
        return
    yield Finding(
        "MSK496",
        "more partitions than a topic is created with",
        ("partitions",) if topic.spec.partitions is not None else ("workload",),
        note=f"{topic.partitions:,} partitions and {configs} configurations; Kafka writes {most:,} of both together at most",
        help=f"set `partitions: {most - configs}` or fewer, or divide the records among several topics",
        edits=(Edit(("partitions",), most - configs),),
    )


def _replica_findings(topic: TopicPlan) -> Iterator[Finding]:
    spec = topic.spec
    if topic.cluster.express or topic.cluster.is_serverless:
        return  # which fix both, whatever is said
    keeps = spec.removal_policy != "destroy"
    if spec.replication_factor == 1 and keeps and spec.arn is None:
        yield Finding(
            "MSK491",
            "each record is on one broker alone",
            ("replication_factor",),
            note="while a broker is patched its partitions are away, and what its volume loses is lost",
            help=f"set `replication_factor: {int(msk.REPLICATION_FACTOR.value)}`, or take it out",
            edits=(Edit(("replication_factor",)),),
        )
    elif spec.min_insync_replicas == 1 and topic.replicas > 1 and keeps:
        most = int(msk.REPLICATION_FACTOR.value)
        more = f"set `replication_factor: {most}` and `min_insync_replicas: {most - 1}`"
        if topic.replicas > 2:
            more = f"set `min_insync_replicas: {topic.replicas - 1}`, or take it out"
        elif topic.cluster.zones() < most:
            more = f"name a subnet of a third zone in the `vpc` of a new cluster, and {more}"
        yield Finding(
            "MSK491",
            "an acknowledged record may be on one broker alone",
            ("min_insync_replicas",),
            note=f"1 of {topic.replicas} replicas has to have it before its writer hears that it is safe",
            help=more,
            edits=(Edit(("min_insync_replicas",)),) if topic.replicas > 2 else (),
        )


def unclean_finding(field: str) -> Finding:
    """Says that elections may lose records.

    Args:
        field: The field that lets them.
    """
    return Finding(
        "MSK466",
        "records that were acknowledged can be lost",
        (field, UNCLEAN),
        note="a replica that lacks records may become leader, and those records are gone",
        help="take it out: it is off",
        edits=(Edit((field, UNCLEAN)),),
    )


def _record_findings(topic: TopicPlan) -> Iterator[Finding]:
    spec = topic.spec
    takes = spec.max_message_kb or kafka.DEFAULT_MESSAGE_BYTES / 1024
    if spec.workload is not None and spec.workload.kb > takes and spec.arn is None:
        field = "record_kb" if spec.workload.record_kb is not None else "record_bytes"
        wanted = int(spec.workload.kb) + 1
        yield Finding(
            "MSK492",
            "the average record is larger than the topic takes",
            ("workload", field),
            note=f"records are {number(spec.workload.kb)} KB on average; the topic takes {number(takes)} KB at once",
            help=f"set `max_message_kb: {wanted}` or more",
            edits=(Edit(("max_message_kb",), wanted),),
        )
    if spec.retention_ms == -1 and not spec.is_tiered and not topic.cluster.is_serverless and not spec.is_compacted:
        express = getattr(topic.cluster, "express", False)
        if not express:
            yield Finding(
                "MSK493",
                "records are kept for ever on volumes that have an end",
                (spec.retention_field,),
                note="a broker whose volume is full stops",
                help="add `local_retention_days: 1`, with `storage_mode: tiered` on the cluster; or a retention that ends",
            )
    policies = config_text(",".join(spec.cleanup_policy))
    if spec.is_compacted and spec.partition_key is None:
        yield Finding(
            "MSK494",
            "nothing says what a compacted topic is keyed by",
            ("cleanup_policy",),
            note=f"`{policies}` keeps the last record of each key; brokers refuse records without one",
            help="name the field that producers key by: `partition_key: user_id`",
        )


def _key_findings(topic: TopicPlan) -> Iterator[Finding]:
    """A key that has fewer values at one time than the load takes partitions."""
    key, load = topic.spec.partition_key, topic.load
    if key is None or load is None:
        return
    values = values_at_once(key, topic.schema)
    if values is None:
        return
    limits = partition_limits(topic.cluster)
    carries = values * limits.write
    if load.mib <= exact(carries):
        return
    takes = f"{number(load.mib)} MiB/s at the peak, where that many carry {number(carries)} MiB/s ({limits.source})"
    yield few_values_finding("MSK498", "partition", key, values, takes, topic.schema)


def _created_by_hand(topic: TopicPlan) -> Finding:
    configs = " ".join(f"--config {key}={value}" for key, value in topic.configs.items())
    return Finding(
        "MSK495",
        "topics of a serverless cluster are no resources of CloudFormation",
        ("cluster",),
        note=f"{topic.topic} has to be created by a client, once the cluster is there",
        help=f"`kafka-topics.sh --bootstrap-server … --command-config client.properties --create --topic {topic.topic} "
        f"--partitions {topic.partitions or 1} {configs}`",
    )

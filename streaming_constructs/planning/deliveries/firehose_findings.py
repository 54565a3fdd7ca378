"""What in a delivery cannot work, or is likely to lose records, whatever its destination: each as a finding with its mend."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC

from streaming_constructs.facts import firehose, kinesis
from streaming_constructs.planning.deliveries.firehose import DeliveryPlan
from streaming_constructs.planning.deliveries.plain_secrets import secret_findings
from streaming_constructs.planning.numbers import counted, exact, number
from streaming_constructs.planning.workload import peak_load
from streaming_constructs.spec.finding import Edit, Finding
from streaming_constructs.spec.starting_position import AtTimestamp


def delivery_findings(delivery: DeliveryPlan) -> Iterator[Finding]:
    """What is wrong, or likely to go wrong, with a delivery to anywhere; paths are relative to it.

    Args:
        delivery: The delivery.
    """
    yield from _size_findings(delivery)
    yield from _topic_findings(delivery)
    yield from _concurrency_findings(delivery)
    yield from _direct_findings(delivery)
    yield from _retry_findings(delivery)
    yield from secret_findings(delivery)


def _size_findings(delivery: DeliveryPlan) -> Iterator[Finding]:
    largest = delivery.source.largest_record_kb if delivery.source is not None else None
    taken, why = _largest_record(delivery)
    source, field = ("topic", "max_message_kb") if delivery.reads_topic else ("stream", "max_record_kb")
    if largest is not None and taken is not None and largest > taken:
        yield Finding(
            "FIR708",
            "the largest records are not delivered",
            ("to",),
            note=f"the {source} takes {largest:,} KiB; Firehose delivers up to {taken:,} KiB {why}".rstrip(),
            help=f"set `{field}` of the {source} to {taken}, or archive them by arrival to S3 as well",
        )


def _largest_record(delivery: DeliveryPlan) -> tuple[int | None, str]:
    """The largest record that is delivered, in KiB, and why; None where the stream's own limit is the only one."""
    to = delivery.spec.to
    if to.is_dynamic:
        return kinesis.MAX_RECORD_KIB.minimum, "with partitions that come from the record"
    if not to.facts.takes_large_records:
        return kinesis.MAX_RECORD_KIB.minimum, f"to {to.kind}"
    if delivery.spec.transform is not None:
        # Records travel to the function in base64, a third larger.
        return int(firehose.TRANSFORM_PAYLOAD_MIB.value * 1024 * 3 / 4), "through a function, which gets them in base64"
    if delivery.reads_topic:
        return int(firehose.MSK_RECORD_MIB.value * 1024), "from a topic"
    return None, ""


def _topic_findings(delivery: DeliveryPlan) -> Iterator[Finding]:
    """A partition that is read more slowly than it is written, and a beginning that is not there yet."""
    source, start = delivery.source, delivery.spec.starting_position
    if delivery.reads_topic and source is not None and source.workload is not None and source.partitions is not None:
        limit, peak = exact(firehose.MSK_PARTITION_MIB_PER_SECOND.value), peak_load(source.workload).mib
        if peak > limit * source.partitions:
            needed = math.ceil(peak / limit)
            yield Finding(
                "FIR754",
                "Firehose reads the topic more slowly than it is written",
                ("from",),
                note=f"{number(peak)} MiB/s at the peak in {counted(source.partitions, 'partition')}; Firehose reads "
                f"{number(limit)} MiB/s of each",
                help=f"set `partitions: {needed}` or more of `{source.name}`, or ask AWS for a higher quota before you deploy",
            )
    cluster, topic = getattr(source, "cluster", None), getattr(source, "spec", None)
    if (
        source is not None
        and cluster is not None
        and cluster.is_serverless
        and topic is not None
        and not topic.physical_id()
    ):
        yield Finding(
            "FIR756",
            "the topic is not there when Firehose looks for it",
            ("from",),
            note=f"`{source.name}` is in a serverless cluster, where a client creates topics once the cluster is there",
            help=f"deploy without it, create the topic, and name that: `arn` of `{source.name}`; then add the delivery",
        )
    if delivery.reads_topic and isinstance(start, AtTimestamp):
        moment = start.at_timestamp.astimezone(UTC)
        if moment.date() > delivery.today:
            yield Finding(
                "FIR755",
                "reading cannot begin in the future",
                ("starting_position", "at_timestamp"),
                note=f"{moment:%Y-%m-%d} is after today, {delivery.today:%Y-%m-%d}; Kafka knows no record of that time",
                help="set `starting_position: latest` to read what comes from now on, or give a moment that has passed",
                edits=(Edit(("starting_position",), "latest"),),
            )


def _concurrency_findings(delivery: DeliveryPlan) -> Iterator[Finding]:
    transform, source = delivery.spec.transform, delivery.source
    if transform is None or transform.reserved_concurrency is None or source is None or source.partitions is None:
        return
    fact = delivery.spec.to.facts.transform_concurrency
    needed = source.partitions * int(fact.value)
    part = "partition" if delivery.reads_topic else "shard"
    if transform.reserved_concurrency < needed:
        yield Finding(
            "FIR731",
            "less concurrency than Firehose may ask for",
            ("transform", "reserved_concurrency"),
            note=f"{counted(source.partitions, part)} × up to {fact.value:,.0f} batches at once = {needed:,}; what is "
            f"throttled is retried {transform.retries} times, and then goes to the errors",
            help=f"set it to {needed} or more, or take it out",
        )


def _retry_findings(delivery: DeliveryPlan) -> Iterator[Finding]:
    """A function that may be tried for longer than its records are there."""
    transform, source = delivery.spec.transform, delivery.source
    if transform is None or (source is None and not delivery.is_direct):
        return
    if source is not None:
        hours, whose = (
            source.retention_hours,
            f"{source.name} keeps records for {source.retention_hours:,} h",
        )
        if not source.retention_is_known:
            return
    else:
        hours = int(firehose.DIRECT_PUT_RETENTION_HOURS.value)
        whose = f"Firehose keeps records for {hours} h"
    seconds = (transform.retries + 1) * transform.timeout_seconds
    if seconds > hours * 3600:
        most = hours * 3600 // transform.timeout_seconds // 2
        yield Finding(
            "FIR742",
            "a batch may be retried for longer than its records are kept",
            ("transform", "retries"),
            note=f"{transform.retries + 1:,} tries of up to {transform.timeout_seconds} s are {number(exact(seconds) / 3600)} "
            f"h; {whose}, and what comes behind the batch expires",
            help=f"set it to {most} or less, such as the 3 of Firehose",
            edits=(Edit(("transform", "retries")),),
        )


def _direct_findings(delivery: DeliveryPlan) -> Iterator[Finding]:
    workload = delivery.workload
    if not delivery.is_direct or workload is None:
        return
    if workload.kb > firehose.RECORD_KIB.value:
        yield Finding(
            "FIR709",
            "the average record is larger than Firehose takes",
            ("workload", "record_kb"),
            note=f"records are {number(exact(workload.kb))} KiB on average; Firehose takes "
            f"{firehose.RECORD_KIB.value:,.0f} KiB when they are put into it directly",
            help="send less in one, or let it read a stream: `from`",
        )
    load = peak_load(workload)
    most_mib, most_records = firehose.DIRECT_PUT_MIB_PER_SECOND.value, firehose.DIRECT_PUT_RECORDS_PER_SECOND.value
    if load.mib > most_mib or load.records > most_records:
        yield Finding(
            "FIR718",
            "more than a delivery takes directly in most regions",
            ("workload",),
            note=f"the peak is {number(load.mib)} MiB/s and {number(load.records)} records/s; the quota starts at "
            f"{most_mib:,.0f} MiB/s and {most_records:,.0f} records/s",
            help="ask AWS for a higher quota before you deploy, or put a stream in front: `from`",
        )

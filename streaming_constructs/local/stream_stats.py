"""What went through Kinesis streams and SNS topics: records, bytes, throttling and hot shards, messages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from moto.sns.models import sns_backends

from streaming_constructs.local.aws.api import ACCOUNT_ID
from streaming_constructs.local.aws.cloudformation import Deployed
from streaming_constructs.local.aws.type_names import KINESIS_STREAM, SNS_TOPIC
from streaming_constructs.local.kinesis.embedded_shard import EmbeddedShard
from streaming_constructs.local.kinesis.hot_shards import hot_shards
from streaming_constructs.local.kinesis.kinesis_hooks import shards_of
from streaming_constructs.local.stream_report import ShardReport, StreamReport, TopicReport


def stream_reports(
    deployed: Iterable[Deployed], name_of: Callable[[Deployed], str], region: str
) -> tuple[StreamReport, ...]:
    """What went through the streams of all stacks.

    Args:
        deployed: All that is deployed.
        name_of: What people call a resource.
        region: The region.
    """
    return tuple(
        _stream_report(stream.physical_id, name_of(stream), region)
        for stream in deployed
        if stream.type == KINESIS_STREAM
    )


def topic_reports(
    deployed: Iterable[Deployed], name_of: Callable[[Deployed], str], region: str
) -> tuple[TopicReport, ...]:
    """What was published to the topics of all stacks; topics without a message are left out.

    Args:
        deployed: All that is deployed.
        name_of: What people call a resource.
        region: The region.
    """
    topics = sns_backends[ACCOUNT_ID][region].topics
    return tuple(
        TopicReport(name_of(topic), messages)
        for topic in deployed
        if topic.type == SNS_TOPIC and (messages := len(topics[topic.physical_id].sent_notifications))
    )


def _stream_report(stream: str, name: str, region: str) -> StreamReport:
    shards = shards_of(stream, ACCOUNT_ID, region)
    reports = tuple(
        ShardReport(
            shard.shard_id,
            shard.counts.records,
            shard.counts.bytes,
            shard.counts.throttled_records,
            shard.counts.throttled_reads,
        )
        for shard in shards
    )
    return StreamReport(
        name=name,
        records=sum(report.records for report in reports),
        bytes=sum(report.bytes for report in reports),
        throttled_records=sum(report.throttled_records for report in reports),
        shards=reports,
        skew=_skew(shards),
    )


def _skew(shards: Sequence[EmbeddedShard]) -> str:
    hot = hot_shards({shard.shard_id: shard.counts for shard in shards if shard.is_open})
    return hot[0].why if hot else ""

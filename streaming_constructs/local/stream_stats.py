"""What streams and topics can tell of what went through them."""

from __future__ import annotations

from collections.abc import Sequence

from moto.sns.models import sns_backends

from streaming_constructs.local.aws.api import ACCOUNT_ID
from streaming_constructs.local.kinesis.embedded_shard import EmbeddedShard
from streaming_constructs.local.kinesis.hot_shards import hot_shards
from streaming_constructs.local.kinesis.kinesis_hooks import shards_of
from streaming_constructs.local.rehearsal_report import ShardReport, StreamReport


def stream_report(stream: str, name: str, region: str) -> StreamReport:
    """What went through a stream.

    Args:
        stream: Its name in AWS.
        name: What people call it.
        region: Its region.
    """
    shards = shards_of(stream, ACCOUNT_ID, region)
    reports = tuple(
        ShardReport(
            each.shard_id,
            each.counts.records,
            each.counts.bytes,
            each.counts.throttled_records,
            each.counts.throttled_reads,
        )
        for each in shards
    )
    return StreamReport(
        name=name,
        records=sum(each.records for each in reports),
        bytes=sum(each.bytes for each in reports),
        throttled_records=sum(each.throttled_records for each in reports),
        shards=reports,
        skew=_skew(shards),
    )


def published_messages(topic_arn: str, region: str) -> int:
    """How many messages were published to a topic.

    Args:
        topic_arn: The topic.
        region: Its region.
    """
    return len(sns_backends[ACCOUNT_ID][region].topics[topic_arn].sent_notifications)


def _skew(shards: Sequence[EmbeddedShard]) -> str:
    hot = hot_shards({one.shard_id: one.counts for one in shards if one.is_open})
    return hot[0].why if hot else ""

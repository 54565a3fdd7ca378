"""A topic that a delivery stream reads: from where it begins, in order, and what is said of how far it is."""

from __future__ import annotations

from typing import Any

import pytest

from streaming_constructs.local.firehose.topic_source import TopicSource
from streaming_constructs.local.kafka.embedded_msk import EmbeddedMsk
from streaming_constructs.local.kafka.embedded_topic import EmbeddedTopic
from streaming_constructs.local.kafka.topic_keeper import MemoryKeeper

NOW = 1_800_000_000.0


@pytest.fixture
def topic() -> EmbeddedTopic:
    """A topic with a record of a minute ago."""
    msk = EmbeddedMsk(MemoryKeeper, lambda: NOW)
    cluster = msk.create_cluster("us-east-1", "123456789012", "main", brokers=3)
    made = msk.create_topic(cluster, "orders", 1)
    made.log.put("orders", b"key", b"old", timestamp=int(NOW - 60) * 1000)
    return made


@pytest.mark.parametrize(
    ("configuration", "read"),
    [
        ({"ReadFromTimestamp": "1970-01-01T00:00:00Z"}, [b"old", b"new"]),
        ({"ReadFromTimestamp": "2027-01-15T08:00:00Z"}, [b"new"]),
        ({}, [b"new"]),
    ],
)
def test_a_delivery_begins_at_its_moment_or_when_it_is_there(
    topic: EmbeddedTopic, configuration: dict[str, Any], read: list[bytes]
) -> None:
    source = TopicSource(topic, configuration, "lake")
    topic.log.put("orders", b"key", b"new", timestamp=int(NOW) * 1000)
    assert [record.data for record in source.read(NOW)] == read


def test_a_record_keeps_its_place_its_key_and_its_time(topic: EmbeddedTopic) -> None:
    (record,) = TopicSource(topic, {"ReadFromTimestamp": "1970-01-01T00:00:00Z"}, "lake").read(NOW)
    assert (record.shard_id, record.sequence_number, record.partition_key, record.arrival) == (
        "orders-0",
        0,
        "key",
        NOW - 60,
    )


def test_a_value_that_is_gone_is_empty(topic: EmbeddedTopic) -> None:
    source = TopicSource(topic, {}, "lake")
    topic.log.put("orders", b"key", None)
    assert [record.data for record in source.read(NOW)] == [b""]


def test_what_is_read_counts_as_committed_and_what_is_not_read_as_untouched(topic: EmbeddedTopic) -> None:
    source = TopicSource(topic, {"ReadFromTimestamp": "1970-01-01T00:00:00Z"}, "lake")
    (group,) = topic.groups
    assert (dict(group.committed()), source.due(NOW)) == ({}, NOW)
    source.read(NOW)
    assert (dict(group.committed()), source.due(NOW)) == ({0: 1}, None)
    source.close()
    assert topic.groups == []

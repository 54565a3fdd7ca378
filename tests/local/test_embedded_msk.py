"""Topics of a rehearsal: who keeps them, what they take, and what is said of them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from streaming_constructs.local.events import Event
from streaming_constructs.local.kafka import topic_keeper
from streaming_constructs.local.kafka.embedded_msk import EmbeddedMsk
from streaming_constructs.local.kafka.embedded_topic import KEYLESS, TOO_LARGE, TopicGroup
from streaming_constructs.local.kafka.kafka_reports import kafka_reports
from streaming_constructs.local.kafka.memory_topic_log import MemoryTopicLog
from streaming_constructs.local.kafka.planned_topic import PlannedTopic, planned_topics
from streaming_constructs.local.kafka.topic_keeper import MemoryKeeper
from streaming_constructs.local.kafka.topic_log import (
    INVALID_RECORD,
    NewRecord,
    Position,
    RefusedRecordsError,
    TopicLogError,
)
from streaming_constructs.local.producer import record_key
from streaming_constructs.planning.jar_cache import CACHE_VARIABLE
from streaming_constructs.planning.plan_file import load_plan

NOW = 1_800_000_000.0


@pytest.fixture
def msk() -> EmbeddedMsk:
    return EmbeddedMsk(MemoryKeeper, lambda: NOW)


def cluster(msk: EmbeddedMsk) -> str:
    return msk.create_cluster("us-east-1", "123456789012", "main", brokers=3)


def test_records_have_the_time_of_the_rehearsal(msk: EmbeddedMsk) -> None:
    topic = msk.create_topic(cluster(msk), "orders", 1)
    assert msk.put(topic.arn, [(b"key", b"value")]) == [""]
    (record,) = topic.log.read("orders", 0, 0)
    assert (record.key, record.value, record.timestamp) == (b"key", b"value", NOW * 1000)


def test_a_record_that_is_too_large_for_its_topic_is_refused_and_others_are_not(msk: EmbeddedMsk) -> None:
    topic = msk.create_topic(cluster(msk), "orders", 1, {"max.message.bytes": "1000"})
    assert msk.put(topic.arn, [(None, b"x" * 900), (None, b"x" * 1000), (b"k", b"y")]) == ["", TOO_LARGE, ""]
    assert topic.log.end_offsets("orders") == {0: 2}


@pytest.mark.parametrize("policy", ["compact", "compact,delete"])
def test_a_compacted_topic_takes_no_record_without_a_key(msk: EmbeddedMsk, policy: str) -> None:
    topic = msk.create_topic(cluster(msk), "orders", 1, {"cleanup.policy": policy})
    assert msk.put(topic.arn, [(b"k", b"a"), (None, b"b"), (b"", b"c")]) == ["", KEYLESS, ""]
    assert topic.log.end_offsets("orders") == {0: 2}


def test_what_the_log_refuses_is_told_of_its_record_with_what_is_likely(msk: EmbeddedMsk) -> None:
    """A cluster whose own default is to compact: its topics do not say so."""
    topic = msk.create_topic(cluster(msk), "orders", 1)

    class Compacted(MemoryTopicLog):
        def put_all(self, records: Iterable[NewRecord]) -> list[Position]:
            keyless = [place for place, record in enumerate(records) if record.key is None]
            raise RefusedRecordsError(dict.fromkeys(keyless, TopicLogError(INVALID_RECORD, "it is invalid", "INVALID")))

    topic.log = Compacted()
    answers = msk.put(topic.arn, [(b"k", b"x" * 2_000_000), (b"k", b"a"), (None, b"b"), (b"k", b"c")])
    assert answers == [TOO_LARGE, "", f"INVALID (87): it is invalid; likely {KEYLESS}", ""]


def test_clusters_have_topics_of_the_same_name_each_of_its_own(msk: EmbeddedMsk) -> None:
    first, second = (msk.create_topic(cluster(msk), "orders", 1) for _ in range(2))
    msk.put(first.arn, [(None, b"x")])
    assert (first.log.end_offsets("orders"), second.log.end_offsets("orders")) == ({0: 1}, {0: 0})


@pytest.mark.parametrize(
    ("event", "field", "key"),
    [
        (Event("given", b'{"customer": "a"}'), "customer", "given"),
        (Event("1", b'{"customer": "a"}', is_keyed=False), "customer", "a"),
        (Event("1", b'{"customer": 17}', is_keyed=False), "customer", "17"),
        (Event("1", b'{"customer": null}', is_keyed=False), "customer", None),
        (Event("1", b'{"customer": "a"}', is_keyed=False), "", None),
        (Event("1", b"no JSON", is_keyed=False), "customer", None),
        (Event("1", b"[1]", is_keyed=False), "customer", None),
    ],
)
def test_a_key_is_the_one_that_is_given_or_else_what_the_field_says(event: Event, field: str, key: str | None) -> None:
    assert record_key(event, field) == key


def test_a_partition_without_a_commit_is_no_partition_without_lag(msk: EmbeddedMsk) -> None:
    topic = msk.create_topic(cluster(msk), "orders", 2)
    msk.put(topic.arn, [(None, b"x")] * 4)
    topic.groups.append(TopicGroup("fraud", "group", lambda: {0: 2}, {0: 0, 1: 0}))
    (report,) = kafka_reports(msk, str)
    (group,) = report.groups
    assert [(one.committed, one.lag) for one in group.partitions] == [(2, 0), (None, 2)]
    assert (group.reader, group.total_lag, group.max_lag, group.without_commit) == ("fraud", 2, 2, (1,))


def test_a_hot_key_is_named_with_its_partition(msk: EmbeddedMsk) -> None:
    topic = msk.create_topic(cluster(msk), "orders", 3)
    msk.put(topic.arn, [(b"vip" if number % 5 else str(number).encode(), b"x") for number in range(600)])
    (report,) = kafka_reports(msk, str)
    assert report.records == 600
    assert "times its even share; responsible: `vip` (" in report.skew


def test_what_is_counted_once_is_not_counted_again(msk: EmbeddedMsk) -> None:
    topic = msk.create_topic(cluster(msk), "orders", 3)
    for expected in (2, 4):
        msk.put(topic.arn, [(None, b"x")] * 2)
        (report,) = kafka_reports(msk, str)
        assert report.records == expected


def test_no_broker_is_run_for_whose_jars_nobody_asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path))
    keeper = topic_keeper.topic_keeper("auto")
    assert (keeper.name, keeper.why) == (
        "memory",
        "the jars of Kafka are not there: `streaming-constructs jars` brings them",
    )


def test_topics_of_a_serverless_cluster_are_a_clients(tmp_path: Path) -> None:
    text = """
name: shop
clusters: {main: {kind: msk}, less: {kind: msk_serverless}}
schemas: {order: {customer: {type: string, json_key: customerId}}}
streams:
  orders: {kind: kafka, cluster: main, partitions: 3, partition_key: customer, schema: order}
  clicks: {kind: kafka, cluster: less, topic: shop.clicks, partitions: 2}
alarms: false
"""
    path = tmp_path / "pipeline.yaml"
    path.write_text(text)
    orders, clicks = planned_topics(load_plan(path))
    assert (orders.is_resource, orders.key_field) == (True, "customerId")
    assert clicks == PlannedTopic("clicks", "less", "", "shop.clicks", 2, clicks.configs, "", is_resource=False)
    assert clicks.configs["cleanup.policy"] == "delete"

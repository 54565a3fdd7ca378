"""What a rehearsal asks of topics: the same of a broker as of this process, and what a broker alone can judge."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest

from streaming_constructs.local.kafka.broker import KafkaBroker
from streaming_constructs.local.kafka.broker_topic_log import BrokerTopicLog
from streaming_constructs.local.kafka.client import client_configuration
from streaming_constructs.local.kafka.memory_topic_log import MemoryTopicLog
from streaming_constructs.local.kafka.topic_log import (
    INVALID_PARTITIONS,
    OFFSET_OUT_OF_RANGE,
    TOPIC_ALREADY_EXISTS,
    UNKNOWN_TOPIC_OR_PARTITION,
    NewRecord,
    Position,
    RefusedRecordsError,
    TopicLog,
    TopicLogError,
)
from streaming_constructs.planning.partition_keys.kafka_partitioner import java_partition, librdkafka_partition

NAMES = (f"topic-{number}" for number in count())
NONE = "no-such-topic"
KIB = 1024


@pytest.fixture(scope="module")
def memory() -> TopicLog:
    return MemoryTopicLog(now=lambda: 1_700_000_000.0)


@pytest.fixture(scope="module")
def broker_log(kafka_broker: KafkaBroker) -> Iterator[BrokerTopicLog]:
    log = BrokerTopicLog(kafka_broker.access)
    yield log
    log.close()


@pytest.fixture(params=["memory", pytest.param("broker_log", marks=pytest.mark.xdist_group("kafka"))])
def log(request: pytest.FixtureRequest) -> TopicLog:
    found: TopicLog = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def topic(log: TopicLog) -> str:
    """A topic of three partitions."""
    name = next(NAMES)
    log.create_topic(name, 3)
    return name


def refusal(error: pytest.ExceptionInfo[TopicLogError]) -> int:
    return error.value.code


def test_a_record_comes_out_as_it_went_in(log: TopicLog, topic: str) -> None:
    headers = (("trace", b"1"), ("trace", None), ("é", b""))
    position = log.put(topic, b"device-0", b"\x00\xff", headers, 1_700_000_000_123)
    (record,) = log.read(topic, position.partition, position.offset)
    assert (record.topic, record.partition, record.offset) == (topic, *position)
    assert (record.key, record.value, record.headers) == (b"device-0", b"\x00\xff", headers)
    assert record.timestamp == 1_700_000_000_123


def test_a_record_without_a_value_has_none(log: TopicLog, topic: str) -> None:
    position = log.put(topic, b"gone", None)
    assert log.read(topic, *position)[0].value is None
    position = log.put(topic, b"empty", b"")
    assert log.read(topic, *position)[0].value == b""


def test_a_record_without_a_time_has_that_of_its_putting(log: TopicLog, topic: str) -> None:
    assert log.read(topic, *log.put(topic, b"a", b"1"))[0].timestamp >= 1_700_000_000_000


def test_keys_go_where_java_puts_them(log: TopicLog, topic: str) -> None:
    keys = [f"device-{number}".encode() for number in range(200)] + [b"", "é".encode()]
    positions = log.put_all(NewRecord(topic, key, b"") for key in keys)
    assert [position.partition for position in positions] == [java_partition(key, 3) for key in keys]


def test_records_of_a_partition_keep_their_order(log: TopicLog, topic: str) -> None:
    positions = log.put_all(NewRecord(topic, b"one", str(number).encode()) for number in range(1000))
    partition = positions[0].partition
    assert positions == [Position(partition, offset) for offset in range(1000)]
    read = [record for offset in (0, 400) for record in log.read(topic, partition, offset, 600)]
    assert [record.value for record in read] == [str(n).encode() for n in [*range(600), *range(400, 1000)]]


def test_a_record_without_a_key_goes_to_some_partition(log: TopicLog, topic: str) -> None:
    log.put_all(NewRecord(topic, None, b"x") for _ in range(10))
    assert sum(log.end_offsets(topic).values()) == 10


def test_reading_goes_on_where_it_is_told_to(log: TopicLog, topic: str) -> None:
    partition = log.put_all(NewRecord(topic, b"one", str(number).encode()) for number in range(5))[0].partition
    offsets = [[record.offset for record in log.read(topic, partition, offset, 2)] for offset in (0, 2, 4, 1, 5)]
    assert offsets == [[0, 1], [2, 3], [4], [1, 2], []]


def test_what_comes_later_is_read_by_whoever_stood_at_the_end(log: TopicLog, topic: str) -> None:
    position = log.put(topic, b"one", b"1")
    assert log.read(topic, position.partition, 1) == []
    log.put(topic, b"one", b"2")
    assert [record.value for record in log.read(topic, position.partition, 1)] == [b"2"]


def test_bytes_limit_what_is_read_but_for_the_first_record(log: TopicLog, topic: str) -> None:
    records = [NewRecord(topic, b"one", b"x" * (10 * KIB)) for _ in range(5)]
    partition = log.put_all(records)[0].partition
    taken = [[record.offset for record in log.read(topic, partition, at, 500, 25 * KIB)] for at in (0, 2, 4)]
    assert taken == [[0, 1], [2, 3], [4]]
    assert [record.offset for record in log.read(topic, partition, 3, 500, 1)] == [3]


def test_an_offset_behind_the_end_is_refused(log: TopicLog, topic: str) -> None:
    with pytest.raises(TopicLogError) as error:
        log.read(topic, 0, 7)
    assert refusal(error) == OFFSET_OUT_OF_RANGE


def test_offsets_begin_at_0(log: TopicLog, topic: str) -> None:
    assert log.start_offsets(topic) == log.end_offsets(topic) == {0: 0, 1: 0, 2: 0}


def test_a_group_has_no_commit_until_it_commits(log: TopicLog, topic: str) -> None:
    assert log.committed("app", topic) == {}
    log.commit("app", topic, {1: 0})
    log.commit("app", topic, {2: 5})
    assert log.committed("app", topic) == {1: 0, 2: 5}
    assert log.committed("another", topic) == {}


def test_more_partitions_take_keys_at_once(log: TopicLog, topic: str) -> None:
    log.put(topic, b"device-0", b"")
    log.create_partitions(topic, 12)
    assert log.partitions(topic) == len(log.end_offsets(topic)) == 12
    assert log.put(topic, b"device-0", b"") == (10, 0)


@pytest.mark.parametrize("partitions", [3, 2])
def test_partitions_are_never_fewer(log: TopicLog, topic: str, partitions: int) -> None:
    with pytest.raises(TopicLogError) as error:
        log.create_partitions(topic, partitions)
    assert refusal(error) == INVALID_PARTITIONS


def test_a_deleted_topic_is_gone_with_its_records_and_commits(log: TopicLog, topic: str) -> None:
    log.put(topic, b"device-0", b"before")
    log.commit("app", topic, {0: 1})
    log.delete_topic(topic)
    with pytest.raises(TopicLogError) as error:
        log.end_offsets(topic)
    assert refusal(error) == UNKNOWN_TOPIC_OR_PARTITION
    log.create_topic(topic, 1)
    assert (log.end_offsets(topic), log.committed("app", topic)) == ({0: 0}, {})
    assert log.read(topic, 0, 0) == []
    assert log.put(topic, b"device-0", b"after") == (0, 0)
    assert log.read(topic, 0, 0)[0].value == b"after"


def test_a_topic_is_created_once_and_with_a_partition(log: TopicLog, topic: str) -> None:
    with pytest.raises(TopicLogError) as error:
        log.create_topic(topic, 3)
    assert refusal(error) == TOPIC_ALREADY_EXISTS
    with pytest.raises(TopicLogError) as error:
        log.create_topic(next(NAMES), 0)
    assert refusal(error) == INVALID_PARTITIONS


def test_what_is_not_there_is_refused_with_the_code_of_kafka(log: TopicLog, topic: str) -> None:
    tries = [
        lambda: log.put(NONE, b"a", b""),
        lambda: log.read(NONE, 0, 0),
        lambda: log.read(topic, 9, 0),
        lambda: log.start_offsets(NONE),
        lambda: log.end_offsets(NONE),
        lambda: log.commit("app", NONE, {0: 1}),
        lambda: log.commit("app", topic, {9: 1}),
        lambda: log.committed("app", NONE),
        lambda: log.partitions(NONE),
        lambda: log.alter_configs(NONE, {"retention.ms": "1000"}),
        lambda: log.create_partitions(NONE, 3),
        lambda: log.delete_topic(NONE),
    ]
    for attempt in tries:
        with pytest.raises(TopicLogError) as error:
            attempt()
        assert (refusal(error), error.value.name) == (UNKNOWN_TOPIC_OR_PARTITION, "UNKNOWN_TOPIC_OR_PARTITION")


def test_records_beside_one_that_is_refused_are_kept(log: TopicLog, topic: str) -> None:
    with pytest.raises(TopicLogError):
        log.put_all([NewRecord(topic, b"a", b""), NewRecord(NONE, b"a", b""), NewRecord(topic, b"a", b"")])
    assert sum(log.end_offsets(topic).values()) == 2


def test_memory_says_that_it_judges_no_configuration(memory: MemoryTopicLog) -> None:
    assert not memory.checks_configs
    memory.create_topic("any name", 1, {"cleanup.policy": "none"})


# --- what a broker alone can judge


@pytest.mark.xdist_group("kafka")
@pytest.mark.parametrize(
    "configs",
    [
        {"retention.ms": "604800000", "cleanup.policy": "delete"},
        {"cleanup.policy": "compact,delete", "min.compaction.lag.ms": "60000"},
        {"compression.type": "zstd"},
        {"retention.ms": " 1000 "},
        {"remote.storage.enable": "true", "retention.ms": "259200000", "local.retention.ms": "3600000"},
        {"remote.storage.enable": "true", "retention.ms": "3600000", "local.retention.ms": "3600000"},
        {"min.insync.replicas": "4"},
    ],
)
def test_a_broker_takes_what_kafka_takes(broker_log: BrokerTopicLog, configs: dict[str, str]) -> None:
    name = next(NAMES)
    broker_log.create_topic(name, 1, configs)
    assert broker_log.partitions(name) == 1


@pytest.mark.xdist_group("kafka")
@pytest.mark.parametrize(
    ("configs", "code", "said"),
    [
        ({"retention.ms": "7d"}, 40, "retention.ms"),
        ({"cleanup.policy": "Delete"}, 40, "cleanup.policy"),
        ({"compression.type": "none"}, 40, "compression.type"),
        ({"log.retention.ms": "1000"}, 40, "log.retention.ms"),
        ({"min.insync.replicas": "0"}, 40, "min.insync.replicas"),
        ({"min.compaction.lag.ms": "2000", "max.compaction.lag.ms": "1000"}, 40, "min.compaction.lag.ms"),
        ({"remote.storage.enable": "true", "cleanup.policy": "compact"}, 40, "compacted"),
        (
            {"remote.storage.enable": "true", "retention.ms": "1000", "local.retention.ms": "2000"},
            40,
            "local.retention.ms",
        ),
    ],
)
def test_a_broker_refuses_what_kafka_refuses(
    broker_log: BrokerTopicLog, configs: dict[str, str], code: int, said: str
) -> None:
    with pytest.raises(TopicLogError, match=said) as error:
        broker_log.create_topic(next(NAMES), 1, configs)
    assert (error.value.code, error.value.name) == (code, "INVALID_CONFIG")


@pytest.mark.xdist_group("kafka")
@pytest.mark.parametrize(("name", "code"), [("a b", 17), ("x" * 250, 17), (".", 17)])
def test_a_broker_refuses_names(broker_log: BrokerTopicLog, name: str, code: int) -> None:
    with pytest.raises(TopicLogError) as error:
        broker_log.create_topic(name, 1)
    assert refusal(error) == code


@pytest.mark.xdist_group("kafka")
def test_a_broker_refuses_more_copies_than_nodes(broker_log: BrokerTopicLog) -> None:
    with pytest.raises(TopicLogError) as error:
        broker_log.create_topic(next(NAMES), 1, replication_factor=3)
    assert (error.value.code, error.value.name) == (38, "INVALID_REPLICATION_FACTOR")


@pytest.mark.xdist_group("kafka")
def test_a_broker_judges_changes_too(broker_log: BrokerTopicLog) -> None:
    name = next(NAMES)
    broker_log.create_topic(name, 1, {"remote.storage.enable": "true", "retention.ms": "1000"})
    broker_log.alter_configs(name, {"retention.ms": "2000"})
    for configs in ({"remote.storage.enable": "false"}, {"remote.storage.enable": None}, {"no.such.key": "1"}):
        with pytest.raises(TopicLogError) as error:
            broker_log.alter_configs(name, configs)
        assert refusal(error) == 40
    broker_log.alter_configs(name, {"remote.storage.enable": "false", "remote.log.delete.on.disable": "true"})


@pytest.mark.xdist_group("kafka")
def test_a_record_that_is_too_large_is_the_broker_s_to_refuse(broker_log: BrokerTopicLog) -> None:
    name = next(NAMES)
    broker_log.create_topic(name, 1, {"max.message.bytes": "2000000"})
    assert broker_log.put(name, b"a", b"x" * 1_900_000) == (0, 0)
    with pytest.raises(TopicLogError) as error:
        broker_log.put(name, b"a", b"x" * 2_100_000)
    assert (error.value.code, error.value.name) == (10, "MESSAGE_TOO_LARGE")


@pytest.mark.xdist_group("kafka")
@pytest.mark.parametrize("partitions", [1, 3])
def test_records_that_the_broker_refuses_are_named_and_take_no_others_with_them(
    broker_log: BrokerTopicLog, partitions: int
) -> None:
    name = next(NAMES)
    broker_log.create_topic(name, partitions, {"cleanup.policy": "compact"})
    records = [NewRecord(name, None if number in (3, 17) else b"key", b"%d" % number) for number in range(40)]
    with pytest.raises(RefusedRecordsError) as refused:
        broker_log.put_all(records)
    assert {place: error.code for place, error in refused.value.records.items()} == {3: 87, 17: 87}
    partition = java_partition(b"key", partitions)
    kept = [record.value for record in broker_log.read(name, partition, 0)]
    assert kept == [b"%d" % number for number in range(40) if number not in (3, 17)]


@pytest.mark.xdist_group("kafka")
def test_a_batch_that_is_too_large_is_put_in_parts_and_its_order_stays(broker_log: BrokerTopicLog) -> None:
    """Java's client splits such a batch; its records are small enough."""
    name = next(NAMES)
    broker_log.create_topic(name, 1, {"max.message.bytes": "10000"})
    values = [b"%d" % number + b"x" * (20_000 if number == 70 else 200) for number in range(300)]
    with pytest.raises(RefusedRecordsError) as refused:
        broker_log.put_all(NewRecord(name, b"key", value) for value in values)
    assert {place: error.code for place, error in refused.value.records.items()} == {70: 10}
    assert [record.value for record in broker_log.read(name, 0, 0)] == values[:70] + values[71:]


@pytest.mark.xdist_group("kafka")
def test_what_was_compacted_leaves_gaps(broker_log: BrokerTopicLog) -> None:
    """The same that a transaction leaves: reading goes over it, and ends."""
    name = next(NAMES)
    broker_log.create_topic(name, 1)
    from confluent_kafka import Producer

    producer = Producer({**client_configuration(broker_log.access), "transactional.id": name})
    producer.init_transactions()
    for value in (b"1", b"2"):
        producer.begin_transaction()
        producer.produce(name, value)
        producer.commit_transaction()
    assert [(record.offset, record.value) for record in broker_log.read(name, 0, 0)] == [(0, b"1"), (2, b"2")]
    assert broker_log.end_offsets(name) == {0: 4}
    assert broker_log.read(name, 0, 3) == []


@pytest.mark.xdist_group("kafka")
def test_librdkafka_s_own_default_puts_keys_elsewhere(broker_log: BrokerTopicLog) -> None:
    name = next(NAMES)
    broker_log.create_topic(name, 12)
    from confluent_kafka import Producer

    producer = Producer(client_configuration(broker_log.access))
    landed = {}
    for key in (f"device-{number}".encode() for number in range(100)):
        producer.produce(
            name, b"", key, on_delivery=lambda _, message, key=key: landed.update({key: message.partition()})
        )
    producer.flush(30)
    assert landed == {key: librdkafka_partition(key, 12) for key in landed}
    assert len(landed) == 100

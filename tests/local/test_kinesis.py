"""moto's Kinesis API, on our shards: what AWS would take, refuse, give back and close."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from itertools import pairwise
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st
from moto import mock_aws
from moto.cloudformation.models import cloudformation_backends
from moto.core.exceptions import JsonRESTError
from moto.kinesis.models import kinesis_backends

from streaming_constructs.local.clock import Clock
from streaming_constructs.local.kinesis import kinesis_hooks as kinesis
from streaming_constructs.local.kinesis.embedded_stream import EmbeddedStream
from streaming_constructs.local.kinesis.kinesis_hooks import install_kinesis_hooks, shards_of, stream_by_arn

ACCOUNT, REGION = "123456789012", "us-east-1"
ARN = f"arn:aws:kinesis:{REGION}:{ACCOUNT}:stream/clicks"
LAST_HASH = 2**128 - 1
NOW = 1_790_000_000.0
FIRST = "shardId-000000000000"
MIB = 1_048_576


class StandingClock(Clock):
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        super().__init__()
        self.time = NOW

    def now(self) -> float:
        return self.time


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture(scope="module")
def clients() -> Iterator[Any]:
    """Clients of moto, in this process; what is replaced in moto is put back in the end."""
    with pytest.MonkeyPatch.context() as patch:
        for owner, name, _ in kinesis._REPLACED:
            patch.setattr(owner, name, getattr(owner, name))
        config = Config(retries={"total_max_attempts": 1}, parameter_validation=False)
        with mock_aws():
            session = boto3.session.Session("testing", "testing", region_name=REGION)
            yield cache(lambda service: session.client(service, config=config))


@pytest.fixture
def aws(clients: Any, clock: StandingClock) -> Iterator[Any]:
    """The same, of an account with nothing in it."""
    install_kinesis_hooks(clock)
    yield clients
    for backends in (kinesis_backends, cloudformation_backends):
        backends[ACCOUNT].reset()


@pytest.fixture
def api(aws: Any) -> Any:
    return aws("kinesis")


def stream_of(shards: int = 1, mode: str = "PROVISIONED") -> EmbeddedStream:
    """A stream without an account around it."""
    EmbeddedStream.clock = StandingClock()
    return EmbeddedStream(
        "clicks",
        shards,
        stream_mode={"StreamMode": mode},
        retention_period_hours=None,
        account_id=ACCOUNT,
        region_name=REGION,
    )


def open_ranges(stream: EmbeddedStream) -> list[tuple[int, int]]:
    return sorted((one.starting_hash, one.ending_hash) for one in stream.shards.values() if one.is_open)


def assert_every_hash_has_one_shard(stream: EmbeddedStream) -> None:
    ranges = open_ranges(stream)
    assert ranges[0][0] == 0
    assert ranges[-1][1] == LAST_HASH
    assert all(before[1] + 1 == after[0] for before, after in pairwise(ranges))
    assert stream.shard_count == len(ranges)
    for first, last in ranges:
        for hash_key in (first, last):
            shard = stream._shard_of(hash_key)
            assert (shard.starting_hash, shard.ending_hash, shard.is_open) == (first, last, True)


def code_of(call: Any, **parameters: Any) -> str:
    with pytest.raises(ClientError) as refused:
        call(**parameters)
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    code: str = refused.value.response["Error"]["Code"]
    return code


def message_of(call: Any, **parameters: Any) -> str:
    with pytest.raises(ClientError) as refused:
        call(**parameters)
    message: str = refused.value.response["Error"]["Message"]
    return message


def put(api: Any, *keys: str, data: bytes = b"x", **more: Any) -> list[dict[str, Any]]:
    records = [{"Data": data, "PartitionKey": key, **more} for key in keys]
    answer = api.put_records(StreamName="clicks", Records=records)
    assert answer["FailedRecordCount"] == 0
    entries: list[dict[str, Any]] = answer["Records"]
    return entries


def iterator_of(api: Any, shard_id: str = FIRST, kind: str = "TRIM_HORIZON", **more: Any) -> str:
    answer = api.get_shard_iterator(StreamName="clicks", ShardId=shard_id, ShardIteratorType=kind, **more)
    iterator: str = answer["ShardIterator"]
    return iterator


def keys_from(api: Any, iterator: str, **more: Any) -> list[str]:
    return [one["PartitionKey"] for one in api.get_records(ShardIterator=iterator, **more)["Records"]]


# Putting


def test_a_record_comes_back_as_it_was_put(api: Any, clock: StandingClock) -> None:
    api.create_stream(StreamName="clicks", ShardCount=1)
    clock.time = NOW + 0.1237
    put_answer = api.put_record(StreamName="clicks", Data=b"\x00\xff", PartitionKey="ключ")
    (record,) = api.get_records(ShardIterator=iterator_of(api))["Records"]
    assert put_answer["ShardId"] == FIRST
    assert record.pop("ApproximateArrivalTimestamp").timestamp() == NOW + 0.123
    expected = {"Data": b"\x00\xff", "PartitionKey": "ключ", "SequenceNumber": put_answer["SequenceNumber"]}
    assert record == expected


def test_sequence_numbers_look_like_those_of_aws(api: Any) -> None:
    api.create_stream(StreamName="clicks", ShardCount=3)
    numbers = [one["SequenceNumber"] for one in put(api, *(str(n) for n in range(100)))]
    assert {(len(one), one[:2]) for one in numbers} == {(56, "49")}
    assert len(set(numbers)) == 100


def test_a_key_chooses_its_shard_by_md5(api: Any) -> None:
    api.create_stream(StreamName="clicks", ShardCount=4)
    keys = [f"user-{number}" for number in range(50)]
    quarters = [int(hashlib.md5(key.encode()).hexdigest(), 16) // 2**126 for key in keys]
    assert [one["ShardId"] for one in put(api, *keys)] == [f"shardId-{quarter:012d}" for quarter in quarters]


@pytest.mark.parametrize(("hash_key", "shard"), [(0, 0), (2**127 - 1, 0), (2**127, 1), (LAST_HASH, 1)])
def test_an_explicit_hash_key_is_honoured_up_to_the_last_of_a_shard(api: Any, hash_key: int, shard: int) -> None:
    api.create_stream(StreamName="clicks", ShardCount=2)
    (answer,) = put(api, "k", ExplicitHashKey=str(hash_key))
    assert answer["ShardId"] == f"shardId-{shard:012d}"


@pytest.mark.parametrize("hash_key", [str(2**128), "-1", "007", "x"])
def test_a_hash_key_that_no_shard_has_is_refused(api: Any, hash_key: str) -> None:
    api.create_stream(StreamName="clicks", ShardCount=2)
    refused = {"Data": b"", "PartitionKey": "k", "ExplicitHashKey": hash_key}
    assert code_of(api.put_record, StreamName="clicks", **refused) == "InvalidArgumentException"


@pytest.mark.parametrize(("characters", "taken"), [(0, False), (1, True), (256, True), (257, False)])
def test_a_partition_key_has_1_to_256_characters(api: Any, characters: int, taken: bool) -> None:
    api.create_stream(StreamName="clicks", ShardCount=1)
    record = {"Data": b"", "PartitionKey": "ü" * characters}
    if taken:
        api.put_record(StreamName="clicks", **record)
    else:
        assert code_of(api.put_records, StreamName="clicks", Records=[record]) == "ValidationException"


def test_a_record_may_be_as_large_as_the_stream_allows_with_its_key(api: Any) -> None:
    api.create_stream(StreamName="clicks", ShardCount=1)
    too_large = {"Data": b"x" * (MIB - 1), "PartitionKey": "ü"}
    assert code_of(api.put_record, StreamName="clicks", **too_large) == "ValidationException"
    put(api, "ü", data=b"x" * (MIB - 2))


def test_a_stream_with_a_higher_limit_takes_larger_records(api: Any) -> None:
    api.create_stream(StreamName="clicks", ShardCount=1)
    found = stream_by_arn(ARN)
    assert found is not None
    found.max_record_kb = 2048
    put(api, "kk", data=b"x" * (2 * MIB - 2))
    assert api.describe_stream_summary(StreamName="clicks")["StreamDescriptionSummary"]["MaxRecordSizeInKiB"] == 2048


def test_a_request_takes_500_records(api: Any) -> None:
    api.create_stream(StreamName="clicks", ShardCount=1)
    records = [{"Data": b"", "PartitionKey": "k"}] * 501
    assert code_of(api.put_records, StreamName="clicks", Records=records) == "ValidationException"
    assert code_of(api.put_records, StreamName="clicks", Records=[]) == "ValidationException"
    put(api, *["k"] * 500)


def test_a_request_takes_10_mebibytes_with_partition_keys(api: Any) -> None:
    api.create_stream(StreamName="clicks", ShardCount=1)
    records = [{"Data": b"x" * (MIB - 1), "PartitionKey": "k"}] * 10
    assert len(api.put_records(StreamName="clicks", Records=records)["Records"]) == 10
    more = [*records, {"Data": b"", "PartitionKey": "k"}]
    assert code_of(api.put_records, StreamName="clicks", Records=more) == "InvalidArgumentException"


def test_a_refused_request_puts_nothing(api: Any) -> None:
    api.create_stream(StreamName="clicks", ShardCount=1)
    records = [{"Data": b"", "PartitionKey": "k"}, {"Data": b"", "PartitionKey": ""}]
    assert code_of(api.put_records, StreamName="clicks", Records=records) == "ValidationException"
    assert shards_of("clicks", ACCOUNT, REGION)[0].log.count == 0


def test_each_record_that_is_throttled_says_so_and_is_not_put(api: Any) -> None:
    api.create_stream(StreamName="clicks", ShardCount=1)
    put(api, *["k"] * 400)
    put(api, *["k"] * 400)
    answer = api.put_records(StreamName="clicks", Records=[{"Data": b"", "PartitionKey": "k"}] * 300)
    assert answer["FailedRecordCount"] == 100
    assert {"SequenceNumber", "ShardId"} == set(answer["Records"][199])
    assert (
        answer["Records"][200:]
        == [
            {
                "ErrorCode": "ProvisionedThroughputExceededException",
                "ErrorMessage": f"Rate exceeded for shard {FIRST} in stream clicks under account {ACCOUNT}.",
            }
        ]
        * 100
    )
    (shard,) = shards_of("clicks", ACCOUNT, REGION)
    assert (shard.log.count, shard.counts.records, shard.counts.throttled_records) == (1000, 1000, 100)


def test_a_single_record_that_is_throttled_is_an_error_until_there_is_room(api: Any, clock: StandingClock) -> None:
    api.create_stream(StreamName="clicks", ShardCount=1)
    record = {"StreamName": "clicks", "Data": b"x" * (MIB - 1), "PartitionKey": "k"}
    api.put_record(**record)
    assert code_of(api.put_record, **record) == "ProvisionedThroughputExceededException"
    assert (
        message_of(api.put_record, **record)
        == f"Rate exceeded for shard {FIRST} in stream clicks under account {ACCOUNT}."
    )
    clock.time += 1
    api.put_record(**record)


def test_a_hot_shard_throttles_no_other(api: Any) -> None:
    api.create_stream(StreamName="clicks", ShardCount=2)
    put(api, *["k"] * 500, ExplicitHashKey="0")
    put(api, *["k"] * 500, ExplicitHashKey="0")
    answer = api.put_records(
        StreamName="clicks",
        Records=[{"Data": b"", "PartitionKey": "k", "ExplicitHashKey": key} for key in ("0", str(LAST_HASH))],
    )
    assert ["ErrorCode" in one for one in answer["Records"]] == [True, False]


def test_counts_tell_the_keys_of_a_shard(api: Any) -> None:
    api.create_stream(StreamName="clicks", ShardCount=1)
    put(api, "a", "b", "b", data=b"123")
    (shard,) = shards_of(ARN, ACCOUNT, REGION)
    assert (shard.counts.records, shard.counts.bytes) == (3, 12)
    assert shard.counts.keys_by_records.heaviest(9) == [("b", 2), ("a", 1)]


def test_puts_leave_nothing_in_cloudwatch(aws: Any, api: Any) -> None:
    api.create_stream(StreamName="clicks", ShardCount=1)
    put(api, "a")
    api.put_record(StreamName="clicks", Data=b"", PartitionKey="a")
    assert aws("cloudwatch").list_metrics(Namespace="AWS/Kinesis")["Metrics"] == []


def test_a_stream_is_found_by_its_arn_alone(api: Any) -> None:
    api.create_stream(StreamName="clicks", ShardCount=1)
    api.put_records(StreamARN=ARN, Records=[{"Data": b"1", "PartitionKey": "a"}])
    iterator = api.get_shard_iterator(StreamARN=ARN, ShardId=FIRST, ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    assert keys_from(api, iterator) == ["a"]


def test_a_stream_that_is_not_there_is_not_found(api: Any) -> None:
    record = {"Data": b"", "PartitionKey": "k"}
    assert code_of(api.put_record, StreamName="clicks", **record) == "ResourceNotFoundException"
    assert stream_by_arn(ARN) is None
    assert shards_of("clicks", ACCOUNT, REGION) == []


# Reading


def test_iterators_begin_where_they_say(api: Any, clock: StandingClock) -> None:
    api.create_stream(StreamName="clicks", ShardCount=1)
    (first,) = put(api, "a")
    clock.time += 60
    put(api, "b", "c")
    number = first["SequenceNumber"]
    at = {
        "TRIM_HORIZON": iterator_of(api),
        "LATEST": iterator_of(api, kind="LATEST"),
        "AT_SEQUENCE_NUMBER": iterator_of(api, kind="AT_SEQUENCE_NUMBER", StartingSequenceNumber=number),
        "AFTER_SEQUENCE_NUMBER": iterator_of(api, kind="AFTER_SEQUENCE_NUMBER", StartingSequenceNumber=number),
        "AT_TIMESTAMP": iterator_of(api, kind="AT_TIMESTAMP", Timestamp=datetime.fromtimestamp(NOW + 1, UTC)),
    }
    read = {}
    for kind, iterator in at.items():
        clock.time += 1
        read[kind] = "".join(keys_from(api, iterator))
    assert read == {
        "TRIM_HORIZON": "abc",
        "LATEST": "",
        "AT_SEQUENCE_NUMBER": "abc",
        "AFTER_SEQUENCE_NUMBER": "bc",
        "AT_TIMESTAMP": "bc",
    }


def test_a_latest_iterator_sees_what_comes_after_it(api: Any) -> None:
    api.create_stream(StreamName="clicks", ShardCount=1)
    put(api, "a")
    iterator = iterator_of(api, kind="LATEST")
    put(api, "b")
    assert keys_from(api, iterator) == ["b"]


def test_a_record_is_found_by_the_time_that_it_tells(api: Any, clock: StandingClock) -> None:
    api.create_stream(StreamName="clicks", ShardCount=1)
    clock.time = NOW + 0.98765
    put(api, "a")
    arrival = api.get_records(ShardIterator=iterator_of(api))["Records"][0]["ApproximateArrivalTimestamp"]
    assert keys_from(api, iterator_of(api, kind="AT_TIMESTAMP", Timestamp=arrival)) == ["a"]


def test_the_number_that_a_shard_starts_at_is_a_position(api: Any) -> None:
    api.create_stream(StreamName="clicks", ShardCount=1)
    put(api, "a")
    (described,) = api.list_shards(StreamName="clicks")["Shards"]
    start = described["SequenceNumberRange"]["StartingSequenceNumber"]
    assert keys_from(api, iterator_of(api, kind="AT_SEQUENCE_NUMBER", StartingSequenceNumber=start)) == ["a"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"ShardIteratorType": "FROM_THE_MIDDLE"},
        {"ShardIteratorType": "AT_SEQUENCE_NUMBER"},
        {"ShardIteratorType": "AT_TIMESTAMP"},
        {"ShardIteratorType": "AT_SEQUENCE_NUMBER", "StartingSequenceNumber": "7"},
        {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "StartingSequenceNumber": "9" * 56},
    ],
)
def test_a_position_that_a_shard_does_not_have_is_refused(api: Any, wrong: dict[str, str]) -> None:
    api.create_stream(StreamName="clicks", ShardCount=1)
    assert code_of(api.get_shard_iterator, StreamName="clicks", ShardId=FIRST, **wrong) == "InvalidArgumentException"


def test_a_shard_that_is_not_there_is_not_found(api: Any) -> None:
    api.create_stream(StreamName="clicks", ShardCount=1)
    wrong = {"StreamName": "clicks", "ShardId": "shardId-000000000001", "ShardIteratorType": "LATEST"}
    assert code_of(api.get_shard_iterator, **wrong) == "ResourceNotFoundException"


def test_reading_goes_on_where_it_stopped(api: Any) -> None:
    api.create_stream(StreamName="clicks", ShardCount=1)
    put(api, *"abcde")
    iterator, read = iterator_of(api), []
    for _ in range(3):
        answer = api.get_records(ShardIterator=iterator, Limit=2)
        read.append("".join(one["PartitionKey"] for one in answer["Records"]))
        iterator = answer["NextShardIterator"]
    assert read == ["ab", "cd", "e"]


def test_a_read_tells_how_far_behind_it_is(api: Any, clock: StandingClock) -> None:
    api.create_stream(StreamName="clicks", ShardCount=1)
    put(api, "a")
    clock.time += 2
    put(api, "b")
    clock.time += 3
    iterator = iterator_of(api)
    first = api.get_records(ShardIterator=iterator, Limit=1)
    last = api.get_records(ShardIterator=first["NextShardIterator"])
    assert (first["MillisBehindLatest"], last["MillisBehindLatest"]) == (5000, 0)


def test_an_iterator_expires_after_five_minutes(api: Any, clock: StandingClock) -> None:
    api.create_stream(StreamName="clicks", ShardCount=1)
    iterator = iterator_of(api)
    clock.time += 300
    iterator = api.get_records(ShardIterator=iterator)["NextShardIterator"]
    clock.time += 300.1
    assert code_of(api.get_records, ShardIterator=iterator) == "ExpiredIteratorException"


@pytest.mark.parametrize("iterator", ["nonsense", base64.b64encode(b"1|clicks|x|y").decode()])
def test_an_iterator_that_nobody_gave_is_refused(api: Any, iterator: str) -> None:
    api.create_stream(StreamName="clicks", ShardCount=1)
    assert code_of(api.get_records, ShardIterator=iterator) == "InvalidArgumentException"


@pytest.mark.parametrize("limit", [0, 10_001])
def test_a_read_has_a_limit_of_10000_records(api: Any, limit: int) -> None:
    api.create_stream(StreamName="clicks", ShardCount=1)
    assert code_of(api.get_records, ShardIterator=iterator_of(api), Limit=limit) == "InvalidArgumentException"


def test_the_sixth_read_in_a_second_is_throttled_whoever_reads(api: Any, clock: StandingClock) -> None:
    api.create_stream(StreamName="clicks", ShardCount=1)
    one, other = iterator_of(api), iterator_of(api, kind="LATEST")
    for iterator in (one, other, one, other, one):
        api.get_records(ShardIterator=iterator)
    assert code_of(api.get_records, ShardIterator=other) == "ProvisionedThroughputExceededException"
    (shard,) = shards_of("clicks", ACCOUNT, REGION)
    assert shard.counts.throttled_reads == 1
    clock.time += 0.2
    api.get_records(ShardIterator=other)


def test_ten_mebibytes_are_given_at_once_and_throttle_five_seconds(api: Any, clock: StandingClock) -> None:
    api.create_stream(StreamName="clicks", ShardCount=1)
    for _ in range(11):
        put(api, "k", data=b"x" * (MIB - 1))
        clock.time += 1
    answer = api.get_records(ShardIterator=iterator_of(api))
    assert len(answer["Records"]) == 10
    following = {"ShardIterator": answer["NextShardIterator"]}
    clock.time += 4.9
    assert code_of(api.get_records, **following) == "ProvisionedThroughputExceededException"
    clock.time += 0.1
    assert len(api.get_records(**following)["Records"]) == 1


# Resharding


def test_a_split_closes_the_parent_and_keeps_its_records(api: Any) -> None:
    api.create_stream(StreamName="clicks", ShardCount=1)
    put(api, "a", ExplicitHashKey=str(LAST_HASH))
    api.split_shard(StreamName="clicks", ShardToSplit=FIRST, NewStartingHashKey=str(2**127))
    (after,) = put(api, "b", ExplicitHashKey=str(LAST_HASH))
    parent, low, high = api.list_shards(StreamName="clicks")["Shards"]
    assert after["ShardId"] == high["ShardId"] == "shardId-000000000002"
    assert "EndingSequenceNumber" in parent["SequenceNumberRange"]
    assert low["ParentShardId"] == high["ParentShardId"] == FIRST
    assert low["HashKeyRange"] == {"StartingHashKey": "0", "EndingHashKey": str(2**127 - 1)}
    assert high["HashKeyRange"] == {"StartingHashKey": str(2**127), "EndingHashKey": str(LAST_HASH)}
    assert keys_from(api, iterator_of(api)) == ["a"]
    assert keys_from(api, iterator_of(api, high["ShardId"])) == ["b"]
    assert api.describe_stream_summary(StreamName="clicks")["StreamDescriptionSummary"]["OpenShardCount"] == 2


def test_the_end_of_a_split_shard_names_its_children(api: Any) -> None:
    api.create_stream(StreamName="clicks", ShardCount=1)
    put(api, "a", "b")
    api.split_shard(StreamName="clicks", ShardToSplit=FIRST, NewStartingHashKey=str(2**127))
    first = api.get_records(ShardIterator=iterator_of(api), Limit=1)
    assert "ChildShards" not in first
    last = api.get_records(ShardIterator=first["NextShardIterator"])
    assert "NextShardIterator" not in last
    assert last["ChildShards"] == [
        {
            "ShardId": "shardId-000000000001",
            "ParentShards": [FIRST],
            "HashKeyRange": {"StartingHashKey": "0", "EndingHashKey": str(2**127 - 1)},
        },
        {
            "ShardId": "shardId-000000000002",
            "ParentShards": [FIRST],
            "HashKeyRange": {"StartingHashKey": str(2**127), "EndingHashKey": str(LAST_HASH)},
        },
    ]


def test_a_closed_shard_that_never_had_records_is_at_its_end(api: Any) -> None:
    api.create_stream(StreamName="clicks", ShardCount=1)
    api.split_shard(StreamName="clicks", ShardToSplit=FIRST, NewStartingHashKey=str(2**127))
    answer = api.get_records(ShardIterator=iterator_of(api, kind="LATEST"))
    assert "NextShardIterator" not in answer
    assert len(answer["ChildShards"]) == 2


@pytest.mark.parametrize("pair", [("0", "1"), ("1", "0")])
def test_a_merge_has_both_parents_in_the_order_in_which_they_were_named(api: Any, pair: tuple[str, str]) -> None:
    api.create_stream(StreamName="clicks", ShardCount=2)
    parents = [f"shardId-00000000000{number}" for number in pair]
    api.merge_shards(StreamName="clicks", ShardToMerge=parents[0], AdjacentShardToMerge=parents[1])
    child = api.list_shards(StreamName="clicks")["Shards"][2]
    assert [child["ParentShardId"], child["AdjacentParentShardId"]] == parents
    assert child["HashKeyRange"] == {"StartingHashKey": "0", "EndingHashKey": str(LAST_HASH)}
    (named,) = api.get_records(ShardIterator=iterator_of(api))["ChildShards"]
    assert named["ParentShards"] == parents


@pytest.mark.parametrize("hash_key", [0, 2**127 - 1, 2**127])
def test_a_shard_is_split_between_its_bounds_alone(api: Any, hash_key: int) -> None:
    api.create_stream(StreamName="clicks", ShardCount=2)
    wrong = {"StreamName": "clicks", "ShardToSplit": FIRST, "NewStartingHashKey": str(hash_key)}
    assert code_of(api.split_shard, **wrong) == "InvalidArgumentException"


def test_shards_that_are_not_neighbours_are_not_merged(api: Any) -> None:
    api.create_stream(StreamName="clicks", ShardCount=3)
    for other in (FIRST, "shardId-000000000002"):
        wrong = {"StreamName": "clicks", "ShardToMerge": FIRST, "AdjacentShardToMerge": other}
        assert code_of(api.merge_shards, **wrong) == "InvalidArgumentException"


def test_a_closed_shard_is_neither_split_nor_merged(api: Any) -> None:
    api.create_stream(StreamName="clicks", ShardCount=2)
    api.split_shard(StreamName="clicks", ShardToSplit=FIRST, NewStartingHashKey="7")
    split = {"StreamName": "clicks", "ShardToSplit": FIRST, "NewStartingHashKey": "9"}
    merge = {"StreamName": "clicks", "ShardToMerge": FIRST, "AdjacentShardToMerge": "shardId-000000000001"}
    assert code_of(api.split_shard, **split) == "InvalidArgumentException"
    assert code_of(api.merge_shards, **merge) == "InvalidArgumentException"


@pytest.mark.parametrize("target", [2, 3, 4, 5, 6, 8])
def test_any_target_within_the_limits_gives_shards_of_equal_size(api: Any, target: int) -> None:
    api.create_stream(StreamName="clicks", ShardCount=4)
    answer = api.update_shard_count(StreamName="clicks", TargetShardCount=target, ScalingType="UNIFORM_SCALING")
    assert (answer["CurrentShardCount"], answer["TargetShardCount"]) == (4, target)
    found = stream_by_arn(ARN)
    assert found is not None
    sizes = {last - first + 1 for first, last in open_ranges(found)}
    assert len(open_ranges(found)) == target
    assert max(sizes) - min(sizes) <= 1
    assert_every_hash_has_one_shard(found)


def test_doubling_splits_each_shard_once() -> None:
    stream = stream_of(3)
    stream.update_shard_count(6)
    assert len(stream.shards) == 9
    assert [one.parents for one in stream.shards.values()][3:5] == [(FIRST,), (FIRST,)]


def test_the_same_number_of_shards_changes_nothing() -> None:
    stream = stream_of(3)
    stream.update_shard_count(3)
    assert len(stream.shards) == 3


@pytest.mark.parametrize(("there", "target"), [(2, 5), (4, 1), (3, 1)])
def test_more_than_double_and_less_than_half_are_refused(api: Any, there: int, target: int) -> None:
    api.create_stream(StreamName="clicks", ShardCount=there)
    wrong = {"StreamName": "clicks", "TargetShardCount": target, "ScalingType": "UNIFORM_SCALING"}
    assert code_of(api.update_shard_count, **wrong) == "LimitExceededException"
    assert len(shards_of("clicks", ACCOUNT, REGION)) == there


def test_a_stream_on_demand_has_four_shards_with_the_limits_of_any(api: Any) -> None:
    api.create_stream(StreamName="clicks", StreamModeDetails={"StreamMode": "ON_DEMAND"})
    shards = shards_of("clicks", ACCOUNT, REGION)
    assert len(shards) == 4
    put(api, *["k"] * 500)
    put(api, *["k"] * 500)
    answer = api.put_records(StreamName="clicks", Records=[{"Data": b"", "PartitionKey": "k"}])
    assert answer["FailedRecordCount"] == 1


def test_a_stream_on_demand_is_not_resharded_by_hand(api: Any) -> None:
    api.create_stream(StreamName="clicks", StreamModeDetails={"StreamMode": "ON_DEMAND"})
    split = {"StreamName": "clicks", "ShardToSplit": FIRST, "NewStartingHashKey": "7"}
    scale = {"StreamName": "clicks", "TargetShardCount": 8, "ScalingType": "UNIFORM_SCALING"}
    assert code_of(api.split_shard, **split) == "ValidationException"
    assert code_of(api.update_shard_count, **scale) == "ValidationException"


hash_keys = st.integers(0, LAST_HASH)
steps = st.lists(
    st.tuples(st.just("split"), hash_keys)
    | st.tuples(st.just("merge"), hash_keys)
    | st.tuples(st.just("scale"), st.integers(1, 12))
    | st.tuples(st.just("put"), st.integers(0, 5)),
    max_size=25,
)


@given(begin=st.integers(1, 6), steps=steps)
def test_after_any_resharding_each_hash_has_one_shard_and_each_key_its_order(
    begin: int, steps: list[tuple[str, int]]
) -> None:
    stream = stream_of(begin)
    order: dict[str, list[int]] = {}
    for step, value in steps:
        shard = stream._shard_of(value)
        try:
            if step == "split":
                stream.split_shard(shard.shard_id, str(value))
            elif step == "merge":
                stream.merge_shards(shard.shard_id, stream._shard_of(min(shard.ending_hash + 1, LAST_HASH)).shard_id)
            elif step == "scale":
                stream.update_shard_count(value)
            else:
                number, _ = stream.put_record(str(value), "", base64.b64encode(b"x").decode())
                order.setdefault(str(value), []).append(int(number))
        except JsonRESTError:
            pass  # what AWS refuses as well; nothing may have changed
        assert_every_hash_has_one_shard(stream)
    read: dict[str, list[int]] = {}
    for one in stream.shards.values():  # parents stand before their children
        for record in one.log.read(0, 10_000, MIB):
            read.setdefault(record.partition_key, []).append(record.sequence_number)
        for parent in one.parents:
            assert not stream.shards[parent].is_open
            assert one in stream.shards[parent].children
    assert read == order
    assert all(numbers == sorted(numbers) for numbers in order.values())


# Templates


def template(**properties: Any) -> str:
    resource = {"Type": "AWS::Kinesis::Stream", "Properties": properties}
    outputs = {"Arn": {"Value": {"Fn::GetAtt": ["Clicks", "Arn"]}}, "Name": {"Value": {"Ref": "Clicks"}}}
    return json.dumps({"Resources": {"Clicks": resource}, "Outputs": outputs})


def create(aws: Any, **properties: Any) -> None:
    aws("cloudformation").create_stack(StackName="stack", TemplateBody=template(**properties))


def update(aws: Any, **properties: Any) -> None:
    aws("cloudformation").update_stack(StackName="stack", TemplateBody=template(**properties))


def summary(api: Any, name: str = "clicks") -> dict[str, Any]:
    described: dict[str, Any] = api.describe_stream_summary(StreamName=name)["StreamDescriptionSummary"]
    return described


ALL_PROPERTIES: dict[str, Any] = {
    "Name": "clicks",
    "ShardCount": "3",
    "StreamModeDetails": {"StreamMode": "PROVISIONED"},
    "RetentionPeriodHours": "48",
    "MaxRecordSizeInKiB": "2048",
    "StreamEncryption": {"EncryptionType": "KMS", "KeyId": "alias/aws/kinesis"},
    "DesiredShardLevelMetrics": ["IncomingBytes"],
    "Tags": [{"Key": "team", "Value": "web"}],
}


def test_a_template_is_honoured_in_all_that_it_says(aws: Any, api: Any) -> None:
    create(aws, **ALL_PROPERTIES)
    described = summary(api)
    del described["StreamCreationTimestamp"]
    assert described == {
        "StreamARN": ARN,
        "StreamName": "clicks",
        "StreamStatus": "ACTIVE",
        "StreamModeDetails": {"StreamMode": "PROVISIONED"},
        "RetentionPeriodHours": 48,
        "EnhancedMonitoring": [{"ShardLevelMetrics": ["IncomingBytes"]}],
        "EncryptionType": "KMS",
        "KeyId": "alias/aws/kinesis",
        "OpenShardCount": 3,
        "ConsumerCount": 0,
        "MaxRecordSizeInKiB": 2048,
    }
    assert api.list_tags_for_stream(StreamName="clicks")["Tags"] == [{"Key": "team", "Value": "web"}]
    assert api.describe_stream(StreamName="clicks")["StreamDescription"]["StreamModeDetails"] == {
        "StreamMode": "PROVISIONED"
    }


def test_what_a_template_leaves_out_is_as_aws_has_it(aws: Any, api: Any) -> None:
    create(aws, Name="clicks", ShardCount=1)
    described = summary(api)
    assert (described["RetentionPeriodHours"], described["EncryptionType"]) == (24, "NONE")
    assert (described["MaxRecordSizeInKiB"], described["EnhancedMonitoring"]) == (1024, [{"ShardLevelMetrics": []}])


def test_a_stream_of_a_template_is_one_of_ours_and_gives_its_name_and_arn(aws: Any, api: Any) -> None:
    create(aws, Name="clicks", ShardCount=1)
    (stack,) = aws("cloudformation").describe_stacks(StackName="stack")["Stacks"]
    assert {one["OutputKey"]: one["OutputValue"] for one in stack["Outputs"]} == {"Arn": ARN, "Name": "clicks"}
    put(api, "a")
    assert shards_of(ARN, ACCOUNT, REGION)[0].log.count == 1


def test_an_update_changes_a_stream_in_place(aws: Any, api: Any) -> None:
    create(aws, Name="clicks", ShardCount=2)
    put(api, "a")
    update(aws, **ALL_PROPERTIES)
    described = summary(api)
    assert (described["OpenShardCount"], described["RetentionPeriodHours"]) == (3, 48)
    assert (described["EncryptionType"], described["KeyId"]) == ("KMS", "alias/aws/kinesis")
    assert sum(one.log.count for one in shards_of("clicks", ACCOUNT, REGION)) == 1
    update(aws, Name="clicks", ShardCount=2)
    described = summary(api)
    assert (described["OpenShardCount"], described["RetentionPeriodHours"]) == (2, 24)
    assert (described["EncryptionType"], described.get("KeyId")) == ("NONE", None)
    assert api.list_tags_for_stream(StreamName="clicks")["Tags"] == []


def test_an_update_changes_the_mode_there_and_back(aws: Any, api: Any) -> None:
    create(aws, Name="clicks", ShardCount=2)
    update(aws, Name="clicks", StreamModeDetails={"StreamMode": "ON_DEMAND"})
    described = summary(api)
    assert (described["StreamModeDetails"], described["OpenShardCount"]) == ({"StreamMode": "ON_DEMAND"}, 4)
    update(aws, Name="clicks", ShardCount=2)
    described = summary(api)
    assert (described["StreamModeDetails"], described["OpenShardCount"]) == ({"StreamMode": "PROVISIONED"}, 2)


def test_an_update_that_aws_refuses_changes_nothing(aws: Any, api: Any) -> None:
    create(aws, Name="clicks", ShardCount=2)
    assert "more than double" in message_of(
        aws("cloudformation").update_stack,
        StackName="stack",
        TemplateBody=template(Name="clicks", ShardCount=5, RetentionPeriodHours=48),
    )
    described = summary(api)
    assert (described["OpenShardCount"], described["RetentionPeriodHours"]) == (2, 24)


def test_a_mode_that_cannot_be_taken_is_left_as_it_was(aws: Any, api: Any) -> None:
    create(aws, Name="clicks", StreamModeDetails={"StreamMode": "ON_DEMAND"})
    body = template(Name="clicks", ShardCount=9)
    assert code_of(aws("cloudformation").update_stack, StackName="stack", TemplateBody=body) == "ValidationError"
    assert summary(api)["StreamModeDetails"] == {"StreamMode": "ON_DEMAND"}


@pytest.mark.parametrize(("before", "after"), [("clicks", "views"), (None, "views")])
def test_another_name_is_another_stream(aws: Any, api: Any, before: str | None, after: str) -> None:
    create(aws, ShardCount=1, **({"Name": before} if before else {}))
    (old,) = api.list_streams()["StreamNames"]
    update(aws, ShardCount=1, Name=after)
    assert old != after
    assert api.list_streams()["StreamNames"] == [after]


def test_a_name_that_is_taken_out_of_a_template_makes_another_stream(aws: Any, api: Any) -> None:
    create(aws, ShardCount=1, Name="clicks")
    update(aws, ShardCount=1)
    (name,) = api.list_streams()["StreamNames"]
    assert name.startswith("stack-Clicks-")


def test_a_generated_name_stays_over_an_update(aws: Any, api: Any) -> None:
    create(aws, ShardCount=1)
    before = api.list_streams()["StreamNames"]
    update(aws, ShardCount=2)
    assert api.list_streams()["StreamNames"] == before


def test_a_stream_goes_with_its_stack(aws: Any, api: Any) -> None:
    create(aws, ShardCount=1, Name="clicks")
    aws("cloudformation").delete_stack(StackName="stack")
    assert api.list_streams()["StreamNames"] == []


def test_warm_throughput_is_there_from_the_beginning(aws: Any, api: Any) -> None:
    create(aws, Name="clicks", StreamModeDetails={"StreamMode": "ON_DEMAND"}, WarmThroughputMiBps="10")
    assert [one.is_open for one in shards_of("clicks", ACCOUNT, REGION)] == [True] * 10
    update(aws, Name="clicks", StreamModeDetails={"StreamMode": "ON_DEMAND"}, WarmThroughputMiBps=30)
    assert summary(api)["OpenShardCount"] == 30


def test_auto_distribution_spreads_one_key_over_all_shards(aws: Any, api: Any) -> None:
    on_demand = {"StreamMode": "ON_DEMAND"}
    create(aws, Name="clicks", StreamModeDetails=on_demand, RecordDistributionStrategy="AUTO")
    put(api, *["k"] * 40, ExplicitHashKey="0")
    assert [one.log.count for one in shards_of("clicks", ACCOUNT, REGION)] == [10] * 4


def test_all_shard_level_metrics_can_be_named_at_once(aws: Any, api: Any) -> None:
    create(aws, Name="clicks", ShardCount=1, DesiredShardLevelMetrics=["ALL"])
    assert len(summary(api)["EnhancedMonitoring"][0]["ShardLevelMetrics"]) == 7


@pytest.mark.parametrize(
    ("properties", "why"),
    [
        ({}, "ShardCount is missing"),
        ({"ShardCount": 0}, "ShardCount is 1 to 100,000, not 0"),
        ({"ShardCount": "many"}, "many"),
        ({"ShardCount": 1, "RetentionPeriodHours": 23}, "RetentionPeriodHours is 24 to 8,760, not 23"),
        ({"ShardCount": 1, "RetentionPeriodHours": 8761}, "RetentionPeriodHours is 24 to 8,760, not 8,761"),
        ({"ShardCount": 1, "MaxRecordSizeInKiB": 1023}, "MaxRecordSizeInKiB is 1,024 to 10,240, not 1,023"),
        (
            {"ShardCount": 1, "StreamModeDetails": {"StreamMode": "ON_DEMAND"}},
            "ShardCount must not be given with ON_DEMAND",
        ),
        ({"ShardCount": 1, "WarmThroughputMiBps": 9}, "WarmThroughputMiBps must not be given with PROVISIONED"),
        (
            {"ShardCount": 1, "RecordDistributionStrategy": "AUTO"},
            "RecordDistributionStrategy must not be given with PROVISIONED",
        ),
        (
            {"StreamModeDetails": {"StreamMode": "ON_DEMAND"}, "RecordDistributionStrategy": "FOO"},
            "AUTO or USER_PARTITION_KEY, not FOO",
        ),
        ({"StreamModeDetails": {"StreamMode": "FOO"}}, "PROVISIONED or ON_DEMAND, not FOO"),
        ({"ShardCount": 1, "StreamEncryption": {"EncryptionType": "KMS"}}, "a KeyId"),
        ({"ShardCount": 1, "StreamEncryption": {"EncryptionType": "AES", "KeyId": "k"}}, "EncryptionType KMS"),
        ({"ShardCount": 1, "DesiredShardLevelMetrics": ["Foo"]}, "DesiredShardLevelMetrics has Foo"),
        ({"ShardCount": 1, "Colour": "red"}, "no effect here: Colour"),
    ],
)
def test_what_aws_would_not_take_fails_the_stack_and_leaves_no_stream(
    aws: Any, api: Any, properties: dict[str, Any], why: str
) -> None:
    message = message_of(aws("cloudformation").create_stack, StackName="stack", TemplateBody=template(**properties))
    assert why in message
    assert message.startswith("Clicks: ")
    assert api.list_streams()["StreamNames"] == []


# Doors


def test_installing_again_only_changes_the_clock(api: Any, clock: StandingClock) -> None:
    replaced = [getattr(owner, name) for owner, name, _ in kinesis._REPLACED]
    later = StandingClock()
    later.time = NOW + 1000
    install_kinesis_hooks(later)
    assert [getattr(owner, name) for owner, name, _ in kinesis._REPLACED] == replaced
    api.create_stream(StreamName="clicks", ShardCount=1)
    put(api, "a")
    (record,) = shards_of("clicks", ACCOUNT, REGION)[0].log.read(0, 1, MIB)
    assert record.arrival == NOW + 1000


def test_a_put_of_moto_itself_goes_the_same_way(api: Any) -> None:
    api.create_stream(StreamName="clicks", ShardCount=1)
    kinesis_backends[ACCOUNT][REGION].send_log_event(ARN, "filter", "group", "stream", [{"message": "hello"}])
    (record,) = shards_of("clicks", ACCOUNT, REGION)[0].log.read(0, 1, MIB)
    assert record.data[:2] == b"\x1f\x8b"


def test_every_hook_that_is_replaced_is_named() -> None:
    named = {f"{getattr(owner, '__module__', owner.__name__)}" for owner, _, _ in kinesis._REPLACED}
    assert named == {"moto.kinesis.models", "moto.kinesis.responses"}
    for owner, name, _ in kinesis._REPLACED:
        parts = [owner.__name__] if not isinstance(owner, type) else [owner.__module__, owner.__qualname__]
        assert ".".join([*parts, name]) in kinesis.MOTO_HOOKS

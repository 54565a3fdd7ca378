"""Streams and readers minute by minute: no record appears or vanishes, and what is known by hand comes out."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streaming_constructs.planning.simulation.backlog import Backlog
from streaming_constructs.planning.simulation.hot_key import run_hot_readers, run_hot_stream
from streaming_constructs.planning.simulation.reader import ReaderModel, ReaderRun, run_readers, shared
from streaming_constructs.planning.simulation.scenario import Outage
from streaming_constructs.planning.simulation.stream import MIB, StreamModel, StreamRun, capacity, run_stream

KIB = 1024
FOR_EVER = 10_000


def stream(shards: int = 1, retention_minutes: int = FOR_EVER, record_bytes: float = KIB) -> StreamModel:
    return StreamModel("clicks", "kinesis", record_bytes, retention_minutes, shards, shards, shards * 1000)


def reader(per_minute: float, **more: object) -> ReaderModel:
    return ReaderModel("fraud", "lambda", "clicks", "", whole=per_minute, **more)  # type: ignore[arg-type]


def read(arriving: list[int], model: ReaderModel, *outages: Outage, of: StreamModel | None = None) -> ReaderRun:
    (run,) = run_readers(run_stream(of or stream(100), arriving, 5), [model], outages)
    return run


MODELS = st.builds(
    ReaderModel,
    name=st.sampled_from(["a", "b", "c"]),
    kind=st.sampled_from(["lambda", "firehose", "flink"]),
    stream=st.just("clicks"),
    working=st.just(""),
    per_shard=st.none() | st.floats(0, 3000),
    whole=st.none() | st.floats(0, 3000),
    fan_out=st.booleans(),
    reads=st.integers(1, 2),
    gives_up_minutes=st.none() | st.integers(1, 20),
    gives_up_when_down=st.booleans(),
)
STREAMS = st.builds(
    StreamModel,
    name=st.just("clicks"),
    kind=st.sampled_from(["kinesis", "kafka"]),
    record_bytes=st.floats(1, 5_000_000),
    retention_minutes=st.integers(1, 40),
    shards=st.integers(1, 5),
    write_mib=st.floats(0.01, 5),
    write_records=st.floats(0.1, 50),
    is_on_demand=st.booleans(),
    most_mib=st.floats(1, 100),
)
OUTAGES = st.builds(Outage, st.sampled_from(["a", "b", "c"]), st.integers(0, 60), st.integers(1, 40))


@settings(derandomize=True, max_examples=200)
@given(
    STREAMS,
    st.lists(st.integers(0, 5000), min_size=1, max_size=70),
    st.lists(MODELS),
    st.lists(OUTAGES),
    st.integers(0, 6),
)
def test_no_record_appears_or_vanishes(
    model: StreamModel, arriving: list[int], readers: list[ReaderModel], outages: list[Outage], retry: int
) -> None:
    run = run_stream(model, arriving, retry)
    assert sum(arriving) == sum(run.accepted) + sum(run.rejected) + run.waiting
    for each in run_readers(run, readers, outages):
        through = 0
        for minute in range(len(arriving)):
            through += run.accepted[minute] - each.handled[minute] - each.kept[minute] - each.expired[minute]
            assert through == each.backlog[minute] >= 0
            assert (each.age[minute] > 0) == (through > 0)
            assert each.age[minute] <= model.retention_minutes
            assert not (each.down[minute] and each.handled[minute])


@settings(derandomize=True, max_examples=100)
@given(STREAMS, st.lists(MODELS, max_size=3), st.lists(st.integers(0, 5000), max_size=60), OUTAGES, st.floats(0.01, 1))
def test_no_record_of_a_hot_key_appears_or_vanishes(
    model: StreamModel, readers: list[ReaderModel], arriving: list[int], outage: Outage, share: float
) -> None:
    run = run_hot_stream(model, arriving, 5, share)
    assert sum(run.accepted) + sum(run.rejected) + run.waiting == sum(arriving)
    assert all(sum(part.arriving) >= 0 for part in run.parts)
    for read in run_hot_readers(run, readers, [outage]) if run.parts else []:
        assert sum(read.handled) + sum(read.kept) + sum(read.expired) + (read.backlog or [0])[-1] == sum(run.accepted)


@settings(derandomize=True)
@given(st.lists(st.tuples(st.integers(0, 1000), st.booleans(), st.integers(1, 2)), min_size=1), st.integers(0, 5000))
def test_shared_readers_never_read_more_than_there_is_and_no_more_than_they_want(
    readers: list[tuple[int, bool, int]], room: int
) -> None:
    models = [ReaderModel("a", "lambda", "clicks", "", fan_out=fan_out, reads=reads) for _, fan_out, reads in readers]
    wanted = [want for want, _, _ in readers]
    got = shared(wanted, models, room)
    assert all(0 <= some <= want for some, want in zip(got, wanted, strict=True))
    assert all(some == want for some, want, model in zip(got, wanted, models, strict=True) if model.fan_out)
    pairs = [(some, model.reads) for some, model in zip(got, models, strict=True) if not model.fan_out]
    assert sum(some * reads for some, reads in pairs) <= room


def test_who_wants_little_gets_it_and_the_others_share_the_rest() -> None:
    models = [ReaderModel(name, "lambda", "clicks", "") for name in "abc"]
    assert shared([100, 1000, 700], models, 900) == [100, 400, 400]
    assert shared([100, 1000, 700], models, 1800) == [100, 1000, 700]


def test_what_waits_goes_out_in_the_order_in_which_it_came() -> None:
    waits = Backlog()
    for records in (10, 0, 20):
        waits.add(records)
    assert (waits.age(3), waits.take(4), waits.age(3), waits.take(6), waits.age(3)) == (3, 4, 3, 6, 1)
    assert (waits.drop_before(2), waits.drop_before(3), waits.records, waits.age(3)) == (0, 20, 0, 0)


def test_the_age_grows_while_a_reader_is_down_and_shrinks_while_it_catches_up() -> None:
    run = read([10] * 8, reader(30), Outage("fraud", 1, 3))
    assert run.handled == [10, 0, 0, 0, 30, 20, 10, 10]
    assert run.backlog == [0, 10, 20, 30, 10, 0, 0, 0]
    assert run.age == [0, 1, 2, 3, 1, 0, 0, 0]


def test_what_nobody_reads_expires_with_its_retention() -> None:
    run = read([10, 20, 30, 40], reader(100), Outage("fraud", 0, 9), of=stream(100, retention_minutes=2))
    assert run.expired == [0, 0, 10, 20]
    assert run.age == [1, 2, 2, 2]


def test_a_function_gives_up_what_is_too_old_and_so_loses_nothing_to_retention() -> None:
    run = read([10] * 5, reader(100, gives_up_minutes=2), Outage("fraud", 0, 4), of=stream(100, retention_minutes=3))
    assert (run.kept, run.expired, run.handled) == ([0, 0, 10, 10, 0], [0] * 5, [0, 0, 0, 0, 30])


def test_a_delivery_gives_up_only_while_its_destination_fails() -> None:
    model = reader(10, gives_up_minutes=1, gives_up_when_down=True)
    run = read([30, 30, 0, 0], model, Outage("fraud", 1, 1))
    assert (run.kept, run.handled) == ([0, 20, 0, 0], [10, 0, 10, 10])


def test_a_full_stream_throttles_and_producers_try_again_until_they_give_up() -> None:
    run = run_stream(stream(1), [100_000, 0, 60_000, 0, 0], retry_minutes=1)
    assert run.capacity == [60_000] * 5
    assert run.accepted == [60_000, 40_000, 60_000, 0, 0]
    assert run.throttled == [40_000, 0, 0, 0, 0]
    late = run_stream(stream(1), [200_000, 0, 0, 0], retry_minutes=1)
    assert (late.accepted, late.rejected) == ([60_000, 60_000, 0, 0], [0, 0, 80_000, 0])


def test_large_records_fill_a_shard_by_their_bytes() -> None:
    assert run_stream(stream(2, record_bytes=4 * KIB), [40_000], 0).accepted == [2 * 256 * 60]


def test_on_demand_takes_twice_its_peak_as_the_example_of_aws_says() -> None:
    model = StreamModel("clicks", "kinesis", MIB, FOR_EVER, 4, 4, 4000, is_on_demand=True, most_mib=10_240)
    a_minute = 60
    assert capacity(model, 0)[0] == 4
    assert capacity(model, 40 * a_minute)[0] == 80
    assert capacity(model, 50 * a_minute)[0] == 100


def test_on_demand_throttles_what_more_than_doubles_within_fifteen_minutes() -> None:
    model = StreamModel("clicks", "kinesis", MIB, FOR_EVER, 4, 4, 4000, is_on_demand=True, most_mib=200)
    run = run_stream(model, [4 * 60] * 20 + [10 * 60] * 20, retry_minutes=0)
    assert run.capacity[:16] == [240] * 15 + [480]
    assert run.accepted[20:36] == [480] * 15 + [600]
    assert (run.throttled[20], run.rejected[21], run.throttled[35:]) == (120, 120, [0] * 5)
    assert run.shards[0] == 4
    assert run.shards[-1] == 16


def test_on_demand_grows_no_further_than_its_region_lets_it() -> None:
    model = StreamModel("clicks", "kinesis", MIB, FOR_EVER, 4, 4, 4000, is_on_demand=True, most_mib=200)
    assert capacity(model, 150 * 60) == (200, 200_000)


@pytest.mark.parametrize(("fan_out", "handled"), [(False, [61_440, 61_440]), (True, [122_880, 122_880])])
def test_two_readers_share_a_shard_unless_one_has_it_for_itself(handled: list[int], *, fan_out: bool) -> None:
    run = StreamRun(stream(1), [200_000], [200_000], shards=[1])
    models = [ReaderModel(name, "firehose", "clicks", "", fan_out=fan_out) for name in "ab"]
    runs = run_readers(run, models, [])
    assert [each.handled[0] for each in runs] == handled

"""An event source mapping simulated with real handlers: whatever they do, no record is lost.

The counts of invocations are those of our reading of AWS's words, which `event_source` tells.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streaming_constructs.local.event_source.event_source_mapping import EventSourceMapping
from streaming_constructs.local.event_source.invocation_record import DiscardedRecords
from streaming_constructs.local.event_source.simulation import (
    LambdaContext,
    Simulation,
    kinesis_records,
    simulate_event_source,
)
from streaming_constructs.local.kinesis.record import Record

QUEUE = "arn:aws:sqs:us-east-1:123456789012:failures"
Way = Literal["raise", "report all", "report first", "garbage"]


def numbers(found: Sequence[Record]) -> list[int]:
    return [record.sequence_number for record in found]


def parts(failures: Sequence[DiscardedRecords]) -> list[list[int]]:
    return [numbers(one.records) for one in failures]


@dataclass
class Function:
    """A handler that fails on some records: so many times, or always where that number is missing."""

    way: Way
    times: dict[int, int] = field(default_factory=dict)
    always: frozenset[int] = frozenset()
    events: list[list[int]] = field(default_factory=list)

    def __call__(self, event: dict[str, Any], context: LambdaContext) -> Any:
        seen = [int(record["kinesis"]["sequenceNumber"]) for record in event["Records"]]
        self.events.append(seen)
        failed = [number for number in seen if number in self.always or self.times.get(number, 0) > 0]
        for number in failed:
            self.times[number] = self.times.get(number, 0) - 1
        if not failed:
            return {"state": {}}
        if self.way == "raise":
            raise ValueError(failed)
        if self.way == "garbage":
            return {"state": {}, "batchItemFailures": [{"itemIdentifier": "nobody"}]}
        named = failed if self.way == "report all" else failed[:1]
        return {"state": {}, "batchItemFailures": [{"itemIdentifier": str(number)} for number in named]}


# One bad record among eight


@pytest.mark.parametrize(
    ("way", "bisect", "partial", "invocations", "discarded"),
    [
        ("raise", True, False, 9, [[5]]),
        ("raise", False, False, 3, [[0, 1, 2, 3, 4, 5, 6, 7]]),
        ("report all", False, True, 4, [[5, 6, 7]]),
        ("report all", True, True, 6, [[5]]),
        ("report all", False, False, 1, []),
        ("garbage", False, True, 3, [[0, 1, 2, 3, 4, 5, 6, 7]]),
        ("garbage", True, True, 9, [[5]]),
    ],
)
def test_one_bad_record_of_eight_with_two_retries(
    way: Way, invocations: int, discarded: list[list[int]], *, bisect: bool, partial: bool
) -> None:
    mapping = EventSourceMapping(
        maximum_retry_attempts=2,
        bisect_batch_on_function_error=bisect,
        report_batch_item_failures=partial,
        on_failure=QUEUE,
    )
    simulation = simulate_event_source(
        Function(way, always=frozenset({5})), kinesis_records(["x"] * 8, first=0), mapping
    )
    assert (len(simulation.invocations), parts(simulation.failures)) == (invocations, discarded)


def test_records_that_are_too_old_take_no_invocation() -> None:
    mapping = EventSourceMapping(maximum_record_age_in_seconds=60, on_failure=QUEUE)
    simulation = simulate_event_source(Function("raise"), kinesis_records(["x"] * 8), mapping, now=61)
    assert (simulation.invocations, parts(simulation.failures)) == ((), [[1, 2, 3, 4, 5, 6, 7, 8]])


# What a test sees


def test_a_handler_gets_the_data_and_may_ask_its_context() -> None:
    seen = []

    def handler(event: dict[str, Any], context: LambdaContext) -> None:
        seen.append([b64decode(record["kinesis"]["data"]) for record in event["Records"]])
        seen.append([context.aws_request_id, context.function_name, context.get_remaining_time_in_millis()])

    mapping = EventSourceMapping(function_arn="arn:aws:lambda:eu-west-1:123456789012:function:fraud:live")
    simulation = simulate_event_source(handler, kinesis_records([b"\xff", "text", {"a": 1}]), mapping)
    request_id = "00000000-0000-4000-8000-000000000001"
    assert seen == [[b"\xff", b"text", b'{"a": 1}'], [request_id, "fraud", 900_000]]
    assert [one.response.request_id for one in simulation.invocations] == [request_id]


def test_what_a_handler_does_to_its_event_is_gone_with_the_next_attempt() -> None:
    sizes = []

    def handler(event: dict[str, Any], context: LambdaContext) -> None:
        sizes.append(len(event["Records"]))
        event["Records"].clear()
        raise ValueError

    mapping = EventSourceMapping(maximum_retry_attempts=1, on_failure=QUEUE)
    simulation = simulate_event_source(handler, kinesis_records(["a", "b"]), mapping)
    assert sizes == [2, 2]
    assert parts(simulation.failures) == [[1, 2]]


def test_what_a_handler_does_to_its_state_and_then_fails_is_gone_too() -> None:
    states = []

    def handler(event: dict[str, Any], context: LambdaContext) -> None:
        states.append(dict(event["state"]))
        event["state"]["sum"] = 1
        raise ValueError

    mapping = EventSourceMapping(tumbling_window_in_seconds=60, maximum_retry_attempts=1)
    simulate_event_source(handler, kinesis_records(["a"]), mapping)
    assert states == [{}] * 4  # two attempts of the record, two of the end


def test_what_a_handler_does_to_its_state_after_the_invocation_changes_nothing() -> None:
    kept: list[dict[str, Any]] = []

    def handler(event: dict[str, Any], context: LambdaContext) -> Any:
        state = {"sum": event["state"].get("sum", 0) + len(event["Records"])}
        for one in kept:
            one["sum"] = -100
        kept.append(state)
        return {"state": state}

    mapping = EventSourceMapping(batch_size=1, tumbling_window_in_seconds=60)
    simulation = simulate_event_source(handler, kinesis_records(["a", "b", "c"]), mapping)
    assert [one.response.payload["state"]["sum"] for one in simulation.invocations] == [1, 2, 3, 3]


def test_an_exception_and_a_response_that_is_no_json_are_errors_of_the_function() -> None:
    def handler(event: dict[str, Any], context: LambdaContext) -> Any:
        if event["Records"][0]["kinesis"]["sequenceNumber"] == "1":
            raise KeyError("action")
        return {1, 2}

    mapping = EventSourceMapping(batch_size=1, maximum_retry_attempts=0, on_failure=QUEUE)
    simulation = simulate_event_source(handler, kinesis_records(["a", "b"]), mapping)
    assert [(one.response.error_type, one.response.error_message) for one in simulation.invocations] == [
        ("KeyError", "'action'"),
        ("Runtime.MarshalError", "Unable to marshal response: Object of type set is not JSON serializable"),
    ]
    assert parts(simulation.failures) == [[1], [2]]


def test_the_destination_is_told_what_was_given_up_and_when() -> None:
    mapping = EventSourceMapping(maximum_retry_attempts=1, on_failure=QUEUE)
    put = kinesis_records(["a", "b"], arrival=1573691884.835)
    simulation = simulate_event_source(
        Function("raise", always=frozenset({1})), put, mapping, now=1573691885, invocation_seconds=2
    )
    [message] = simulation.messages
    assert message["timestamp"] == "2019-11-14T00:38:09.500Z"  # two invocations, and half a second between them
    assert message["requestContext"]["approximateInvokeCount"] == 2
    assert message["KinesisBatchInfo"]["batchSize"] == 2
    assert simulation.dropped == ()


def test_what_a_response_has_that_lambda_does_not_know_is_told_once() -> None:
    def handler(event: dict[str, Any], context: LambdaContext) -> Any:
        return {"BatchItemFailures": [{"itemIdentifier": "1"}]}

    mapping = EventSourceMapping(batch_size=1, report_batch_item_failures=True)
    simulation = simulate_event_source(handler, kinesis_records(["a", "b"]), mapping)
    assert numbers(simulation.handled) == [1, 2]
    (hint,) = simulation.hints
    assert "`BatchItemFailures`" in hint


def test_without_a_destination_records_are_dropped() -> None:
    mapping = EventSourceMapping(maximum_retry_attempts=0)
    simulation = simulate_event_source(Function("raise", always=frozenset({1})), kinesis_records(["a", "b"]), mapping)
    assert (numbers(simulation.dropped), simulation.failures, simulation.messages) == ([1, 2], (), ())


def test_records_that_match_no_filter_are_not_sent_and_not_failures() -> None:
    mapping = EventSourceMapping(filters=({"data": {"action": ["buy"]}},))
    put = kinesis_records([{"action": "buy"}, {"action": "look"}, "no json", {"action": "buy"}])
    function = Function("raise")
    simulation = simulate_event_source(function, put, mapping)
    assert (numbers(simulation.filtered), numbers(simulation.handled), function.events) == ([2, 3], [1, 4], [[1, 4]])


def test_a_handler_gets_an_aggregated_record_of_the_kinesis_producer_library_as_it_is() -> None:
    message = b"\x0a\x01k\x1a\x05\x08\x00\x1a\x01a"
    data = b"\xf3\x89\x9a\xc2" + message + hashlib.md5(message).digest()
    seen: list[bytes] = []

    def handler(event: dict[str, Any], context: LambdaContext) -> None:
        seen.extend(b64decode(record["kinesis"]["data"]) for record in event["Records"])

    simulate_event_source(handler, kinesis_records([data]))
    assert seen == [data]


def test_a_batch_has_records_of_one_shard() -> None:
    function = Function("raise")
    put = [*kinesis_records(["a", "b"]), *kinesis_records(["c"], shard_id="shardId-000000000001", first=10)]
    simulate_event_source(function, put)
    assert function.events == [[1, 2], [10]]


def test_what_holds_up_one_shard_takes_no_time_of_another() -> None:
    mapping = EventSourceMapping(maximum_retry_attempts=2, on_failure=QUEUE)
    put = [*kinesis_records(["a"]), *kinesis_records(["b"], shard_id="shardId-000000000001")]
    simulation = simulate_event_source(Function("raise", always=frozenset({1})), put, mapping, now=10)
    assert [part.at for part in simulation.failures] == [11.5, 11.5]


def test_a_failing_key_does_not_hold_up_those_of_other_lanes() -> None:
    put = [
        record
        for number, key in enumerate(("a", "b") * 2, 1)  # they are in different lanes
        for record in kinesis_records(["x"], partition_key=key, first=number)
    ]
    mapping = EventSourceMapping(batch_size=1, parallelization_factor=10, maximum_retry_attempts=0)
    simulation = simulate_event_source(Function("raise", always=frozenset({1, 3})), put, mapping)
    assert (numbers(simulation.dropped), numbers(simulation.handled)) == ([1, 3], [2, 4])


def test_without_settings_a_batch_is_tried_until_the_stream_forgets_it() -> None:
    simulation = simulate_event_source(Function("raise", always=frozenset({1})), kinesis_records(["a"]))
    assert len(simulation.invocations) == 1446  # in the seventh pause a minute is over; then each minute of the day
    assert numbers(simulation.dropped) == [1]


def test_a_tumbling_window_sums_up_its_records_and_ends() -> None:
    sums: list[tuple[str, int]] = []

    def handler(event: dict[str, Any], context: LambdaContext) -> Any:
        total = event["state"].get("sum", 0) + len(event["Records"])
        if event["isFinalInvokeForWindow"]:
            sums.append((event["window"]["start"], total))
        return {"state": {"sum": total}}

    put = [
        record
        for number, arrival in enumerate((0, 10, 59.9, 60, 200), 1)
        for record in kinesis_records(["x"], first=number, arrival=arrival)
    ]
    simulation = simulate_event_source(handler, put, EventSourceMapping(batch_size=2, tumbling_window_in_seconds=60))
    assert sums == [("1970-01-01T00:00:00Z", 3), ("1970-01-01T00:01:00Z", 1), ("1970-01-01T00:03:00Z", 1)]
    assert (numbers(simulation.handled), simulation.lost_windows) == ([1, 2, 3, 4, 5], ())


def test_a_window_whose_end_the_handler_does_not_take_is_lost() -> None:
    def handler(event: dict[str, Any], context: LambdaContext) -> Any:
        return None if event["isFinalInvokeForWindow"] else {"state": {"sum": 1}}

    mapping = EventSourceMapping(tumbling_window_in_seconds=60, maximum_retry_attempts=0)
    simulation = simulate_event_source(handler, kinesis_records(["x"], arrival=70), mapping)
    assert [(window.start, window.end) for window in simulation.lost_windows] == [(60, 120)]
    assert numbers(simulation.handled) == [1]


# Whatever the handler does

KEYS = ("a", "b", "c", "d")
WAYS = st.sampled_from(["raise", "report all", "report first", "garbage"])


@st.composite
def streams(draw: st.DrawFn) -> list[Record]:
    """Records of a shard that arrive in order, now and then a while after one another."""
    put, arrival = [], 0.0
    for number in range(draw(st.integers(1, 14))):
        arrival += draw(st.sampled_from([0.0, 0.0, 1.0, 40.0]))
        data = json.dumps({"send": draw(st.sampled_from([True, True, True, False]))}).encode()
        put.append(Record("shardId-000000000000", number, draw(st.sampled_from(KEYS)), data, arrival))
    return put


MAPPINGS = st.builds(
    EventSourceMapping,
    batch_size=st.integers(1, 6),
    maximum_batching_window_in_seconds=st.sampled_from([0, 5]),
    parallelization_factor=st.integers(1, 3),
    tumbling_window_in_seconds=st.sampled_from([0, 0, 60]),
    bisect_batch_on_function_error=st.booleans(),
    maximum_retry_attempts=st.integers(-1, 3),
    maximum_record_age_in_seconds=st.sampled_from([-1, 60, 90]),
    report_batch_item_failures=st.booleans(),
    filters=st.sampled_from([(), ({"data": {"send": [True]}},)]),
    on_failure=st.sampled_from(["", QUEUE]),
)
FUNCTIONS = st.builds(
    Function,
    way=WAYS,
    times=st.dictionaries(st.integers(0, 13), st.integers(1, 4), max_size=4),
    always=st.frozensets(st.integers(0, 13), max_size=4),
)


def simulated(function: Function, put: list[Record], mapping: EventSourceMapping) -> Simulation:
    return simulate_event_source(function, put, mapping, invocation_seconds=0.5, retention_seconds=300)


@settings(max_examples=100)
@given(FUNCTIONS, streams(), MAPPINGS)
def test_every_record_is_in_exactly_one_place(
    function: Function, put: list[Record], mapping: EventSourceMapping
) -> None:
    simulation = simulated(function, put, mapping)
    places = Counter(numbers(simulation.handled)) + Counter(numbers(simulation.filtered))
    places += Counter(numbers(simulation.dropped)) + Counter(chain.from_iterable(parts(simulation.failures)))
    assert places == Counter(numbers(put))


@settings(max_examples=100)
@given(FUNCTIONS, streams(), MAPPINGS)
def test_what_is_handled_was_in_an_invocation_and_a_bad_record_never_is(
    function: Function, put: list[Record], mapping: EventSourceMapping
) -> None:
    simulation = simulated(function, put, mapping)
    handled = set(numbers(simulation.handled))
    assert handled <= {number for event in function.events for number in event}
    if function.way == "raise" or mapping.report_batch_item_failures:
        assert not handled & function.always


@settings(max_examples=100)
@given(FUNCTIONS, streams(), MAPPINGS)
def test_each_key_is_handled_in_order_and_sent_first_in_order(
    function: Function, put: list[Record], mapping: EventSourceMapping
) -> None:
    simulation = simulated(function, put, mapping)
    key_of = {record.sequence_number: record.partition_key for record in put}
    sent = list(dict.fromkeys(number for event in function.events for number in event))
    for order in (numbers(simulation.handled), sent):
        for key in KEYS:
            mine = [number for number in order if key_of[number] == key]
            assert mine == sorted(mine)


@settings(max_examples=100)
@given(FUNCTIONS, streams(), MAPPINGS)
def test_checkpoints_go_forward_to_the_last_record_of_each_batch(
    function: Function, put: list[Record], mapping: EventSourceMapping
) -> None:
    for batch in simulated(function, put, mapping).batches:
        assert batch.checkpoints == sorted(set(batch.checkpoints))
        done = [*numbers(batch.handled), *chain.from_iterable(parts(batch.discarded))]
        assert batch.checkpoints[-1:] == sorted(done)[-1:]


@settings(max_examples=100)
@given(FUNCTIONS, streams(), MAPPINGS)
def test_invocations_are_as_large_as_a_batch_and_as_many_as_retries_allow(
    function: Function, put: list[Record], mapping: EventSourceMapping
) -> None:
    simulation = simulated(function, put, mapping)
    assert all(len(event) <= mapping.batch_size for event in function.events)
    for batch in simulation.batches:
        size = len(batch.handled) + sum(len(part.records) for part in batch.discarded)
        # Without a limit of retries age is one: 300 seconds of pauses are no more than 12 attempts.
        attempts = 12 if mapping.maximum_retry_attempts < 0 else mapping.maximum_retry_attempts + 1
        splits = 2 * size if mapping.bisect_batch_on_function_error else 0
        # Each record that succeeds may let those behind it begin anew.
        begins = size if splits or mapping.report_batch_item_failures else 1
        assert len(batch.invocations) <= max(begins, 1) * (attempts + 1) + splits


@settings(max_examples=100)
@given(
    way=WAYS,
    poison=st.frozensets(st.integers(0, 39), max_size=6),
    count=st.integers(1, 40),
    batch_size=st.integers(1, 40),
    retries=st.integers(0, 2),
)
def test_with_splitting_poison_records_are_alone_at_the_destination(
    way: Way, poison: frozenset[int], count: int, batch_size: int, retries: int
) -> None:
    mapping = EventSourceMapping(
        batch_size=batch_size,
        maximum_retry_attempts=retries,
        bisect_batch_on_function_error=True,
        report_batch_item_failures=True,
        on_failure=QUEUE,
    )
    put = kinesis_records(["x"] * count, first=0)
    simulation = simulate_event_source(Function(way, always=poison), put, mapping)
    bad = sorted(poison & set(range(count)))
    assert parts(simulation.failures) == [[number] for number in bad]
    assert numbers(simulation.handled) == [number for number in range(count) if number not in poison]


@settings(max_examples=100)
@given(FUNCTIONS, streams(), MAPPINGS)
def test_nothing_is_given_up_before_its_time(
    function: Function, put: list[Record], mapping: EventSourceMapping
) -> None:
    simulation = simulated(function, put, mapping)
    for part in (one for batch in simulation.batches for one in batch.discarded):
        if part.condition == "RecordAgeExceeded":
            assert all(part.at - record.arrival > mapping.oldest_seconds(300) for record in part.records)
        else:
            assert part.condition == "RetryAttemptsExhausted"
            assert part.invocations > mapping.maximum_retry_attempts >= 0


@settings(max_examples=100)
@given(way=st.sampled_from(["raise", "report all", "report first"]), times=st.integers(0, 3), bad=st.integers(0, 7))
def test_a_record_that_succeeds_within_its_retries_is_handled(way: Way, times: int, bad: int) -> None:
    mapping = EventSourceMapping(maximum_retry_attempts=3, report_batch_item_failures=True)
    simulation = simulate_event_source(Function(way, times={bad: times}), kinesis_records(["x"] * 8, first=0), mapping)
    assert numbers(simulation.handled) == list(range(8))
    assert len(simulation.invocations) == times + 1

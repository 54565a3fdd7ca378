"""One batch of an event source mapping, answered by hand: what is invoked when, and what becomes of each record."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import pytest

from streaming_constructs.local.event_source.batch_processor import BatchOutcome, Wait, process_batch
from streaming_constructs.local.event_source.batching import STATE_BYTES, Batch
from streaming_constructs.local.event_source.event_source_mapping import EventSourceMapping
from streaming_constructs.local.event_source.invocation import InvokeRequest, InvokeResponse, Window
from streaming_constructs.local.kinesis.record import Record

Respond = Callable[[InvokeRequest], InvokeResponse]
OK = InvokeResponse("ok")


def records(count: int, arrival: float = 0.0) -> list[Record]:
    return [Record("shardId-000000000000", number, "key", b"", arrival) for number in range(count)]


def numbers(found: Iterable[Record]) -> list[int]:
    return [record.sequence_number for record in found]


@dataclass
class BatchRun:
    """A batch, and everything that was asked for on its way."""

    batch: Batch
    mapping: EventSourceMapping
    respond: Respond
    now: float = 0.0
    retention_seconds: float = 86_400
    requests: list[InvokeRequest] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)

    def process(self) -> BatchOutcome:
        run = process_batch(self.batch, self.mapping, lambda: self.now, self.retention_seconds)
        response = None
        while True:
            try:
                step = run.send(response)
            except StopIteration as end:
                return end.value
            if isinstance(step, Wait):
                self.waited.append(step.seconds)
                self.now += step.seconds
                response = None
            else:
                self.requests.append(step)
                response = self.respond(step)

    @property
    def tried(self) -> list[list[int]]:
        return [numbers(one.records) for one in self.requests]


def raises_on(*poison: int) -> Respond:
    def respond(invoke: InvokeRequest) -> InvokeResponse:
        hit = {record.sequence_number for record in invoke.records} & set(poison)
        return InvokeResponse("bad", {"errorType": "ValueError"}, "ValueError", "poison") if hit else OK

    return respond


def reports(*poison: int) -> Respond:
    """A function that names all records that failed, the last first."""

    def respond(invoke: InvokeRequest) -> InvokeResponse:
        failed = [str(one.sequence_number) for one in reversed(invoke.records) if one.sequence_number in poison]
        return InvokeResponse("partial", {"batchItemFailures": [{"itemIdentifier": one} for one in failed]})

    return respond


def processed(respond: Respond, count: int = 8, **settings: Any) -> tuple[BatchRun, BatchOutcome]:
    run = BatchRun(Batch(records(count)), EventSourceMapping(**settings), respond)
    return run, run.process()


def discarded(outcome: BatchOutcome) -> list[list[int]]:
    return [numbers(part.records) for part in outcome.discarded]


def test_a_batch_that_succeeds_is_one_invocation_and_one_checkpoint() -> None:
    run, outcome = processed(lambda _: OK)
    assert run.tried == [[0, 1, 2, 3, 4, 5, 6, 7]]
    assert (numbers(outcome.handled), outcome.checkpoints, outcome.discarded) == (list(range(8)), [7], [])
    assert [(one.attempt, one.result, one.handled) for one in outcome.invocations] == [(1, "success", 8)]


def test_without_splitting_a_batch_is_retried_whole_and_given_up_whole() -> None:
    run, outcome = processed(raises_on(5), maximum_retry_attempts=2)
    assert run.tried == [list(range(8))] * 3
    assert discarded(outcome) == [list(range(8))]
    assert [one.attempt for one in outcome.invocations] == [1, 2, 3]
    part = outcome.discarded[0]
    assert (part.condition, part.invocations, part.response and part.response.error_type) == (
        "RetryAttemptsExhausted",
        3,
        "ValueError",
    )
    assert (outcome.handled, outcome.checkpoints) == ([], [7])


def test_without_retries_a_failed_batch_is_given_up_at_once() -> None:
    run, outcome = processed(raises_on(0), count=2, maximum_retry_attempts=0)
    assert run.tried == [[0, 1]]
    assert discarded(outcome) == [[0, 1]]


def test_halves_are_tried_in_order_and_only_a_single_record_uses_up_retries() -> None:
    run, outcome = processed(raises_on(5), maximum_retry_attempts=2, bisect_batch_on_function_error=True)
    assert run.tried == [[*range(8)], [0, 1, 2, 3], [4, 5, 6, 7], [4, 5], [4], [5], [5], [5], [6, 7]]
    assert discarded(outcome) == [[5]]
    assert outcome.discarded[0].invocations == 6
    assert outcome.checkpoints == [3, 4, 5, 7]
    assert [one.is_bisected for one in outcome.invocations] == [True, False, True, True, *[False] * 5]


def test_a_partial_success_moves_the_checkpoint_to_the_lowest_failure_and_retries_begin_anew() -> None:
    run, outcome = processed(reports(5, 7), maximum_retry_attempts=2, report_batch_item_failures=True)
    assert run.tried == [[*range(8)], [5, 6, 7], [5, 6, 7], [5, 6, 7]]
    assert discarded(outcome) == [[5, 6, 7]]
    assert outcome.discarded[0].invocations == 3
    assert (numbers(outcome.handled), outcome.checkpoints) == ([0, 1, 2, 3, 4], [4, 7])
    assert [(one.result, one.handled, one.attempt) for one in outcome.invocations] == [
        ("partial", 5, 1),
        ("partial", 0, 2),
        ("partial", 0, 3),
        ("partial", 0, 4),
    ]


def test_each_partial_success_lets_the_rest_begin_anew() -> None:
    fails = {1: 2, 3: 2, 5: 9}  # each record with how often it does

    def respond(invoke: InvokeRequest) -> InvokeResponse:
        numbers_ = [record.sequence_number for record in invoke.records]
        failed = next((number for number in numbers_ if fails.get(number, 0) > 0), None)
        if failed is None:
            return OK
        fails[failed] -= 1
        return InvokeResponse("x", {"batchItemFailures": [{"itemIdentifier": str(failed)}]})

    run, outcome = processed(respond, maximum_retry_attempts=1, report_batch_item_failures=True)
    assert [tried[0] for tried in run.tried] == [0, 1, 1, 3, 3, 5, 5]
    assert (discarded(outcome), numbers(outcome.handled)) == ([[5, 6, 7]], [0, 1, 2, 3, 4])
    assert outcome.discarded[0].invocations == 2


def test_pauses_begin_anew_after_a_partial_success() -> None:
    run, _ = processed(reports(5), maximum_retry_attempts=2, report_batch_item_failures=True)
    assert run.waited == [0.5, 0.5, 1]


def test_the_last_record_of_three_that_fails_for_ever_is_in_five_invocations_with_three_retries() -> None:
    run, outcome = processed(reports(2), count=3, maximum_retry_attempts=3, report_batch_item_failures=True)
    assert run.tried == [[0, 1, 2], [2], [2], [2], [2]]
    assert outcome.discarded[0].invocations == 4


def test_a_partial_success_with_splitting_cuts_at_the_record_and_then_leaves_it_alone() -> None:
    both = {"report_batch_item_failures": True, "bisect_batch_on_function_error": True}
    run, outcome = processed(reports(5), maximum_retry_attempts=2, **both)
    assert run.tried == [[*range(8)], [5, 6, 7], [5], [5], [5], [6, 7]]
    assert discarded(outcome) == [[5]]
    assert outcome.checkpoints == [4, 5, 7]


def test_a_partial_success_that_names_the_first_record_cuts_behind_it() -> None:
    both = {"report_batch_item_failures": True, "bisect_batch_on_function_error": True}
    run, outcome = processed(reports(0), count=5, maximum_retry_attempts=0, **both)
    assert run.tried == [[0, 1, 2, 3, 4], [0], [1, 2, 3, 4]]
    assert (discarded(outcome), numbers(outcome.handled)) == ([[0]], [1, 2, 3, 4])


def test_an_error_splits_in_halves_even_where_partial_responses_are_on() -> None:
    both = {"report_batch_item_failures": True, "bisect_batch_on_function_error": True}
    run, _ = processed(raises_on(0), count=4, maximum_retry_attempts=0, **both)
    assert run.tried == [[0, 1, 2, 3], [0, 1], [0], [1], [2, 3]]


def test_a_response_is_ignored_where_partial_responses_are_off() -> None:
    run, outcome = processed(reports(5))
    assert len(run.tried) == 1
    assert numbers(outcome.handled) == list(range(8))


@pytest.mark.parametrize(
    "response",
    [
        None,
        {},
        {"batchItemFailures": []},
        {"batchItemFailures": None},
        [],
        "",
        {"batchitemfailures": [{"itemIdentifier": "0"}]},
        {"BatchItemFailures": [{"itemIdentifier": "0"}]},
        {"batch_item_failures": [{"itemIdentifier": "0"}]},
    ],
)
def test_a_response_without_failures_is_a_complete_success(response: Any) -> None:
    _, outcome = processed(
        lambda _: InvokeResponse("x", response), maximum_retry_attempts=0, report_batch_item_failures=True
    )
    assert numbers(outcome.handled) == list(range(8))


@pytest.mark.parametrize(
    "response",
    [
        *(
            {"batchItemFailures": [{"itemIdentifier": "3"}, bad]}
            for bad in (
                {"itemIdentifier": ""},
                {"itemIdentifier": None},
                {"itemIdentifier": "99"},
                {"itemIdentifier": 4},
                {"itemIdentifier": ["4"]},
                {"itemidentifier": "4"},
                {},
                "4",
            )
        ),
        {"batchItemFailures": "3"},
        {"batchItemFailures": {}},
        "done",
        [{"itemIdentifier": "3"}],
        7,
        0,
        False,
    ],
)
def test_a_response_that_cannot_be_read_is_a_complete_failure(response: Any) -> None:
    _, outcome = processed(
        lambda _: InvokeResponse("x", response), maximum_retry_attempts=0, report_batch_item_failures=True
    )
    assert discarded(outcome) == [list(range(8))]
    assert [one.result for one in outcome.invocations] == ["failure"]


def test_a_response_that_cannot_be_read_splits_in_halves() -> None:
    both = {"report_batch_item_failures": True, "bisect_batch_on_function_error": True}
    run, _ = processed(lambda _: InvokeResponse("x", "?"), count=2, maximum_retry_attempts=0, **both)
    assert run.tried == [[0, 1], [0], [1]]


def test_pauses_before_retries_double_from_half_a_second_to_sixty() -> None:
    run, _ = processed(raises_on(0), count=1, maximum_retry_attempts=9)
    assert run.waited == [0.5, 1, 2, 4, 8, 16, 32, 60, 60]


def test_a_record_that_may_be_a_minute_old_is_tried_seven_times() -> None:
    run, outcome = processed(raises_on(0), count=1, maximum_record_age_in_seconds=60)
    assert len(run.tried) == 7
    assert [part.condition for part in outcome.discarded] == ["RecordAgeExceeded"]


def test_splits_are_tried_without_a_pause() -> None:
    run, _ = processed(raises_on(0), count=4, maximum_retry_attempts=0, bisect_batch_on_function_error=True)
    assert run.waited == []


def test_without_a_limit_of_retries_records_are_tried_until_the_stream_keeps_them_no_longer() -> None:
    run = BatchRun(Batch(records(1)), EventSourceMapping(), raises_on(0), retention_seconds=100)
    outcome = run.process()
    assert run.waited == [0.5, 1, 2, 4, 8, 16, 32, 60]  # 63.5 seconds old is young enough, 123.5 is not
    assert [(part.condition, part.invocations, part.at) for part in outcome.discarded] == [
        ("RecordAgeExceeded", 8, 123.5)
    ]


def test_records_that_are_too_old_are_given_up_without_an_invocation() -> None:
    run = BatchRun(Batch(records(2)), EventSourceMapping(maximum_record_age_in_seconds=60), lambda _: OK, now=61)
    outcome = run.process()
    assert run.tried == []
    assert [(numbers(part.records), part.condition, part.invocations, part.response) for part in outcome.discarded] == [
        ([0, 1], "RecordAgeExceeded", 0, None)
    ]
    assert (outcome.handled, outcome.checkpoints) == ([], [1])


def test_a_record_of_just_the_maximum_age_is_still_sent() -> None:
    run = BatchRun(Batch(records(1)), EventSourceMapping(maximum_record_age_in_seconds=60), lambda _: OK, now=60)
    assert numbers(run.process().handled) == [0]


def test_records_age_out_of_the_front_of_a_batch_and_the_rest_goes_on() -> None:
    mixed = [*records(2), *(Record("shardId-000000000000", number, "key", b"", 50.0) for number in (2, 3))]
    run = BatchRun(Batch(mixed), EventSourceMapping(maximum_record_age_in_seconds=60), raises_on(0), now=60)
    outcome = run.process()
    assert run.tried == [[0, 1, 2, 3], [2, 3]]
    assert discarded(outcome) == [[0, 1]]
    assert outcome.discarded[0].invocations == 1
    assert [one.attempt for one in outcome.invocations] == [1, 2]
    assert outcome.checkpoints == [1, 3]


def test_the_retention_of_the_stream_limits_the_maximum_age() -> None:
    mapping = EventSourceMapping(maximum_record_age_in_seconds=604_800)
    run = BatchRun(Batch(records(1)), mapping, lambda _: OK, now=86_401)
    assert discarded(run.process()) == [[0]]


def test_a_record_that_fits_in_no_invocation_is_given_up_without_one() -> None:
    run = BatchRun(Batch(records(1), is_too_large=True), EventSourceMapping(), lambda _: OK)
    outcome = run.process()
    assert run.tried == []
    assert [(part.condition, part.invocations) for part in outcome.discarded] == [("PayloadSizeExceeded", 0)]


# Tumbling windows


def window() -> Window:
    return Window("shardId-000000000000", 0, 60)


def windowed(batch: Batch, respond: Respond, **settings: Any) -> tuple[BatchRun, BatchOutcome]:
    run = BatchRun(batch, EventSourceMapping(tumbling_window_in_seconds=60, **settings), respond)
    return run, run.process()


def returning(state: Any, **more: Any) -> Respond:
    return lambda _: InvokeResponse("x", {"state": state, **more})


def test_the_state_of_a_window_is_what_the_function_returned_last() -> None:
    current = window()
    windowed(Batch(records(2), current), returning({"sum": 2}))
    assert current.state == {"sum": 2}


def test_a_response_without_a_state_is_a_failed_invocation() -> None:
    current = window()
    _, outcome = windowed(Batch(records(2), current), lambda _: InvokeResponse("x", {}), maximum_retry_attempts=0)
    assert discarded(outcome) == [[0, 1]]
    assert current.state == {}


def test_the_end_of_a_window_is_an_invocation_without_records_that_drops_the_state() -> None:
    current = window()
    current.state = {"sum": 2}
    run, outcome = windowed(Batch((), current), returning({"sum": 2}))
    assert [(one.records, one.is_final, one.is_early) for one in run.requests] == [((), True, False)]
    assert (current.state, outcome.lost_window, outcome.checkpoints) == ({}, None, [])


def test_a_partial_success_without_progress_leaves_the_state_as_it_was() -> None:
    current = window()
    current.state = {"sum": 5}
    failing = returning({"sum": 6}, batchItemFailures=[{"itemIdentifier": "0"}])
    windowed(Batch(records(2), current), failing, maximum_retry_attempts=0, report_batch_item_failures=True)
    assert current.state == {"sum": 5}


def test_the_final_state_is_lost_when_the_function_never_takes_it() -> None:
    current = window()
    current.state = {"sum": 2}
    run, outcome = windowed(Batch((), current), lambda _: InvokeResponse("x", None, "E"), maximum_retry_attempts=1)
    assert len(run.requests) == 2
    assert outcome.lost_window is current
    assert (current.state, outcome.discarded) == ({}, [])


def test_the_final_state_is_offered_until_records_of_the_window_would_be_too_old() -> None:
    run, outcome = windowed(
        Batch((), window()), lambda _: InvokeResponse("x", None, "E"), maximum_record_age_in_seconds=60
    )
    assert run.waited == [
        0.5,
        1,
        2,
        4,
        8,
        16,
        32,
        60,
    ]  # the window ended at 60; at 123.5 that is more than a minute ago
    assert outcome.lost_window is not None


def test_a_state_that_is_too_large_ends_the_window_early_before_the_rest_goes_on() -> None:
    large = "x" * (STATE_BYTES - 1)  # with its two quotation marks one byte too large
    states: list[Any] = []

    def respond(invoke: InvokeRequest) -> InvokeResponse:
        assert invoke.window is not None
        states.append(invoke.window.state)
        failures = [{"itemIdentifier": "1"}] if len(invoke.records) == 2 else []
        return InvokeResponse(
            "x", {"state": large if len(invoke.records) == 2 else "small", "batchItemFailures": failures}
        )

    current = window()
    run, _ = windowed(Batch(records(2), current), respond, report_batch_item_failures=True)
    assert [(numbers(one.records), one.is_final, one.is_early) for one in run.requests] == [
        ([0, 1], False, False),
        ([], True, True),
        ([1], False, False),
    ]
    assert states == [{}, large, {}]
    assert current.state == "small"


def test_a_state_of_the_greatest_size_does_not_end_the_window() -> None:
    run, _ = windowed(Batch(records(1), window()), returning("x" * (STATE_BYTES - 2)))
    assert len(run.requests) == 1


# Settings


def test_settings_are_read_from_a_template_where_numbers_may_be_text() -> None:
    mapping = EventSourceMapping.from_properties(
        {
            "FunctionName": "arn:aws:lambda:eu-west-1:123456789012:function:fraud",
            "EventSourceArn": "arn:aws:kinesis:eu-west-1:123456789012:stream/clicks",
            "BatchSize": "500",
            "MaximumBatchingWindowInSeconds": "5",
            "ParallelizationFactor": 2,
            "BisectBatchOnFunctionError": "true",
            "MaximumRetryAttempts": "0",
            "MaximumRecordAgeInSeconds": 3600,
            "FunctionResponseTypes": ["ReportBatchItemFailures"],
            "FilterCriteria": {"Filters": [{"Pattern": json.dumps({"data": {"action": ["buy"]}})}]},
            "DestinationConfig": {"OnFailure": {"Destination": "arn:aws:s3:::failures"}},
            "StartingPosition": "LATEST",
        }
    )
    assert mapping == EventSourceMapping(
        function_arn="arn:aws:lambda:eu-west-1:123456789012:function:fraud",
        event_source_arn="arn:aws:kinesis:eu-west-1:123456789012:stream/clicks",
        batch_size=500,
        maximum_batching_window_in_seconds=5,
        parallelization_factor=2,
        bisect_batch_on_function_error=True,
        maximum_retry_attempts=0,
        maximum_record_age_in_seconds=3600,
        report_batch_item_failures=True,
        filters=({"data": {"action": ["buy"]}},),
        on_failure="arn:aws:s3:::failures",
    )


def test_settings_are_read_from_the_api_where_what_is_not_set_may_be_null_or_empty() -> None:
    mapping = EventSourceMapping.from_properties(
        {
            "UUID": "14e0db71-5d35-4eb5-b481-8945cf9d10c2",
            "FunctionArn": "arn:aws:lambda:eu-west-1:123456789012:function:fraud",
            "BatchSize": 100,
            "MaximumRetryAttempts": -1,
            "TumblingWindowInSeconds": 60,
            "BisectBatchOnFunctionError": False,
            "FilterCriteria": None,
            "FunctionResponseTypes": [],
            "DestinationConfig": {"OnFailure": {}},
        }
    )
    assert mapping == EventSourceMapping(
        uuid="14e0db71-5d35-4eb5-b481-8945cf9d10c2",
        function_arn="arn:aws:lambda:eu-west-1:123456789012:function:fraud",
        tumbling_window_in_seconds=60,
    )


@pytest.mark.parametrize("settings", [{"batch_size": 0}, {"batch_size": 10_001}, {"parallelization_factor": 11}])
def test_settings_that_no_batch_could_follow_are_refused(settings: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=next(iter(settings))):
        EventSourceMapping(**settings)


def test_a_shard_has_one_lane_where_windows_keep_its_state() -> None:
    assert EventSourceMapping(parallelization_factor=4).lanes == 4
    assert EventSourceMapping(parallelization_factor=4, tumbling_window_in_seconds=60).lanes == 1

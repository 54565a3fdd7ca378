"""Whatever a handler returns is a response or a failure of its invocation, and the same one to each engine."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from decimal import Decimal
from typing import Any

import pytest

from streaming_constructs.local.aws.api import Aws
from streaming_constructs.local.clock import Clock
from streaming_constructs.local.event_source.consumer_counts import ConsumerCounts
from streaming_constructs.local.event_source.event_source_mapping import EventSourceMapping
from streaming_constructs.local.event_source.invocation import InvokeRequest
from streaming_constructs.local.event_source.lane import LaneRunner
from streaming_constructs.local.event_source.simulation import Simulation, kinesis_records, simulate_event_source
from streaming_constructs.local.firehose.delivery_stream_worker import _transform
from streaming_constructs.local.firehose.lambda_transform import InvocationError
from streaming_constructs.local.lambda_function.function_journal import FunctionJournal
from streaming_constructs.local.lambda_function.function_process import InvocationResult
from streaming_constructs.local.lambda_function.function_response import TOO_LARGE_MESSAGE, ResponseError, read_response
from streaming_constructs.local.lambda_function.runtime_bootstrap import FaultError, marshalled
from streaming_constructs.local.worker import WorkerContext

QUEUE = "arn:aws:sqs:us-east-1:123456789012:failures"
DEEP: Any = []
for _ in range(100_000):
    DEEP = [DEEP]

UNREADABLE = [
    b"",
    b"not json",
    b"\xff\xfe",
    b"\xef\xbb\xbf{}",
    "{}".encode("utf-16"),
    b"[" * 200_000,
    b"[" * 800 + b"]" * 800,
    b'{"state":' * 600 + b"0" + b"}" * 600,
    b"1" * 5000,
    b"NaN",
    b"[-Infinity]",
    b"{} {}",
    b"{'a': 1}",
]
UNWRITABLE = [float("nan"), "\ud800", {"a": "\udfff"}, {1}, object(), [b"a"], DEEP, 10**5000, {(1, 2): 3}]


@pytest.mark.parametrize("payload", UNREADABLE)
def test_bytes_that_are_no_json_are_no_response(payload: bytes) -> None:
    with pytest.raises(ResponseError) as refused:
        read_response(payload)
    assert refused.value.error_type == "Runtime.MarshalError"


@pytest.mark.parametrize(
    ("payload", "response"),
    [
        (b"null", None),
        (b' {"batchItemFailures": []}\n', {"batchItemFailures": []}),
        (b'"\\ud800"', "\ud800"),
        (b"1e400", float("inf")),
    ],
)
def test_json_is_a_response(payload: bytes, response: Any) -> None:
    assert read_response(payload) == response


def test_five_hundred_levels_are_read_and_one_more_is_not() -> None:
    read_response(b"[" * 500 + b"]" * 500)
    with pytest.raises(ResponseError, match="nested too deep"):
        read_response(b"[" * 501 + b"]" * 501)


def test_a_response_may_be_broad() -> None:
    assert read_response(b"[" + b"{}," * 600 + b"[]]") == [*[{}] * 600, []]


def test_a_response_of_six_mebibytes_is_one_and_a_greater_one_is_not() -> None:
    assert len(read_response(b'"' + b"x" * 6_291_554 + b'"')) == 6_291_554
    with pytest.raises(ResponseError) as refused:
        read_response(b'"' + b"x" * 6_291_555 + b'"')
    assert refused.value.error_type == "Function.ResponseSizeTooLarge"
    assert str(refused.value) == TOO_LARGE_MESSAGE


def test_a_decimal_is_a_number_as_the_runtime_writes_it() -> None:
    assert marshalled({"amount": Decimal("12.5")}) == b'{"amount": 12.5}'


def test_half_of_a_surrogate_pair_cannot_be_written() -> None:
    with pytest.raises(FaultError) as fault:
        marshalled("\ud800")
    assert fault.value.name == "Runtime.MarshalError"


# The engines


def simulated(returned: Any) -> Simulation:
    mapping = EventSourceMapping(maximum_retry_attempts=0, on_failure=QUEUE)
    return simulate_event_source(lambda *_: returned, kinesis_records(["a", "b"]), mapping)


@pytest.mark.parametrize("number", range(len([*UNREADABLE, *UNWRITABLE])))  # not the values: some have no name
def test_a_simulation_takes_it_for_a_failure_of_the_batch(number: int) -> None:
    simulation = simulated([*UNREADABLE, *UNWRITABLE][number])
    assert [one.response.error_type for one in simulation.invocations] == ["Runtime.MarshalError"]
    assert [len(failure.records) for failure in simulation.failures] == [2]


def test_bytes_that_are_json_are_what_they_say() -> None:
    assert simulated(b'{"batchItemFailures": []}').invocations[0].response.payload == {"batchItemFailures": []}


@pytest.mark.parametrize(("code", "status"), [(3, 3), (0, 0), (None, 0), ("said", 1)])
def test_a_handler_that_ends_its_process_ends_no_test(code: int | str | None, status: int) -> None:
    def handler(event: Any, context: Any) -> None:
        raise SystemExit(code)

    mapping = EventSourceMapping(maximum_retry_attempts=0, on_failure=QUEUE)
    simulation = simulate_event_source(handler, kinesis_records(["a"]), mapping)
    assert [(one.response.error_type, one.response.error_message) for one in simulation.invocations] == [
        ("Runtime.ExitError", f"Runtime exited with error: exit status {status}")
    ]


def answering(payload: bytes) -> Callable[..., InvocationResult]:
    return lambda *_: InvocationResult("id", payload, None, "said \ud800", 0.0)


@pytest.mark.parametrize("payload", UNREADABLE)
def test_a_rehearsal_takes_it_for_the_same_failure(payload: bytes) -> None:
    counts = ConsumerCounts()
    runner = LaneRunner(
        mapping=EventSourceMapping(),
        counts=counts,
        invoke=answering(payload),
        send=lambda _: None,
        executor=Executor(),
        wake=lambda: None,
        now=lambda: 0.0,
        retention_seconds=86_400,
    )
    response = runner._invoke_function(InvokeRequest(()))
    assert (response.error_type, response.error_message) == (
        "Runtime.MarshalError",
        simulated(payload).invocations[0].response.error_message,
    )
    (failure,) = counts.journal.failures
    "".join((failure.message, *failure.log, counts.journal.log)).encode()  # a terminal takes it


@pytest.mark.parametrize("payload", UNREADABLE)
def test_a_delivery_takes_it_for_a_failure_of_the_batch(payload: bytes) -> None:
    context = WorkerContext(
        aws=Aws("http://localhost:1", "us-east-1", "a-token"),
        clock=Clock(),
        executor=Executor(),
        invoke=answering(payload),
        wake=lambda: None,
        deployed=(),
        name_of=lambda _: "",
        topic_name=lambda _: "",
    )
    with pytest.raises(InvocationError) as failed:
        _transform("arn:aws:lambda:us-east-1:123456789012:function:clean", context, FunctionJournal())({"records": []})
    assert failed.value.code == "Lambda.JsonProcessingException"

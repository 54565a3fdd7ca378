"""The pollers of a mapping of a queue: what is handed out, hidden, deleted, tried again and given up, and when."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from moto.sqs import models

from streaming_constructs.local.aws.api import ACCOUNT_ID, Aws
from streaming_constructs.local.aws.cloudformation import Deployed
from streaming_constructs.local.event_source.event_source_mapping import EventSourceMapping
from streaming_constructs.local.event_source.queue_event_filter import QueueEventFilter
from streaming_constructs.local.event_source.queue_mapping_worker import QueueMappingWorker, build_queue_mapping_worker
from streaming_constructs.local.event_source.queue_record import QueueRecord
from streaming_constructs.local.lambda_function.function_process import FunctionError, InvocationResult
from streaming_constructs.local.sqs.sqs_hooks import install_sqs_hooks
from streaming_constructs.local.worker import WorkerContext
from tests.local.later import Later, StandingClock

NOW, REGION = 1_800_000_000.0, "us-east-1"
FUNCTION = Deployed(
    "Shop",
    "Function",
    "AWS::Lambda::Function",
    "work",
    {"Code": {"S3Key": "key"}, "Handler": "index.handler", "Runtime": "python3.13", "Timeout": 5},
    {"Arn": f"arn:aws:lambda:{REGION}:123456789012:function:work"},
)
ANSWERS = [None, "", {}, {"batchItemFailures": []}, {"batchItemFailures": None}, {"failures": [1]}]


class Rehearsed:
    """A queue with dead letters, and a mapping of it whose function notes what it got."""

    def __init__(
        self, clock: StandingClock, *, fifo: bool = False, attributes: dict[str, Any] | None = None, **mapped: Any
    ) -> None:
        ending = ".fifo" if fifo else ""
        own = {"FifoQueue": "true", "ContentBasedDeduplication": "true"} if fifo else {}
        self.clock, self.executor = clock, Later()
        models.sqs_backends[ACCOUNT_ID][REGION].queues.clear()
        self.backend = models.sqs_backends[ACCOUNT_ID][REGION]
        self.dead = self.backend.create_queue(f"dead{ending}", region=REGION, **own)
        redrive = json.dumps({"deadLetterTargetArn": self.dead.queue_arn, "maxReceiveCount": 3})
        given = {"VisibilityTimeout": 30, "RedrivePolicy": redrive, **own, **(attributes or {})}
        self.queue = self.backend.create_queue(f"tasks{ending}", region=REGION, **given)
        self.events: list[dict[str, Any]] = []
        self.answer: Callable[[dict[str, Any]], Any] = lambda _: None
        properties = {
            "EventSourceArn": self.queue.queue_arn,
            "FunctionName": "work",
            "FunctionResponseTypes": ["ReportBatchItemFailures"],
            **mapped,
        }
        context = WorkerContext(
            aws=Aws("http://localhost:1", REGION, "a-token"),
            clock=clock,  # type: ignore[arg-type]
            executor=self.executor,
            invoke=self._invoke,
            wake=lambda: None,
            deployed=[FUNCTION],
            name_of=lambda resource: resource.logical_id,
            topic_name=str,
        )
        mapping = Deployed("Shop", "Mapping", "AWS::Lambda::EventSourceMapping", "id", properties, {})
        self.worker: QueueMappingWorker = build_queue_mapping_worker(mapping, context, None)

    def _invoke(self, _: str, event: bytes) -> InvocationResult:
        self.events.append(json.loads(event))
        answer = self.answer(self.events[-1])
        if isinstance(answer, Exception):
            return InvocationResult("id", b"", FunctionError("ValueError", str(answer)), "", 0.0)
        return InvocationResult("id", json.dumps(answer).encode(), None, "", 0.0)

    def send(self, *bodies: str, group: str | None = None) -> None:
        for body in bodies:
            self.backend.send_message(self.queue.name, body, group_id=group)

    def go(self) -> None:
        """Works until nothing is left to do now."""
        while self.worker.step(self.clock.now()) or self.executor.waiting:
            self.executor.run()

    def drain(self) -> float:
        """Works until nothing is left, and skips what is waited for; how many seconds that was."""
        self.go()
        while (moment := self.worker.due(self.clock.now())) is not None:
            self.clock.seconds = max(self.clock.seconds, moment)
            self.go()
        return self.clock.seconds - NOW

    @property
    def bodies(self) -> list[list[str]]:
        return [[record["body"] for record in event["Records"]] for event in self.events]


@pytest.fixture
def clock() -> Iterator[StandingClock]:
    found = StandingClock(NOW)
    with install_sqs_hooks(found.now):
        yield found
    models.sqs_backends[ACCOUNT_ID][REGION].queues.clear()


def poison(event: dict[str, Any]) -> Any:
    failed = [record["messageId"] for record in event["Records"] if record["body"] == "bad"]
    return {"batchItemFailures": [{"itemIdentifier": one} for one in failed]}


def test_messages_come_in_batches_and_are_deleted(clock: StandingClock) -> None:
    rehearsed = Rehearsed(clock)
    rehearsed.send(*(str(number) for number in range(25)))
    assert rehearsed.drain() == 0
    assert [len(batch) for batch in rehearsed.bodies] == [10, 10, 5]
    assert rehearsed.queue.messages == []
    report = rehearsed.worker.report()
    assert (report.records, report.handled, report.waiting, report.batches, report.retries) == (25, 25, 0, 3, 0)


def test_the_event_is_as_lambda_sends_it(clock: StandingClock) -> None:
    rehearsed = Rehearsed(clock)
    rehearsed.send('{"a": 1}')
    rehearsed.drain()
    (record,) = rehearsed.events[0]["Records"]
    assert record["body"] == '{"a": 1}'
    assert record["attributes"]["ApproximateReceiveCount"] == "1"
    assert record["attributes"]["SentTimestamp"] == str(int(NOW * 1000))
    assert (record["eventSource"], record["awsRegion"]) == ("aws:sqs", REGION)
    assert record["eventSourceARN"] == rehearsed.queue.queue_arn
    assert record.keys() >= {"messageId", "receiptHandle", "messageAttributes", "md5OfBody"}


def test_what_is_named_as_failed_is_tried_again_after_the_visibility_timeout_and_given_up(clock: StandingClock) -> None:
    rehearsed = Rehearsed(clock)
    rehearsed.answer = poison
    rehearsed.send("good", "bad", "fine")
    rehearsed.go()
    assert rehearsed.bodies == [["good", "bad", "fine"]]
    clock.seconds += 29
    rehearsed.go()
    assert len(rehearsed.bodies) == 1
    seconds = rehearsed.drain()
    assert rehearsed.bodies == [["good", "bad", "fine"], ["bad"], ["bad"]]
    assert 90 <= seconds < 91
    assert [message.body for message in rehearsed.dead.messages] == ["bad"]
    report = rehearsed.worker.report()
    assert (report.records, report.handled, report.isolated, report.retries, report.waiting) == (3, 2, 1, 2, 0)
    (kept,) = report.poison
    assert (kept.data, kept.condition, kept.destination) == ("bad", "received 3 times", rehearsed.dead.queue_arn)


def test_an_error_leaves_the_whole_batch(clock: StandingClock) -> None:
    rehearsed = Rehearsed(clock)
    rehearsed.answer = lambda _: ValueError("no") if len(rehearsed.events) == 1 else None
    rehearsed.send("a", "b")
    rehearsed.drain()
    assert rehearsed.bodies == [["a", "b"], ["a", "b"]]
    assert rehearsed.worker.report().handled == 2


@pytest.mark.parametrize("answer", ANSWERS)
def test_a_response_without_failures_is_a_success(clock: StandingClock, answer: Any) -> None:
    rehearsed = Rehearsed(clock)
    rehearsed.answer = lambda _: answer
    rehearsed.send("a")
    rehearsed.drain()
    assert rehearsed.worker.report().handled == 1


@pytest.mark.parametrize("identifier", ["", None, "no-such-message", 5, ["a"]])
def test_an_identifier_of_no_message_fails_the_whole_batch(clock: StandingClock, identifier: Any) -> None:
    rehearsed = Rehearsed(clock)
    rehearsed.answer = lambda _: {"batchItemFailures": [{"itemIdentifier": identifier}]}
    rehearsed.send("a", "b")
    rehearsed.drain()
    report = rehearsed.worker.report()
    assert (report.handled, report.isolated) == (0, 2)
    assert [failure.origin for failure in report.failures] == ["response"]


def test_failures_that_the_mapping_does_not_read_are_handled(clock: StandingClock) -> None:
    rehearsed = Rehearsed(clock, FunctionResponseTypes=[])
    rehearsed.answer = poison
    rehearsed.send("bad")
    rehearsed.drain()
    assert rehearsed.worker.report().handled == 1


def test_a_window_gathers_a_larger_batch(clock: StandingClock) -> None:
    rehearsed = Rehearsed(clock, BatchSize=20, MaximumBatchingWindowInSeconds=5)
    rehearsed.send(*map(str, range(12)))
    rehearsed.go()
    assert rehearsed.bodies == []
    assert rehearsed.worker.due(clock.now()) == NOW + 5
    clock.seconds += 3
    rehearsed.send(*map(str, range(12, 20)))
    rehearsed.go()
    assert [len(batch) for batch in rehearsed.bodies] == [20]
    rehearsed.send("last")
    assert rehearsed.drain() == 8
    assert rehearsed.bodies[-1] == ["last"]


def test_no_more_batches_are_under_way_than_may_be(clock: StandingClock) -> None:
    rehearsed = Rehearsed(clock, ScalingConfig={"MaximumConcurrency": 2})
    rehearsed.send(*map(str, range(50)))
    while rehearsed.worker.step(clock.now()):
        pass
    assert len(rehearsed.executor.waiting) == 2
    assert rehearsed.worker.busy
    rehearsed.drain()
    assert rehearsed.worker.report().handled == 50


def test_what_no_filter_lets_through_is_deleted(clock: StandingClock) -> None:
    patterns = [{"Pattern": '{"body": {"kind": ["mail"]}}'}]
    rehearsed = Rehearsed(clock, FilterCriteria={"Filters": patterns})
    rehearsed.send('{"kind": "mail"}', '{"kind": "call"}', "mail")
    rehearsed.drain()
    assert rehearsed.bodies == [['{"kind": "mail"}']]
    assert rehearsed.queue._messages == []
    assert rehearsed.worker.report().filtered == 2


def test_a_fifo_queue_holds_a_group_until_its_first_message_is_done_with(clock: StandingClock) -> None:
    rehearsed = Rehearsed(clock, fifo=True, BatchSize=1)
    rehearsed.answer = poison
    rehearsed.send("bad", "second", group="a")
    rehearsed.send("other", group="b")
    rehearsed.go()
    assert rehearsed.bodies == [["bad"], ["other"]]
    rehearsed.drain()
    assert rehearsed.bodies == [["bad"], ["other"], ["bad"], ["bad"], ["second"]]
    assert [message.body for message in rehearsed.dead.messages] == ["bad"]


def test_a_delayed_message_waits(clock: StandingClock) -> None:
    rehearsed = Rehearsed(clock, attributes={"DelaySeconds": 60})
    rehearsed.send("late")
    rehearsed.go()
    assert rehearsed.bodies == []
    assert 60 <= rehearsed.drain() < 61
    assert rehearsed.bodies == [["late"]]


def test_without_dead_letters_a_message_is_tried_until_it_expires_and_is_lost(clock: StandingClock) -> None:
    rehearsed = Rehearsed(clock, attributes={"RedrivePolicy": None, "MessageRetentionPeriod": 100})
    rehearsed.answer = poison
    rehearsed.send("bad")
    rehearsed.drain()
    report = rehearsed.worker.report()
    assert (len(rehearsed.bodies), report.expired, report.waiting) == (4, 1, 0)


def test_a_mapping_whose_queue_hides_messages_for_too_short_is_refused(clock: StandingClock) -> None:
    with pytest.raises(ValueError, match="hides a message for 4 s, and the function may take 5 s"):
        Rehearsed(clock, attributes={"VisibilityTimeout": 4})


def record(body: str) -> QueueRecord:
    return QueueRecord("tasks", 1, "", body.encode(), NOW)


@pytest.mark.parametrize(
    ("pattern", "body", "passes"),
    [
        ({"body": {"a": [1]}}, '{"a": 1}', True),
        ({"body": {"a": [1]}}, '{"a": 2}', False),
        ({"body": {"a": [1]}}, "text", False),
        ({"body": {"a": [{"exists": False}]}}, "text", False),
        ({"body": ["text"]}, "text", True),
        ({"body": ["text"]}, '{"a": 1}', False),
        ({"body": [{"prefix": "te"}]}, "text", True),
    ],
)
def test_a_pattern_and_a_body_of_another_form_do_not_fit(pattern: Any, body: str, passes: bool) -> None:
    assert QueueEventFilter([pattern]).passes(record(body)) is passes


def test_a_spec_of_a_queue_is_rehearsed_and_not_simulated() -> None:
    from streaming_constructs.spec.consumers.lambda_function import LambdaConsumerSpec
    from streaming_constructs.spec.queues.sqs import SqsQueueSpec

    with pytest.raises(ValueError, match="`streaming-constructs local run` rehearses it"):
        EventSourceMapping.from_spec(LambdaConsumerSpec(from_="tasks", code="a"), SqsQueueSpec())

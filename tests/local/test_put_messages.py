"""Events into queues: all are sent, and what a queue refuses takes no other with it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from streaming_constructs.local.aws.embedded_aws import EmbeddedAws
from streaming_constructs.local.event_targets import EventTarget, spec_targets
from streaming_constructs.local.events import Event
from streaming_constructs.local.producer import PutResult
from streaming_constructs.local.sqs.put_messages import put_messages
from streaming_constructs.spec.pipeline import PipelineSpec


@pytest.fixture(scope="module")
def embedded() -> Iterator[EmbeddedAws]:
    with EmbeddedAws() as found:
        yield found


def target(embedded: EmbeddedAws, name: str, **attributes: str) -> EventTarget:
    url = embedded.aws.client("sqs").create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
    return EventTarget("queue", "tasks", url)


def received(embedded: EmbeddedAws, queue: EventTarget) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    while True:
        answer = embedded.aws.client("sqs").receive_message(
            QueueUrl=queue.physical_id, MaxNumberOfMessages=10, MessageSystemAttributeNames=["All"]
        )
        if "Messages" not in answer:
            return found
        found += answer["Messages"]


def test_all_are_sent_ten_in_a_request(embedded: EmbeddedAws) -> None:
    queue, done = target(embedded, "many"), PutResult()
    put_messages(embedded.aws, queue, [Event("", f"{number}".encode()) for number in range(25)], done)
    assert (done.records, done.bytes, done.refused) == (25, 40, 0)
    assert [message["Body"] for message in received(embedded, queue)] == [str(number) for number in range(25)]


def test_what_is_refused_is_told_and_the_others_are_sent(embedded: EmbeddedAws) -> None:
    queue, done = target(embedded, "small", MaximumMessageSize="1024"), PutResult()
    put_messages(
        embedded.aws, queue, [Event("", b"a"), Event("", b"x" * 2000), Event("", b"\xff"), Event("", b"b")], done
    )
    assert (done.records, done.refused) == (2, 2)
    assert [message["Body"] for message in received(embedded, queue)] == ["a", "b"]
    assert "a message is text in UTF-8" in [refusal.reason for refusal in done.refusals]


def test_the_key_of_a_record_is_its_group_in_a_fifo_queue(embedded: EmbeddedAws) -> None:
    queue, done = target(embedded, "ordered.fifo", FifoQueue="true"), PutResult()
    put_messages(embedded.aws, queue, [Event("a", b"same"), Event("", b"same")], done)
    groups = [message["Attributes"]["MessageGroupId"] for message in received(embedded, queue)]  # type: ignore[index]
    assert (done.records, groups) == (2, ["a", "events"])


def test_events_go_into_queues_that_a_function_reads() -> None:
    consumer = {"kind": "lambda", "from": "tasks", "to": "mails", "code": "a"}
    spec = PipelineSpec.model_validate(
        {
            "name": "shop",
            "queues": {"tasks": {"kind": "sqs"}, "mails": {"kind": "sqs"}},
            "consumers": {"worker": consumer},
        }
    )
    assert spec_targets(spec) == [EventTarget("queue", "tasks", "tasks", is_entry=True)]

"""Events into a queue of SQS, ten in a request; what it refuses is found by sending each alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from botocore.exceptions import ClientError

from streaming_constructs.facts.sqs import MESSAGES_OF_A_REQUEST
from streaming_constructs.local.aws.api import Aws, is_machine_failure
from streaming_constructs.local.events import Event

if TYPE_CHECKING:
    from streaming_constructs.local.event_targets import EventTarget
    from streaming_constructs.local.producer import PutResult

_GROUP = "events"
"""The group of what names none, in a FIFO queue: all of it is in one, and stays in order."""


def put_messages(aws: Aws, target: EventTarget, events: Sequence[Event], done: PutResult) -> None:
    """Sends events to a queue.

    Args:
        aws: The API.
        target: The queue.
        events: The events; of a FIFO queue the partition key is the group of a message.
        done: Where it is written down.
    """
    most = int(MESSAGES_OF_A_REQUEST.value)
    for start in range(0, len(events), most):
        _put_request(aws, target, events[start : start + most], done)
        if done.stopped:
            return


def _put_request(aws: Aws, target: EventTarget, events: Sequence[Event], done: PutResult) -> None:
    try:
        entries = [{"Id": str(place), **_message(event, target)} for place, event in enumerate(events)]
        aws.client("sqs").send_message_batch(QueueUrl=target.physical_id, Entries=entries)
    except (ClientError, UnicodeDecodeError) as error:
        if isinstance(error, ClientError) and is_machine_failure(error):
            done.stopped = str(error)
        elif len(events) > 1:
            for event in events:
                if not done.stopped:
                    _put_request(aws, target, [event], done)
        else:
            done.refuse(target, events[0], _reason(error))
        return
    done.records += len(events)
    done.bytes += sum(len(event.data) for event in events)


def _message(event: Event, target: EventTarget) -> dict[str, Any]:
    body = {"MessageBody": event.data.decode()}
    if not target.physical_id.endswith(".fifo"):
        return body
    return {**body, "MessageGroupId": event.partition_key or _GROUP, "MessageDeduplicationId": str(uuid4())}


def _reason(error: ClientError | UnicodeDecodeError) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "a message is text in UTF-8"
    told: str = error.response["Error"].get("Message", error.response["Error"]["Code"])
    return told

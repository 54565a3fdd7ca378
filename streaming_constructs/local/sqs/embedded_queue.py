"""A queue of moto's SQS, as an event source mapping polls it: messages that are handed out, deleted, given up, and expire.

A message that was handed out is hidden for the visibility timeout. One that was received as often as the redrive policy says
goes to the dead-letter queue, in place of being handed out once more. Of a FIFO queue no message is handed out while one of its
group is with somebody.
Sources: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html,
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html and
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-understanding-logic.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from moto.sqs.models import Message, Queue, sqs_backends

from streaming_constructs.local.aws.api import ACCOUNT_ID

MOTO_HOOKS = (
    "moto.sqs.models.sqs_backends",
    "moto.sqs.models.Message.mark_received",
    "moto.sqs.models.Message.change_visibility",
    "moto.sqs.models.Queue.add_message",
)
"""What of moto's inside this module uses."""
_TICK_SECONDS = 0.001
"""A message is there again just after the moment that moto keeps."""


class EmbeddedQueue:
    """A queue, seen by who polls it.

    Attributes:
        arn: Its ARN.
        is_fifo: Whether it keeps the order of each group of messages.
    """

    def __init__(self, queue: Queue, now: Callable[[], float]) -> None:
        """Has read nothing yet.

        Args:
            queue: The queue.
            now: Tells the time, which moto's own clock has to be.
        """
        self._queue, self._now = queue, now
        self.arn: str = queue.queue_arn
        self.is_fifo: bool = queue.fifo_queue

    @property
    def visibility_seconds(self) -> int:
        """How long a message that was handed out is hidden."""
        return int(self._setting("visibility_timeout"))

    @property
    def max_receives(self) -> int:
        """How often a message is handed out; 0: without end."""
        policy = self._setting("redrive_policy")
        return int(policy["maxReceiveCount"]) if policy and self._queue.dead_letter_queue is not None else 0

    @property
    def dead_letters(self) -> str:
        """The ARN of its dead-letter queue; empty: it has none."""
        dead = self._queue.dead_letter_queue
        return dead.queue_arn if dead is not None else ""

    def receive(self, most: int) -> list[Message]:
        """Hands out messages, in the order in which they came.

        Args:
            most: How many at most.
        """
        taken: list[Message] = []
        with self._lock:
            held = {message.group_id for message in self._messages if not message.visible} if self.is_fifo else set()
            for message in self._messages:
                if len(taken) == most:
                    break
                if message.visible and not message.delayed and not (self.is_fifo and message.group_id in held):
                    message.mark_received(visibility_timeout=self.visibility_seconds)
                    taken.append(message)
        return taken

    def give_up(self) -> list[Message]:
        """Takes out what was received too often, and puts it into the dead-letter queue; what that is."""
        dead, most = self._queue.dead_letter_queue, self.max_receives
        if dead is None or not most:
            return []
        with self._lock:
            given_up = [one for one in self._messages if one.visible and one.approximate_receive_count >= most]
            self._remove(given_up)
        for message in given_up:
            if self.is_fifo:
                message.sent_timestamp = int(self._now() * 1000)  # type: ignore[assignment] # moto's own is an int by then
            dead.add_message(message)
        return given_up

    def expire(self) -> list[Message]:
        """Takes out what is older than the queue keeps it; what that is."""
        oldest = (self._now() - int(self._setting("message_retention_period"))) * 1000
        with self._lock:
            expired = [one for one in self._messages if one.sent_timestamp is not None and one.sent_timestamp < oldest]
            self._remove(expired)
        return expired

    def delete(self, messages: Iterable[Message]) -> None:
        """Takes out messages that are done with.

        Args:
            messages: The messages.
        """
        with self._lock:
            self._remove(list(messages))

    def due(self) -> float | None:
        """When there is a message to hand out, or to give up; None where there is none.

        One of a FIFO queue that waits for another one of its group is due with that.
        """
        with self._lock:
            held: dict[str | None, float] = {}
            for message in self._messages if self.is_fifo else ():
                if not message.visible:
                    held[message.group_id] = max(held.get(message.group_id, 0.0), message.visible_at)
            moments = [
                max(message.visible_at, message.delayed_until, held.get(message.group_id, 0.0) if self.is_fifo else 0.0)
                for message in self._messages
            ]
        return min(moments) / 1000 + _TICK_SECONDS if moments else None

    @property
    def _messages(self) -> list[Message]:
        return self._queue._messages  # noqa: SLF001 - there is no other way in

    @property
    def _lock(self) -> Any:
        return self._queue._messages_lock  # noqa: SLF001 - there is no other way in

    def _setting(self, name: str) -> Any:
        return getattr(self._queue, name)  # moto sets its attributes by their names alone

    def _remove(self, messages: list[Message]) -> None:
        gone = {id(message) for message in messages}
        self._messages[:] = [message for message in self._messages if id(message) not in gone]
        self._queue.pending_messages.difference_update(messages)


def queue_by_arn(arn: str, now: Callable[[], float]) -> EmbeddedQueue | None:
    """A queue; None where there is none.

    Args:
        arn: Its ARN.
        now: Tells the time.
    """
    _, _, _, region, _, name = arn.split(":", 5)
    queue = sqs_backends[ACCOUNT_ID][region].queues.get(name)
    return EmbeddedQueue(queue, now) if queue is not None else None

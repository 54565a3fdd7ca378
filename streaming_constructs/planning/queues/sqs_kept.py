"""What of an SQS queue is there to stay: its messages, in which order they come, and what it gave up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streaming_constructs.spec.encryption import CustomerManagedKey
from streaming_constructs.spec.kept import Kept, State, is_another, is_lowered, never

if TYPE_CHECKING:
    from streaming_constructs.planning.queues.sqs import QueuePlan


def queue_state(queue: QueuePlan) -> State:
    """What a queue holds.

    Args:
        queue: The queue with its numbers.
    """
    spec = queue.spec
    identity = Kept(
        "the queue",
        spec.arn or "one that is created",
        ("arn",),
        "EVO973",
        note="its readers read the other queue, and messages that wait in this one are never processed",
        help="put it back, and add the other queue as a node of its own",
    )
    if spec.arn is not None:
        return State("nothing of the queue itself changes", "nothing of the queue itself changes", (identity,))
    return State(
        stays="the queue stays in the account with its messages and its dead letters, outside of the stack; a node of its name "
        "makes another one",
        goes="the queue is deleted with its messages and its dead letters",
        kept=(
            identity,
            Kept(
                "whether it keeps the order",
                spec.fifo,
                ("fifo",),
                "EVO973",
                note="CloudFormation makes another queue, which is empty, and takes this one out of the stack with its "
                "messages",
                help="put it back, and add a queue of the other kind as a node of its own",
            ),
            Kept(
                "the retention in days",
                spec.retention_days,
                ("retention_days",),
                "EVO975",
                note="messages that are older are deleted within minutes, also those that nobody has processed",
                help=f"put it back: `retention_days: {spec.retention_days}`; or wait until the queue is empty",
                is_broken=is_lowered,
            ),
            *_key(queue),
            *_dead_letters(queue),
        ),
        removal_policy=spec.removal_policy,
    )


def _key(queue: QueuePlan) -> tuple[Kept, ...]:
    encryption = queue.spec.encryption
    if not isinstance(encryption, CustomerManagedKey):
        return ()
    key = encryption.kms_key_arn or "one of its own"
    return (
        Kept(
            "the key of its messages",
            key,
            ("encryption",),
            "EVO976",
            note="messages that are in the queue stay under the old key, which its reader may no longer use: it never gets "
            "them",
            help="put it back; or wait until the queue is empty, and change it then",
            loses=key == "one of its own",
        ),
    )


def _dead_letters(queue: QueuePlan) -> tuple[Kept, ...]:
    dead, makes = queue.spec.dead_letter, queue.spec.makes_dead_letters
    return (
        Kept(
            "where it puts what it gives up",
            "a dead-letter queue of its own" if makes else dead.arn or "nowhere",
            ("dead_letter",),
            "EVO974",
            note="what it gave up so far is in the dead-letter queue of its own, which leaves the stack",
            help="put it back; or empty it before, and go by its alarm",
            is_broken=is_another if makes else never,
            loses=makes,
        ),
    )

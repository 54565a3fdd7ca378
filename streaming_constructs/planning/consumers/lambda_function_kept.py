"""What of a consumer is there to stay: its position in its stream, and the batches that it gave up."""

from __future__ import annotations

from streaming_constructs.planning.consumers.lambda_function import ConsumerPlan
from streaming_constructs.spec.kept import Kept, State, is_another, never
from streaming_constructs.spec.on_failure import (
    KafkaOnFailure,
    NodeOnFailure,
    S3OnFailure,
    SnsOnFailure,
    SqsOnFailure,
)
from streaming_constructs.spec.starting_position import AtTimestamp

_SOURCE = "the stream that it reads"
_STARTS_ANEW = "its event source mapping is replaced, and with it the position in the stream: it begins where its "


def consumer_state(consumer: ConsumerPlan) -> State:
    """What a consumer holds.

    Args:
        consumer: The consumer with its numbers.
    """
    if consumer.kind == "sqs":
        from streaming_constructs.planning.consumers.lambda_on_queue import queue_consumer_state

        return queue_consumer_state(consumer)
    spec = consumer.spec
    at = spec.starting_position
    position = at.at_timestamp.isoformat() if isinstance(at, AtTimestamp) else at
    return State(
        stays="its position in the stream is deleted; what it gave up stays in the account, outside of the stack",
        goes="its position in the stream is deleted, and what it gave up",
        kept=(
            *(_source_of_kafka(consumer) if consumer.kind == "kafka" else (_stream(consumer),)),
            Kept(
                "enhanced fan-out",
                spec.enhanced_fan_out,
                ("enhanced_fan_out",),
                "EVO973",
                note=f"{_STARTS_ANEW}`starting_position` says, which is {position}: the stream is read again, or what is in it "
                "is left out",
                help="put it back; or let the function bear records twice, with `starting_position` at a time before the "
                "deployment in both versions",
            ),
            Kept(
                "the starting position",
                position,
                ("starting_position",),
                "EVO971",
                note="CloudFormation would make another event source mapping of the same function and source before it takes "
                "this one away, and Lambda has one of each; the position counts only where a mapping begins",
                help="put it back; to read again, add a consumer that starts there beside it",
            ),
            *_given_up(spec.failure_policy.destination),
        ),
    )


def _stream(consumer: ConsumerPlan) -> Kept:
    return Kept(
        _SOURCE,
        consumer.spec.from_,
        ("from",),
        "EVO973",
        note=f"{_STARTS_ANEW}`starting_position` says in the other one, and never reads what was left in this one",
        help="put it back, and add a consumer of the other stream beside it",
    )


def _source_of_kafka(consumer: ConsumerPlan) -> tuple[Kept, ...]:
    """The topic and the group, which Lambda takes at creation alone, and CloudFormation takes for what can be changed.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/msk-esm-parameters.html and
    https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/2140
    """
    spec = consumer.spec
    return (
        Kept(
            _SOURCE,
            spec.from_,
            ("from",),
            "EVO971",
            note="Lambda takes the topic of a mapping when it creates it alone; CloudFormation reports success, and the "
            "function goes on with the topic that it reads",
            help="put it back, and add a consumer of the other topic beside it",
        ),
        Kept(
            "the consumer group",
            spec.consumer_group or "a group of its own",
            ("consumer_group",),
            "EVO971",
            note="Lambda takes the group of a mapping when it creates it alone, and with it its position",
            help="put it back, and add a consumer with the other group beside it",
        ),
    )


def _given_up(
    destination: SqsOnFailure | SnsOnFailure | S3OnFailure | KafkaOnFailure | NodeOnFailure,
) -> tuple[Kept, ...]:
    """Where given-up batches are, if that was made for them."""
    existing = {
        "sqs": getattr(destination, "queue_arn", None),
        "sns": getattr(destination, "topic_arn", None),
        "s3": getattr(destination, "bucket", None),
        "node": getattr(destination, "node", None),
        "kafka": getattr(destination, "topic", None),
    }[destination.kind]
    return (
        Kept(
            "where it puts what it gives up",
            existing or f"a destination of its own ({destination.kind})",
            ("on_failure", "destination"),
            "EVO974",
            note="what it gave up so far is in the destination of its own, which leaves the stack",
            help="put it back; or empty it before, and go by its alarm",
            is_broken=is_another if existing is None else never,
            loses=existing is None,
        ),
    )

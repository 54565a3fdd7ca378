"""What changes mean for queues that functions read: a second reader, and a function that runs longer than its queue waits."""

from __future__ import annotations

from collections.abc import Iterator

from streaming_constructs.facts.lambda_function import FUNCTION_DEFAULTS
from streaming_constructs.facts.sqs import VISIBILITY_SECONDS_BY_DEFAULT
from streaming_constructs.review.comparing.pair import Pair
from streaming_constructs.review.comparing.template import Resource, Template
from streaming_constructs.review.comparing.values import number
from streaming_constructs.review.events.event_sources import MAPPING, function_of, kind_of
from streaming_constructs.review.meaning import Meaning, of_the_whole, when_added

QUEUE = "AWS::SQS::Queue"


@when_added(MAPPING)
def added(pair: Pair, new: Resource) -> Iterator[Meaning]:
    """A new mapping: of a queue that has a reader it takes messages that the other one waits for."""
    source = new.at("EventSourceArn")
    others = [
        mapping
        for mapping in pair.new.of_type(MAPPING)
        if mapping.logical_id != new.logical_id and mapping.at("EventSourceArn") == source
    ]
    if not others or kind_of(pair.new, new) != "queue":
        yield Meaning("REV111", f"{new.type} is created")
    elif new.at("FilterCriteria"):
        says = (
            f"it reads a queue that {others[0].logical_id} reads, and deletes the messages that its filter passes over"
        )
        yield Meaning("REV228", says, "give it a queue of its own, and send to both by a topic", "danger", "data-loss")
    else:
        says = f"it reads a queue that {others[0].logical_id} reads: each message goes to one of them"
        yield Meaning("REV228", says, "give it a queue of its own, and send to both by a topic")


@of_the_whole
def longer_than_the_queue_waits(pair: Pair) -> Iterator[Meaning]:
    """A function that may newly run longer than its queue hides a message; a queue that hides one for less tells of itself."""
    for old, new in pair.match.kept.values():
        if new.type != MAPPING:
            continue
        before, after = _seconds(pair.old, old), _seconds(pair.new, new)
        if before is None or after is None or before[0] > before[1]:
            continue
        if after[0] > after[1] and after[0] > before[0]:
            yield Meaning(
                "REV249",
                f"its function may run for {after[0]:g} s, and its queue hides a message for {after[1]:g} s: a message is "
                "handed out again while it is worked on, and Lambda refuses the mapping",
                "raise `VisibilityTimeout` of the queue to six times the function's timeout first",
                path="Properties.EventSourceArn",
                resource=new,
            )


def _seconds(template: Template, mapping: Resource) -> tuple[float, float] | None:
    """The timeout of the function and the visibility of the queue; None where either is not known."""
    queue, function = template.target(mapping.at("EventSourceArn")), function_of(template, mapping.at("FunctionName"))
    if queue is None or queue.type != QUEUE or function is None:
        return None
    timeout = number(function.at("Timeout") if function.at("Timeout") is not None else FUNCTION_DEFAULTS["Timeout"])
    written = queue.at("VisibilityTimeout")
    hidden = number(written) if written is not None else VISIBILITY_SECONDS_BY_DEFAULT.value
    return None if timeout is None or hidden is None else (timeout, hidden)

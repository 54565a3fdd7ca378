"""What changes mean for queues that functions read: a second reader, and a function that runs longer than its queue waits."""

from __future__ import annotations

from collections.abc import Iterator

from streaming_constructs.facts.lambda_function import FUNCTION_DEFAULTS
from streaming_constructs.facts.sqs import VISIBILITY_SECONDS_BY_DEFAULT
from streaming_constructs.review.event_sources import MAPPING, function_of, kind_of
from streaming_constructs.review.meaning import Meaning, of_the_whole, when_added
from streaming_constructs.review.pair import Pair
from streaming_constructs.review.template import Resource, Template
from streaming_constructs.review.values import number

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
    """A function that may newly run longer than the queue keeps its messages from others."""
    for old, new in pair.match.kept.values():
        if new.type != MAPPING or not _outlasts(pair.new, new) or _outlasts(pair.old, old):
            continue
        yield Meaning(
            "REV249",
            f"{_times(pair.new, new)}: a message is handed out again while it is worked on, and Lambda refuses the mapping",
            "raise `VisibilityTimeout` of the queue to six times the function's timeout first",
            path="Properties.EventSourceArn",
            resource=new,
        )


def _outlasts(template: Template, mapping: Resource) -> bool:
    seconds = _seconds(template, mapping)
    return seconds is not None and seconds[0] > seconds[1]


def _times(template: Template, mapping: Resource) -> str:
    seconds = _seconds(template, mapping)
    assert seconds is not None
    return f"its function may run for {seconds[0]:g} s, and its queue hides a message for {seconds[1]:g} s"


def _seconds(template: Template, mapping: Resource) -> tuple[float, float] | None:
    """The timeout of the function and the visibility of the queue; None where either is not known."""
    queue, function = template.target(mapping.at("EventSourceArn")), function_of(template, mapping.at("FunctionName"))
    if queue is None or queue.type != QUEUE or function is None:
        return None
    timeout = number(function.at("Timeout") if function.at("Timeout") is not None else FUNCTION_DEFAULTS["Timeout"])
    written = queue.at("VisibilityTimeout")
    hidden = number(written) if written is not None else VISIBILITY_SECONDS_BY_DEFAULT.value
    return None if timeout is None or hidden is None else (timeout, hidden)

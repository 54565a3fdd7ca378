"""Pollers of a Lambda consumer of Kafka, and the group that they are members of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Discriminator, Field, Tag

from streaming_constructs.facts import event_source_kafka
from streaming_constructs.spec.finding import Edit, Finding
from streaming_constructs.spec.model import Int, SpecModel, form, within

ConsumerGroupId = Annotated[
    str, form(event_source_kafka.GROUP_PATTERN, "the id of a group: up to 200 letters, digits and /*:_+=.@-")
]


class Pollers(SpecModel):
    """How many pollers read a topic: some always, more when there is more to read, never more than it has partitions."""

    example: ClassVar = {"minimum": 1, "maximum": 6}

    minimum: Annotated[Int, within(event_source_kafka.POLLERS_MINIMUM)] = Field(
        default=1, description="Pollers that are always there, 1 to 200. Left out: 1."
    )
    maximum: Annotated[Int, within(event_source_kafka.POLLERS_MAXIMUM)] = Field(
        default=int(event_source_kafka.POLLERS_MAXIMUM_DEFAULT.value),
        description="Most pollers, 1 to 2000. Left out: 200.",
    )

    def findings(self) -> Iterator[Finding]:
        if self.minimum > self.maximum:
            yield Finding(
                "LAM551",
                "there are always more pollers than there may be",
                ("maximum",),
                note=f"{self.minimum} at least, {self.maximum} at most",
                help=f"set `maximum: {self.minimum}` or more",
                edits=(Edit(("maximum",), self.minimum),),
            )


ON_DEMAND = "on_demand"


def _kind(value: Any) -> str:
    return "pollers" if isinstance(value, (dict, Pollers)) else "word"


PollersSpec = Annotated[
    Annotated[Literal["on_demand"], Tag("word")] | Annotated[Pollers, Tag("pollers")], Discriminator(_kind)
]
"""What a topic is read by: provisioned pollers, or those that Lambda adds by itself."""

"""Topics: where a consumer tells people something."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import Field

from streaming_constructs.spec.arns import TopicArn
from streaming_constructs.spec.finding import Edit, Finding
from streaming_constructs.spec.model import KeyArn, listed_once, not_on_existing, only_with
from streaming_constructs.spec.node import NodeSpec, StackShare
from streaming_constructs.spec.notify import Subscriber


class SnsTopicSpec(NodeSpec):
    """An Amazon SNS topic that consumers publish to, created with its subscribers or existing."""

    example: ClassVar = {"kind": "sns", "subscribers": ["oncall@example.com"]}

    kind: Literal["sns"] = Field(default="sns", description="An Amazon SNS topic.")
    topic_arn: TopicArn | None = Field(
        default=None, description="ARN of an existing topic. Left out: a topic is created, encrypted."
    )
    kms_key_arn: KeyArn | None = Field(
        default=None,
        description="ARN of the key that the existing topic is encrypted with. Left out: no permission on a key.",
    )
    subscribers: tuple[Subscriber, ...] = Field(
        default=(), description="E-mail addresses that are subscribed to a created topic. Left out: nobody yet."
    )

    def findings(self) -> Iterator[Finding]:
        yield from only_with(
            self, "topic_arn", "kms_key_arn", code="LNG404", reason="a created topic is encrypted without being told"
        )
        yield from listed_once(self, "subscribers")
        if self.topic_arn is not None and self.subscribers:
            yield not_on_existing(
                "subscribers", "topic", "topic_arn", "take it out, and subscribe them to the topic itself"
            )

    def system_notes(self) -> Iterator[Finding]:
        if self.topic_arn is None and not self.subscribers:
            yield Finding(
                "GRF313",
                "nobody is subscribed to the topic",
                (),
                note="what is published to it is kept nowhere, and is lost unless somebody subscribes elsewhere",
                help="add `subscribers: [oncall@example.com]`, or acknowledge it where another stack subscribes",
                edits=(Edit(("subscribers",), ["oncall@example.com"], invented=True),),
            )

    def physical_id(self) -> str:
        return self.topic_arn or ""

    def stack_share(self) -> StackShare:
        return StackShare(resources=0 if self.topic_arn else 2, outputs=1)

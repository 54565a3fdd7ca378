"""Topics: where a consumer tells people something."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from streaming_constructs.spec.alarms import NotifyEmail
from streaming_constructs.spec.finding import Finding
from streaming_constructs.spec.model import KeyArn, SpecModel, listed_once, only_with, tagged
from streaming_constructs.spec.on_failure import TopicArn


class SnsTopicSpec(SpecModel):
    """An Amazon SNS topic that consumers publish to, created with its subscribers or existing."""

    kind: Literal["sns"] = Field(default="sns", description="An Amazon SNS topic.")
    topic_arn: TopicArn | None = Field(
        default=None, description="ARN of an existing topic. Left out: a topic is created, encrypted."
    )
    kms_key_arn: KeyArn | None = Field(
        default=None,
        description="ARN of the key that the existing topic is encrypted with. Left out: no permission on a key.",
    )
    subscribers: tuple[NotifyEmail, ...] = Field(
        default=(), description="Who is subscribed to a created topic: {email: …}. Left out: nobody yet."
    )

    def findings(self) -> Iterator[Finding]:
        yield from only_with(
            self, "topic_arn", "kms_key_arn", code="LNG404", reason="a created topic is encrypted without being told"
        )
        yield from listed_once(self, "subscribers")
        if self.topic_arn is not None and self.subscribers:
            yield Finding(
                "LNG403",
                "`subscribers` cannot be set on an existing topic",
                ("subscribers",),
                note="`topic_arn` names a topic that is adopted as it is",
                help="take it out, and subscribe them to the topic itself",
            )


TopicSpec = Annotated[SnsTopicSpec, tagged(SnsTopicSpec)]

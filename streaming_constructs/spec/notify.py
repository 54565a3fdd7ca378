"""Whom alarms and topics tell: e-mail addresses, existing SNS topics, and topics of the system."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag

from streaming_constructs.spec.arns import TopicArn
from streaming_constructs.spec.finding import SpecPath
from streaming_constructs.spec.model import NodeName, Short, SpecModel, form

EmailAddress = Annotated[str, form(r"^[^@\s]+@[^@\s]+\.[^@\s]+$", "an e-mail address", max_length=320)]


class NotifyEmail(SpecModel):
    """An address that is subscribed to a topic that is created; it has to confirm the subscription."""

    email: EmailAddress = Field(description="An address, such as oncall@example.com.")


class NotifyTopic(SpecModel):
    """An existing topic; CloudWatch needs to be allowed to publish to it."""

    topic_arn: TopicArn = Field(description="ARN of an existing SNS topic.")


class NotifyNode(SpecModel):
    """A topic of the system."""

    sns_topic: NodeName = Field(description="Its name in `sns_topics`.")


def _expanded(value: Any) -> Any:
    """A text is an address, an ARN or a name of the system."""
    if not isinstance(value, str):
        return value
    if value.startswith("arn:"):
        return {"topic_arn": value}
    return {"email": value} if "@" in value else {"sns_topic": value}


# An arm has the name of its model: pydantic puts it into the path of an error, where no word of a file may be like it.
def _arm(value: Any) -> str:
    keys = value if isinstance(value, dict) else type(value).model_fields if isinstance(value, SpecModel) else ()
    if "sns_topic" in keys:
        return "NotifyNode"
    return "NotifyTopic" if any("topic" in str(key) or "arn" in str(key) for key in keys) else "NotifyEmail"


NotifyTarget = Annotated[
    Annotated[NotifyEmail, Tag("NotifyEmail")]
    | Annotated[NotifyTopic, Tag("NotifyTopic")]
    | Annotated[NotifyNode, Tag("NotifyNode")],
    Discriminator(_arm),
    Short(_expanded, str),
]
Subscriber = Annotated[
    NotifyEmail,
    Short(lambda value: {"email": value} if isinstance(value, str) else value, EmailAddress),
]


def notified_nodes(value: Any) -> Iterator[tuple[SpecPath, str]]:
    """The names of nodes in a list of whom to tell; of plain data, or of models.

    Args:
        value: The list.
    """
    for position, target in enumerate(value if isinstance(value, list | tuple) else ()):
        if isinstance(target, NotifyNode):
            yield (position,), target.sns_topic
        elif isinstance(target, dict) and isinstance(target.get("sns_topic"), str):
            yield (position, "sns_topic"), target["sns_topic"]
        elif isinstance(target, str) and "@" not in target and not target.startswith("arn:"):
            yield (position,), target

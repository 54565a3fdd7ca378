"""Alarms: their thresholds are computed from the rest of the spec; here is whom they tell, and what you change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag

from streaming_constructs.facts import metrics
from streaming_constructs.spec.finding import Finding
from streaming_constructs.spec.model import Int, Number, Reason, SpecModel, form, listed_once
from streaming_constructs.spec.on_failure import TopicArn

AlarmName = Annotated[
    str,
    # Standing alone, a construct's id is the node: `Clicks.iterator_age`.
    form(r"^[A-Za-z][A-Za-z0-9_-]{0,63}\.[a-z][a-z_]{0,63}$", "an alarm as node.alarm, such as clicks.iterator_age"),
]
EmailAddress = Annotated[str, form(r"^[^@\s]+@[^@\s]+\.[^@\s]+$", "an e-mail address", max_length=320)]


class NotifyEmail(SpecModel):
    """An address that is subscribed to a topic that is created; it has to confirm the subscription."""

    email: EmailAddress = Field(description="An address, such as oncall@example.com.")


class NotifyTopic(SpecModel):
    """An existing topic; CloudWatch needs to be allowed to publish to it."""

    topic_arn: TopicArn = Field(description="ARN of an existing SNS topic.")


def _target_kind(value: Any) -> str:
    keys = value if isinstance(value, dict) else type(value).model_fields if isinstance(value, SpecModel) else ()
    return "topic" if "topic_arn" in keys else "email"


NotifyTarget = Annotated[
    Annotated[NotifyEmail, Tag("email")] | Annotated[NotifyTopic, Tag("topic")], Discriminator(_target_kind)
]


class AlarmOverride(SpecModel):
    """Your own numbers for one alarm."""

    threshold: Number | None = Field(
        default=None, ge=0, description="Threshold in the unit of the alarm's metric. Left out: the computed one."
    )
    minutes: Int | None = Field(
        default=None,
        ge=1,
        le=1440,
        description="Minutes in a row past the threshold before it alarms. Left out: the computed ones.",
    )

    def findings(self) -> Iterator[Finding]:
        if self.threshold is None and self.minutes is None:
            yield Finding(
                "ALM602", "an override that changes nothing", (), help="give `threshold` or `minutes`, or take it out"
            )


class AlarmsSpec(SpecModel):
    """Whom alarms tell, and which differ from what was computed."""

    notify: tuple[NotifyTarget, ...] = Field(
        default=(),
        description="Whom to tell: {email: …} or {topic_arn: …}. Left out: alarms change state and tell nobody.",
    )
    override: Mapping[AlarmName, AlarmOverride] = Field(
        default_factory=dict,
        description="Your own numbers, by alarm name such as clicks.iterator_age. Left out: all are computed.",
    )
    silence: Mapping[AlarmName, Reason] = Field(
        default_factory=dict,
        description="Alarms that are not created, by name, each with the reason. Left out: all are created.",
    )

    def findings(self) -> Iterator[Finding]:
        topics = [target for target in self.notify if isinstance(target, NotifyTopic)]
        count = len(topics) + any(isinstance(target, NotifyEmail) for target in self.notify)
        if count > metrics.ALARM_ACTIONS.value:
            yield Finding(
                "LNG204",
                "an alarm tells no more than 5 topics",
                ("notify",),
                note=f"they are {count}; all e-mail addresses together share one",
                help="subscribe the rest to one of the topics",
            )
        yield from listed_once(self, "notify")
        for name in sorted(set(self.override) & set(self.silence)):
            yield Finding(
                "ALM602",
                f"`{name}` is overridden and silenced",
                ("override", name),
                note="an alarm that is not created has no threshold",
                help="take it out of `override` or of `silence`",
            )

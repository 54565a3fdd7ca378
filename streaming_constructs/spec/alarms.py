"""CloudWatch alarms: their thresholds are computed from the rest of the spec; here is whom they tell, and what you change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field

from streaming_constructs.facts import metrics
from streaming_constructs.spec.finding import Edit, Finding, SpecPath
from streaming_constructs.spec.model import Bool, Int, Number, Reason, Short, SpecModel, form, listed_once
from streaming_constructs.spec.notify import NotifyEmail, NotifyTarget, notified_nodes

AlarmName = Annotated[
    str,
    # Standing alone, a construct's id is the node: `Clicks.iterator_age`.
    form(
        r"^([A-Za-z][A-Za-z0-9_-]{0,63}\.)?[a-z][a-z_]{0,63}$",
        "an alarm as node.alarm such as clicks.iterator_age, or iterator_age for that of all nodes",
    ),
]
MaxLagSeconds = Annotated[Int, Field(ge=1, le=31_536_000)]


def _actions_findings(notify: tuple[Any, ...]) -> Iterator[Finding]:
    others = [target for target in notify if not isinstance(target, NotifyEmail)]
    count = len(others) + any(isinstance(target, NotifyEmail) for target in notify)
    if count > metrics.ALARM_ACTIONS.value:
        yield Finding(
            "LNG204",
            "an alarm tells no more than 5 topics",
            ("notify",),
            note=f"they are {count}; all e-mail addresses together share one",
            help="subscribe the rest to one of the topics",
        )


class AlarmOverride(SpecModel):
    """Your own numbers for one alarm, and whom it tells."""

    example: ClassVar = {"threshold": 100}

    threshold: Number | None = Field(
        default=None, ge=0, description="Threshold in the unit of the alarm's metric. Left out: the computed one."
    )
    minutes: Int | None = Field(
        default=None,
        ge=1,
        le=1440,
        description="Minutes in a row past the threshold before it alarms. Left out: the computed ones.",
    )
    notify: tuple[NotifyTarget, ...] = Field(
        default=(), description="Whom this alarm tells, in place of all others. Left out: as `alarms.notify` says."
    )

    def findings(self) -> Iterator[Finding]:
        if self.threshold is None and self.minutes is None and not self.notify:
            yield Finding(
                "ALM602",
                "an override that changes nothing",
                (),
                help="give `threshold: 100`, `minutes: 5` or `notify: [oncall@example.com]`, or take it out",
                edits=(Edit(()),),
            )
        yield from listed_once(self, "notify")
        yield from _actions_findings(self.notify)


class AlarmsSpec(SpecModel):
    """Whom alarms tell, and which differ from what was computed."""

    example: ClassVar = {"notify": ["oncall@example.com"]}

    enabled: Bool = Field(
        default=True, description="Whether alarms are created; `alarms: false` says that they are not. Left out: true."
    )
    notify: tuple[NotifyTarget, ...] = Field(
        default=(),
        description="Whom to tell: e-mail addresses, ARNs of existing SNS topics, names of `sns_topics`. Left out: alarms "
        "change state and tell nobody.",
    )
    max_lag_seconds: MaxLagSeconds | None = Field(
        default=None,
        description="Age of a record at which its reader is late, in seconds, for all that say nothing else. Left out: an "
        "hour, or half of the time until records are lost if that is less.",
    )
    override: Mapping[AlarmName, AlarmOverride] = Field(
        default_factory=dict,
        description="Your own numbers, by alarm such as clicks.iterator_age, or iterator_age for that of all nodes. "
        "Left out: all are computed.",
    )
    silence: Mapping[AlarmName, Reason] = Field(
        default_factory=dict,
        description="Alarms that are not created, named likewise, each with the reason. Left out: all are created.",
    )

    def topics(self) -> Iterator[tuple[SpecPath, str]]:
        """The names of `sns_topics` that alarms tell, each with where the spec says so."""
        for path, name in notified_nodes(self.notify):
            yield ("notify", *path), name
        for alarm, override in self.override.items():
            for path, name in notified_nodes(override.notify):
                yield ("override", alarm, "notify", *path), name

    def findings(self) -> Iterator[Finding]:
        yield from listed_once(self, "notify")
        yield from _actions_findings(self.notify)
        for name in sorted(set(self.override) & set(self.silence)):
            yield Finding(
                "ALM602",
                f"`{name}` is overridden and silenced",
                ("override", name),
                note="an alarm that is not created has no threshold",
                help="take it out of `override` or of `silence`",
                edits=(Edit(("override", name)),),
            )
        if not self.enabled:
            for field in ("notify", "max_lag_seconds", "override", "silence"):
                if field in self.model_fields_set and getattr(self, field):
                    yield Finding(
                        "LNG404",
                        f"`{field}` has no effect here",
                        (field,),
                        note="no alarms are created",
                        help="take it out, or write `alarms: false` alone",
                        edits=(Edit((field,)),),
                    )


def _switched(value: Any) -> Any:
    return {"enabled": value} if isinstance(value, bool) else value


Alarms = Annotated[AlarmsSpec, Short(_switched, bool)]

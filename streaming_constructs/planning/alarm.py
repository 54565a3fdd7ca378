"""A CloudWatch alarm, before it is a resource."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from streaming_constructs.facts.metrics import Metric
from streaming_constructs.planning.numbers import number
from streaming_constructs.spec.alarms import AlarmOverride
from streaming_constructs.spec.notify import NotifyEmail, NotifyNode, NotifyTopic

PERIOD_SECONDS = 60
"""Most metrics are published each minute, at no charge."""
AGE_SHARE = 0.5
"""Share of the time that is left to a record, as AWS recommends for iterator age.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Best_Practice_Recommended_Alarms_AWS_Services.html
"""
LATE_SECONDS = 3600
"""What is late where nobody says, and where records live long: half of a year of retention would be no alarm."""
SUSTAINED_MINUTES = 5
"""AWS recommends 5 of 5 for throttling: a single throttled minute is repaired by a retry."""

MissingData = Literal["not_breaching", "breaching", "ignore", "missing"]


@dataclass(frozen=True, slots=True)
class AlarmPlan:
    """One alarm, before it is a resource.

    Attributes:
        node: The node that it watches.
        kind: What it watches, such as `iterator_age`.
        metric: The metric, with the names of its dimensions; of several, the one that the result is read as.
        threshold: The threshold, in the metric's unit for one period.
        minutes: Minutes that are looked at, in whole periods.
        title: What is wrong when it alarms.
        action: What to do then.
        working: How the threshold came about.
        below: Whether it alarms below the threshold, as for a share of successes; else above.
        inclusive: Whether the threshold itself is past it already.
        datapoints: How many of the periods have to be past the threshold. None: all of them, in a row.
        period_seconds: Length of one period.
        missing: What a period without data is taken for.
        statistic: The statistic, such as `p99`, where it is another than the metric's own.
        instance: Which part of the node is watched, such as a broker, where it has several; part of the alarm's id.
        dimensions: Literal dimensions of that part, beside those of the node.
        metrics: Further metrics, by the names that `expression` calls them by; the first is called `m`.
        expression: Metric math over them, such as `m / errors`. Empty: the metric itself.
        notify: Whom it tells in place of all others, where the spec says so.
        overridden: Whether the spec changed its numbers.
        most: The greatest value that its metric can have here; None where there is none.
        well_up_to: What the metric reaches while all is well; a threshold below it would be on for ever.
    """

    node: str
    kind: str
    metric: Metric
    threshold: float
    minutes: int
    title: str
    action: str
    working: str
    below: bool = False
    inclusive: bool = False
    datapoints: int | None = None
    period_seconds: int = PERIOD_SECONDS
    missing: MissingData = "not_breaching"
    statistic: str = ""
    instance: str = ""
    dimensions: Mapping[str, str] = field(default_factory=dict)
    metrics: Mapping[str, Metric] = field(default_factory=dict)
    expression: str = ""
    notify: tuple[NotifyEmail | NotifyTopic | NotifyNode, ...] = ()
    overridden: bool = False
    most: float | None = None
    well_up_to: float = 0

    @property
    def name(self) -> str:
        """Its name in the spec: `clicks.iterator_age`; all instances share it."""
        return f"{self.node}.{self.kind}"

    @property
    def key(self) -> str:
        """Its name among all alarms: that of the spec, and the instance where there are several."""
        return f"{self.name}.{self.instance}" if self.instance else self.name

    @property
    def periods(self) -> int:
        """How many periods are looked at."""
        return -(-self.minutes * 60 // self.period_seconds)

    @property
    def description(self) -> str:
        """What the alarm says to whom it wakes: what is wrong, what to do, and why there."""
        return f"{self.title}. What to do: {self.action}. Threshold: {self.working}."

    def overridden_by(self, override: AlarmOverride | None) -> AlarmPlan:
        """The alarm with what the spec says in place of what was computed.

        Args:
            override: What the spec says, if it says anything.
        """
        if override is None:
            return self
        changed = replace(self, notify=override.notify) if override.notify else self
        if override.threshold is None and override.minutes is None:
            return changed
        threshold = self.threshold if override.threshold is None else override.threshold
        minutes = self.minutes if override.minutes is None else override.minutes
        # Of minutes that are no whole periods, each is one: nothing is looked at for longer than it was said.
        fits = override.minutes is None or override.minutes * 60 % self.period_seconds == 0
        period_seconds = self.period_seconds if fits else PERIOD_SECONDS
        working = f"set to {number(threshold)} for {minutes} min in the spec (computed: {self.working})"
        return replace(
            changed,
            threshold=threshold,
            minutes=minutes,
            datapoints=None,
            period_seconds=period_seconds,
            working=working,
            overridden=True,
        )


def late_after(own: int | None, system: int | None, seconds_left: int, left: str) -> tuple[int, str]:
    """The age of a record at which its reader is late, in seconds, and why.

    Args:
        own: What the reader itself calls late, if it says so.
        system: What the system calls late, if it says so.
        seconds_left: Seconds until a record is lost, or given up.
        left: What that is, in words.
    """
    for seconds, who in ((own, "`max_lag_seconds`"), (system, "`alarms.max_lag_seconds`")):
        if seconds is not None:
            return seconds, f"{seconds:,} s, as {who} says"
    share = int(AGE_SHARE * seconds_left)
    if share <= LATE_SECONDS:
        return share, f"{AGE_SHARE:.0%} of {left}"
    return LATE_SECONDS, f"an hour: {AGE_SHARE:.0%} of {left} would be {share:,} s"

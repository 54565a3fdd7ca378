"""A CloudWatch alarm, before it is a resource."""

from __future__ import annotations

from dataclasses import dataclass, replace

from streaming_constructs.facts.metrics import Metric
from streaming_constructs.planning.numbers import number
from streaming_constructs.spec.alarms import AlarmOverride

PERIOD_SECONDS = 60
"""Every metric here is published each minute, at no charge."""
AGE_SHARE = 0.5
"""Share of the time that is left to a record, as AWS recommends for iterator age.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Best_Practice_Recommended_Alarms_AWS_Services.html
"""
SUSTAINED_MINUTES = 5
"""AWS recommends 5 of 5 for throttling: a single throttled minute is repaired by a retry."""


@dataclass(frozen=True, slots=True)
class AlarmPlan:
    """One alarm, before it is a resource.

    Attributes:
        node: The node that it watches.
        kind: What it watches, such as `iterator_age`.
        metric: The metric, with the names of its dimensions.
        threshold: The threshold, in the metric's unit for one period.
        minutes: Minutes in a row past the threshold before it alarms.
        title: What is wrong when it alarms.
        action: What to do then.
        working: How the threshold came about.
        below: Whether it alarms below the threshold, as for a share of successes; else above.
        overridden: Whether the spec changed its numbers.
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
    overridden: bool = False

    @property
    def name(self) -> str:
        """Its name in the spec: `clicks.iterator_age`."""
        return f"{self.node}.{self.kind}"

    @property
    def description(self) -> str:
        """What the alarm says to whom it wakes: what is wrong, what to do, and why there."""
        return f"{self.title}. What to do: {self.action}. Threshold: {self.working}."

    def overridden_by(self, override: AlarmOverride | None) -> AlarmPlan:
        """The alarm with the numbers of the spec in place of the computed ones."""
        if override is None:
            return self
        threshold = self.threshold if override.threshold is None else override.threshold
        minutes = self.minutes if override.minutes is None else override.minutes
        working = f"set to {number(threshold)} for {minutes} min in the spec (computed: {self.working})"
        return replace(self, threshold=threshold, minutes=minutes, working=working, overridden=True)

"""What an SNS topic of a system costs in a month."""

from __future__ import annotations

from collections.abc import Iterator

from streaming_constructs.planning.costs.charge import Charge, unknown


def topic_costs() -> Iterator[Charge]:
    """The charges of a topic: nothing but what is published to it."""
    yield unknown("published", "how much is published is not known; alarms are next to nothing")

"""What changes of services of ECS mean: how many tasks run."""

from __future__ import annotations

from collections.abc import Iterator

from streaming_constructs.review.comparing.defaults import is_by_default
from streaming_constructs.review.comparing.values import number, shown
from streaming_constructs.review.meaning import Changed, Meaning, means

_SERVICE = "AWS::ECS::Service"

is_by_default(_SERVICE, {"DesiredCount": 1})


@means(_SERVICE, "DesiredCount")
def tasks(changed: Changed) -> Iterator[Meaning]:
    """How many tasks of a service run."""
    before, after = (number(1 if value is None else value) for value in (changed.old, changed.new))
    says = f"tasks: {shown(1 if changed.old is None else changed.old)} → {shown(1 if changed.new is None else changed.new)}"
    if after == 0 and before != 0:
        yield Meaning(
            "REV694",
            f"{says}: nothing of it runs, and what it reads waits until it expires",
            "leave one task at least, or stop what writes to it first",
        )
    elif before is None or after is None or after < before:
        yield Meaning("REV695", f"{says}; fewer share the same work", "watch how far it is behind")
    elif after > before:
        yield Meaning("REV696", says)

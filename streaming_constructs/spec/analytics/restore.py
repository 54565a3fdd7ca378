"""What an application begins with when it is started or updated: its latest snapshot, a certain one, or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar

from pydantic import Field

from streaming_constructs.spec.finding import Finding
from streaming_constructs.spec.model import Bool, Short, SpecModel, form, no_effect

SnapshotName = Annotated[
    str, form(r"^[a-zA-Z0-9_.-]{1,256}$", "the name of a snapshot, or latest_snapshot, or nothing")
]
LATEST, NOTHING = "latest_snapshot", "nothing"


class Restore(SpecModel):
    """What an application begins with."""

    example: ClassVar = {"snapshot": "latest_snapshot", "allow_non_restored_state": True}

    snapshot: SnapshotName = Field(
        default=LATEST,
        description="latest_snapshot, nothing (its state is given up at each start and update), or the name of a snapshot. "
        "Left out: latest_snapshot.",
    )
    allow_non_restored_state: Bool = Field(
        default=False,
        description="Whether an update goes on without the state of operators that are no more, such as those of a query that "
        "was changed. Left out: false, such an update fails and is rolled back.",
    )

    def findings(self) -> Iterator[Finding]:
        if self.snapshot == NOTHING and self.allow_non_restored_state:
            yield no_effect("allow_non_restored_state", note="it begins with no state at all")


def _named(value: Any) -> Any:
    return {"snapshot": value} if isinstance(value, str) else value


RestoreField = Annotated[Restore, Short(_named, SnapshotName)]
"""What to begin with; a word is the snapshot."""

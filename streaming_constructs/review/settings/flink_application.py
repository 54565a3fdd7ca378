"""What an application of Managed Service for Apache Flink runs with: its settings hold only where their group is `CUSTOM`."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

from streaming_constructs.facts import flink
from streaming_constructs.review.comparing.template import Resource, value_at
from streaming_constructs.review.comparing.values import is_false, is_true, number

V2 = "AWS::KinesisAnalyticsV2::Application"
CONFIGURATION = "ApplicationConfiguration"
FLINK = f"{CONFIGURATION}.FlinkApplicationConfiguration"


def effective(group: Any, name: str, default: Any) -> Any:
    """A setting of a group: what the group says where it is `CUSTOM`, else what is so by default.

    Args:
        group: The group, such as a `ParallelismConfiguration`.
        name: The setting.
        default: What it is by default.
    """
    if not isinstance(group, Mapping) or group.get("ConfigurationType") == "DEFAULT":
        return default
    found = group.get(name)
    return default if found is None else found


class Scale(NamedTuple):
    """On how much an application runs; None: known at deployment only.

    Attributes:
        parallelism: How many subtasks each operator has.
        per_kpu: How many of them share a KPU.
        grows: Whether it follows the load.
    """

    parallelism: float | None
    per_kpu: float | None
    grows: bool

    @property
    def kpus(self) -> int | None:
        """The KPUs that the job runs on, without the one beside it."""
        if self.parallelism is None or not self.per_kpu:
            return None
        return math.ceil(self.parallelism / self.per_kpu)


def scale(group: Any) -> Scale:
    """On how much an application runs.

    Args:
        group: Its `ParallelismConfiguration`.
    """
    return Scale(
        number(effective(group, "Parallelism", 1)),
        number(effective(group, "ParallelismPerKPU", flink.PARALLELISM_PER_KPU.minimum)),
        not is_false(effective(group, "AutoScalingEnabled", default=True)),
    )


def runtime(value: Any) -> tuple[str, tuple[int, ...]] | None:
    """What an application runs on, such as `FLINK` and 1.20; None where it is known at deployment only.

    Args:
        value: Its `RuntimeEnvironment`.
    """
    if not isinstance(value, str) or "-" not in value:
        return None
    kind, _, version = value.rpartition("-")
    parts = version.split("_")
    return (kind, tuple(map(int, parts))) if all(part.isdecimal() for part in parts) else None


def forgets(application: Resource) -> str:
    """Why an application begins anew whenever it is updated; empty where it goes on from its state.

    Args:
        application: The application.
    """
    if is_false(application.at(CONFIGURATION, "ApplicationSnapshotConfiguration", "SnapshotsEnabled")):
        return "snapshots are off"
    run = application.at("RunConfiguration")
    if value_at(run, ("ApplicationRestoreConfiguration", "ApplicationRestoreType")) == "SKIP_RESTORE_FROM_SNAPSHOT":
        return "it starts without a snapshot"
    return "state that does not fit is left out" if drops_state(run) else ""


def drops_state(run: Any) -> bool:
    """Whether state that fits no operator is left out without a word.

    Args:
        run: A `RunConfiguration`.
    """
    return is_true(value_at(run, ("FlinkRunConfiguration", "AllowNonRestoredState")))


def property_groups(value: Any) -> dict[tuple[str, str], Any] | None:
    """The properties that the code of an application reads, by group and key; None where they are known at deployment only.

    Args:
        value: Its `EnvironmentProperties`.
    """
    groups = value_at(value, ("PropertyGroups",)) if value is not None else []
    if not isinstance(groups, list):
        return None if groups is not None or value else {}
    found: dict[tuple[str, str], Any] = {}
    for group in groups:
        entries = value_at(group, ("PropertyMap",))
        if isinstance(entries, Mapping):
            found |= {(str(group.get("PropertyGroupId")), str(key)): entry for key, entry in entries.items()}
    return found

"""What versions of an application may be, and what it begins with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from streaming_constructs.facts import flink
from streaming_constructs.local.managed_flink.api_error import ApiError
from streaming_constructs.local.managed_flink.application import Application, Version
from streaming_constructs.local.managed_flink.application_configuration import flink_settings


def check_version(version: Version) -> None:
    """Refuses what AWS would.

    Args:
        version: The version.

    Raises:
        ApiError: If its runtime is not one that runs here, or its capacity is none that there is.
    """
    if version.runtime not in flink.RUNTIMES:
        known = ", ".join(flink.RUNTIMES)
        raise ApiError("InvalidArgumentException", f"the runtime is one of {known} here, not {version.runtime}")
    settings = flink_settings(version.configuration, "ParallelismConfiguration")
    for name, allowed in (("Parallelism", flink.PARALLELISM), ("ParallelismPerKPU", flink.PARALLELISM_PER_KPU)):
        if int(settings[name]) not in allowed:
            raise ApiError(
                "InvalidArgumentException",
                f"{name} is {allowed.minimum} to {allowed.maximum}, not {settings[name]}",
            )


def again(before: Version, now: Version, at: float) -> Version:
    """An older version, as the next one.

    Args:
        before: The older version.
        now: The version that it takes the place of.
        at: The time.
    """
    return replace(
        before,
        number=now.number + 1,
        created=at,
        updated_from=now.number,
        rolled_back_from=now.number,
        rolled_back_to=before.number,
    )


def latest(application: Application) -> Path | None:
    """The savepoint of the latest snapshot, if there is one.

    Args:
        application: The application.
    """
    return next((one.path for one in reversed(application.snapshots.values())), None)


def restored(application: Application, run: Mapping[str, Any]) -> Path | None:
    """What an application begins with; without a word about it the latest snapshot, if there is one.

    Args:
        application: The application.
        run: The `RunConfiguration`.

    Raises:
        ApiError: If there is no such snapshot.
    """
    restore = run.get("ApplicationRestoreConfiguration", {})
    match restore.get("ApplicationRestoreType", "RESTORE_FROM_LATEST_SNAPSHOT"):
        case "SKIP_RESTORE_FROM_SNAPSHOT":
            return None
        case "RESTORE_FROM_CUSTOM_SNAPSHOT":
            name = restore.get("SnapshotName", "")
            if name not in application.snapshots:
                message = f"the application {application.name} has no snapshot {name}"
                raise ApiError("ResourceNotFoundException", message)
            return application.snapshots[name].path
    return latest(application)

"""What changes of applications of Managed Service for Apache Flink mean: their scale, state, runtime, logs and network.

Their code and their SQL are in `flink_code`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from streaming_constructs.facts import flink
from streaming_constructs.review.alarms.watching import alarms_in
from streaming_constructs.review.comparing.defaults import is_by_default
from streaming_constructs.review.comparing.differences import same
from streaming_constructs.review.comparing.pair import Pair
from streaming_constructs.review.comparing.template import Resource, Template, value_at
from streaming_constructs.review.comparing.values import is_false, is_true, listed, number, shown
from streaming_constructs.review.grade import Grade
from streaming_constructs.review.meaning import Changed, Meaning, means, when_removed
from streaming_constructs.review.settings.flink_application import (
    CONFIGURATION,
    FLINK,
    V2,
    Scale,
    drops_state,
    effective,
    runtime,
    scale,
)

_LOGGING = "AWS::KinesisAnalyticsV2::ApplicationCloudWatchLoggingOption"
_LEVELS = ("APPLICATION", "TASK", "OPERATOR", "PARALLELISM")
_LOG_LEVELS = ("ERROR", "WARN", "INFO", "DEBUG")
is_by_default(
    V2,
    {
        "ApplicationMode": "STREAMING",
        f"{CONFIGURATION}.ApplicationSnapshotConfiguration.SnapshotsEnabled": True,
        f"{CONFIGURATION}.ApplicationSystemRollbackConfiguration.RollbackEnabled": False,
        f"{CONFIGURATION}.ApplicationEncryptionConfiguration.KeyType": "AWS_OWNED_KEY",
        "RunConfiguration.ApplicationRestoreConfiguration.ApplicationRestoreType": "RESTORE_FROM_LATEST_SNAPSHOT",
        "RunConfiguration.FlinkRunConfiguration.AllowNonRestoredState": False,
    },
)


@means(V2, f"{FLINK}.ParallelismConfiguration")
def parallelism(changed: Changed) -> Iterator[Meaning]:
    """On how much an application runs."""
    old, new = scale(changed.old), scale(changed.new)
    told = f"parallelism {_count(old.parallelism)} → {_count(new.parallelism)}, KPUs {_count(old.kpus)} → {_count(new.kpus)}"
    yield from _too_many(old, new, told)
    sizes = [
        [effective(value, name, 1) for name in ("Parallelism", "ParallelismPerKPU")]
        for value in (changed.old, changed.new)
    ]
    if same(sizes[0], sizes[1]):
        pass
    elif None in (old.kpus, new.kpus, old.parallelism, new.parallelism):
        yield Meaning("REV467", f"on how much it runs is known at deployment only: {told}")
    elif _is_less(old.kpus, new.kpus) or _is_less(old.parallelism, new.parallelism):
        yield Meaning("REV467", f"{told}: less carries the same load, and the application may fall behind")
    else:
        yield Meaning("REV469", told)
    if old.grows and not new.grows:
        yield Meaning("REV467", "it follows the load no more: what it is given has to be enough for the peak")
    elif new.grows and not old.grows:
        yield Meaning("REV469", "it follows the load, with a restart each time")


def _is_less(old: float | None, new: float | None) -> bool:
    return old is not None and new is not None and new < old


def _count(value: float | None) -> str:
    return "known at deployment only" if value is None else f"{value:.0f}"


def _too_many(old: Scale, new: Scale, told: str) -> Iterator[Meaning]:
    most, kpus = flink.MAX_PARALLELISM.value, flink.KPUS_OF_AN_APPLICATION.value
    if (new.parallelism or 0) > most >= (old.parallelism or 0):
        yield Meaning(
            "REV468",
            f"{told}: state was written for {most:.0f} subtasks at most, and cannot be restored into more",
            "set `pipeline.max-parallelism` in the code from the start; changing it drops the state",
        )
    elif (new.kpus or 0) > kpus >= (old.kpus or 0):
        yield Meaning(
            "REV468", f"{told}: above {kpus:.0f} KPUs AWS refuses, unless the quota was raised", grade="caution"
        )


@means(V2, f"{FLINK}.CheckpointConfiguration")
def checkpoints(changed: Changed) -> Iterator[Meaning]:
    """How often an application writes its state down."""
    on = [not is_false(effective(value, "CheckpointingEnabled", default=True)) for value in (changed.old, changed.new)]
    if on[0] != on[1]:
        if on[1]:
            yield Meaning("REV472", "it writes checkpoints")
        else:
            yield Meaning(
                "REV463",
                "it writes no checkpoints: after a failure it starts without its state, and loses or repeats what it had read",
                "leave checkpoints on",
            )
    for name, (words, default) in _TIMES.items():
        before, after = (effective(value, name, default) for value in (changed.old, changed.new))
        old, new = number(before), number(after)
        told = f"{words}: {shown(before)} → {shown(after)} ms"
        if same(before, after):
            continue
        if old is None or new is None or new > old:
            yield Meaning("REV473", f"{told}: after a failure more is read again")
        else:
            yield Meaning("REV472", told)


_TIMES = {
    "CheckpointInterval": ("from one checkpoint to the next", flink.CHECKPOINT_INTERVAL.value),
    "MinPauseBetweenCheckpoints": ("the pause between two checkpoints", flink.MIN_PAUSE_BETWEEN_CHECKPOINTS.value),
}


@means(V2, f"{FLINK}.MonitoringConfiguration")
def monitoring(changed: Changed) -> Iterator[Meaning]:
    """Which metrics and logs there are."""
    yield from _level(changed, "MetricsLevel", "APPLICATION", _LEVELS, "REV470", "alarms on finer metrics see nothing")
    yield from _level(
        changed, "LogLevel", "INFO", _LOG_LEVELS, "REV471", "what is written below that is logged no more"
    )


def _level(
    changed: Changed, name: str, default: str, levels: tuple[str, ...], code: str, what: str
) -> Iterator[Meaning]:
    old, new = (effective(value, name, default) for value in (changed.old, changed.new))
    if old == new:
        return
    told = f"`{name}`: {shown(old)} → {shown(new)}"
    if old in levels and new in levels and levels.index(new) > levels.index(old):
        yield Meaning("REV472", f"{told}, which costs more")
        return
    blind = sorted(_blind_alarms(changed.pair.new, new)) if levels is _LEVELS and new in levels else []
    seen = f": the alarms {', '.join(blind)} see nothing any more" if blind else f": {what}"
    yield Meaning(code, f"{told}{seen}", grade="danger" if blind else None)


def _blind_alarms(template: Template, level: str) -> Iterator[str]:
    """The alarms on metrics that a level does not publish, told by a dimension of a finer one."""
    lost = {name.capitalize() for name in _LEVELS[_LEVELS.index(level) + 1 :]}
    for alarm in alarms_in(template, "AWS/KinesisAnalytics"):
        if lost & {shown(value_at(dimension, ("Name",))) for dimension in listed(alarm.at("Dimensions"))}:
            yield alarm.logical_id


@means(V2, f"{CONFIGURATION}.ZeppelinApplicationConfiguration")
@means(V2, CONFIGURATION, FLINK)
def other_configuration(changed: Changed) -> Iterator[Meaning]:
    """What has no rule of its own: notebooks, and what is known at deployment only."""
    yield Meaning("REV474", f"`{changed.name}`: {shown(changed.old)} → {shown(changed.new)}")


@means(V2, f"{CONFIGURATION}.ApplicationSnapshotConfiguration")
def snapshots(changed: Changed) -> Iterator[Meaning]:
    """Whether an application takes its state along when it is updated."""
    old, new = (value_at(value, ("SnapshotsEnabled",)) for value in (changed.old, changed.new))
    if is_false(new):
        yield Meaning(
            "REV462",
            "no snapshot is made when it is updated, scaled or stopped: each time it starts without its state",
            "leave snapshots on",
        )
    elif new is None or is_true(new):
        yield Meaning("REV472", "a snapshot is made when it is updated, scaled or stopped")
    else:
        yield Meaning("REV473", f"whether snapshots are made is known at deployment only: {shown(old)} → {shown(new)}")


@means(V2, f"{CONFIGURATION}.ApplicationSystemRollbackConfiguration")
def rollback(changed: Changed) -> Iterator[Meaning]:
    """Whether a failed update is taken back."""
    if is_true(value_at(changed.new, ("RollbackEnabled",))):
        yield Meaning("REV472", "an update that fails is taken back by itself")
    else:
        yield Meaning("REV473", "an update that fails is not taken back: the application then stands still")


@means(V2, "RuntimeEnvironment")
def runtime_changed(changed: Changed) -> Iterator[Meaning]:
    """The version of Flink."""
    old, new = runtime(changed.old), runtime(changed.new)
    told = f"{shown(changed.old)} → {shown(changed.new)}"
    if old is None or new is None:
        yield Meaning("REV465", f"{told}: whether its state fits is not known here")
    elif old[0] != new[0]:
        yield Meaning(
            "REV466",
            f"{told}: AWS makes no such application of this one, and its state does not fit",
            "create another one",
        )
    elif new[1] < old[1]:
        yield Meaning(
            "REV466",
            f"{told}: an older Flink does not read the state of a newer one",
            "roll the application back: AWS then takes the snapshot from before the upgrade",
        )
    else:
        promise = (
            ": Flink 2 reads the state of Flink 1 without a promise" if (old[1][:1], new[1][:1]) == ((1,), (2,)) else ""
        )
        yield Meaning(
            "REV465",
            f"{told}{promise}; the code has to be built for it, with connectors of its version",
            "take a snapshot first, and try the state on a copy",
        )


@means(V2, "RunConfiguration")
def run_configuration(changed: Changed) -> Iterator[Meaning]:
    """What an update of a running application starts from."""
    restore = ("ApplicationRestoreConfiguration", "ApplicationRestoreType")
    old, new = (value_at(value, restore) or "RESTORE_FROM_LATEST_SNAPSHOT" for value in (changed.old, changed.new))
    names = [value_at(value, (restore[0], "SnapshotName")) for value in (changed.old, changed.new)]
    told = False
    if new == "SKIP_RESTORE_FROM_SNAPSHOT" != old:
        told = True
        yield Meaning("REV464", "it starts without a snapshot: counts, open windows and positions are lost", _LATEST)
    elif new == "RESTORE_FROM_CUSTOM_SNAPSHOT" and (new != old or names[0] != names[1]):
        told = True
        yield Meaning(
            "REV464",
            f"it starts from the snapshot {shown(names[1])}: what came after that is read again, or lost where it expired",
            _LATEST,
        )
    if drops_state(changed.new) and not drops_state(changed.old):
        told = True
        yield Meaning(
            "REV464",
            "state that fits no operator is left out without a word",
            "leave it false, and see the update fail",
        )
    if not told:
        grade: Grade | None = (
            "fine" if isinstance(changed.new or {}, Mapping) and "Ref" not in (changed.new or {}) else None
        )
        code = "REV472" if grade else "REV473"
        yield Meaning(code, f"what it starts from: {shown(changed.old)} → {shown(changed.new)}")


_LATEST = "leave it RESTORE_FROM_LATEST_SNAPSHOT, or leave `RunConfiguration` out"


@means(V2, f"{CONFIGURATION}.VpcConfigurations")
def vpc(changed: Changed) -> Iterator[Meaning]:
    """Where an application stands in the network."""
    if not changed.new:
        what = "it stands in no VPC any more: it does not reach what is private there, and reaches the internet"
    elif not changed.old:
        what = "it stands in a VPC: without a NAT or endpoints it reaches neither Kinesis nor S3 nor logs"
    else:
        what = f"its subnets or security groups: {shown(changed.old)} → {shown(changed.new)}"
    yield Meaning("REV475", what)


@means(V2, f"{CONFIGURATION}.ApplicationEncryptionConfiguration")
def encryption(changed: Changed) -> Iterator[Meaning]:
    """The key that state and snapshots are encrypted with."""
    if value_at(changed.new, ("KeyType",)) == "CUSTOMER_MANAGED_KEY" and not _is_customers(changed.old):
        yield Meaning("REV472", "its state and snapshots are encrypted with a key of yours")
    else:
        yield Meaning(
            "REV476",
            f"the key of its state and snapshots: {shown(changed.old)} → {shown(changed.new)}",
            "keep the old key",
        )


def _is_customers(value: Any) -> bool:
    return bool(value_at(value, ("KeyType",)) == "CUSTOMER_MANAGED_KEY")


@means(V2, "ServiceExecutionRole")
def role(changed: Changed) -> Iterator[Meaning]:
    """What an application may do."""
    yield Meaning("REV477", f"it runs as {shown(changed.new)}, which may do other things than {shown(changed.old)}")


@means(V2, "ApplicationMaintenanceConfiguration")
def maintenance(changed: Changed) -> Iterator[Meaning]:
    """When AWS restarts an application to patch it."""
    yield Meaning("REV472", f"AWS patches it at another time: {shown(changed.old)} → {shown(changed.new)}")


@means(V2, "ApplicationDescription")
@means("AWS::KinesisAnalytics::Application", "ApplicationDescription")
def description(changed: Changed) -> Iterator[Meaning]:
    """Words for people."""
    yield Meaning("REV118", f"{changed.name} says: {shown(changed.new)}")


@when_removed(_LOGGING)
def logging_removed(pair: Pair, old: Resource) -> Iterator[Meaning]:
    """The log of an application."""
    yield Meaning("REV471", "the application writes no log any more: why it fails is not seen")


@means(_LOGGING, "CloudWatchLoggingOption")
def log_stream(changed: Changed) -> Iterator[Meaning]:
    """Where an application writes its log."""
    yield Meaning("REV471", f"its log goes to another place: {shown(changed.old)} → {shown(changed.new)}")

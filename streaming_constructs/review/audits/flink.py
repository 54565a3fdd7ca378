"""What is wrong with applications of Managed Service for Apache Flink: their state, logs, alarms, runtime and scale."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from streaming_constructs.facts import flink
from streaming_constructs.review.access.secrets_in_text import is_plain_secret
from streaming_constructs.review.alarms.watching import alarms_in
from streaming_constructs.review.auditing import audits
from streaming_constructs.review.comparing.differences import same
from streaming_constructs.review.comparing.template import Resource, Template
from streaming_constructs.review.comparing.values import is_false, listed, shown
from streaming_constructs.review.meaning import Meaning
from streaming_constructs.review.settings.flink_application import (
    CONFIGURATION,
    V2,
    drops_state,
    effective,
    property_groups,
    runtime,
    scale,
)

_LOGGING = "AWS::KinesisAnalyticsV2::ApplicationCloudWatchLoggingOption"
_FLINK = (CONFIGURATION, "FlinkApplicationConfiguration")


def _is_flink(application: Resource) -> bool:
    found = runtime(application.at("RuntimeEnvironment"))
    return found is None or found[0] == "FLINK"


@audits(V2)
def state(template: Template, application: Resource) -> Iterator[Meaning]:
    """Whether an application keeps its state."""
    if not _is_flink(application):
        return
    if is_false(application.at(CONFIGURATION, "ApplicationSnapshotConfiguration", "SnapshotsEnabled")):
        yield Meaning(
            "AUD450",
            "snapshots are off: each update, scaling and stop loses its state",
            "SnapshotsEnabled: true",
            path=f"Properties.{CONFIGURATION}.ApplicationSnapshotConfiguration",
        )
    if is_false(effective(application.at(*_FLINK, "CheckpointConfiguration"), "CheckpointingEnabled", default=True)):
        yield Meaning(
            "AUD451",
            "checkpoints are off: after a failure it starts without state and positions",
            "CheckpointingEnabled: true",
            path="Properties." + ".".join((*_FLINK, "CheckpointConfiguration")),
        )
    restore = application.at("RunConfiguration", "ApplicationRestoreConfiguration", "ApplicationRestoreType")
    if restore == "SKIP_RESTORE_FROM_SNAPSHOT" or drops_state(application.at("RunConfiguration")):
        what = "starts without its state" if restore == "SKIP_RESTORE_FROM_SNAPSHOT" else "leaves out what does not fit"
        yield Meaning(
            "AUD452",
            f"each update of the running application {what}",
            "leave `RunConfiguration` out of the template",
            path="Properties.RunConfiguration",
        )


@audits(V2)
def seen(template: Template, application: Resource) -> Iterator[Meaning]:
    """What people see of an application."""
    names = (application.logical_id, application.at("ApplicationName"))
    if not any(_is_of(template, option, application) for option in template.of_type(_LOGGING)):
        yield Meaning(
            "AUD453",
            "it writes no log: why its code fails is seen nowhere",
            "add an ApplicationCloudWatchLoggingOption, and let its role write to the stream",
        )
    if not any(_watches(template, alarm, application) for alarm in alarms_in(template, "AWS/KinesisAnalytics")):
        yield Meaning(
            "AUD454",
            f"no alarm of this template watches {shown(names[1] or names[0])}: nobody sees that it restarts, or stands still",
            "alarm on downtime (Flink 1) or numRestarts (Flink 2), failed checkpoints and the lag of its sources",
        )


def _is_of(template: Template, option: Resource, application: Resource) -> bool:
    name = option.at("ApplicationName")
    return template.target(name) == application or same(name, application.at("ApplicationName"))


def _watches(template: Template, alarm: Resource, application: Resource) -> bool:
    """Whether an alarm is on an application: one whose dimension is not known here may be."""
    dimensions = [dimension for dimension in listed(alarm.at("Dimensions")) if isinstance(dimension, Mapping)]
    values = [dimension.get("Value") for dimension in dimensions if dimension.get("Name") == "Application"]
    if not values:
        return alarm.at("Metrics") is not None
    target = template.target(values[0])
    if target is None:
        return not isinstance(values[0], str) or same(values[0], application.at("ApplicationName"))
    return target == application


@audits(V2)
def runs_on(template: Template, application: Resource) -> Iterator[Meaning]:
    """What an application runs on, and on how much."""
    found = runtime(application.at("RuntimeEnvironment"))
    if found is not None and (found[0] == "SQL" or (found[0] == "FLINK" and found[1] < flink.OLDEST_SUPPORTED)):
        yield Meaning(
            "AUD455",
            f"{shown(application.at('RuntimeEnvironment'))} has no support any more: AWS starts no application on it",
            f"move to {next(reversed(flink.RUNTIMES))}, or newer",
            path="Properties.RuntimeEnvironment",
        )
    group = application.at(*_FLINK, "ParallelismConfiguration")
    size = scale(group)
    path = "Properties." + ".".join((*_FLINK, "ParallelismConfiguration"))
    if (size.parallelism or 0) > flink.MAX_PARALLELISM.value or (size.kpus or 0) > flink.KPUS_OF_AN_APPLICATION.value:
        yield Meaning(
            "AUD456",
            f"parallelism {size.parallelism:.0f} on {size.kpus or 0} KPUs: it has {flink.MAX_PARALLELISM.value:.0f} "
            f"subtasks at most, unless the code says otherwise, and an account {flink.KPUS_OF_AN_APPLICATION.value:.0f} KPUs",
            "set `pipeline.max-parallelism` from the start, and have the quota raised",
            path=path,
        )
    if isinstance(group, Mapping) and group.get("ConfigurationType") == "DEFAULT" and len(group) > 1:
        yield Meaning(
            "AUD457",
            f"ConfigurationType is DEFAULT, so that what stands beside it does not hold: {shown(group)}",
            "ConfigurationType: CUSTOM",
            path=path,
        )


@audits(V2)
def secrets(template: Template, application: Resource) -> Iterator[Meaning]:
    """What must not be read in a template."""
    found = property_groups(application.at(CONFIGURATION, "EnvironmentProperties")) or {}
    for (group, key), value in found.items():
        if is_plain_secret(key, value):
            yield Meaning(
                "AUD458",
                f"`{group}.{key}` stands there in plain text: whoever may read the stack or the application reads it",
                "hand over the ARN of a secret, and let the code read it",
                path=f"Properties.{CONFIGURATION}.EnvironmentProperties",
            )

"""What is likely to go wrong with an application of Flink: records that are dropped, windows that never end, state that is
lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streaming_constructs.facts import flink, kinesis
from streaming_constructs.planning.alarm import late_after
from streaming_constructs.planning.numbers import counted, duration
from streaming_constructs.spec.analytics.flink_sql import FlinkSqlSpec
from streaming_constructs.spec.analytics.restore import NOTHING
from streaming_constructs.spec.finding import Edit, Finding

if TYPE_CHECKING:
    from streaming_constructs.planning.analytics.flink_application import FlinkApplicationPlan
    from streaming_constructs.planning.analytics.shard_readers import ShardReader
    from streaming_constructs.planning.node import Source

MAX_PARALLELISM_KEY = "pipeline.max-parallelism"


def application_findings(application: FlinkApplicationPlan) -> Iterator[Finding]:
    """What is likely to go wrong; paths are relative to the application.

    Args:
        application: The application with its numbers.
    """
    yield from _capacity_findings(application)
    if application.is_event_time:
        yield from _shard_findings(application)
    yield from _idle_findings(application)
    yield from _reading_findings(application)
    yield from _state_findings(application)


def _capacity_findings(application: FlinkApplicationPlan) -> Iterator[Finding]:
    spec, capacity = application.spec, application.capacity
    most = int(flink.KPUS_OF_AN_APPLICATION.value)
    path = ("parallelism",) if spec.parallelism is not None else ()
    if capacity.kpus > most:
        per_kpu = min(flink.PARALLELISM_PER_KPU.maximum, -(-capacity.parallelism // most))
        yield Finding(
            "FLK327",
            f"{counted(capacity.kpus, 'KPU')} are more than an application starts with",
            path,
            note=f"{counted(capacity.parallelism, 'subtask')} with {capacity.parallelism_per_kpu} on each; the quota is "
            f"{most}, and can be raised",
            help=f"set `parallelism_per_kpu: {per_kpu}`, or ask AWS for more before you deploy",
        )
    limit = int(flink.MAX_PARALLELISM.value)
    config = spec.config if isinstance(spec, FlinkSqlSpec) else {MAX_PARALLELISM_KEY: ""}
    if capacity.parallelism > limit and MAX_PARALLELISM_KEY not in config:
        yield Finding(
            "FLK326",
            f"{counted(capacity.parallelism, 'subtask')} are more than Flink lets an operator have",
            path,
            note=f"that is {limit} where `{MAX_PARALLELISM_KEY}` says nothing else; it cannot be raised later without losing "
            "the state",
            help=f"add `config: {{{MAX_PARALLELISM_KEY}: '{_power_of_two(capacity.parallelism)}'}}`",
            edits=(Edit(("config", MAX_PARALLELISM_KEY), str(_power_of_two(capacity.parallelism))),),
        )


def _power_of_two(count: int) -> int:
    return 1 << (2 * count - 1).bit_length()


def _shard_findings(application: FlinkApplicationPlan) -> Iterator[Finding]:
    """A subtask that reads several shards one after the other takes the records of the later ones for late."""
    spec, subtasks = application.spec, application.capacity.parallelism
    for place, (name, source) in enumerate(application.sources.items()):
        if source.kind != "kinesis":
            continue
        shards = source.partitions
        if source.splits_by_itself:
            yield Finding(
                "FLK321",
                "an on-demand stream has more shards one day than the application has subtasks",
                ("from", place),
                note=f"`{name}` splits by itself; a subtask that reads several shards takes one after the other, and drops the "
                "records of a backlog as late",
                help=f"write `mode: provisioned` for `streams.{name}`, with `shards`; or set a `watermark` whose delay_seconds "
                "is as long as the longest backlog",
            )
        elif shards is not None and subtasks < shards:
            yield Finding(
                "FLK320",
                f"{counted(subtasks, 'subtask')} read {counted(shards, 'shard')}: records of a backlog are dropped",
                ("parallelism",) if spec.parallelism is not None else (),
                note=f"a subtask reads the shards of `{name}` one after the other, up to 10,000 records at a time, with one "
                "watermark for all: after a restart or an outage the later ones are taken for late",
                help=f"set `parallelism: {shards}` and, to pay for as few KPUs, `parallelism_per_kpu: "
                f"{min(flink.PARALLELISM_PER_KPU.maximum, shards)}`",
                edits=(Edit(("parallelism",), shards),),
            )
        elif shards is None and spec.parallelism is None:
            yield Finding(
                "FLK334",
                f"it is not known how many shards `{name}` has",
                ("from", place),
                note=f"{counted(subtasks, 'subtask')} will read them; one that reads several takes one after the other, and "
                "drops the records of a backlog as late",
                help=f"set `parallelism` to the number of its shards, or `shards` for `streams.{name}`",
            )
    if spec.autoscaling and any(source.kind == "kinesis" for source in application.sources.values()):
        yield Finding(
            "FLK322",
            "autoscaling changes how many subtasks read the shards",
            ("autoscaling",),
            note="with more shards than subtasks records of a backlog are dropped, and each change is a restart, after which "
            "there is one",
            help="take it out: the number of subtasks is that of the shards",
            edits=(Edit(("autoscaling",)),),
        )


def _idle_findings(application: FlinkApplicationPlan) -> Iterator[Finding]:
    spec, subtasks = application.spec, application.capacity.parallelism
    if not isinstance(spec, FlinkSqlSpec) or not application.is_event_time:
        return
    if spec.idle_timeout_seconds == 0:
        for name, source in application.sources.items():
            if source.partitions is not None and subtasks > source.partitions:
                yield Finding(
                    "FLK323",
                    "windows never end: a subtask without records is waited for",
                    ("idle_timeout_seconds",),
                    note=f"{counted(subtasks, 'subtask')} read {counted(source.partitions, _part(source))} of `{name}`, so "
                    "some have none, and 0 waits for them for ever",
                    help="take it out: a subtask that is idle for 30 seconds is then no longer waited for",
                    edits=(Edit(("idle_timeout_seconds",)),),
                )
                return
    delay = _longest_delay(application)
    if 0 < spec.idle_timeout_seconds < delay:
        yield Finding(
            "FLK324",
            "a stream is taken for idle before its late records could come",
            ("idle_timeout_seconds",)
            if "idle_timeout_seconds" in spec.model_fields_set
            else ("watermark", "delay_seconds"),
            note=f"{counted(spec.idle_timeout_seconds, 'second')} without records and others go on; what then comes up to "
            f"{delay:g} s late is dropped",
            help=f"set `idle_timeout_seconds: {int(delay) + 1}` or more",
            edits=(Edit(("idle_timeout_seconds",), int(delay) + 1),),
        )


def _longest_delay(application: FlinkApplicationPlan) -> float:
    tables = getattr(application, "tables", {}).values()
    return max((table.watermark.delay_seconds for table in tables if table.watermark is not None), default=0.0)


def _part(source: Source) -> str:
    return "shard" if source.kind == "kinesis" else "partition"


def _reading_findings(application: FlinkApplicationPlan) -> Iterator[Finding]:
    spec = application.spec
    kinesis_sources = [source for source in application.sources.values() if source.kind == "kinesis"]
    if isinstance(spec, FlinkSqlSpec) and spec.enhanced_fan_out:
        if not kinesis_sources:
            yield Finding(
                "LNG404",
                "`enhanced_fan_out` has no effect here",
                ("enhanced_fan_out",),
                note="it reads no stream of Kinesis",
                help="take it out",
                edits=(Edit(("enhanced_fan_out",)),),
            )
        else:
            yield Finding(
                "FLK325",
                "reading with enhanced fan-out has known faults",
                ("enhanced_fan_out",),
                note=f"{', '.join(flink.FAN_OUT_ISSUES)}: it may stand still after a stream was resharded, or for no reason",
                help="take it out, unless readers that share the stream are too many",
                edits=(Edit(("enhanced_fan_out",)),),
            )
        return
    yield from _throttle_findings(application)


def _throttle_findings(application: FlinkApplicationPlan) -> Iterator[Finding]:
    asked = int(flink.READS_PER_SECOND_OF_A_SHARD.value)
    answered = int(kinesis.SHARD_GET_RECORDS_PER_SECOND.value)
    for place, (name, source) in enumerate(application.sources.items()):
        readers = application.shard_readers.get(name, ())
        # Of a stream that was given, only how many read it is known.
        others = max(sum(reader.reads_per_second for reader in readers), source.shared_readers - 1)
        is_told = any(reader.tells for reader in readers)
        if source.kind == "kinesis" and not is_told and asked + others > answered:
            who = (
                counted(len(readers), "other reader") if readers else counted(source.shared_readers - 1, "other reader")
            )
            yield Finding(
                "FLK333",
                f"the readers of `{name}` ask its shards more often than they answer",
                ("from", place),
                note=f"a shard answers {answered} reads a second; Flink asks up to {asked} times, and {who} up to {others}: "
                "all of them are throttled, and fall behind; more shards do not help, as each of them reads every shard",
                help=_fewer_reads(readers, answered - asked),
            )


def _fewer_reads(readers: tuple[ShardReader, ...], left: int) -> str:
    """What brings the reads of others down to what Flink leaves of them."""
    others, moved = sum(reader.reads_per_second for reader in readers), list[str]()
    # Those that ask once a second first: of Flink, fan-out has known faults.
    for reader in sorted((one for one in readers if one.can_fan_out), key=lambda one: one.reads_per_second):
        if others <= left:
            break
        moved.append(f"`{reader.node}`")
        others -= reader.reads_per_second
    fewer = "let fewer read it: one application has several queries, and one function writes to several targets"
    if not moved:
        return fewer
    return f"set `enhanced_fan_out: true` for {' and '.join(moved)}" + (f", and {fewer}" if others > left else "")


def _state_findings(application: FlinkApplicationPlan) -> Iterator[Finding]:
    spec = application.spec
    if not spec.checkpointing:
        yield Finding(
            "FLK328",
            "state is never kept",
            ("checkpointing",),
            note="after each failure, and each maintenance of the service, it begins with no state, and reads anew from where "
            "a new one reads",
            help="take it out: a checkpoint is made each minute",
            edits=(Edit(("checkpointing",)),),
        )
    elif application.sources:
        seconds, why = late_seconds(application)
        if spec.checkpointing.interval_seconds > seconds:
            yield Finding(
                "FLK329",
                "a checkpoint takes longer to come than the application may be late",
                ("checkpointing", "interval_seconds"),
                note=f"each {duration(spec.checkpointing.interval_seconds)}; after a failure all since the last one is "
                f"computed again, and it is late after {why}",
                help="set `checkpointing: {interval_seconds: 60}`",
                edits=(Edit(("checkpointing", "interval_seconds"), 60),),
            )
    if not spec.snapshots or spec.restore.snapshot == NOTHING:
        path = ("snapshots",) if not spec.snapshots else ("restore",)
        yield Finding(
            "FLK330",
            "each update begins with no state",
            path,
            note="windows that are open are lost, and what was read is read again from where a new application reads",
            help="take it out: an update then begins with the snapshot that is made before it",
            edits=(Edit(path),),
        )
    if not spec.rollback:
        yield Finding(
            "FLK331",
            "after a failed update the application stands still",
            ("rollback",),
            note="the service leaves it stopped, or in restarts, until somebody comes",
            help="take it out: it then goes back to the version before",
            edits=(Edit(("rollback",)),),
        )
    if not spec.start:
        yield Finding(
            "FLK332",
            "nothing starts the application",
            ("start",),
            note="a deployment leaves it as it is; its alarms are silent until it runs",
            help="start it yourself after each deployment of a new one: `aws kinesisanalyticsv2 start-application`",
        )


def late_seconds(application: FlinkApplicationPlan) -> tuple[int, str]:
    """How far behind the application is late, in seconds, and why.

    Args:
        application: The application.
    """
    hours = min((source.retention_hours for source in application.sources.values()), default=24)
    return late_after(
        application.spec.max_lag_seconds,
        application.max_lag_seconds,
        hours * 3600,
        f"the retention of {hours:,} h",
    )

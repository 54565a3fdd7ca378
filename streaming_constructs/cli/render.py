"""A plan as people read it in a terminal: the graph as a tree, the alarms as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from streaming_constructs.planning.capacity import number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streaming_constructs.planning import AlarmPlan, ConsumerPlan, PipelinePlan, StreamPlan
    from streaming_constructs.spec.failures import OnError

_KEPT = {
    "s3": "kept in S3 with its records",
    "sqs": "its position kept in SQS, not its records",
    "sns": "its position sent to SNS, not its records",
}
_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"))


def pipeline_tree(plan: PipelinePlan) -> Tree:
    """The graph: each stream with its numbers and their working, and below it who reads it."""
    tree = Tree(f"[bold]{escape(plan.spec.name)}[/] ({plan.spec.environment})", guide_style="dim")
    for stream in plan.streams.values():
        _add_stream(tree, stream, [one for one in plan.consumers.values() if one.spec.from_ == stream.name])
    return tree


def alarm_table(plan: PipelinePlan) -> Table:
    """The alarms: where each threshold lies, in units that people use, for how long, and why there."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("alarm", no_wrap=True)
    table.add_column("threshold", no_wrap=True)
    table.add_column("for", no_wrap=True, justify="right")
    table.add_column("why")
    for alarm in plan.alarms:
        table.add_row(*map(Text, (alarm.name, threshold(alarm), f"{alarm.minutes} min", alarm.working)))
    return table


def resource_table(counts: Mapping[str, int]) -> Table:
    """The resources of a template: how many of each type, the most frequent first."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("resources", justify="right")
    table.add_column("type")
    for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        table.add_row(f"{count:,}", Text(name))
    return table


def _add_stream(tree: Tree, stream: StreamPlan, consumers: list[ConsumerPlan]) -> None:
    mode = stream.spec.capacity.mode.replace("_", " ")
    shards = f", {_counted(stream.shards, 'shard')}" if stream.shards is not None else ""
    existing = " (existing)" if stream.spec.arn else ""
    branch = tree.add(f"stream [bold]{escape(stream.name)}[/]{existing}: {mode}{shards}")
    why = branch.add("why")
    for line in stream.working:
        why.add(Text(line))
    if stream.write_mib_per_second is not None and stream.write_records_per_second is not None:
        takes = f"{number(stream.write_mib_per_second)} MiB/s and {number(stream.write_records_per_second)} records/s"
        branch.add(f"takes {takes}")
    branch.add(f"keeps records for {duration(stream.spec.retention_hours * 3600)}")
    if not consumers:
        branch.add("nobody reads it")
    for consumer in consumers:
        _add_consumer(branch, consumer)


def _add_consumer(branch: Tree, consumer: ConsumerPlan) -> None:
    spec = consumer.spec
    existing = "existing " if spec.function_arn else ""
    leaf = branch.add(f"consumer [bold]{escape(consumer.name)}[/]: {existing}Lambda function")
    leaf.add(reading(consumer))
    for line in consumer.working:
        leaf.add(Text(line))
    leaf.add(error_policy(spec.on_error))


def reading(consumer: ConsumerPlan) -> str:
    """How a consumer reads its stream, in words."""
    if consumer.spec.read == "enhanced_fan_out":
        return "reads by enhanced fan-out: 2 MiB/s of each shard for itself"
    others = consumer.stream.shared_readers - 1 if consumer.stream else 0
    company = f"which it shares with {_counted(others, 'other reader')}" if others else "which it shares with nobody"
    return f"reads 2 MiB/s of each shard, {company}"


def error_policy(policy: OnError) -> str:
    """What becomes of a batch that the function fails on, in words."""
    skip = policy.skip_after
    split = "is split to find the bad record, and " if policy.bisect else ""
    retries = f"{skip.attempts:,} {'retry' if skip.attempts == 1 else 'retries'}"
    end = f"given up after {retries} or {duration(skip.max_age_seconds)}, {_KEPT[policy.keep_in.kind]}"
    return f"a failed batch {split}is {end}"


def threshold(alarm: AlarmPlan) -> str:
    """An alarm's threshold in the unit that people use."""
    if alarm.metric.unit == "Milliseconds":
        return f"> {duration(alarm.threshold / 1000)}"
    if alarm.metric.unit == "Bytes":
        return f"> {number(alarm.threshold / 1_048_576)} MiB/min"
    if alarm.threshold == 0:
        return "any"
    return f"> {number(alarm.threshold)}{'/min' if alarm.metric.statistic == 'Sum' else ''}"


def duration(seconds: float) -> str:
    """Seconds in units that people use: `1 d 12 h`, `30 min`, `1.5 s`."""
    parts = []
    for size, unit in _UNITS:
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{number(count)} {unit}")
    if seconds or not parts:
        parts.append(f"{number(seconds)} s")
    return " ".join(parts)


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"

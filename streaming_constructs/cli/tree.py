"""A plan as people read it in a terminal: the graph as a tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape
from rich.text import Text
from rich.tree import Tree

from streaming_constructs.cli.render import counted, duration
from streaming_constructs.planning.numbers import number

if TYPE_CHECKING:
    from streaming_constructs.planning import ConsumerPlan, DeliveryPlan, DomainPlan, PipelinePlan, StreamPlan
    from streaming_constructs.spec.on_failure import OnError

_KEPT = {
    "s3": "kept in S3 with its records",
    "sqs": "its position kept in SQS, not its records",
    "sns": "its position sent to SNS, not its records",
}
_KINDS = {
    "s3": "S3",
    "opensearch": "OpenSearch",
    "opensearch_serverless": "OpenSearch Serverless",
    "redshift": "Redshift",
    "splunk": "Splunk",
    "http": "an HTTP endpoint",
    "snowflake": "Snowflake",
    "iceberg": "Iceberg tables",
}
_FORMATS = {"json": "JSON", "parquet": "Parquet", "orc": "ORC"}


def pipeline_tree(plan: PipelinePlan) -> Tree:
    """The graph: each stream with its numbers and their working, who writes to it and below it who reads it."""
    tree = Tree(f"[bold]{escape(plan.spec.name)}[/] ({plan.spec.environment})", guide_style="dim")
    for stream in plan.streams.values():
        branch = _add_stream(tree, stream, _writers(plan, stream.name))
        consumers = [one for one in plan.consumers.values() if one.spec.from_ == stream.name]
        deliveries = [one for one in plan.deliveries.values() if one.spec.from_ == stream.name]
        for consumer in consumers:
            _add_consumer(branch, consumer)
        for delivery in deliveries:
            _add_delivery(branch, delivery, [])
        if not consumers and not deliveries:
            branch.add("nobody reads it")
    for delivery in plan.deliveries.values():
        if delivery.is_direct:
            _add_delivery(tree, delivery, _writers(plan, delivery.name))
    for store in plan.stores.values():
        _add_store(tree, store)
    for name, topic in plan.spec.sns_topics.items():
        people = ", ".join(one.email for one in topic.subscribers) or "nobody that the spec names"
        tree.add(f"topic [bold]{escape(name)}[/]: tells {escape(people)}")
    return tree


def _writers(plan: PipelinePlan, target: str) -> list[str]:
    """Who writes to a node, in words."""
    agents = {"kinesis_agent": "Kinesis Agent", "cloudwatch_logs": "CloudWatch Logs"}
    found = [f"{name} ({agents[one.kind]})" for name, one in plan.spec.producers.items() if one.writes == target]
    return found + [name for name, one in plan.spec.consumers.items() if target in one.writes]


def _add_stream(tree: Tree, stream: StreamPlan, writers: list[str]) -> Tree:
    mode = stream.spec.capacity.mode.replace("_", " ")
    shards = f", {counted(stream.shards, 'shard')}" if stream.shards is not None else ""
    existing = " (existing)" if stream.spec.arn else ""
    branch = tree.add(f"stream [bold]{escape(stream.name)}[/]{existing}: {mode}{shards}")
    why = branch.add("why")
    for line in stream.working:
        why.add(Text(line))
    if stream.write_mib_per_second is not None and stream.write_records_per_second is not None:
        takes = f"{number(stream.write_mib_per_second)} MiB/s and {number(stream.write_records_per_second)} records/s"
        branch.add(f"takes {takes}")
    branch.add(f"keeps records for {duration(stream.spec.retention_hours * 3600)}")
    if writers:
        branch.add(escape(f"written to by {', '.join(writers)}"))
    return branch


def _add_consumer(branch: Tree, consumer: ConsumerPlan) -> None:
    spec = consumer.spec
    existing = "existing " if spec.function_arn else ""
    leaf = branch.add(f"consumer [bold]{escape(consumer.name)}[/]: {existing}Lambda function")
    leaf.add(reading(consumer))
    for line in consumer.working:
        leaf.add(Text(line))
    leaf.add(error_policy(spec.on_error))
    if spec.writes:
        leaf.add(escape(f"writes to {', '.join(spec.writes)}"))


def _add_delivery(branch: Tree, delivery: DeliveryPlan, writers: list[str]) -> None:
    to = delivery.spec.to
    what = f" as {_FORMATS[to.format.kind]}" if to.kind == "s3" else ""
    leaf = branch.add(f"delivery [bold]{escape(delivery.name)}[/]: to {_KINDS[to.kind]}{what}")
    if delivery.is_direct:
        leaf.add(escape(f"written to by {', '.join(writers) or 'whoever may'}"))
    for line in delivery.working:
        leaf.add(Text(line))
    if delivery.folders is not None:
        leaf.add(Text(f"folders {delivery.folders.template.replace('${', '{')}"))
        leaf.add(Text(f"errors  {delivery.folders.error_prefix.partition('!')[0]}"))


def _add_store(tree: Tree, store: DomainPlan) -> None:
    branch = tree.add(f"store [bold]{escape(store.name)}[/]: OpenSearch {escape(store.spec.version)}")
    for line in store.working:
        branch.add(Text(line))


def reading(consumer: ConsumerPlan) -> str:
    """How a consumer reads its stream, in words."""
    if consumer.spec.read == "enhanced_fan_out":
        return "reads by enhanced fan-out: 2 MiB/s of each shard for itself"
    others = consumer.stream.shared_readers - 1 if consumer.stream else 0
    company = f"which it shares with {counted(others, 'other reader')}" if others else "which it shares with nobody"
    return f"reads 2 MiB/s of each shard, {company}"


def error_policy(policy: OnError) -> str:
    """What becomes of a batch that the function fails on, in words."""
    skip = policy.skip_after
    split = "is split to find the bad record, and " if policy.bisect else ""
    retries = f"{skip.attempts:,} {'retry' if skip.attempts == 1 else 'retries'}"
    end = f"given up after {retries} or {duration(skip.max_age_seconds)}, {_KEPT[policy.keep_in.kind]}"
    return f"a failed batch {split}is {end}"

"""The numbers of the plan are those of the template: each kind of node by what its resources say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from streaming_constructs.planning.pipeline import PipelinePlan

Numbers = tuple[Any, ...]
Resource = Mapping[str, Any]


def value(resource: Resource, *path: str) -> Any:
    found: Any = resource["Properties"]
    for step in path:
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


def nodes(plan: PipelinePlan, section: str, *kinds: str) -> Iterator[Any]:
    for node in plan.sections[section].values():
        kind = str(getattr(node.spec, "kind", ""))
        if (not kinds or kind in kinds) and getattr(node.spec, "arn", None) is None:
            yield node


def streams(plan: PipelinePlan) -> Iterator[Numbers]:
    for one in nodes(plan, "streams", "kinesis"):
        yield one.shards, one.retention_hours


def topics(plan: PipelinePlan) -> Iterator[Numbers]:
    for one in nodes(plan, "streams", "kafka"):
        if not one.cluster.is_serverless:  # a client creates those
            yield one.partitions, one.replicas


def mappings(plan: PipelinePlan) -> Iterator[Numbers]:
    for one in nodes(plan, "consumers"):
        spec, pollers = one.spec, one.pollers
        yield (
            spec.batch_size,
            spec.batch_window_seconds,
            spec.parallelization_factor if one.kind == "kinesis" else None,
            spec.on_failure.retries,
            spec.on_failure.max_record_age_seconds,
            pollers.minimum if pollers else None,
            pollers.maximum if pollers else None,
        )


def buffers(plan: PipelinePlan) -> Iterator[Numbers]:
    for one in nodes(plan, "deliveries"):
        yield one.buffer_mb, one.buffer_seconds


def applications(plan: PipelinePlan) -> Iterator[Numbers]:
    for one in nodes(plan, "analytics"):
        yield one.capacity.parallelism, one.capacity.parallelism_per_kpu


def brokers(plan: PipelinePlan) -> Iterator[Numbers]:
    for one in nodes(plan, "clusters", "msk", "msk_express"):
        yield one.brokers, one.instance_type, one.volume_gb


def workers(plan: PipelinePlan) -> Iterator[Numbers]:
    for one in nodes(plan, "connectors"):
        yield one.spec.capacity.least, one.spec.capacity.mcu


def domains(plan: PipelinePlan) -> Iterator[Numbers]:
    for one in nodes(plan, "stores", "opensearch"):
        yield one.instances, one.instance_type, one.masters, one.volume_gb


def alarms(plan: PipelinePlan) -> Iterator[Numbers]:
    for one in plan.alarms:
        yield float(one.threshold), one.periods, one.datapoints or one.periods, one.period_seconds


def alarm_numbers(resource: Resource) -> Numbers:
    queries = value(resource, "Metrics") or []
    periods = [value(resource, "Period"), *(query.get("MetricStat", {}).get("Period") for query in queries)]
    found = next(period for period in periods if period)
    evaluated = value(resource, "EvaluationPeriods")
    points = value(resource, "DatapointsToAlarm") or evaluated
    return float(value(resource, "Threshold")), evaluated, points, found


def delivery_numbers(resource: Resource) -> Numbers:
    (destination,) = (
        inner for name, inner in resource["Properties"].items() if name.endswith("DestinationConfiguration")
    )
    hints = destination["BufferingHints"]
    return hints["SizeInMBs"], hints["IntervalInSeconds"]


def at(*paths: str) -> Callable[[Resource], Numbers]:
    return lambda resource: tuple(value(resource, *path.split(".")) for path in paths)


_PARALLELISM = "ApplicationConfiguration.FlinkApplicationConfiguration.ParallelismConfiguration"
_WORKERS = "Capacity.ProvisionedCapacity"
KINDS: dict[str, tuple[Callable[[PipelinePlan], Iterator[Numbers]], Callable[[Resource], Numbers]]] = {
    "Kinesis::Stream": (streams, at("ShardCount", "RetentionPeriodHours")),
    "MSK::Topic": (topics, at("PartitionCount", "ReplicationFactor")),
    "Lambda::EventSourceMapping": (
        mappings,
        at(
            "BatchSize",
            "MaximumBatchingWindowInSeconds",
            "ParallelizationFactor",
            "MaximumRetryAttempts",
            "MaximumRecordAgeInSeconds",
            "ProvisionedPollerConfig.MinimumPollers",
            "ProvisionedPollerConfig.MaximumPollers",
        ),
    ),
    "KinesisFirehose::DeliveryStream": (buffers, delivery_numbers),
    "KinesisAnalyticsV2::Application": (
        applications,
        at(f"{_PARALLELISM}.Parallelism", f"{_PARALLELISM}.ParallelismPerKPU"),
    ),
    "MSK::Cluster": (
        brokers,
        at(
            "NumberOfBrokerNodes",
            "BrokerNodeGroupInfo.InstanceType",
            "BrokerNodeGroupInfo.StorageInfo.EBSStorageInfo.VolumeSize",
        ),
    ),
    "KafkaConnect::Connector": (workers, at(f"{_WORKERS}.WorkerCount", f"{_WORKERS}.McuCount")),
    "OpenSearchService::Domain": (
        domains,
        at(
            "ClusterConfig.InstanceCount",
            "ClusterConfig.InstanceType",
            "ClusterConfig.DedicatedMasterCount",
            "EBSOptions.VolumeSize",
        ),
    ),
    "CloudWatch::Alarm": (alarms, alarm_numbers),
}


@pytest.mark.parametrize("type_", KINDS)
def test_numbers_of_the_plan_are_those_of_the_template(pattern: Any, type_: str) -> None:
    planned, told = KINDS[type_]
    resources = [one for one in pattern.template["Resources"].values() if one["Type"] == f"AWS::{type_}"]
    assert Counter(map(told, resources)) == Counter(planned(pattern.pipeline.plan))


def test_functions_have_the_memory_and_the_time_of_the_plan(pattern: Any) -> None:
    functions = [one for one in pattern.template["Resources"].values() if one["Type"] == "AWS::Lambda::Function"]
    found = Counter((value(one, "MemorySize"), value(one, "Timeout")) for one in functions)
    wanted = Counter(
        (one.spec.memory_mb, one.spec.timeout_seconds) for one in nodes(pattern.pipeline.plan, "consumers")
    )
    assert wanted <= found  # beside what serves the stack itself

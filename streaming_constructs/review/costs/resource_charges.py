"""What a resource of a template is charged for being there: by its type, with AWS's defaults where the template says nothing.

What is charged for what flows through it no template says, and nothing here does. A value that is known at deployment alone has
a charge without a quantity.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from streaming_constructs.planning.costs.charge import Charge, unknown
from streaming_constructs.review.comparing.template import Resource, Template
from streaming_constructs.review.costs.charged_by_use import is_on_demand

AT_DEPLOYMENT = "how many there are is known at deployment alone"
_NO_SHARDS = "how many shards its stream has is not in this template"


class _UnknownError(LookupError):
    """A number that the template does not say."""


def charges_of(resource: Resource, template: Template) -> tuple[Charge, ...]:
    """What a resource is charged for being there; nothing of types that are charged by what flows, or not at all.

    Args:
        resource: The resource.
        template: The template that it stands in.
    """
    charged = _CHARGED.get(resource.type)
    if charged is None:
        return ()
    try:
        return tuple(charge for charge in charged(resource, template) if charge.basis == "fixed" and charge.quantity)
    except _UnknownError as error:
        return (unknown(_WHAT[resource.type], str(error) or AT_DEPLOYMENT),)


def _number(value: Any, default: float | None = None) -> float:
    """A number that a template says; its default where it says nothing."""
    if value is None and default is not None:
        return default
    try:
        found = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        raise _UnknownError from None
    if not math.isfinite(found) or found < 0:
        raise _UnknownError
    return found


def _priced(prices: Mapping[str, Any], name: Any) -> str:
    """A type of nodes or brokers that has a price."""
    if not isinstance(name, str):
        raise _UnknownError
    if name not in prices:
        raise _UnknownError(f"no price of {name} is known")
    return name


def _length(value: Any, default: int) -> int:
    if value is None:
        return default
    if not isinstance(value, list):
        raise _UnknownError
    return len(value)


def _stream(resource: Resource, template: Template) -> Iterator[Charge]:
    from streaming_constructs.planning.costs import cloudwatch, kinesis

    hours = int(_number(resource.at("RetentionPeriodHours"), kinesis.DAY))
    levels = resource.at("DesiredShardLevelMetrics")
    if is_on_demand(resource):
        yield from kinesis.on_demand(None, retention_hours=hours)
        return
    shards = int(_number(resource.at("ShardCount"), 1))
    yield from kinesis.provisioned(shards, retention_hours=hours)
    if levels:
        yield cloudwatch.custom_metrics(_length(levels, 0) * shards)


def _fan_out(resource: Resource, template: Template) -> Iterator[Charge]:
    from streaming_constructs.planning.costs import kinesis

    stream = template.target(resource.at("StreamARN"))
    if stream is None or stream.type != "AWS::Kinesis::Stream":
        raise _UnknownError(_NO_SHARDS)
    if not is_on_demand(stream):  # there it is charged by what is read
        yield from kinesis.fan_out(int(_number(stream.at("ShardCount"), 1)), None, 1)


def _application(resource: Resource, template: Template) -> Iterator[Charge]:
    from streaming_constructs.planning.costs import flink

    path = ("ApplicationConfiguration", "FlinkApplicationConfiguration", "ParallelismConfiguration")
    parallelism = _number(resource.at(*path, "Parallelism"), 1)
    each = max(1.0, _number(resource.at(*path, "ParallelismPerKPU"), 1))
    yield from flink.application(math.ceil(parallelism / each))


def _cluster(resource: Resource, template: Template) -> Iterator[Charge]:
    from streaming_constructs.facts.prices import msk as prices
    from streaming_constructs.planning.costs import msk

    type_, brokers = (
        resource.at("BrokerNodeGroupInfo", "InstanceType"),
        int(_number(resource.at("NumberOfBrokerNodes"))),
    )
    if str(type_).startswith("express."):
        yield from msk.express(_priced(prices.EXPRESS_BROKER, type_), brokers)
        return
    volume = ("BrokerNodeGroupInfo", "StorageInfo", "EBSStorageInfo")
    throughput = resource.at(*volume, "ProvisionedThroughput")
    is_paid = isinstance(throughput, Mapping) and throughput.get("Enabled") in {True, "true"}
    yield from msk.standard(
        _priced(prices.STANDARD_BROKER, type_),
        brokers,
        _number(resource.at(*volume, "VolumeSize"), 1000),
        throughput_mb=_number(throughput.get("VolumeThroughput"), 0) if is_paid and throughput else 0,
    )


def _serverless(resource: Resource, template: Template) -> Iterator[Charge]:
    from streaming_constructs.planning.costs import msk

    yield from msk.serverless(0)


def _replicator(resource: Resource, template: Template) -> Iterator[Charge]:
    from streaming_constructs.planning.costs import msk

    yield from msk.replicator()


def _connector(resource: Resource, template: Template) -> Iterator[Charge]:
    from streaming_constructs.planning.costs import msk

    scaled, given = resource.at("Capacity", "AutoScaling"), resource.at("Capacity", "ProvisionedCapacity")
    capacity = scaled if isinstance(scaled, Mapping) else given if isinstance(given, Mapping) else {}
    workers = capacity.get("MinWorkerCount") if capacity is scaled else capacity.get("WorkerCount")
    yield from msk.connect(_number(workers), int(_number(capacity.get("McuCount"), 1)))


def _domain(resource: Resource, template: Template) -> Iterator[Charge]:
    from streaming_constructs.facts.prices import opensearch as prices
    from streaming_constructs.planning.costs import opensearch

    def at(name: str) -> Any:
        return resource.at("ClusterConfig", name)

    if resource.at("EBSOptions", "VolumeSize") is not None and resource.at("EBSOptions", "VolumeType") != "gp3":
        raise _UnknownError("no price of volumes other than gp3 is known")
    has_masters = at("DedicatedMasterEnabled") in {True, "true"}
    yield from opensearch.domain(
        _priced(prices.NODE_HOUR, at("InstanceType") or "m4.large.search"),
        int(_number(at("InstanceCount"), 1)),
        _number(resource.at("EBSOptions", "VolumeSize"), 0),
        master_type=_priced(prices.NODE_HOUR, at("DedicatedMasterType")) if has_masters else None,
        masters=int(_number(at("DedicatedMasterCount"), 3)) if has_masters else 0,
    )


def _alarm(resource: Resource, template: Template) -> Iterator[Charge]:
    from streaming_constructs.planning.costs import cloudwatch

    queries = resource.at("Metrics")
    listed = queries if isinstance(queries, list) else []
    metrics = [query for query in listed if isinstance(query, Mapping) and "MetricStat" in query] or [
        resource.properties
    ]
    periods = [_period(metric.get("MetricStat", metric)) for metric in metrics]
    times = 3 if resource.at("ThresholdMetricId") else 1  # it watches the two ends of what is usual as well
    yield cloudwatch.alarms(times * len(metrics), count=1, high_resolution=min(periods) < 60)


def _period(metric: Any) -> float:
    value = metric.get("Period") if isinstance(metric, Mapping) else None
    try:
        return _number(value, 60)
    except _UnknownError:
        return 60


def _dashboard(resource: Resource, template: Template) -> Iterator[Charge]:
    from streaming_constructs.planning.costs import cloudwatch

    yield cloudwatch.dashboards(1)


def _key(resource: Resource, template: Template) -> Iterator[Charge]:
    from streaming_constructs.planning.costs import kms

    yield kms.keys(1)


def _nat_gateway(resource: Resource, template: Template) -> Iterator[Charge]:
    from streaming_constructs.planning.costs import vpc

    yield from vpc.nat_gateways(1)


def _endpoint(resource: Resource, template: Template) -> Iterator[Charge]:
    from streaming_constructs.planning.costs import vpc

    if resource.at("VpcEndpointType") == "Interface":
        yield from vpc.endpoints(1, _length(resource.at("SubnetIds"), 1))


def _secret(resource: Resource, template: Template) -> Iterator[Charge]:
    from streaming_constructs.facts.prices import secrets_manager as prices

    yield Charge("secret", prices.SECRET, 1, "fixed", "1 secret")


def _table(resource: Resource, template: Template) -> Iterator[Charge]:
    from streaming_constructs.planning.costs import dynamodb

    if resource.at("BillingMode") == "PAY_PER_REQUEST":
        return
    indexes = resource.at("GlobalSecondaryIndexes")
    places = [resource.properties, *(indexes if isinstance(indexes, list) else [])]
    given = [place.get("ProvisionedThroughput") for place in places if isinstance(place, Mapping)]
    found = [capacity for capacity in given if isinstance(capacity, Mapping)]
    if not found:
        raise _UnknownError
    writes, reads = (_sum(found, name) for name in ("WriteCapacityUnits", "ReadCapacityUnits"))
    yield from dynamodb.provisioned(writes, reads)


def _sum(capacities: Iterable[Mapping[str, Any]], name: str) -> float:
    return sum(_number(capacity.get(name)) for capacity in capacities)


def _mapping(resource: Resource, template: Template) -> Iterator[Charge]:
    pollers = resource.at("ProvisionedPollerConfig", "MinimumPollers")
    if pollers is not None:
        from streaming_constructs.planning.costs import lambda_function

        yield lambda_function.poller_units(int(_number(pollers)))


def _provisioned_concurrency(resource: Resource, template: Template) -> Iterator[Charge]:
    given = resource.at("ProvisionedConcurrencyConfig", "ProvisionedConcurrentExecutions")
    if given is None:
        return
    from streaming_constructs.planning.costs import lambda_function

    function = template.target(resource.at("FunctionName"))
    if function is None or function.type != "AWS::Lambda::Function":
        raise _UnknownError("the memory of its function is not in this template")
    architectures = function.at("Architectures") or ["x86_64"]
    if architectures != ["x86_64"]:
        raise _UnknownError("no price of it is known for arm64")
    memory = _number(function.at("MemorySize"), 128)
    yield lambda_function.provisioned_concurrency(int(_number(given)), memory)


def _delivery(resource: Resource, template: Template) -> Iterator[Charge]:
    from streaming_constructs.planning.costs import firehose

    for name, destination in resource.properties.items():
        place = destination.get("VpcConfiguration") if isinstance(destination, Mapping) else None
        if name.endswith("DestinationConfiguration") and isinstance(place, Mapping):
            yield from firehose.in_vpc(0, _length(place.get("SubnetIds"), 1))


_CHARGED: Mapping[str, Callable[[Resource, Template], Iterator[Charge]]] = {
    "AWS::CloudWatch::Alarm": _alarm,
    "AWS::CloudWatch::Dashboard": _dashboard,
    "AWS::DynamoDB::Table": _table,
    "AWS::EC2::NatGateway": _nat_gateway,
    "AWS::EC2::VPCEndpoint": _endpoint,
    "AWS::KMS::Key": _key,
    "AWS::KafkaConnect::Connector": _connector,
    "AWS::Kinesis::Stream": _stream,
    "AWS::Kinesis::StreamConsumer": _fan_out,
    "AWS::KinesisAnalyticsV2::Application": _application,
    "AWS::KinesisFirehose::DeliveryStream": _delivery,
    "AWS::Lambda::Alias": _provisioned_concurrency,
    "AWS::Lambda::EventSourceMapping": _mapping,
    "AWS::Lambda::Version": _provisioned_concurrency,
    "AWS::MSK::Cluster": _cluster,
    "AWS::MSK::Replicator": _replicator,
    "AWS::MSK::ServerlessCluster": _serverless,
    "AWS::OpenSearchService::Domain": _domain,
    "AWS::SecretsManager::Secret": _secret,
}
_WHAT = {
    "AWS::DynamoDB::Table": "capacity",
    "AWS::EC2::VPCEndpoint": "VPC endpoint",
    "AWS::KafkaConnect::Connector": "workers",
    "AWS::Kinesis::Stream": "shards",
    "AWS::Kinesis::StreamConsumer": "enhanced fan-out",
    "AWS::KinesisAnalyticsV2::Application": "KPUs",
    "AWS::KinesisFirehose::DeliveryStream": "VPC",
    "AWS::Lambda::Alias": "provisioned concurrency",
    "AWS::Lambda::EventSourceMapping": "pollers",
    "AWS::Lambda::Version": "provisioned concurrency",
    "AWS::MSK::Cluster": "brokers",
    "AWS::OpenSearchService::Domain": "nodes",
}
"""What is told of a type where nothing says how much there is of it."""

"""What resources are charged by use, where another way to pay for the same is charged for being there.

A change to such a way takes away a price that templates tell, and brings one that they do not: it is named, or the change would
look like a saving.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from streaming_constructs.planning.costs.charge import Charge, unknown
from streaming_constructs.review.comparing.template import Resource, Template

BY_USE = "charged by use, which no template says"
_DAY = 24


def charged_by_use(resource: Resource, template: Template) -> Iterator[Charge]:
    """Charges without a quantity: what is charged by use of a resource, under the names that it has where it is not.

    Args:
        resource: The resource.
        template: The template that it stands in.
    """
    named = _NAMED.get(resource.type)
    for what in named(resource, template) if named is not None else ():
        yield unknown(what, BY_USE)


def is_on_demand(stream: Resource) -> bool:
    """Whether a stream of Kinesis is paid by what flows.

    Args:
        stream: The stream.
    """
    return bool(stream.at("StreamModeDetails", "StreamMode") == "ON_DEMAND")


def _stream(stream: Resource, template: Template) -> Iterator[str]:
    if not is_on_demand(stream):
        return
    yield from ("written", "read")
    hours = stream.at("RetentionPeriodHours")
    if hours is not None and str(hours) != str(_DAY):
        yield "retention beyond 24 hours"


def _fan_out(reader: Resource, template: Template) -> Iterator[str]:
    stream = template.target(reader.at("StreamARN"))
    if stream is not None and is_on_demand(stream):
        yield "enhanced fan-out"


def _table(table: Resource, template: Template) -> Iterator[str]:
    if table.at("BillingMode") == "PAY_PER_REQUEST":
        yield from ("writes", "reads")


def _cluster(cluster: Resource, template: Template) -> Iterator[str]:
    if str(cluster.at("BrokerNodeGroupInfo", "InstanceType")).startswith("express."):
        yield from ("written", "storage")


def _serverless(cluster: Resource, template: Template) -> Iterator[str]:
    yield from ("partitions", "written", "read", "storage")


def _collection(collection: Resource, template: Template) -> Iterator[str]:
    yield from ("OCUs", "storage")


_NAMED: Mapping[str, Callable[[Resource, Template], Iterator[str]]] = {
    "AWS::DynamoDB::Table": _table,
    "AWS::Kinesis::Stream": _stream,
    "AWS::Kinesis::StreamConsumer": _fan_out,
    "AWS::MSK::Cluster": _cluster,
    "AWS::MSK::ServerlessCluster": _serverless,
    "AWS::OpenSearchServerless::Collection": _collection,
}

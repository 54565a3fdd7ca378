"""Which services of AWS have to be reached from the VPC of a cluster of Kafka: by pollers, by workers, by functions in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from streaming_constructs.facts import vpc_endpoints
from streaming_constructs.spec.finding import Finding
from streaming_constructs.spec.on_failure import destination_kind
from streaming_constructs.spec.streams.kafka import KafkaTopicSpec
from streaming_constructs.spec.streams.kafka_encoding import encoding_of, has_encoded_topics

if TYPE_CHECKING:
    from streaming_constructs.spec.analytics.flink_application import FlinkApplicationSpec
    from streaming_constructs.spec.clusters.cluster import KafkaClusterSpec
    from streaming_constructs.spec.connectors.connector import KafkaConnectorSpec
    from streaming_constructs.spec.consumers.lambda_function import LambdaConsumerSpec
    from streaming_constructs.spec.function import FunctionSpec
    from streaming_constructs.spec.permission import Permission
    from streaming_constructs.spec.pipeline import PipelineSpec
    from streaming_constructs.spec.vpc import VpcPlacement


class EndpointNeed(NamedTuple):
    """What one node reaches from the VPC of its cluster.

    Attributes:
        node: Its name.
        services: The services, by what their actions begin with in IAM; sorted.
        unknown: What it may call of which no endpoint is known here; sorted.
        section: The section that it stands in.
    """

    node: str
    services: tuple[str, ...]
    unknown: tuple[str, ...] = ()
    section: str = "consumers"


def poller_services(consumer: LambdaConsumerSpec) -> tuple[str, ...]:
    """The services that the pollers of a topic reach from the subnets of its cluster.

    Args:
        consumer: The consumer that they poll for.
    """
    needed = set[str]()
    if not consumer.is_provisioned:
        needed.update(vpc_endpoints.POLLERS_ON_DEMAND_REACH)
        if consumer.secret_arn is not None:
            needed.update(vpc_endpoints.POLLERS_WITH_A_SECRET_REACH)
    kept_in = destination_kind(consumer.failure_policy)
    if kept_in in vpc_endpoints.DESTINATIONS_REACHED:
        needed.add(kept_in)
    return tuple(sorted(needed))


def function_services(
    function: FunctionSpec, targets: Iterable[str] = (), *, uses_registry: bool = False
) -> tuple[str, ...]:
    """The services that the code of a function in a VPC reaches from there.

    Args:
        function: The function, with what it may do beyond its edges.
        targets: The kinds of what it writes to, such as `kinesis`; topics of Kafka are in the VPC.
        uses_registry: Whether it encodes values with the schema registry.
    """
    from streaming_constructs.facts import permissions

    written = (permissions.WRITES.get(("lambda", kind), ()) for kind in targets)
    registry = permissions.REGISTRY_WRITES["lambda"].values() if uses_registry else ()
    return _services(function.permissions, *written, *registry)


def connector_services(connector: KafkaConnectorSpec, *, uses_registry: bool) -> tuple[str, ...]:
    """The services that the workers of a connector reach from the subnets that they stand in.

    Workers' logs and the code of the plugin are no matter of theirs: MSK Connect delivers the one and fetches the other.

    Args:
        connector: The connector.
        uses_registry: Whether its workers look into a schema registry.
    """
    from streaming_constructs.facts import kafka_connect

    actions: list[tuple[str, ...]] = []
    if connector.secret_arn is not None:
        actions.append(kafka_connect.READS_SECRET)
    if connector.class_name == kafka_connect.S3_SINK:
        actions.append(kafka_connect.WRITES_S3_OBJECTS)
    if uses_registry:
        actions.append(kafka_connect.READS_SCHEMA_VERSIONS)
    return _services(connector.permissions, *actions)


def application_services(
    application: FlinkApplicationSpec, reads: Iterable[str], writes: Iterable[str]
) -> tuple[str, ...]:
    """The services that an application of Flink in a VPC reaches from there.

    It is what its code calls. By which way Managed Flink fetches the code and delivers logs, AWS does not say.

    Args:
        application: The application, with what it may do beyond its edges.
        reads: The kinds of what it reads, such as `kinesis`; topics of Kafka are in the VPC.
        writes: The kinds of what it writes to.
    """
    from streaming_constructs.facts import permissions

    read = (permissions.READS.get(("kinesisanalytics", kind), ()) for kind in reads)
    written = (permissions.WRITES.get(("kinesisanalytics", kind), ()) for kind in writes)
    return _services(application.permissions, *read, *written)


def _services(given: Iterable[Permission], *actions: Iterable[str]) -> tuple[str, ...]:
    """The services with an endpoint that actions are of."""
    every = [*(action for one in given for action in one.actions), *(action for some in actions for action in some)]
    return tuple(sorted({action.partition(":")[0] for action in every} & set(vpc_endpoints.VPC_ENDPOINTS)))


def _unknown(given: Iterable[Permission]) -> tuple[str, ...]:
    """The services that permissions name of which no endpoint is known here."""
    called = {action.partition(":")[0] for one in given for action in one.actions if action != "*"}
    return tuple(sorted(called - set(vpc_endpoints.VPC_ENDPOINTS) - vpc_endpoints.NEED_NONE))


def cluster_needs(name: str, system: PipelineSpec) -> tuple[EndpointNeed, ...]:
    """What the nodes of a system reach from the VPC of a cluster that is created there, of those that reach something.

    Args:
        name: The name of the cluster's node.
        system: The system.
    """
    return tuple(
        need
        for need in (
            *_pollers(name, system),
            *_functions(name, system),
            *_applications(name, system),
            *_workers(name, system),
        )
        if need.services or need.unknown
    )


def _pollers(name: str, system: PipelineSpec) -> Iterator[EndpointNeed]:
    for consumer, spec in system.consumers.items():
        source = system.streams[spec.from_]
        if getattr(source, "cluster", None) == name:
            yield EndpointNeed(consumer, poller_services(spec))


def _functions(name: str, system: PipelineSpec) -> Iterator[EndpointNeed]:
    vpc = system.clusters[name].vpc
    for consumer, spec in system.consumers.items():
        nodes = ((target, system.streams.get(target)) for target in spec.to)
        topics = [(target, node) for target, node in nodes if isinstance(node, KafkaTopicSpec)]
        # One that the spec does not place stands beside the brokers of the first topic that it writes to.
        is_beside = spec.code is not None and [topic.cluster for _, topic in topics[:1]] == [name]
        if is_beside if spec.vpc is None else vpc is not None and stands_in(spec.vpc, vpc):
            encoded = any(encoding_of(target, topic, system) == "registry" for target, topic in topics)
            kinds = [_kind(target, system) for target in spec.to]
            services = function_services(spec, kinds, uses_registry=encoded)
            yield EndpointNeed(consumer, services, _unknown(spec.permissions))


def _applications(name: str, system: PipelineSpec) -> Iterator[EndpointNeed]:
    vpc = system.clusters[name].vpc
    for application, spec in system.analytics.items():
        nodes = (system.streams.get(node) for node in (*spec.from_, *spec.to))
        clusters = [node.cluster for node in nodes if isinstance(node, KafkaTopicSpec)]
        # One that the spec does not place stands beside the brokers of the first topic that it reads, else writes to.
        is_beside = clusters[:1] == [name]
        if is_beside if spec.vpc is None else vpc is not None and stands_in(spec.vpc, vpc):
            kinds = [[_kind(node, system) for node in nodes] for nodes in (spec.from_, spec.to)]
            services = application_services(spec, *kinds)
            yield EndpointNeed(application, services, _unknown(spec.permissions), "analytics")


def _kind(target: str, system: PipelineSpec) -> str:
    """The kind of what is read or written to, as permissions call it."""
    if target in system.streams:
        return system.streams[target].kind
    if target in system.stores:
        return system.stores[target].kind
    return "firehose" if target in system.deliveries else "sns"


def _workers(name: str, system: PipelineSpec) -> Iterator[EndpointNeed]:
    vpc = system.clusters[name].vpc
    for connector, spec in system.connectors.items():
        elsewhere = spec.vpc is not None and (vpc is None or not stands_in(spec.vpc, vpc))
        if spec.cluster == name and not elsewhere:
            uses_registry = spec.uses_registry(is_encoded=has_encoded_topics(spec, system))
            services = connector_services(spec, uses_registry=uses_registry)
            yield EndpointNeed(connector, services, _unknown(spec.permissions), "connectors")


def stands_in(placement: VpcPlacement, vpc: VpcPlacement) -> bool:
    """Whether a placement is surely in the VPC of another one.

    Args:
        placement: The placement.
        vpc: The other one.
    """
    same = placement.vpc_id is not None and placement.vpc_id == vpc.vpc_id
    return same or not set(placement.subnet_ids).isdisjoint(vpc.subnet_ids)


def endpoint_notes(name: str, cluster: KafkaClusterSpec, needs: Sequence[EndpointNeed]) -> Iterator[Finding]:
    """Says what the VPC has to have that a cluster is created in; nothing here makes an endpoint in a VPC that is given.

    Args:
        name: The name of the cluster's node.
        cluster: The cluster.
        needs: What is reached from there.
    """
    vpc = cluster.vpc
    needs = [need for need in needs if need.services]
    if cluster.arn is not None or vpc is None or not needs:
        return
    reached: dict[str, set[str]] = {}
    for need in needs:
        reached.setdefault(need.node, set()).update(need.services)
    services = sorted(set().union(*reached.values()))
    who = "; ".join(f"{node}: {', '.join(sorted(own))}" for node, own in reached.items())
    script = "; ".join(_commands(vpc, services))
    gates = {vpc_endpoints.VPC_ENDPOINTS[service].is_gateway for service in services}
    group = f"GROUP lets port {vpc_endpoints.HTTPS_PORT} in from who is there"
    meant = {False: group, True: "TABLES are the route tables of the subnets"}
    yield Finding(
        "MSK458",
        "services are reached from the subnets of the cluster",
        ("vpc",),
        note=f"{who}. Subnets without a NAT gateway need an endpoint of each, and none is made in a VPC that is given",
        help=f"have a NAT gateway, or run `{script}`, where {', and '.join(meant[one] for one in sorted(gates))}; then say so: "
        f"`acknowledge: {{{name}.MSK458: its subnets reach them}}`",
    )


def unreached_notes(cluster: KafkaClusterSpec, needs: Sequence[EndpointNeed]) -> Iterator[Finding]:
    """Says which services nothing leads to from the VPC that is created for a cluster; paths start at the section of a node.

    Args:
        cluster: The cluster.
        needs: What is reached from there.
    """
    if cluster.arn is not None or cluster.vpc is not None:
        return
    for need in needs:
        if need.unknown:
            yield Finding(
                "MSK459",
                f"nothing leads to {', '.join(need.unknown)} from the VPC of the cluster",
                (need.section, need.node, "permissions"),
                note="the VPC that is created has no way to the internet, and VPC endpoints of services that are known here: "
                f"{', '.join(vpc_endpoints.VPC_ENDPOINTS)}",
                help="give the cluster a `vpc` from whose subnets they are reached, or bring one in Python",
            )


def _commands(vpc: VpcPlacement, services: Sequence[str]) -> Iterator[str]:
    """What makes the endpoints by the AWS CLI."""
    create = f"aws ec2 create-vpc-endpoint --vpc-id {vpc.vpc_id}"
    subnets = " ".join(vpc.subnet_ids)
    for service in services:
        endpoint = vpc_endpoints.VPC_ENDPOINTS[service]
        named = f"{create} --service-name com.amazonaws.$AWS_REGION.{endpoint.name}"
        if endpoint.is_gateway:
            yield f"{named} --vpc-endpoint-type Gateway --route-table-ids $TABLES"
        else:
            yield f"{named} --vpc-endpoint-type Interface --subnet-ids {subnets} --security-group-ids $GROUP"

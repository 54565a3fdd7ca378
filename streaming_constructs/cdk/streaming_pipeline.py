"""The whole system of a spec."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from aws_cdk import CfnOutput, Stack, Tags
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from streaming_constructs.cdk.alarms import PipelineAlarms
from streaming_constructs.cdk.dashboard import PipelineDashboard
from streaming_constructs.cdk.node import Brought, Context, Node, Offered, build_node
from streaming_constructs.cdk.refusal import refusals
from streaming_constructs.cdk.warning import add_warning
from streaming_constructs.kinds import NODE_SECTIONS
from streaming_constructs.planning.pipeline import PipelinePlan, in_order, plan, resolved
from streaming_constructs.spec.finding import Finding, SpecError, did_you_mean
from streaming_constructs.spec.pipeline import PipelineSpec
from streaming_constructs.spec.stack_name import in_words

if TYPE_CHECKING:
    # Loaded where a system has them.
    from aws_cdk import aws_dynamodb as dynamodb
    from aws_cdk import aws_msk as msk
    from aws_cdk import aws_opensearchservice as opensearch
    from aws_cdk import aws_s3 as s3

    from streaming_constructs.cdk.analytics.flink_app import FlinkApplication
    from streaming_constructs.cdk.analytics.flink_sql import FlinkSqlApplication
    from streaming_constructs.cdk.athena_workgroup import AthenaWorkgroup
    from streaming_constructs.cdk.clusters.msk import KafkaCluster
    from streaming_constructs.cdk.clusters.msk_serverless import ServerlessKafkaCluster
    from streaming_constructs.cdk.connectors.connector import KafkaConnector
    from streaming_constructs.cdk.consumers.lambda_function import LambdaConsumer
    from streaming_constructs.cdk.deliveries.firehose import Delivery
    from streaming_constructs.cdk.producers.cloudwatch_logs import CloudWatchLogsProducer
    from streaming_constructs.cdk.producers.kinesis_agent import HostProducer
    from streaming_constructs.cdk.queues.sqs import SqsQueue
    from streaming_constructs.cdk.replicators.msk import KafkaReplicator
    from streaming_constructs.cdk.schema_registry import SchemaRegistry
    from streaming_constructs.cdk.sns_topics.sns import NotificationTopic
    from streaming_constructs.cdk.stores.dynamodb import DynamoDbTable
    from streaming_constructs.cdk.stores.opensearch import OpenSearchDomain
    from streaming_constructs.cdk.streams.kafka import KafkaTopic
    from streaming_constructs.cdk.streams.kinesis import KinesisStream


class StreamingPipeline(Construct):
    """A streaming system, from its spec: each node, the alarms and the dashboard are constructs of their own.

    What is **stateful** in it is said by each part; prod retains that when it leaves the stack. The logical ids of stateful
    resources follow from this construct's id and the names in the spec, so renaming either replaces them.

    Example:
        ```python
        pipeline = StreamingPipeline(stack, "Pipeline", spec=PipelineSpec.load("pipeline.yaml"))
        pipeline.streams["clicks"].grant_write(producer)
        ```

    Attributes:
        streams: The streams, by name.
        queues: The queues, by name.
        clusters: The clusters of Kafka, by name.
        replicators: The replicators, by name.
        connectors: The connectors, by name.
        consumers: The consumers, by name.
        analytics: The applications of Flink, by name.
        deliveries: The deliveries, by name.
        stores: The stores, by name.
        sns_topics: The topics, by name.
        producers: The producers, by name.
        athena: The workgroup for queries, if there is a table.
        schema_registry: The registry of the schemas, if the spec asks for one.
        alarms: The alarms.
        dashboard: The dashboard, if the spec asks for one.
        outputs: The outputs of the stack, by name such as `ClicksStreamName`.
        plan: The numbers behind all of it.
    """

    streams: Mapping[str, KinesisStream | KafkaTopic]
    queues: Mapping[str, SqsQueue]
    clusters: Mapping[str, KafkaCluster | ServerlessKafkaCluster]
    replicators: Mapping[str, KafkaReplicator]
    connectors: Mapping[str, KafkaConnector]
    consumers: Mapping[str, LambdaConsumer]
    analytics: Mapping[str, FlinkSqlApplication | FlinkApplication]
    deliveries: Mapping[str, Delivery]
    stores: Mapping[str, OpenSearchDomain | DynamoDbTable]
    sns_topics: Mapping[str, NotificationTopic]
    producers: Mapping[str, CloudWatchLogsProducer | HostProducer]
    athena: AthenaWorkgroup | None
    schema_registry: SchemaRegistry | None
    alarms: PipelineAlarms
    dashboard: PipelineDashboard | None
    outputs: Mapping[str, CfnOutput]
    plan: PipelinePlan

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        spec: PipelineSpec,
        streams: Mapping[str, kinesis.IStream] | None = None,
        functions: Mapping[str, lambda_.IFunction] | None = None,
        buckets: Mapping[str, s3.IBucket] | None = None,
        keys: Mapping[str, kms.IKey] | None = None,
        sns_topics: Mapping[str, sns.ITopic] | None = None,
        queues: Mapping[str, sqs.IQueue] | None = None,
        stores: Mapping[str, opensearch.IDomain | dynamodb.ITable] | None = None,
        clusters: Mapping[str, msk.CfnCluster | msk.CfnServerlessCluster] | None = None,
        vpc: ec2.IVpc | None = None,
        vpc_subnets: ec2.SubnetSelection | None = None,
        security_groups: Sequence[ec2.ISecurityGroup] | None = None,
        notify: Sequence[sns.ITopic] = (),
    ) -> None:
        """Creates the system.

        Constructs of the app take the place of what the spec would create, by the names that it gives its nodes; they may be of
        another stack, and are never changed. The spec still says what is known about them, such as the shards of a stream.

        The stack gets outputs of what a person needs next: names and ARNs of streams, functions, buckets, queues and topics,
        and the address of the dashboard. An output is named after its node, `ClicksStreamName`. A construct id other than
        `Pipeline`, and the constructs between it and the stack, stand before that: several systems fit in one stack, and the
        names of one do not depend on the others. Where the stack has a construct of that name already, CDK names the output.

        Args:
            scope: Where it stands in the tree.
            construct_id: Its id there.
            spec: What is asked for.
            streams: Streams to adopt, by the names of nodes in `streams`.
            functions: Functions to adopt, by the names of consumers, or of deliveries whose records they transform.
            buckets: Buckets to adopt, by the names of deliveries (the archive, or the backup beside another destination) or of
                consumers (for what they give up).
            keys: Keys to encrypt with, by the names of streams, topics, tables, queues, or deliveries that are put into
                directly.
            sns_topics: Topics to adopt, by the names of nodes in `sns_topics`.
            queues: Queues to adopt, by the names of nodes in `queues`; or of consumers of streams, for what they give up.
            stores: Domains to adopt, by the names of deliveries that write to them; and tables, by the names of nodes in
                `stores`.
            clusters: Clusters of Kafka to adopt, by the names of nodes in `clusters`.
            vpc: A VPC to place functions in. Left out: as the spec says; reading a stream needs none.
            vpc_subnets: Which of its subnets. Left out: the private ones.
            security_groups: Security groups in the VPC. Left out: a new one for each function.
            notify: Topics of your own that alarms tell, beside those of the spec.

        Raises:
            SpecError: If the spec cannot be built; with every error in it.
        """
        super().__init__(scope, construct_id)
        brought = Brought(*map(Offered, (streams, functions, buckets, keys, sns_topics, queues, stores, clusters)))
        self.plan = plan(spec, brought={name for argument in _NODES for name in getattr(brought, argument)})
        spec = self.plan.spec
        errors = [finding for finding in self.plan.findings if finding.level == "error"]
        errors += _unknown_findings(spec, brought)
        if errors:
            raise SpecError(errors)
        for finding in self.plan.findings:
            if finding.level == "warning" and not (finding.code == "ALM603" and notify):
                add_warning(self, finding)
        context = Context(spec, self, brought, vpc, vpc_subnets, security_groups)
        for section, name in building_order(spec):
            with refusals((section, name)):
                context.built[section, name] = build_node(section, self.plan.sections[section][name], context)
        unused = list(_unused_findings(spec, brought))
        if unused:
            raise SpecError(unused)
        built: dict[str, dict[str, Any]] = {
            section: {name: context.built[section, name] for name in getattr(spec, section)}
            for section in NODE_SECTIONS
        }
        for section, by_name in built.items():
            setattr(self, section, by_name)
        nodes: list[Node] = [node for by_name in built.values() for node in by_name.values()]
        self.athena = self._athena(spec, context)
        self.schema_registry = context.registry()
        self.alarms = PipelineAlarms(
            self,
            "Alarms",
            nodes=nodes,
            spec=spec.alarms,
            notify=notify,
            sns_topics={name: topic.topic for name, topic in self.sns_topics.items()},
            removal_policy=spec.removal_policy,
        )
        self.dashboard = None
        if spec.dashboard:
            self.dashboard = PipelineDashboard(
                self, "Dashboard", title=spec.title, nodes=nodes, alarms=self.alarms.plans
            )
        self.outputs = self._outputs(nodes)
        for key, value in spec.tags.items():
            Tags.of(self).add(key, value)

    def _athena(self, spec: PipelineSpec, context: Context) -> AthenaWorkgroup | None:
        if not context.queried:
            return None
        from streaming_constructs.cdk.athena_workgroup import AthenaWorkgroup
        from streaming_constructs.spec.athena import AthenaSpec

        athena = spec.athena or AthenaSpec()
        # Results are parts of what is queried, so they are encrypted like it.
        keys = (archive.bucket.encryption_key for archive in context.queried)
        key = next((key for key in keys if key is not None), None)
        workgroup = AthenaWorkgroup(
            self,
            "Athena",
            spec=athena,
            encryption_key=key if athena.workgroup is None else None,
            removal_policy=spec.removal_policy,
        )
        for archive in context.queried:
            workgroup.add_query(archive)
        return workgroup

    def _outputs(self, nodes: Sequence[Node]) -> dict[str, CfnOutput]:
        """What a person needs next, as outputs of the stack."""
        stack, outputs = Stack.of(self), dict[str, CfnOutput]()
        *above, own = self.node.path.removeprefix(stack.node.path).strip("/").split("/")
        prefix = "".join(map(in_words, above if own == "Pipeline" else [*above, own]))
        for construct_id, name, value, description in self._told(nodes):
            output = CfnOutput(self, construct_id, value=value, description=description)
            readable = f"{prefix}{name}"
            if readable not in outputs and stack.node.try_find_child(readable) is None:
                output.override_logical_id(readable)
            else:
                readable = construct_id
            outputs[readable] = output
        return outputs

    def _told(self, nodes: Sequence[Node]) -> Iterator[tuple[str, str, str, str]]:
        """Construct id, name, value and description of each output."""
        for node in nodes:
            name = node.plan.name
            for output in node.outputs():
                yield f"{name}-{output.name}", f"{in_words(name)}{output.name}", output.value, output.description
        if self.dashboard is not None:
            region = Stack.of(self).region
            address = f"https://{region}.console.aws.amazon.com/cloudwatch/home?region={region}#dashboards/dashboard/"
            url = f"{address}{self.dashboard.dashboard.ref}"
            yield "DashboardUrl", "DashboardUrl", url, "The dashboard of the system"


def building_order(spec: PipelineSpec) -> Iterator[tuple[str, str]]:
    """The nodes of a system, each after those that its edges lead to.

    Args:
        spec: The system.
    """
    return in_order(
        {
            (section, name): [resolved(spec, edge) for edge in node.edges() if edge.role != "schema"]
            for section, name, node in spec.nodes()
        }
    )


_NODES = ("streams", "functions", "sns_topics", "stores", "clusters")
"""Arguments whose constructs say what the spec would otherwise have to say of their nodes."""


def _unknown_findings(spec: PipelineSpec, brought: Brought) -> Iterator[Finding]:
    """Names that constructs were brought for, and that no node has."""
    names = [name for _, name, _ in spec.nodes()]
    for argument, offered in brought.arguments():
        for name in offered:
            if name not in names:
                yield Finding(
                    "GRF301",
                    f"there is nothing named `{name}` that takes what `{argument}=` brings",
                    note="constructs of the app are brought by the names of nodes",
                    help=did_you_mean(name, names),
                )


def _unused_findings(spec: PipelineSpec, brought: Brought) -> Iterator[Finding]:
    """Constructs that were brought for a node that has no use for them."""
    sections = {name: section for section, name, _ in spec.nodes()}
    for argument, offered in brought.arguments():
        for name in offered.left():
            yield Finding(
                "GRF301",
                f"`{name}` does not take what `{argument}=` brings",
                (sections[name], name),
                note=f"as one of the {sections[name]}, and as the spec describes it, it has no use for it",
                help="take it out, or bring it under the name of the node that it is for",
            )

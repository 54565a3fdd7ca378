"""The whole system of a spec."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from aws_cdk import Annotations, CfnOutput, Stack, Tags
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from streaming_constructs.cdk.alarms import PipelineAlarms
from streaming_constructs.cdk.dashboard import PipelineDashboard
from streaming_constructs.cdk.node import Brought, Context, Node, build_node
from streaming_constructs.kinds import NODE_SECTIONS
from streaming_constructs.planning.plan import PipelinePlan, plan, resolved
from streaming_constructs.spec.finding import Finding, SpecError, did_you_mean
from streaming_constructs.spec.pipeline import PipelineSpec

if TYPE_CHECKING:
    # Loaded where a system has them.
    from aws_cdk import aws_opensearchservice as opensearch
    from aws_cdk import aws_s3 as s3

    from streaming_constructs.cdk.athena_workgroup import AthenaWorkgroup
    from streaming_constructs.cdk.consumers.lambda_function import LambdaConsumer
    from streaming_constructs.cdk.deliveries.firehose import Delivery
    from streaming_constructs.cdk.producers.cloudwatch_logs import CloudWatchLogsProducer
    from streaming_constructs.cdk.producers.kinesis_agent import HostProducer
    from streaming_constructs.cdk.sns_topics.sns import NotificationTopic
    from streaming_constructs.cdk.stores.opensearch import OpenSearchDomain
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
        consumers: The consumers, by name.
        deliveries: The deliveries, by name.
        stores: The stores, by name.
        sns_sns_topics: The topics, by name.
        producers: The producers, by name.
        athena: The workgroup for queries, if there is a table.
        alarms: The alarms.
        dashboard: The dashboard, if the spec asks for one.
        plan: The numbers behind all of it.
    """

    streams: Mapping[str, KinesisStream]
    consumers: Mapping[str, LambdaConsumer]
    deliveries: Mapping[str, Delivery]
    stores: Mapping[str, OpenSearchDomain]
    sns_topics: Mapping[str, NotificationTopic]
    producers: Mapping[str, CloudWatchLogsProducer | HostProducer]
    athena: AthenaWorkgroup | None
    alarms: PipelineAlarms
    dashboard: PipelineDashboard | None
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
        stores: Mapping[str, opensearch.IDomain] | None = None,
        vpc: ec2.IVpc | None = None,
        vpc_subnets: ec2.SubnetSelection | None = None,
        security_groups: Sequence[ec2.ISecurityGroup] | None = None,
        notify: Sequence[sns.ITopic] = (),
    ) -> None:
        """Creates the system.

        Constructs of the app take the place of what the spec would create, by the names that it gives its nodes; they may be of
        another stack, and are never changed. The spec still says what is known about them, such as the shards of a stream.

        Args:
            scope: Where it stands in the tree.
            construct_id: Its id there.
            spec: What is asked for.
            streams: Streams to adopt, by the names of nodes in `streams`.
            functions: Functions to adopt, by the names of consumers, or of deliveries whose records they transform.
            buckets: Buckets to adopt, by the names of deliveries (the archive, or the backup beside another destination) or of
                consumers (for what they give up).
            keys: Keys to encrypt with, by the names of streams, topics, or deliveries that are put into directly.
            sns_topics: Topics to adopt, by the names of nodes in `sns_topics`.
            queues: Queues to adopt, by the names of consumers, for what they give up.
            stores: Domains to adopt, by the names of deliveries that write to them.
            vpc: A VPC to place functions in. Left out: as the spec says; reading a stream needs none.
            vpc_subnets: Which of its subnets. Left out: the private ones.
            security_groups: Security groups in the VPC. Left out: a new one for each function.
            notify: Topics of your own that alarms tell, beside those of the spec.

        Raises:
            SpecError: If the spec cannot be built; with every error in it.
        """
        super().__init__(scope, construct_id)
        brought = Brought(
            streams or {}, functions or {}, buckets or {}, keys or {}, sns_topics or {}, queues or {}, stores or {}
        )
        self.plan = plan(spec, brought=frozenset(name for argument, name in brought.names() if argument != "keys"))
        errors = [finding for finding in self.plan.findings if finding.level == "error"]
        errors += _brought_findings(spec, brought)
        if errors:
            raise SpecError(errors)
        for finding in self.plan.findings:
            if finding.level == "warning" and not (finding.code == "ALM603" and notify):
                text = f"{finding.message} ({finding.dotted_path or 'alarms'}); {finding.help or finding.note}"
                Annotations.of(self).add_warning_v2(f"streaming-constructs:{finding.code}:{finding.dotted_path}", text)
        context = Context(spec, self, brought, vpc, vpc_subnets, security_groups)
        for section, name in building_order(spec):
            context.built[section, name] = build_node(section, self.plan.sections[section][name], context)
        built: dict[str, dict[str, Any]] = {
            section: {name: context.built[section, name] for name in getattr(spec, section)}
            for section in NODE_SECTIONS
        }
        for section, by_name in built.items():
            setattr(self, section, by_name)
        nodes: list[Node] = [node for by_name in built.values() for node in by_name.values()]
        self.athena = self._athena(spec, context)
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
        self._outputs(nodes)
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

    def _outputs(self, nodes: Sequence[Node]) -> None:
        """What a person needs next, as outputs of the stack."""
        for node in nodes:
            for output in node.outputs():
                self._output(f"{_in_words(node.plan.name)}{output.name}", output.value, output.description)
        if self.dashboard is not None:
            stack = Stack.of(self)
            address = f"https://{stack.region}.console.aws.amazon.com/cloudwatch/home?region={stack.region}"
            name = self.dashboard.dashboard.ref
            self._output("DashboardUrl", f"{address}#dashboards/dashboard/{name}", "The dashboard of the system")

    def _output(self, construct_id: str, value: str, description: str) -> None:
        CfnOutput(self, construct_id, value=value, description=description)


def building_order(spec: PipelineSpec) -> Iterator[tuple[str, str]]:
    """The nodes of a system, each after those that its edges lead to.

    Args:
        spec: The system.
    """
    nodes = {(section, name): node for section, name, node in spec.nodes()}
    done: set[tuple[str, str]] = set()

    def visit(key: tuple[str, str]) -> Iterator[tuple[str, str]]:
        if key in done:
            return
        done.add(key)
        for edge in nodes[key].edges():
            if edge.role != "schema":
                yield from visit(resolved(spec, edge))
        yield key

    for key in nodes:
        yield from visit(key)


def _in_words(name: str) -> str:
    """A name as part of an id: `log-search` becomes `LogSearch`."""
    return "".join(part[:1].upper() + part[1:] for part in name.replace("_", "-").split("-"))


_TAKEN_BY = {
    "streams": ("streams",),
    "functions": ("consumers", "deliveries"),
    "buckets": ("deliveries", "consumers"),
    "keys": ("streams", "sns_topics", "deliveries"),
    "sns_topics": ("sns_topics",),
    "queues": ("consumers",),
    "stores": ("deliveries",),
}
"""The sections whose nodes take what an argument brings."""


def _brought_findings(spec: PipelineSpec, brought: Brought) -> Iterator[Finding]:
    for argument, name in brought.names():
        choices = [node for section in _TAKEN_BY[argument] for node in getattr(spec, section)]
        if name not in choices:
            yield Finding(
                "GRF301",
                f"there is nothing named `{name}` that takes what `{argument}=` brings",
                note=f"names in {' and '.join(f'`{section}`' for section in _TAKEN_BY[argument])} do",
                help=did_you_mean(name, choices) or "add the node to the spec",
            )

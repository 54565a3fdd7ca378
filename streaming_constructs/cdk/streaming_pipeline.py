"""The whole system of a spec."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, cast

from aws_cdk import Annotations, Tags
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from constructs import Construct

from streaming_constructs.cdk.alarms import PipelineAlarms
from streaming_constructs.cdk.consumers.lambda_function import LambdaConsumer
from streaming_constructs.cdk.dashboard import PipelineDashboard
from streaming_constructs.cdk.streams.kinesis import KinesisStream
from streaming_constructs.cdk.write_target import Writable
from streaming_constructs.planning.deliveries.firehose import has_table, needs_database
from streaming_constructs.planning.plan import PipelinePlan, plan
from streaming_constructs.planning.producers.cloudwatch_logs import adopted_log_groups
from streaming_constructs.spec.finding import SpecError
from streaming_constructs.spec.pipeline import PipelineSpec
from streaming_constructs.spec.producers.cloudwatch_logs import CloudWatchLogsProducerSpec

if TYPE_CHECKING:
    # Loaded where a system has them.
    from streaming_constructs.cdk.athena_workgroup import AthenaWorkgroup
    from streaming_constructs.cdk.deliveries.firehose import Delivery
    from streaming_constructs.cdk.producers.cloudwatch_logs import CloudWatchLogsProducer
    from streaming_constructs.cdk.producers.kinesis_agent import KinesisAgentProducer
    from streaming_constructs.cdk.sns_topics.sns import NotificationTopic
    from streaming_constructs.cdk.stores.opensearch import OpenSearchDomain


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
        sns_topics: The topics, by name.
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
    producers: Mapping[str, CloudWatchLogsProducer | KinesisAgentProducer]
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
        vpc: ec2.IVpc | None = None,
        vpc_subnets: ec2.SubnetSelection | None = None,
        security_groups: Sequence[ec2.ISecurityGroup] | None = None,
        notify: Sequence[sns.ITopic] = (),
    ) -> None:
        """Creates the system.

        Args:
            scope: Where it stands in the tree.
            construct_id: Its id there.
            spec: What is asked for.
            vpc: A VPC to place functions in. Left out: none; reading a stream needs none.
            vpc_subnets: Which of its subnets. Left out: the private ones.
            security_groups: Security groups in the VPC. Left out: a new one for each function.
            notify: Topics of your own that alarms tell, beside those of the spec.

        Raises:
            SpecError: If the spec cannot be built; with every error in it.
        """
        super().__init__(scope, construct_id)
        self.plan = plan(spec)
        errors = [finding for finding in self.plan.findings if finding.level == "error"]
        if errors:
            raise SpecError(errors)
        for finding in self.plan.findings:
            if finding.level == "warning" and not (finding.code == "ALM603" and notify):
                text = f"{finding.message} ({finding.dotted_path or 'alarms'}); {finding.help or finding.note}"
                Annotations.of(self).add_warning_v2(f"streaming-constructs:{finding.code}:{finding.dotted_path}", text)

        self.streams = {
            name: KinesisStream(
                self, name, spec=stream, readers=self.plan.streams[name].readers, removal_policy=spec.removal_policy
            )
            for name, stream in spec.streams.items()
        }
        self.sns_topics = _topics(self, spec)
        self.stores = _domains(self, self.plan, vpc=vpc, vpc_subnets=vpc_subnets, security_groups=security_groups)
        self.deliveries = _deliveries(self, self.plan, self.streams, self.stores)
        self.athena = _athena(self, spec, self.deliveries)
        targets: dict[str, Writable] = {**self.streams, **self.deliveries, **self.sns_topics}
        self.consumers = {
            name: LambdaConsumer(
                self,
                name,
                spec=consumer,
                source=self.streams[consumer.from_],
                writes={target: targets[target] for target in consumer.to},
                vpc=vpc if consumer.code is not None else None,
                vpc_subnets=vpc_subnets,
                security_groups=security_groups,
                removal_policy=spec.removal_policy,
                directory=spec.directory,
            )
            for name, consumer in spec.consumers.items()
        }
        self.producers = _producers(self, spec, {**self.streams, **self.deliveries})
        streams, consumers = list(self.streams.values()), list(self.consumers.values())
        deliveries, domains = list(self.deliveries.values()), list(self.stores.values())
        self.alarms = PipelineAlarms(
            self,
            "Alarms",
            streams=streams,
            consumers=consumers,
            deliveries=deliveries,
            domains=domains,
            spec=spec.alarms,
            notify=notify,
            removal_policy=spec.removal_policy,
        )
        self.dashboard = None
        if spec.dashboard:
            self.dashboard = PipelineDashboard(
                self,
                "Dashboard",
                title=f"{spec.name} ({spec.removal_policy})",
                streams=streams,
                consumers=consumers,
                deliveries=deliveries,
                domains=domains,
                alarms=self.alarms.plans,
            )
        for key, value in spec.tags.items():
            Tags.of(self).add(key, value)

    @property
    def own_log_groups(self) -> list[logs.ILogGroup]:
        """The log groups of the system's own parts: what is subscribed must not be among them, or it feeds itself."""
        found = [node for node in self.node.find_all() if isinstance(node, logs.LogGroup)]
        return [cast("logs.ILogGroup", group) for group in found]


def _topics(scope: Construct, spec: PipelineSpec) -> dict[str, NotificationTopic]:
    if not spec.sns_topics:
        return {}
    from streaming_constructs.cdk.sns_topics.sns import NotificationTopic

    return {
        name: NotificationTopic(scope, name, spec=topic, removal_policy=spec.removal_policy)
        for name, topic in spec.sns_topics.items()
    }


def _domains(
    scope: Construct,
    plan: PipelinePlan,
    *,
    vpc: ec2.IVpc | None,
    vpc_subnets: ec2.SubnetSelection | None,
    security_groups: Sequence[ec2.ISecurityGroup] | None,
) -> dict[str, OpenSearchDomain]:
    if not plan.stores:
        return {}
    from streaming_constructs.cdk.stores.opensearch import OpenSearchDomain

    return {
        name: OpenSearchDomain(
            scope,
            name,
            spec=store.spec,
            plan=store,
            # What the spec places somewhere stands there.
            vpc=vpc if store.spec.vpc is None else None,
            vpc_subnets=vpc_subnets if store.spec.vpc is None else None,
            security_groups=security_groups if store.spec.vpc is None else None,
            removal_policy=plan.spec.removal_policy,
        )
        for name, store in plan.stores.items()
    }


def _deliveries(
    scope: Construct,
    plan: PipelinePlan,
    streams: Mapping[str, KinesisStream],
    stores: Mapping[str, OpenSearchDomain],
) -> dict[str, Delivery]:
    if not plan.deliveries:
        return {}
    from streaming_constructs.cdk.deliveries.factory import create_delivery
    from streaming_constructs.cdk.glue_table import GlueDatabase

    catalog = None
    if any(needs_database(delivery) for delivery in plan.deliveries.values()):
        catalog = GlueDatabase(
            scope, "Catalog", description=f"Archives of {plan.spec.name} ({plan.spec.removal_policy})"
        )
    return {
        name: create_delivery(
            scope,
            delivery,
            source=streams[delivery.spec.from_] if delivery.spec.from_ else None,
            stores=stores,
            catalog=catalog,
            removal_policy=plan.spec.removal_policy,
            directory=plan.spec.directory,
        )
        for name, delivery in plan.deliveries.items()
    }


def _athena(scope: Construct, spec: PipelineSpec, deliveries: Mapping[str, Delivery]) -> AthenaWorkgroup | None:
    archives = [delivery for delivery in deliveries.values() if has_table(delivery.plan)]
    if not archives:
        return None
    from streaming_constructs.cdk.athena_workgroup import AthenaWorkgroup
    from streaming_constructs.cdk.deliveries.s3 import S3Delivery

    queried = [cast("S3Delivery", archive) for archive in archives]
    # Results are parts of what is queried, so they are encrypted like it.
    key = next((one.bucket.encryption_key for one in queried if one.bucket.encryption_key), None)
    workgroup = AthenaWorkgroup(
        scope,
        "Athena",
        spec=spec.athena,
        encryption_key=key if spec.athena.workgroup is None else None,
        removal_policy=spec.removal_policy,
    )
    for archive in queried:
        workgroup.add_query(archive)
    return workgroup


def _producers(
    scope: StreamingPipeline,
    spec: PipelineSpec,
    targets: Mapping[str, KinesisStream | Delivery],
) -> dict[str, CloudWatchLogsProducer | KinesisAgentProducer]:
    if not spec.producers:
        return {}
    from streaming_constructs.cdk.producers.cloudwatch_logs import CloudWatchLogsProducer
    from streaming_constructs.cdk.producers.kinesis_agent import KinesisAgentProducer

    subscribed = any(isinstance(one, CloudWatchLogsProducerSpec) for one in spec.producers.values())
    own_log_groups: list[logs.ILogGroup | str] = []
    if subscribed:
        own_log_groups = [*scope.own_log_groups, *adopted_log_groups(spec)]
    return {
        name: CloudWatchLogsProducer(
            scope,
            name,
            spec=producer,
            target=targets[producer.to],
            own_log_groups=own_log_groups,
        )
        if isinstance(producer, CloudWatchLogsProducerSpec)
        else KinesisAgentProducer(scope, name, spec=producer, target=targets[producer.to])
        for name, producer in spec.producers.items()
    }

"""The whole system of a spec."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aws_cdk import Annotations, Tags
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_sns as sns
from constructs import Construct

from streaming_constructs.cdk.kinesis_stream import KinesisStream
from streaming_constructs.cdk.lambda_consumer import LambdaConsumer
from streaming_constructs.cdk.stream_alarms import StreamAlarms
from streaming_constructs.cdk.stream_dashboard import StreamDashboard
from streaming_constructs.planning.plan import PipelinePlan, plan
from streaming_constructs.spec.finding import SpecError
from streaming_constructs.spec.pipeline import PipelineSpec


class StreamingPipeline(Construct):
    """A streaming system, from its spec: streams, consumers, alarms and dashboard, each a construct of its own.

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
        alarms: The alarms.
        dashboard: The dashboard, if the spec asks for one.
        plan: The numbers behind all of it.
    """

    streams: Mapping[str, KinesisStream]
    consumers: Mapping[str, LambdaConsumer]
    alarms: StreamAlarms
    dashboard: StreamDashboard | None
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
            if finding.level == "warning" and not (finding.code == "SC603" and notify):
                text = f"{finding.message} ({finding.dotted_path or 'alarms'}); {finding.help or finding.note}"
                Annotations.of(self).add_warning_v2(f"streaming-constructs:{finding.code}:{finding.dotted_path}", text)

        self.streams = {
            name: KinesisStream(
                self, name, spec=stream, readers=self.plan.streams[name].readers, environment=spec.environment
            )
            for name, stream in spec.streams.items()
        }
        self.consumers = {
            name: LambdaConsumer(
                self,
                name,
                spec=consumer,
                source=self.streams[consumer.from_],
                vpc=vpc if consumer.code is not None else None,
                vpc_subnets=vpc_subnets,
                security_groups=security_groups,
                environment=spec.environment,
                directory=spec.directory,
            )
            for name, consumer in spec.consumers.items()
        }
        streams, consumers = list(self.streams.values()), list(self.consumers.values())
        self.alarms = StreamAlarms(
            self,
            "Alarms",
            streams=streams,
            consumers=consumers,
            spec=spec.alarms,
            notify=notify,
            environment=spec.environment,
        )
        self.dashboard = None
        if spec.dashboard:
            self.dashboard = StreamDashboard(
                self,
                "Dashboard",
                title=f"{spec.name} ({spec.environment})",
                streams=streams,
                consumers=consumers,
                alarms=self.alarms.plans,
            )
        for key, value in spec.tags.items():
            Tags.of(self).add(key, value)

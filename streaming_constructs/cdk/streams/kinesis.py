"""A Kinesis data stream."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_kms as kms
from constructs import Construct

from streaming_constructs.cdk.acknowledge import acknowledge
from streaming_constructs.cdk.edges import Endpoint
from streaming_constructs.cdk.existing import brought_finding
from streaming_constructs.cdk.kms_key import key_of
from streaming_constructs.cdk.metric import cloudwatch_metric
from streaming_constructs.cdk.node import Context, Output
from streaming_constructs.cdk.removal_policy import cdk_removal_policy
from streaming_constructs.facts.metrics import INCOMING_BYTES, STREAM_ITERATOR_AGE, Metric
from streaming_constructs.planning.streams.kinesis import StreamPlan, plan_stream
from streaming_constructs.planning.streams.kinesis_findings import stream_findings
from streaming_constructs.spec.finding import Finding, SpecError
from streaming_constructs.spec.node import Reader
from streaming_constructs.spec.removal_policy import RemovalPolicy
from streaming_constructs.spec.streams.kinesis import (
    CREATED_STREAM_FIELDS,
    KinesisStreamSpec,
)
from streaming_constructs.spec.target_variables import ENDINGS

_DISTRIBUTION = {"auto": "AUTO", "partition_key": "USER_PARTITION_KEY"}


class KinesisStream(Construct):
    """A Kinesis data stream, created from its spec or adopted.

    Creates an `AWS::Kinesis::Stream`, encrypted, and an `AWS::KMS::Key` where the spec asks for a customer managed key
    and names none. Both are **stateful**: retained unless told otherwise. An adopted stream (`stream=`, or
    `arn` in the spec) is never changed; the spec then says what is known about it.

    Example:
        ```python
        clicks = KinesisStream(
            stack, "Clicks", spec=KinesisStreamSpec(workload=Workload(records_per_second=500, record_kb=2))
        )
        clicks.grant_write(producer)
        ```

    Attributes:
        stream: The stream, created or adopted.
        plan: Its numbers: shards, capacity, and the working behind them.
        encryption_key: The customer managed key that it is encrypted with, if there is one.
        dimensions: The dimensions that its metrics are published under.
    """

    stream: kinesis.IStream
    plan: StreamPlan
    encryption_key: kms.IKey | None
    dimensions: Mapping[str, str]

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        spec: KinesisStreamSpec,
        readers: Sequence[Reader] = (),
        stream: kinesis.IStream | None = None,
        encryption_key: kms.IKey | None = None,
        plan: StreamPlan | None = None,
        removal_policy: RemovalPolicy = "retain",
    ) -> None:
        """Creates or adopts the stream.

        Args:
            scope: Where it stands in the tree.
            construct_id: Its id there; alarms and dashboards call it by this name.
            spec: What is asked for.
            readers: Who will read it; shared readers need shards.
            stream: An existing stream to adopt. Left out: it is created, or looked up by the spec's `arn`.
            encryption_key: An existing key to encrypt a created stream with. Left out: as the spec says.
            plan: Its numbers, where a system has planned it. Left out: they follow from the spec and the readers.
            removal_policy: retain keeps the stream when it leaves the stack, destroy destroys it.

        Raises:
            SpecError: If the spec asks to create what was brought, or cannot be built.
        """
        super().__init__(scope, construct_id)
        self.plan = plan or plan_stream(construct_id, spec, readers)
        _check(self.plan, adopted=stream is not None, key_given=encryption_key is not None)
        if stream is not None:
            self.stream = stream
            self.encryption_key = stream.encryption_key
        elif spec.arn is not None:
            self.encryption_key = encryption_key or self._key(spec, removal_policy)
            self.stream = kinesis.Stream.from_stream_attributes(
                self, "Stream", stream_arn=spec.arn, encryption_key=self.encryption_key
            )
        else:
            self.encryption_key = encryption_key or self._key(spec, removal_policy)
            self.stream = self._create(spec, removal_policy)
        self.dimensions = {"StreamName": self.stream.stream_name}

    def _key(self, spec: KinesisStreamSpec, removal_policy: RemovalPolicy) -> kms.IKey | None:
        return key_of(
            self,
            "Key",
            spec.encryption,
            encrypts=f"the stream {self.node.id}",
            removal_policy=cdk_removal_policy(spec.removal_policy or removal_policy),
        )

    def _create(self, spec: KinesisStreamSpec, removal_policy: RemovalPolicy) -> kinesis.Stream:
        on_demand = spec.is_on_demand
        stream = kinesis.Stream(
            self,
            "Stream",
            stream_mode=kinesis.StreamMode.ON_DEMAND if on_demand else kinesis.StreamMode.PROVISIONED,
            shard_count=self.plan.shards,
            retention_period=cdk.Duration.hours(spec.retention),
            encryption=kinesis.StreamEncryption.KMS if self.encryption_key else kinesis.StreamEncryption.MANAGED,
            encryption_key=self.encryption_key,
            removal_policy=cdk_removal_policy(spec.removal_policy or removal_policy),
        )
        if self.encryption_key is not None:
            acknowledge(
                stream,
                "The spec asks for a customer managed key, which says more about who may read than the key of AWS",
                "AwsSolutions-KDS3",
            )
        # The L2 has no words for these, or only an enum of the same names.
        properties: dict[str, Any] = {
            "DesiredShardLevelMetrics": list(spec.shard_level_metrics) or None,
            "MaxRecordSizeInKiB": spec.max_record_kb,
            "RecordDistributionStrategy": _DISTRIBUTION.get(spec.record_distribution or ""),
        }
        if spec.is_on_demand:
            properties["WarmThroughputMiBps"] = spec.warm_throughput_mb_per_second
        given = {name: value for name, value in properties.items() if value is not None}
        if given:
            resource = cast("kinesis.CfnStream", stream.node.default_child)
            for name, value in given.items():
                resource.add_property_override(name, value)
        return stream

    @property
    def endpoint(self) -> Endpoint:
        """How it is read and written to."""
        return stream_endpoint(self.stream, self.encryption_key)

    def outputs(self) -> Iterator[Output]:
        """The name and the ARN of the stream."""
        yield Output("StreamName", self.stream.stream_name, f"The Kinesis data stream {self.node.id}")
        yield Output("StreamArn", self.stream.stream_arn, "Its ARN, for producers in other stacks and accounts")

    def grant_write(self, grantee: iam.IGrantable) -> iam.Grant:
        """Lets something write records, and encrypt them with the stream's key.

        Args:
            grantee: Who may.
        """
        return self.stream.grant_write(grantee)

    def grant_read(self, grantee: iam.IGrantable) -> iam.Grant:
        """Lets something read records, and decrypt them with the stream's key.

        Args:
            grantee: Who may.
        """
        return self.stream.grant_read(grantee)

    def metric(self, metric: Metric) -> cloudwatch.Metric:
        """One of the stream's metrics, from `streaming_constructs.facts.metrics`, with its dimensions.

        Args:
            metric: Which one.
        """
        return cloudwatch_metric(metric, self.dimensions)

    def metric_iterator_age(self) -> cloudwatch.Metric:
        """How old the records are that shared readers read, in milliseconds; blind to enhanced fan-out readers."""
        return self.metric(STREAM_ITERATOR_AGE)

    def metric_incoming_bytes(self) -> cloudwatch.Metric:
        """Bytes written per minute."""
        return self.metric(INCOMING_BYTES)


def stream_endpoint(stream: kinesis.IStream, key: kms.IKey | None) -> Endpoint:
    """How a stream is read and written to, whoever made it.

    Args:
        stream: The stream.
        key: The customer managed key that it is encrypted with, if there is one.
    """
    return Endpoint("kinesis", stream.stream_arn, key, ENDINGS["streams"], stream.stream_arn)


def source_endpoint(source: KinesisStream | kinesis.IStream) -> Endpoint:
    """How a source is read, be it ours or a live stream.

    Args:
        source: The stream.
    """
    if isinstance(source, KinesisStream):
        return source.endpoint
    return stream_endpoint(source, source.encryption_key)


def build_node(scope: Construct, plan: StreamPlan, context: Context) -> KinesisStream:
    """The stream of a system.

    Args:
        scope: The construct of the system.
        plan: The stream with its numbers.
        context: The system around it.
    """
    return KinesisStream(
        scope,
        plan.name,
        spec=plan.spec,
        plan=plan,
        stream=context.brought.streams.get(plan.name),
        encryption_key=context.brought.keys.get(plan.name),
        removal_policy=context.spec.removal_policy,
    )


def _check(plan: StreamPlan, *, adopted: bool, key_given: bool) -> None:
    spec, findings = plan.spec, list[Finding]()
    if adopted:
        created_only = ("arn", "encryption", *CREATED_STREAM_FIELDS)
        ignored = [field for field in created_only if field in spec.model_fields_set]
        findings += [brought_finding(field, "stream") for field in ignored]
        findings += [brought_finding("encryption_key", "stream")] if key_given else []
    else:
        if key_given and "encryption" in spec.model_fields_set:
            findings.append(brought_finding("encryption", "encryption_key"))
        findings += spec.system_findings()
    findings += [finding for finding in stream_findings(plan) if finding.level == "error"]
    if findings:
        raise SpecError([finding.below(plan.name) for finding in findings])

"""A Lambda function that reads a Kinesis stream, a Kafka topic or an SQS queue."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from aws_cdk import Annotations, Names
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from streaming_constructs.cdk.adopt import is_bucket, is_kafka_topic, is_queue, is_queue_node, is_topic
from streaming_constructs.cdk.consumers.lambda_function_check import check_consumer
from streaming_constructs.cdk.edges import Endpoint, Writable, edge_permissions, variables
from streaming_constructs.cdk.function import acknowledge_own_wildcards, create_function, own_permissions
from streaming_constructs.cdk.iam_policy import Permissions, joined, managed_policy
from streaming_constructs.cdk.metric import cloudwatch_metric
from streaming_constructs.cdk.node import Context, Output
from streaming_constructs.cdk.on_failure import (
    FailureDestination,
    acknowledge_failures,
    adopted_destination,
    failure_destination,
)
from streaming_constructs.cdk.sns_topics.sns import NotificationTopic
from streaming_constructs.cdk.stores.brought_table import table_or_node
from streaming_constructs.cdk.streams.kinesis import KinesisStream, source_endpoint
from streaming_constructs.cdk.tags import without_tags
from streaming_constructs.cdk.vpc import Network
from streaming_constructs.facts import metrics, permissions
from streaming_constructs.facts.metrics import FUNCTION_ITERATOR_AGE, Metric
from streaming_constructs.planning.consumers.lambda_function import ConsumerPlan, plan_consumer
from streaming_constructs.spec.consumers.lambda_function import LambdaConsumerSpec
from streaming_constructs.spec.removal_policy import RemovalPolicy
from streaming_constructs.spec.starting_position import AtTimestamp

if TYPE_CHECKING:
    # Large modules, that only a table, a bucket and a topic of Kafka need.
    from aws_cdk import aws_dynamodb as dynamodb
    from aws_cdk import aws_s3 as s3

    from streaming_constructs.cdk.queues.sqs import SqsQueue
    from streaming_constructs.cdk.streams.kafka import KafkaTopic

    Source = KinesisStream | kinesis.IStream | KafkaTopic | SqsQueue


class LambdaConsumer(Construct):
    """A Lambda function that gets the records of a stream, a topic or a queue in batches, and what becomes of what it fails on.

    Creates an `AWS::Lambda::EventSourceMapping` (**stateful**: it holds the position in the stream; replacing it starts
    reading anew), an `AWS::IAM::ManagedPolicy` with exactly what the mapping needs, and, unless they are brought or named
    in the spec: the function with its role and log group, the queue, topic or bucket of given-up batches (**stateful**,
    retained), and for enhanced fan-out an `AWS::Kinesis::StreamConsumer`. Of a queue there is no position to hold, and what is
    given up is in the dead-letter queue of that.

    Example:
        ```python
        fraud = LambdaConsumer(
            stack,
            "Fraud",
            source=clicks,
            spec=LambdaConsumerSpec(
                from_="clicks",
                code="handlers/fraud",
                on_failure=OnFailure(destination=S3OnFailure()),
            ),
        )
        ```

    Attributes:
        function: The function, created or adopted.
        mapping: The event source mapping.
        permissions: The policy on the function's role; None if the adopted function does not tell its role.
        failures: Where batches go that were given up: a queue, a topic or a bucket; of a queue its dead-letter queue, None
            where it tells none.
        fan_out_consumer: The registered consumer, when reading with enhanced fan-out.
        log_group: The function's log group; None for an adopted function.
        plan: Its numbers: concurrency, and the working behind it.
        dimensions: The dimensions that its metrics are published under.
    """

    function: lambda_.IFunction
    mapping: lambda_.CfnEventSourceMapping
    permissions: iam.ManagedPolicy | None
    failures: sqs.IQueue | sns.ITopic | s3.IBucket | KafkaTopic | None
    fan_out_consumer: kinesis.CfnStreamConsumer | None
    log_group: logs.ILogGroup | None
    plan: ConsumerPlan
    dimensions: Mapping[str, str]

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        spec: LambdaConsumerSpec,
        source: KinesisStream | kinesis.IStream | KafkaTopic | SqsQueue,
        function: lambda_.IFunction | None = None,
        failures: sqs.IQueue | sns.ITopic | s3.IBucket | NotificationTopic | KafkaTopic | None = None,
        to: Mapping[str, Writable | dynamodb.ITable] | None = None,
        vpc: ec2.IVpc | None = None,
        vpc_subnets: ec2.SubnetSelection | None = None,
        security_groups: Sequence[ec2.ISecurityGroup] | None = None,
        removal_policy: RemovalPolicy = "retain",
        directory: Path | None = None,
        plan: ConsumerPlan | None = None,
    ) -> None:
        """Creates the consumer.

        Args:
            scope: Where it stands in the tree.
            construct_id: Its id there; alarms and dashboards call it by this name.
            spec: What is asked for. Its `from_` is the name under which alarms know the source.
            source: The stream, the topic of Kafka, or the queue. A plain `IStream` tells neither its shards nor its retention;
                thresholds then follow from `on_failure` alone.
            function: An existing function. Its role gets the permissions; it is not changed itself, so the variables that name
                what it writes to are yours to set. Left out: as the spec says.
            failures: An existing queue, topic or bucket for given-up batches, or a topic of Kafka in the cluster of the source,
                of the kind that `destination` in the spec names. Left out: as the spec says.
            to: What the spec's `to` names: streams, deliveries, topics or tables, by those names; a table may be one of
                the app. Left out: none.
            vpc: A VPC to place a created function in. Left out: none, as reading needs none; one that writes to topics of Kafka
                stands beside the brokers, with a security group that they let in.
            vpc_subnets: Which of its subnets. Left out: the private ones.
            security_groups: Security groups in the VPC. Left out: a new one that lets everything out.
            removal_policy: retain keeps logs and given-up batches when they leave the stack, destroy destroys them.
            directory: The folder that the spec's `code` is relative to. Left out: the working directory.
            plan: Its numbers, where a system has planned it. Left out: they follow from the spec and the source.

        Raises:
            SpecError: If the spec asks to create what was brought, or cannot be built.
        """
        super().__init__(scope, construct_id)
        known = isinstance(source, KinesisStream) or is_kafka_topic(source) or is_queue_node(source)
        self.plan = plan or plan_consumer(
            construct_id, spec, cast("KinesisStream | KafkaTopic | SqsQueue", source).plan if known else None
        )
        with_secret = spec.secret_arn is not None
        brought = None if failures is None else adopted_destination(failures, with_secret=with_secret)
        written = {name: table_or_node(target) for name, target in (to or {}).items()}
        endpoints = {name: target.endpoint for name, target in written.items()}
        check_consumer(
            self.plan,
            directory or Path(),
            source=source,
            function_given=function is not None,
            in_vpc=vpc is not None,
            failures=brought,
            written=set(endpoints),
        )
        (reader,) = spec.readers(construct_id)
        if isinstance(source, KinesisStream) and reader not in source.plan.readers:
            Annotations.of(self).add_warning_v2(
                "streaming-constructs:unplanned-reader",
                f"The stream {source.node.id} was planned without this reader, so its shards and alarms do not count it. "
                f'Give the stream `readers=[Reader("{construct_id}", "{reader.read}")]`.',
            )
        stream: kinesis.IStream | None = None
        if not is_kafka_topic(source) and not is_queue_node(source):
            stream = source.stream if isinstance(source, KinesisStream) else source

        self.log_group, beside = None, None
        if function is None and spec.code is not None and vpc is None and any(map(is_kafka_topic, written.values())):
            from streaming_constructs.cdk.consumers.lambda_on_kafka import beside_brokers

            beside = beside_brokers(self, spec, written)
        in_vpc = vpc is not None or beside is not None
        if function is not None:
            self.function = function
        elif spec.function_arn is not None:
            self.function = lambda_.Function.from_function_arn(self, "Function", spec.function_arn)
        else:
            self.function, self.log_group = create_function(
                self,
                spec,
                description=f"Reads the {'stream' if stream else 'queue' if is_queue_node(source) else 'topic'} {spec.from_}",
                failures="It is invoked by an event source mapping, whose failures go to the "
                + ("queue's own dead letters" if is_queue_node(source) else "mapping's own destination")
                + "; a dead-letter queue of the function is for asynchronous invocations",
                variables=variables(spec.edges(), endpoints),
                code=(directory or Path()) / (spec.code or ""),
                removal_policy=removal_policy,
                vpc=vpc,
                vpc_subnets=vpc_subnets,
                security_groups=security_groups,
                placed=Network(tuple(beside.subnet_ids), tuple(beside.security_group_ids))
                if beside is not None
                else None,
            )
        destination = None
        if is_queue_node(source):
            self.failures = source.dead_letter_queue
        else:
            destination = brought or failure_destination(
                self,
                spec.failure_policy.destination,
                stream_key=None if is_kafka_topic(source) else source.encryption_key,
                removal_policy=removal_policy,
            )
            self.failures = destination.resource

        self.fan_out_consumer = None
        if spec.enhanced_fan_out and stream is not None:
            # A consumer has no name but the one it is given; this one is stable, and unique in the account and region.
            name = Names.unique_resource_name(self, max_length=128, allowed_special_characters="_.-")
            self.fan_out_consumer = kinesis.CfnStreamConsumer(
                self, "FanOutConsumer", consumer_name=name, stream_arn=stream.stream_arn
            )
            without_tags(self.fan_out_consumer)
        if is_kafka_topic(source):
            own = source.read_endpoint(group=spec.consumer_group, with_secret=with_secret)
        else:
            own = source.endpoint if is_queue_node(source) else source_endpoint(source)
        self.permissions = self._permit(spec, {**endpoints, spec.from_: own}, destination, in_vpc=in_vpc)
        self.mapping = self._map(spec, source, destination)
        self._await(source)
        if any(is_kafka_topic(one) for one in (source, *written.values())):
            from streaming_constructs.cdk.consumers.lambda_on_kafka import reach_from_cluster

            reach_from_cluster(self, source, written, vpc, beside)
        self.dimensions = {
            **self._source_dimensions(spec, source),
            "FunctionName": self.function.function_name,
            "EventSourceMappingUUID": self.mapping.ref,
            **({"ConsumerName": self.fan_out_consumer.consumer_name} if self.fan_out_consumer else {}),
            **(destination.dimensions if destination is not None else {}),
        }

    def _permit(
        self,
        spec: LambdaConsumerSpec,
        endpoints: Mapping[str, Endpoint],
        destination: FailureDestination | None,
        *,
        in_vpc: bool,
    ) -> iam.ManagedPolicy | None:
        needed: list[Permissions] = [
            edge_permissions(spec.edges(), "lambda", endpoints),
            destination.permissions if destination is not None else {},
            own_permissions(spec, self.log_group, in_vpc=in_vpc),
        ]
        if spec.secret_arn is not None:
            from streaming_constructs.cdk.consumers.lambda_on_kafka import secret_permissions

            needed.append(secret_permissions(spec))
        if self.fan_out_consumer is not None:
            needed.append({self.fan_out_consumer.attr_consumer_arn: permissions.LAMBDA_READS_FAN_OUT_CONSUMER})
        role = self.function.role
        if role is None:
            actions = sorted({action for part in needed for actions in part.values() for action in actions})
            Annotations.of(self).add_warning_v2(
                "streaming-constructs:role-unknown",
                f"The role of the existing function is unknown; it needs {', '.join(actions)} on "
                f"{'the queue' if destination is None else 'the stream and on the destination of given-up batches'}. Bring "
                "the function with its role (`function=`) to have that arranged.",
            )
            return None
        policy = managed_policy(
            self,
            "Lets an event source mapping read its stream and deliver what the function fails on"
            if destination is not None
            else "Lets an event source mapping read its queue",
            [role],
            joined(*needed),
        )
        if destination is not None:
            acknowledge_failures(policy, destination)
        acknowledge_own_wildcards(policy, spec, in_vpc=in_vpc)
        if spec.to and any(endpoint.kind == "kafka" for endpoint in endpoints.values()):
            from streaming_constructs.cdk.consumers.lambda_on_kafka import acknowledge_schema_wildcards

            acknowledge_schema_wildcards(policy, [endpoints[name] for name in spec.to])
        return policy

    def _map(
        self, spec: LambdaConsumerSpec, source: Source, destination: FailureDestination | None
    ) -> lambda_.CfnEventSourceMapping:
        given: dict[str, Any] = {
            # An ARN keeps the version or alias that an adopted function was named with.
            "function_name": self.function.function_name if self.log_group is not None else self.function.function_arn,
            "filter_criteria": _filter_criteria(spec, self.plan.kind),
            "kms_key_arn": spec.filter_kms_key_arn,
        }
        if is_queue_node(source):
            from streaming_constructs.cdk.consumers.lambda_on_queue import queue_properties

            return lambda_.CfnEventSourceMapping(self, "Mapping", **given, **queue_properties(self.plan, source))
        assert destination is not None  # what is no queue has one
        position, timestamp = _starting_position(spec)
        given |= {
            "starting_position": position,
            "starting_position_timestamp": timestamp,
            "batch_size": spec.batch_size,
            "destination_config": lambda_.CfnEventSourceMapping.DestinationConfigProperty(
                on_failure=lambda_.CfnEventSourceMapping.OnFailureProperty(destination=destination.arn)
            ),
        }
        if self.plan.gives_up:
            policy = spec.failure_policy
            given |= {
                "bisect_batch_on_function_error": policy.bisect,
                "maximum_retry_attempts": policy.retries,
                "maximum_record_age_in_seconds": policy.max_record_age_seconds,
                "function_response_types": ["ReportBatchItemFailures"] if spec.partial_batch_responses else None,
            }
        if is_kafka_topic(source):
            from streaming_constructs.cdk.consumers.lambda_on_kafka import kafka_properties

            given |= kafka_properties(self.plan, source)
        else:
            stream = source.stream if isinstance(source, KinesisStream) else source
            fan_out = self.fan_out_consumer
            given |= {
                "event_source_arn": fan_out.attr_consumer_arn if fan_out else stream.stream_arn,
                "maximum_batching_window_in_seconds": spec.batch_window_seconds,
                "parallelization_factor": spec.parallelization_factor,
                "tumbling_window_in_seconds": spec.tumbling_window_seconds,
                # Without these counts nothing tells that records were dropped.
                "metrics_config": lambda_.CfnEventSourceMapping.MetricsConfigProperty(metrics=["EventCount"]),
            }
        return lambda_.CfnEventSourceMapping(self, "Mapping", **given)

    def _await(self, source: Source) -> None:
        """Lets the mapping wait for what Lambda checks when it is created."""
        if self.permissions is not None:
            # The policy of the role has to be attached by then; a function in a VPC is checked as early.
            created = self.log_group is not None
            (self.function if created else self.mapping).node.add_dependency(self.permissions)
        if is_kafka_topic(source):
            from streaming_constructs.cdk.consumers.lambda_on_kafka import acknowledge_kafka_wildcards, wait_for_topic

            wait_for_topic(self.mapping, source)
            if is_kafka_topic(self.failures):
                wait_for_topic(self.mapping, self.failures)
            if self.permissions is not None:
                acknowledge_kafka_wildcards(self.permissions, self.plan.spec, source)

    def _source_dimensions(self, spec: LambdaConsumerSpec, source: Source) -> Mapping[str, str]:
        if is_queue_node(source):
            return source.dimensions
        if is_kafka_topic(source):
            # A group of its own has the id of the mapping.
            return {**source.dimensions, metrics.GROUP: spec.consumer_group or self.mapping.ref}
        return {"StreamName": (source.stream if isinstance(source, KinesisStream) else source).stream_name}

    def outputs(self) -> Iterator[Output]:
        """The name of the function, and where batches go that were given up."""
        yield Output("FunctionName", self.function.function_name, f"The Lambda function {self.node.id}")
        if self.plan.kind == "sqs":
            return  # where given-up messages are, the queue says
        if is_queue(self.failures):
            yield Output("FailureQueueUrl", self.failures.queue_url, f"The SQS queue of what {self.node.id} gave up")
        elif is_bucket(self.failures):
            yield Output("FailureBucketName", self.failures.bucket_name, f"The bucket of what {self.node.id} gave up")
        elif is_topic(self.failures):
            yield Output("FailureTopicArn", self.failures.topic_arn, f"The SNS topic of what {self.node.id} gave up")
        elif is_kafka_topic(self.failures):
            yield Output(
                "FailureTopicName", self.failures.topic_name, f"The Kafka topic of what {self.node.id} gave up"
            )

    def metric(self, metric: Metric) -> cloudwatch.Metric:
        """One of the consumer's metrics, from `streaming_constructs.facts.metrics`, with its dimensions.

        Args:
            metric: Which one.
        """
        return cloudwatch_metric(metric, self.dimensions)

    def metric_iterator_age(self) -> cloudwatch.Metric:
        """How old records are when the function gets them, in milliseconds."""
        return self.metric(FUNCTION_ITERATOR_AGE)


def build_node(scope: Construct, plan: ConsumerPlan, context: Context) -> LambdaConsumer:
    """The consumer of a system.

    Args:
        scope: The construct of the system.
        plan: The consumer with its numbers.
        context: The system around it.
    """
    spec, brought, edges = plan.spec, context.brought, list(plan.spec.edges())
    (source,) = context.reached(edges, "from").values()
    topic = next(iter(context.reached(edges, "uses").values()), None)
    in_vpc = spec.code is not None and spec.vpc is None
    return LambdaConsumer(
        scope,
        plan.name,
        spec=spec,
        plan=plan,
        source=source,
        function=brought.functions.get(plan.name),
        failures=brought.queues.get(plan.name) or brought.buckets.get(plan.name) or topic,
        to=context.reached(edges, "to"),
        # What the spec places somewhere stands there.
        vpc=context.vpc if in_vpc else None,
        vpc_subnets=context.vpc_subnets if in_vpc else None,
        security_groups=context.security_groups if in_vpc else None,
        removal_policy=context.spec.removal_policy,
        directory=context.spec.directory,
    )


def _starting_position(spec: LambdaConsumerSpec) -> tuple[str, float | None]:
    if isinstance(spec.starting_position, AtTimestamp):
        return "AT_TIMESTAMP", spec.starting_position.at_timestamp.timestamp()
    return spec.starting_position.upper(), None


def _filter_criteria(
    spec: LambdaConsumerSpec, kind: str
) -> lambda_.CfnEventSourceMapping.FilterCriteriaProperty | None:
    if not spec.patterns_of(kind):
        return None
    patterns = [json.dumps(pattern, ensure_ascii=False, separators=(",", ":")) for pattern in spec.patterns_of(kind)]
    return lambda_.CfnEventSourceMapping.FilterCriteriaProperty(
        filters=[lambda_.CfnEventSourceMapping.FilterProperty(pattern=pattern) for pattern in patterns]
    )

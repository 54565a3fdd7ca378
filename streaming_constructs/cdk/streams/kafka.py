"""A topic of Kafka."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_msk as msk
from constructs import Construct

from streaming_constructs.cdk.clusters.cluster_arn import ClusterArn
from streaming_constructs.cdk.clusters.msk import KafkaCluster
from streaming_constructs.cdk.clusters.msk_serverless import ServerlessKafkaCluster
from streaming_constructs.cdk.edges import Endpoint
from streaming_constructs.cdk.metric import cloudwatch_metric
from streaming_constructs.cdk.node import Context, Output
from streaming_constructs.cdk.removal_policy import cdk_removal_policy
from streaming_constructs.facts import metrics
from streaming_constructs.facts.metrics import Metric
from streaming_constructs.planning.streams.kafka import TopicPlan, plan_topic
from streaming_constructs.planning.streams.kafka_findings import topic_findings
from streaming_constructs.spec.finding import Finding, SpecError
from streaming_constructs.spec.removal_policy import RemovalPolicy
from streaming_constructs.spec.streams.kafka import Encoding, KafkaTopicSpec
from streaming_constructs.spec.target_variables import BOOTSTRAP_SERVERS, TOPIC_NAME

if TYPE_CHECKING:
    from streaming_constructs.cdk.schema_registry import SchemaRegistry


class KafkaTopic(Construct):
    """A topic of Kafka, created from its spec or adopted.

    On a cluster of brokers it creates an `AWS::MSK::Topic` (**stateful**: retained unless told otherwise, as deleting the
    resource deletes the records). On a serverless cluster it creates nothing: there, topics are no resources, and a client
    creates them. An adopted topic (`arn` in the spec) is never changed.

    Its name in Kafka is the `topic` of its spec; where that is left out, the construct's id, in its own upper and lower case.

    Whoever deploys needs Kafka's own actions on the cluster, such as `kafka-cluster:CreateTopic`: the topic is created on his
    behalf. Source: https://docs.aws.amazon.com/msk/latest/developerguide/msk-topic-operations-information.html

    Example:
        ```python
        orders = KafkaTopic(
            stack, "Orders", spec=KafkaTopicSpec(cluster="main", topic="orders", partitions=6), cluster=main
        )
        orders.grant_produce(producer)
        ```

    Attributes:
        topic: The resource, where there is one.
        topic_name: Its name in Kafka.
        arn: Its ARN.
        cluster: The cluster that it is in.
        registry: The schema registry that its values are encoded with; None: they are plain.
        plan: Its numbers: partitions, replicas, and the working behind them.
        dimensions: The dimensions that its metrics are published under.
    """

    topic: msk.CfnTopic | None
    topic_name: str
    arn: str
    cluster: KafkaCluster | ServerlessKafkaCluster
    registry: SchemaRegistry | None
    plan: TopicPlan
    dimensions: Mapping[str, str]

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        spec: KafkaTopicSpec,
        cluster: KafkaCluster | ServerlessKafkaCluster,
        plan: TopicPlan | None = None,
        removal_policy: RemovalPolicy = "retain",
        bootstrap_servers: str | None = None,
        registry: SchemaRegistry | None = None,
    ) -> None:
        """Creates or adopts the topic.

        Args:
            scope: Where it stands in the tree.
            construct_id: Its id there; alarms and dashboards call it by this name.
            spec: What is asked for.
            cluster: The cluster that it is in.
            plan: Its numbers, where a system has planned it. Left out: they follow from the spec.
            removal_policy: retain keeps the topic when it leaves the stack, destroy deletes it with its records.
            bootstrap_servers: The brokers of the cluster, for the environment of functions that write to it. Left out: they
                are not told.
            registry: The schema registry that its values are encoded with. Left out: they are plain.

        Raises:
            SpecError: If the spec cannot be built.
        """
        super().__init__(scope, construct_id)
        encoding: Encoding = "plain" if registry is None else "registry"
        self.plan = plan or plan_topic(construct_id, spec, cluster.spec, encoding=spec.encoding or encoding)
        findings = [finding for finding in topic_findings(self.plan) if finding.level == "error"]
        findings += () if plan is not None else spec.system_findings()
        if self.plan.encoding != encoding:
            findings.append(_unfit_registry(self.plan.encoding))
        if findings:
            raise SpecError([finding.below(construct_id) for finding in findings])
        self.cluster, self.topic_name, self._bootstrap_servers = cluster, self.plan.topic, bootstrap_servers
        self.registry = registry
        self.arn = spec.arn or ClusterArn(cluster.arn).topic(self.topic_name)
        self.topic = None
        if spec.arn is None and not cluster.spec.is_serverless:
            self.topic = self._create(spec, removal_policy)
        self.dimensions = {**cluster.dimensions, metrics.TOPIC: self.topic_name}

    def _create(self, spec: KafkaTopicSpec, removal_policy: RemovalPolicy) -> msk.CfnTopic:
        lines = "".join(f"{key}={value}\n" for key, value in self.plan.configs.items())
        assert self.plan.partitions is not None
        topic = msk.CfnTopic(
            self,
            "Topic",
            cluster_arn=self.cluster.arn,
            topic_name=self.topic_name,
            partition_count=self.plan.partitions,
            replication_factor=self.plan.replicas,
            configs=base64.b64encode(lines.encode()).decode(),
        )
        topic.apply_removal_policy(cdk_removal_policy(spec.removal_policy or removal_policy))
        if isinstance(self.cluster, KafkaCluster):
            self.cluster.create_before_connectivity(topic)
        return topic

    @property
    def endpoint(self) -> Endpoint:
        """How it is found, and what writing to it takes: its records lie under no key that writers see."""
        more = {} if self._bootstrap_servers is None else {BOOTSTRAP_SERVERS: self._bootstrap_servers}
        places = {"cluster": self.cluster.arn, "topic": self.arn, **self._schemas()}
        return Endpoint("kafka", self.arn, None, TOPIC_NAME, self.topic_name, places, more)

    def read_endpoint(self, *, group: str | None, with_secret: bool) -> Endpoint:
        """How a mapping finds it, and what reading it takes.

        Args:
            group: The id of the group; None: one that is not known before the deployment.
            with_secret: Whether the mapping authenticates with a secret, and not with IAM.
        """
        places = {
            "cluster": self.cluster.arn,
            "topic": self.arn,
            "group": ClusterArn(self.cluster.arn).group(group or "*"),
            "network": "*",
            **self._schemas(),
        }
        return Endpoint("kafka_with_secret" if with_secret else "kafka", self.arn, places=places)

    def _schemas(self) -> dict[str, str]:
        """Where the schemas of its values are; a version is asked for by its id alone, whichever registry it is in."""
        if self.registry is None:
            return {}
        return {"registry": self.registry.arn, "schemas": self.registry.schema_arn("*"), "schema_versions": "*"}

    def outputs(self) -> Iterator[Output]:
        """The name of the topic."""
        yield Output("TopicName", self.topic_name, f"The Kafka topic {self.node.id}")

    def grant_produce(self, grantee: iam.IGrantable) -> iam.Grant:
        """Lets something write records to it.

        Args:
            grantee: Who may; it connects with IAM.
        """
        return self.cluster.grant_produce(grantee, self.topic_name)

    def grant_consume(self, grantee: iam.IGrantable, group: str = "*") -> iam.Grant:
        """Lets something read it as a member of a group.

        Args:
            grantee: Who may; it connects with IAM.
            group: The id of the group. Left out: any.
        """
        return self.cluster.grant_consume(grantee, self.topic_name, group)

    def metric(self, metric: Metric) -> cloudwatch.Metric:
        """One of the topic's metrics, from `streaming_constructs.facts.metrics`, with its dimensions.

        Args:
            metric: Which one.
        """
        return cloudwatch_metric(metric, self.dimensions)


def build_node(scope: Construct, plan: TopicPlan, context: Context) -> KafkaTopic:
    """The topic of a system.

    Args:
        scope: The construct of the system.
        plan: The topic with its numbers.
        context: The system around it.
    """
    (cluster,) = context.reached(plan.spec.edges(), "uses").values()
    return KafkaTopic(
        scope,
        plan.name,
        spec=plan.spec,
        cluster=cluster,
        plan=plan,
        removal_policy=context.spec.removal_policy,
        bootstrap_servers=cluster.bootstrap_brokers() if _has_writer(plan.name, context) else None,
        registry=context.registry() if plan.encoding == "registry" else None,
    )


def _unfit_registry(encoding: str) -> Finding:
    """What is wrong where a registry was brought for plain values, or none for encoded ones."""
    if encoding == "registry":
        return Finding(
            "MSK440",
            "no schema registry was brought",
            ("encoding",),
            note="its values are to be encoded with one",
            help="give `registry=`, or take out `encoding`",
        )
    return Finding(
        "LNG404",
        "the schema registry was brought, and values are plain",
        ("encoding",),
        note="`registry=` was given",
        help="take out `encoding`, or do not bring it",
    )


def _has_writer(topic: str, context: Context) -> bool:
    """Whether a function of the system writes to a topic; it connects with IAM."""
    edges = (edge for consumer in context.spec.consumers.values() for edge in consumer.edges())
    return any(edge.role == "to" and edge.target == topic for edge in edges)

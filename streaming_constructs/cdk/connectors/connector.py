"""A connector on MSK Connect."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kafkaconnect as kafkaconnect
from aws_cdk import aws_logs as logs
from constructs import Construct, IDependable

from streaming_constructs.cdk.clusters.client_network import ClientNetwork
from streaming_constructs.cdk.clusters.msk import KafkaCluster
from streaming_constructs.cdk.clusters.msk_serverless import ServerlessKafkaCluster
from streaming_constructs.cdk.connectors.connector_role import ConnectorRole
from streaming_constructs.cdk.connectors.custom_plugin import ConnectorPlugin
from streaming_constructs.cdk.log_group import create_log_group
from streaming_constructs.cdk.metric import cloudwatch_metric
from streaming_constructs.cdk.name_with_hash import HASH_CHARACTERS, short_hash
from streaming_constructs.cdk.node import Context, Output
from streaming_constructs.cdk.s3_bucket import create_bucket
from streaming_constructs.cdk.streams.kafka import KafkaTopic
from streaming_constructs.facts import kafka_connect, metrics
from streaming_constructs.facts.metrics import Metric
from streaming_constructs.planning.clusters.vpc_endpoints import connector_services
from streaming_constructs.planning.connectors.connector import ConnectorPlan, plan_connector
from streaming_constructs.spec.connectors.connector_on_cluster import placement_findings
from streaming_constructs.spec.connectors.plugin import plugin_findings
from streaming_constructs.spec.connectors.sink import SinkConnectorSpec
from streaming_constructs.spec.connectors.source import SourceConnectorSpec
from streaming_constructs.spec.finding import SpecError
from streaming_constructs.spec.removal_policy import RemovalPolicy

if TYPE_CHECKING:
    from aws_cdk import aws_s3 as s3

    from streaming_constructs.cdk.schema_registry import SchemaRegistry

_BASE_CHARACTERS = int(kafka_connect.NAME_CHARACTERS.value) - HASH_CHARACTERS - 1


class KafkaConnector(Construct):
    """A connector on MSK Connect, with its plugin, the configuration of its workers, and its role.

    Creates an `AWS::KafkaConnect::Connector`, an `AWS::KafkaConnect::WorkerConfiguration`, an `AWS::KafkaConnect::CustomPlugin`
    unless one exists, a role with exactly what its configuration and its edges need, a log group, and a security group that the
    cluster lets in, unless the spec names groups.

    An S3 sink that names no bucket has one created, **stateful**: retained unless told otherwise. Nothing else in it is: what a
    connector has read and written is in topics, and where it is, too, in one that is kept.

    Most of a connector is create-only, and a name is taken once: so the names of sinks, plugins and worker configurations end
    in a hash of what cannot change in place. A sink that is replaced goes on where it was, as its group stays the same. A
    source keeps its positions under its name, which therefore stays: MSK Connect refuses its replacement, and nothing is lost.
    Deploy once without the source, and then with what it shall be: it goes on where it was. Capacity and configuration change
    in place.

    Example:
        ```python
        KafkaConnector(
            stack,
            "Postgres",
            spec=SourceConnectorSpec(cluster="main", to="orders", plugin="plugins/debezium.zip", config=config),
            cluster=main,
            topics={"orders": orders},
        )
        ```

    Attributes:
        connector: The connector.
        connector_name: Its name; that of a sink ends in a hash of what is create-only.
        role: The role that its workers have.
        network: Where its workers stand.
        plugin: Its code.
        worker_configuration: What its workers are told.
        log_group: The logs of its workers.
        bucket: The bucket that was created for an S3 sink; None of any other connector.
        offset_topic: The topic in which a source keeps where it is; empty of a sink.
        consumer_group: The group that a sink is a member of; empty of a source.
        plan: Its numbers.
        dimensions: The dimensions that its metrics are published under.
    """

    connector: kafkaconnect.CfnConnector
    connector_name: str
    role: iam.Role
    network: ClientNetwork
    plugin: ConnectorPlugin
    worker_configuration: kafkaconnect.CfnWorkerConfiguration
    log_group: logs.LogGroup
    bucket: s3.Bucket | None
    offset_topic: str
    consumer_group: str
    plan: ConnectorPlan
    dimensions: Mapping[str, str]

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        spec: SourceConnectorSpec | SinkConnectorSpec,
        cluster: KafkaCluster | ServerlessKafkaCluster,
        topics: Mapping[str, KafkaTopic],
        registry: SchemaRegistry | None = None,
        plan: ConnectorPlan | None = None,
        directory: Path | None = None,
        removal_policy: RemovalPolicy = "retain",
    ) -> None:
        """Creates the connector.

        Args:
            scope: Where it stands in the tree.
            construct_id: Its id there; alarms and dashboards call it by this name.
            spec: What is asked for.
            cluster: The cluster that it is on.
            topics: The topics that it reads or writes, by the names in the spec.
            registry: The schema registry, where values are written with it. Left out: there is none.
            plan: Its numbers, where a system has planned it. Left out: they follow from the spec.
            directory: The folder that the path of a plugin is relative to. Left out: the working directory.
            removal_policy: Whether its logs, and a bucket that is created, are kept when it leaves the stack.

        Raises:
            SpecError: If the spec cannot be built.
        """
        super().__init__(scope, construct_id)
        names = {name: topic.topic_name for name, topic in topics.items()}
        reads = [topic.plan for topic in topics.values()] if isinstance(spec, SinkConnectorSpec) else []
        self.plan = plan or plan_connector(
            construct_id, spec, cluster.spec, names, reads, registry.spec if registry is not None else None
        )
        folder = (directory or Path()).absolute()
        findings = [finding.below("plugin") for finding in plugin_findings(spec.plugin, folder)]
        if cluster.network is None:
            findings += placement_findings(spec, cluster.spec)
        if findings:
            raise SpecError([finding.below(construct_id) for finding in findings])
        own = cdk.Names.unique_resource_name(self, max_length=_BASE_CHARACTERS, separator="-")
        self.consumer_group = f"connect-{own}" if isinstance(spec, SinkConnectorSpec) else ""
        self.offset_topic = ""
        if isinstance(spec, SourceConnectorSpec):
            of_connector = spec.connector_name or own
            self.offset_topic = spec.offset_topic or f"{kafka_connect.INTERNAL_TOPICS}offsets_{of_connector}"
        self.network = ClientNetwork(
            self, "Network", cluster=cluster, who=f"the workers of {construct_id}", vpc=spec.vpc
        )
        self.plugin = ConnectorPlugin(self, "Plugin", plugin=spec.plugin, directory=folder, base=own)
        self.log_group = create_log_group(
            self,
            "Logs",
            retention_days=spec.log_retention_days,
            removal_policy=removal_policy,
            reason="it says what workers did, not what was in records",
        )
        self.bucket = None
        if spec.creates_bucket:
            self.bucket = create_bucket(self, "Bucket", key=None, removal_policy=removal_policy)
        role = ConnectorRole(
            self,
            "Access",
            plan=self.plan,
            cluster=cluster,
            topics=topics,
            group=self.consumer_group,
            registry=registry,
            bucket=self.bucket,
        )
        self.role = role.role
        self.worker_configuration = self._workers(own, registry)
        self.connector_name, self.connector = self._create(own, cluster)
        # Without these a connector fails while it is created, and is not tried again.
        reached = self._reach(cluster)
        self.connector.node.add_dependency(role.policy, *self.network.rules, *reached)
        self.dimensions = {**self._group(cluster), "ConnectorName": self.connector_name}

    def outputs(self) -> Iterator[Output]:
        """The ARN of the connector, and the security group that what it reaches, such as a database, has to let in."""
        yield Output("ConnectorArn", self.connector.attr_connector_arn, f"The connector {self.node.id}")
        if self.bucket is not None:
            yield Output("BucketName", self.bucket.bucket_name, f"The S3 bucket that {self.node.id} writes to")
        if self.network.security_group is not None:
            group_id = self.network.security_group.security_group_id
            yield Output("SecurityGroupId", group_id, f"The workers of {self.node.id}: let them into what they reach")

    def metric(self, metric: Metric) -> cloudwatch.Metric:
        """One of the connector's metrics, from `streaming_constructs.facts.metrics`, with its dimensions.

        Args:
            metric: Which one.
        """
        return cloudwatch_metric(metric, self.dimensions)

    def _reach(self, cluster: KafkaCluster | ServerlessKafkaCluster) -> Sequence[IDependable]:
        """What the workers need to reach services from the VPC of the cluster; where the spec places them, others see to it."""
        if cluster.network is None or self.plan.spec.vpc is not None:
            return ()
        return cluster.network.reach(
            self,
            connector_services(self.plan.spec, uses_registry=self.plan.uses_registry),
            who=f"the workers of {self.node.id}",
            security_group_ids=self.network.security_group_ids,
        )

    def _group(self, cluster: KafkaCluster | ServerlessKafkaCluster) -> Mapping[str, str]:
        """The dimensions that MSK publishes the lag of a sink's group under, beside that of the topic."""
        if not self.consumer_group:
            return {}
        # Versions that let nobody name the group call it after the connector.
        named = self.plan.spec.kafka_connect_version == kafka_connect.VERSION_WITH_OVERRIDES
        return {**cluster.dimensions, metrics.GROUP: self.consumer_group if named else f"connect-{self.connector_name}"}

    def _workers(self, own: str, registry: SchemaRegistry | None) -> kafkaconnect.CfnWorkerConfiguration:
        properties = self.plan.worker_properties(
            region=cdk.Aws.REGION,
            registry=registry.registry_name if registry is not None else "",
            offset_topic=self.offset_topic,
        )
        text = "".join(f"{key}={value}\n" for key, value in properties.items())
        content = cdk.Fn.base64(text) if cdk.Token.is_unresolved(text) else base64.b64encode(text.encode()).decode()
        return kafkaconnect.CfnWorkerConfiguration(
            self,
            "Workers",
            name=f"{own}-{short_hash(cdk.Stack.of(self).resolve(properties))}",
            description=f"What the workers of {self.node.id} are told",
            properties_file_content=content,
        )

    def _create(
        self, own: str, cluster: KafkaCluster | ServerlessKafkaCluster
    ) -> tuple[str, kafkaconnect.CfnConnector]:
        spec, brokers = self.plan.spec, cluster.bootstrap_brokers()
        of = kafkaconnect.CfnConnector
        create_only: dict[str, Any] = {
            "kafka_cluster": of.KafkaClusterProperty(
                apache_kafka_cluster=of.ApacheKafkaClusterProperty(
                    bootstrap_servers=brokers,
                    vpc=of.VpcProperty(
                        subnets=self.network.subnet_ids, security_groups=self.network.security_group_ids
                    ),
                )
            ),
            "kafka_cluster_client_authentication": of.KafkaClusterClientAuthenticationProperty(
                authentication_type="IAM"
            ),
            "kafka_cluster_encryption_in_transit": of.KafkaClusterEncryptionInTransitProperty(encryption_type="TLS"),
            "kafka_connect_version": spec.kafka_connect_version,
            "log_delivery": of.LogDeliveryProperty(
                worker_log_delivery=of.WorkerLogDeliveryProperty(
                    cloud_watch_logs=of.CloudWatchLogsLogDeliveryProperty(
                        enabled=True, log_group=self.log_group.log_group_name
                    )
                )
            ),
            "plugins": [
                of.PluginProperty(
                    custom_plugin=of.CustomPluginProperty(
                        custom_plugin_arn=self.plugin.arn, revision=self.plugin.revision
                    )
                )
            ],
            "service_execution_role_arn": self.role.role_arn,
            "worker_configuration": of.WorkerConfigurationProperty(
                worker_configuration_arn=self.worker_configuration.attr_worker_configuration_arn,
                revision=cdk.Token.as_number(self.worker_configuration.get_att("Revision")),
            ),
        }
        stack = cdk.Stack.of(self)
        fixed = {key: stack.resolve(value) for key, value in create_only.items()}
        if isinstance(spec, SourceConnectorSpec):
            # Its positions stand under its name: with another one it would begin anew.
            name = spec.connector_name or own
        else:
            # A plugin or worker configuration that is another has another name, while what refers to it reads the same.
            name = f"{own}-{short_hash(fixed, self.plugin.name, self.worker_configuration.name)}"
        connector = of(
            self,
            "Connector",
            connector_name=name,
            connector_configuration=self.plan.configuration(
                brokers=brokers,
                group=self.consumer_group,
                bucket=self.bucket.bucket_name if self.bucket is not None else "",
                region=cdk.Aws.REGION,
            ),
            capacity=self._capacity(),
            **create_only,
        )
        return name, connector

    def _capacity(self) -> kafkaconnect.CfnConnector.CapacityProperty:
        asked, of = self.plan.spec.capacity, kafkaconnect.CfnConnector
        if not asked.scales:
            provisioned = of.ProvisionedCapacityProperty(mcu_count=asked.mcu, worker_count=asked.least)
            return of.CapacityProperty(provisioned_capacity=provisioned)
        return of.CapacityProperty(
            auto_scaling=of.AutoScalingProperty(
                mcu_count=asked.mcu,
                min_worker_count=asked.least,
                max_worker_count=asked.most,
                max_autoscaling_task_count=asked.max_tasks,
                scale_in_policy=of.ScaleInPolicyProperty(cpu_utilization_percentage=asked.scale_in_cpu_percent),
                scale_out_policy=of.ScaleOutPolicyProperty(cpu_utilization_percentage=asked.scale_out_cpu_percent),
            )
        )


def build_node(scope: Construct, plan: ConnectorPlan, context: Context) -> KafkaConnector:
    """The connector of a system.

    Args:
        scope: The construct of the system.
        plan: The connector with its numbers.
        context: The system around it.
    """
    spec = plan.spec
    assert isinstance(spec, SourceConnectorSpec | SinkConnectorSpec)
    (cluster,) = context.reached(spec.edges(), "uses").values()
    topics = {**context.reached(spec.edges(), "from"), **context.reached(spec.edges(), "to")}
    return KafkaConnector(
        scope,
        plan.name,
        spec=spec,
        cluster=cluster,
        topics=topics,
        registry=context.registry(),
        plan=plan,
        directory=context.spec.directory,
        removal_policy=context.spec.removal_policy,
    )

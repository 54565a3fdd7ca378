"""A connector on MSK Connect, with its plugin, its workers and its role."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from alarms import MINUTE, Alarms
from aws_cdk import Aws, Fn, RemovalPolicy, Token
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kafkaconnect as kafkaconnect
from aws_cdk import aws_logs as logs
from broker_cluster import BrokerCluster
from change_topics import ChangeTopic
from constructs import Construct
from widgets import graph, heading

CPU_LIMIT = 80
LAG_LIMIT = 3600


class Connector(Construct):
    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        cluster: BrokerCluster,
        topics: Sequence[ChangeTopic],
        plugin: str,
        configuration: Mapping[str, str],
        workers: Mapping[str, str],
        tasks: int,
        throughput: tuple[str, str],
        statements: Sequence[iam.PolicyStatement],
        group: str = "",
    ) -> None:
        super().__init__(scope, construct_id)
        self.cluster, self.topics, self.name = cluster, topics, name
        self.tasks, self.throughput, self.group = tasks, throughput, group
        security_group = ec2.SecurityGroup(
            self, "Group", vpc=cluster.vpc, description=f"The workers of {construct_id}", allow_all_outbound=True
        )
        let_in = cluster.let_in(self, "LetIn", security_group)
        code = kafkaconnect.CfnCustomPlugin(
            self,
            "Plugin",
            name=f"{name}-plugin",
            content_type="ZIP",
            location=kafkaconnect.CfnCustomPlugin.CustomPluginLocationProperty(
                s3_location=kafkaconnect.CfnCustomPlugin.S3LocationProperty(
                    bucket_arn=f"arn:{Aws.PARTITION}:s3:::my-plugins", file_key=plugin
                )
            ),
        )
        log_group = logs.LogGroup(
            self, "Logs", retention=logs.RetentionDays.ONE_MONTH, removal_policy=RemovalPolicy.RETAIN
        )
        trusted = {"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}}
        role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("kafkaconnect.amazonaws.com", conditions=trusted))
        permissions = iam.ManagedPolicy(
            self,
            "Permissions",
            description=f"What {construct_id} may",
            roles=[role],
            statements=[*self._in_kafka(), *statements],
        )
        text = "".join(f"{key}={value}\n" for key, value in sorted(workers.items()))
        worker_configuration = kafkaconnect.CfnWorkerConfiguration(
            self, "Workers", name=f"{name}-workers", properties_file_content=Fn.base64(text)
        )
        of = kafkaconnect.CfnConnector
        connector = of(
            self,
            "Connector",
            connector_name=name,
            connector_configuration=configuration,
            capacity=of.CapacityProperty(
                provisioned_capacity=of.ProvisionedCapacityProperty(mcu_count=1, worker_count=1)
            ),
            kafka_cluster=of.KafkaClusterProperty(
                apache_kafka_cluster=of.ApacheKafkaClusterProperty(
                    bootstrap_servers=cluster.bootstrap_brokers,
                    vpc=of.VpcProperty(subnets=cluster.subnet_ids, security_groups=[security_group.security_group_id]),
                )
            ),
            kafka_cluster_client_authentication=of.KafkaClusterClientAuthenticationProperty(authentication_type="IAM"),
            kafka_cluster_encryption_in_transit=of.KafkaClusterEncryptionInTransitProperty(encryption_type="TLS"),
            kafka_connect_version="3.7.x",
            log_delivery=of.LogDeliveryProperty(
                worker_log_delivery=of.WorkerLogDeliveryProperty(
                    cloud_watch_logs=of.CloudWatchLogsLogDeliveryProperty(
                        enabled=True, log_group=log_group.log_group_name
                    )
                )
            ),
            plugins=[
                of.PluginProperty(
                    custom_plugin=of.CustomPluginProperty(
                        custom_plugin_arn=code.attr_custom_plugin_arn,
                        revision=Token.as_number(code.get_att("Revision")),
                    )
                )
            ],
            service_execution_role_arn=role.role_arn,
            worker_configuration=of.WorkerConfigurationProperty(
                worker_configuration_arn=worker_configuration.attr_worker_configuration_arn,
                revision=Token.as_number(worker_configuration.get_att("Revision")),
            ),
        )
        connector.node.add_dependency(permissions, let_in)

    def _in_kafka(self) -> list[iam.PolicyStatement]:
        arn_of, topics = self.cluster.arn_of, [topic.topic.attr_topic_arn for topic in self.topics]
        writes = [] if self.group else ["kafka-cluster:WriteDataIdempotently"]
        return [
            iam.PolicyStatement(
                actions=["kafka-cluster:Connect", "kafka-cluster:DescribeCluster", *writes],
                resources=[self.cluster.arn],
            ),
            may_make_topics(arn_of("topic", "__amazon_msk_connect_*")),
            iam.PolicyStatement(
                actions=["kafka-cluster:AlterGroup", "kafka-cluster:DescribeGroup"],
                resources=[arn_of("group", "__amazon_msk_connect_*"), arn_of("group", "connect-*")],
            ),
            iam.PolicyStatement(
                actions=[
                    "kafka-cluster:DescribeTopic",
                    "kafka-cluster:ReadData" if self.group else "kafka-cluster:WriteData",
                ],
                resources=topics,
            ),
            iam.PolicyStatement(actions=["glue:GetSchemaVersion"], resources=["*"]),
        ]

    def metric(self, name: str, statistic: str = "Maximum") -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace="AWS/KafkaConnect",
            metric_name=name,
            dimensions_map={"ConnectorName": self.name},
            statistic=statistic,
            period=MINUTE,
        )

    def _lags(self) -> list[cloudwatch.Metric]:
        metric = self.cluster.metrics.of
        if not self.group:
            return []
        return [
            metric("EstimatedMaxTimeLag", "Maximum", Consumer_Group=self.group, Topic=topic.name)
            for topic in self.topics
        ]

    def watch(self, alarms: Alarms) -> None:
        name = self.node.id
        alarms.above(f"{name}Errored", self.metric("ErroredTaskCount"), 0, 5, "Tasks have failed: read the log.")
        alarms.missing(f"{name}Running", self.metric("RunningTaskCount"), self.tasks, 10, "Tasks do not run.")
        cpu = self.metric("CpuUtilization", "Average")
        alarms.above(f"{name}Cpu", cpu, CPU_LIMIT, 15, "Workers are busy: give them more units.")
        for number, lag in enumerate(self._lags()):
            alarms.above(f"{name}Lag{number}", lag, LAG_LIMIT, 5, "The connector is late.")

    def rows(self) -> list[list[cloudwatch.IWidget]]:
        counts = [self.metric(name) for name in ("RunningTaskCount", "ErroredTaskCount", "WorkerCount")]
        lags = self._lags()
        return [
            [heading(f"## {self.node.id}\non {self.cluster.node.id}, 1 worker x 1 MCU")],
            [
                graph("Records per second", *(self.metric(name, "Average") for name in self.throughput)),
                graph("Tasks", *counts, lines=(self.tasks,)),
                *([graph("Lag in each topic, in seconds", *lags, lines=(LAG_LIMIT,))] if lags else []),
                graph("Also watched", self.metric("CpuUtilization", "Average"), lines=(CPU_LIMIT,)),
            ],
        ]


def may_make_topics(arn: str) -> iam.PolicyStatement:
    actions = ("CreateTopic", "DescribeTopic", "ReadData", "WriteData")
    return iam.PolicyStatement(actions=[f"kafka-cluster:{action}" for action in actions], resources=[arn])

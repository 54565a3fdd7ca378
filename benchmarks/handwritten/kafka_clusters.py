"""Clusters of Kafka on MSK: brokers with tiered storage, and a serverless one."""

from __future__ import annotations

from pathlib import Path

from alarms import Alarms
from aws_cdk import Aws, CfnCustomResource, CfnResource, Duration, Fn, RemovalPolicy
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_msk as msk
from aws_cdk.aws_msk import CfnCluster, CfnServerlessCluster
from brokers import Brokers
from constructs import Construct, DependencyGroup
from kafka_metrics import KafkaMetrics
from kafka_network import KafkaNetwork
from widgets import heading

TASKS_CODE = Path(__file__).resolve().parents[2] / "streaming_constructs" / "runtime" / "kafka_cluster"


class Cluster(Construct):
    """What both have in common: a network, and ARNs of what is in them."""

    is_serverless: bool
    arn: str

    def __init__(self, scope: Construct, construct_id: str, *, name: str) -> None:
        super().__init__(scope, construct_id)
        self.name, self.metrics = name, KafkaMetrics(name)
        self.network = KafkaNetwork(self, "Network")

    def arn_of(self, kind: str, name: str) -> str:
        """The ARN of a topic or a group: it has the id of the cluster in it, which is in the cluster's ARN alone."""
        partition, service, region, account = (Fn.select(part, Fn.split(":", self.arn)) for part in (1, 2, 3, 4))
        cluster, uuid = (Fn.select(part, Fn.split("/", self.arn)) for part in (1, 2))
        return f"arn:{partition}:{service}:{region}:{account}:{kind}/{cluster}/{uuid}/{name}"


class ServerlessCluster(Cluster):
    is_serverless = True

    def __init__(self, scope: Construct, construct_id: str, *, name: str) -> None:
        super().__init__(scope, construct_id, name=name)
        cluster = CfnServerlessCluster(
            self,
            "Cluster",
            cluster_name=name,
            client_authentication=CfnServerlessCluster.ClientAuthenticationProperty(
                sasl=CfnServerlessCluster.SaslProperty(iam=CfnServerlessCluster.IamProperty(enabled=True))
            ),
            vpc_configs=[
                CfnServerlessCluster.VpcConfigProperty(
                    subnet_ids=self.network.subnet_ids, security_groups=self.network.security_group_ids
                )
            ],
        )
        cluster.apply_removal_policy(RemovalPolicy.RETAIN)
        self.arn = cluster.attr_arn


class ClusterTasks(Construct):
    """A function for what CloudFormation cannot do with a cluster."""

    def __init__(self, scope: Construct, construct_id: str, *, cluster_arn: str) -> None:
        super().__init__(scope, construct_id)
        log_group = logs.LogGroup(
            self, "Logs", retention=logs.RetentionDays.ONE_MONTH, removal_policy=RemovalPolicy.RETAIN
        )
        role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        permissions = iam.ManagedPolicy(
            self,
            "Permissions",
            description="Switches private connections on",
            roles=[role],
            statements=[
                iam.PolicyStatement(actions=["ec2:DescribeRouteTables", "ec2:DescribeSubnets"], resources=["*"]),
                iam.PolicyStatement(
                    actions=["kafka:DescribeClusterV2", "kafka:UpdateConnectivity"], resources=[cluster_arn]
                ),
                iam.PolicyStatement(
                    actions=["logs:CreateLogStream", "logs:PutLogEvents"], resources=[log_group.log_group_arn]
                ),
            ],
        )
        self.function = lambda_.Function(
            self,
            "Function",
            description="Switches private connections of the cluster on",
            runtime=lambda_.Runtime.PYTHON_3_13,
            architecture=lambda_.Architecture.ARM_64,
            handler="index.handler",
            code=lambda_.Code.from_asset(str(TASKS_CODE), exclude=["__pycache__", "*.pyc"]),
            memory_size=256,
            timeout=Duration.minutes(15),
            log_group=log_group,
            role=role.without_policy_updates(),
        )
        self.function.node.add_dependency(permissions)


class TieredCluster(Cluster):
    is_serverless = False

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        version: str,
        brokers: int,
        instance_type: str,
        partitions_recommended: int,
        volume_gib: int,
        written_mib_per_second: float,
    ) -> None:
        super().__init__(scope, construct_id, name=name)
        self.size = f"{brokers} x {instance_type}, {volume_gib:,} GiB each"
        self._brokers = Brokers(
            self.metrics,
            brokers,
            partitions_recommended=partitions_recommended,
            per_broker=True,
            tier_lag_limit=round(written_mib_per_second * 3600 / brokers * 1024 * 1024),
        )
        log_group = logs.LogGroup(
            self, "Logs", retention=logs.RetentionDays.ONE_MONTH, removal_policy=RemovalPolicy.RETAIN
        )
        configuration = msk.CfnConfiguration(
            self,
            "Configuration",
            name=name,
            description=f"Server properties of {construct_id}",
            server_properties="auto.create.topics.enable=false\ndefault.replication.factor=3\n"
            "min.insync.replicas=2\nunclean.leader.election.enable=false\n",
        )
        configuration.apply_removal_policy(RemovalPolicy.RETAIN)  # a cluster that is kept has it in use
        cluster = CfnCluster(
            self,
            "Cluster",
            cluster_name=name,
            kafka_version=version,
            number_of_broker_nodes=brokers,
            storage_mode="TIERED",
            enhanced_monitoring="PER_BROKER",
            broker_node_group_info=CfnCluster.BrokerNodeGroupInfoProperty(
                instance_type=instance_type,
                client_subnets=self.network.subnet_ids,
                security_groups=self.network.security_group_ids,
                storage_info=CfnCluster.StorageInfoProperty(
                    ebs_storage_info=CfnCluster.EBSStorageInfoProperty(volume_size=volume_gib)
                ),
            ),
            client_authentication=CfnCluster.ClientAuthenticationProperty(
                sasl=CfnCluster.SaslProperty(
                    iam=CfnCluster.IamProperty(enabled=True), scram=CfnCluster.ScramProperty(enabled=False)
                ),
                unauthenticated=CfnCluster.UnauthenticatedProperty(enabled=False),
            ),
            configuration_info=CfnCluster.ConfigurationInfoProperty(
                arn=configuration.attr_arn,
                revision=configuration.attr_latest_revision_revision,
            ),
            encryption_info=CfnCluster.EncryptionInfoProperty(
                encryption_in_transit=CfnCluster.EncryptionInTransitProperty(client_broker="TLS", in_cluster=True)
            ),
            logging_info=CfnCluster.LoggingInfoProperty(
                broker_logs=CfnCluster.BrokerLogsProperty(
                    cloud_watch_logs=CfnCluster.CloudWatchLogsProperty(enabled=True, log_group=log_group.log_group_name)
                )
            ),
        )
        cluster.apply_removal_policy(RemovalPolicy.RETAIN)
        self.arn = cluster.attr_arn
        self.topics = DependencyGroup()
        self.access = self._let_in_firehose()

    def create_topic(self, topic: msk.CfnTopic) -> None:
        self.topics.add(topic)

    def _let_in_firehose(self) -> CfnResource:
        """Private connections, which MSK refuses to create a cluster with, and who may make them."""
        tasks = ClusterTasks(self, "Tasks", cluster_arn=self.arn)
        # MSK restarts one broker after the other, which takes longer than a function may run.
        previous: CfnResource | None = None
        for number in (1, 2, 3):
            wait = CfnCustomResource(
                self, f"Connectivity{number}", service_token=tasks.function.function_arn, service_timeout=1200
            )
            properties = {
                "Task": "Connectivity",
                "ClusterArn": self.arn,
                "Authentications": ["iam"],
                "Last": "true" if number == 3 else "false",
            }
            for name, value in properties.items():
                wait.add_property_override(name, value)
            # Meanwhile MSK creates no topics.
            wait.node.add_dependency(tasks, previous or self.topics)
            previous = wait
        policy = msk.CfnClusterPolicy(
            self,
            "Policy",
            cluster_arn=self.arn,
            policy={
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"Service": "firehose.amazonaws.com"},
                        "Action": ["kafka:CreateVpcConnection"],
                        "Resource": self.arn,
                        "Condition": {"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
                    }
                ],
            },
        )
        assert previous
        policy.add_dependency(previous)
        return policy

    def watch(self, alarms: Alarms) -> None:
        self._brokers.watch(alarms)

    def rows(self) -> list[list[cloudwatch.IWidget]]:
        return [[heading(f"## {self.node.id}\n{self.size}")], *self._brokers.rows()]

"""A cluster of brokers on MSK in a VPC that is there, whose volumes grow."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from alarms import Alarms
from aws_cdk import CfnCustomResource, Duration, Fn, RemovalPolicy
from aws_cdk import aws_applicationautoscaling as scaling
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_msk as msk
from aws_cdk.aws_msk import CfnCluster
from brokers import Brokers
from constructs import Construct
from kafka_metrics import KafkaMetrics
from widgets import heading

TASKS_CODE = Path(__file__).resolve().parents[2] / "streaming_constructs" / "runtime" / "kafka_cluster"
IAM_PORT = 9098


class BrokerCluster(Construct):
    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        vpc_id: str,
        subnet_ids: Sequence[str],
        instance_type: str,
        partitions_recommended: int,
        volume_gib: int,
        most_volume_gib: int,
    ) -> None:
        super().__init__(scope, construct_id)
        self.name, self.subnet_ids, brokers = name, list(subnet_ids), len(subnet_ids)
        self.size = f"Kafka 3.9.x.kraft, {brokers} x {instance_type}, {volume_gib:,} GiB each"
        self.metrics = KafkaMetrics(name)
        self._brokers = Brokers(self.metrics, brokers, partitions_recommended=partitions_recommended)
        zones = [f"zone-{number}" for number in range(brokers)]
        self.vpc = ec2.Vpc.from_vpc_attributes(self, "Vpc", vpc_id=vpc_id, availability_zones=zones)
        self.group = ec2.SecurityGroup(
            self,
            "Group",
            vpc=self.vpc,
            description=f"The brokers of {construct_id}, and whom the cluster lets in",
            allow_all_outbound=True,
        )
        self.group.apply_removal_policy(RemovalPolicy.RETAIN)  # a cluster that is kept holds it
        self.let_in(self, "Members", self.group).apply_removal_policy(RemovalPolicy.RETAIN)
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
        configuration.apply_removal_policy(RemovalPolicy.RETAIN)  # and has this in use
        cluster = CfnCluster(
            self,
            "Cluster",
            cluster_name=name,
            kafka_version="3.9.x.kraft",
            number_of_broker_nodes=brokers,
            storage_mode="LOCAL",
            enhanced_monitoring="DEFAULT",
            broker_node_group_info=CfnCluster.BrokerNodeGroupInfoProperty(
                instance_type=instance_type,
                client_subnets=self.subnet_ids,
                security_groups=[self.group.security_group_id],
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
                arn=configuration.attr_arn, revision=configuration.attr_latest_revision_revision
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
        self._grow(most_volume_gib)
        self.bootstrap_brokers = self._bootstrap_brokers()

    def let_in(self, scope: Construct, construct_id: str, group: ec2.ISecurityGroup) -> ec2.CfnSecurityGroupIngress:
        return ec2.CfnSecurityGroupIngress(
            scope,
            construct_id,
            group_id=self.group.security_group_id,
            source_security_group_id=group.security_group_id,
            ip_protocol="tcp",
            from_port=IAM_PORT,
            to_port=IAM_PORT,
            description="Members of the group, with iam",
        )

    def arn_of(self, kind: str, name: str) -> str:
        """The ARN of a topic or a group: it has the id of the cluster in it, which is in the cluster's ARN alone."""
        partition, service, region, account = (Fn.select(part, Fn.split(":", self.arn)) for part in (1, 2, 3, 4))
        cluster, uuid = (Fn.select(part, Fn.split("/", self.arn)) for part in (1, 2))
        return f"arn:{partition}:{service}:{region}:{account}:{kind}/{cluster}/{uuid}/{name}"

    def _grow(self, most_gib: int) -> None:
        target = scaling.CfnScalableTarget(
            self,
            "Volume",
            service_namespace="kafka",
            resource_id=self.arn,
            scalable_dimension="kafka:broker-storage:VolumeSize",
            min_capacity=1,
            max_capacity=most_gib,
        )
        scaling.CfnScalingPolicy(
            self,
            "Growth",
            policy_name=self.name,
            policy_type="TargetTrackingScaling",
            scaling_target_id=target.ref,
            target_tracking_scaling_policy_configuration=scaling.CfnScalingPolicy.TargetTrackingScalingPolicyConfigurationProperty(
                predefined_metric_specification=scaling.CfnScalingPolicy.PredefinedMetricSpecificationProperty(
                    predefined_metric_type="KafkaBrokerStorageUtilization"
                ),
                target_value=60,
                disable_scale_in=True,
            ),
        )

    def _bootstrap_brokers(self) -> str:
        """The brokers, which no attribute has."""
        log_group = logs.LogGroup(
            self, "TasksLogs", retention=logs.RetentionDays.ONE_MONTH, removal_policy=RemovalPolicy.RETAIN
        )
        role = iam.Role(self, "TasksRole", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        permissions = iam.ManagedPolicy(
            self,
            "TasksPermissions",
            description="Asks for the brokers",
            roles=[role],
            statements=[
                iam.PolicyStatement(actions=["kafka:GetBootstrapBrokers"], resources=[self.arn]),
                iam.PolicyStatement(
                    actions=["logs:CreateLogStream", "logs:PutLogEvents"], resources=[log_group.log_group_arn]
                ),
            ],
        )
        function = lambda_.Function(
            self,
            "Tasks",
            description="Asks for the brokers of the cluster",
            runtime=lambda_.Runtime.PYTHON_3_13,
            architecture=lambda_.Architecture.ARM_64,
            handler="index.handler",
            code=lambda_.Code.from_asset(str(TASKS_CODE), exclude=["__pycache__", "*.pyc"]),
            memory_size=256,
            timeout=Duration.minutes(15),
            log_group=log_group,
            role=role.without_policy_updates(),
        )
        function.node.add_dependency(permissions)
        asked = CfnCustomResource(self, "Brokers", service_token=function.function_arn, service_timeout=1200)
        for name, value in {"Task": "BootstrapBrokers", "ClusterArn": self.arn, "Authentication": "iam"}.items():
            asked.add_property_override(name, value)
        asked.node.add_dependency(function, role, permissions, log_group)
        return asked.get_att("Brokers").to_string()

    def watch(self, alarms: Alarms) -> None:
        self._brokers.watch(alarms)

    def rows(self) -> list[list[cloudwatch.IWidget]]:
        return [[heading(f"## {self.node.id}\n{self.size}")], *self._brokers.rows()]

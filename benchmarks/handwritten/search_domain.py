"""An OpenSearch domain that is closed to all but its roles, and a function that sets it up for what is delivered to it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from alarms import MINUTE, Alarms
from aws_cdk import ArnFormat, Aws, CfnUpdatePolicy, CustomResource, Duration, RemovalPolicy, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_opensearchservice as opensearch
from constructs import Construct
from widgets import graph, heading

SETUP_CODE = Path(__file__).resolve().parents[2] / "streaming_constructs" / "runtime" / "opensearch_setup"
VOLUME_GIB = 1195
DATA_NODES = 3
MASTER_NODES = 3
ALL_NODES = DATA_NODES + MASTER_NODES

CfnDomain = opensearch.CfnDomain


class SearchDomain(Construct):
    """The L2 would bring functions of its own for the access policy and the log policy: this is the L1."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        self.free_storage = VOLUME_GIB * 1024 / 4
        self.admin = iam.Role(
            self,
            "AdminRole",
            assumed_by=iam.AccountRootPrincipal(),
            description=f"Administers the OpenSearch domain {construct_id}",
        )
        self.admin.apply_removal_policy(RemovalPolicy.RETAIN)
        month, year = logs.RetentionDays.ONE_MONTH, logs.RetentionDays.ONE_YEAR
        published = {
            "SEARCH_SLOW_LOGS": self._log_group("SearchSlowLogs", month),
            "INDEX_SLOW_LOGS": self._log_group("IndexSlowLogs", month),
            "ES_APPLICATION_LOGS": self._log_group("ApplicationLogs", month),
            "AUDIT_LOGS": self._log_group("AuditLogs", year),
        }
        self.log_groups = list(published.values())
        self.domain = self._create_domain(published)
        self.setup = self._create_setup()
        self._create_metrics()

    def _log_group(self, construct_id: str, retention: logs.RetentionDays) -> logs.LogGroup:
        return logs.LogGroup(self, construct_id, retention=retention, removal_policy=RemovalPolicy.RETAIN)

    def _create_domain(self, published: Mapping[str, logs.LogGroup]) -> CfnDomain:
        any_domain = Stack.of(self).format_arn(
            service="es", resource="domain", resource_name="*", arn_format=ArnFormat.SLASH_RESOURCE_NAME
        )
        domain = CfnDomain(
            self,
            "Domain",
            engine_version="OpenSearch_3.5",
            access_policies=iam.PolicyDocument(
                statements=[
                    iam.PolicyStatement(
                        principals=[iam.ArnPrincipal(self.admin.role_arn)],
                        actions=[
                            "es:ESHttpDelete",
                            "es:ESHttpGet",
                            "es:ESHttpHead",
                            "es:ESHttpPatch",
                            "es:ESHttpPost",
                            "es:ESHttpPut",
                        ],
                        resources=[any_domain],
                    )
                ]
            ),
            advanced_security_options=CfnDomain.AdvancedSecurityOptionsInputProperty(
                enabled=True,
                internal_user_database_enabled=False,
                master_user_options=CfnDomain.MasterUserOptionsProperty(master_user_arn=self.admin.role_arn),
            ),
            cluster_config=CfnDomain.ClusterConfigProperty(
                instance_type="m7g.xlarge.search",
                instance_count=DATA_NODES,
                dedicated_master_enabled=True,
                dedicated_master_type="m7g.large.search",
                dedicated_master_count=MASTER_NODES,
                multi_az_with_standby_enabled=False,
                zone_awareness_enabled=True,
                zone_awareness_config=CfnDomain.ZoneAwarenessConfigProperty(availability_zone_count=3),
            ),
            domain_endpoint_options=CfnDomain.DomainEndpointOptionsProperty(
                enforce_https=True, tls_security_policy="Policy-Min-TLS-1-2-PFS-2023-10"
            ),
            ebs_options=CfnDomain.EBSOptionsProperty(ebs_enabled=True, volume_size=VOLUME_GIB, volume_type="gp3"),
            encryption_at_rest_options=CfnDomain.EncryptionAtRestOptionsProperty(enabled=True),
            log_publishing_options={
                kind: CfnDomain.LogPublishingOptionProperty(
                    cloud_watch_logs_log_group_arn=log_group.log_group_arn, enabled=True
                )
                for kind, log_group in published.items()
            },
            node_to_node_encryption_options=CfnDomain.NodeToNodeEncryptionOptionsProperty(enabled=True),
            off_peak_window_options=CfnDomain.OffPeakWindowOptionsProperty(enabled=True),
            software_update_options=CfnDomain.SoftwareUpdateOptionsProperty(auto_software_update_enabled=True),
        )
        domain.apply_removal_policy(RemovalPolicy.RETAIN)
        domain.cfn_options.update_policy = CfnUpdatePolicy(enable_version_upgrade=True)
        may_log = logs.ResourcePolicy(
            self,
            "LogPolicy",
            resource_policy_name="search-domain-logs",
            policy_statements=[
                iam.PolicyStatement(
                    principals=[iam.ServicePrincipal("es.amazonaws.com")],
                    actions=["logs:CreateLogStream", "logs:PutLogEvents"],
                    resources=[log_group.log_group_arn for log_group in self.log_groups],
                    conditions={
                        "StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID},
                        "ArnLike": {"aws:SourceArn": any_domain},
                    },
                )
            ],
        )
        domain.node.add_dependency(may_log)
        return domain

    def _create_setup(self) -> lambda_.Function:
        scope = Construct(self, "Setup")
        log_group = logs.LogGroup(
            scope, "Logs", retention=logs.RetentionDays.ONE_MONTH, removal_policy=RemovalPolicy.RETAIN
        )
        self.log_groups.append(log_group)
        role = iam.Role(scope, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        permissions = iam.ManagedPolicy(
            scope,
            "Permissions",
            description="Lets the setup write its log and assume the administrator role of the domain",
            roles=[role],
            statements=[
                iam.PolicyStatement(
                    actions=["logs:CreateLogStream", "logs:PutLogEvents"], resources=[log_group.log_group_arn]
                ),
                iam.PolicyStatement(actions=["sts:AssumeRole"], resources=[self.admin.role_arn]),
            ],
        )
        function = lambda_.Function(
            scope,
            "Function",
            description="Prepares the OpenSearch domain for its deliveries",
            runtime=lambda_.Runtime.PYTHON_3_13,
            architecture=lambda_.Architecture.ARM_64,
            handler="index.handler",
            code=lambda_.Code.from_asset(str(SETUP_CODE), exclude=["__pycache__", "*.pyc"]),
            memory_size=256,
            timeout=Duration.minutes(5),
            environment={"ADMIN_ROLE_ARN": self.admin.role_arn, "AWS_STS_REGIONAL_ENDPOINTS": "regional"},
            log_group=log_group,
            role=role.without_policy_updates(),
        )
        function.node.add_dependency(permissions)
        return function

    def set_up(
        self, scope: Construct, construct_id: str, *, writer: iam.Role, index: str, mappings: Mapping[str, Any]
    ) -> CustomResource:
        """Lets a role write to an index, and says what is in it and how long it is kept."""
        resource = CustomResource(
            scope,
            construct_id,
            service_token=self.setup.function_arn,
            service_timeout=Duration.minutes(20),
            properties={
                "Endpoint": self.domain.attr_domain_endpoint,
                "Index": index,
                "Rotation": "daily",
                "RoleName": f"firehose-{index}",
                "BackendRoles": [writer.role_arn],
                "RetentionDays": 14,
                "Mappings": json.dumps(mappings),
                "Shards": 4,
                "Replicas": 1,
            },
        )
        resource.node.add_dependency(self.node.find_child("Setup"))
        return resource

    def _create_metrics(self) -> None:
        self.red = self._metric("ClusterStatus.red")
        self.yellow = self._metric("ClusterStatus.yellow")
        self.writes_blocked = self._metric("ClusterIndexWritesBlocked")
        self.cpu = self._metric("CPUUtilization")
        self.heap = self._metric("JVMMemoryPressure")
        self.free = self._metric("FreeStorageSpace", "Minimum")
        self.snapshot = self._metric("AutomatedSnapshotFailure")
        self.old_heap = self._metric("OldGenJVMMemoryPressure")
        self.write_queue = self._metric("ThreadpoolWriteQueue", "Average")
        self.search_queue = self._metric("ThreadpoolSearchQueue", "Average")
        self.nodes = self._metric("Nodes", "Minimum")
        self.master_cpu = self._metric("MasterCPUUtilization")
        self.master_heap = self._metric("MasterJVMMemoryPressure")
        self.master_old_heap = self._metric("MasterOldGenJVMMemoryPressure")
        self.master_reached = self._metric("MasterReachableFromNode")

    def _metric(self, name: str, statistic: str = "Maximum") -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace="AWS/ES",
            metric_name=name,
            dimensions_map={"DomainName": self.domain.ref, "ClientId": Aws.ACCOUNT_ID},
            statistic=statistic,
            period=MINUTE,
        )

    def watch(self, alarms: Alarms) -> None:
        """The alarms that AWS recommends, over the metrics that it recommends them for."""
        name = self.node.id
        five, quarter = Duration.minutes(5), Duration.minutes(15)
        alarms.at_least(f"{name}Red", self.red, 1, 1, "A primary shard is lost: restore its index.")
        alarms.at_least(f"{name}Yellow", self.yellow, 1, 5, "A replica is lost: see whether nodes are.")
        blocked = self.writes_blocked.with_(period=five)
        alarms.at_least(f"{name}WritesBlocked", blocked, 1, 1, "The domain takes no writes: free storage.")
        alarms.at_least(f"{name}Snapshot", self.snapshot, 1, 1, "No snapshot was taken.")
        alarms.at_least(f"{name}Cpu", self.cpu.with_(period=quarter), 80, 3, "Processors are busy: add nodes.")
        alarms.at_least(f"{name}Heap", self.heap, 95, 3, "The heap is full: take larger nodes.")
        alarms.at_least(f"{name}OldHeap", self.old_heap, 80, 3, "The old heap is full.")
        alarms.at_least(f"{name}WriteQueue", self.write_queue, 100, 1, "Writes queue up.")
        alarms.at_least(f"{name}SearchQueue", self.search_queue, 500, 1, "Searches queue up.")
        alarms.at_most(f"{name}Storage", self.free, self.free_storage, 1, "Storage runs out: raise the volume size.")
        days = self.nodes.with_(period=Duration.days(1))
        alarms.below(f"{name}Nodes", days, ALL_NODES, 1, "A node has been lost for a day.")
        alarms.at_least(f"{name}MasterCpu", self.master_cpu.with_(period=quarter), 50, 3, "Take larger master nodes.")
        alarms.at_least(f"{name}MasterHeap", self.master_heap, 95, 3, "Take larger master nodes.")
        alarms.at_least(f"{name}MasterOldHeap", self.master_old_heap, 80, 3, "Its old heap is full.")
        lost = self.master_reached.with_(period=five)
        alarms.below(f"{name}MasterLost", lost, 1, 1, "Nodes do not reach the master.")

    def rows(self) -> list[list[cloudwatch.IWidget]]:
        return [
            [heading(f"## {self.node.id}\n{DATA_NODES} x m7g.xlarge.search, {VOLUME_GIB:,} GiB each")],
            [
                graph("Free storage on the fullest node, in MiB", self.free, lines=(self.free_storage,)),
                graph("Processors and heap, in percent", self.cpu, self.heap, lines=(80, 95)),
                graph("Cluster status", self.red, self.yellow, self.writes_blocked),
                graph(
                    "Also watched",
                    self.snapshot,
                    self.old_heap,
                    self.write_queue,
                    self.search_queue,
                    self.nodes,
                    self.master_cpu,
                    self.master_heap,
                    self.master_old_heap,
                    self.master_reached,
                    lines=(80, 100, 500, ALL_NODES, 50, 95, 80, 1),
                ),
            ],
        ]

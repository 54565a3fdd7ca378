"""An application of Managed Flink, what starts it, and the table that it writes to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from alarms import HOUR_MS, MINUTE, Alarms
from aws_cdk import ArnFormat, Aws, CustomResource, Duration, RemovalPolicy, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kinesisanalyticsv2 as kinesisanalytics
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3_assets as s3_assets
from constructs import Construct, IDependable
from widgets import graph, heading

CfnApplication = kinesisanalytics.CfnApplication
RUNTIME = Path(__file__).resolve().parents[2] / "streaming_constructs" / "runtime"
JAR = RUNTIME / "flink_sql_runner" / "flink-sql-runner.jar"
START = RUNTIME / "flink_start"
VERSION = "1"


class SqlApplication(Construct):
    """Runs the statements of a jar, and is started by the deployment."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        parallelism: int,
        variables: Mapping[str, str],
        statements: Sequence[iam.PolicyStatement],
    ) -> None:
        super().__init__(scope, construct_id)
        self.parallelism = parallelism
        self.arn = Stack.of(self).format_arn(service="kinesisanalytics", resource="application", resource_name=name)
        self.log_group = logs.LogGroup(
            self, "Logs", retention=logs.RetentionDays.ONE_MONTH, removal_policy=RemovalPolicy.RETAIN
        )
        code = s3_assets.Asset(self, "Code", path=str(JAR))
        self.role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal(
                "kinesisanalytics.amazonaws.com",
                conditions={
                    "StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID},
                    "ArnEquals": {"aws:SourceArn": self.arn},
                },
            ),
        )
        self.permissions = iam.ManagedPolicy(
            self,
            "Permissions",
            description=f"What the Flink application {construct_id} may",
            roles=[self.role],
            statements=[*statements, *self._may_log(), self._may_read(code)],
        )
        self.application = self._application(name, code, variables)
        self._start(self._logging())
        self._measure()

    def _may_log(self) -> list[iam.PolicyStatement]:
        groups = Stack.of(self).format_arn(
            service="logs", resource="log-group", resource_name="*", arn_format=ArnFormat.COLON_RESOURCE_NAME
        )
        return [
            iam.PolicyStatement(actions=["logs:DescribeLogGroups"], resources=[groups]),
            iam.PolicyStatement(
                actions=["logs:DescribeLogStreams", "logs:PutLogEvents"], resources=[self.log_group.log_group_arn]
            ),
        ]

    def _may_read(self, code: s3_assets.Asset) -> iam.PolicyStatement:
        return iam.PolicyStatement(
            actions=["s3:GetObject"], resources=[code.bucket.arn_for_objects(code.s3_object_key)]
        )

    def _application(self, name: str, code: s3_assets.Asset, variables: Mapping[str, str]) -> CfnApplication:
        of = CfnApplication
        application = of(
            self,
            "Application",
            application_name=name,
            application_description=f"The Flink application {self.node.id}",
            runtime_environment="FLINK-2_3",
            service_execution_role=self.role.role_arn,
            application_configuration=of.ApplicationConfigurationProperty(
                application_code_configuration=of.ApplicationCodeConfigurationProperty(
                    code_content=of.CodeContentProperty(
                        s3_content_location=of.S3ContentLocationProperty(
                            bucket_arn=code.bucket.bucket_arn, file_key=code.s3_object_key
                        )
                    ),
                    code_content_type="ZIPFILE",
                ),
                application_encryption_configuration=of.ApplicationEncryptionConfigurationProperty(
                    key_type="AWS_OWNED_KEY"
                ),
                application_snapshot_configuration=of.ApplicationSnapshotConfigurationProperty(snapshots_enabled=True),
                application_system_rollback_configuration=of.ApplicationSystemRollbackConfigurationProperty(
                    rollback_enabled=True
                ),
                environment_properties=of.EnvironmentPropertiesProperty(
                    property_groups=[
                        of.PropertyGroupProperty(property_group_id="sql.variables", property_map=variables),
                        of.PropertyGroupProperty(
                            property_group_id="streaming-constructs", property_map={"fingerprint": VERSION}
                        ),
                    ]
                ),
                flink_application_configuration=of.FlinkApplicationConfigurationProperty(
                    checkpoint_configuration=of.CheckpointConfigurationProperty(
                        configuration_type="CUSTOM",
                        checkpointing_enabled=True,
                        checkpoint_interval=60_000,
                        min_pause_between_checkpoints=5000,
                    ),
                    monitoring_configuration=of.MonitoringConfigurationProperty(
                        configuration_type="CUSTOM", log_level="INFO", metrics_level="APPLICATION"
                    ),
                    parallelism_configuration=of.ParallelismConfigurationProperty(
                        configuration_type="CUSTOM",
                        parallelism=self.parallelism,
                        parallelism_per_kpu=self.parallelism,
                        auto_scaling_enabled=False,
                    ),
                ),
            ),
        )
        application.node.add_dependency(self.permissions)
        return application

    def _logging(self) -> kinesisanalytics.CfnApplicationCloudWatchLoggingOption:
        stream = logs.CfnLogStream(
            self, "LogStream", log_group_name=self.log_group.log_group_name, log_stream_name="application"
        )
        stream.apply_removal_policy(RemovalPolicy.RETAIN)
        arn = Stack.of(self).format_arn(
            service="logs",
            resource="log-group",
            resource_name=f"{self.log_group.log_group_name}:log-stream:{stream.ref}",
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )
        option = kinesisanalytics.CfnApplicationCloudWatchLoggingOption
        logging = option(
            self,
            "Logging",
            application_name=self.application.ref,
            cloud_watch_logging_option=option.CloudWatchLoggingOptionProperty(log_stream_arn=arn),
        )
        logging.node.add_dependency(self.permissions)
        return logging

    def _start(self, logging: kinesisanalytics.CfnApplicationCloudWatchLoggingOption) -> None:
        """CloudFormation starts no application: a function does, and waits."""
        log_group = logs.LogGroup(
            self, "StartLogs", retention=logs.RetentionDays.ONE_MONTH, removal_policy=RemovalPolicy.RETAIN
        )
        role = iam.Role(self, "StartRole", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        verbs = (
            "DescribeApplication",
            "DescribeApplicationOperation",
            "ListApplicationOperations",
            "ListApplicationSnapshots",
            "StartApplication",
            "StopApplication",
        )
        permissions = iam.ManagedPolicy(
            self,
            "StartPermissions",
            description=f"Lets the function write its log, and start {self.node.id}",
            roles=[role],
            statements=[
                iam.PolicyStatement(actions=[f"kinesisanalytics:{verb}" for verb in verbs], resources=[self.arn]),
                iam.PolicyStatement(
                    actions=["logs:CreateLogStream", "logs:PutLogEvents"], resources=[log_group.log_group_arn]
                ),
            ],
        )
        function = lambda_.Function(
            self,
            "StartFunction",
            description=f"Starts the Flink application {self.node.id}",
            runtime=lambda_.Runtime.PYTHON_3_13,
            architecture=lambda_.Architecture.ARM_64,
            handler="index.handler",
            code=lambda_.Code.from_asset(str(START), exclude=["__pycache__", "*.pyc"]),
            memory_size=256,
            timeout=Duration.minutes(15),
            log_group=log_group,
            role=role.without_policy_updates(),
        )
        function.node.add_dependency(permissions)
        before: list[IDependable] = [self.permissions, self.application, logging]
        for step in (1, 2):
            wait = CustomResource(
                self,
                f"Wait{step}",
                service_token=function.function_arn,
                service_timeout=Duration.minutes(20),
                properties={
                    "Task": "FlinkStart",
                    "ApplicationName": self.application.ref,
                    "Fingerprint": VERSION,
                    "Restore": "latest_snapshot",
                    "AllowNonRestoredState": "false",
                    "Step": step,
                    "Steps": 2,
                },
            )
            wait.node.add_dependency(function, *before)
            before = [wait]

    def _measure(self) -> None:
        self.late = self._metric("numLateRecordsDropped", "Sum")
        self.cpu = self._metric("containerCPUUtilization", "Maximum")
        self.heap = self._metric("heapMemoryUtilization", "Maximum")
        self.checkpoint_duration = self._metric("lastCheckpointDuration", "Maximum")
        self.records_in = self._metric("numRecordsInPerSecond", "Average")
        self.records_out = self._metric("numRecordsOutPerSecond", "Average")
        self.watermark = self._metric("currentOutputWatermark", "Maximum")

    def _metric(self, name: str, statistic: str, period: Duration = MINUTE) -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace="AWS/KinesisAnalytics",
            metric_name=name,
            dimensions_map={"Application": self.application.ref},
            statistic=statistic,
            period=period,
        )

    def watch(self, alarms: Alarms) -> None:
        name = self.node.id

        def math(expression: str, period: Duration = MINUTE, **metrics: cloudwatch.Metric) -> cloudwatch.MathExpression:
            return cloudwatch.MathExpression(expression=expression, using_metrics=metrics, period=period)

        five, quarter = Duration.minutes(5), Duration.minutes(15)
        restarts = math("DIFF(m)", quarter, m=self._metric("numRestarts", "Maximum", quarter))
        alarms.above(f"{name}Restarts", restarts, 1, 1, "It restarts again and again: read its log.")
        down = math(
            "FILL(m, 0) + FILL(failing, 0)",
            m=self._metric("restartingTime", "Average"),
            failing=self._metric("failingTime", "Average"),
        )
        alarms.above(f"{name}Down", down, 0, 10, "It is down: read its log.")
        failed = math("DIFF(m)", five, m=self._metric("numberOfFailedCheckpoints", "Maximum", five))
        alarms.above(f"{name}Checkpoints", failed, 0, 3, "Checkpoints fail: it would go on from an old one.")
        alarms.above(f"{name}CheckpointTime", self.checkpoint_duration, 60_000, 15, "Checkpoints take too long.")
        alarms.above(f"{name}Cpu", self.cpu, 80, 15, "Processors are busy: more KPUs.")
        alarms.above(f"{name}Heap", self.heap, 90, 15, "The heap is full: more KPUs.")
        late = math("m / 4", m=self.late)
        late.create_alarm(
            alarms,
            f"{name}Late",
            threshold=0,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
            evaluation_periods=5,
            datapoints_to_alarm=1,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        ).add_alarm_action(alarms.action)
        behind = math("IF(m > 0 AND records > 0, EPOCH(m) * 1000 - m, 0)", m=self.watermark, records=self.records_in)
        alarms.above(f"{name}Watermark", behind, HOUR_MS, 15, "Windows are an hour behind.")
        nothing = math("IF(records > 0 AND m == 0, 1, 0)", m=self.records_out, records=self.records_in)
        alarms.above(f"{name}Nothing", nothing, 0, 30, "Records come in, and none goes out.")

    def rows(self) -> list[list[cloudwatch.IWidget]]:
        behind = cloudwatch.MathExpression(
            expression="IF(m1 > 0 AND records1 > 0, EPOCH(m1) * 1000 - m1, 0)",
            using_metrics={"m1": self.watermark, "records1": self.records_in},
            period=MINUTE,
        )
        return [
            [heading(f"## {self.node.id}")],
            [
                graph("Records per second", self.records_in, self.records_out),
                graph("Last checkpoint, in milliseconds", self.checkpoint_duration, lines=(60_000,)),
                graph("Processors and heap, in percent", self.cpu, self.heap, lines=(80, 90)),
                graph(
                    "Restarts, failed checkpoints and late records",
                    self._metric("numRestarts", "Maximum"),
                    self._metric("numberOfFailedCheckpoints", "Maximum"),
                    self.late,
                ),
                graph(
                    "Down, in milliseconds",
                    self._metric("restartingTime", "Average"),
                    self._metric("failingTime", "Average"),
                ),
                graph("Watermark behind the clock, in milliseconds", behind, lines=(HOUR_MS,)),
            ],
        ]


class WatchedTable(Construct):
    """A table of DynamoDB, on demand."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        partition_key: str,
        sort_key: str,
        ttl: str,
        sort_type: dynamodb.AttributeType = dynamodb.AttributeType.STRING,
    ) -> None:
        super().__init__(scope, construct_id)
        self.table = dynamodb.Table(
            self,
            "Table",
            partition_key=dynamodb.Attribute(name=partition_key, type=dynamodb.AttributeType.STRING),
            sort_key=dynamodb.Attribute(name=sort_key, type=sort_type),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            time_to_live_attribute=ttl,
            deletion_protection=True,
            encryption=dynamodb.TableEncryption.AWS_MANAGED,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            removal_policy=RemovalPolicy.RETAIN,
        )
        self.write_throttled = self._metric("WriteThrottleEvents")
        self.read_throttled = self._metric("ReadThrottleEvents")
        self.failed = self._metric("SystemErrors", Operation="BatchWriteItem")

    def _metric(self, name: str, **dimensions: str) -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace="AWS/DynamoDB",
            metric_name=name,
            dimensions_map={"TableName": self.table.table_name, **dimensions},
            statistic="Sum",
            period=MINUTE,
        )

    def watch(self, alarms: Alarms) -> None:
        name = self.node.id
        alarms.above(f"{name}WriteThrottled", self.write_throttled, 0, 5, "Writes are throttled: find the hot key.")
        alarms.above(f"{name}ReadThrottled", self.read_throttled, 0, 5, "Reads are throttled: find the hot key.")
        alarms.above(f"{name}Failed", self.failed, 0, 5, "DynamoDB fails: writers try again.")

    def rows(self) -> list[list[cloudwatch.IWidget]]:
        return [
            [heading(f"## {self.node.id}")],
            [
                graph("Write units used per minute", self._metric("ConsumedWriteCapacityUnits")),
                graph("Read units used per minute", self._metric("ConsumedReadCapacityUnits")),
                graph("Throttled requests", self.write_throttled, self.read_throttled),
                graph("Items that expired", self._metric("TimeToLiveDeletedItemCount")),
            ],
        ]

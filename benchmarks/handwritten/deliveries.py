"""Firehose delivery streams that read a stream: to S3, and to OpenSearch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from alarms import MINUTE, Alarms
from archives import JSON, PARQUET, Archives, Columns, private_bucket
from aws_cdk import ArnFormat, Aws, Duration, RemovalPolicy, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_glue as glue
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kinesisfirehose as firehose
from aws_cdk import aws_logs as logs
from aws_cdk import aws_opensearchservice as opensearch
from aws_cdk import aws_s3 as s3
from constructs import Construct, IDependable
from sources import DeliverySource
from widgets import graph, heading

CfnDeliveryStream = firehose.CfnDeliveryStream


class Delivery(Construct):
    """What deliveries have in common: who they are, what they log, how they are watched."""

    destination_metrics: str

    def __init__(self, scope: Construct, construct_id: str, *, source: DeliverySource) -> None:
        super().__init__(scope, construct_id)
        self.source = source
        self.role = iam.Role(
            self, "Role", assumed_by=iam.ServicePrincipal("firehose.amazonaws.com"), external_ids=[Aws.ACCOUNT_ID]
        )
        self.log_group = logs.LogGroup(
            self, "Logs", retention=logs.RetentionDays.ONE_MONTH, removal_policy=RemovalPolicy.RETAIN
        )

    def log_to(self, name: str) -> CfnDeliveryStream.CloudWatchLoggingOptionsProperty:
        log_group_name = self.log_group.log_group_name
        # The L2 would keep the stream when the stack goes.
        stream = logs.CfnLogStream(self, f"{name}Log", log_group_name=log_group_name, log_stream_name=name)
        return CfnDeliveryStream.CloudWatchLoggingOptionsProperty(
            enabled=True, log_group_name=log_group_name, log_stream_name=stream.ref
        )

    def deliver(
        self, statements: Sequence[iam.PolicyStatement], *after: IDependable, **destination: Any
    ) -> CfnDeliveryStream:
        permissions = iam.ManagedPolicy(
            self,
            "Permissions",
            description="Lets Firehose read its source and write to its destination",
            roles=[self.role],
            statements=[
                iam.PolicyStatement(actions=["logs:PutLogEvents"], resources=[self.log_group.log_group_arn]),
                *self.source.delivery_statements(),
                *statements,
            ],
        )
        self.delivery_stream = CfnDeliveryStream(
            self,
            "DeliveryStream",
            **self.source.delivery_source(self.role),
            **destination,
        )
        self.delivery_stream.node.add_dependency(permissions, *self.source.delivered_after(), *after)
        self.freshness = self.metric(f"{self.destination_metrics}.DataFreshness", "Maximum")
        self.success = self.metric(f"{self.destination_metrics}.Success", "Average")
        lag = self.source.delivery_lag_metric
        self.source_lag = self.metric(lag, "Maximum") if lag else None
        self.held_up = [self.metric(problem, statistic) for problem, statistic, _ in self.source.delivery_problems]
        return self.delivery_stream

    def metric(self, name: str, statistic: str) -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace="AWS/Firehose",
            metric_name=name,
            dimensions_map={"DeliveryStreamName": self.delivery_stream.ref},
            statistic=statistic,
            period=MINUTE,
        )

    def watch_delivery(self, alarms: Alarms, freshness: int) -> None:
        name = self.node.id
        alarms.above(f"{name}Freshness", self.freshness, freshness, 5, "The oldest record waits too long.")
        alarms.below(f"{name}Success", self.success, 1, 5, "Writing fails: read the error log.")
        if self.source_lag:
            limit = self.source.delivery_lag_limit
            alarms.above(f"{name}SourceLag", self.source_lag, limit, 5, "Records may expire undelivered.")
        for metric, (problem, _, minutes) in zip(self.held_up, self.source.delivery_problems, strict=True):
            alarms.above(f"{name}{problem}", metric, 0, minutes, "Reading is held up, or records are lost.")

    def graphs(
        self, freshness: int, succeeds: Sequence[cloudwatch.Metric], fails: Sequence[cloudwatch.Metric]
    ) -> list[list[cloudwatch.IWidget]]:
        return [
            [heading(f"## {self.node.id}\nreads {self.source.node.id}")],
            [
                graph("Age of the oldest record, in seconds", self.freshness, lines=(freshness,)),
                *self.lag_graph(),
                graph("Share of writes that succeed", *succeeds, lines=tuple(1 for _ in succeeds)),
                graph("Throttled and failed", *fails),
            ],
        ]

    def lag_graph(self) -> list[cloudwatch.IWidget]:
        if self.source_lag is None:
            return []
        return [graph(self.source.delivery_lag_title, self.source_lag, lines=(self.source.delivery_lag_limit,))]


class ArchiveDelivery(Delivery):
    """Records in a bucket, a folder for each day, with a table over them."""

    destination_metrics = "DeliveryToS3"

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        source: DeliverySource,
        archives: Archives,
        columns: Columns,
        json_keys: Mapping[str, str] | None = None,
        parquet: bool,
        buffer_interval: Duration,
        transitions: Sequence[s3.Transition] = (),
        expire_after: Duration | None = None,
    ) -> None:
        super().__init__(scope, construct_id, source=source)
        self.buffer_seconds = int(buffer_interval.to_seconds())
        self.late_seconds = max(2 * self.buffer_seconds, 900)
        self.bucket = private_bucket(self, "Bucket", transitions=transitions, expire_after=expire_after)
        if parquet:
            table = archives.add_table(
                construct_id,
                self.bucket,
                columns,
                formats=PARQUET,
                parameters={"classification": "parquet", "parquet.compression": "SNAPPY"},
                serde_parameters={"serialization.format": "1"},
            )
            statements = [*self.may_write(construct_id), self.may_read_schema(archives, construct_id)]
            written_as = self.as_parquet(archives, table, json_keys)
        else:
            keys = {f"mapping.{column}": key for column, key in (json_keys or {}).items()}
            archives.add_table(
                construct_id,
                self.bucket,
                columns,
                formats=JSON,
                parameters={"classification": "json"},
                serde_parameters={"ignore.malformed.json": "true", **keys},
            )
            statements = self.may_write(construct_id)
            written_as = as_json_lines()
        self.deliver(
            statements,
            extended_s3_destination_configuration=CfnDeliveryStream.ExtendedS3DestinationConfigurationProperty(
                bucket_arn=self.bucket.bucket_arn,
                role_arn=self.role.role_arn,
                prefix=f"{construct_id}/arrival_day=!{{timestamp:yyyy-MM-dd}}/",
                error_output_prefix=(
                    f"errors/{construct_id}/!{{firehose:error-output-type}}/!{{timestamp:yyyy-MM-dd}}/"
                ),
                custom_time_zone="UTC",
                buffering_hints=CfnDeliveryStream.BufferingHintsProperty(
                    size_in_m_bs=128, interval_in_seconds=self.buffer_seconds
                ),
                cloud_watch_logging_options=self.log_to("Delivery"),
                **written_as,
            ),
        )
        self.failed_conversion = self.metric("FailedConversion.Records", "Sum") if parquet else None

    def may_write(self, folder: str) -> list[iam.PolicyStatement]:
        objects = ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"]
        return [
            may_list(self.bucket),
            iam.PolicyStatement(actions=objects, resources=[self.bucket.arn_for_objects(f"{folder}/*")]),
            iam.PolicyStatement(actions=objects, resources=[self.bucket.arn_for_objects(f"errors/{folder}/*")]),
        ]

    def may_read_schema(self, archives: Archives, table: str) -> iam.PolicyStatement:
        stack = Stack.of(self)

        def arn(resource: str, name: str | None = None) -> str:
            return stack.format_arn(
                service="glue",
                resource=resource,
                resource_name=name,
                arn_format=ArnFormat.SLASH_RESOURCE_NAME if name else ArnFormat.NO_RESOURCE_NAME,
            )

        return iam.PolicyStatement(
            actions=["glue:GetTable", "glue:GetTableVersion", "glue:GetTableVersions"],
            resources=[arn("catalog"), arn("database", archives.name), arn("table", f"{archives.name}/{table}")],
        )

    def as_parquet(
        self, archives: Archives, table: glue.CfnTable, json_keys: Mapping[str, str] | None
    ) -> dict[str, Any]:
        return {
            "compression_format": "UNCOMPRESSED",
            "data_format_conversion_configuration": CfnDeliveryStream.DataFormatConversionConfigurationProperty(
                enabled=True,
                input_format_configuration=CfnDeliveryStream.InputFormatConfigurationProperty(
                    deserializer=CfnDeliveryStream.DeserializerProperty(
                        open_x_json_ser_de=CfnDeliveryStream.OpenXJsonSerDeProperty(
                            case_insensitive=True, column_to_json_key_mappings=json_keys
                        )
                    )
                ),
                output_format_configuration=CfnDeliveryStream.OutputFormatConfigurationProperty(
                    serializer=CfnDeliveryStream.SerializerProperty(
                        parquet_ser_de=CfnDeliveryStream.ParquetSerDeProperty(compression="SNAPPY", writer_version="V1")
                    )
                ),
                schema_configuration=CfnDeliveryStream.SchemaConfigurationProperty(
                    catalog_id=Aws.ACCOUNT_ID,
                    database_name=archives.name,
                    table_name=table.ref,
                    region=Aws.REGION,
                    role_arn=self.role.role_arn,
                    version_id="LATEST",
                ),
            ),
        }

    def watch(self, alarms: Alarms) -> None:
        self.watch_delivery(alarms, self.late_seconds)
        if self.failed_conversion:
            alarms.above(
                f"{self.node.id}FailedConversion", self.failed_conversion, 0, 1, "Records do not fit their schema."
            )

    def rows(self) -> list[list[cloudwatch.IWidget]]:
        failed_conversion = [self.failed_conversion] if self.failed_conversion else []
        return self.graphs(self.late_seconds, [self.success], [*self.held_up, *failed_conversion])


class SearchDelivery(Delivery):
    """Records in an index for each day; what the domain refuses is in a bucket."""

    destination_metrics = "DeliveryToAmazonOpenSearchService"

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        source: DeliverySource,
        domain: opensearch.CfnDomain,
        index: str,
    ) -> None:
        super().__init__(scope, construct_id, source=source)
        self.domain = domain
        self.index = index
        self.bucket = private_bucket(self, "BackupBucket")

    def start(self, *after: IDependable) -> None:
        """The delivery stream itself, which fails to start until the domain knows its role."""
        folder = f"backup/{self.node.id}"
        self.deliver(
            [
                *self.may_index(),
                may_list(self.bucket),
                iam.PolicyStatement(
                    actions=["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"],
                    resources=[self.bucket.arn_for_objects(f"{folder}/*")],
                ),
            ],
            *after,
            amazonopensearchservice_destination_configuration=(
                CfnDeliveryStream.AmazonopensearchserviceDestinationConfigurationProperty(
                    domain_arn=self.domain.attr_arn,
                    role_arn=self.role.role_arn,
                    index_name=self.index,
                    index_rotation_period="OneDay",
                    document_id_options=CfnDeliveryStream.DocumentIdOptionsProperty(
                        default_document_id_format="FIREHOSE_DEFAULT"
                    ),
                    buffering_hints=CfnDeliveryStream.AmazonopensearchserviceBufferingHintsProperty(
                        size_in_m_bs=5, interval_in_seconds=60
                    ),
                    retry_options=CfnDeliveryStream.AmazonopensearchserviceRetryOptionsProperty(
                        duration_in_seconds=300
                    ),
                    s3_backup_mode="FailedDocumentsOnly",
                    s3_configuration=CfnDeliveryStream.S3DestinationConfigurationProperty(
                        bucket_arn=self.bucket.bucket_arn,
                        role_arn=self.role.role_arn,
                        prefix=f"{folder}/",
                        compression_format="GZIP",
                        buffering_hints=CfnDeliveryStream.BufferingHintsProperty(
                            size_in_m_bs=128, interval_in_seconds=300
                        ),
                        cloud_watch_logging_options=self.log_to("Backup"),
                    ),
                    cloud_watch_logging_options=self.log_to("Delivery"),
                )
            ),
        )
        self.rejected = self.metric(f"{self.destination_metrics}.DeliveryRejected", "Maximum")
        self.denied = self.metric(f"{self.destination_metrics}.AuthFailure", "Maximum")
        self.backed_up = self.metric("DeliveryToS3.Success", "Average")

    def may_index(self) -> list[iam.PolicyStatement]:
        arn = self.domain.attr_arn
        read = (
            "_all/_settings",
            "_cluster/stats",
            *(f"{index}/{path}" for index in (self.index, f"{self.index}-*") for path in ("_mapping/*", "_stats")),
            "_nodes",
            "_nodes/*/stats",
            "_nodes/stats",
            "_stats",
        )
        return [
            iam.PolicyStatement(
                actions=[
                    "es:DescribeDomain",
                    "es:DescribeDomainConfig",
                    "es:DescribeDomains",
                    "es:ESHttpPost",
                    "es:ESHttpPut",
                ],
                resources=[arn, f"{arn}/*"],
            ),
            iam.PolicyStatement(actions=["es:ESHttpGet"], resources=[f"{arn}/{path}" for path in read]),
        ]

    def watch(self, alarms: Alarms) -> None:
        self.watch_delivery(alarms, 900)
        name = self.node.id
        alarms.above(f"{name}Rejected", self.rejected, 0, 1, "The domain refuses records: see the error log.")
        alarms.above(f"{name}Denied", self.denied, 0, 1, "The domain does not let Firehose in: check its roles.")
        alarms.below(f"{name}BackedUp", self.backed_up, 1, 5, "What the domain refuses is not kept: check the bucket.")

    def rows(self) -> list[list[cloudwatch.IWidget]]:
        fails = [*self.held_up, self.rejected, self.denied]
        return self.graphs(900, [self.success, self.backed_up], fails)


def may_list(bucket: s3.Bucket) -> iam.PolicyStatement:
    return iam.PolicyStatement(
        actions=["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
        resources=[bucket.bucket_arn],
    )


def as_json_lines() -> dict[str, Any]:
    return {
        "compression_format": "GZIP",
        "processing_configuration": CfnDeliveryStream.ProcessingConfigurationProperty(
            enabled=True,
            processors=[
                CfnDeliveryStream.ProcessorProperty(
                    type="AppendDelimiterToRecord",
                    parameters=[
                        CfnDeliveryStream.ProcessorParameterProperty(parameter_name="Delimiter", parameter_value="\\n")
                    ],
                )
            ],
        ),
    }

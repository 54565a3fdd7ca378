"""Buckets, tables over them, and queries over the tables."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Aws, Duration, RemovalPolicy
from aws_cdk import aws_athena as athena
from aws_cdk import aws_glue as glue
from aws_cdk import aws_s3 as s3
from constructs import Construct

JSON = {
    "input": "org.apache.hadoop.mapred.TextInputFormat",
    "output": "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
    "serde": "org.openx.data.jsonserde.JsonSerDe",
}
PARQUET = {
    "input": "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
    "output": "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
    "serde": "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
}

Columns = Sequence[glue.CfnTable.ColumnProperty]


def private_bucket(
    scope: Construct,
    construct_id: str,
    *,
    transitions: Sequence[s3.Transition] = (),
    expire_after: Duration | None = None,
) -> s3.Bucket:
    return s3.Bucket(
        scope,
        construct_id,
        encryption=s3.BucketEncryption.S3_MANAGED,
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        enforce_ssl=True,
        versioned=True,
        lifecycle_rules=[
            s3.LifecycleRule(
                transitions=list(transitions) or None,
                expiration=expire_after,
                noncurrent_version_expiration=expire_after,
                abort_incomplete_multipart_upload_after=Duration.days(7),
            )
        ],
        removal_policy=RemovalPolicy.RETAIN,
    )


def column(name: str, type_: str = "string", comment: str | None = None) -> glue.CfnTable.ColumnProperty:
    return glue.CfnTable.ColumnProperty(name=name, type=type_, comment=comment)


class Archives(Construct):
    """A database of tables, and a workgroup that queries them."""

    def __init__(self, scope: Construct, construct_id: str, *, name: str) -> None:
        super().__init__(scope, construct_id)
        self.name = name
        self.database = glue.CfnDatabase(
            self,
            "Database",
            catalog_id=Aws.ACCOUNT_ID,
            database_input=glue.CfnDatabase.DatabaseInputProperty(name=name, description=f"Archives of {name}"),
        )
        results = private_bucket(self, "Results", expire_after=Duration.days(30))
        self.workgroup = athena.CfnWorkGroup(
            self,
            "Workgroup",
            name=f"{name}-queries",
            description=f"Queries over the archives of {name}",
            recursive_delete_option=True,
            work_group_configuration=athena.CfnWorkGroup.WorkGroupConfigurationProperty(
                bytes_scanned_cutoff_per_query=100 * 1024**3,
                enforce_work_group_configuration=True,
                publish_cloud_watch_metrics_enabled=True,
                result_configuration=athena.CfnWorkGroup.ResultConfigurationProperty(
                    encryption_configuration=athena.CfnWorkGroup.EncryptionConfigurationProperty(
                        encryption_option="SSE_S3"
                    ),
                    output_location=results.s3_url_for_object("results/"),
                ),
            ),
        )

    def add_table(
        self,
        name: str,
        bucket: s3.Bucket,
        columns: Columns,
        *,
        formats: dict[str, str],
        parameters: dict[str, str],
        serde_parameters: dict[str, str],
    ) -> glue.CfnTable:
        """A table over a folder for each day, and a first query of it."""
        location = bucket.s3_url_for_object(f"{name}/")
        table = glue.CfnTable(
            self,
            f"{name}Table",
            catalog_id=Aws.ACCOUNT_ID,
            database_name=self.name,
            table_input=glue.CfnTable.TableInputProperty(
                name=name,
                description=f"Records of {name}",
                table_type="EXTERNAL_TABLE",
                parameters={
                    "EXTERNAL": "TRUE",
                    **parameters,
                    "projection.enabled": "true",
                    "projection.arrival_day.type": "date",
                    "projection.arrival_day.format": "yyyy-MM-dd",
                    "projection.arrival_day.range": "2025-01-01,NOW+1DAYS",
                    "projection.arrival_day.interval": "1",
                    "projection.arrival_day.interval.unit": "DAYS",
                    "storage.location.template": f"{location}arrival_day=${{arrival_day}}/",
                },
                partition_keys=[column("arrival_day")],
                storage_descriptor=glue.CfnTable.StorageDescriptorProperty(
                    columns=list(columns),
                    location=location,
                    input_format=formats["input"],
                    output_format=formats["output"],
                    serde_info=glue.CfnTable.SerdeInfoProperty(
                        serialization_library=formats["serde"], parameters=serde_parameters
                    ),
                ),
            ),
        )
        table.node.add_dependency(self.database)
        query = athena.CfnNamedQuery(
            self,
            f"{name}Query",
            name=f"{name}: records by partition",
            description=f"How many records of {name} arrived lately",
            database=self.name,
            work_group=self.workgroup.name,
            query_string=(
                "SELECT arrival_day, count(*) AS records\n"
                f'FROM "{self.name}"."{name}"\n'
                "WHERE arrival_day >= date_format(current_timestamp - INTERVAL '7' DAY, '%Y-%m-%d')\n"
                "GROUP BY arrival_day\n"
                "ORDER BY arrival_day\n"
            ),
        )
        query.node.add_dependency(table)
        query.node.add_dependency(self.workgroup)
        return table

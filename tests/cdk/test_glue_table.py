"""The table over an archive, and its database."""

from __future__ import annotations

from typing import Any

import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from streaming_constructs import (
    GlueDatabase,
    GlueTable,
    Partition,
    RecordField,
    S3Destination,
)
from streaming_constructs.spec.schemas import record_schema

TABLE = "AWS::Glue::Table"
DATABASE = "AWS::Glue::Database"
SCHEMA = record_schema(
    {
        "userId": RecordField(type="string", description="Who it was"),
        "price": "decimal(10, 2)",
        "address": "struct<Street:string,zip:int>",
        "agent": RecordField(type="string", json_key="User-Agent"),
    }
)


def table(
    bench: Any,
    *,
    format: Any = None,  # noqa: A002 - the word of AWS
    schema: Any = SCHEMA,
    database: Any = "company",
    **more: Any,
) -> GlueTable:
    to = S3Destination(
        format=format or "parquet",
        partition_by=(Partition(by="userId"), Partition(by="day(arrival)")),
        partitions_since="2026-01-01",
    )
    bucket = s3.Bucket.from_bucket_name(bench.stack, "Records", "records")
    return GlueTable(
        bench.stack, "Table", name="raw-Clicks", spec=to, schema=schema, bucket=bucket, database=database, **more
    )


def test_table_has_every_property_in_its_place(bench: Any) -> None:
    made = table(bench, description="Clicks")
    assert bench.only(TABLE) == {
        "CatalogId": {"Ref": "AWS::AccountId"},
        "DatabaseName": "company",
        "TableInput": {
            "Name": "raw_clicks",
            "Description": "Clicks",
            "TableType": "EXTERNAL_TABLE",
            "Parameters": {
                "EXTERNAL": "TRUE",
                "classification": "parquet",
                "parquet.compression": "SNAPPY",
                "projection.enabled": "true",
                "projection.by_userid.type": "injected",
                "projection.arrival_day.type": "date",
                "projection.arrival_day.format": "yyyy-MM-dd",
                "projection.arrival_day.range": "2026-01-01,NOW+1DAYS",
                "projection.arrival_day.interval": "1",
                "projection.arrival_day.interval.unit": "DAYS",
                "storage.location.template": (
                    "s3://records/raw-Clicks/by_userid=${by_userid}/arrival_day=${arrival_day}/"
                ),
            },
            "PartitionKeys": [{"Name": "by_userid", "Type": "string"}, {"Name": "arrival_day", "Type": "string"}],
            "StorageDescriptor": {
                "Columns": [
                    {"Name": "userid", "Type": "string", "Comment": "Who it was"},
                    {"Name": "price", "Type": "decimal(10,2)"},
                    {"Name": "address", "Type": "struct<street:string,zip:int>"},
                    {"Name": "agent", "Type": "string"},
                ],
                "Location": "s3://records/raw-Clicks/",
                "InputFormat": "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
                "OutputFormat": "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
                "SerdeInfo": {
                    "SerializationLibrary": "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
                    "Parameters": {"serialization.format": "1"},
                },
            },
        },
    }
    assert (made.name, made.database_name, made.location) == ("raw_clicks", "company", "s3://records/raw-Clicks/")


@pytest.mark.parametrize(
    ("format_", "library", "parameters"),
    [
        ("orc", "org.apache.hadoop.hive.ql.io.orc.OrcSerde", {"orc.column.index.access": "false"}),
        (
            "json",
            "org.openx.data.jsonserde.JsonSerDe",
            {"ignore.malformed.json": "true", "mapping.agent": "user-agent"},
        ),
    ],
)
def test_other_formats_are_read_by_their_serde(bench: Any, format_: Any, library: str, parameters: Any) -> None:
    table(bench, format=format_)
    serde = bench.only(TABLE)["TableInput"]["StorageDescriptor"]["SerdeInfo"]
    assert serde == {"SerializationLibrary": library, "Parameters": parameters}


def test_table_waits_for_the_database_that_is_created(bench: Any) -> None:
    database = GlueDatabase(bench.stack, "Catalog", description="Archives of the shop")
    table(bench, database=database)
    (made,) = bench.of_type(TABLE).values()
    assert made["DependsOn"] == [bench.only_id(DATABASE)]
    assert made["Properties"]["DatabaseName"] == database.name
    assert bench.only(DATABASE) == {
        "CatalogId": {"Ref": "AWS::AccountId"},
        "DatabaseInput": {"Name": database.name, "Description": "Archives of the shop"},
    }


def test_database_has_a_name_of_small_letters_made_from_its_place(bench: Any) -> None:
    one = GlueDatabase(Construct(bench.stack, "Shop-EU"), "Catalog", description="One")
    other = GlueDatabase(Construct(bench.stack, "Bank-EU"), "Catalog", description="Other")
    assert one.name.startswith("test_shopeu_catalog")
    assert other.name.startswith("test_bankeu_catalog")
    assert one.name == one.name.lower()


def test_reader_may_read_the_definition_and_nothing_else(bench: Any) -> None:
    made = table(bench)
    made.grant_read(iam.Role(bench.stack, "Reader", assumed_by=iam.AccountRootPrincipal()))
    prefix = [":glue:", {"Ref": "AWS::Region"}, ":", {"Ref": "AWS::AccountId"}]

    def arn(name: str) -> dict[str, Any]:
        return {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, *prefix, f":{name}"]]}

    assert bench.only("AWS::IAM::Policy")["PolicyDocument"]["Statement"] == [
        {
            "Action": ["glue:GetTable", "glue:GetTableVersion", "glue:GetTableVersions"],
            "Effect": "Allow",
            "Resource": [arn("catalog"), arn("database/company"), arn("table/company/raw_clicks")],
        }
    ]


def test_table_that_names_no_database_has_one_of_its_own(bench: Any) -> None:
    made = table(bench, database=None)
    assert (
        bench.only(DATABASE)["DatabaseInput"]["Name"]
        == made.database_name
        == "test_table_catalog_" + made.database_name[-8:]
    )


def test_table_alone_is_over_json_by_day_under_its_own_name(bench: Any) -> None:
    bucket = s3.Bucket.from_bucket_name(bench.stack, "Records", "records")
    made = GlueTable(
        bench.stack, "Clicks", schema={"page": RecordField(type="string")}, bucket=bucket, database="company"
    )
    assert (made.name, made.location) == ("clicks", "s3://records/Clicks/")
    table_input = bench.only(TABLE)["TableInput"]
    assert table_input["Parameters"]["classification"] == "json"
    assert [key["Name"] for key in table_input["PartitionKeys"]] == ["arrival_day"]

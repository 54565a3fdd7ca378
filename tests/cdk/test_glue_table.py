"""The table over an archive, and its database."""

from __future__ import annotations

from typing import Any

import pytest
from aws_cdk import aws_iam as iam
from constructs import Construct

from streaming_constructs import GlueDatabase, GlueTable, JsonFormat, OrcFormat, ParquetFormat, RecordField
from streaming_constructs.planning.folders import plan_folders
from streaming_constructs.spec.s3_destination import S3Destination
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


def table(bench: Any, **more: Any) -> GlueTable:
    to = S3Destination.model_validate({"partition_by": ["userId", "arrival/day"], "partitions_since": "2026-01-01"})
    given = {"schema": SCHEMA, "format": ParquetFormat(), "database": "company", "bucket_name": "records", **more}
    folders = plan_folders("raw-Clicks", to, given["schema"])
    return GlueTable(bench.stack, "Table", name="raw-Clicks", folders=folders, **given)


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
        (OrcFormat(), "org.apache.hadoop.hive.ql.io.orc.OrcSerde", {"orc.column.index.access": "false"}),
        (
            JsonFormat(),
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

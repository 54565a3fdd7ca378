"""Deliveries to Redshift, Splunk, HTTP endpoints, Snowflake and Iceberg tables."""

from __future__ import annotations

import json
from typing import Any

import cdk_nag
import pytest
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from cfnlint import api
from cfnlint.config import ManualArgs

from streaming_constructs.cdk.deliveries.firehose import Delivery
from streaming_constructs.cdk.deliveries.http_endpoint import HttpDelivery
from streaming_constructs.cdk.deliveries.iceberg import IcebergDelivery
from streaming_constructs.cdk.deliveries.redshift import RedshiftDelivery
from streaming_constructs.cdk.deliveries.snowflake import SnowflakeDelivery
from streaming_constructs.cdk.deliveries.splunk import SplunkDelivery
from streaming_constructs.cdk.streams.kinesis import KinesisStream
from streaming_constructs.review.validation import TemplateValidator
from streaming_constructs.spec.deliveries.backup import FailedBackup
from streaming_constructs.spec.deliveries.backup_bucket import BackupSpec
from streaming_constructs.spec.deliveries.firehose import DeliverySpec
from streaming_constructs.spec.deliveries.http_endpoint import HttpDestination
from streaming_constructs.spec.deliveries.iceberg import IcebergDestination, IcebergTable
from streaming_constructs.spec.deliveries.redshift import RedshiftDestination
from streaming_constructs.spec.deliveries.s3 import S3Destination
from streaming_constructs.spec.deliveries.snowflake import SnowflakeDestination
from streaming_constructs.spec.deliveries.splunk import SplunkDestination
from streaming_constructs.spec.deliveries.transform import TransformSpec
from streaming_constructs.spec.encryption import CustomerManagedKey
from streaming_constructs.spec.finding import SpecError
from streaming_constructs.spec.node import Reader
from streaming_constructs.spec.streams.kinesis import KinesisStreamSpec

STREAM = "AWS::KinesisFirehose::DeliveryStream"
ACCOUNT = "eu-west-1:111122223333"
SECRET = f"arn:aws:secretsmanager:{ACCOUNT}:secret:out-AbCdEf"
KEY = f"arn:aws:kms:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
JDBC = "jdbc:redshift://shop.abc123.eu-west-1.redshift.amazonaws.com:5439/shop"
SERVICE = "com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0"
CATALOG = f"arn:aws:glue:{ACCOUNT}:catalog"
TABLES = {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":s3:::tables"]]}
TABLE_FILES = {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":s3:::tables/*"]]}
CLASSES: dict[str, tuple[type[Any], type[Any], str]] = {
    "redshift": (RedshiftDelivery, RedshiftDestination, "RedshiftDestinationConfiguration"),
    "splunk": (SplunkDelivery, SplunkDestination, "SplunkDestinationConfiguration"),
    "http": (HttpDelivery, HttpDestination, "HttpEndpointDestinationConfiguration"),
    "snowflake": (SnowflakeDelivery, SnowflakeDestination, "SnowflakeDestinationConfiguration"),
    "iceberg": (IcebergDelivery, IcebergDestination, "IcebergDestinationConfiguration"),
}
LEAST: dict[str, dict[str, Any]] = {
    "redshift": {"jdbc_url": JDBC, "secret_arn": SECRET, "table": "clicks"},
    "splunk": {"endpoint": "https://splunk.example.com:8088", "secret_arn": SECRET},
    "http": {"endpoint": "https://example.com/clicks"},
    "snowflake": {
        "account_url": "https://shop.snowflakecomputing.com",
        "secret_arn": SECRET,
        "database": "SHOP",
        "schema_name": "PUBLIC",
        "table": "CLICKS",
    },
    "iceberg": {
        "catalog_arn": CATALOG,
        "table_bucket": "tables",
        "database": "shop",
        "table": "clicks",
    },
}
KINDS = tuple(CLASSES)
WITH_SECRET = ("redshift", "splunk", "http", "snowflake")
WRITES_BUCKET = {"s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"}
WRITES_OBJECTS = {"s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"}
SHARES_OBJECTS = WRITES_OBJECTS | {"s3:PutObjectAcl"}
"""In a bucket that exists, and may be another account's."""
WRITES_CATALOG = {"glue:GetDatabase", "glue:GetTable", "glue:UpdateTable"}


def to(kind: str, **options: Any) -> Any:
    return CLASSES[kind][1](**{**LEAST[kind], **options})


def create(
    bench: Any, kind: str, name: str = "out", *, delivery: Any = None, brought: Any = None, **options: Any
) -> Delivery:
    """A delivery; `delivery` is of the spec, `brought` of the construct, the rest of the destination."""
    spec = DeliverySpec(to=to(kind, **options), **(delivery or {}))
    created: Delivery = CLASSES[kind][0](bench.stack, name, spec=spec, **(brought or {}))
    return created


def destination(bench: Any, kind: str) -> dict[str, Any]:
    found: dict[str, Any] = bench.only(STREAM)[CLASSES[kind][2]]
    return found


def arn_of(bench: Any, resource_type: str, prefix: str = "out") -> dict[str, Any]:
    (logical_id,) = [key for key in bench.of_type(resource_type) if key.startswith(prefix)]
    return {"Fn::GetAtt": [logical_id, "Arn"]}


def log_of(bench: Any, name: str) -> dict[str, Any]:
    (logical_id,) = [key for key in bench.of_type("AWS::Logs::LogStream") if f"{name}Log" in key]
    return {
        "Enabled": True,
        "LogGroupName": {"Ref": bench.only_id("AWS::Logs::LogGroup")},
        "LogStreamName": {"Ref": logical_id},
    }


def bucket_of(bench: Any, prefix: str, **more: Any) -> dict[str, Any]:
    """What goes to S3 beside the destination."""
    return {
        "BucketARN": arn_of(bench, "AWS::S3::Bucket"),
        "RoleARN": arn_of(bench, "AWS::IAM::Role"),
        "Prefix": prefix,
        "CompressionFormat": "GZIP",
        "BufferingHints": {"SizeInMBs": 128, "IntervalInSeconds": 300},
        "CloudWatchLoggingOptions": log_of(bench, "Backup"),
        **more,
    }


def secret_of(bench: Any) -> dict[str, Any]:
    return {"Enabled": True, "SecretARN": SECRET, "RoleARN": arn_of(bench, "AWS::IAM::Role")}


def arn_in_any_partition(name: str) -> dict[str, Any]:
    """The ARN of a bucket, or of what is in it, that is named by its name."""
    return {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, f":s3:::{name}"]]}


def hints(mib: int, seconds: int) -> dict[str, int]:
    return {"SizeInMBs": mib, "IntervalInSeconds": seconds}


def test_everything_that_is_said_of_redshift_is_in_the_destination(bench: Any) -> None:
    create(
        bench,
        "redshift",
        columns=("page", "at"),
        copy_options="json 'auto ignorecase' GZIP",
        buffer_mb=32,
        buffer_seconds=120,
        retry_seconds=900,
        staging=BackupSpec(prefix="staged"),
    )
    assert destination(bench, "redshift") == {
        "ClusterJDBCURL": JDBC,
        "RoleARN": arn_of(bench, "AWS::IAM::Role"),
        "SecretsManagerConfiguration": secret_of(bench),
        "CopyCommand": {
            "DataTableName": "clicks",
            "DataTableColumns": "page,at",
            "CopyOptions": "json 'auto ignorecase' GZIP",
        },
        "S3Configuration": bucket_of(bench, "staged/", BufferingHints=hints(32, 120)),
        "RetryOptions": {"DurationInSeconds": 900},
        "S3BackupMode": "Disabled",
        "CloudWatchLoggingOptions": log_of(bench, "Delivery"),
    }


def test_address_of_a_workgroup_follows_from_its_name_and_the_stack(bench: Any) -> None:
    """Its account, its region, and how addresses of AWS end there, such as amazonaws.com.cn."""
    create(bench, "redshift", jdbc_url=None, workgroup="shop", database="sales")
    account, region, suffix = ({"Ref": f"AWS::{name}"} for name in ("AccountId", "Region", "URLSuffix"))
    parts = ["jdbc:redshift://shop.", account, ".", region, ".redshift-serverless.", suffix, ":5439/sales"]
    assert destination(bench, "redshift")["ClusterJDBCURL"] == {"Fn::Join": ["", parts]}


@pytest.mark.parametrize(
    ("options", "address"),
    [
        (
            {"workgroup": "shop.444455556666.us-east-1.redshift-serverless.amazonaws.com"},
            "shop.444455556666.us-east-1.redshift-serverless.amazonaws.com:5439",
        ),
        (
            {"workgroup": "shop.444455556666.cn-north-1.redshift-serverless.amazonaws.com.cn:5440"},
            "shop.444455556666.cn-north-1.redshift-serverless.amazonaws.com.cn:5440",
        ),
        (
            {"cluster": "shop.abc123.eu-west-1.redshift.amazonaws.com"},
            "shop.abc123.eu-west-1.redshift.amazonaws.com:5439",
        ),
        (
            {"cluster": "shop.abc123.cn-north-1.redshift.amazonaws.com.cn:5500"},
            "shop.abc123.cn-north-1.redshift.amazonaws.com.cn:5500",
        ),
    ],
)
def test_address_that_is_written_out_is_kept(bench: Any, options: dict[str, str], address: str) -> None:
    create(bench, "redshift", jdbc_url=None, database="sales", **options)
    assert destination(bench, "redshift")["ClusterJDBCURL"] == f"jdbc:redshift://{address}/sales"


def test_what_is_left_out_for_redshift_is_gzipped_json_for_all_columns(bench: Any) -> None:
    create(bench, "redshift")
    assert destination(bench, "redshift") == {
        "ClusterJDBCURL": JDBC,
        "RoleARN": arn_of(bench, "AWS::IAM::Role"),
        "SecretsManagerConfiguration": secret_of(bench),
        "CopyCommand": {"DataTableName": "clicks", "CopyOptions": "json 'auto' gzip"},
        "S3Configuration": bucket_of(bench, "backup/out/", BufferingHints=hints(64, 300)),
        "RetryOptions": {"DurationInSeconds": 3600},
        "S3BackupMode": "Disabled",
        "CloudWatchLoggingOptions": log_of(bench, "Delivery"),
    }


def test_everything_that_is_said_of_splunk_is_in_the_destination(bench: Any) -> None:
    create(
        bench,
        "splunk",
        endpoint_type="event",
        ack_timeout_seconds=200,
        buffer_mb=2,
        buffer_seconds=30,
        retry_seconds=900,
        backup=FailedBackup(records="all", prefix="copies"),
    )
    assert destination(bench, "splunk") == {
        "HECEndpoint": "https://splunk.example.com:8088",
        "HECEndpointType": "Event",
        "HECAcknowledgmentTimeoutInSeconds": 200,
        "SecretsManagerConfiguration": secret_of(bench),
        "BufferingHints": hints(2, 30),
        "RetryOptions": {"DurationInSeconds": 900},
        "S3BackupMode": "AllEvents",
        "S3Configuration": bucket_of(bench, "copies/"),
        "CloudWatchLoggingOptions": log_of(bench, "Delivery"),
    }


def test_what_is_left_out_for_splunk_is_raw_and_backs_up_what_failed(bench: Any) -> None:
    create(bench, "splunk")
    assert destination(bench, "splunk") == {
        "HECEndpoint": "https://splunk.example.com:8088",
        "HECEndpointType": "Raw",
        "HECAcknowledgmentTimeoutInSeconds": 300,
        "SecretsManagerConfiguration": secret_of(bench),
        "BufferingHints": hints(5, 60),
        "RetryOptions": {"DurationInSeconds": 300},
        "S3BackupMode": "FailedEventsOnly",
        "S3Configuration": bucket_of(bench, "backup/out/"),
        "CloudWatchLoggingOptions": log_of(bench, "Delivery"),
    }


def test_everything_that_is_said_of_an_endpoint_is_in_the_destination(bench: Any) -> None:
    create(
        bench,
        "http",
        secret_arn=SECRET,
        compression="none",
        attributes={"team": "shop", "stage": "prod"},
        buffer_mb=20,
        buffer_seconds=30,
        retry_seconds=900,
        backup=FailedBackup(records="all", prefix="copies"),
    )
    assert destination(bench, "http") == {
        "EndpointConfiguration": {"Name": "out", "Url": "https://example.com/clicks"},
        "RoleARN": arn_of(bench, "AWS::IAM::Role"),
        "SecretsManagerConfiguration": secret_of(bench),
        "RequestConfiguration": {
            "ContentEncoding": "NONE",
            "CommonAttributes": [
                {"AttributeName": "team", "AttributeValue": "shop"},
                {"AttributeName": "stage", "AttributeValue": "prod"},
            ],
        },
        "BufferingHints": hints(20, 30),
        "RetryOptions": {"DurationInSeconds": 900},
        "S3BackupMode": "AllData",
        "S3Configuration": bucket_of(bench, "copies/"),
        "CloudWatchLoggingOptions": log_of(bench, "Delivery"),
    }


def test_what_is_left_out_for_an_endpoint_is_gzipped_and_sent_without_a_key(bench: Any) -> None:
    create(bench, "http")
    assert destination(bench, "http") == {
        "EndpointConfiguration": {"Name": "out", "Url": "https://example.com/clicks"},
        "RoleARN": arn_of(bench, "AWS::IAM::Role"),
        "RequestConfiguration": {"ContentEncoding": "GZIP"},
        "BufferingHints": hints(4, 60),
        "RetryOptions": {"DurationInSeconds": 300},
        "S3BackupMode": "FailedDataOnly",
        "S3Configuration": bucket_of(bench, "backup/out/"),
        "CloudWatchLoggingOptions": log_of(bench, "Delivery"),
    }


def test_everything_that_is_said_of_snowflake_is_in_the_destination(bench: Any) -> None:
    create(
        bench,
        "snowflake",
        role="LOADER",
        load_as="variant_and_metadata",
        content_column="RECORD",
        metadata_column="ORIGIN",
        private_link_service=SERVICE,
        buffer_mb=20,
        buffer_seconds=30,
        retry_seconds=900,
        backup=FailedBackup(records="all", prefix="copies"),
    )
    assert destination(bench, "snowflake") == {
        "AccountUrl": "https://shop.snowflakecomputing.com",
        "Database": "SHOP",
        "Schema": "PUBLIC",
        "Table": "CLICKS",
        "RoleARN": arn_of(bench, "AWS::IAM::Role"),
        "SecretsManagerConfiguration": secret_of(bench),
        "SnowflakeRoleConfiguration": {"Enabled": True, "SnowflakeRole": "LOADER"},
        "SnowflakeVpcConfiguration": {"PrivateLinkVpceId": SERVICE},
        "DataLoadingOption": "VARIANT_CONTENT_AND_METADATA_MAPPING",
        "ContentColumnName": "RECORD",
        "MetaDataColumnName": "ORIGIN",
        "BufferingHints": hints(20, 30),
        "RetryOptions": {"DurationInSeconds": 900},
        "S3BackupMode": "AllData",
        "S3Configuration": bucket_of(bench, "copies/"),
        "CloudWatchLoggingOptions": log_of(bench, "Delivery"),
    }


def test_what_is_left_out_for_snowflake_maps_fields_to_columns_at_once(bench: Any) -> None:
    create(bench, "snowflake")
    assert destination(bench, "snowflake") == {
        "AccountUrl": "https://shop.snowflakecomputing.com",
        "Database": "SHOP",
        "Schema": "PUBLIC",
        "Table": "CLICKS",
        "RoleARN": arn_of(bench, "AWS::IAM::Role"),
        "SecretsManagerConfiguration": secret_of(bench),
        "DataLoadingOption": "JSON_MAPPING",
        "BufferingHints": hints(1, 0),
        "RetryOptions": {"DurationInSeconds": 60},
        "S3BackupMode": "FailedDataOnly",
        "S3Configuration": bucket_of(bench, "backup/out/"),
        "CloudWatchLoggingOptions": log_of(bench, "Delivery"),
    }


def test_a_record_in_one_column_has_no_column_of_metadata(bench: Any) -> None:
    create(bench, "snowflake", load_as="variant", content_column="RECORD")
    found = destination(bench, "snowflake")
    assert (found["DataLoadingOption"], found["ContentColumnName"]) == ("VARIANT_CONTENT_MAPPING", "RECORD")
    assert "MetaDataColumnName" not in found


def test_everything_that_is_said_of_iceberg_tables_is_in_the_destination(bench: Any, code: str) -> None:
    tables = (
        IcebergTable(database="shop", table="clicks", unique_keys=("id", "at")),
        IcebergTable(database="shop", table="views", unique_keys=("id",)),
    )
    create(
        bench,
        "iceberg",
        delivery={"transform": TransformSpec(code=code)},
        database=None,
        table=None,
        tables=tables,
        buffer_mb=20,
        buffer_seconds=30,
        retry_seconds=900,
        backup=FailedBackup(prefix="refused"),
    )
    found = destination(bench, "iceberg")
    assert found.pop("ProcessingConfiguration")["Enabled"] is True
    log = next(key for key in bench.of_type("AWS::Logs::LogGroup") if key.startswith("outLogs"))
    streams = {
        name: next(key for key in bench.of_type("AWS::Logs::LogStream") if name in key) for name in ("Del", "Ba")
    }
    logged = {"Enabled": True, "LogGroupName": {"Ref": log}}
    role = arn_of(bench, "AWS::IAM::Role", "outRole")
    assert found == {
        "CatalogConfiguration": {"CatalogArn": CATALOG},
        "RoleARN": role,
        "AppendOnly": False,
        "DestinationTableConfigurationList": [
            {"DestinationDatabaseName": "shop", "DestinationTableName": "clicks", "UniqueKeys": ["id", "at"]},
            {"DestinationDatabaseName": "shop", "DestinationTableName": "views", "UniqueKeys": ["id"]},
        ],
        "BufferingHints": hints(20, 30),
        "RetryOptions": {"DurationInSeconds": 900},
        "s3BackupMode": "FailedDataOnly",
        "S3Configuration": {
            "BucketARN": arn_of(bench, "AWS::S3::Bucket"),
            "RoleARN": role,
            "Prefix": "refused/",
            "CompressionFormat": "GZIP",
            "BufferingHints": hints(128, 300),
            "CloudWatchLoggingOptions": {**logged, "LogStreamName": {"Ref": streams["Ba"]}},
        },
        "CloudWatchLoggingOptions": {**logged, "LogStreamName": {"Ref": streams["Del"]}},
    }


def test_what_is_left_out_for_iceberg_tables_only_adds_rows(bench: Any) -> None:
    create(bench, "iceberg")
    assert destination(bench, "iceberg") == {
        "CatalogConfiguration": {"CatalogArn": CATALOG},
        "RoleARN": arn_of(bench, "AWS::IAM::Role"),
        "AppendOnly": True,
        "DestinationTableConfigurationList": [{"DestinationDatabaseName": "shop", "DestinationTableName": "clicks"}],
        "BufferingHints": hints(64, 300),
        "RetryOptions": {"DurationInSeconds": 300},
        "s3BackupMode": "FailedDataOnly",
        "S3Configuration": bucket_of(bench, "backup/out/"),
        "CloudWatchLoggingOptions": log_of(bench, "Delivery"),
    }


def test_rows_with_keys_are_upserted_in_the_catalog_of_the_stack(bench: Any) -> None:
    create(bench, "iceberg", catalog_arn=None, unique_keys=("id",))
    found = destination(bench, "iceberg")
    place = [":glue:", {"Ref": "AWS::Region"}, ":", {"Ref": "AWS::AccountId"}, ":"]
    arns = {
        name: {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, *place[:-1], f":{name}"]]}
        for name in ("catalog", "database/shop", "table/shop/clicks")
    }
    assert found["CatalogConfiguration"] == {"CatalogArn": arns["catalog"]}
    assert found["AppendOnly"] is False
    assert found["DestinationTableConfigurationList"][0]["UniqueKeys"] == ["id"]
    (processor,) = found["ProcessingConfiguration"]["Processors"]
    assert processor["Type"] == "MetadataExtraction"
    assert [bench.allowed_on(arn) for arn in arns.values()] == [WRITES_CATALOG] * len(arns)


@pytest.mark.parametrize("kind", KINDS)
def test_records_come_from_a_stream(bench: Any, kind: str) -> None:
    stream = KinesisStream(
        bench.stack,
        "clicks",
        spec=KinesisStreamSpec(mode="on_demand", encryption=CustomerManagedKey(kms_key_arn=KEY)),
        readers=[Reader("out")],
    )
    create(bench, kind, delivery={"from_": "clicks"}, brought={"source": stream})
    found = bench.only(STREAM)
    arn = arn_of(bench, "AWS::Kinesis::Stream", "clicks")
    assert found["DeliveryStreamType"] == "KinesisStreamAsSource"
    assert found["KinesisStreamSourceConfiguration"] == {
        "KinesisStreamARN": arn,
        "RoleARN": arn_of(bench, "AWS::IAM::Role"),
    }
    assert "DeliveryStreamEncryptionConfigurationInput" not in found
    reads = {"kinesis:DescribeStream", "kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:ListShards"}
    assert bench.allowed_on(arn) == reads
    # The bucket is under the key of the stream, unless the spec says otherwise.
    assert bench.allowed_on(KEY) == {"kms:Decrypt", "kms:GenerateDataKey"}
    stored = found[CLASSES[kind][2]]["S3Configuration"]
    assert stored["EncryptionConfiguration"] == {"KMSEncryptionConfig": {"AWSKMSKeyARN": KEY}}


@pytest.mark.parametrize("kind", KINDS)
def test_records_are_put_directly_and_encrypted(bench: Any, kind: str) -> None:
    create(bench, kind)
    found = bench.only(STREAM)
    assert found["DeliveryStreamType"] == "DirectPut"
    assert found["DeliveryStreamEncryptionConfigurationInput"] == {"KeyType": "AWS_OWNED_CMK"}
    assert "KinesisStreamSourceConfiguration" not in found


@pytest.mark.parametrize("kind", KINDS)
def test_records_go_through_a_function(bench: Any, kind: str) -> None:
    function = lambda_.Function.from_function_arn(bench.stack, "Live", f"arn:aws:lambda:{ACCOUNT}:function:live")
    transform = TransformSpec(buffer_mb=0.5, buffer_seconds=30, retries=5)
    create(bench, kind, delivery={"transform": transform}, brought={"transform": function})
    arn = f"arn:aws:lambda:{ACCOUNT}:function:live:$LATEST"
    (processor,) = destination(bench, kind)["ProcessingConfiguration"]["Processors"]
    assert processor["Type"] == "Lambda"
    assert {one["ParameterName"]: one["ParameterValue"] for one in processor["Parameters"]} == {
        "LambdaArn": arn,
        "RoleArn": arn_of(bench, "AWS::IAM::Role"),
        "NumberOfRetries": "5",
        "BufferSizeInMBs": "0.5",
        "BufferIntervalInSeconds": "30",
    }
    assert bench.allowed_on(arn) == {"lambda:GetFunctionConfiguration", "lambda:InvokeFunction"}


@pytest.mark.parametrize("kind", KINDS)
def test_bucket_that_is_brought_takes_what_goes_to_s3(bench: Any, kind: str) -> None:
    bucket = s3.Bucket.from_bucket_name(bench.stack, "Live", "live")
    delivery = create(bench, kind, brought={"backup_bucket": bucket})
    arn = {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":s3:::live"]]}
    assert destination(bench, kind)["S3Configuration"]["BucketARN"] == arn
    assert bench.of_type("AWS::S3::Bucket") == {}
    assert bench.allowed_on(arn) == WRITES_BUCKET
    assert delivery.backup_bucket is bucket


@pytest.mark.parametrize("kind", KINDS)
def test_bucket_that_is_named_takes_what_goes_to_s3(bench: Any, kind: str) -> None:
    given: dict[str, Any] = {"bucket": "live", "kms_key_arn": KEY}
    backup = {"staging": BackupSpec(**given)} if kind == "redshift" else {"backup": FailedBackup(**given)}
    create(bench, kind, **backup)
    stored = destination(bench, kind)["S3Configuration"]
    assert stored["BucketARN"] == arn_in_any_partition("live")
    assert stored["EncryptionConfiguration"] == {"KMSEncryptionConfig": {"AWSKMSKeyARN": KEY}}
    assert bench.allowed_on(arn_in_any_partition("live/backup/out/*")) == SHARES_OBJECTS
    assert bench.allowed_on(KEY) == {"kms:Decrypt", "kms:GenerateDataKey"}
    assert bench.of_type("AWS::S3::Bucket") == {}


@pytest.mark.parametrize("kind", KINDS)
def test_bucket_cannot_be_brought_and_asked_for(bench: Any, kind: str) -> None:
    bucket = s3.Bucket.from_bucket_name(bench.stack, "Live", "live")
    asked: dict[str, Any] = {"expire_after_days": 9}
    backup = {"staging": BackupSpec(**asked)} if kind == "redshift" else {"backup": FailedBackup(**asked)}
    with pytest.raises(SpecError) as refused:
        create(bench, kind, brought={"backup_bucket": bucket}, **backup)
    assert [finding.code for finding in refused.value.findings] == ["LNG403"]


@pytest.mark.parametrize("kind", WITH_SECRET)
def test_role_may_read_its_secret_and_no_other(bench: Any, kind: str) -> None:
    create(bench, kind, secret_arn=SECRET)
    assert bench.allowed_on(SECRET) == {"secretsmanager:GetSecretValue"}
    assert [one["Resource"] for one in bench.statements() if "secretsmanager" in str(one["Action"])] == [SECRET]
    assert [one for one in bench.statements() if "kms:" in str(one["Action"])] == []


@pytest.mark.parametrize("kind", WITH_SECRET)
def test_role_may_decrypt_a_secret_under_a_key_of_its_own(bench: Any, kind: str) -> None:
    create(bench, kind, secret_arn=SECRET, secret_kms_key_arn=KEY)
    assert bench.allowed_on(KEY) == {"kms:Decrypt"}


def test_endpoint_without_a_secret_takes_no_permission_on_one(bench: Any) -> None:
    create(bench, "http")
    assert [one for one in bench.statements() if "secretsmanager" in str(one["Action"])] == []


def test_redshift_may_leave_its_manifests_beside_what_is_staged(bench: Any) -> None:
    create(bench, "redshift", staging=BackupSpec(bucket="staged", prefix="clicks"))
    for folder in ("clicks", "errors", "manifests"):
        assert bench.allowed_on(arn_in_any_partition(f"staged/{folder}/*")) == SHARES_OBJECTS
    assert bench.allowed_on(arn_in_any_partition("staged/*")) == set()


def test_iceberg_may_update_its_tables_and_no_others(bench: Any) -> None:
    create(bench, "iceberg")
    root = f"arn:aws:glue:{ACCOUNT}"
    resources = [CATALOG, f"{root}:database/shop", f"{root}:table/shop/clicks"]
    assert [one["Resource"] for one in bench.statements() if "glue" in str(one["Action"])] == resources
    assert [bench.allowed_on(resource) for resource in resources] == [WRITES_CATALOG] * 3
    assert bench.allowed_on(TABLES) == WRITES_BUCKET
    assert bench.allowed_on(TABLE_FILES) == WRITES_OBJECTS | {"s3:DeleteObject"}
    assert bench.allowed_on("*") == set()


def test_iceberg_may_use_the_key_of_the_tables(bench: Any) -> None:
    create(bench, "iceberg", table_bucket_kms_key_arn=KEY)
    assert bench.allowed_on(KEY) == {"kms:Decrypt", "kms:GenerateDataKey"}


def test_tables_of_s3_tables_are_reached_through_lake_formation(bench: Any) -> None:
    inside = "s3tablescatalog/lake"
    create(bench, "iceberg", catalog_arn=f"{CATALOG}/{inside}", table_bucket=None)
    root = f"arn:aws:glue:{ACCOUNT}"
    resources = [
        f"{root}:catalog",
        f"{root}:catalog/s3tablescatalog",
        f"{root}:catalog/{inside}",
        f"{root}:database/{inside}/shop",
        f"{root}:table/{inside}/shop/clicks",
    ]
    assert destination(bench, "iceberg")["CatalogConfiguration"] == {"CatalogArn": f"{CATALOG}/{inside}"}
    assert [one["Resource"] for one in bench.statements() if "glue" in str(one["Action"])] == resources
    assert [bench.allowed_on(resource) for resource in resources] == [WRITES_CATALOG] * 5
    assert bench.allowed_on("*") == {"lakeformation:GetDataAccess"}
    assert "s3:::" not in json.dumps(bench.statements())


@pytest.mark.parametrize("kind", KINDS)
def test_role_and_its_policy_are_there_before_the_stream(bench: Any, kind: str) -> None:
    create(bench, kind)
    (stream,) = bench.of_type(STREAM).values()
    policy = bench.only_id("AWS::IAM::ManagedPolicy")
    assert stream["DependsOn"] == [policy]
    assert bench.only("AWS::IAM::ManagedPolicy")["Roles"] == [{"Ref": bench.only_id("AWS::IAM::Role")}]


@pytest.mark.parametrize("end", ["minimum", "maximum"])
@pytest.mark.parametrize("kind", KINDS)
def test_buffers_and_retries_reach_from_the_least_to_the_most(bench: Any, kind: str, end: str) -> None:
    facts = CLASSES[kind][1].facts
    mib, seconds, retry = (
        getattr(limits, end) for limits in (facts.buffer_mb, facts.buffer_seconds, facts.retry_seconds)
    )
    create(bench, kind, buffer_mb=mib, buffer_seconds=seconds, retry_seconds=retry)
    found = destination(bench, kind)
    # Redshift has the buffer of what it stages.
    buffered = found["S3Configuration"] if kind == "redshift" else found
    assert buffered["BufferingHints"] == {"SizeInMBs": mib, "IntervalInSeconds": seconds}
    assert found["RetryOptions"] == {"DurationInSeconds": retry}


@pytest.mark.parametrize("kind", KINDS)
def test_two_fit_in_one_stack(bench: Any, kind: str) -> None:
    create(bench, kind, "one")
    create(bench, kind, "two")
    prefixes = {
        one["Properties"][CLASSES[kind][2]]["S3Configuration"]["Prefix"] for one in bench.of_type(STREAM).values()
    }
    assert prefixes == {"backup/one/", "backup/two/"}


@pytest.mark.parametrize("kind", KINDS)
def test_another_kind_of_destination_is_refused(bench: Any, kind: str) -> None:
    with pytest.raises(SpecError) as refused:
        CLASSES[kind][0](bench.stack, "out", spec=DeliverySpec(to=S3Destination()))
    (finding,) = refused.value.findings
    assert (finding.code, finding.path) == ("LNG403", ("out", "to", "kind"))
    assert finding.help == f"use the construct of that kind, or set `kind: {kind}`"


VARIANTS: dict[str, tuple[str, dict[str, Any]]] = {
    **{kind: (kind, {}) for kind in KINDS},
    "redshift with all": ("redshift", {"columns": ("page",), "secret_kms_key_arn": KEY}),
    "splunk with all": ("splunk", {"backup": FailedBackup(records="all"), "secret_kms_key_arn": KEY}),
    "http with all": ("http", {"secret_arn": SECRET, "secret_kms_key_arn": KEY, "attributes": {"team": "shop"}}),
    "snowflake with all": (
        "snowflake",
        {"role": "LOADER", "private_link_service": SERVICE, "load_as": "variant", "content_column": "RECORD"},
    ),
    "redshift by workgroup": ("redshift", {"jdbc_url": None, "workgroup": "shop", "database": "shop"}),
    "iceberg with all": ("iceberg", {"table_bucket_kms_key_arn": KEY}),
    "iceberg with upserts": ("iceberg", {"catalog_arn": None, "unique_keys": ("id",)}),
    "iceberg in S3 Tables": (
        "iceberg",
        {"catalog_arn": f"{CATALOG}/s3tablescatalog/lake", "table_bucket": None},
    ),
}


def build(bench: Any, variant: str, code: str) -> None:
    """A variant from a stream under a key of its own, with a function, and the same by direct put."""
    kind, options = VARIANTS[variant]
    spec = KinesisStreamSpec(mode="on_demand", encryption=CustomerManagedKey())
    stream = KinesisStream(bench.stack, "clicks", spec=spec, readers=[Reader("fed")])
    fed = {"from_": "clicks", "transform": TransformSpec(code=code, reserved_concurrency=5)}
    create(bench, kind, "fed", delivery=fed, brought={"source": stream}, **options)
    create(bench, kind, "direct", **options)


@pytest.mark.parametrize("variant", VARIANTS)
def test_no_pack_has_a_finding_that_is_not_acknowledged(bench: Any, code: str, variant: str) -> None:
    build(bench, variant, code)
    for pack in (
        cdk_nag.AwsSolutionsChecks,
        cdk_nag.ServerlessChecks,
        cdk_nag.NIST80053R5Checks,
        cdk_nag.HIPAASecurityChecks,
        cdk_nag.PCIDSS321Checks,
    ):
        violations = pack(bench.stack).validate_scope(bench.stack).violations
        assert [f"{one.rule_name}: {one.description}" for one in violations] == []


@pytest.fixture(scope="module")
def validator() -> TemplateValidator:
    return TemplateValidator()


@pytest.mark.parametrize("variant", VARIANTS)
def test_validators_find_nothing(bench: Any, code: str, variant: str, validator: TemplateValidator) -> None:
    build(bench, variant, code)
    text = json.dumps(bench.template)
    assert [str(one) for one in validator.validate(text)] == []
    config = ManualArgs(regions=["eu-west-1"], ignore_checks=["W3005"])
    assert [f"{one.rule.id} {one.message}" for one in api.lint(text, config=config)] == []
    assert text.isascii()

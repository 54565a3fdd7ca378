"""The archive in S3: its Firehose stream, its role, and everything that the spec can say of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from aws_cdk.assertions import Annotations, Match
from constructs import Construct
from hypothesis import given, settings
from hypothesis import strategies as st

from streaming_constructs import (
    AlarmsSpec,
    BackupSpec,
    CustomerManagedKey,
    DeliverySpec,
    GlueDatabase,
    KinesisStream,
    KinesisStreamSpec,
    OpenSearchDestination,
    Partition,
    PipelineAlarms,
    PipelineDashboard,
    PipelineSpec,
    Reader,
    RecordField,
    S3Delivery,
    S3Destination,
    SpecError,
    StreamingPipeline,
    TransformSpec,
    Workload,
)
from streaming_constructs.facts import firehose as facts
from streaming_constructs.planning.deliveries.firehose import plan_delivery
from streaming_constructs.planning.streams.kinesis import plan_stream
from streaming_constructs.spec.deliveries.firehose import DelimitedRecords

DELIVERY = "AWS::KinesisFirehose::DeliveryStream"
POLICY = "AWS::IAM::ManagedPolicy"
ROLE = "AWS::IAM::Role"
BUCKET = "AWS::S3::Bucket"
TABLE = "AWS::Glue::Table"
KEY = "AWS::KMS::Key"
LOGS = "AWS::Logs::LogGroup"
ACCOUNT = "eu-west-1:111122223333"
KEY_ARN = f"arn:aws:kms:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
FUNCTION_ARN = f"arn:aws:lambda:{ACCOUNT}:function:mend"
BUCKET_ARN = "arn:aws:s3:::company-records"
DOMAIN_ARN = f"arn:aws:es:{ACCOUNT}:domain/search"
SCHEMA = {"country": "string", "at": "timestamp"}
TO_BUCKET = ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"]
TO_OBJECTS = ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"]
TO_OBJECTS_OF_OTHERS = ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject", "s3:PutObjectAcl"]
READ = ["kinesis:DescribeStream", "kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:ListShards"]
READ_TABLE = ["glue:GetTable", "glue:GetTableVersion", "glue:GetTableVersions"]


def clicks(scope: Construct, *readers: str, **more: Any) -> KinesisStream:
    spec = KinesisStreamSpec(mode="on_demand", **more)
    return KinesisStream(scope, "clicks", spec=spec, readers=[Reader(name) for name in readers or ("lake",)])


def to(**more: Any) -> S3Destination:
    return S3Destination(**more)


def fed(
    bench: Any, destination: S3Destination | None = None, stream: dict[str, Any] | None = None, **more: Any
) -> S3Delivery:
    """An archive of a stream, with a schema."""
    options = {name: more.pop(name) for name in tuple(more) if name in DeliverySpec.model_fields}
    spec = DeliverySpec(from_="clicks", to=destination or to(), **options)
    given = {"schema": SCHEMA, **more}
    given["source"] = more.get("source") or clicks(bench.stack, **(stream or {}))
    return S3Delivery(bench.stack, "lake", spec=spec, **given)


def put(bench: Any, destination: S3Destination | None = None, **more: Any) -> S3Delivery:
    """An archive that is written to directly, without a schema."""
    options = {name: more.pop(name) for name in tuple(more) if name in DeliverySpec.model_fields}
    return S3Delivery(bench.stack, "lake", spec=DeliverySpec(to=destination or to(), **options), **more)


def archive(bench: Any) -> dict[str, Any]:
    found: dict[str, Any] = bench.only(DELIVERY)["ExtendedS3DestinationConfiguration"]
    return found


def arn(bench: Any, resource_type: str, prefix: str = "") -> dict[str, Any]:
    (logical_id,) = [key for key in bench.of_type(resource_type) if key.startswith(prefix)]
    return {"Fn::GetAtt": [logical_id, "Arn"]}


def below(bucket: Any, folder: str) -> Any:
    return {"Fn::Join": ["", [bucket, f"/{folder}*"]]}


def glue(name: str) -> dict[str, Any]:
    prefix = [":glue:", {"Ref": "AWS::Region"}, ":", {"Ref": "AWS::AccountId"}, f":{name}"]
    return {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, *prefix]]}


def databases(bench: Any) -> set[str]:
    return {one["Properties"]["DatabaseInput"]["Name"] for one in bench.of_type("AWS::Glue::Database").values()}


def database(bench: Any) -> str:
    (name,) = databases(bench)
    return name


def in_any_partition(name: str) -> dict[str, Any]:
    """The ARN of a bucket, or of what is in it, that is named by its name."""
    return {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, f":s3:::{name}"]]}


def ordered(*statements: tuple[list[str], Any]) -> list[tuple[list[str], Any]]:
    """Statements, whose order says nothing."""
    return sorted(statements, key=str)


def policy(bench: Any, prefix: str = "lakePermissions") -> list[tuple[list[str], Any]]:
    """The statements of a policy: actions and resource; nothing else may stand in them."""
    (found,) = [one for key, one in bench.of_type(POLICY).items() if key.startswith(prefix)]
    statements = found["Properties"]["PolicyDocument"]["Statement"]
    assert all(set(one) == {"Action", "Effect", "Resource"} and one["Effect"] == "Allow" for one in statements)
    return ordered(
        *(
            (one["Action"] if isinstance(one["Action"], list) else [one["Action"]], one["Resource"])
            for one in statements
        )
    )


def steps(bench: Any) -> dict[str, dict[str, Any]]:
    """The processors in their order, each with its parameters."""
    found = archive(bench).get("ProcessingConfiguration", {"Enabled": True, "Processors": []})
    assert found["Enabled"] is True
    return {
        one["Type"]: {each["ParameterName"]: each["ParameterValue"] for each in one["Parameters"]}
        for one in found["Processors"]
    }


def refused(error: pytest.ExceptionInfo[SpecError]) -> list[tuple[str, str]]:
    return [(one.code, one.dotted_path) for one in error.value.findings]


# --- the whole, once


def test_archive_of_parquet_has_every_property_in_its_place(bench: Any) -> None:
    fed(bench, to(format="parquet"))
    role = arn(bench, ROLE, "lakeRole")
    log = bench.only_id(LOGS)
    assert bench.only(DELIVERY) == {
        "DeliveryStreamType": "KinesisStreamAsSource",
        "KinesisStreamSourceConfiguration": {"KinesisStreamARN": arn(bench, "AWS::Kinesis::Stream"), "RoleARN": role},
        "ExtendedS3DestinationConfiguration": {
            "BucketARN": arn(bench, BUCKET),
            "RoleARN": role,
            "Prefix": "lake/arrival_day=!{timestamp:yyyy-MM-dd}/",
            "ErrorOutputPrefix": "errors/lake/!{firehose:error-output-type}/!{timestamp:yyyy-MM-dd}/",
            "CustomTimeZone": "UTC",
            "BufferingHints": {"SizeInMBs": 128, "IntervalInSeconds": 300},
            "CompressionFormat": "UNCOMPRESSED",
            "CloudWatchLoggingOptions": {
                "Enabled": True,
                "LogGroupName": {"Ref": log},
                "LogStreamName": {"Ref": bench.only_id("AWS::Logs::LogStream")},
            },
            "DataFormatConversionConfiguration": {
                "Enabled": True,
                "InputFormatConfiguration": {"Deserializer": {"OpenXJsonSerDe": {"CaseInsensitive": True}}},
                "OutputFormatConfiguration": {
                    "Serializer": {"ParquetSerDe": {"Compression": "SNAPPY", "WriterVersion": "V1"}}
                },
                "SchemaConfiguration": {
                    "CatalogId": {"Ref": "AWS::AccountId"},
                    "DatabaseName": database(bench),
                    "TableName": {"Ref": bench.only_id(TABLE)},
                    "Region": {"Ref": "AWS::Region"},
                    "RoleARN": role,
                    "VersionId": "LATEST",
                },
            },
        },
    }


def test_archive_of_json_is_compressed_outside_and_not_converted(bench: Any) -> None:
    fed(bench)
    found = archive(bench)
    assert found["CompressionFormat"] == "GZIP"
    assert {"DataFormatConversionConfiguration", "DynamicPartitioningConfiguration", "S3BackupMode"} & set(
        found
    ) == set()


def test_role_and_policy_are_there_before_the_stream_which_firehose_checks_at_once(bench: Any) -> None:
    fed(bench, to(format="parquet"))
    (stream,) = bench.of_type(DELIVERY).values()
    assert stream["DependsOn"] == [bench.only_id(POLICY)]
    assert bench.only(POLICY)["Roles"] == [{"Ref": bench.only_id(ROLE)}]


def test_role_is_for_firehose_when_it_acts_for_this_account_alone(bench: Any) -> None:
    put(bench)
    assert bench.only(ROLE)["AssumeRolePolicyDocument"]["Statement"] == [
        {
            "Action": "sts:AssumeRole",
            "Effect": "Allow",
            "Principal": {"Service": "firehose.amazonaws.com"},
            "Condition": {"StringEquals": {"sts:ExternalId": {"Ref": "AWS::AccountId"}}},
        }
    ]


# --- what the role may do: whole policies


def test_policy_of_a_plain_archive_reads_writes_and_logs(bench: Any) -> None:
    fed(bench)
    bucket = arn(bench, BUCKET)
    assert policy(bench) == ordered(
        (["logs:PutLogEvents"], arn(bench, LOGS)),
        (READ, arn(bench, "AWS::Kinesis::Stream")),
        (TO_BUCKET, bucket),
        (TO_OBJECTS, below(bucket, "lake/")),
        (TO_OBJECTS, below(bucket, "errors/lake/")),
    )


def test_policy_of_an_archive_with_everything_names_each_thing_once(bench: Any, code: str) -> None:
    S3Delivery(
        bench.stack,
        "lake",
        source=clicks(bench.stack, encryption=CustomerManagedKey()),
        schema=SCHEMA,
        spec=DeliverySpec(
            from_="clicks",
            transform=TransformSpec(code=code),
            to=to(
                format="parquet",
                prefix="raw/",
                error_prefix="bad",
                encryption=CustomerManagedKey(kms_key_arn=KEY_ARN),
                source_backup=BackupSpec(prefix="source"),
            ),
        ),
    )
    bucket = arn(bench, BUCKET)
    function = {"Fn::Join": ["", [arn(bench, "AWS::Lambda::Function"), ":$LATEST"]]}
    assert policy(bench) == ordered(
        (["logs:PutLogEvents"], arn(bench, LOGS, "lakeLogs")),
        (READ, arn(bench, "AWS::Kinesis::Stream")),
        (["kms:Decrypt"], arn(bench, KEY)),
        (TO_BUCKET, bucket),
        (TO_OBJECTS, below(bucket, "raw/")),
        (TO_OBJECTS, below(bucket, "bad/")),
        (["kms:Decrypt", "kms:GenerateDataKey"], KEY_ARN),
        (READ_TABLE, glue("catalog")),
        (READ_TABLE, glue(f"database/{database(bench)}")),
        (READ_TABLE, glue(f"table/{database(bench)}/lake")),
        (["lambda:GetFunctionConfiguration", "lambda:InvokeFunction"], function),
        (TO_OBJECTS, below(bucket, "source/")),
    )


def test_archive_in_a_folder_writes_nowhere_else(bench: Any) -> None:
    put(bench, to(bucket=BUCKET_ARN, prefix="audit/"))
    assert archive(bench)["ErrorOutputPrefix"].startswith("audit/_errors/!{firehose:error-output-type}/")
    assert policy(bench) == ordered(
        (["logs:PutLogEvents"], arn(bench, LOGS)),
        (TO_BUCKET, in_any_partition("company-records")),
        (TO_OBJECTS_OF_OTHERS, in_any_partition("company-records/audit/*")),
    )


def test_policy_of_a_direct_archive_reads_nothing(bench: Any) -> None:
    put(bench)
    bucket = arn(bench, BUCKET)
    assert policy(bench) == ordered(
        (["logs:PutLogEvents"], arn(bench, LOGS)),
        (TO_BUCKET, bucket),
        (TO_OBJECTS, below(bucket, "lake/")),
        (TO_OBJECTS, below(bucket, "errors/lake/")),
    )


def test_table_that_converts_nothing_is_not_firehoses_to_read(bench: Any) -> None:
    fed(bench)
    assert [action for actions, _ in policy(bench) for action in actions if action.startswith("glue:")] == []
    assert len(bench.of_type(TABLE)) == 1


# --- buffers


@pytest.mark.parametrize("format_", ["parquet", "orc", "json"])
@pytest.mark.parametrize("partition", ["day(arrival)", "country"])
def test_planned_buffer_is_in_the_template(bench: Any, format_: Any, partition: str) -> None:
    archive_ = fed(
        bench,
        to(format=format_, partition_by=(Partition(by=partition),)),
        {"workload": Workload(records_per_second=5, record_kb=1)},
    )
    assert archive(bench)["BufferingHints"] == {"SizeInMBs": 128, "IntervalInSeconds": 900}
    assert (archive_.plan.buffer_mb, archive_.plan.buffer_seconds) == (128, 900)


def test_given_buffer_is_in_the_template(bench: Any) -> None:
    fed(bench, to(format="parquet", buffer_mb=64, buffer_seconds=0))
    assert archive(bench)["BufferingHints"] == {"SizeInMBs": 64, "IntervalInSeconds": 0}


@settings(max_examples=100)
@given(
    st.integers(1, 10**6),
    st.integers(1, 1000),
    st.sampled_from(["parquet", "orc"]),
    st.sampled_from(["day(arrival)", "country", "hour(at)"]),
)
def test_derived_buffer_is_large_enough_for_conversion_and_partitions(
    rate: int, kib: int, format_: Any, partition: str
) -> None:
    spec = KinesisStreamSpec(mode="on_demand", workload=Workload(records_per_second=rate, record_kb=kib))
    planned = plan_delivery(
        "lake",
        DeliverySpec(from_="clicks", to=to(format=format_, partition_by=(Partition(by=partition),))),
        plan_stream("clicks", spec),
    )
    assert 64 <= planned.buffer_mb <= 128
    assert 60 <= planned.buffer_seconds <= 900


# --- formats


@pytest.mark.parametrize(
    ("compression", "written"),
    [
        ("gzip", "GZIP"),
        ("none", "UNCOMPRESSED"),
        ("zip", "ZIP"),
        ("snappy", "Snappy"),
        ("hadoop_snappy", "HADOOP_SNAPPY"),
    ],
)
def test_json_is_compressed_as_the_spec_says(bench: Any, compression: Any, written: str) -> None:
    put(bench, to(compression=compression))
    assert archive(bench)["CompressionFormat"] == written


@pytest.mark.parametrize(
    ("written", "serializer"),
    [
        (
            {"format": "parquet", "compression": "none", "block_mb": 512, "writer_version": "v2"},
            {"ParquetSerDe": {"Compression": "UNCOMPRESSED", "BlockSizeBytes": 536_870_912, "WriterVersion": "V2"}},
        ),
        (
            {"format": "parquet", "compression": "gzip"},
            {"ParquetSerDe": {"Compression": "GZIP", "WriterVersion": "V1"}},
        ),
        ({"format": "orc"}, {"OrcSerDe": {"Compression": "SNAPPY"}}),
        (
            {"format": "orc", "compression": "zlib", "stripe_mb": 8, "bloom_filter_columns": ("country", "At")},
            {
                "OrcSerDe": {
                    "Compression": "ZLIB",
                    "StripeSizeBytes": 8_388_608,
                    "BloomFilterColumns": ["country", "at"],
                }
            },
        ),
        ({"format": "orc", "compression": "none"}, {"OrcSerDe": {"Compression": "NONE"}}),
    ],
)
def test_conversion_takes_what_the_spec_says_and_compresses_inside(bench: Any, written: Any, serializer: Any) -> None:
    fed(bench, to(**written))
    found = archive(bench)
    assert found["CompressionFormat"] == "UNCOMPRESSED"
    conversion = found["DataFormatConversionConfiguration"]
    assert conversion["Enabled"] is True
    assert conversion["OutputFormatConfiguration"] == {"Serializer": serializer}
    assert conversion["SchemaConfiguration"]["TableName"] == {"Ref": bench.only_id(TABLE)}


@pytest.mark.parametrize(
    ("schema", "deserializer"),
    [
        (
            {"agent": RecordField(type="string", json_key="User-Agent"), "at": "timestamp"},
            {"OpenXJsonSerDe": {"CaseInsensitive": True, "ColumnToJsonKeyMappings": {"agent": "user-agent"}}},
        ),
        (
            {"at": RecordField(type="timestamp", timestamp_format="epoch_millis")},
            {"OpenXJsonSerDe": {"CaseInsensitive": True}},
        ),
        (
            {
                "at": RecordField(type="timestamp", timestamp_format="dd/MM/yyyy HH:mm"),
                "seen": RecordField(type="timestamp", timestamp_format="epoch_millis"),
            },
            {"HiveJsonSerDe": {"TimestampFormats": ["dd/MM/yyyy HH:mm", "millis"]}},
        ),
    ],
)
def test_records_are_read_with_the_keys_and_times_of_the_schema(bench: Any, schema: Any, deserializer: Any) -> None:
    fed(bench, to(format="parquet"), schema=schema)
    conversion = archive(bench)["DataFormatConversionConfiguration"]
    assert conversion["InputFormatConfiguration"] == {"Deserializer": deserializer}


# --- folders


def test_partitions_of_the_record_switch_dynamic_partitioning_on(bench: Any) -> None:
    fed(bench, to(partition_by=(Partition(by="country"), Partition(by="hour(arrival)")), retry_seconds=0))
    found = archive(bench)
    assert found["DynamicPartitioningConfiguration"] == {"Enabled": True, "RetryOptions": {"DurationInSeconds": 0}}
    assert found["Prefix"] == (
        "lake/by_country=!{partitionKeyFromQuery:by_country}/arrival_hour=!{timestamp:yyyy-MM-dd-HH}/"
    )
    assert steps(bench)["MetadataExtraction"] == {
        "MetadataExtractionQuery": '{by_country:(with_entries(.key|=ascii_downcase)|.["country"]'
        '|if .==null or .=="" then "none" else tostring end)}',
        "JsonParsingEngine": "JQ-1.6",
    }


def test_retry_of_partitions_is_firehoses_own_unless_given(bench: Any) -> None:
    fed(bench, to(partition_by=(Partition(by="country"),)))
    assert archive(bench)["DynamicPartitioningConfiguration"] == {"Enabled": True}


@pytest.mark.parametrize("partition", ["month(arrival)", "day(arrival)", "hour(arrival)", "country", "day(at)"])
def test_errors_have_a_prefix_whenever_the_prefix_has_expressions(bench: Any, partition: str) -> None:
    fed(bench, to(partition_by=(Partition(by=partition),), error_prefix="bad/"))
    found = archive(bench)
    assert "!{" in found["Prefix"]
    assert found["ErrorOutputPrefix"] == "bad/!{firehose:error-output-type}/!{timestamp:yyyy-MM-dd}/"


def test_folders_are_in_the_time_zone_of_the_spec(bench: Any) -> None:
    put(bench, to(time_zone="Europe/Berlin"))
    assert archive(bench)["CustomTimeZone"] == "Europe/Berlin"


# --- steps


def test_steps_are_taken_in_firehoses_order(bench: Any, code: str) -> None:
    S3Delivery(
        bench.stack,
        "lake",
        spec=DeliverySpec(
            decompress_cloudwatch_logs=True,
            extract_log_messages=True,
            deaggregate=DelimitedRecords(delimiter="|"),
            transform=TransformSpec(code=code, buffer_mb=0.2, buffer_seconds=0, retries=9),
            to=to(partition_by=(Partition(by="country"),)),
        ),
    )
    found = steps(bench)
    assert list(found) == [
        "Decompression",
        "CloudWatchLogProcessing",
        "RecordDeAggregation",
        "Lambda",
        "MetadataExtraction",
        "AppendDelimiterToRecord",
    ]
    assert found["Decompression"] == {"CompressionFormat": "GZIP"}
    assert found["CloudWatchLogProcessing"] == {"DataMessageExtraction": "true"}
    assert found["RecordDeAggregation"] == {"SubRecordType": "DELIMITED", "Delimiter": "fA=="}
    assert found["Lambda"] == {
        "LambdaArn": {"Fn::Join": ["", [arn(bench, "AWS::Lambda::Function"), ":$LATEST"]]},
        "RoleArn": arn(bench, ROLE, "lakeRole"),
        "NumberOfRetries": "9",
        "BufferSizeInMBs": "0.2",
        "BufferIntervalInSeconds": "0",
    }
    assert found["AppendDelimiterToRecord"] == {"Delimiter": "\\n"}


def test_records_are_processed_only_where_something_is_to_be_done(bench: Any) -> None:
    put(bench, to(newline=False))
    assert "ProcessingConfiguration" not in archive(bench)


def test_function_that_transforms_takes_what_the_spec_says(bench: Any, code: str) -> None:
    transform = TransformSpec(
        code=code, timeout_seconds=120, memory_mb=512, log_retention_days=7, environment={"STAGE": "x"}
    )
    made = put(bench, transform=transform, removal_policy="destroy")
    # The other function empties the bucket when the stack goes.
    (function,) = [one["Properties"] for key, one in bench.of_type("AWS::Lambda::Function").items() if "lake" in key]
    assert (function["Timeout"], function["MemorySize"]) == (120, 512)
    assert function["Environment"] == {"Variables": {"STAGE": "x"}}
    logs = next(one for key, one in bench.of_type(LOGS).items() if "Transform" in key)
    assert (logs["Properties"]["RetentionInDays"], logs["DeletionPolicy"]) == (7, "Delete")
    assert policy(bench, "lakeTransformPermissions") == [
        (["logs:CreateLogStream", "logs:PutLogEvents"], arn(bench, LOGS, "lakeTransform"))
    ]
    assert made.transform is not None


def test_code_is_looked_for_below_the_directory(bench: Any, tmp_path: Any, code: str) -> None:
    with pytest.raises(SpecError) as error:
        put(bench, transform=TransformSpec(code="missing"), directory=tmp_path)
    assert refused(error) == [("LAM502", "lake.transform.code")]
    S3Delivery(
        bench.stack, "other", spec=DeliverySpec(transform=TransformSpec(code="code"), to=to()), directory=tmp_path
    )
    assert len(bench.of_type("AWS::Lambda::Function")) == 1


@pytest.mark.parametrize(
    ("given", "invoked"),
    [
        (FUNCTION_ARN, f"{FUNCTION_ARN}:$LATEST"),
        (f"{FUNCTION_ARN}:live", f"{FUNCTION_ARN}:live"),
        (f"{FUNCTION_ARN}:7", f"{FUNCTION_ARN}:7"),
        (f"{FUNCTION_ARN}:$LATEST", f"{FUNCTION_ARN}:$LATEST"),
    ],
)
def test_existing_function_is_invoked_as_it_is_named(bench: Any, given: str, invoked: str) -> None:
    put(bench, transform=TransformSpec(function_arn=given))
    assert steps(bench)["Lambda"]["LambdaArn"] == invoked
    assert (["lambda:GetFunctionConfiguration", "lambda:InvokeFunction"], invoked) in policy(bench)
    assert not bench.of_type("AWS::Lambda::Function")


@pytest.mark.parametrize(
    ("kind", "resource_type"),
    [("function", "AWS::Lambda::Function"), ("alias", "AWS::Lambda::Alias"), ("version", "AWS::Lambda::Version")],
)
def test_live_function_is_invoked_as_what_it_is(bench: Any, code: str, kind: str, resource_type: str) -> None:
    function = lambda_.Function(
        bench.stack,
        "Mend",
        runtime=lambda_.Runtime("python3.13", lambda_.RuntimeFamily.PYTHON),
        handler="index.handler",
        code=lambda_.Code.from_asset(code),
    )
    version = lambda_.Version(bench.stack, "Version", lambda_=function)
    alias = lambda_.Alias(bench.stack, "Alias", alias_name="live", version=version)
    live: dict[str, lambda_.IFunction] = {"function": function, "alias": alias, "version": version}
    spec = DeliverySpec(transform=TransformSpec(buffer_mb=2), to=to())
    S3Delivery(bench.stack, "lake", spec=spec, transform=live[kind])
    invoked: Any = {"Ref": bench.only_id(resource_type)}
    if kind == "function":
        invoked = {"Fn::Join": ["", [arn(bench, resource_type), ":$LATEST"]]}
    found = steps(bench)["Lambda"]
    assert (found["LambdaArn"], found["BufferSizeInMBs"]) == (invoked, "2")
    assert (["lambda:GetFunctionConfiguration", "lambda:InvokeFunction"], invoked) in policy(bench)


@pytest.mark.parametrize(
    ("kind", "qualifier"), [("function", ""), ("function", ":live"), ("alias", ":live"), ("version", ":7")]
)
def test_imported_function_is_invoked_as_what_it_is(bench: Any, kind: str, qualifier: str) -> None:
    function: lambda_.IFunction = lambda_.Function.from_function_arn(
        bench.stack, "Mend", FUNCTION_ARN + (qualifier if kind == "function" else "")
    )
    version = lambda_.Version.from_version_arn(bench.stack, "Version", f"{FUNCTION_ARN}:7")
    if kind == "version":
        function = version
    elif kind == "alias":
        function = lambda_.Alias.from_alias_attributes(bench.stack, "Alias", alias_name="live", alias_version=version)
    S3Delivery(bench.stack, "lake", spec=DeliverySpec(transform=TransformSpec(), to=to()), transform=function)
    assert steps(bench)["Lambda"]["LambdaArn"] == f"{FUNCTION_ARN}{qualifier or ':$LATEST'}"


# --- encryption


def test_stream_fed_delivery_has_no_encryption_of_its_own_which_firehose_would_refuse(bench: Any) -> None:
    fed(bench, None, {"encryption": CustomerManagedKey()})
    found = bench.only(DELIVERY)
    assert "DeliveryStreamEncryptionConfigurationInput" not in found
    assert found["DeliveryStreamType"] == "KinesisStreamAsSource"


@pytest.mark.parametrize(
    ("encryption", "written"),
    [
        (None, {"KeyType": "AWS_OWNED_CMK"}),
        (CustomerManagedKey(kms_key_arn=KEY_ARN), {"KeyType": "CUSTOMER_MANAGED_CMK", "KeyARN": KEY_ARN}),
    ],
)
def test_direct_put_is_encrypted_on_arrival(bench: Any, encryption: Any, written: dict[str, Any]) -> None:
    put(bench, encryption=encryption)
    found = bench.only(DELIVERY)
    assert found["DeliveryStreamEncryptionConfigurationInput"] == written
    assert (found["DeliveryStreamType"], found.get("KinesisStreamSourceConfiguration")) == ("DirectPut", None)


def test_direct_put_has_a_key_of_its_own_where_the_spec_asks_for_one(bench: Any) -> None:
    put(bench, encryption=CustomerManagedKey(), removal_policy="destroy")
    key = arn(bench, KEY)
    (created,) = bench.of_type(KEY).values()
    assert (created["Properties"]["EnableKeyRotation"], created["DeletionPolicy"]) == (True, "Delete")
    assert bench.only(DELIVERY)["DeliveryStreamEncryptionConfigurationInput"] == {
        "KeyType": "CUSTOMER_MANAGED_CMK",
        "KeyARN": key,
    }
    # The bucket is encrypted like what comes in.
    assert archive(bench)["EncryptionConfiguration"] == {"KMSEncryptionConfig": {"AWSKMSKeyARN": key}}
    assert bench.allowed_on(key) == {"kms:Decrypt", "kms:GenerateDataKey"}


def test_workload_of_direct_put_is_no_throughput_hint_which_would_replace_the_stream(bench: Any) -> None:
    put(bench, workload=Workload(records_per_second=10_000, record_kb=1))
    assert "DirectPutSourceConfiguration" not in bench.only(DELIVERY)


def test_key_of_the_stream_is_on_both_sides(bench: Any) -> None:
    fed(bench, None, {"encryption": CustomerManagedKey()})
    key = arn(bench, KEY)
    assert archive(bench)["EncryptionConfiguration"] == {"KMSEncryptionConfig": {"AWSKMSKeyARN": key}}
    assert bench.only(BUCKET)["BucketEncryption"]["ServerSideEncryptionConfiguration"] == [
        {
            "BucketKeyEnabled": True,
            "ServerSideEncryptionByDefault": {"KMSMasterKeyID": key, "SSEAlgorithm": "aws:kms"},
        }
    ]
    assert bench.allowed_on(key) == {"kms:Decrypt", "kms:GenerateDataKey"}


def test_stream_and_bucket_have_each_their_own_key_and_permission(bench: Any) -> None:
    fed(bench, to(encryption=CustomerManagedKey()), {"encryption": CustomerManagedKey(kms_key_arn=KEY_ARN)})
    key = arn(bench, KEY)
    assert bench.allowed_on(KEY_ARN) == {"kms:Decrypt"}
    assert bench.allowed_on(key) == {"kms:Decrypt", "kms:GenerateDataKey"}
    assert archive(bench)["EncryptionConfiguration"] == {"KMSEncryptionConfig": {"AWSKMSKeyARN": key}}


def test_without_a_key_nothing_is_permitted_on_one(bench: Any) -> None:
    fed(bench)
    assert "EncryptionConfiguration" not in archive(bench)
    assert [action for actions, _ in policy(bench) for action in actions if action.startswith("kms:")] == []


# --- logs


def test_error_log_has_a_stream_for_each_and_is_kept_as_long_as_the_spec_says(bench: Any) -> None:
    fed(bench, to(format="parquet", source_backup=BackupSpec()), log_retention_days=7, removal_policy="destroy")
    (logs,) = bench.of_type(LOGS).values()
    assert (logs["Properties"]["RetentionInDays"], logs["DeletionPolicy"]) == (7, "Delete")
    streams = {one["Properties"]["LogStreamName"]: key for key, one in bench.of_type("AWS::Logs::LogStream").items()}
    assert set(streams) == {"Delivery", "Backup"}
    found = archive(bench)
    for name, options in (
        ("Delivery", found["CloudWatchLoggingOptions"]),
        ("Backup", found["S3BackupConfiguration"]["CloudWatchLoggingOptions"]),
    ):
        assert options == {
            "Enabled": True,
            "LogGroupName": {"Ref": bench.only_id(LOGS)},
            "LogStreamName": {"Ref": streams[name]},
        }


def test_error_log_is_kept_thirty_days_and_beyond_the_stack_in_prod(bench: Any) -> None:
    put(bench)
    (logs,) = bench.of_type(LOGS).values()
    assert (logs["Properties"]["RetentionInDays"], logs["DeletionPolicy"]) == (30, "Retain")


# --- backup of the source


def test_copies_are_in_the_bucket_of_the_archive_unless_something_else_is_said(bench: Any) -> None:
    made = fed(bench, to(format="parquet", source_backup=BackupSpec()), {"encryption": CustomerManagedKey()})
    found = archive(bench)
    backup = found["S3BackupConfiguration"]
    assert (found["S3BackupMode"], backup.pop("CloudWatchLoggingOptions")["Enabled"]) == ("Enabled", True)
    assert backup == {
        "BucketARN": arn(bench, BUCKET),
        "RoleARN": arn(bench, ROLE),
        "Prefix": "backup/lake/",
        "CompressionFormat": "GZIP",
        "BufferingHints": {"SizeInMBs": 128, "IntervalInSeconds": 300},
        "EncryptionConfiguration": {"KMSEncryptionConfig": {"AWSKMSKeyARN": arn(bench, KEY)}},
    }
    assert made.backup_bucket is made.bucket
    assert bench.allowed_on(below(arn(bench, BUCKET), "backup/lake/")) == set(TO_OBJECTS)


def test_copies_have_a_bucket_of_their_own_where_it_differs(bench: Any) -> None:
    backup = BackupSpec(prefix="source", expire_after_days=7)
    fed(bench, to(format="parquet", source_backup=backup), removal_policy="destroy")
    bucket = arn(bench, BUCKET, "lakeBackupBucket")
    assert archive(bench)["S3BackupConfiguration"]["BucketARN"] == bucket
    assert bench.allowed_on(below(bucket, "source/")) == set(TO_OBJECTS)
    assert bench.allowed_on(bucket) == set(TO_BUCKET)
    (created,) = [one for key, one in bench.of_type(BUCKET).items() if "Backup" in key]
    (rule,) = created["Properties"]["LifecycleConfiguration"]["Rules"]
    assert rule["ExpirationInDays"] == 7


@pytest.mark.parametrize("brought", ["by ARN", "live"])
def test_existing_bucket_of_copies_is_used_with_its_key(bench: Any, brought: str) -> None:
    more: dict[str, Any] = {}
    backup = BackupSpec()
    bucket: Any = in_any_partition("company-records")
    if brought == "live":
        bucket = BUCKET_ARN
        key = kms.Key.from_key_arn(bench.stack, "Key", KEY_ARN)
        more["backup_bucket"] = s3.Bucket.from_bucket_attributes(
            bench.stack, "Live", bucket_arn=BUCKET_ARN, encryption_key=key
        )
    else:
        backup = BackupSpec(bucket=BUCKET_ARN, kms_key_arn=KEY_ARN)
    fed(bench, to(format="parquet", source_backup=backup), **more)
    found = archive(bench)["S3BackupConfiguration"]
    assert (found["BucketARN"], found["EncryptionConfiguration"]) == (
        bucket,
        {"KMSEncryptionConfig": {"AWSKMSKeyARN": KEY_ARN}},
    )
    assert bench.allowed_on(bucket) == set(TO_BUCKET)
    assert bench.allowed_on(KEY_ARN) == {"kms:Decrypt", "kms:GenerateDataKey"}


# --- what is brought


@pytest.mark.parametrize("brought", ["by name", "by ARN", "live", "in the stack"])
def test_existing_bucket_is_written_to_with_its_key(bench: Any, brought: str) -> None:
    destination = to()
    more: dict[str, Any] = {}
    key: Any = KEY_ARN
    bucket: Any = BUCKET_ARN
    if brought in {"by ARN", "by name"}:
        bucket = in_any_partition("company-records")
        named = BUCKET_ARN if brought == "by ARN" else "company-records"
        destination = to(bucket=named, kms_key_arn=KEY_ARN)
    elif brought == "live":
        more["bucket"] = s3.Bucket.from_bucket_attributes(
            bench.stack,
            "Live",
            bucket_arn=BUCKET_ARN,
            encryption_key=kms.Key.from_key_arn(bench.stack, "Key", KEY_ARN),
        )
    else:
        own = kms.Key(bench.stack, "Key")
        more["bucket"] = s3.Bucket(bench.stack, "Live", encryption_key=own)
    fed(bench, destination, **more)
    if brought == "in the stack":
        bucket, key = arn(bench, BUCKET), arn(bench, KEY)
    found = archive(bench)
    assert found["BucketARN"] == bucket
    assert found["EncryptionConfiguration"] == {"KMSEncryptionConfig": {"AWSKMSKeyARN": key}}
    assert bench.allowed_on(bucket) == set(TO_BUCKET)
    assert bench.allowed_on(key) == {"kms:Decrypt", "kms:GenerateDataKey"}
    assert len(bench.of_type(BUCKET)) == (1 if brought == "in the stack" else 0)


def test_existing_bucket_without_a_key_takes_no_permission_on_one(bench: Any) -> None:
    put(bench, to(bucket=BUCKET_ARN))
    assert policy(bench) == ordered(
        (["logs:PutLogEvents"], arn(bench, LOGS)),
        (TO_BUCKET, in_any_partition("company-records")),
        (TO_OBJECTS_OF_OTHERS, in_any_partition("company-records/lake/*")),
        (TO_OBJECTS_OF_OTHERS, in_any_partition("company-records/errors/lake/*")),
    )


def test_copies_in_an_existing_bucket_are_given_to_its_owner_too(bench: Any) -> None:
    fed(bench, to(format="parquet", source_backup=BackupSpec(bucket=BUCKET_ARN)))
    assert bench.allowed_on(in_any_partition("company-records/backup/lake/*")) == set(TO_OBJECTS_OF_OTHERS)
    assert bench.allowed_on(below(arn(bench, BUCKET), "lake/")) == set(TO_OBJECTS)


@pytest.mark.parametrize(
    ("owner", "expected"), [(None, TO_OBJECTS), ("111122223333", TO_OBJECTS), ("444455556666", TO_OBJECTS_OF_OTHERS)]
)
def test_objects_in_a_bucket_of_the_app_are_given_to_another_account_alone(
    benches: Callable[..., Any], owner: str | None, expected: list[str]
) -> None:
    bench = benches(env=cdk.Environment(account="111122223333", region="eu-west-1") if owner else None)
    env = cdk.Environment(account=owner, region="eu-west-1") if owner else None
    other = cdk.Stack(bench.app, "Owner", env=env)
    S3Delivery(
        bench.stack,
        "lake",
        spec=DeliverySpec(to=to()),
        bucket=s3.Bucket(other, "Bucket", bucket_name="company-records"),
    )
    (found,) = {tuple(one["Action"]) for one in bench.statements() if "s3:PutObject" in one["Action"]}
    assert list(found) == expected


@pytest.mark.parametrize("brought", ["created", "named", "live"])
def test_table_is_in_the_database_that_is_brought_named_or_created(bench: Any, brought: str) -> None:
    more: dict[str, Any] = {}
    if brought == "live":
        more["database"] = GlueDatabase(bench.stack, "Catalog", description="All archives")
    made = fed(bench, to(format="parquet", database="company" if brought == "named" else None), **more)
    name = "company" if brought == "named" else database(bench)
    assert made.table is not None
    assert made.table.database_name == name
    assert bench.only(TABLE)["DatabaseName"] == name
    assert archive(bench)["DataFormatConversionConfiguration"]["SchemaConfiguration"]["DatabaseName"] == name
    assert bench.allowed_on(glue(f"table/{name}/lake")) == set(READ_TABLE)
    assert len(bench.of_type("AWS::Glue::Database")) == (0 if brought == "named" else 1)


def test_plain_stream_can_be_the_source(bench: Any) -> None:
    stream = kinesis.Stream(bench.stack, "Company", encryption_key=kms.Key(bench.stack, "Key"))
    made = fed(bench, source=stream)
    assert bench.allowed_on(arn(bench, "AWS::Kinesis::Stream", "Company")) == set(READ)
    assert bench.allowed_on(arn(bench, KEY)) == {"kms:Decrypt", "kms:GenerateDataKey"}
    assert (made.plan.source, made.plan.buffer_seconds) == (None, 300)


def test_existing_stream_by_its_arn_is_read(bench: Any) -> None:
    stream_arn = f"arn:aws:kinesis:{ACCOUNT}:stream/clicks"
    source = KinesisStream(
        bench.stack,
        "existing",
        spec=KinesisStreamSpec(arn=stream_arn, encryption=CustomerManagedKey(kms_key_arn=KEY_ARN)),
        readers=[Reader("lake")],
    )
    fed(bench, source=source)
    assert bench.only(DELIVERY)["KinesisStreamSourceConfiguration"]["KinesisStreamARN"] == stream_arn
    assert bench.allowed_on(stream_arn) == set(READ)
    assert "kms:Decrypt" in bench.allowed_on(KEY_ARN)


# --- the same twice


def test_two_archives_fit_in_one_stack_over_one_stream(bench: Any) -> None:
    stream = clicks(bench.stack, "raw", "lake")
    for name, format_ in (("raw", "json"), ("lake", "parquet")):
        S3Delivery(
            bench.stack, name, source=stream, schema=SCHEMA, spec=DeliverySpec(from_="clicks", to=to(format=format_))
        )
    prefixes = [
        one["Properties"]["ExtendedS3DestinationConfiguration"]["Prefix"].partition("/")[0]
        for one in bench.of_type(DELIVERY).values()
    ]
    assert prefixes == ["raw", "lake"]
    assert len(databases(bench)) == 2
    assert len(bench.of_type(BUCKET)) == 2


def test_archives_of_the_same_id_fit_under_different_scopes(bench: Any, code: str) -> None:
    for part in ("shop", "bank"):
        S3Delivery(
            Construct(bench.stack, part),
            "lake",
            schema=SCHEMA,
            spec=DeliverySpec(
                encryption=CustomerManagedKey(),
                transform=TransformSpec(code=code),
                to=to(format="parquet", source_backup=BackupSpec(expire_after_days=7)),
            ),
        )
    assert len(bench.of_type(DELIVERY)) == 2
    assert len(databases(bench)) == 2


# --- what it is to others


def test_alarms_and_graphs_find_the_delivery_by_its_name(bench: Any) -> None:
    made = fed(bench, to(format="parquet"), {"encryption": CustomerManagedKey()})
    alarms = PipelineAlarms(bench.stack, "Alarms", nodes=[made], spec=AlarmsSpec())
    PipelineDashboard(bench.stack, "Dashboard", title="shop", nodes=[made], alarms=alarms.plans)
    name = {"Ref": bench.only_id(DELIVERY)}
    success = bench.alarm("DeliverySuccess")
    assert success["Dimensions"] == [{"Name": "DeliveryStreamName", "Value": name}]
    assert (success["ComparisonOperator"], success["Threshold"], success["EvaluationPeriods"]) == (
        "LessThanThreshold",
        1,
        5,
    )
    freshness = bench.alarm("Freshness")
    assert (freshness["ComparisonOperator"], freshness["Threshold"], freshness["MetricName"]) == (
        "GreaterThanThreshold",
        900,
        "DeliveryToS3.DataFreshness",
    )
    assert bench.alarm("KeyDenied")["MetricName"] == "KMSKeyAccessDenied"
    assert name in bench.only("AWS::CloudWatch::Dashboard")["DashboardBody"]["Fn::Join"][1]


@pytest.mark.parametrize(
    ("stream", "denied"), [({}, False), ({"encryption": CustomerManagedKey(kms_key_arn=KEY_ARN)}, True)]
)
def test_denied_key_is_alarmed_where_the_source_has_one_of_its_own(bench: Any, stream: Any, denied: bool) -> None:
    made = fed(bench, to(encryption=CustomerManagedKey()), stream)
    alarms = PipelineAlarms(bench.stack, "Alarms", nodes=[made])
    assert ("lake.key_denied" in alarms.alarms) is denied


def test_denied_key_of_a_live_stream_is_alarmed_too(bench: Any) -> None:
    stream = kinesis.Stream(bench.stack, "Company", encryption_key=kms.Key(bench.stack, "Key"))
    alarms = PipelineAlarms(bench.stack, "Alarms", nodes=[fed(bench, source=stream)])
    assert "lake.key_denied" in alarms.alarms


def test_producer_may_put_records_and_nothing_else(bench: Any) -> None:
    made = put(bench)
    made.grant_put(iam.Role(bench.stack, "Producer", assumed_by=iam.AccountRootPrincipal()))
    assert bench.only("AWS::IAM::Policy")["PolicyDocument"]["Statement"] == [
        {
            "Action": ["firehose:PutRecord", "firehose:PutRecordBatch"],
            "Effect": "Allow",
            "Resource": {"Fn::GetAtt": [bench.only_id(DELIVERY), "Arn"]},
        }
    ]


def test_metric_carries_the_deliverys_name(bench: Any) -> None:
    made = put(bench)
    metric = made.metric(facts.S3.freshness)
    assert (metric.namespace, metric.metric_name, metric.statistic) == (
        "AWS/Firehose",
        "DeliveryToS3.DataFreshness",
        "Maximum",
    )
    assert bench.stack.resolve(metric.dimensions) == {"DeliveryStreamName": {"Ref": bench.only_id(DELIVERY)}}


# --- what is said


def test_stream_that_was_planned_without_this_reader_is_warned_about(benches: Any) -> None:
    for readers, expected in (((), 1), (("lake",), 0)):
        bench = benches()
        spec = KinesisStreamSpec(mode="on_demand")
        stream = KinesisStream(bench.stack, "clicks", spec=spec, readers=[Reader(name) for name in readers])
        fed(bench, source=stream)
        found = Annotations.from_stack(bench.stack).find_warning(
            "*", Match.string_like_regexp(r'readers=\[Reader\("lake"\)\]')
        )
        assert len(found) == expected


@pytest.mark.parametrize(
    ("spec", "brought", "expected"),
    [
        (DeliverySpec(to=OpenSearchDestination(domain_arn=DOMAIN_ARN)), (), [("LNG403", "lake.to.kind")]),
        (DeliverySpec(from_="clicks", to=S3Destination()), (), [("GRF301", "lake.from")]),
        (DeliverySpec(to=S3Destination()), ("source",), [("LNG404", "lake.from")]),
        (DeliverySpec(to=S3Destination(format="parquet")), (), [("FIR701", "lake.to.format")]),
        (
            DeliverySpec(to=S3Destination(bucket=BUCKET_ARN, kms_key_arn=KEY_ARN)),
            ("bucket",),
            [("LNG403", "lake.to.bucket"), ("LNG403", "lake.to.kms_key_arn")],
        ),
        (
            DeliverySpec(to=S3Destination(expire_after_days=7, encryption=CustomerManagedKey())),
            ("bucket",),
            [("LNG403", "lake.to.encryption"), ("LNG403", "lake.to.expire_after_days")],
        ),
        (
            DeliverySpec(to=S3Destination(database="shop")),
            ("database", "schema"),
            [("LNG403", "lake.to.database")],
        ),
        (DeliverySpec(to=S3Destination()), ("database",), [("LNG404", "lake.to")]),
        (DeliverySpec(to=S3Destination()), ("backup_bucket",), [("LNG404", "lake.to.source_backup")]),
        (
            DeliverySpec(
                to=S3Destination(format="parquet", source_backup=BackupSpec(expire_after_days=7, prefix="copies"))
            ),
            ("backup_bucket", "schema"),
            [("LNG403", "lake.to.expire_after_days")],
        ),
        (DeliverySpec(to=S3Destination()), ("transform",), [("LNG404", "lake.transform")]),
        (
            DeliverySpec(transform=TransformSpec(function_arn=FUNCTION_ARN), to=S3Destination()),
            ("transform",),
            [("LNG403", "lake.transform.function_arn")],
        ),
        (
            DeliverySpec(transform=TransformSpec(), to=S3Destination()),
            (),
            [("LAM501", "lake.transform")],
        ),
    ],
)
def test_what_cannot_be_built_is_said_with_code_and_place(
    bench: Any, spec: DeliverySpec, brought: tuple[str, ...], expected: list[tuple[str, str]]
) -> None:
    given: dict[str, Callable[[], Any]] = {
        "source": lambda: clicks(bench.stack),
        "schema": lambda: SCHEMA,
        "bucket": lambda: s3.Bucket.from_bucket_arn(bench.stack, "Live", BUCKET_ARN),
        "backup_bucket": lambda: s3.Bucket.from_bucket_arn(bench.stack, "Live", BUCKET_ARN),
        "database": lambda: GlueDatabase(bench.stack, "Catalog", description="All archives"),
        "transform": lambda: lambda_.Function.from_function_arn(bench.stack, "Mend", FUNCTION_ARN),
    }
    with pytest.raises(SpecError) as error:
        S3Delivery(bench.stack, "lake", spec=spec, **{name: given[name]() for name in brought})
    assert refused(error) == expected


def test_what_the_app_brings_takes_its_place_in_a_system(bench: Any) -> None:
    spec = PipelineSpec(
        name="shop",
        deliveries={
            "lake": DeliverySpec(to=to()),
            "search": DeliverySpec(to=OpenSearchDestination(domain_arn=DOMAIN_ARN)),
        },
    )
    live = {name: s3.Bucket.from_bucket_name(bench.stack, f"Live{name}", f"live-{name}") for name in spec.deliveries}
    key = kms.Key.from_key_arn(bench.stack, "Key", KEY_ARN)
    StreamingPipeline(bench.stack, "Pipeline", spec=spec, buckets=live, keys={"lake": key})
    assert not bench.of_type(BUCKET)
    made = {key: one["Properties"] for key, one in bench.of_type(DELIVERY).items()}
    lake, search = (next(one for key, one in made.items() if name in key) for name in ("lake", "search"))
    destination = lake["ExtendedS3DestinationConfiguration"]
    assert destination["BucketARN"] == in_any_partition("live-lake")
    assert lake["DeliveryStreamEncryptionConfigurationInput"] == {"KeyType": "CUSTOMER_MANAGED_CMK", "KeyARN": KEY_ARN}
    backup = search["AmazonopensearchserviceDestinationConfiguration"]["S3Configuration"]
    assert backup["BucketARN"] == in_any_partition("live-search")


def test_key_is_brought_for_what_is_put_directly_and_asked_for_once(bench: Any) -> None:
    key = kms.Key.from_key_arn(bench.stack, "Key", KEY_ARN)
    for name, spec in (
        ("fed", DeliverySpec(from_="clicks", to=to())),
        ("own", DeliverySpec(encryption=CustomerManagedKey(), to=to())),
    ):
        source = clicks(bench.stack) if spec.from_ else None
        with pytest.raises(SpecError) as error:
            S3Delivery(bench.stack, name, spec=spec, source=source, encryption_key=key)
        assert [found.code for found in error.value.findings] == ["LNG403"]

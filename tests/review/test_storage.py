"""Delivery streams, tables, buckets and search domains: what a change means, and what is wrong with one template."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from streaming_constructs.review.auditing import audit
from streaming_constructs.review.comparing.schemas import schema_of
from streaming_constructs.review.reading.read_template import Source, as_source
from streaming_constructs.review.templates_review import review

FIREHOSE, TABLE, BUCKET = "AWS::KinesisFirehose::DeliveryStream", "AWS::Glue::Table", "AWS::S3::Bucket"
DOMAIN = "AWS::OpenSearchService::Domain"
SCHEMA_VERSION = "AWS::Glue::SchemaVersion"
TYPES = (
    FIREHOSE,
    TABLE,
    BUCKET,
    DOMAIN,
    "AWS::Glue::Database",
    "AWS::Glue::Registry",
    "AWS::Glue::Schema",
    "AWS::OpenSearchServerless::AccessPolicy",
    "AWS::OpenSearchServerless::Collection",
    "AWS::OpenSearchServerless::CollectionGroup",
    "AWS::OpenSearchServerless::Index",
    "AWS::OpenSearchServerless::LifecyclePolicy",
    "AWS::OpenSearchServerless::SecurityConfig",
    "AWS::OpenSearchServerless::SecurityPolicy",
    "AWS::OpenSearchServerless::VpcEndpoint",
)


def template(resources: Mapping[str, Any], **more: Any) -> Source:
    return as_source({"Resources": dict(resources), **more}, "template.json")


def one(kind: str, properties: Any, **beside: Any) -> Source:
    return template({"It": {"Type": kind, "Properties": properties, **beside}})


def changed(kind: str, old: Any, new: Any, **beside: Any) -> list[tuple[str, str]]:
    return [
        (remark.code, remark.grade) for remark in review(one(kind, old, **beside), one(kind, new, **beside)).remarks
    ]


# Nothing is unknown ---------------------------------------------------------------------------------------------------


def leaves(data: Mapping[str, Any], schema: Mapping[str, Any], seen: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    name = schema.get("$ref", "").rpartition("/")[2]
    if name in seen or len(seen) > 30:
        return
    if name:
        yield from leaves(
            data, {**data["definitions"][name], **{k: v for k, v in schema.items() if k != "$ref"}}, (*seen, name)
        )
    elif "items" in schema:
        for path in leaves(data, schema["items"], seen):
            yield ("0", *path)
    elif schema.get("properties"):
        for key, inner in schema["properties"].items():
            for path in leaves(data, inner, seen):
                yield (key, *path)
    else:
        yield ()


def properties_of(kind: str) -> list[tuple[str, ...]]:
    data = schema_of(kind)._data
    # Those of which a part is read only are not: the path of the part is longer.
    read_only = {path.split("/")[2] for path in data.get("readOnlyProperties", ()) if path.count("/") == 2}
    found = {path for path in leaves(data, {"properties": data["properties"]}) if path[0] not in read_only}
    return sorted(found)


def nested(path: tuple[str, ...], value: Any) -> Any:
    for step in reversed(path):
        value = [value] if step == "0" else {step: value}
    return value


@pytest.mark.parametrize("kind", TYPES)
def test_of_every_property_it_is_known_what_another_value_means(kind: str) -> None:
    old, new = (
        template({".".join(path): {"Type": kind, "Properties": nested(path, value)} for path in properties_of(kind)})
        for value in ("a", "b")
    )
    told = review(old, new).remarks
    assert {remark.logical_id for remark in told if remark.code == "REV199"} == set()
    silent = {".".join(path) for path in properties_of(kind)} - {remark.logical_id for remark in told}
    assert {name for name in silent if not name.endswith(OFF_ALL_THE_SAME)} == set()


OFF_ALL_THE_SAME = (
    "CloudWatchLoggingOptions.Enabled",
    "CloudWatchLoggingOptions.LogGroupName",
    "CloudWatchLoggingOptions.LogStreamName",
    "NoEncryptionConfig",
    "ProcessingConfiguration.Enabled",
    "ParameterName",
    "EventBridgeEnabled",
    "BlockPublicAcls",
    "BlockPublicPolicy",
    "IgnorePublicAcls",
    "RestrictPublicBuckets",
    "EncryptionAtRestOptions.KmsKeyId",
    "LifecycleConfiguration.Rules.0.Id",
    "LifecycleConfiguration.Rules.0.Status",
)
"""What neither `a` nor `b` turns on, or what belongs to something that is off."""


HOSTILE: list[Any] = [
    None,
    [],
    {},
    [[]],
    [{}],
    {"Ref": "Parameter"},
    {"Ref": []},
    {"Fn::GetAtt": "x"},
    "",
    "{",
    True,
    -1,
    1e400,
    "é" * 300,
]


@pytest.mark.parametrize("kind", [*TYPES, SCHEMA_VERSION])
@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_no_value_breaks_a_rule(kind: str, value: Any) -> None:
    places = sorted({path[:length] for path in properties_of(kind) for length in range(1, len(path) + 1)})
    odd = template(
        {f"R{number}": {"Type": kind, "Properties": nested(path, value)} for number, path in enumerate(places)}
    )
    plain = template(
        {f"R{number}": {"Type": kind, "Properties": nested(path, "a")} for number, path in enumerate(places)}
    )
    assert review(odd, plain).verdict in ("none", "fine", "caution", "danger")
    assert review(plain, odd).verdict in ("none", "fine", "caution", "danger")
    assert isinstance(audit(odd), list)


# Delivery streams -----------------------------------------------------------------------------------------------------


def s3(**settings: Any) -> dict[str, Any]:
    return {"ExtendedS3DestinationConfiguration": {"BucketARN": "arn:aws:s3:::lake", **settings}}


def http(**settings: Any) -> dict[str, Any]:
    return {
        "HttpEndpointDestinationConfiguration": {"EndpointConfiguration": {"Url": "https://example.com"}, **settings}
    }


def search(**settings: Any) -> dict[str, Any]:
    return {"AmazonopensearchserviceDestinationConfiguration": {"IndexName": "logs", **settings}}


def parquet(**schema: Any) -> dict[str, Any]:
    conversion: dict[str, Any] = {"OutputFormatConfiguration": {"Serializer": {"ParquetSerDe": {}}}}
    return {**conversion, "SchemaConfiguration": {"TableName": "clicks", **schema}}


ORC = {**parquet(), "OutputFormatConfiguration": {"Serializer": {"OrcSerDe": {}}}}
CLEAN = {"Type": "Lambda", "Parameters": [{"ParameterName": "LambdaArn", "ParameterValue": "clean"}]}


def process(*parameters: tuple[str, str]) -> dict[str, Any]:
    given = [{"ParameterName": name, "ParameterValue": value} for name, value in (("LambdaArn", "clean"), *parameters)]
    return {"ProcessingConfiguration": {"Enabled": True, "Processors": [{"Type": "Lambda", "Parameters": given}]}}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (s3(S3BackupMode="Enabled"), s3(), [("REV301", "danger")]),
        (s3(), s3(S3BackupMode="Disabled"), []),
        (s3(S3BackupMode="Enabled"), s3(S3BackupMode={"Ref": "Mode"}), [("REV305", "caution")]),
        (search(), search(S3BackupMode="AllDocuments"), [("REV301", "danger")]),
        (http(S3BackupMode="AllData"), http(), [("REV305", "caution")]),
        (http(), http(S3BackupMode="AllData"), [("REV306", "fine")]),
        (search(), s3(), [("REV302", "danger")]),
        (s3(), http(), [("REV303", "caution")]),
        ({"S3DestinationConfiguration": s3()["ExtendedS3DestinationConfiguration"]}, s3(), []),
        (s3(CloudWatchLoggingOptions={"Enabled": True}), s3(), [("REV307", "caution")]),
        (s3(), s3(CloudWatchLoggingOptions={"Enabled": False}), []),
        (s3(Prefix="a/"), s3(Prefix="b/"), [("REV310", "caution")]),
        (s3(ErrorOutputPrefix="e/"), s3(), [("REV312", "caution")]),
        (
            s3(DataFormatConversionConfiguration=parquet()),
            s3(DataFormatConversionConfiguration=ORC),
            [("REV314", "danger")],
        ),
        (s3(), s3(DataFormatConversionConfiguration={**parquet(), "Enabled": False}), [("REV315", "caution")]),
        (
            s3(Prefix="a/"),
            s3(Prefix="b/", DataFormatConversionConfiguration=parquet()),
            [("REV310", "caution"), ("REV314", "caution")],
        ),
        (s3(DynamicPartitioningConfiguration={"Enabled": True}), s3(), [("REV316", "danger")]),
        (s3(), s3(DynamicPartitioningConfiguration={"Enabled": {"Ref": "On"}}), [("REV316", "caution")]),
        (search(), search(RetryOptions={"DurationInSeconds": 300}), []),
        (search(), search(RetryOptions={"DurationInSeconds": 60}), [("REV317", "caution")]),
        (search(), search(RetryOptions={"DurationInSeconds": 600}), [("REV318", "fine")]),
        (s3(), s3(BufferingHints={"SizeInMBs": 5, "IntervalInSeconds": 300}), []),
        (s3(), s3(BufferingHints={"SizeInMBs": 64, "IntervalInSeconds": 300}), [("REV319", "fine")]),
        (s3(), s3(BufferingHints={"SizeInMBs": 64, "IntervalInSeconds": 60}), [("REV319", "fine")] * 2),
        (s3(CompressionFormat="GZIP"), s3(), [("REV320", "caution")]),
        (s3(**process()), s3(), [("REV321", "caution")]),
        (s3(**process()), s3(**process(("BufferSizeInMBs", "2"))), [("REV319", "fine")]),
        (s3(**process(("NumberOfRetries", "3"))), s3(**process()), []),
        (s3(**process()), s3(**process(("NumberOfRetries", "1"))), [("REV317", "caution")]),
        (
            {"DeliveryStreamEncryptionConfigurationInput": {"KeyType": "AWS_OWNED_CMK"}},
            {},
            [("REV322", "danger")],
        ),
        (
            {"DeliveryStreamEncryptionConfigurationInput": {"KeyType": "AWS_OWNED_CMK"}},
            {"DeliveryStreamEncryptionConfigurationInput": {"KeyType": "CUSTOMER_MANAGED_CMK", "KeyARN": "k"}},
            [("REV324", "fine")],
        ),
        ({}, {"DeliveryStreamType": "DirectPut"}, []),
        (
            {"DeliveryStreamType": "MSKAsSource"},
            {"DeliveryStreamType": "KinesisStreamAsSource"},
            [("REV300", "danger")],
        ),
    ],
)
def test_a_change_of_a_delivery_stream(old: Any, new: Any, told: list[tuple[str, str]]) -> None:
    assert changed(FIREHOSE, old, new) == told


def lake(prefix: str | None, location: str, keys: tuple[str, ...] = (), **parameters: str) -> Source:
    bucket = {"Fn::GetAtt": ["Lake", "Arn"]}
    destination = {"BucketARN": bucket, **({"Prefix": prefix} if prefix is not None else {})}
    table_input = {
        "Name": "clicks",
        "PartitionKeys": [{"Name": key, "Type": "string"} for key in keys],
        "Parameters": parameters,
        "StorageDescriptor": {"Location": {"Fn::Sub": f"s3://${{Lake}}/{location}"}},
    }
    resources = {
        "Lake": {"Type": BUCKET},
        "Delivery": {"Type": FIREHOSE, "Properties": {"ExtendedS3DestinationConfiguration": destination}},
        "Table": {"Type": TABLE, "Properties": {"DatabaseName": "lake", "TableInput": table_input}},
    }
    return template(resources)


PROJECTED = {"projection.enabled": "true", "projection.day.type": "date"}


@pytest.mark.parametrize(
    ("prefix", "location", "keys", "parameters", "fits"),
    [
        ("clicks/", "clicks/", (), {}, True),
        ("clicks/", "clicks", (), {}, True),
        ("clicks-raw/", "clicks", (), {}, False),
        (None, "", (), {}, True),
        (None, "clicks/", (), {}, False),
        ("clicks/day=!{timestamp:yyyy-MM-dd}/", "clicks/", ("day",), {}, True),
        ("clicks/date=!{timestamp:yyyy-MM-dd}/", "clicks/", ("day",), {}, False),
        ("clicks/date=!{timestamp:yyyy-MM-dd}/", "clicks/", ("day",), PROJECTED, False),
        ("clicks/day=!{timestamp:yyyy-MM-dd}/", "clicks/", ("day",), PROJECTED, True),
        ("clicks/!{timestamp:yyyy/MM/dd}/", "clicks/", ("day",), PROJECTED, False),
    ],
)
def test_a_table_finds_what_is_delivered_or_not(
    prefix: str | None, location: str, keys: tuple[str, ...], parameters: dict[str, str], fits: bool
) -> None:
    codes = {remark.code for remark in audit(lake(prefix, location, keys, **parameters))}
    assert ("AUD304" not in codes) is fits


def test_a_prefix_that_leaves_its_table_is_grave_and_one_that_stays_in_it_is_not() -> None:
    old = lake("clicks/", "clicks/")
    away = review(old, lake("raw/", "clicks/")).remarks
    within = review(old, lake("clicks/web/", "clicks/")).remarks
    assert [(remark.code, remark.grade, remark.logical_id) for remark in away] == [("REV309", "danger", "Delivery")]
    assert [(remark.code, remark.grade) for remark in within] == [("REV310", "caution")]


def dated(prefix: str | None, format_: str, folders: str = "clicks/day=${day}", kind: str = "date") -> Source:
    parameters = {
        "projection.enabled": "true",
        "projection.day.type": kind,
        "projection.day.format": format_,
        "storage.location.template": f"s3://lake/{folders}",
    }
    found = lake(prefix, "clicks/", ("day",), **parameters)
    found.data["Resources"]["Lake"]["Properties"] = {"BucketName": "lake"}
    return found


@pytest.mark.parametrize(
    ("written", "fits"),
    [
        (dated("clicks/day=!{timestamp:yyyy-MM-dd}/", "yyyy-MM-dd"), True),
        (dated("clicks/day=!{timestamp:YYYY-MM-dd}/", "yyyy-MM-dd"), True),
        (dated("clicks/day=!{timestamp:yyyyMMdd}/", "yyyy-MM-dd"), False),
        (dated("clicks/day=!{timestamp:dd-MM-yyyy}/", "yyyy-MM-dd"), False),
        (dated("clicks/day=!{timestamp:yyyyMMdd}/", "yyyy-MM-dd", kind="enum"), True),
        (dated("clicks/day=!{partitionKeyFromQuery:day}/", "yyyy-MM-dd"), True),
        (dated("clicks/!{timestamp:yyyy}/!{timestamp:MM}/!{timestamp:dd}/", "yyyy/MM/dd", "clicks/${day}"), True),
        (dated("clicks/!{timestamp:yyyy/MM/dd/HH}/", "yyyy/MM/dd", "clicks/${day}"), True),
        (dated("clicks/", "yyyy/MM/dd", "clicks/${day}"), True),
        (dated("clicks/", "yyyy-MM-dd", "clicks/${day}"), False),
        (dated("clicks/day=!{timestamp:yyyy-MM-dd'T'HH}/", "yyyy-MM-dd'T'HH"), True),
        (dated("clicks/day=2026-11-29/", "yyyy-MM-dd"), True),
    ],
)
def test_dates_are_written_as_the_table_spells_them(written: Source, fits: bool) -> None:
    assert ("AUD304" not in {remark.code for remark in audit(written)}) is fits


def test_dates_that_the_table_spells_otherwise_are_a_danger() -> None:
    old = dated("clicks/day=!{timestamp:yyyy-MM-dd}/", "yyyy-MM-dd")
    told = review(old, dated("clicks/day=!{timestamp:yyyyMMdd}/", "yyyy-MM-dd")).remarks
    assert [(remark.code, remark.grade, remark.logical_id) for remark in told] == [("REV309", "danger", "Delivery")]
    assert "under clicks/day=yyyyMMdd/, and Table computes clicks/day=${day} with projection.day.format=yyyy-MM-dd" in (
        told[0].message
    )
    both = review(old, dated("clicks/day=!{timestamp:yyyyMMdd}/", "yyyyMMdd")).remarks
    assert "REV309" not in {remark.code for remark in both}


def test_a_table_that_leaves_its_delivery_is_told_of_both() -> None:
    told = review(lake("clicks/", "clicks/"), lake("clicks/", "raw/")).remarks
    assert [(remark.code, remark.logical_id) for remark in told] == [("REV338", "Table"), ("REV309", "Table")]


# Tables ---------------------------------------------------------------------------------------------------------------

PARQUET, ORC_SERDE = (
    "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
    "org.apache.hadoop.hive.ql.io.orc.OrcSerde",
)
CSV, JSON = "org.apache.hadoop.hive.serde2.OpenCSVSerde", "org.openx.data.jsonserde.JsonSerDe"


def table(columns: str, serde: str, **parameters: str) -> dict[str, Any]:
    named = [dict(zip(("Name", "Type"), column.split(":", 1), strict=True)) for column in columns.split()]
    info = {"SerializationLibrary": serde, "Parameters": parameters}
    return {
        "DatabaseName": "lake",
        "TableInput": {"Name": "t", "StorageDescriptor": {"Columns": named, "SerdeInfo": info}},
    }


BY_NAME = {"orc.column.index.access": "false"}
BY_PLACE = {"parquet.column.index.access": "true"}


@pytest.mark.parametrize(
    ("old", "new", "serde", "parameters", "told"),
    [
        ("a:string b:int", "b:int a:string", PARQUET, {}, [("REV336", "fine")]),
        ("a:string b:int", "b:int a:string", JSON, {}, [("REV336", "fine")]),
        ("a:string b:int", "b:int a:string", ORC_SERDE, {}, [("REV331", "danger")]),
        ("a:string b:int", "b:int a:string", ORC_SERDE, BY_NAME, [("REV336", "fine")]),
        ("a:string b:int", "b:int a:string", PARQUET, BY_PLACE, [("REV331", "danger")]),
        ("a:string b:int", "b:int a:string", CSV, {}, [("REV331", "danger")]),
        ("a:string b:int", "a:string c:int", PARQUET, {}, [("REV330", "danger")]),
        ("a:string b:int", "a:string c:int", CSV, {}, [("REV335", "caution")]),
        ("a:string b:int", "a:string b:bigint", PARQUET, {}, [("REV333", "caution")]),
        ("a:string b:int", "a:string b:date", PARQUET, {}, [("REV332", "danger")]),
        ("a:string b:int", "a:string b:string", JSON, {}, [("REV333", "caution")]),
        ("a:string b:int", "a:string b:string", PARQUET, {}, [("REV332", "danger")]),
        ("a:struct<x:int>", "a:struct<x:int,y:int>", PARQUET, {}, [("REV333", "caution")]),
        ("a:string b:int", "a:string", PARQUET, {}, [("REV334", "caution")]),
        ("a:string b:int", "b:int", CSV, {}, [("REV331", "danger")]),
        ("a:string", "a:string b:int", CSV, {}, [("REV336", "fine")]),
        ("a:string b:int", "a:string c:int b:int", CSV, {}, [("REV331", "danger")]),
        ("a:string b:int", "a:string c:int b:int", PARQUET, {}, [("REV336", "fine")]),
        ("a:string B:int", "a:string b:int", PARQUET, {}, [("REV343", "fine")]),
    ],
)
def test_columns_by_the_rule_of_their_format(
    old: str, new: str, serde: str, parameters: dict[str, str], told: list[tuple[str, str]]
) -> None:
    assert changed(TABLE, table(old, serde, **parameters), table(new, serde, **parameters)) == told


def with_input(**given: Any) -> dict[str, Any]:
    return {"DatabaseName": "lake", "TableInput": {"Name": "t", **given}}


def by_day(days: str) -> dict[str, Any]:
    return with_input(Parameters={**PROJECTED, "projection.day.range": days})


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (by_day("2023-01-01,NOW"), by_day("2024-01-01,NOW"), [("REV340", "danger")]),
        (by_day("2024-01-01,NOW"), by_day("2023-01-01,NOW"), [("REV341", "fine")]),
        (by_day("NOW-1YEARS,NOW"), by_day("NOW-3YEARS,NOW"), [("REV341", "fine")]),
        (by_day("NOW-3YEARS,NOW"), by_day("NOW-1YEARS,NOW"), [("REV340", "danger")]),
        (by_day("1,10"), by_day("1,9"), [("REV340", "danger")]),
        (with_input(Parameters=PROJECTED), with_input(), [("REV340", "danger")]),
        (with_input(), with_input(Parameters=PROJECTED), [("REV340", "caution")]),
        (with_input(Parameters={"note": "a"}), with_input(Parameters={"note": "b"}), [("REV343", "fine")]),
        (with_input(PartitionKeys=[{"Name": "a"}]), with_input(PartitionKeys=[{"Name": "b"}]), [("REV339", "danger")]),
        (
            with_input(PartitionKeys=[{"Name": "a"}, {"Name": "b"}]),
            with_input(PartitionKeys=[{"Name": "b"}, {"Name": "a"}]),
            [("REV339", "danger")],
        ),
        (with_input(TableType="EXTERNAL_TABLE"), with_input(TableType="VIRTUAL_VIEW"), [("REV337", "danger")]),
        (
            with_input(StorageDescriptor={"Location": "s3://lake/a/b"}),
            with_input(StorageDescriptor={"Location": "s3://lake/a/"}),
            [("REV338", "caution")],
        ),
        (
            with_input(StorageDescriptor={"Location": "s3://lake/a"}),
            with_input(StorageDescriptor={"Location": "s3://lake/a/"}),
            [],
        ),
    ],
)
def test_a_change_of_a_table(old: Any, new: Any, told: list[tuple[str, str]]) -> None:
    assert changed(TABLE, old, new) == told


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("FULL_ALL", "BACKWARD_ALL", ("REV344", "caution")),
        ("BACKWARD", "FORWARD", ("REV344", "caution")),
        ("BACKWARD", "DISABLED", ("REV344", "caution")),
        ("BACKWARD", "BACKWARD_ALL", ("REV345", "fine")),
        ("NONE", "FORWARD", ("REV345", "fine")),
    ],
)
def test_what_a_registry_checks(old: str, new: str, told: tuple[str, str]) -> None:
    assert changed("AWS::Glue::Schema", {"Compatibility": old}, {"Compatibility": new}) == [told]


def test_a_schema_version_that_is_kept_is_not_lost() -> None:
    old, new = {"SchemaDefinition": "a"}, {"SchemaDefinition": "b"}
    assert changed(SCHEMA_VERSION, old, new) == [("REV346", "danger")]
    assert changed(SCHEMA_VERSION, old, new, UpdateReplacePolicy="Retain") == [("REV346", "fine")]


# Buckets --------------------------------------------------------------------------------------------------------------


def rules(*given: dict[str, Any]) -> dict[str, Any]:
    return {"LifecycleConfiguration": {"Rules": [{"Status": "Enabled", **rule} for rule in given]}}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (rules({"ExpirationInDays": 90}), rules({"ExpirationInDays": 30}), [("REV350", "danger")]),
        (rules({"ExpirationInDays": 30}), rules({"ExpirationInDays": "30", "Id": "a"}), []),
        (rules({"ExpirationInDays": 30}), rules({"ExpirationInDays": 90}), [("REV352", "fine")]),
        (rules({"ExpirationInDays": 30}), {}, [("REV352", "fine")]),
        ({}, rules({"ExpirationInDays": 30, "Status": "Disabled"}), []),
        ({}, rules({"ExpirationInDays": 30, "Prefix": "tmp/"}), [("REV351", "danger")]),
        (
            rules({"ExpirationInDays": 30}),
            rules({"ExpirationInDays": 30}, {"ExpirationInDays": 60, "Prefix": "a/"}),
            [("REV352", "fine")],
        ),
        (
            rules({"ExpirationInDays": 30, "Prefix": "a/"}),
            rules({"ExpirationInDays": 30}),
            [("REV351", "danger")],
        ),
        ({}, rules({"NoncurrentVersionExpiration": {"NoncurrentDays": 30}}), [("REV351", "danger")]),
        ({}, rules({"AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}}), [("REV352", "fine")]),
        (rules({"ExpirationInDays": 30}), rules({"ExpirationInDays": {"Ref": "Days"}}), [("REV350", "caution")]),
        ({}, rules({"Transitions": [{"StorageClass": "GLACIER", "TransitionInDays": 1}]}), [("REV353", "caution")]),
        ({"VersioningConfiguration": {"Status": "Enabled"}}, {}, [("REV354", "caution")]),
        ({}, {"VersioningConfiguration": {"Status": "Suspended"}}, []),
        (
            {"VersioningConfiguration": {"Status": "Enabled"}, "ObjectLockEnabled": True},
            {"ObjectLockEnabled": True},
            [("REV354", "danger")],
        ),
        ({"ObjectLockEnabled": True}, {}, [("REV363", "danger")]),
        ({"AccessControl": "Private"}, {}, []),
        ({}, {"AccessControl": "AuthenticatedRead"}, [("REV361", "danger")]),
        ({}, {"AccessControl": "LogDeliveryWrite"}, [("REV362", "caution")]),
    ],
)
def test_a_change_of_a_bucket(old: Any, new: Any, told: list[tuple[str, str]]) -> None:
    assert changed(BUCKET, old, new) == told


def encrypted(**default: str) -> dict[str, Any]:
    return {"BucketEncryption": {"ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": default}]}}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ({}, encrypted(SSEAlgorithm="AES256"), []),
        (encrypted(SSEAlgorithm="AES256"), {}, []),
        (encrypted(SSEAlgorithm="aws:kms", KMSMasterKeyID="a"), {}, [("REV356", "caution")]),
        (
            encrypted(SSEAlgorithm="aws:kms", KMSMasterKeyID="a"),
            encrypted(SSEAlgorithm="aws:kms"),
            [("REV357", "caution")],
        ),
        ({}, encrypted(SSEAlgorithm="aws:kms"), [("REV358", "fine")]),
    ],
)
def test_the_encryption_of_a_bucket(old: Any, new: Any, told: list[tuple[str, str]]) -> None:
    assert changed(BUCKET, old, new) == told


def test_one_part_of_the_block_of_public_access() -> None:
    every = dict.fromkeys(("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"), True)
    old, new = ({"PublicAccessBlockConfiguration": block} for block in (every, {**every, "BlockPublicPolicy": False}))
    told = review(one(BUCKET, old), one(BUCKET, new)).remarks
    assert [(remark.code, remark.about) for remark in told] == [("REV359", "public-access")]
    assert "BlockPublicPolicy;" in told[0].message
    assert {remark.code for remark in audit(one(BUCKET, new))} == {"AUD340"}
    assert audit(one(BUCKET, old)) == audit(one(BUCKET, {})) == []


# Search domains -------------------------------------------------------------------------------------------------------

UPGRADES = {"EnableVersionUpgrade": True}
OPEN = {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "es:*", "Resource": "*"}]}


@pytest.mark.parametrize(
    ("old", "new", "policy", "told"),
    [
        ("OpenSearch_2.17", "OpenSearch_2.19", None, ("REV101", "danger")),
        ("OpenSearch_2.17", "OpenSearch_2.19", {"EnableVersionUpgrade": False}, ("REV101", "danger")),
        ("OpenSearch_2.17", "OpenSearch_2.19", {"EnableVersionUpgrade": {"Ref": "Upgrade"}}, ("REV107", "danger")),
        ("OpenSearch_2.17", "OpenSearch_2.19", UPGRADES, ("REV375", "caution")),
        ("Elasticsearch_7.10", "OpenSearch_1.3", UPGRADES, ("REV375", "caution")),
        ("OpenSearch_2.19", "OpenSearch_2.9", UPGRADES, ("REV375", "danger")),
    ],
)
def test_another_version_of_the_engine(old: str, new: str, policy: Any, told: tuple[str, str]) -> None:
    beside = {"UpdatePolicy": policy} if policy else {}
    assert changed(DOMAIN, {"EngineVersion": old}, {"EngineVersion": new}, **beside) == [told]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ({"EncryptionAtRestOptions": {"Enabled": True}}, {}, [("REV101", "danger"), ("REV376", "danger")]),
        ({}, {"EncryptionAtRestOptions": {"Enabled": True}}, [("REV379", "fine")]),
        ({"AdvancedSecurityOptions": {"Enabled": True}}, {}, [("REV101", "danger"), ("REV380", "danger")]),
        ({"NodeToNodeEncryptionOptions": {"Enabled": True}}, {}, [("REV376", "danger")]),
        ({"NodeToNodeEncryptionOptions": {"Enabled": False}}, {}, []),
        (
            {"DomainEndpointOptions": {"TLSSecurityPolicy": "Policy-Min-TLS-1-2-2019-07"}},
            {"DomainEndpointOptions": {"TLSSecurityPolicy": "Policy-Min-TLS-1-0-2019-07"}},
            [("REV378", "caution")],
        ),
        ({"ClusterConfig": {"InstanceCount": 4}}, {"ClusterConfig": {"InstanceCount": 2}}, [("REV385", "caution")]),
        ({"ClusterConfig": {"InstanceCount": 2}}, {"ClusterConfig": {"InstanceCount": 4}}, [("REV379", "fine")]),
        ({"ClusterConfig": {"ZoneAwarenessEnabled": True}}, {}, [("REV385", "caution")]),
        ({"EBSOptions": {"VolumeSize": 20}}, {"EBSOptions": {"VolumeSize": 10}}, [("REV387", "caution")]),
        ({}, {"AccessPolicies": OPEN}, [("REV381", "danger")]),
        (
            {"VPCOptions": {"SubnetIds": ["a"]}},
            {"VPCOptions": {"SubnetIds": ["a"]}, "AccessPolicies": OPEN},
            [("REV381", "caution")],
        ),
        ({"AccessPolicies": OPEN}, {}, [("REV379", "fine")]),
        ({"VPCOptions": {"SubnetIds": ["a"]}}, {}, [("REV383", "danger")]),
    ],
)
def test_a_change_of_a_domain(old: Any, new: Any, told: list[tuple[str, str]]) -> None:
    assert changed(DOMAIN, old, new) == told


def test_a_domain_that_will_be_replaced_by_its_next_version() -> None:
    old, new = one(DOMAIN, {}, UpdatePolicy=UPGRADES), one(DOMAIN, {})
    assert [(remark.code, remark.grade) for remark in review(old, new).remarks] == [("REV378", "caution")]
    assert [(remark.code, remark.grade) for remark in review(new, old).remarks] == [("REV379", "fine")]


def kept(days: str) -> str:
    return f'{{"Rules": [{{"Resource": ["index/logs/*"], "MinIndexRetention": "{days}"}}]}}'


FOREVER = '{"Rules": [{"Resource": ["index/logs/*"], "NoMinIndexRetention": true}]}'


@pytest.mark.parametrize(
    ("kind", "old", "new", "told"),
    [
        ("LifecyclePolicy", kept("30d"), kept("48h"), ("REV389", "danger")),
        ("LifecyclePolicy", kept("48h"), kept("30d"), ("REV379", "fine")),
        ("LifecyclePolicy", FOREVER, kept("30d"), ("REV389", "danger")),
        ("LifecyclePolicy", kept("30d"), FOREVER, ("REV379", "fine")),
        ("SecurityPolicy", '[{"AllowFromPublic": false}]', '[{"AllowFromPublic": true}]', ("REV381", "danger")),
        ("SecurityPolicy", '[{"AllowFromPublic": true}]', '[{"SourceVPCEs": ["a"]}]', ("REV379", "fine")),
        (
            "SecurityPolicy",
            "[]",
            {"Fn::Sub": '[{"Resource": "${AWS::Region}", "AllowFromPublic": true}]'},
            ("REV381", "danger"),
        ),
    ],
)
def test_a_policy_of_collections(kind: str, old: Any, new: Any, told: tuple[str, str]) -> None:
    assert changed(f"AWS::OpenSearchServerless::{kind}", {"Policy": old}, {"Policy": new}) == [told]


# Audits ---------------------------------------------------------------------------------------------------------------


def role(*statements: dict[str, Any], **more: Any) -> Source:
    document = {"Statement": [{"Effect": "Allow", **statement} for statement in statements]}
    properties = {"Policies": [{"PolicyName": "p", "PolicyDocument": document}], **more}
    destination = {"BucketARN": {"Fn::GetAtt": ["Lake", "Arn"]}, "RoleARN": {"Fn::GetAtt": ["Role", "Arn"]}}
    resources = {
        "Lake": {"Type": BUCKET},
        "Other": {"Type": BUCKET},
        "Role": {"Type": "AWS::IAM::Role", "Properties": properties},
        "Delivery": {"Type": FIREHOSE, "Properties": {"ExtendedS3DestinationConfiguration": destination}},
    }
    return template(resources)


@pytest.mark.parametrize(
    ("source", "is_missing"),
    [
        (role({"Action": "s3:PutObject", "Resource": {"Fn::Sub": "${Lake.Arn}/*"}}), False),
        (role({"Action": ["s3:Put*"], "Resource": "*"}), False),
        (role({"Action": "s3:PutObject", "Resource": {"Fn::Sub": "${Other.Arn}/*"}}), True),
        (role({"Action": "s3:GetObject", "Resource": "*"}), True),
        (role({"Action": "s3:PutObject", "Resource": {"Ref": "Parameter"}}), False),
        (role({"NotAction": "iam:*", "Resource": "*"}), False),
        (role(), True),
        (role(ManagedPolicyArns=["arn:aws:iam::aws:policy/AmazonS3FullAccess"]), False),
    ],
)
def test_a_role_that_may_not_write(source: Source, is_missing: bool) -> None:
    assert ("AUD307" in {remark.code for remark in audit(source)}) is is_missing


@pytest.mark.parametrize(
    ("settings", "refused"),
    [
        ({"DataFormatConversionConfiguration": parquet(), "BufferingHints": {"SizeInMBs": 63}}, True),
        ({"DataFormatConversionConfiguration": parquet(), "BufferingHints": {"SizeInMBs": 64}}, False),
        (
            {"DataFormatConversionConfiguration": {**parquet(), "Enabled": False}, "BufferingHints": {"SizeInMBs": 5}},
            False,
        ),
        ({"DynamicPartitioningConfiguration": {"Enabled": True}, "BufferingHints": {"IntervalInSeconds": 0}}, True),
        ({"DataFormatConversionConfiguration": parquet(), "CompressionFormat": "GZIP"}, True),
        ({"CompressionFormat": "GZIP", "BufferingHints": {"SizeInMBs": 1, "IntervalInSeconds": 0}}, False),
    ],
)
def test_settings_that_firehose_refuses(settings: dict[str, Any], refused: bool) -> None:
    assert ("AUD302" in {remark.code for remark in audit(one(FIREHOSE, s3(**settings)))}) is refused


def test_a_good_delivery_stream_has_no_fault() -> None:
    good = s3(
        Prefix="clicks/!{timestamp:yyyy/MM/dd}/",
        ErrorOutputPrefix="errors/!{firehose:error-output-type}/",
        CloudWatchLoggingOptions={"Enabled": True, "LogGroupName": "a", "LogStreamName": "b"},
    )
    assert (
        audit(one(FIREHOSE, {**good, "DeliveryStreamEncryptionConfigurationInput": {"KeyType": "AWS_OWNED_CMK"}})) == []
    )

"""The workgroup: what it enforces, where results go, and the query that is ready."""

from __future__ import annotations

from typing import Any

import pytest
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from streaming_constructs import (
    AthenaSpec,
    AthenaWorkgroup,
    DeliverySpec,
    Partition,
    S3Delivery,
    S3Destination,
    SpecError,
)

WORKGROUP = "AWS::Athena::WorkGroup"
QUERY = "AWS::Athena::NamedQuery"
BUCKET = "AWS::S3::Bucket"
KEY_ARN = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def archive(bench: Any, *partitions: Partition, schema: Any = None, **to: Any) -> S3Delivery:
    divided: dict[str, Any] = {"partition_by": partitions} if partitions else {}
    destination = S3Destination(**divided, **to)
    return S3Delivery(
        bench.stack,
        "lake",
        spec=DeliverySpec(to=destination),
        schema=schema or {"country": "string", "at": "timestamp"},
    )


def settings(bench: Any) -> dict[str, Any]:
    found: dict[str, Any] = bench.only(WORKGROUP)["WorkGroupConfiguration"]
    return found


def test_workgroup_enforces_encryption_and_a_limit_on_what_is_read(bench: Any) -> None:
    made = AthenaWorkgroup(bench.stack, "Queries")
    assert bench.only(WORKGROUP) == {
        "Name": made.name,
        "Description": "Queries over the archives of a streaming system",
        "RecursiveDeleteOption": True,
        "WorkGroupConfiguration": {
            "EnforceWorkGroupConfiguration": True,
            "PublishCloudWatchMetricsEnabled": True,
            # 100 GiB
            "BytesScannedCutoffPerQuery": 107_374_182_400,
            "ResultConfiguration": {
                "OutputLocation": {"Fn::Join": ["", ["s3://", {"Ref": bench.only_id(BUCKET)}, "/results/"]]},
                "EncryptionConfiguration": {"EncryptionOption": "SSE_S3"},
            },
        },
    }


def test_workgroup_takes_what_the_spec_says(bench: Any) -> None:
    AthenaWorkgroup(bench.stack, "Queries", spec=AthenaSpec(scan_limit_mb=10, expire_results_after_days=1))
    assert settings(bench)["BytesScannedCutoffPerQuery"] == 10_485_760
    assert bench.only(BUCKET)["LifecycleConfiguration"]["Rules"] == [
        {
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
            "ExpirationInDays": 1,
            "NoncurrentVersionExpiration": {"NoncurrentDays": 1},
            "Status": "Enabled",
        }
    ]


def test_results_are_deleted_after_thirty_days(bench: Any) -> None:
    AthenaWorkgroup(bench.stack, "Queries")
    (rule,) = bench.only(BUCKET)["LifecycleConfiguration"]["Rules"]
    assert rule["ExpirationInDays"] == 30


@pytest.mark.parametrize(("removal_policy", "policy"), [("retain", "Retain"), ("destroy", "Delete")])
def test_removal_policy_decides_what_happens_to_results(bench: Any, removal_policy: Any, policy: str) -> None:
    AthenaWorkgroup(bench.stack, "Queries", removal_policy=removal_policy)
    (bucket,) = bench.of_type(BUCKET).values()
    assert bucket["DeletionPolicy"] == policy
    assert len(bench.of_type("Custom::S3AutoDeleteObjects")) == (1 if removal_policy == "destroy" else 0)


def test_key_encrypts_results_and_their_bucket(bench: Any) -> None:
    AthenaWorkgroup(bench.stack, "Queries", encryption_key=kms.Key.from_key_arn(bench.stack, "Key", KEY_ARN))
    assert settings(bench)["ResultConfiguration"]["EncryptionConfiguration"] == {
        "EncryptionOption": "SSE_KMS",
        "KmsKey": KEY_ARN,
    }
    (rule,) = bench.only(BUCKET)["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"] == {"KMSMasterKeyID": KEY_ARN, "SSEAlgorithm": "aws:kms"}


def test_bucket_that_is_brought_takes_the_results_under_its_key(bench: Any) -> None:
    bucket = s3.Bucket.from_bucket_attributes(
        bench.stack,
        "Live",
        bucket_arn="arn:aws:s3:::company-results",
        encryption_key=kms.Key.from_key_arn(bench.stack, "Key", KEY_ARN),
    )
    made = AthenaWorkgroup(bench.stack, "Queries", results=bucket)
    assert settings(bench)["ResultConfiguration"] == {
        "OutputLocation": "s3://company-results/results/",
        "EncryptionConfiguration": {"EncryptionOption": "SSE_KMS", "KmsKey": KEY_ARN},
    }
    assert (made.results, bench.of_type(BUCKET)) == (bucket, {})


def test_existing_workgroup_is_named_and_nothing_is_created_for_it(bench: Any) -> None:
    queries = AthenaWorkgroup(bench.stack, "Queries", spec=AthenaSpec(workgroup="company"))
    queries.add_query(archive(bench))
    assert (queries.workgroup, queries.name, queries.results) == (None, "company", None)
    assert bench.only(QUERY)["WorkGroup"] == "company"
    assert not bench.of_type(WORKGROUP)
    (query,) = bench.of_type(QUERY).values()
    assert query["DependsOn"] == [bench.only_id("AWS::Glue::Table")]


def test_existing_workgroup_keeps_its_own_bucket_and_key(bench: Any) -> None:
    with pytest.raises(SpecError) as error:
        AthenaWorkgroup(
            bench.stack,
            "Queries",
            spec=AthenaSpec(workgroup="company"),
            results=s3.Bucket.from_bucket_name(bench.stack, "Live", "company-results"),
            encryption_key=kms.Key.from_key_arn(bench.stack, "Key", KEY_ARN),
        )
    assert [(one.code, one.dotted_path, one.note) for one in error.value.findings] == [
        ("LNG403", "Queries.workgroup", "`results=` was given; what is brought is never changed"),
        ("LNG403", "Queries.workgroup", "`encryption_key=` was given; what is brought is never changed"),
    ]


@pytest.mark.parametrize(
    ("partitions", "columns", "where"),
    [
        ((), "arrival_day", "arrival_day >= date_format(current_timestamp - INTERVAL '7' DAY, '%Y-%m-%d')"),
        (
            (Partition(by="month(at)"),),
            "at_month",
            "at_month >= date_format(current_timestamp - INTERVAL '12' MONTH, '%Y-%m')",
        ),
        (
            (Partition(by="country"), Partition(by="hour(arrival)")),
            "by_country, arrival_hour",
            (
                "by_country = 'put a value here'\n"
                "  AND arrival_hour >= date_format(current_timestamp - INTERVAL '24' HOUR, '%Y-%m-%d-%H')"
            ),
        ),
        ((Partition(by="country", values=("de",)),), "by_country", ""),
    ],
)
def test_query_is_ready_to_run(bench: Any, partitions: tuple[Partition, ...], columns: str, where: str) -> None:
    queries = AthenaWorkgroup(bench.stack, "Queries")
    queries.add_query(archive(bench, *partitions))
    database = bench.only("AWS::Glue::Database")["DatabaseInput"]["Name"]
    where = f"WHERE {where}\n" if where else ""
    assert bench.only(QUERY) == {
        "Name": "lake: records by partition",
        "Description": "How many records of lake arrived lately",
        "Database": database,
        "WorkGroup": queries.name,
        "QueryString": (
            f'SELECT {columns}, count(*) AS records\nFROM "{database}"."lake"\n{where}GROUP BY {columns}\nORDER BY {columns}\n'
        ),
    }


def test_query_waits_for_the_workgroup_and_the_table(bench: Any) -> None:
    AthenaWorkgroup(bench.stack, "Queries").add_query(archive(bench, format="parquet"))
    (query,) = bench.of_type(QUERY).values()
    assert set(query["DependsOn"]) == {bench.only_id(WORKGROUP), bench.only_id("AWS::Glue::Table")}


def test_archive_that_no_table_stands_over_has_no_query(bench: Any) -> None:
    queries = AthenaWorkgroup(bench.stack, "Queries")
    assert queries.add_query(archive(bench, compression="zip")) is None
    assert not bench.of_type(QUERY)


def test_workgroups_of_two_systems_have_names_of_their_own(bench: Any) -> None:
    names = {AthenaWorkgroup(Construct(bench.stack, part), "Queries").name for part in ("shop", "bank")}
    assert len(names) == 2
    assert {name.split("-")[1] for name in names} == {"shop", "bank"}

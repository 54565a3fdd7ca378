"""Buckets for records: how they are encrypted, what leaves them, and what is brought."""

from __future__ import annotations

from typing import Any

import pytest
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from streaming_constructs.cdk.s3_bucket import bucket_of
from streaming_constructs.spec.s3_bucket import BucketSpec

BUCKET = "AWS::S3::Bucket"
KEY = "AWS::KMS::Key"
KEY_ARN = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
UPLOADS = {"AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}}
SOURCE_ARN = "arn:aws:kms:eu-west-1:111122223333:key/99999999-12ab-34cd-56ef-1234567890ab"


def bucket(bench: Any, *, source_has_a_key: bool = False, removal_policy: Any = "retain", **spec: Any) -> s3.IBucket:
    scope = Construct(bench.stack, "Lake")
    key = kms.Key.from_key_arn(bench.stack, "Source", SOURCE_ARN) if source_has_a_key else None
    return bucket_of(scope, "Bucket", BucketSpec.model_validate(spec), stream_key=key, removal_policy=removal_policy)


def encryption(bench: Any) -> dict[str, Any]:
    (rule,) = bench.only(BUCKET)["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    found: dict[str, Any] = rule["ServerSideEncryptionByDefault"]
    return found


def test_bucket_is_closed_versioned_and_keeps_everything(bench: Any) -> None:
    bucket(bench)
    assert bench.only(BUCKET) == {
        "BucketEncryption": {
            "ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
        },
        "PublicAccessBlockConfiguration": {
            "BlockPublicAcls": True,
            "BlockPublicPolicy": True,
            "IgnorePublicAcls": True,
            "RestrictPublicBuckets": True,
        },
        "VersioningConfiguration": {"Status": "Enabled"},
        # Parts of uploads that never ended, which nobody sees.
        "LifecycleConfiguration": {"Rules": [{**UPLOADS, "Status": "Enabled"}]},
    }


def test_bucket_is_reached_over_tls_alone(bench: Any) -> None:
    bucket(bench)
    arn = {"Fn::GetAtt": [bench.only_id(BUCKET), "Arn"]}
    assert bench.only("AWS::S3::BucketPolicy")["PolicyDocument"]["Statement"] == [
        {
            "Action": "s3:*",
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            "Effect": "Deny",
            "Principal": {"AWS": "*"},
            "Resource": [arn, {"Fn::Join": ["", [arn, "/*"]]}],
        }
    ]


@pytest.mark.parametrize(
    ("source_has_a_key", "spec", "expected"),
    [
        (False, {}, {"SSEAlgorithm": "AES256"}),
        (True, {}, {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": SOURCE_ARN}),
        (True, {"encryption": "s3_managed"}, {"SSEAlgorithm": "AES256"}),
        (
            True,
            {"encryption": {"kind": "customer_managed", "kms_key_arn": KEY_ARN}},
            {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY_ARN},
        ),
        (
            False,
            {"encryption": {"kind": "customer_managed", "kms_key_arn": KEY_ARN}},
            {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY_ARN},
        ),
    ],
)
def test_bucket_is_encrypted_like_its_source_unless_told_otherwise(
    bench: Any, source_has_a_key: bool, spec: dict[str, Any], expected: dict[str, str]
) -> None:
    made = bucket(bench, source_has_a_key=source_has_a_key, **spec)
    assert encryption(bench) == expected
    key = made.encryption_key
    assert (key.key_arn if key else None) == expected.get("KMSMasterKeyID")
    assert not bench.of_type(KEY)


@pytest.mark.parametrize(("removal_policy", "policy"), [("retain", "Retain"), ("destroy", "Delete")])
def test_key_of_its_own_is_created_and_goes_with_it(bench: Any, removal_policy: Any, policy: str) -> None:
    bucket(bench, source_has_a_key=True, removal_policy=removal_policy, encryption="customer_managed")
    arn = {"Fn::GetAtt": [bench.only_id(KEY), "Arn"]}
    assert encryption(bench) == {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": arn}
    (key,) = bench.of_type(KEY).values()
    assert (key["Properties"]["EnableKeyRotation"], key["DeletionPolicy"]) == (True, policy)
    assert key["Properties"]["Description"] == "Encrypts the bucket of Lake"


def test_bucket_key_spares_requests_to_kms(bench: Any) -> None:
    bucket(bench, source_has_a_key=True)
    (rule,) = bench.only(BUCKET)["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["BucketKeyEnabled"] is True


def test_objects_move_and_go_when_the_spec_says(bench: Any) -> None:
    moves = {"standard_ia": 30, "intelligent_tiering": 60, "glacier_ir": 90, "glacier": 180, "deep_archive": 300}
    bucket(
        bench,
        transitions=[{"after_days": days, "storage_class": name} for name, days in moves.items()],
        expire_after_days=400,
    )
    assert bench.only(BUCKET)["LifecycleConfiguration"]["Rules"] == [
        {
            **UPLOADS,
            "ExpirationInDays": 400,
            "NoncurrentVersionExpiration": {"NoncurrentDays": 400},
            "Status": "Enabled",
            "Transitions": [
                {"StorageClass": "STANDARD_IA", "TransitionInDays": 30},
                {"StorageClass": "INTELLIGENT_TIERING", "TransitionInDays": 60},
                {"StorageClass": "GLACIER_IR", "TransitionInDays": 90},
                {"StorageClass": "GLACIER", "TransitionInDays": 180},
                {"StorageClass": "DEEP_ARCHIVE", "TransitionInDays": 300},
            ],
        }
    ]


def test_objects_may_move_at_once_and_stay(bench: Any) -> None:
    bucket(bench, transitions=[{"after_days": 0, "storage_class": "intelligent_tiering"}])
    assert bench.only(BUCKET)["LifecycleConfiguration"]["Rules"] == [
        {
            **UPLOADS,
            "Status": "Enabled",
            "Transitions": [{"StorageClass": "INTELLIGENT_TIERING", "TransitionInDays": 0}],
        }
    ]


@pytest.mark.parametrize(("removal_policy", "policy", "emptied"), [("retain", "Retain", 0), ("destroy", "Delete", 1)])
def test_retained_bucket_stays_and_a_disposable_one_is_emptied(
    bench: Any, removal_policy: Any, policy: str, emptied: int
) -> None:
    bucket(bench, removal_policy=removal_policy)
    (made,) = bench.of_type(BUCKET).values()
    assert (made["DeletionPolicy"], made["UpdateReplacePolicy"]) == (policy, policy)
    assert len(bench.of_type("Custom::S3AutoDeleteObjects")) == emptied


@pytest.mark.parametrize("kms_key_arn", [None, KEY_ARN])
@pytest.mark.parametrize("named", ["company", "arn:aws:s3:::company", "arn:aws-cn:s3:::company"])
def test_existing_bucket_is_only_referred_to(bench: Any, named: str, kms_key_arn: str | None) -> None:
    made = bucket(bench, source_has_a_key=True, bucket=named, kms_key_arn=kms_key_arn)
    arn = {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":s3:::company"]]}
    assert (bench.stack.resolve(made.bucket_arn), made.bucket_name) == (arn, "company")
    # The key of the source says nothing of a bucket that was there before.
    assert (made.encryption_key.key_arn if made.encryption_key else None) == kms_key_arn
    assert "Resources" not in bench.template

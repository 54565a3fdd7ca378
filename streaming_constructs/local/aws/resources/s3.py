"""S3: buckets, their policies, and what empties them when they go."""

from __future__ import annotations

from typing import Any

from streaming_constructs.local.aws.api import Aws
from streaming_constructs.local.aws.resources.resource_type import Created, Properties, ResourceType, document, nothing

_BLOCKS = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")


def place_of_buckets(aws: Aws) -> dict[str, Any]:
    """How CreateBucket is told the region, which us-east-1 is not.

    Args:
        aws: The AWS.
    """
    return {} if aws.region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": aws.region}}


def _create_bucket(aws: Aws, name: str, properties: Properties) -> Created:
    place = place_of_buckets(aws)
    aws.call("s3", "CreateBucket", {"Bucket": name, **place})
    _set_bucket(aws, name, properties)
    host = f"{name}.s3.{aws.region}.amazonaws.com"
    return Created(
        name,
        {
            "Arn": f"arn:aws:s3:::{name}",
            "DomainName": f"{name}.s3.amazonaws.com",
            "RegionalDomainName": host,
            "DualStackDomainName": f"{name}.s3.dualstack.{aws.region}.amazonaws.com",
        },
    )


def _set_bucket(aws: Aws, name: str, properties: Properties) -> None:
    s3 = aws.client("s3")
    bucket = {"Bucket": name}
    encryption = properties.get("BucketEncryption", {}).get("ServerSideEncryptionConfiguration", ())
    if encryption:
        rules = [_encryption(rule) for rule in encryption]
        aws.call("s3", "PutBucketEncryption", {**bucket, "ServerSideEncryptionConfiguration": {"Rules": rules}})
    public = properties.get("PublicAccessBlockConfiguration")
    if public:
        blocks = {name: public.get(name, False) for name in _BLOCKS}
        aws.call("s3", "PutPublicAccessBlock", {**bucket, "PublicAccessBlockConfiguration": blocks})
    versioning = properties.get("VersioningConfiguration")
    if versioning:
        aws.call("s3", "PutBucketVersioning", {**bucket, "VersioningConfiguration": versioning})
    rules = properties.get("LifecycleConfiguration", {}).get("Rules", ())
    if rules:
        lifecycle = {"Rules": [_lifecycle(rule) for rule in rules]}
        aws.call("s3", "PutBucketLifecycleConfiguration", {**bucket, "LifecycleConfiguration": lifecycle})
    else:
        s3.delete_bucket_lifecycle(**bucket)
    ownership = properties.get("OwnershipControls")
    if ownership:
        aws.call("s3", "PutBucketOwnershipControls", {**bucket, "OwnershipControls": ownership})
    tags = properties.get("Tags")
    if tags:
        aws.call("s3", "PutBucketTagging", {**bucket, "Tagging": {"TagSet": tags}})


def _encryption(rule: Properties) -> dict[str, Any]:
    """One rule in the API's words; CloudFormation has its own."""
    by_default = rule["ServerSideEncryptionByDefault"]
    return {"ApplyServerSideEncryptionByDefault": by_default, "BucketKeyEnabled": rule.get("BucketKeyEnabled", False)}


def _lifecycle(rule: Properties) -> dict[str, Any]:
    said: dict[str, Any] = {"Status": rule["Status"], "Filter": {"Prefix": rule.get("Prefix", "")}}
    for name, value in rule.items():
        match name:
            case "Status" | "Prefix":
                pass
            case "Id":
                said["ID"] = value
            case "ExpirationInDays":
                said["Expiration"] = {"Days": value}
            case "Transitions":
                said["Transitions"] = [_transition(transition) for transition in value]
            case "NoncurrentVersionExpiration" | "AbortIncompleteMultipartUpload":
                said[name] = value
            case _:
                raise ValueError(f"a rule of a bucket's lifecycle knows no `{name}` here")
    return said


def _transition(transition: Properties) -> dict[str, Any]:
    return {"Days": transition["TransitionInDays"], "StorageClass": transition["StorageClass"]}


def _delete_bucket(aws: Aws, name: str, properties: Properties) -> None:
    aws.call("s3", "DeleteBucket", {"Bucket": name})


def _create_policy(aws: Aws, name: str, properties: Properties) -> Created:
    _set_policy(aws, "", properties)
    return Created(f"{properties['Bucket']}-policy")


def _set_policy(aws: Aws, physical_id: str, properties: Properties) -> None:
    # moto enforces what a bucket's policy denies and overlooks conditions, so "denied unless encrypted" would be "denied".
    policy = dict(properties["PolicyDocument"])
    policy["Statement"] = [statement for statement in policy["Statement"] if "Condition" not in statement]
    if policy["Statement"]:
        aws.call("s3", "PutBucketPolicy", {"Bucket": properties["Bucket"], "Policy": document(policy)})


def _delete_policy(aws: Aws, physical_id: str, properties: Properties) -> None:
    aws.client("s3").delete_bucket_policy(Bucket=properties["Bucket"])


def _empty(aws: Aws, physical_id: str, properties: Properties) -> None:
    """What the function behind CDK's `auto_delete_objects` does."""
    s3, name = aws.client("s3"), properties["BucketName"]
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=name):
        found = [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]
        objects = [{"Key": version["Key"], "VersionId": version["VersionId"]} for version in found]
        if objects:
            s3.delete_objects(Bucket=name, Delete={"Objects": objects, "Quiet": True})


S3 = (
    ResourceType(
        "AWS::S3::Bucket",
        takes=frozenset(
            {
                "BucketEncryption",
                "BucketName",
                "LifecycleConfiguration",
                "OwnershipControls",
                "PublicAccessBlockConfiguration",
                "Tags",
                "VersioningConfiguration",
            }
        ),
        create=_create_bucket,
        update=_set_bucket,
        delete=_delete_bucket,
        name="BucketName",
        name_characters=63,
        create_only=frozenset({"BucketName"}),
        recorded={
            "AccessControl": "all objects have one owner here",
            "LoggingConfiguration": "no access log is written here",
        },
    ),
    ResourceType(
        "AWS::S3::BucketPolicy",
        takes=frozenset({"Bucket", "PolicyDocument"}),
        create=_create_policy,
        update=_set_policy,
        delete=_delete_policy,
        create_only=frozenset({"Bucket"}),
    ),
    ResourceType(
        "Custom::S3AutoDeleteObjects",
        takes=frozenset({"BucketName", "ServiceToken"}),
        create=lambda aws, name, properties: Created(name),
        update=nothing,
        delete=_empty,
    ),
)

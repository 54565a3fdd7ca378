"""Deliveries to a domain: created, adopted and imported ones, public and in a VPC."""

from __future__ import annotations

from typing import Any

import cdk_nag
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_opensearchservice as opensearch
from aws_cdk import aws_s3 as s3

from streaming_constructs.cdk.deliveries.opensearch import OpenSearchDelivery
from streaming_constructs.cdk.stores.opensearch import OpenSearchDomain
from streaming_constructs.cdk.streams.kinesis import KinesisStream
from streaming_constructs.spec.deliveries.backup import FailedBackup
from streaming_constructs.spec.deliveries.firehose import DeliverySpec
from streaming_constructs.spec.deliveries.opensearch import OpenSearchDestination
from streaming_constructs.spec.encryption import CustomerManagedKey
from streaming_constructs.spec.finding import SpecError
from streaming_constructs.spec.node import Reader
from streaming_constructs.spec.stores.opensearch import OpenSearchDomainSpec
from streaming_constructs.spec.streams.kinesis import KinesisStreamSpec
from streaming_constructs.spec.vpc import VpcPlacement

STREAM = "AWS::KinesisFirehose::DeliveryStream"
ARN = "arn:aws:es:eu-west-1:111122223333:domain/live"
PATHS = ("_all/_settings", "_cluster/stats", "_nodes", "_nodes/*/stats", "_nodes/stats", "_stats")
JOINS = {
    f"ec2:{action}"
    for action in (
        "CreateNetworkInterface",
        "CreateNetworkInterfacePermission",
        "DeleteNetworkInterface",
        "DescribeNetworkInterfaces",
        "DescribeSecurityGroups",
        "DescribeSubnets",
        "DescribeVpcAttribute",
        "DescribeVpcs",
    )
}


def to(**options: Any) -> DeliverySpec:
    given = {} if {"domain", "domain_arn"} & set(options) else {"domain_arn": ARN}
    return DeliverySpec(to=OpenSearchDestination(**given, **options))


def destination(bench: Any) -> dict[str, Any]:
    return bench.only(STREAM)["AmazonopensearchserviceDestinationConfiguration"]


def arn_of(bench: Any, prefix: str, resource_type: str = "AWS::IAM::Role") -> dict[str, Any]:
    (logical_id,) = [key for key in bench.of_type(resource_type) if key.startswith(prefix)]
    return {"Fn::GetAtt": [logical_id, "Arn"]}


def test_everything_that_the_spec_says_is_in_the_destination(bench: Any) -> None:
    spec = to(
        index="events",
        index_rotation="monthly",
        document_id="none",
        buffer_mb=20,
        buffer_seconds=120,
        retry_seconds=900,
        backup=FailedBackup(records="all", prefix="refused"),
    )
    OpenSearchDelivery(bench.stack, "search", spec=spec)
    found = destination(bench)
    backup = found.pop("S3Configuration")
    log = bench.only_id("AWS::Logs::LogGroup")
    delivery_log = next(key for key in bench.of_type("AWS::Logs::LogStream") if "DeliveryLog" in key)
    assert found == {
        "DomainARN": ARN,
        "RoleARN": arn_of(bench, "searchRole"),
        "IndexName": "events",
        "IndexRotationPeriod": "OneMonth",
        "DocumentIdOptions": {"DefaultDocumentIdFormat": "NO_DOCUMENT_ID"},
        "BufferingHints": {"SizeInMBs": 20, "IntervalInSeconds": 120},
        "RetryOptions": {"DurationInSeconds": 900},
        "S3BackupMode": "AllDocuments",
        "CloudWatchLoggingOptions": {
            "Enabled": True,
            "LogGroupName": {"Ref": log},
            "LogStreamName": {"Ref": delivery_log},
        },
    }
    assert (backup["Prefix"], backup["CompressionFormat"]) == ("refused/", "GZIP")
    assert backup["BucketARN"] == arn_of(bench, "searchBackupBucket", "AWS::S3::Bucket")


def test_what_the_spec_leaves_out_is_daily_and_backs_up_what_failed(bench: Any) -> None:
    OpenSearchDelivery(bench.stack, "Search", spec=to())
    found = destination(bench)
    assert (found["IndexName"], found["IndexRotationPeriod"]) == ("search", "OneDay")
    assert found["DocumentIdOptions"] == {"DefaultDocumentIdFormat": "FIREHOSE_DEFAULT"}
    assert found["BufferingHints"] == {"SizeInMBs": 5, "IntervalInSeconds": 60}
    assert (found["RetryOptions"], found["S3BackupMode"]) == ({"DurationInSeconds": 300}, "FailedDocumentsOnly")


@pytest.mark.parametrize(
    ("rotation", "period"),
    [
        ("none", "NoRotation"),
        ("hourly", "OneHour"),
        ("daily", "OneDay"),
        ("weekly", "OneWeek"),
        ("monthly", "OneMonth"),
    ],
)
def test_rotation_has_firehoses_name(bench: Any, rotation: str, period: str) -> None:
    OpenSearchDelivery(bench.stack, "search", spec=to(index_rotation=rotation))
    assert destination(bench)["IndexRotationPeriod"] == period


@pytest.mark.parametrize(
    ("rotation", "indices"), [("none", {"no"}), ("daily", {"no", "no-*"}), ("monthly", {"no", "no-*"})]
)
def test_no_index_that_begins_alike_may_be_read(bench: Any, rotation: str, indices: set[str]) -> None:
    OpenSearchDelivery(bench.stack, "search", spec=to(index="no", index_rotation=rotation))
    read = [one["Resource"] for one in bench.statements() if one["Action"] == "es:ESHttpGet"]
    of_indices = {path.removeprefix(f"{ARN}/").partition("/")[0] for path in read} - {
        "_all",
        "_cluster",
        "_nodes",
        "_stats",
    }
    assert of_indices == indices


def test_existing_domain_is_written_to_and_not_prepared(bench: Any) -> None:
    delivery = OpenSearchDelivery(bench.stack, "search", spec=to())
    writes = {
        "es:DescribeDomain",
        "es:DescribeDomainConfig",
        "es:DescribeDomains",
        "es:ESHttpPost",
        "es:ESHttpPut",
    }
    assert bench.allowed_on(ARN) == writes
    assert bench.allowed_on(f"{ARN}/*") == writes
    for path in (*PATHS, "search/_mapping/*", "search/_stats", "search-*/_mapping/*", "search-*/_stats"):
        assert bench.allowed_on(f"{ARN}/{path}") == {"es:ESHttpGet"}
    assert bench.allowed_on("*") == set()
    assert (delivery.setup, bench.of_type("AWS::CloudFormation::CustomResource")) == (None, {})


def test_live_domain_is_written_to_and_not_prepared(bench: Any) -> None:
    live = opensearch.Domain.from_domain_attributes(
        bench.stack, "Live", domain_arn=ARN, domain_endpoint="https://live.eu-west-1.es.amazonaws.com"
    )
    delivery = OpenSearchDelivery(bench.stack, "search", spec=to(domain="live"), domain=live)
    assert (destination(bench)["DomainARN"], delivery.setup) == (ARN, None)


@pytest.mark.parametrize("made", ["by its endpoint", "in the stack"])
def test_a_domain_whose_arn_is_not_known_yet_has_its_paths_acknowledged(bench: Any, made: str) -> None:
    live: opensearch.IDomain
    if made == "in the stack":
        live = opensearch.Domain(bench.stack, "Live", version=opensearch.EngineVersion.OPENSEARCH_2_19)
    else:
        live = opensearch.Domain.from_domain_endpoint(bench.stack, "Live", "https://live.eu-west-1.es.amazonaws.com")
    delivery = OpenSearchDelivery(bench.stack, "search", spec=to(domain="live"), domain=live)
    found = cdk_nag.AwsSolutionsChecks(bench.stack).validate_scope(delivery).violations
    assert [one.rule_name for one in found] == []
    assert set(destination(bench)["DomainARN"]) <= {"Fn::GetAtt", "Fn::Join"}


def test_created_domain_is_prepared_before_the_stream_exists(bench: Any) -> None:
    domain = OpenSearchDomain(bench.stack, "Domain", spec=OpenSearchDomainSpec(), removal_policy="destroy")
    OpenSearchDelivery(bench.stack, "search", spec=to(domain="domain"), domain=domain)
    arn = arn_of(bench, "Domain", "AWS::OpenSearchService::Domain")
    assert destination(bench)["DomainARN"] == arn
    (stream,) = bench.of_type(STREAM).values()
    policy = next(key for key in bench.of_type("AWS::IAM::ManagedPolicy") if key.startswith("searchPermissions"))
    assert stream["DependsOn"] == [policy, bench.only_id("AWS::CloudFormation::CustomResource")]
    assert bench.allowed_on({"Fn::Join": ["", [arn, "/_nodes/*/stats"]]}) == {"es:ESHttpGet"}


def test_delivery_to_a_domain_in_a_vpc_joins_it(bench: Any) -> None:
    placed = VpcPlacement(subnet_ids=("subnet-01234567",), security_group_ids=("sg-01234567",))
    domain = OpenSearchDomain(bench.stack, "Domain", spec=OpenSearchDomainSpec(vpc=placed), removal_policy="destroy")
    OpenSearchDelivery(bench.stack, "search", spec=to(domain="domain"), domain=domain)
    assert destination(bench)["VpcConfiguration"] == {
        "RoleARN": arn_of(bench, "searchRole"),
        "SubnetIds": ["subnet-01234567"],
        "SecurityGroupIds": ["sg-01234567"],
    }
    policy = next(one for key, one in bench.of_type("AWS::IAM::ManagedPolicy").items() if key.startswith("search"))
    everywhere = [one for one in policy["Properties"]["PolicyDocument"]["Statement"] if one["Resource"] == "*"]
    assert [set(one["Action"]) for one in everywhere] == [JOINS]


def test_existing_domain_in_a_vpc_is_joined_with_a_group_that_is_created(bench: Any) -> None:
    vpc = ec2.Vpc.from_vpc_attributes(
        bench.stack, "Vpc", vpc_id="vpc-01234567", availability_zones=["a"], private_subnet_ids=["subnet-01234567"]
    )
    delivery = OpenSearchDelivery(bench.stack, "search", spec=to(), vpc=vpc)
    assert destination(bench)["VpcConfiguration"] == {
        "RoleARN": arn_of(bench, "searchRole"),
        "SubnetIds": ["subnet-01234567"],
        "SecurityGroupIds": [{"Fn::GetAtt": [bench.only_id("AWS::EC2::SecurityGroup"), "GroupId"]}],
    }
    assert delivery.security_group is not None


def test_stream_under_its_own_key_is_read_and_the_backup_is_under_it_too(bench: Any) -> None:
    events = KinesisStream(
        bench.stack,
        "Events",
        spec=KinesisStreamSpec(mode="on_demand", encryption=CustomerManagedKey()),
        readers=[Reader("search")],
    )
    spec = DeliverySpec(from_="events", to=OpenSearchDestination(domain_arn=ARN))
    OpenSearchDelivery(bench.stack, "search", spec=spec, source=events)
    key = {"Fn::GetAtt": [bench.only_id("AWS::KMS::Key"), "Arn"]}
    assert bench.only(STREAM)["DeliveryStreamType"] == "KinesisStreamAsSource"
    assert destination(bench)["S3Configuration"]["EncryptionConfiguration"] == {
        "KMSEncryptionConfig": {"AWSKMSKeyARN": key}
    }
    assert bench.allowed_on(key) == {"kms:Decrypt", "kms:GenerateDataKey"}


def test_live_backup_bucket_is_used(bench: Any) -> None:
    bucket = s3.Bucket.from_bucket_arn(bench.stack, "Company", "arn:aws:s3:::company")
    delivery = OpenSearchDelivery(bench.stack, "search", spec=to(), backup_bucket=bucket)
    assert not bench.of_type("AWS::S3::Bucket")
    assert delivery.backup_bucket is bucket


def test_two_deliveries_fit_in_one_stack(bench: Any) -> None:
    for name in ("one", "two"):
        OpenSearchDelivery(bench.stack, name, spec=to())
    names = {
        one["Properties"]["AmazonopensearchserviceDestinationConfiguration"]["IndexName"]
        for one in bench.of_type(STREAM).values()
    }
    assert names == {"one", "two"}


@pytest.mark.parametrize(
    ("spec", "brought", "findings"),
    [
        (to(domain="domain"), None, [("GRF301", "search.to.domain")]),
        (to(), "live", [("LNG403", "search.to.domain_arn")]),
        (to(domain="domain", index_rotation="none"), "own", [("OSD801", "search.to.index_rotation")]),
        (to(domain="domain"), "own in vpc", [("LNG404", "search.to.domain")]),
    ],
)
def test_what_does_not_go_together_is_refused(
    bench: Any, spec: DeliverySpec, brought: str | None, findings: list[tuple[str, str]]
) -> None:
    domain: Any = None
    options: dict[str, Any] = {}
    if brought == "live":
        domain = opensearch.Domain.from_domain_endpoint(bench.stack, "Live", "https://live.eu-west-1.es.amazonaws.com")
    elif brought is not None:
        domain = OpenSearchDomain(bench.stack, "Domain", spec=OpenSearchDomainSpec(), removal_policy="destroy")
    if brought == "own in vpc":
        options["vpc"] = ec2.Vpc.from_vpc_attributes(
            bench.stack, "Vpc", vpc_id="vpc-01234567", availability_zones=["a"], private_subnet_ids=["subnet-01234567"]
        )
    with pytest.raises(SpecError) as error:
        OpenSearchDelivery(bench.stack, "search", spec=spec, domain=domain, **options)
    assert [(one.code, one.dotted_path) for one in error.value.findings] == findings

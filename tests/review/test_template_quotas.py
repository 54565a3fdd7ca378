"""What CloudFormation, and the services behind it, take of one template."""

from __future__ import annotations

from typing import Any

import pytest

from streaming_constructs.review.template_quotas import dynamic_references, policy_size, quota_findings


def resource(number: int) -> dict[str, Any]:
    return {f"R{number}": {"Type": "AWS::SNS::Topic", "Properties": {}}}


def many(count: int) -> dict[str, Any]:
    return {key: value for number in range(count) for key, value in resource(number).items()}


def policy(kind: str, field: str, length: int) -> dict[str, Any]:
    document = {"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "x" * length}]}
    return {"Resources": {"Policy": {"Type": kind, "Properties": {field: document}}}}


OVERHEAD = policy_size({"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": ""}]})


@pytest.mark.parametrize(
    ("code", "fits", "too_much"),
    [
        ("CFN121", {"Resources": many(500)}, {"Resources": many(501)}),
        ("CFN122", {"Outputs": many(200)}, {"Outputs": many(201)}),
        ("CFN123", {"Parameters": many(200)}, {"Parameters": many(201)}),
        ("CFN125", {"Description": "ä" * 512}, {"Description": "ä" * 513}),
        (
            "CFN126",
            {"Outputs": {"a": {"Value": ["{{resolve:ssm:/a}}"] * 60}}},
            {"Outputs": {"a": {"Value": ["{{resolve:ssm:/a}}"] * 61}}},
        ),
        *(
            ("CFN127", policy(kind, field, most - OVERHEAD), policy(kind, field, most - OVERHEAD + 1))
            for kind, field, most in (
                ("AWS::IAM::ManagedPolicy", "PolicyDocument", 6144),
                ("AWS::IAM::Policy", "PolicyDocument", 10_240),
                ("AWS::S3::BucketPolicy", "PolicyDocument", 20_480),
                ("AWS::KMS::Key", "KeyPolicy", 32_768),
            )
        ),
    ],
)
def test_what_fits_and_what_is_one_too_much(code: str, fits: dict[str, Any], too_much: dict[str, Any]) -> None:
    assert list(quota_findings("{}", fits)) == []
    assert [(finding.rule, finding.level) for finding in quota_findings("{}", too_much)] == [(code, "error")]


def test_a_template_of_more_than_a_megabyte_is_refused() -> None:
    assert [finding.rule for finding in quota_findings("x" * 1_000_001, {})] == ["CFN124"]
    assert list(quota_findings("x" * 1_000_000, {})) == []


def test_what_nothing_is_known_of_counts_nothing() -> None:
    joined = {"Fn::Join": ["", ["arn:", {"Ref": "Given"}, ":s3:::", {"Fn::GetAtt": ["Elsewhere", "Arn"]}]]}
    assert policy_size({"Resource": joined}) == len('{"Resource":"arn::s3:::"}')
    assert policy_size({"Resource": [{"Ref": "One"}, "x"]}) == len('{"Resource":["","x"]}')
    assert policy_size({"Resource": {"Fn::Join": ["-", {"Ref": "List"}]}}) == len('{"Resource":""}')


LAKE = "PipelineLakeDeliveryStreamD4469993"


@pytest.mark.parametrize(
    ("told", "resource", "shortest"),
    [
        ({"Ref": "AWS::AccountId"}, {}, "123456789012"),
        (
            {"Fn::GetAtt": [LAKE, "Arn"]},
            {"Type": "AWS::KinesisFirehose::DeliveryStream"},
            f"arn:aws:firehose:eu-west-1:123456789012:deliverystream/s-{LAKE[:24]}-1XJP6N1NTKUC",
        ),
        (
            {"Fn::GetAtt": [LAKE, "Arn"]},
            {"Type": "AWS::Kinesis::Stream", "Properties": {"Name": "clicks"}},
            "arn:aws:kinesis:eu-west-1:123456789012:stream/clicks",
        ),
        (
            {"Fn::Join": ["", [{"Fn::GetAtt": [LAKE, "Arn"]}, "/lake/*"]]},
            {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "lake-of-shop"}},
            "arn:aws:s3:::lake-of-shop/lake/*",
        ),
        (
            {"Ref": LAKE},
            {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "a"}},
            "arn:aws:sns:eu-west-1:123456789012:a",
        ),
        (
            {"Fn::GetAtt": [LAKE, "Arn"]},
            {"Type": "AWS::KMS::Key"},
            "arn:aws:kms:eu-west-1:123456789012:key/12345678-1234-1234-1234-123456789012",
        ),
        ({"Fn::GetAtt": [LAKE, "StreamArn"]}, {"Type": "AWS::DynamoDB::Table"}, ""),
    ],
)
def test_an_arn_counts_as_the_shortest_that_can_be_deployed(told: Any, resource: dict[str, Any], shortest: str) -> None:
    assert policy_size({"Resource": told}, {LAKE: resource}) == len(f'{{"Resource":"{shortest}"}}')


def test_a_policy_of_many_resources_of_the_template_is_told_before_it_is_deployed() -> None:
    names = [f"PipelineLake{number}DeliveryStream" for number in range(80)]
    arns = [{"Fn::GetAtt": [name, "Arn"]} for name in names]
    document = {"Statement": [{"Effect": "Allow", "Action": "firehose:PutRecordBatch", "Resource": arns}]}
    deliveries = {name: {"Type": "AWS::KinesisFirehose::DeliveryStream", "Properties": {}} for name in names}
    writes = {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": document}}
    found = list(quota_findings("{}", {"Resources": {**deliveries, "Writes": writes}}))
    assert [(finding.rule, finding.logical_id) for finding in found] == [("CFN127", "Writes")]


def test_references_are_counted_one_by_one() -> None:
    assert dynamic_references({"a": [1, True, None], "b": "{{other}}"}) == []
    assert len(dynamic_references({"a": ["{{resolve:ssm:/a}}{{resolve:ssm:/b}}", {"b": "{{resolve:ssm:/a}}"}]})) == 3


def test_what_is_looked_up_in_another_text_takes_nothing_of_a_policy() -> None:
    cluster = {"Fn::GetAtt": ["Cluster", "Arn"]}
    name = {"Fn::Select": [1, {"Fn::Split": ["/", cluster]}]}
    told = {"Resource": {"Fn::Join": ["", ["arn:aws:kafka:::topic/", name, "/orders"]]}}
    assert policy_size(told) == policy_size({"Resource": "arn:aws:kafka:::topic//orders"})

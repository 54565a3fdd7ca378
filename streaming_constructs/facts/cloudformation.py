"""AWS CloudFormation and the policies of its resources: how much one stack takes."""

from __future__ import annotations

from collections.abc import Mapping

from streaming_constructs.facts.fact import Fact

_LIMITS = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html"
_IAM = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"
_READ = "2026-11-28"

STACK_RESOURCES = Fact(500, "resources", _LIMITS, _READ)
STACK_OUTPUTS = Fact(200, "outputs", _LIMITS, _READ)
STACK_PARAMETERS = Fact(200, "parameters", _LIMITS, _READ)
TEMPLATE_BYTES = Fact(1_000_000, "bytes", _LIMITS, _READ)
"""Of a template that is read from S3, as those of CDK are. AWS says 1 MB."""
TEMPLATE_DESCRIPTION_BYTES = Fact(1024, "bytes", _LIMITS, _READ)
DYNAMIC_REFERENCES = Fact(60, "dynamic references", _LIMITS, _READ)

MANAGED_POLICY_CHARACTERS = Fact(6144, "characters without white space", _IAM, _READ)
ROLE_INLINE_POLICIES_CHARACTERS = Fact(10_240, "characters without white space", _IAM, _READ)
BUCKET_POLICY_BYTES = Fact(
    20_480, "bytes", "https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html", _READ
)
KEY_POLICY_BYTES = Fact(
    32_768, "bytes", "https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html", _READ
)

SHORTEST_PSEUDO: Mapping[str, str] = {
    "AWS::Partition": "aws",
    "AWS::Region": "us-east-1",
    "AWS::AccountId": "123456789012",
    "AWS::URLSuffix": "amazonaws.com",
}
"""What pseudo parameters say, as short as it is anywhere.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html, read 2026-11-28
"""
_REGIONAL = "us-east-1:123456789012"
SHORTEST_ARNS: Mapping[str, tuple[str, str]] = {
    "AWS::DynamoDB::Table": (f"arn:aws:dynamodb:{_REGIONAL}:table/", "TableName"),
    "AWS::Kinesis::Stream": (f"arn:aws:kinesis:{_REGIONAL}:stream/", "Name"),
    "AWS::KinesisFirehose::DeliveryStream": (f"arn:aws:firehose:{_REGIONAL}:deliverystream/", "DeliveryStreamName"),
    "AWS::Lambda::Function": (f"arn:aws:lambda:{_REGIONAL}:function:", "FunctionName"),
    "AWS::Logs::LogGroup": (f"arn:aws:logs:{_REGIONAL}:log-group:", "LogGroupName"),
    "AWS::S3::Bucket": ("arn:aws:s3:::", "BucketName"),
    "AWS::SNS::Topic": (f"arn:aws:sns:{_REGIONAL}:", "TopicName"),
    "AWS::SQS::Queue": (f"arn:aws:sqs:{_REGIONAL}:", "QueueName"),
}
"""What the ARN of a resource begins with, as short as it is anywhere, and which property names it.

Source: the pages of the services below
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
(read 2026-11-28)
"""
KEY_ARN_CHARACTERS = len(f"arn:aws:kms:{_REGIONAL}:key/12345678-1234-1234-1234-123456789012")
"""Of a key of KMS, which is called by a UUID.

Source: https://docs.aws.amazon.com/kms/latest/developerguide/concepts-intro.html, read 2026-11-28
"""
NAME_SUFFIX_CHARACTERS, NAME_KEPT_CHARACTERS = 12, 24
"""What ends a name that CloudFormation makes, `STACK-LOGICALID-0123456789AB`, and how much of a logical id stays at least in
one that has to be cut to 63 characters or more. AWS says what such a name is made of; the numbers are those of names it made.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html, read 2026-11-28
"""

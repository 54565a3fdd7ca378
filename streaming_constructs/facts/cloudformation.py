"""AWS CloudFormation and the policies of its resources: how much one stack takes."""

from __future__ import annotations

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

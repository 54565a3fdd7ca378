"""AWS IAM: actions that know no resources, actions by which a principal widens itself, and policies that AWS manages.

Sources: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
and https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html, read 2026-11-29
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

KNOW_NO_RESOURCES = (
    "cloudwatch:getmetricdata",
    "cloudwatch:getmetricstatistics",
    "cloudwatch:listmetrics",
    "cloudwatch:putmetricdata",
    "dynamodb:listtables",
    "ec2:describe*",
    "ecr:getauthorizationtoken",
    "glue:getschemaversion",
    "kafka:listclusters",
    "kafka:listclustersv2",
    "kinesis:describeaccountsettings",
    "kinesis:describelimits",
    "kinesis:liststreams",
    "kms:generaterandom",
    "kms:listaliases",
    "kms:listkeys",
    "lakeformation:getdataaccess",
    "lambda:getaccountsettings",
    "lambda:listfunctions",
    "logs:describeloggroups",
    "s3:listallmybuckets",
    "secretsmanager:getrandompassword",
    "secretsmanager:listsecrets",
    "sns:listtopics",
    "sqs:listqueues",
    "ssm:describeparameters",
    "sts:getcalleridentity",
    "tag:getresources",
    "xray:getsamplingrules",
    "xray:getsamplingstatisticsummaries",
    "xray:getsamplingtargets",
    "xray:puttelemetryrecords",
    "xray:puttracesegments",
)
"""Actions in small letters that can be permitted on `*` alone, so that `*` opens nothing more."""

WRITES_ABOUT_ITSELF = (
    "ec2:assignprivateipaddresses",
    "ec2:createnetworkinterface",
    "ec2:createnetworkinterfacepermission",
    "ec2:deletenetworkinterface",
    "ec2:unassignprivateipaddresses",
    "logs:createloggroup",
    "logs:createlogstream",
    "logs:putlogevents",
)
"""Actions that AWS's own execution roles permit on `*`: to write logs, and to join a VPC.

Source: https://docs.aws.amazon.com/lambda/latest/dg/permissions-managed-policies.html, read 2026-11-29
"""

WIDENS_ITSELF = (
    "iam:addusertogroup",
    "iam:attachgrouppolicy",
    "iam:attachrolepolicy",
    "iam:attachuserpolicy",
    "iam:createaccesskey",
    "iam:createloginprofile",
    "iam:createpolicyversion",
    "iam:deleterolepermissionsboundary",
    "iam:putgrouppolicy",
    "iam:putrolepermissionsboundary",
    "iam:putrolepolicy",
    "iam:putuserpolicy",
    "iam:setdefaultpolicyversion",
    "iam:updateassumerolepolicy",
    "iam:updateloginprofile",
)
"""Actions in small letters by which a principal gives itself, or another, whatever it likes.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html, read 2026-11-29
"""
PASSES_ROLE = ("iam:passrole", "sts:assumerole")
"""Actions that give the permissions of another role: on every role, those of the strongest one.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html, read 2026-11-29
"""

_LOGS = ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents")
_VPC = (
    "ec2:CreateNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:DeleteNetworkInterface",
    "ec2:AssignPrivateIpAddresses",
    "ec2:UnassignPrivateIpAddresses",
)


def _allows(*actions: str) -> Mapping[str, Any]:
    return {"Effect": "Allow", "Action": list(actions), "Resource": "*"}


MANAGED_POLICIES: Mapping[str, Mapping[str, Any]] = {
    "AWSLambdaBasicExecutionRole": _allows(*_LOGS),
    "AWSLambdaDynamoDBExecutionRole": _allows(
        *("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"), *_LOGS
    ),
    "AWSLambdaKinesisExecutionRole": _allows(
        *("kinesis:DescribeStream", "kinesis:DescribeStreamSummary", "kinesis:GetRecords", "kinesis:GetShardIterator"),
        *("kinesis:ListShards", "kinesis:ListStreams", "kinesis:SubscribeToShard"),
        *_LOGS,
    ),
    "AWSLambdaMSKExecutionRole": _allows(
        *("kafka:DescribeCluster", "kafka:DescribeClusterV2", "kafka:GetBootstrapBrokers"),
        *("ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DescribeVpcs"),
        *("ec2:DeleteNetworkInterface", "ec2:DescribeSubnets", "ec2:DescribeSecurityGroups"),
        *_LOGS,
    ),
    "AWSLambdaSQSQueueExecutionRole": _allows(
        "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", *_LOGS
    ),
    "AWSLambdaVPCAccessExecutionRole": _allows(*_LOGS, *_VPC),
    "AWSXRayDaemonWriteAccess": _allows(
        *("xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules"),
        *("xray:GetSamplingTargets", "xray:GetSamplingStatisticSummaries"),
    ),
    "AmazonDynamoDBFullAccess": _allows("dynamodb:*", "dax:*"),
    "AmazonKinesisFirehoseFullAccess": _allows("firehose:*"),
    "AmazonKinesisFullAccess": _allows("kinesis:*"),
    "AmazonKinesisReadOnlyAccess": _allows("kinesis:Get*", "kinesis:List*", "kinesis:Describe*"),
    "AmazonS3FullAccess": _allows("s3:*", "s3-object-lambda:*"),
    "AmazonS3ReadOnlyAccess": _allows(
        "s3:Get*", "s3:List*", "s3:Describe*", "s3-object-lambda:Get*", "s3-object-lambda:List*"
    ),
    "AmazonSNSFullAccess": _allows("sns:*"),
    "AmazonSQSFullAccess": _allows("sqs:*"),
    "AdministratorAccess": _allows("*"),
    "PowerUserAccess": {"Effect": "Allow", "NotAction": ["iam:*", "organizations:*", "account:*"], "Resource": "*"},
}
"""What policies that AWS manages permit, by their names; of those that are often exchanged for narrower ones.

Sources: their pages below https://docs.aws.amazon.com/aws-managed-policy/latest/reference/, read 2026-11-29
"""

LAMBDA_POLICIES = (
    "AWSLambdaBasicExecutionRole",
    "AWSLambdaDynamoDBExecutionRole",
    "AWSLambdaKinesisExecutionRole",
    "AWSLambdaMSKExecutionRole",
    "AWSLambdaSQSQueueExecutionRole",
    "AWSLambdaVPCAccessExecutionRole",
    "AWSXRayDaemonWriteAccess",
)
"""Those of them of which everything is told above, so that what is not there is not permitted."""

ADMINISTRATORS = (
    "AdministratorAccess",
    "IAMFullAccess",
    "PowerUserAccess",
    "ReadOnlyAccess",
    "SystemAdministrator",
)
"""Names of policies that AWS manages with which a principal may, or sees, about everything.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_job-functions.html, read 2026-11-29
"""

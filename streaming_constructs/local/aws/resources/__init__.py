"""CloudFormation resource types of our templates, each created by the API calls of its service."""

from __future__ import annotations

from streaming_constructs.local.aws import import_moto  # noqa: F401 - first, so that moto is imported as it has to be
from streaming_constructs.local.aws.resources.api_gateway import API_GATEWAY
from streaming_constructs.local.aws.resources.cloudwatch_logs import CLOUDWATCH_LOGS
from streaming_constructs.local.aws.resources.cloudwatch_ssm import CLOUDWATCH_SSM
from streaming_constructs.local.aws.resources.custom_resource import CUSTOM_RESOURCE
from streaming_constructs.local.aws.resources.dynamodb import DYNAMODB
from streaming_constructs.local.aws.resources.firehose import FIREHOSE
from streaming_constructs.local.aws.resources.glue_athena import GLUE_ATHENA
from streaming_constructs.local.aws.resources.iam_kms import IAM_KMS
from streaming_constructs.local.aws.resources.kinesis import KINESIS
from streaming_constructs.local.aws.resources.lambda_function import LAMBDA
from streaming_constructs.local.aws.resources.managed_flink import MANAGED_FLINK
from streaming_constructs.local.aws.resources.msk import MSK
from streaming_constructs.local.aws.resources.msk_record_only import MSK_RECORD_ONLY
from streaming_constructs.local.aws.resources.record_only import RECORD_ONLY
from streaming_constructs.local.aws.resources.resource_type import Created, ResourceType
from streaming_constructs.local.aws.resources.s3 import S3
from streaming_constructs.local.aws.resources.secrets_manager import SECRETS_MANAGER
from streaming_constructs.local.aws.resources.sqs_sns import SQS_SNS

RESOURCE_TYPES = {
    resource_type.type: resource_type
    for resource_type in (
        *KINESIS,
        *LAMBDA,
        *FIREHOSE,
        *S3,
        *SQS_SNS,
        *DYNAMODB,
        *GLUE_ATHENA,
        *IAM_KMS,
        *CLOUDWATCH_LOGS,
        *CLOUDWATCH_SSM,
        *SECRETS_MANAGER,
        *CUSTOM_RESOURCE,
        *API_GATEWAY,
        *MANAGED_FLINK,
        *MSK,
        *MSK_RECORD_ONLY,
        *RECORD_ONLY,
    )
}
"""Every type that our templates have, by its name."""

MOTO_HOOKS = (
    "moto.athena.models.athena_backends",
    "moto.awslambda.models.EventSourceMapping.event_source_arn",
    "moto.awslambda.models.lambda_backends",
    "moto.firehose.models.DeliveryStream",
    "moto.firehose.models.FirehoseBackend.delivery_streams",
    "moto.firehose.models.firehose_backends",
    "moto.iam.models.AWSManagedPolicy.from_data",
    "moto.iam.models.iam_backends",
    "moto.sns.models.sns_backends",
)
"""What of moto's inside is used where its API does not reach."""

__all__ = ["MOTO_HOOKS", "RESOURCE_TYPES", "Created", "ResourceType"]

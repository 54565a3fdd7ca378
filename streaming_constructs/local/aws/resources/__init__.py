"""How the resources of our templates come to be in the embedded AWS: a class for each type, by the calls of its service."""

from __future__ import annotations

from streaming_constructs.local.aws.resources.cloudwatch_logs import LOGS
from streaming_constructs.local.aws.resources.cloudwatch_ssm import MONITORING
from streaming_constructs.local.aws.resources.firehose import DELIVERIES
from streaming_constructs.local.aws.resources.glue_athena import CATALOG
from streaming_constructs.local.aws.resources.iam_kms import IDENTITY
from streaming_constructs.local.aws.resources.kinesis import STREAMS
from streaming_constructs.local.aws.resources.lambda_function import FUNCTIONS
from streaming_constructs.local.aws.resources.record_only import RECORD_ONLY
from streaming_constructs.local.aws.resources.resource_type import Created, ResourceType
from streaming_constructs.local.aws.resources.s3 import STORAGE
from streaming_constructs.local.aws.resources.sqs_sns import MESSAGES

RESOURCE_TYPES = {
    one.type: one
    for one in (
        *STREAMS,
        *FUNCTIONS,
        *DELIVERIES,
        *STORAGE,
        *MESSAGES,
        *CATALOG,
        *IDENTITY,
        *LOGS,
        *MONITORING,
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

"""How the resources of our templates come to be in the embedded AWS: a class for each type, by the calls of its service."""

from __future__ import annotations

from streaming_constructs.local.aws.resources.catalog import CATALOG
from streaming_constructs.local.aws.resources.deliveries import DELIVERIES
from streaming_constructs.local.aws.resources.functions import FUNCTIONS
from streaming_constructs.local.aws.resources.identity import IDENTITY
from streaming_constructs.local.aws.resources.logs import LOGS
from streaming_constructs.local.aws.resources.messages import MESSAGES
from streaming_constructs.local.aws.resources.monitoring import MONITORING
from streaming_constructs.local.aws.resources.record_only import RECORD_ONLY
from streaming_constructs.local.aws.resources.resource import Created, ResourceType
from streaming_constructs.local.aws.resources.storage import STORAGE
from streaming_constructs.local.aws.resources.streams import STREAMS

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

"""Event source mappings that moto's Lambda only shows: those of topics of MSK, which it does not know, and those of queues.

As soon as a message is sent, moto itself would invoke the function of a queue, within the request; here a worker does, in time.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moto.awslambda.models import EventSourceMapping, lambda_backends

from streaming_constructs.local.aws.api import ACCOUNT_ID
from streaming_constructs.local.event_source.event_source_mapping import DEFAULT_BATCH_SIZE

MOTO_HOOKS = (
    "moto.awslambda.models.EventSourceMapping.batch_size",
    "moto.awslambda.models.EventSourceMapping.event_source_arn",
    "moto.awslambda.models.LambdaBackend.update_event_source_mapping",
    "moto.awslambda.models.lambda_backends",
)
"""What of moto's inside this module uses or replaces."""


class _OwnMapping(EventSourceMapping):
    """A mapping of any source; what Lambda would refuse of it is refused by whoever reads that."""

    event_source_arn = ""  # any, where moto's is a property that refuses it
    batch_size = DEFAULT_BATCH_SIZE  # type: ignore[override]


def create_own_mapping(region: str, function_arn: str, properties: Mapping[str, Any]) -> str:
    """Has `GetEventSourceMapping` and `ListEventSourceMappings` show a mapping.

    Args:
        region: Its region.
        function_arn: The ARN of its function.
        properties: Its properties.

    Returns:
        Its id.
    """
    spec = {**properties, "RegionName": region, "AccountId": ACCOUNT_ID, "FunctionArn": function_arn}
    mapping = _OwnMapping({"BatchSize": DEFAULT_BATCH_SIZE, **spec})  # type: ignore[abstract] # as moto's own is
    lambda_backends[ACCOUNT_ID][region]._event_source_mappings[mapping.uuid] = mapping  # noqa: SLF001 - there is no other way in
    return str(mapping.uuid)

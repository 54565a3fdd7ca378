"""How the resources of our templates come to be in the embedded AWS: a class for each type, by the calls of its service."""

from __future__ import annotations

from streaming_constructs.local.resources.catalog import CATALOG
from streaming_constructs.local.resources.deliveries import DELIVERIES
from streaming_constructs.local.resources.functions import FUNCTIONS
from streaming_constructs.local.resources.identity import IDENTITY
from streaming_constructs.local.resources.logs import LOGS
from streaming_constructs.local.resources.messages import MESSAGES
from streaming_constructs.local.resources.monitoring import MONITORING
from streaming_constructs.local.resources.record_only import RECORD_ONLY
from streaming_constructs.local.resources.resource import Created, ResourceType
from streaming_constructs.local.resources.storage import STORAGE
from streaming_constructs.local.resources.streams import STREAMS

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

BOOTSTRAP_TYPES = frozenset({"AWS::ECR::Repository", "AWS::IAM::Policy"})
"""Types of the stack of `cdk bootstrap` that moto itself creates; nothing of a system depends on how."""

__all__ = ["BOOTSTRAP_TYPES", "RESOURCE_TYPES", "Created", "ResourceType"]

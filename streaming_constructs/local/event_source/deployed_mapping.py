"""An `AWS::Lambda::EventSourceMapping` as it is deployed: its settings, and the function that it invokes."""

from __future__ import annotations

from typing import NamedTuple

from streaming_constructs.local.aws.cloudformation import Deployed
from streaming_constructs.local.event_source.event_source_mapping import EventSourceMapping
from streaming_constructs.local.lambda_function.deployed_functions import deployed_function, unsupported_function
from streaming_constructs.local.lambda_function.function_process import InvocationResult
from streaming_constructs.local.worker import WorkerContext


class DeployedMapping(NamedTuple):
    """A mapping with its function.

    Attributes:
        mapping: Its settings.
        function: The function.
        context: What its worker needs.
    """

    mapping: EventSourceMapping
    function: Deployed
    context: WorkerContext

    @property
    def not_run(self) -> str:
        """Why its function cannot be run here, if it cannot."""
        return unsupported_function(self.function)

    def invoke(self, event: bytes) -> InvocationResult:
        """Invokes its function.

        Args:
            event: What it gets.
        """
        return self.context.invoke(self.function.attributes["Arn"], event)


def deployed_mapping(resource: Deployed, context: WorkerContext) -> DeployedMapping:
    """A mapping with its function.

    Args:
        resource: The mapping.
        context: What its worker needs.

    Raises:
        ValueError: If it has settings that Lambda would refuse, or its function is not deployed here.
    """
    properties = resource.properties
    function = deployed_function(properties["FunctionName"], context.deployed)
    named = {"UUID": resource.physical_id, "FunctionArn": function.attributes["Arn"]}
    return DeployedMapping(EventSourceMapping.from_properties({**properties, **named}), function, context)

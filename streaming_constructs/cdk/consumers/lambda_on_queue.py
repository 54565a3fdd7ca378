"""What an event source mapping of an SQS queue has, in place of what one of a Kinesis stream has."""

from __future__ import annotations

from typing import Any

from aws_cdk import aws_lambda as lambda_

from streaming_constructs.cdk.queues.sqs import SqsQueue
from streaming_constructs.planning.consumers.lambda_function import ConsumerPlan
from streaming_constructs.spec.consumers.lambda_on_queue import batch_size_of_queue


def queue_properties(plan: ConsumerPlan, queue: SqsQueue) -> dict[str, Any]:
    """The properties of the mapping of a queue, but for the function and the filters.

    Args:
        plan: The consumer with its numbers.
        queue: The queue.
    """
    spec, mapping = plan.spec, lambda_.CfnEventSourceMapping
    return {
        "event_source_arn": queue.queue.queue_arn,
        "batch_size": batch_size_of_queue(spec),
        # Of a FIFO queue Lambda takes none, also no zero.
        "maximum_batching_window_in_seconds": spec.batch_window_seconds or None,
        "function_response_types": ["ReportBatchItemFailures"] if spec.partial_batch_responses else None,
        "scaling_config": mapping.ScalingConfigProperty(maximum_concurrency=spec.maximum_concurrency)
        if spec.maximum_concurrency is not None
        else None,
        "metrics_config": mapping.MetricsConfigProperty(metrics=["EventCount"]),
    }

"""Arithmetic and judgement: how many shards, which thresholds, and what in a spec is likely to go wrong.

Every number comes with its working. Knows the spec and the facts; knows nothing of CDK. Works without Node.
"""

from streaming_constructs.planning.alarms import AlarmPlan, consumer_alarms, stream_alarms
from streaming_constructs.planning.capacity import Reader, StreamPlan, plan_stream
from streaming_constructs.planning.concurrency import ConsumerPlan, plan_consumer
from streaming_constructs.planning.load import load_plan, plan_document
from streaming_constructs.planning.plan import PipelinePlan, plan

__all__ = [
    "AlarmPlan",
    "ConsumerPlan",
    "PipelinePlan",
    "Reader",
    "StreamPlan",
    "consumer_alarms",
    "load_plan",
    "plan",
    "plan_consumer",
    "plan_document",
    "plan_stream",
    "stream_alarms",
]

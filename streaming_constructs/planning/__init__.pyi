from streaming_constructs.planning.alarm import AlarmPlan as AlarmPlan
from streaming_constructs.planning.consumers.lambda_function import (
    ConsumerPlan as ConsumerPlan,
)
from streaming_constructs.planning.consumers.lambda_function import (
    plan_consumer as plan_consumer,
)
from streaming_constructs.planning.consumers.lambda_function_alarms import consumer_alarms as consumer_alarms
from streaming_constructs.planning.deliveries.firehose import (
    DeliveryPlan as DeliveryPlan,
)
from streaming_constructs.planning.deliveries.firehose import (
    plan_delivery as plan_delivery,
)
from streaming_constructs.planning.pipeline import PipelinePlan as PipelinePlan
from streaming_constructs.planning.pipeline import plan as plan
from streaming_constructs.planning.plan_file import load_plan as load_plan
from streaming_constructs.planning.plan_file import plan_document as plan_document
from streaming_constructs.planning.stores.opensearch import DomainPlan as DomainPlan
from streaming_constructs.planning.stores.opensearch import plan_domain as plan_domain
from streaming_constructs.planning.streams.kinesis import (
    StreamPlan as StreamPlan,
)
from streaming_constructs.planning.streams.kinesis import (
    plan_stream as plan_stream,
)
from streaming_constructs.planning.streams.kinesis_alarms import stream_alarms as stream_alarms
from streaming_constructs.spec.node import Reader as Reader

"""CloudWatch metrics that alarms and dashboards stand on, with the dimensions AWS publishes them under.

A metric without its dimensions has no data, and an alarm on it never fires: so they are one value here.
"""

from __future__ import annotations

from dataclasses import dataclass

from streaming_constructs.facts.fact import CHECKED, Fact

_KINESIS = "https://docs.aws.amazon.com/streams/latest/dev/monitoring-with-cloudwatch.html"
_LAMBDA = "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html"
_SQS = (
    "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html"
)

ALARM_ACTIONS = Fact(
    5, "actions", "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html"
)
"""How many topics one alarm tells."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One CloudWatch metric.

    Attributes:
        namespace: Such as `AWS/Kinesis`.
        name: The metric's name.
        dimensions: The names of its dimensions, all of them.
        unit: The unit of its values, as CloudWatch writes it.
        statistic: The statistic that says something about it.
        source: The page that describes it.
        checked: The day the page was read (ISO 8601).
    """

    namespace: str
    name: str
    dimensions: tuple[str, ...]
    unit: str
    statistic: str
    source: str
    checked: str = CHECKED


def _stream(name: str, unit: str, statistic: str, *more: str) -> Metric:
    return Metric("AWS/Kinesis", name, ("StreamName", *more), unit, statistic, _KINESIS)


INCOMING_BYTES = _stream("IncomingBytes", "Bytes", "Sum")
INCOMING_RECORDS = _stream("IncomingRecords", "Count", "Sum")
STREAM_ITERATOR_AGE = _stream("GetRecords.IteratorAgeMilliseconds", "Milliseconds", "Maximum")
"""Seen by shared readers alone: enhanced fan-out consumers do not call GetRecords."""
WRITE_THROTTLED = _stream("WriteProvisionedThroughputExceeded", "Count", "Sum")
READ_THROTTLED = _stream("ReadProvisionedThroughputExceeded", "Count", "Sum")
PUT_RECORDS_FAILED = _stream("PutRecords.FailedRecords", "Count", "Sum")
"""Records of PutRecords requests that Kinesis refused for an internal failure; throttled ones are counted apart."""
FAN_OUT_LAG = _stream("SubscribeToShardEvent.MillisBehindLatest", "Milliseconds", "Maximum", "ConsumerName")


def _function(name: str, unit: str, statistic: str) -> Metric:
    return Metric("AWS/Lambda", name, ("FunctionName",), unit, statistic, _LAMBDA)


FUNCTION_INVOCATIONS = _function("Invocations", "Count", "Sum")
FUNCTION_ERRORS = _function("Errors", "Count", "Sum")
FUNCTION_THROTTLES = _function("Throttles", "Count", "Sum")
FUNCTION_ITERATOR_AGE = _function("IteratorAge", "Milliseconds", "Maximum")
FUNCTION_DESTINATION_FAILURES = _function("DestinationDeliveryFailures", "Count", "Sum")


def _mapping(name: str) -> Metric:
    return Metric("AWS/Lambda", name, ("EventSourceMappingUUID",), "Count", "Sum", _LAMBDA)


# These are published when the mapping's MetricsConfig asks for EventCount.
MAPPING_POLLED = _mapping("PolledEventCount")
MAPPING_FILTERED_OUT = _mapping("FilteredOutEventCount")
MAPPING_INVOKED = _mapping("InvokedEventCount")
MAPPING_DROPPED = _mapping("DroppedEventCount")
MAPPING_KEPT_FAILURES = _mapping("OnFailureDestinationDeliveredEventCount")

QUEUE_DEPTH = Metric("AWS/SQS", "ApproximateNumberOfMessagesVisible", ("QueueName",), "Count", "Maximum", _SQS)

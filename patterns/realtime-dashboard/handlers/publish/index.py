"""Consumer `publish` of the stream `totals`: writes each minute as metrics, in CloudWatch's embedded metric format."""

import json
import os
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.kinesis_stream_event import KinesisStreamRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

NAMESPACE = os.environ["METRICS_NAMESPACE"]
SERVICE = os.environ["POWERTOOLS_SERVICE_NAME"]
METRICS = {"PageViews": "views", "Visitors": "visitors", "Orders": "orders"}
"""What CloudWatch calls them, and the fields of a record. Pages are no dimension: each would be a metric to be paid for."""

logger = Logger()

# Failures are returned even when every record failed, where Powertools would raise by default: bisecting narrows a
# failing batch towards the poison record alone, and raising would ring the alarm on Errors for bad data. A returned
# failure is retried, and then sent to the queue, under the same limits of the mapping as an error.
processor = BatchProcessor(event_type=EventType.KinesisDataStreams, raise_on_entire_batch_failure=False)


class PoisonRecordError(ValueError):
    """A record that no retry can make readable; the text is a reason, never the payload."""


@dataclass(frozen=True)
class Total:
    """What happened in a minute; its fields are those of the record."""

    minute: datetime
    views: int
    visitors: int
    orders: int


def parse(data: bytes) -> Total:
    """Read the totals of a minute; `from None` keeps the decoders' errors, which can quote the data, out of tracebacks."""
    try:
        fields = json.loads(data.decode("utf-8"))
    except UnicodeDecodeError:
        raise PoisonRecordError("not UTF-8") from None
    except (ValueError, RecursionError):
        raise PoisonRecordError("not JSON") from None
    if not isinstance(fields, dict):
        raise PoisonRecordError("not an object")
    try:
        minute = datetime.fromisoformat(fields["minute"])
    except (KeyError, TypeError, ValueError):
        raise PoisonRecordError("missing or invalid minute") from None
    if minute.tzinfo is None:
        raise PoisonRecordError("missing or invalid minute")
    counts = {name: count(fields, name) for name in METRICS.values()}
    return Total(minute, **counts)


def count(fields: dict[str, Any], name: str) -> int:
    """Read a count."""
    value = fields.get(name)
    if type(value) is not int or value < 0:  # isinstance would let `true` pass as an int
        raise PoisonRecordError(f"missing or invalid {name}")
    return value


def embedded(total: Total) -> str:
    """Write a minute as a line of the log that CloudWatch makes metrics of, under the time of the minute.

    Flink writes a minute again after it went on from a checkpoint, and Lambda delivers records again after one that
    failed. So look at the Maximum of a metric: the Sum would count repetitions.
    """
    metrics = [{"Name": name, "Unit": "Count"} for name in METRICS]
    directive = {"Namespace": NAMESPACE, "Dimensions": [["service"]], "Metrics": metrics}
    return json.dumps(
        {
            "_aws": {"Timestamp": int(total.minute.timestamp() * 1000), "CloudWatchMetrics": [directive]},
            "service": SERVICE,
            **{name: getattr(total, field) for name, field in METRICS.items()},
            "minute": total.minute.isoformat(),
        }
    )


def publish(record: KinesisStreamRecord) -> None:
    """Write the metrics of one record; raise PoisonRecordError if there are none to be read."""
    try:
        total = parse(record.kinesis.data_as_bytes())
    except PoisonRecordError as error:
        logger.warning("Poison record", sequence_number=record.kinesis.sequence_number, reason=str(error))
        raise
    print(embedded(total))  # noqa: T201 - the log is where CloudWatch reads it


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Write the metrics of a batch; return the sequence numbers of the records that could not be read."""
    return process_partial_response(event=event, record_handler=publish, processor=processor, context=context)

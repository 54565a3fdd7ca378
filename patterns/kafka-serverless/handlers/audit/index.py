"""Consumer `audit` of the topic `orders`: looks whether orders add up, and reports unreadable records as failures."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.kafka_event import KafkaEventRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

METRIC = "WrongOrders"

logger = Logger()
metrics = Metrics()

# Failures are returned even when every record failed, where Powertools would raise by default. Bisecting narrows a
# failing batch towards the poison record alone, and there "every record failed" is the expected outcome: raising
# would make each isolated record a function error, and an alarm on Errors (timeout, failed start) would ring for bad
# data. Raising would not gain anything: a returned failure is retried, and then written to the bucket, under the same
# limits of the mapping as an error.
processor = BatchProcessor(event_type=EventType.Kafka, raise_on_entire_batch_failure=False)


class PoisonRecordError(ValueError):
    """A record that no retry can make readable; the text is a reason, never the payload (personal data)."""


@dataclass(frozen=True)
class Line:
    """So many of one article."""

    sku: str
    quantity: int
    price_cents: int


@dataclass(frozen=True)
class Order:
    """One order; its fields are those of the record."""

    order_id: str
    customer_id: str
    currency: str
    total_cents: int
    lines: tuple[Line, ...]
    event_time: datetime


def parse(data: bytes) -> Order:
    """Read one order; `from None` keeps the decoders' errors, which can quote the data, out of tracebacks."""
    try:
        fields = json.loads(data.decode("utf-8"))
    except UnicodeDecodeError:
        raise PoisonRecordError("not UTF-8") from None
    except (ValueError, RecursionError):
        raise PoisonRecordError("not JSON") from None
    if not isinstance(fields, dict):
        raise PoisonRecordError("not an object")
    lines = fields.get("lines")
    if not isinstance(lines, list) or not lines or not all(isinstance(line, dict) for line in lines):
        raise PoisonRecordError("missing or invalid lines")
    return Order(
        text(fields, "order_id"),
        text(fields, "customer_id"),
        text(fields, "currency"),
        amount(fields, "total_cents"),
        tuple(Line(text(line, "sku"), amount(line, "quantity"), amount(line, "price_cents")) for line in lines),
        moment(fields.get("event_time")),
    )


def text(fields: dict[str, Any], name: str) -> str:
    """Read a text that a log can print: half a surrogate pair, which JSON can escape, is none."""
    value = fields.get(name)
    if not isinstance(value, str) or not value or any("\ud800" <= character <= "\udfff" for character in value):
        raise PoisonRecordError(f"missing or invalid {name}")
    return value


def amount(fields: dict[str, Any], name: str) -> int:
    """Read a whole number, at least 0; isinstance would let `true` pass as one."""
    value = fields.get(name)
    if type(value) is not int or value < 0:
        raise PoisonRecordError(f"missing or invalid {name}")
    return value


def moment(value: Any) -> datetime:
    """Read a time."""
    try:
        return datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise PoisonRecordError("missing or invalid event_time") from None


def difference_cents(order: Order) -> int:
    """What the total says beyond what the lines say; 0 where they agree."""
    return order.total_cents - sum(line.quantity * line.price_cents for line in order.lines)


# Lambda delivers the records that are returned again. AWS does not say what becomes of later records of the same
# partition, so this bears both: the judgement depends on the record alone and nothing is kept. The metric counts
# repetitions too. What must happen once (to stop an order) needs a conditional write by order_id.
def judge(record: KafkaEventRecord) -> None:
    """Judge the order in one record; raise PoisonRecordError if there is none to be read."""
    place = {"partition": record.partition, "offset": record.offset}
    try:
        # A record may have no value at all: a tombstone, on topics that are compacted.
        order = parse(record.decoded_value if record.get("value") is not None else b"")
    except PoisonRecordError as error:
        logger.warning("Poison record", extra={**place, "reason": str(error)})
        raise
    if difference := difference_cents(order):
        metrics.add_metric(name=METRIC, unit=MetricUnit.Count, value=1)
        finding = {"order_id": order.order_id, "difference_cents": difference, "currency": order.currency}
        logger.warning("Order does not add up", extra={**place, **finding})


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Judge a batch, of one partition or of several; return the places of the records that could not be read."""
    metrics.add_metric(name=METRIC, unit=MetricUnit.Count, value=0)  # no data then means "not running"
    return process_partial_response(event=event, record_handler=judge, processor=processor, context=context)

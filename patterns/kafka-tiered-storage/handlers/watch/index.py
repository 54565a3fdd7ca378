"""Consumer `watch` of the topic `readings`: finds machines that shake too much, and reports unreadable records as failures."""

import json
import math
import os
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.kafka_event import KafkaEventRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

VIBRATION_LIMIT = float(os.environ.get("VIBRATION_LIMIT", "7.1"))  # mm/s, root mean square of a second
METRIC = "ShakingMachines"

logger = Logger()
metrics = Metrics()

# Failures are returned even when every record failed, where Powertools would raise by default. Bisecting narrows a
# failing batch towards the poison record alone, and there "every record failed" is the expected outcome: raising
# would make each isolated record a function error, and an alarm on Errors (timeout, failed start) would ring for bad
# data. Raising would not gain anything: a returned failure is retried, and then sent to the topic of dead letters,
# under the same limits of the mapping as an error.
processor = BatchProcessor(event_type=EventType.Kafka, raise_on_entire_batch_failure=False)


class PoisonRecordError(ValueError):
    """A record that no retry can make readable; the text is a reason, never the payload."""


@dataclass(frozen=True)
class Reading:
    """One reading; its fields are those of the record."""

    machine_id: str
    firmware: str
    temperature_c: float
    vibration_mm_s: tuple[float, ...]
    event_time: datetime


def parse(data: bytes) -> Reading:
    """Read one reading; `from None` keeps the decoders' errors, which can quote the data, out of tracebacks."""
    try:
        fields = json.loads(data.decode("utf-8"))
    except UnicodeDecodeError:
        raise PoisonRecordError("not UTF-8") from None
    except (ValueError, RecursionError):
        raise PoisonRecordError("not JSON") from None
    if not isinstance(fields, dict):
        raise PoisonRecordError("not an object")
    samples = fields.get("vibration_mm_s")
    if not isinstance(samples, list) or not samples:
        raise PoisonRecordError("missing or invalid vibration_mm_s")
    return Reading(
        text(fields, "machine_id"),
        text(fields, "firmware"),
        number(fields.get("temperature_c"), "temperature_c"),
        tuple(number(sample, "vibration_mm_s") for sample in samples),
        moment(fields.get("event_time")),
    )


def text(fields: dict[str, Any], name: str) -> str:
    """Read a text that a log can print: half a surrogate pair, which JSON can escape, is none."""
    value = fields.get(name)
    if not isinstance(value, str) or not value or any("\ud800" <= character <= "\udfff" for character in value):
        raise PoisonRecordError(f"missing or invalid {name}")
    return value


def number(value: Any, name: str) -> float:
    """Read a finite number; isinstance would let `true` pass as one."""
    if type(value) not in (int, float) or not abs(value) < 1e150:  # squares stay finite, too
        raise PoisonRecordError(f"missing or invalid {name}")
    return float(value)


def moment(value: Any) -> datetime:
    """Read a time."""
    try:
        return datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise PoisonRecordError("missing or invalid event_time") from None


def vibration(reading: Reading) -> float:
    """The root mean square of the samples, in mm/s."""
    return math.sqrt(math.fsum(sample * sample for sample in reading.vibration_mm_s) / len(reading.vibration_mm_s))


# Lambda delivers the records that are returned again. AWS does not say what becomes of later records of the same
# partition, so this bears both: the judgement depends on the record alone and nothing is kept. The metric counts
# repetitions too. What must happen once (a ticket, a stop) needs a conditional write by machine_id and event_time.
def judge(record: KafkaEventRecord) -> None:
    """Judge the reading in one record; raise PoisonRecordError if there is none to be read."""
    place = {"partition": record.partition, "offset": record.offset}
    try:
        # A record may have no value at all: a tombstone, on topics that are compacted.
        reading = parse(record.decoded_value if record.get("value") is not None else b"")
    except PoisonRecordError as error:
        logger.warning("Poison record", extra={**place, "reason": str(error)})
        raise
    measured = vibration(reading)
    if measured > VIBRATION_LIMIT:
        metrics.add_metric(name=METRIC, unit=MetricUnit.Count, value=1)
        finding = {"machine_id": reading.machine_id, "vibration_mm_s": round(measured, 2), "limit": VIBRATION_LIMIT}
        logger.warning("Machine shakes", extra={**place, **finding})


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Judge a batch, of one partition or of several; return the places of the records that could not be read."""
    metrics.add_metric(name=METRIC, unit=MetricUnit.Count, value=0)  # no data then means "not running"
    return process_partial_response(event=event, record_handler=judge, processor=processor, context=context)

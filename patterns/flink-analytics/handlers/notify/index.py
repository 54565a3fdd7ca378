"""Consumer `notify` of the stream `alerts`: logs whoever clicks faster than people do, and counts them."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.kinesis_stream_event import KinesisStreamRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

METRIC = "FastVisitors"

logger = Logger()
metrics = Metrics()

# Failures are returned even when every record failed, where Powertools would raise by default: bisecting narrows a
# failing batch towards the poison record alone, and raising would ring the alarm on Errors for bad data. A returned
# failure is retried, and then sent to the queue, under the same limits of the mapping as an error.
processor = BatchProcessor(event_type=EventType.KinesisDataStreams, raise_on_entire_batch_failure=False)


class PoisonRecordError(ValueError):
    """A record that no retry can make readable; the text is a reason, never the payload (personal data)."""


@dataclass(frozen=True)
class Alert:
    """Somebody clicked often within a window; its fields are those of the record."""

    user_id: str
    window_start: datetime
    window_end: datetime
    clicks: int


def parse(data: bytes) -> Alert:
    """Read one alert; `from None` keeps the decoders' errors, which can quote the data, out of tracebacks."""
    try:
        fields = json.loads(data.decode("utf-8"))
    except UnicodeDecodeError:
        raise PoisonRecordError("not UTF-8") from None
    except (ValueError, RecursionError):
        raise PoisonRecordError("not JSON") from None
    if not isinstance(fields, dict):
        raise PoisonRecordError("not an object")
    user_id, clicks = fields.get("user_id"), fields.get("clicks")
    # JSON can escape half a surrogate pair, which is no text: no log could print it.
    if not isinstance(user_id, str) or not user_id or any("\ud800" <= character <= "\udfff" for character in user_id):
        raise PoisonRecordError("missing or invalid user_id")
    if type(clicks) is not int or clicks < 1:  # isinstance would let `true` pass as an int
        raise PoisonRecordError("missing or invalid clicks")
    return Alert(user_id, moment(fields, "window_start"), moment(fields, "window_end"), clicks)


def moment(fields: dict[str, Any], name: str) -> datetime:
    """Read a time."""
    try:
        return datetime.fromisoformat(fields[name])
    except (KeyError, TypeError, ValueError):
        raise PoisonRecordError(f"missing or invalid {name}") from None


# Flink writes a window again after it went on from a checkpoint, and Lambda delivers records again after one that
# failed. So an alert that comes twice must do no harm: the log line has the user and the window, which are the same
# both times; the metric counts repetitions too. What must happen once (to block somebody) needs a conditional write
# by user and window.
def tell(record: KinesisStreamRecord) -> None:
    """Tell of the alert in one record; raise PoisonRecordError if there is none to be read."""
    sequence_number = record.kinesis.sequence_number
    try:
        alert = parse(record.kinesis.data_as_bytes())
    except PoisonRecordError as error:
        logger.warning("Poison record", sequence_number=sequence_number, reason=str(error))
        raise
    metrics.add_metric(name=METRIC, unit=MetricUnit.Count, value=1)
    finding = {
        "user_id": alert.user_id,
        "clicks": alert.clicks,
        "window_start": alert.window_start.isoformat(),
        "window_end": alert.window_end.isoformat(),
    }
    logger.warning("Clicks faster than people do", sequence_number=sequence_number, extra=finding)


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Tell of a batch; return the sequence numbers of the records that could not be read."""
    metrics.add_metric(name=METRIC, unit=MetricUnit.Count, value=0)  # no data then means "not running"
    return process_partial_response(event=event, record_handler=tell, processor=processor, context=context)

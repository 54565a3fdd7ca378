"""Consumer `fraud` of the stream `payments`: judges every payment and reports unreadable records as failures."""

import json
import math
import os
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.kinesis_stream_event import KinesisStreamRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

AMOUNT_LIMIT = float(os.environ.get("AMOUNT_LIMIT", "10000"))
METRIC = "SuspiciousPayments"
TEXT = r"[^\ud800-\udfff]+"  # JSON can escape half a surrogate pair, which is no text: no log could print it
TEXT_FIELDS = {"payment_id": TEXT, "account_id": TEXT, "currency": "[A-Z]{3}", "country": TEXT, "event_time": TEXT}

logger = Logger()
metrics = Metrics()

# Failures are returned even when every record failed, where Powertools would raise by default. Bisecting narrows a
# failing batch towards the poison record alone, and there "every record failed" is the expected outcome: raising
# would make each isolated record a function error, and an alarm on Errors (timeout, failed start) would ring for bad
# data. Raising would not gain anything: poison alone has no good record to split off, and a returned failure is
# retried, and then sent to the DLQ, under the same limits of the mapping as an error.
processor = BatchProcessor(event_type=EventType.KinesisDataStreams, raise_on_entire_batch_failure=False)


class PoisonRecordError(ValueError):
    """A record that no retry can make readable; the text is a reason, never the payload (personal data)."""


@dataclass(frozen=True)
class Payment:
    """One payment; its fields are those of the record."""

    payment_id: str
    account_id: str
    amount: float
    currency: str
    country: str
    event_time: datetime


def parse(data: bytes) -> Payment:
    """Read one payment; `from None` keeps the decoders' errors, which can quote the data, out of tracebacks."""
    try:
        fields = json.loads(data.decode("utf-8"))
    except UnicodeDecodeError:
        raise PoisonRecordError("not UTF-8") from None
    except (ValueError, RecursionError):
        raise PoisonRecordError("not JSON") from None
    if not isinstance(fields, dict):
        raise PoisonRecordError("not an object")
    for name, form in TEXT_FIELDS.items():
        if not isinstance(fields.get(name), str) or not re.fullmatch(form, fields[name]):
            raise PoisonRecordError(f"missing or invalid {name}")
    amount: Any = fields.get("amount")
    if type(amount) not in (int, float) or not 0 < amount < math.inf:  # isinstance would let `true` pass as an int
        raise PoisonRecordError("missing or invalid amount")
    try:
        event_time = datetime.fromisoformat(fields["event_time"])
    except ValueError:
        raise PoisonRecordError("missing or invalid event_time") from None
    return Payment(
        fields["payment_id"], fields["account_id"], amount, fields["currency"], fields["country"], event_time
    )


def is_suspicious(payment: Payment, limit: float) -> bool:
    """Judge one payment by its amount, whatever the currency."""
    return payment.amount > limit


# Lambda checkpoints a stream at the LOWEST sequence number returned and delivers everything from there on again,
# also the records after it that succeeded. So processing a record twice must do no harm: the judgement depends on
# the record alone and nothing is kept. The log line has the payment_id, to tell a repetition from a new finding;
# the metric counts repetitions too. What must happen once (blocking a card) needs a conditional write by payment_id.
def judge(record: KinesisStreamRecord) -> None:
    """Judge the payment in one record; raise PoisonRecordError if there is none to be read."""
    sequence_number = record.kinesis.sequence_number
    try:
        payment = parse(record.kinesis.data_as_bytes())
    except PoisonRecordError as error:
        logger.warning("Poison record", sequence_number=sequence_number, reason=str(error))
        raise
    if is_suspicious(payment, AMOUNT_LIMIT):
        metrics.add_metric(name=METRIC, unit=MetricUnit.Count, value=1)
        finding = {"payment_id": payment.payment_id, "amount": payment.amount, "currency": payment.currency}
        logger.warning("Suspicious payment", sequence_number=sequence_number, limit=AMOUNT_LIMIT, extra=finding)


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Judge a batch; return the sequence numbers of the records that could not be read."""
    metrics.add_metric(name=METRIC, unit=MetricUnit.Count, value=0)  # no data then means "not running"
    return process_partial_response(event=event, record_handler=judge, processor=processor, context=context)

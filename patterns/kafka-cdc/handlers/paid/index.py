"""Consumer `paid` of the topic `orders`: tells the topic `paid_orders` of each order that became paid."""

import json
import os
from base64 import b64decode
from dataclasses import dataclass
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

PAID_ORDERS_TOPIC_ARN = os.environ["PAID_ORDERS_TOPIC_ARN"]
PAID = "paid"
METRIC = "PaidOrders"

logger = Logger()
metrics = Metrics()


class PoisonRecordError(ValueError):
    """A record that no retry can make readable; the text is a reason, never the payload (personal data)."""


@dataclass(frozen=True)
class Change:
    """What happened to the row of an order, as Debezium tells it: its status before, if that is known, and after."""

    order_id: int
    before: str | None
    after: str
    total: str


@cache
def sns() -> Any:
    """Build the client at the first use; two attempts, as Lambda delivers again what could not be told."""
    import boto3  # part of the runtime
    from botocore.config import Config

    settings = Config(connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 2})
    return boto3.client("sns", config=settings)


# Lambda has decoded the value with the schema registry, so it is JSON; what it could not decode never comes here. A
# schema says nothing about a status that is missing, so rows are looked at all the same. `before` is null unless the
# table has REPLICA IDENTITY FULL; then a status that was paid already cannot be told from one that became it.
def parse(value: bytes) -> Change:
    """Read one change; `from None` keeps the decoder's errors, which can quote the data, out of tracebacks."""
    try:
        fields = json.loads(value)
    except (ValueError, RecursionError):
        raise PoisonRecordError("not JSON") from None
    after = row(fields, "after")
    if after is None:
        raise PoisonRecordError("missing after")
    order_id, status, total = (after.get(name) for name in ("id", "status", "total"))
    if type(order_id) is not int:
        raise PoisonRecordError("missing or invalid id")
    if not isinstance(status, str) or not isinstance(total, str):
        raise PoisonRecordError("missing or invalid status or total")
    before = row(fields, "before") or {}
    return Change(order_id, before.get("status"), status, total)


def row(fields: Any, name: str) -> dict[str, Any] | None:
    """Read the row before or after a change; None where there was none."""
    found = fields.get(name) if isinstance(fields, dict) else None
    return found if isinstance(found, dict) else None


def became_paid(change: Change) -> bool:
    """Tell whether the change is the one that made the order paid."""
    return change.after == PAID and change.before != PAID


def tell(change: Change) -> str:
    """Publish that an order is paid; return why it could not be, or nothing.

    It may be told twice: Debezium reads again what it had not noted when it stopped, and Lambda delivers a batch again of
    which a part failed. Who listens goes by the order's id.
    """
    message = json.dumps({"order_id": change.order_id, "total": change.total})
    subject = f"Order {change.order_id} is paid"
    try:
        sns().publish(TopicArn=PAID_ORDERS_TOPIC_ARN, Subject=subject, Message=message)
    except Exception as error:  # noqa: BLE001 - whatever it is, nobody was told; its text can quote the message
        return getattr(error, "response", {}).get("Error", {}).get("Code") or type(error).__name__
    return ""


def judge(record: dict[str, Any], where: dict[str, Any]) -> bool:
    """Look at one record of the topic; return whether it failed."""
    if record.get("value") is None:
        return False  # a tombstone: the row is gone, and compaction may forget it
    try:
        change = parse(b64decode(record["value"]))
    except PoisonRecordError as error:
        logger.warning("Poison record", reason=str(error), **where)
        return True
    if not became_paid(change):
        return False
    reason = tell(change)
    if reason:
        logger.error("Order not told of", reason=reason, order_id=change.order_id, **where)
        return True
    metrics.add_metric(name=METRIC, unit=MetricUnit.Count, value=1)
    return False


# The changes of one order stay in order: its id is the key, so they are in one partition. Lambda tries the records again
# that are named here, and no others; those that follow in the partition are done with by then. That is right for what is
# told once about each order, and would be wrong for a copy of the table: such a consumer ends at the first failure.
@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Judge a batch; return where the records are that could not be read or told of."""
    metrics.add_metric(name=METRIC, unit=MetricUnit.Count, value=0)  # no data then means "not running"
    failed = []
    for partition, records in event["records"].items():
        for record in records:
            where = {"partition": partition, "offset": record["offset"]}
            if judge(record, where):
                failed.append({"itemIdentifier": where})
    return {"batchItemFailures": failed}

"""What a function that transforms records says that Firehose cannot read: in words, for whoever wrote it.

`lambda_transform` does with a response what Firehose does; here it is told why. Source:
https://docs.aws.amazon.com/firehose/latest/dev/data-transformation-status-model.html
"""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections import Counter
from typing import Any

RESULTS = ("Ok", "Dropped", "ProcessingFailed")


def transform_fault(event: dict[str, Any], answer: Any) -> str:
    """What is wrong with a response; empty if nothing is.

    Args:
        event: The event that the function got.
        answer: What it returned.
    """
    records = answer.get("records") if isinstance(answer, dict) else None
    if not isinstance(records, list):
        return "returned no list `records`: all records of the batch are kept apart"
    if not all(isinstance(record, dict) and isinstance(record.get("recordId"), str) for record in records):
        return "returned a record without a `recordId`: all records of the batch are kept apart"
    sent, returned = {record["recordId"] for record in event["records"]}, Counter(one["recordId"] for one in records)
    data = "kafkaRecordValue" if "sourceMSKArn" in event else "data"
    is_base64 = all(record.get("result") != "Ok" or _is_base64(record.get(data)) for record in records)
    wrong = (
        (
            returned.keys() - sent,
            "returned a recordId that is not in the batch: records that it should have named are kept apart",
        ),
        (sent - returned.keys(), "returned not every record of the batch: those that are missing are kept apart"),
        (max(returned.values(), default=0) > 1, "returned a record more than once: it is kept apart"),
        (
            any(record.get("result") not in RESULTS for record in records),
            f"returned a `result` that is none of {', '.join(RESULTS)}: such records are kept apart",
        ),
        (not is_base64, f"returned `{data}` that is not in base64: such records are kept apart"),
    )
    return next((said for is_so, said in wrong if is_so), "")


def _is_base64(data: Any) -> bool:
    try:
        b64decode(data, validate=True)
    except (TypeError, ValueError, binascii.Error):
        return False
    return True

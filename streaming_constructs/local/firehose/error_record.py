"""Error records that Firehose writes under the error prefix: a line of JSON for each record that it could not deliver.

Sources: https://docs.aws.amazon.com/firehose/latest/dev/data-transformation-failure-handling.html and
https://docs.aws.amazon.com/firehose/latest/dev/record-format-conversion-error-handling.html

Read as follows; nothing of it was compared with AWS.

- Of conversion AWS's page says `ErrorCode` and `ErrorMessage`. An earlier edition of it says `lastErrorCode` and
  `lastErrorMessage`, and so do objects that users show; these are written here.
- Times are milliseconds since 1970, and counts are numbers, as in what users show.
- Each record is a line. AWS does not say what is between them.
- Other kinds of errors have the members that a failed transformation has.
"""

from __future__ import annotations

import json
from base64 import b64encode
from typing import Any

from streaming_constructs.local.firehose.format_conversion import FORMAT_CONVERSION_FAILED, CatalogTable
from streaming_constructs.local.firehose.processing import FailedRecord


def error_line(failure: FailedRecord, raw: bytes, ended: float, table: CatalogTable | None = None) -> bytes:
    """The line of a record that failed.

    Args:
        failure: The record, and what is wrong with it.
        raw: Its data.
        ended: When it was given up, in seconds since 1970.
        table: The table, if it could not be converted.
    """
    source = failure.item.source
    is_conversion = failure.error_type == FORMAT_CONVERSION_FAILED
    prefix = "lastError" if is_conversion else "error"
    line: dict[str, Any] = {
        "attemptsMade": failure.attempts,
        "arrivalTimestamp": int(source.arrival * 1000),
        f"{prefix}Code": failure.code,
        f"{prefix}Message": failure.message,
        "attemptEndingTimestamp": int(ended * 1000),
        "rawData": b64encode(raw).decode(),
    }
    if failure.lambda_arn:
        line["lambdaArn"] = failure.lambda_arn
    if is_conversion:
        line["sequenceNumber"] = str(source.sequence_number) if source.shard_id else None
        line["subSequenceNumber"] = failure.item.part if source.shard_id else None
        line["dataCatalogTable"] = _table(table) if table else None
    return json.dumps(line, separators=(",", ":")).encode() + b"\n"


def _table(table: CatalogTable) -> dict[str, str | None]:
    return {
        "catalogId": table.catalog_id or None,
        "databaseName": table.database,
        "tableName": table.name,
        "region": table.region or None,
        "versionId": table.version_id,
        "catalogArn": None,
    }

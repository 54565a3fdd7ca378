"""Sends records to an API of the embedded AWS, as its callers would: signed, or with its key."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from streaming_constructs.local.aws.access import TOKEN_HEADER
from streaming_constructs.local.aws.api import CREDENTIAL, Aws

if TYPE_CHECKING:
    from streaming_constructs.local.event_targets import ApiEntry

AGAIN = ("429", "503")
"""Answers after which the same request may be sent again: none of its records was taken."""
_REFUSED, _FAILED = 400, 500


def send_records(aws: Aws, entry: ApiEntry, records: Sequence[bytes]) -> list[tuple[str, str]]:
    """Sends records in one request.

    Args:
        aws: The AWS that has the API.
        entry: The API.
        records: The records, each as JSON.

    Returns:
        For each, with which code it was not taken; empty: it was.

    Raises:
        ClientError: If none of them was taken, with the status as the code.
    """
    status, answer = _call(aws, entry, b'{"records": [' + b",".join(records) + b"]}")
    if status >= _REFUSED:
        message = ": ".join(filter(None, (answer.get("message", ""), answer.get("errors", "")))) or "no answer"
        # What to send again is no failure of this machine.
        http_status = status if status == _FAILED else _REFUSED
        told = {"Code": str(status), "Message": f"{entry.name} answers {status}: {message}"}
        raise ClientError({"Error": told, "ResponseMetadata": {"HTTPStatusCode": http_status}}, "records")
    return [(one.get("ErrorCode", ""), "") for one in answer["Records"]]


def _call(aws: Aws, entry: ApiEntry, body: bytes) -> tuple[int, dict[str, Any]]:
    headers = {"Content-Type": "application/json", **({"x-api-key": entry.key} if entry.key else {})}
    request = AWSRequest(entry.method, f"{aws.endpoint_url}{entry.path}", headers=headers, data=body)
    if entry.signs:
        SigV4Auth(Credentials(CREDENTIAL, CREDENTIAL, aws.token), "execute-api", aws.region).add_auth(request)
    else:
        request.headers[TOKEN_HEADER] = aws.token
    answer = aws.send(request.prepare())
    try:
        told = json.loads(answer.content)
    except ValueError:
        told = {}
    return answer.status_code, told

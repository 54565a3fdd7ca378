"""Calls an operation of a service of the embedded AWS with a body as it goes over the wire, and gives the answer as it came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streaming_constructs.local.aws.api import CREDENTIAL

if TYPE_CHECKING:
    from streaming_constructs.local.aws.access import WsgiApp

# Sources: https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecord.html and
# https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecord.html
TARGETS = {"kinesis": "Kinesis_20131202", "firehose": "Firehose_20150804"}
"""What stands before the name of an operation in the header `X-Amz-Target`, of the services that an integration may call."""


def service_call(application: WsgiApp, service: str, region: str, action: str, body: bytes) -> tuple[int, bytes]:
    """Calls an operation.

    Args:
        application: What answers for the services.
        service: The service, such as `kinesis`.
        region: The region that is called.
        action: The operation.
        body: The request.

    Returns:
        The status, and the body of the answer.
    """
    from werkzeug.test import EnvironBuilder, run_wsgi_app

    headers = [
        ("X-Amz-Target", f"{TARGETS[service]}.{action}"),
        ("Content-Type", "application/x-amz-json-1.1"),
        # Who stands before the services lets callers in; here it says which of them is meant.
        ("Authorization", f"AWS4-HMAC-SHA256 Credential={CREDENTIAL}/20260101/{region}/{service}/aws4_request"),
    ]
    environ = EnvironBuilder("http://localhost/", method="POST", headers=headers, data=body).get_environ()
    parts, status, _ = run_wsgi_app(application, environ, buffered=True)
    return int(status.split()[0]), b"".join(parts)

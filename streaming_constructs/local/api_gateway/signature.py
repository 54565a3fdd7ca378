"""Whether a request is signed by who has the credentials of the embedded AWS: Signature Version 4, of `execute-api`.

How long ago it was signed, and what policies permit, nobody looks at here.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping
from typing import Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from streaming_constructs.local.aws.api import CREDENTIAL

SERVICE = "execute-api"
_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[^/,]+)/(?P<day>\d{8})/(?P<region>[^/,]+)/(?P<service>[^/,]+)/aws4_request, ?"
    r"SignedHeaders=(?P<headers>[a-z0-9;-]+), ?Signature=(?P<signature>[0-9a-f]{64})"
)


def refusal(environ: Mapping[str, Any], url: str, body: bytes) -> str:
    """What is answered to a request that is not signed as it has to be; empty where it is.

    Args:
        environ: The request, as WSGI has it.
        url: Its address, as it was called.
        body: Its body.
    """
    given = environ.get("HTTP_AUTHORIZATION", "")
    if not given:
        return "Missing Authentication Token"
    found = _AUTHORIZATION.fullmatch(given.strip())
    if found is None:
        return "Authorization header requires 'Credential', 'SignedHeaders' and 'Signature' parameters"
    if found["key"] != CREDENTIAL:
        return "The security token included in the request is invalid."
    if found["service"] != SERVICE:
        return f"Credential should be scoped to correct service: '{SERVICE}'."
    if not _is_signed(environ, url, body, found):
        return "The request signature we calculated does not match the signature you provided."
    return ""


def _is_signed(environ: Mapping[str, Any], url: str, body: bytes, found: re.Match[str]) -> bool:
    headers = {name: _header(environ, name) for name in found["headers"].split(";")}
    hashed = headers.get("x-amz-content-sha256")
    if "host" not in headers or (hashed is not None and hashed != hashlib.sha256(body).hexdigest()):
        return False
    request = AWSRequest(environ["REQUEST_METHOD"], url, headers=headers, data=body)
    request.context["timestamp"] = _header(environ, "x-amz-date")
    # The secret is the word that the key is; a token is part of what is signed as a header.
    signer = SigV4Auth(Credentials(CREDENTIAL, CREDENTIAL), SERVICE, found["region"])
    if not request.context["timestamp"].startswith(found["day"]):
        return False
    signed = signer.signature(signer.string_to_sign(request, signer.canonical_request(request)), request)
    return secrets.compare_digest(signed, found["signature"])


def _header(environ: Mapping[str, Any], name: str) -> str:
    key = name.upper().replace("-", "_")
    value: str = environ.get(key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}", "")
    return value

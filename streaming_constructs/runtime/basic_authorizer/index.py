"""Lets callers of an API in who have the user name and the password of its secret; nothing else is in its answers or its log.

A caller who has others is denied, and may try again: a denial is no error of this function.
Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-lambda-authorizer-output.html
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import os
import time
from typing import Any

import boto3

SECRET = "SECRET_ARN"  # noqa: S105 - the variable that names it
# A password that was changed is asked for anew after as long as API Gateway keeps an answer.
KEPT_SECONDS = 60.0
_SCHEME = "basic "

_kept: dict[str, tuple[float, bytes]] = {}


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """Answers API Gateway.

    Args:
        event: The request that somebody sent.
        _context: What Lambda tells of the invocation.
    """
    api, stage = event["methodArn"].split("/")[:2]
    is_let_in = is_right(_authorization(event.get("headers") or {}), _expected(os.environ[SECRET]))
    return {
        "principalId": "viewer",
        "policyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Action": "execute-api:Invoke",
                    "Effect": "Allow" if is_let_in else "Deny",
                    # API Gateway keeps the answer for all that is asked with the same header.
                    "Resource": f"{api}/{stage}/GET/*",
                }
            ],
        },
    }


def is_right(header: str, expected: bytes) -> bool:
    """Whether a header has the user name and the password; how long it takes says nothing of how near it comes.

    Args:
        header: The header `Authorization`.
        expected: User name and password, with a `:` between them.
    """
    if header[: len(_SCHEME)].lower() != _SCHEME:
        return False
    try:
        given = base64.b64decode(header[len(_SCHEME) :].strip(), validate=True)
    except (binascii.Error, ValueError):
        return False
    return hmac.compare_digest(given, expected)


def _authorization(headers: dict[str, str]) -> str:
    return next((value for name, value in headers.items() if name.lower() == "authorization"), "")


def _expected(secret: str) -> bytes:
    now = time.monotonic()
    until, known = _kept.get(secret, (0.0, b""))
    if now >= until:
        text = boto3.client("secretsmanager").get_secret_value(SecretId=secret)["SecretString"]
        values = json.loads(text)
        known = f"{values['username']}:{values['password']}".encode()
        _kept[secret] = now + KEPT_SECONDS, known
    return known

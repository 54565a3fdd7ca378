"""The response of a function, read out of its JSON: the one place in which whatever a handler answers is looked at.

A handler may return bytes, which "are passed on as they are", so a response may be anything. What cannot be read is a failure
of the invocation, under the name that AWS's runtime has for a response that it cannot write; AWS's pages do not say what a
stream's event source mapping makes of such bytes.
Source: https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html
"""

from __future__ import annotations

import json
from typing import Any

from streaming_constructs.facts.event_source import PAYLOAD_MIB

RESPONSE_BYTES = int(PAYLOAD_MIB.value) * 1024 * 1024 + 100
"""The greatest response. AWS documents 6 MB; the message of its error names 6291556 bytes, which are 100 more."""
RESPONSE_TOO_LARGE = "Function.ResponseSizeTooLarge"
TOO_LARGE_MESSAGE = f"Response payload size exceeded maximum allowed payload size ({RESPONSE_BYTES} bytes)."
MARSHAL_ERROR = "Runtime.MarshalError"
_DEEPEST = 500
"""Levels of objects and lists. A response, or a state in it, is written as JSON again, which Python does to about 1,000."""


class ResponseError(ValueError):
    """A response that cannot be read.

    Attributes:
        error_type: What Lambda calls the error.
    """

    def __init__(self, message: str, error_type: str = MARSHAL_ERROR) -> None:
        """Tells what is wrong.

        Args:
            message: What is wrong with the response.
            error_type: What Lambda calls the error.
        """
        self.error_type = error_type
        super().__init__(message)


def read_response(payload: bytes) -> Any:
    """What a function returned, out of its JSON.

    Args:
        payload: What its runtime answered, whatever that is.

    Raises:
        ResponseError: If it is too large, is no JSON in UTF-8, has a number that is none in JSON or is longer than Python
            reads, or is nested too deep.
    """
    if len(payload) > RESPONSE_BYTES:
        raise ResponseError(TOO_LARGE_MESSAGE, RESPONSE_TOO_LARGE)
    try:
        response = json.loads(payload.decode(), parse_constant=_refuse)
    except RecursionError:
        raise ResponseError("The response is nested too deep.") from None
    except ValueError as error:
        raise ResponseError(f"The response is no JSON: {error}") from None
    if payload.count(b"[") + payload.count(b"{") > _DEEPEST and _depth(response) > _DEEPEST:
        raise ResponseError("The response is nested too deep.")
    return response


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no number in JSON")


def _depth(value: Any) -> int:
    levels, level = 0, [value]
    while level:
        levels += 1
        insides = (outer.values() if isinstance(outer, dict) else outer for outer in level)
        level = [inner for inside in insides for inner in inside if isinstance(inner, (dict, list))]
    return levels

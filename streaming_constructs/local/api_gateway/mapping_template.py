"""Mapping templates: Velocity by airspeed, with the variables of API Gateway that our templates have.

What a template makes of texts, whole numbers, lists and objects is as on AWS, as far as the reference says it. How the gateway
writes fractions and great numbers is Java's affair, and not shown here.
Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import airspeed

from streaming_constructs.local.api_gateway.body_validator import read_json
from streaming_constructs.local.api_gateway.json_path import at


class _Input:
    """`$input`: the body, as text and by paths."""

    def __init__(self, body: str) -> None:
        self.body = body
        self._value = read_json(body) if body else {}

    def path(self, path: str) -> Any:
        return at(self._value, path)

    def json(self, path: str) -> str:
        return one_line(at(self._value, path))


class _Util:
    """`$util`: the functions of API Gateway, by their names there."""

    def base64Encode(self, text: str) -> str:  # noqa: N802
        return base64.b64encode(text.encode("utf-8", "surrogatepass")).decode()

    def base64Decode(self, text: str) -> str:  # noqa: N802
        return base64.b64decode(text).decode()

    def escapeJavaScript(self, text: str) -> str:  # noqa: N802
        return json.dumps(text)[1:-1].replace("'", "\\'")

    def parseJson(self, text: str) -> Any:  # noqa: N802
        return read_json(text)


def one_line(value: Any) -> str:
    """A value of JSON as the gateway writes it: on one line, without spaces.

    Args:
        value: The value.
    """
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def rendered(template: str, body: str, context: Mapping[str, Any]) -> tuple[str, int | None]:
    """What a template makes of a body, and the status that it sets, if it sets one.

    Args:
        template: The template.
        body: The body, as JSON.
        context: `$context`.

    Raises:
        ValueError: If the body is no JSON, or a path is none that is known here.
    """
    own = {**context, "responseOverride": dict[str, Any]()}
    text = _parsed(template).merge({"input": _Input(body), "util": _Util(), "context": own})
    status = own["responseOverride"].get("status")
    return text, int(status) if status is not None else None


@lru_cache(maxsize=64)
def _parsed(template: str) -> Any:
    return airspeed.Template(template)


def substituted(template: str, values: Mapping[str, str]) -> str:
    """A template of a gateway response, which knows variables alone, inside of texts of JSON.

    Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gatewayResponse-definition.html

    Args:
        template: The template.
        values: What the variables are, such as `$context.requestId`.
    """
    for name, value in values.items():
        template = template.replace(name, json.dumps(value)[1:-1])
    return template

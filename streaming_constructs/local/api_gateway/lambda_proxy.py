"""Lambda proxy integrations: the event that a function gets of a request, and what its answer becomes.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from streaming_constructs.local.aws.api import ACCOUNT_ID

INVOKED = re.compile(
    r"arn:[a-z-]+:apigateway:[a-z0-9-]+:lambda:path/2015-03-31/functions/(?P<function>[^/]+)/invocations"
)
"""How an integration, or an authorizer, names a function."""
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered to a request.

    Attributes:
        status: The status.
        headers: Its headers, but for its length.
        body: Its body.
    """

    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """A request to an API.

    Attributes:
        environ: The request, as WSGI has it.
        api_id: The API.
        stage: The stage.
        resource: The path of the resource, such as `/{proxy+}`.
        path: The path, without the stage.
        parameters: What stands in place of the parts of the resource in braces.
        request_id: The id of the request.
    """

    environ: Mapping[str, Any]
    api_id: str
    stage: str
    resource: str
    path: str
    parameters: Mapping[str, str]
    request_id: str

    @property
    def headers(self) -> dict[str, str]:
        """Its headers."""
        named = {name[5:]: value for name, value in self.environ.items() if name.startswith("HTTP_")}
        return {name.replace("_", "-").title(): value for name, value in named.items()}

    def method_arn(self, region: str) -> str:
        """The ARN of the method that is called.

        Args:
            region: The region.
        """
        place = f"{self.api_id}/{self.stage}/{self.environ['REQUEST_METHOD']}{self.path}"
        return f"arn:aws:execute-api:{region}:{ACCOUNT_ID}:{place}"

    def event(self) -> dict[str, Any]:
        """What a function gets of it, but for its body."""
        query = parse_qsl(self.environ.get("QUERY_STRING", ""), keep_blank_values=True)
        headers = self.headers
        return {
            "resource": self.resource,
            "path": self.path,
            "httpMethod": self.environ["REQUEST_METHOD"],
            "headers": headers,
            "multiValueHeaders": {name: [value] for name, value in headers.items()},
            "queryStringParameters": dict(query) or None,
            "multiValueQueryStringParameters": {name: [v for n, v in query if n == name] for name, _ in query} or None,
            "pathParameters": dict(self.parameters) or None,
            "stageVariables": None,
            "requestContext": {
                "accountId": ACCOUNT_ID,
                "apiId": self.api_id,
                "httpMethod": self.environ["REQUEST_METHOD"],
                "identity": {"sourceIp": "127.0.0.1", "userAgent": headers.get("User-Agent")},
                "path": f"/{self.stage}{self.path}",
                "requestId": self.request_id,
                "resourcePath": self.resource,
                "stage": self.stage,
            },
        }


def proxy_event(request: ApiRequest, body: bytes) -> dict[str, Any]:
    """What the function of an integration gets.

    Args:
        request: The request.
        body: Its body.
    """
    return {**request.event(), "body": body.decode(errors="replace") if body else None, "isBase64Encoded": False}


def proxy_answer(payload: bytes) -> Answer:
    """What the answer of a function becomes.

    Args:
        payload: What the function returned, as JSON text.

    Raises:
        ValueError: If it is not in the form that API Gateway takes.
    """
    given = json.loads(payload)
    if not isinstance(given, dict) or "statusCode" not in given:
        raise ValueError("the function returned no statusCode")
    status, body = int(given["statusCode"]), given.get("body")
    if not 100 <= status <= 599 or not isinstance(body, str | None):
        raise ValueError("its statusCode is none, or its body is no text")
    several = {name: list(values) for name, values in (given.get("multiValueHeaders") or {}).items()}
    headers = {name: [value] for name, value in (given.get("headers") or {}).items()} | several
    told = [(name, _one_line(name, value)) for name, values in headers.items() for value in values]
    if "content-type" not in {name.lower() for name, _ in told}:
        told.append(("Content-Type", "application/json"))
    # What a function says by them is API Gateway's to say.
    told = [(f"x-amzn-Remapped-{name}" if name.lower() in _REMAPPED else name, value) for name, value in told]
    try:
        content = base64.b64decode(body or "") if given.get("isBase64Encoded") else (body or "").encode()
    except binascii.Error as error:
        raise ValueError("its body is no base64") from error
    return Answer(status, told, content)


_REMAPPED = {"connection", "content-length", "date", "server", "transfer-encoding", "www-authenticate"}
"""Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html"""


def _one_line(name: str, value: Any) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    # A header is bytes, each of them a character of Latin-1.
    is_sent = all(character not in "\r\n\0" and ord(character) < 256 for character in text)
    if not _HEADER.fullmatch(name) or not is_sent:
        raise ValueError("one of its headers is none")
    return text

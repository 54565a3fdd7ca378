"""Answers the requests to APIs that are deployed, as API Gateway does: it lets in, throttles, validates, maps, calls and maps.

What it does not show: policies of IAM are not evaluated, nor is the time of a signature; no metrics and no logs are written.
Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
"""

from __future__ import annotations

import json
import re
import threading
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from streaming_constructs.facts import api_gateway
from streaming_constructs.local.api_gateway import body_validator, signature
from streaming_constructs.local.api_gateway.lambda_authorizer import InvokeFunction, LambdaAuthorizers
from streaming_constructs.local.api_gateway.lambda_proxy import INVOKED, Answer, ApiRequest, proxy_answer, proxy_event
from streaming_constructs.local.api_gateway.mapping_template import rendered, substituted
from streaming_constructs.local.api_gateway.rest_api import GatewayResponse, Method, RestApi
from streaming_constructs.local.api_gateway.service_call import service_call
from streaming_constructs.local.api_gateway.token_bucket import TokenBucket

if TYPE_CHECKING:
    from streaming_constructs.local.aws.access import WsgiApp

PREFIX = "/_aws/execute-api/"
"""Below it are id and stage of an API, and then the path: on AWS the id is part of the name of a host."""
_MOST_BYTES = int(api_gateway.PAYLOAD_MIB.value * 1_048_576)
_LONGEST_LENGTH = 19
"""Of the length of a body in digits: Python itself reads no number of thousands of them."""
_JSON = "application/json"
_DEFAULT = '{"message": "$context.error.message"}'
_DIGITS = re.compile("[0-9]+")
_CALLED = re.compile(r"arn:[a-z-]+:apigateway:(?P<region>[a-z0-9-]+):(?P<service>[a-z]+):action/(?P<action>[A-Za-z]+)")


class _Refusal(Exception):  # noqa: N818 - it is an answer, and no error of ours
    """An answer of the gateway itself."""

    def __init__(self, type_: str, status: int, message: str, found: str = "") -> None:
        super().__init__(message)
        self.type, self.status, self.message, self.found = type_, status, message, found


class ExecuteApi:
    """Answers requests to APIs.

    Attributes:
        answers: How many requests each API answered with which status, by its name.
    """

    def __init__(
        self,
        services: WsgiApp,
        apis: Callable[[], Sequence[RestApi]],
        key_value: Callable[[str], str],
        now: Callable[[], float],
        invoke: InvokeFunction,
        region: str,
    ) -> None:
        """Answers nothing yet.

        Args:
            services: The API of the services that are called.
            apis: Gives the APIs that are deployed.
            key_value: Gives the value of an API key by its id.
            now: Gives the time, in seconds.
            invoke: Invokes a function.
            region: The region.
        """
        self._invoke, self._authorizers = invoke, LambdaAuthorizers(invoke, now, region)
        self._services, self._apis, self._key_value, self._now = services, apis, key_value, now
        self._buckets: dict[tuple[str, ...], TokenBucket] = {}
        self._counting = threading.Lock()
        self.answers: dict[str, dict[int, int]] = {}

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answers a request below `PREFIX`."""
        request_id = str(uuid.uuid4())
        api_id, _, rest = _path(environ).removeprefix(PREFIX).partition("/")
        stage, _, path = rest.partition("/")
        api = next((one for one in self._apis() if one.id == api_id and stage in one.stages), None)
        try:
            answer = self._answered(api, stage, f"/{path}", environ, request_id)
        except _Refusal as refusal:
            answer = _refused(api, refusal, request_id)
        if api is not None:
            self._count(api.name, answer.status)
        headers = [
            *answer.headers,
            ("Content-Length", str(len(answer.body))),
            ("x-amzn-RequestId", request_id),
        ]
        start_response(f"{answer.status} {_REASONS.get(answer.status, '')}".strip(), headers)
        return [answer.body]

    def _count(self, api: str, status: int) -> None:
        with self._counting:
            of_api = self.answers.setdefault(api, {})
            of_api[status] = of_api.get(status, 0) + 1

    def _answered(self, api: RestApi | None, stage: str, path: str, environ: dict[str, Any], request_id: str) -> Answer:
        if api is None:
            raise _Refusal("MISSING_AUTHENTICATION_TOKEN", 403, "Forbidden")
        found = api.found(environ["REQUEST_METHOD"], path)
        if found is None:
            raise _Refusal("MISSING_AUTHENTICATION_TOKEN", 403, "Missing Authentication Token")
        method, resource, parameters = found
        request = ApiRequest(environ, api.id, stage, resource, path, parameters, request_id)
        body = _body(environ)
        key = self._let_in(api, method, request, body)
        self._throttle(api, stage, path if resource == path else resource, environ["REQUEST_METHOD"], key)
        if method.integration["Type"] == "AWS_PROXY":
            return self._proxied(method, request, body)
        status, text = self._mapped(method, request, body)
        return Answer(status, [("Content-Type", _JSON)], text.encode())

    def _proxied(self, method: Method, request: ApiRequest, body: bytes) -> Answer:
        called = INVOKED.fullmatch(method.integration["Uri"])
        assert called is not None  # else it would not have been created
        try:
            return proxy_answer(self._invoke(called["function"], json.dumps(proxy_event(request, body)).encode()))
        except (RuntimeError, ValueError, TypeError, AttributeError, OverflowError) as error:
            raise _Refusal("DEFAULT_5XX", 502, "Internal server error", str(error)) from error

    def _mapped(self, method: Method, request: ApiRequest, body: bytes) -> tuple[int, str]:
        environ = request.environ
        template = method.integration["RequestTemplates"].get(_content_type(environ))
        if template is None:
            raise _Refusal("UNSUPPORTED_MEDIA_TYPE", 415, "Unsupported Media Type")
        found = body_validator.refusal(method.model, body) if method.model is not None else ""
        if found:
            raise _Refusal("BAD_REQUEST_BODY", 400, "Invalid request body", found)
        context = {
            "requestId": request.request_id,
            "stage": request.stage,
            "httpMethod": environ["REQUEST_METHOD"],
            "path": request.path,
        }
        try:
            sent, _ = rendered(template, body.decode(), context)
            called = _CALLED.fullmatch(method.integration["Uri"])
            assert called is not None  # else it would not have been created
            came, answer = service_call(
                self._services, called["service"], called["region"], called["action"], sent.encode()
            )
            return _response(method.integration["IntegrationResponses"], came, answer, context)
        except ValueError as error:
            raise _Refusal("API_CONFIGURATION_ERROR", 500, "Internal server error", str(error)) from error

    def _let_in(self, api: RestApi, method: Method, request: ApiRequest, body: bytes) -> str:
        """Refuses who may not call; returns the id of the key that was sent, if one is asked for."""
        environ = request.environ
        if method.authorizer is not None:
            verdict = self._authorizers.verdict(method.authorizer, request)
            if verdict != "ALLOWED":
                raise _Refusal(verdict, *_NOT_LET_IN[verdict])
        if method.authorization == "AWS_IAM":
            query = f"?{environ['QUERY_STRING']}" if environ.get("QUERY_STRING") else ""
            url = f"http://{environ['HTTP_HOST']}{quote(_path(environ))}{query}"
            why = signature.refusal(environ, url, body)
            if why:
                type_ = "INVALID_SIGNATURE" if "signature" in why else "MISSING_AUTHENTICATION_TOKEN"
                raise _Refusal(type_, 403, why)
        if not method.needs_key:
            return ""
        given = environ.get("HTTP_X_API_KEY", "")
        sent = next((key for key in api.keys if given and self._key_value(key) == given), "")
        if not sent:
            raise _Refusal("INVALID_API_KEY", 403, "Forbidden")
        return sent

    def _throttle(self, api: RestApi, stage: str, path: str, method: str, key: str) -> None:
        limits: list[tuple[tuple[str, ...], Any, Any]] = [
            ((api.id, stage, method, path), settings.get("ThrottlingRateLimit"), settings.get("ThrottlingBurstLimit"))
            for settings in api.stages[stage]
        ]
        of_key = api.key_throttles.get(key)
        if of_key is not None:
            limits.append(((api.id, key), of_key.get("RateLimit"), of_key.get("BurstLimit")))
        for name, rate, burst in limits:
            if rate is not None and burst is not None and not self._bucket(name, float(rate), int(burst)):
                raise _Refusal("THROTTLED", 429, "Too Many Requests")

    def _bucket(self, name: tuple[str, ...], rate: float, burst: int) -> bool:
        with self._counting:
            bucket = self._buckets.get(name)
            if bucket is None or (bucket.rate, bucket.burst) != (rate, burst):
                bucket = self._buckets[name] = TokenBucket(rate, burst)
        return bucket.take(self._now())


def _refused(api: RestApi | None, refusal: _Refusal, request_id: str) -> Answer:
    """What the gateway itself answers, as the API says or as every API does."""
    said = (api.responses if api else {}).get(refusal.type, GatewayResponse())
    values = {
        "$context.error.validationErrorString": refusal.found,
        "$context.error.message": refusal.message,
        "$context.requestId": request_id,
    }
    headers = [("Content-Type", _JSON), ("x-amzn-ErrorType", refusal.type), *said.headers]
    body = substituted(said.template or _DEFAULT, values)
    return Answer(said.status or refusal.status, headers, body.encode())


_NOT_LET_IN = {
    "UNAUTHORIZED": (401, "Unauthorized"),
    "ACCESS_DENIED": (403, "User is not authorized to access this resource"),
    "AUTHORIZER_FAILURE": (500, "Internal server error"),
    "AUTHORIZER_CONFIGURATION_ERROR": (500, "Internal server error"),
}


def _body(environ: Mapping[str, Any]) -> bytes:
    length = environ.get("CONTENT_LENGTH") or "0"
    if not _DIGITS.fullmatch(length):
        raise _Refusal("DEFAULT_4XX", 400, "Bad Request")
    if len(length) > _LONGEST_LENGTH or int(length) > _MOST_BYTES:
        raise _Refusal("REQUEST_TOO_LARGE", 413, "Request Too Long")
    body: bytes = environ["wsgi.input"].read(int(length))
    return body


def _path(environ: Mapping[str, Any]) -> str:
    """The path of a request: WSGI has each byte of it as a character of Latin-1."""
    path: str = environ["PATH_INFO"]
    return path.encode("latin-1").decode(errors="replace")


def _content_type(environ: Mapping[str, Any]) -> str:
    """The type of the body; what says none is taken for JSON."""
    return (environ.get("CONTENT_TYPE") or _JSON).partition(";")[0].strip().lower()


def _response(
    responses: Sequence[Mapping[str, Any]], came: int, answer: bytes, context: Mapping[str, Any]
) -> tuple[int, str]:
    """What an answer of the service becomes: by the response whose pattern its status has, else by the one without."""
    chosen = [
        one for one in responses if one.get("SelectionPattern") and re.fullmatch(one["SelectionPattern"], str(came))
    ]
    default = [one for one in responses if not one.get("SelectionPattern")]
    response = (chosen or default)[0]
    text = answer.decode() if _is_json(answer) else "{}"
    body, status = rendered(response["ResponseTemplates"][_JSON], text, context)
    return status if status is not None else int(response["StatusCode"]), body.strip()


def _is_json(answer: bytes) -> bool:
    try:
        json.loads(answer)
    except ValueError:
        return False
    return True


_REASONS = {
    200: "OK",
    207: "Multi-Status",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    413: "Payload Too Large",
    415: "Unsupported Media Type",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
}

"""REQUEST authorizers: a function that says by its policy whether a request is let in, and for how long that counts.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html
"""

from __future__ import annotations

import fnmatch
import json
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal

from streaming_constructs.local.api_gateway.lambda_proxy import INVOKED, ApiRequest

if TYPE_CHECKING:
    from streaming_constructs.local.api_gateway.rest_api import Authorizer

Verdict = Literal["ALLOWED", "UNAUTHORIZED", "ACCESS_DENIED", "AUTHORIZER_FAILURE", "AUTHORIZER_CONFIGURATION_ERROR"]
"""What is found; but for the first, the type of the answer that the gateway gives."""
InvokeFunction = Callable[[str, bytes], bytes]
"""Invokes a function by its ARN; raises `RuntimeError` if it fails, with what it said."""
_HEADER = "method.request.header."
_MOST_KEPT = 1000


class LambdaAuthorizers:
    """Asks the functions, and keeps what they say of a header for as long as their authorizer asks for."""

    def __init__(self, invoke: InvokeFunction, now: Callable[[], float], region: str) -> None:
        """Nothing is kept yet.

        Args:
            invoke: Invokes a function.
            now: Gives the time, in seconds.
            region: The region.
        """
        self._invoke, self._now, self._region = invoke, now, region
        self._kept: dict[tuple[str, tuple[str, ...]], tuple[float, dict[str, Any]]] = {}
        self._keeping = threading.Lock()

    def verdict(self, authorizer: Authorizer, request: ApiRequest) -> Verdict:
        """Whether a request is let in.

        Args:
            authorizer: The authorizer of its method.
            request: The request.
        """
        sources = [part.strip() for part in authorizer.identity_source.split(",") if part.strip()]
        headers = {name.lower(): value for name, value in request.headers.items()}
        identity = tuple(headers.get(source.removeprefix(_HEADER).lower(), "") for source in sources)
        if not all(identity):
            return "UNAUTHORIZED"
        key, now = (authorizer.id, identity), self._now()
        with self._keeping:
            until, policy = self._kept.get(key, (0.0, {}))
        if now >= until:
            try:
                policy = self._asked(authorizer, request)
            except RuntimeError as error:
                return "UNAUTHORIZED" if str(error) == "Unauthorized" else "AUTHORIZER_FAILURE"
            except ValueError:
                return "AUTHORIZER_CONFIGURATION_ERROR"
            with self._keeping:
                if len(self._kept) >= _MOST_KEPT:
                    self._kept.clear()
                self._kept[key] = now + authorizer.kept_seconds, policy
        return "ALLOWED" if _permits(policy, request.method_arn(self._region)) else "ACCESS_DENIED"

    def _asked(self, authorizer: Authorizer, request: ApiRequest) -> dict[str, Any]:
        found = INVOKED.fullmatch(authorizer.uri)
        assert found is not None  # else it would not have been created
        event = {"type": "REQUEST", "methodArn": request.method_arn(self._region), **request.event()}
        answer = json.loads(self._invoke(found["function"], json.dumps(event).encode()))
        match answer:
            case {"policyDocument": {"Statement": list(statements)} as policy} if all(
                isinstance(one, dict) for one in statements
            ):
                return dict(policy)
        raise ValueError("the authorizer returned no policy")


def _permits(policy: dict[str, Any], method_arn: str) -> bool:
    effects = {
        statement.get("Effect")
        for statement in policy["Statement"]
        if any(fnmatch.fnmatchcase(method_arn, str(pattern)) for pattern in _list(statement.get("Resource")))
        and any(fnmatch.fnmatchcase("execute-api:Invoke", str(pattern)) for pattern in _list(statement.get("Action")))
    }
    return "Allow" in effects and "Deny" not in effects


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]

"""Words of API Gateway, of CDK and of Terraform for apis, and what else the section is called: each answered with ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from streaming_constructs.spec.word import Word, Words, gone, renamed


def _of_gateways(value: Any, _: Any = None) -> Mapping[str, Any]:
    """What takes records and passes them on is a producer, and what answers is an api."""
    nodes = value.values() if isinstance(value, Mapping) else ()
    passes_on = any(isinstance(node, Mapping) and "to" in node for node in nodes)
    return {"producers" if passes_on else "apis": value}


SECTION_OF_APIS: Words = {
    **dict.fromkeys(
        (
            "http_api",
            "http_apis",
            "lambda_api",
            "lambda_apis",
            "lambda_urls",
            "function_urls",
            "pages",
            "rest_api",
            "rest_apis",
            "web",
            "websites",
        ),
        renamed("apis"),
    ),
    **dict.fromkeys(("api_gateway", "api_gateways", "apigateway", "gateways"), Word(_of_gateways)),
}


def _auth(value: Any) -> Any:
    """Who may call, of how API Gateway and others call it."""
    said = str(value).lower()
    return next((ours for ours in ("iam", "basic") if ours in said), value)


def _throttle(value: Any) -> Any:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return {"rate": value} if is_number else value


API_WORDS: Words = {
    **dict.fromkeys(("authentication", "authorization", "authorization_type", "authorizer"), renamed("auth", _auth)),
    **dict.fromkeys(("table", "tables", "store", "stores", "reads", "source", "sources"), renamed("from")),
    **dict.fromkeys(("throttling", "rate_limit", "throttle_settings"), renamed("throttle", _throttle)),
    "function": renamed("function_arn"),
    "handler_path": renamed("code"),
    **dict.fromkeys(("path", "paths", "method", "methods"), gone("it answers GET of `/` and of all paths below it")),
}

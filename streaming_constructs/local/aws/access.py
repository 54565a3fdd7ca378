"""Who may call the embedded AWS: who has its token, and no page of a browser and no other user of the machine.

The token travels as the session token of AWS's credentials does: every SDK, the AWS CLI and the CDK CLI send it with each
request, once it is in `AWS_SESSION_TOKEN`.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl

WsgiApp = Callable[[dict[str, Any], Any], Iterable[bytes]]

TOKEN_HEADER = "X-Amz-Security-Token"  # noqa: S105 - a name
_TOKEN_BYTES = 32


def new_token() -> str:
    """A token that nobody can guess."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def only_own_callers(application: WsgiApp, *, port: int, token: str) -> WsgiApp:
    """An application that hears only requests of its own callers; no other reaches what it stands before.

    Args:
        application: What answers them.
        port: The port that it listens on.
        token: What its callers have.
    """

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        why = refusal(environ, port=port, token=token)
        if why:
            return _refuse(why, environ, start_response)

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            # moto lets pages of any origin read its answers.
            kept = [(name, value) for name, value in headers if not name.lower().startswith("access-control-")]
            return start_response(status, kept, exc_info)

        return application(environ, start)

    return answer


def refusal(environ: Mapping[str, Any], *, port: int, token: str) -> str:
    """Why a request is refused, or an empty string.

    Args:
        environ: The request, as WSGI has it.
        port: The port that it came to.
        token: What callers have.
    """
    # A page that has its own name resolve to this address sends that name.
    if environ.get("HTTP_HOST", "").lower() not in (f"localhost:{port}", f"127.0.0.1:{port}"):
        return f"this AWS is called localhost:{port}, and answers to no other name"
    # Browsers say where a request comes from, and let no page say otherwise: https://fetch.spec.whatwg.org/#forbidden-request-header
    if "HTTP_ORIGIN" in environ or any(name.startswith("HTTP_SEC_FETCH_") for name in environ):
        return "this AWS answers no browser"
    given = environ.get("HTTP_X_AMZ_SECURITY_TOKEN") or _of_signed_url(environ.get("QUERY_STRING", ""))
    if not secrets.compare_digest(given.encode(), token.encode()):
        return (
            "this AWS answers those alone who have its token: set the variables that `streaming-constructs local up` printed, "
            "or those of `EmbeddedAws.environment`"
        )
    return ""


def _of_signed_url(query: str) -> str:
    # In small letters by the older way to sign.
    name = TOKEN_HEADER.lower()
    return next((value for key, value in parse_qsl(query) if key.lower() == name), "") if name in query.lower() else ""


def _refuse(why: str, environ: Mapping[str, Any], start_response: Any) -> Iterable[bytes]:
    """Says it as AWS would: in JSON to those who speak it, else in XML."""
    if "json" in environ.get("CONTENT_TYPE", ""):
        kind, said = "application/x-amz-json-1.1", json.dumps({"__type": "AccessDeniedException", "message": why})
    else:
        error = f"<Error><Code>AccessDenied</Code><Message>{why}</Message></Error>"
        kind, said = "application/xml", f"<ErrorResponse>{error}</ErrorResponse>"
    headers = [
        ("Content-Type", kind),
        ("Content-Length", str(len(said.encode()))),
        ("X-Content-Type-Options", "nosniff"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Connection", "close"),
    ]
    start_response("403 Forbidden", headers)
    return [said.encode()]

"""Answers the browser that shows a rehearsal: who may ask, and what.

What a rehearsal holds comes from files and handlers, and is hostile to a browser. So the page gets it as JSON, and shows it
as text; its policy lets it run no other script than its own, and load and send nothing elsewhere. Who asks for data has the
token of the page, in a header: a browser adds it to nothing by itself, unlike a cookie, which would go to every port of this
machine.

Sources: https://www.w3.org/TR/CSP3/, https://www.w3.org/TR/trusted-types/ and https://www.rfc-editor.org/rfc/rfc6265#section-8.5
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from dataclasses import asdict
from hashlib import sha256
from importlib.resources import files
from typing import Any
from urllib.parse import parse_qs

from streaming_constructs.local.api_gateway.page_server import refusal
from streaming_constructs.local.live_page.live_rehearsal import Asked

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
"""What the page may do: run its own script, look as its own style says, and ask its own server. No text becomes markup."""
_HEADERS = [
    ("Content-Security-Policy", POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cache-Control", "no-store"),
]
_CSS = "text/css; charset=utf-8"
_ASSETS = {
    "/": ("index.html", "text/html; charset=utf-8"),
    "/live.js": ("live.js", "text/javascript; charset=utf-8"),
    "/panel.js": ("panel.js", "text/javascript; charset=utf-8"),
    "/live.css": ("live.css", _CSS),
}
_JSON, _SVG, _TEXT = "application/json", "image/svg+xml; charset=utf-8", "text/plain; charset=utf-8"
_BEARER = "Bearer "

Answer = tuple[str, str, bytes]
"""Status, type and body."""


class LiveApplication:
    """The page and its data, as a WSGI application.

    Attributes:
        port: The port that it is served at; whoever serves it says so.
    """

    def __init__(self, asked: Asked, token: str) -> None:
        """Answers nothing before its port is set.

        Args:
            asked: Knows the rehearsal.
            token: What who asks for data has.
        """
        self._asked, self._token = asked, token
        self.port = 0

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        status, form, body = self._answer(environ)
        headers = [*_HEADERS, ("Content-Type", form)]
        if status == "405 Method Not Allowed":
            headers.append(("Allow", "GET, HEAD"))
        if status == "200 OK":
            tag = f'"{sha256(body).hexdigest()[:32]}"'
            headers.append(("ETag", tag))
            if environ.get("HTTP_IF_NONE_MATCH") == tag:
                status, body = "304 Not Modified", b""
        if status[0] not in "23":
            headers.append(("Connection", "close"))
        start_response(status, [*headers, ("Content-Length", str(len(body)))])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _answer(self, environ: dict[str, Any]) -> Answer:
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            return "405 Method Not Allowed", _TEXT, b"this page answers GET alone"
        why = refusal({**environ, "REQUEST_METHOD": "GET"}, self.port)
        if why:
            return "403 Forbidden", _TEXT, why.encode()
        path = environ["PATH_INFO"]
        asset = _asset(path)
        if asset is not None:
            return asset
        if not self._has_token(environ):
            return (
                "403 Forbidden",
                _TEXT,
                b"this page shows those alone who have its token: open the address that was printed",
            )
        return self._told(path, environ.get("QUERY_STRING", ""))

    def _told(self, path: str, query: str) -> Answer:
        try:
            return self._data(path, parse_qs(query, max_num_fields=4))
        except (LookupError, ValueError):
            return "404 Not Found", _TEXT, b"there is no such thing"
        except Exception:  # noqa: BLE001 - what is looked at may go meanwhile, as a stack does; the next look tells
            return "503 Service Unavailable", _TEXT, b"it cannot be told at this moment"

    def _has_token(self, environ: dict[str, Any]) -> bool:
        given = environ.get("HTTP_AUTHORIZATION", "")
        return secrets.compare_digest(given.encode(), f"{_BEARER}{self._token}".encode())

    def _data(self, path: str, query: dict[str, list[str]]) -> Answer:
        """What was asked for.

        Raises:
            LookupError: If there is no such thing, or it is not said which.
        """
        match path:
            case "/drawing.svg":
                return "200 OK", _SVG, self._asked.drawing().svg.encode()
            case "/drawing":
                drawing = self._asked.drawing()
                return _json(
                    {"nodes": [asdict(one) for one in drawing.nodes], "arrows": [asdict(one) for one in drawing.arrows]}
                )
            case "/snapshot":
                return _json(self._asked.snapshot())
            case "/node":
                return _json(self._asked.node(query["path"][0]))
            case "/object":
                return _json(self._asked.object_head(query["bucket"][0], query["key"][0]))
        raise LookupError(path)


def _asset(path: str) -> Answer | None:
    """What the page is made of, which is the same for everybody."""
    if path == "/drawing.css":
        from streaming_constructs.planning.drawing.svg import style

        return "200 OK", _CSS, style(None).encode()
    if path not in _ASSETS:
        return None
    name, form = _ASSETS[path]
    return "200 OK", form, (files(__package__) / "assets" / name).read_bytes()


def _json(value: Any) -> Answer:
    return "200 OK", _JSON, json.dumps(value, default=str).encode()

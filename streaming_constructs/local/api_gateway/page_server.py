"""Serves an API that asks for user name and password to browsers, on a port of its own on loopback.

What else this AWS answers needs its token, which no browser can send. Here the API's own authorizer lets callers in, and what
pages of other origins could do with a browser that knows the password is refused before: a request has to name this server, and
to be opened by a person or sent by a page of this server.
Sources: https://www.w3.org/TR/fetch-metadata/ and https://fetch.spec.whatwg.org/#origin-header
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from werkzeug.serving import WSGIRequestHandler, make_server

from streaming_constructs.local.api_gateway.rest_api import RestApi

if TYPE_CHECKING:
    from streaming_constructs.local.aws.access import WsgiApp

_POLL_SECONDS = 0.1


class QuietHandler(WSGIRequestHandler):
    """Says nothing about each request: what is in it comes from who sends it."""

    protocol_version = "HTTP/1.1"
    timeout = 30

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - werkzeug calls it so
        pass


class PageServers:
    """The servers of all APIs that browsers can call, each on a port of its own."""

    def __init__(self, execute_api: WsgiApp, prefix: str) -> None:
        """Serves nothing yet.

        Args:
            execute_api: What answers requests to APIs.
            prefix: Below what path it does.
        """
        self._execute_api, self._prefix = execute_api, prefix
        self._ports: dict[str, int] = {}
        self._open: dict[str, ExitStack] = {}
        self._changing = threading.Lock()
        self._is_closed = False

    def url(self, api: RestApi, stage: str) -> str:
        """Where browsers find a stage; serves its API from now on.

        Args:
            api: The API.
            stage: The stage.
        """
        with self._changing:
            if api.id not in self._ports and not self._is_closed:
                self._serve(api.id)
        return f"http://localhost:{self._ports.get(api.id, 0)}/{stage}/"

    def keep(self, api_ids: Iterable[str]) -> None:
        """Ends the servers of APIs that are there no more.

        Args:
            api_ids: The APIs that are there.
        """
        with self._changing:
            for gone in self._open.keys() - set(api_ids):
                del self._ports[gone]
                self._open.pop(gone).close()

    def close(self) -> None:
        """Ends all."""
        self.keep(())
        self._is_closed = True

    def _serve(self, api_id: str) -> None:
        server = make_server("127.0.0.1", 0, self._execute_api, threaded=True, request_handler=QuietHandler)
        server.app = only_own_pages(self._execute_api, port=server.server_port, below=f"{self._prefix}{api_id}")
        thread = threading.Thread(target=server.serve_forever, args=(_POLL_SECONDS,), name="page", daemon=True)
        thread.start()
        self._ports[api_id] = server.server_port
        self._open[api_id] = opened = ExitStack()
        opened.callback(server.server_close)
        opened.callback(thread.join)
        opened.callback(server.shutdown)


def only_own_pages(application: WsgiApp, *, port: int, below: str) -> WsgiApp:
    """An application that hears what people open in a browser, and what its own pages ask.

    Args:
        application: What answers.
        port: The port that it listens on.
        below: Below what path the API is there.
    """

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        why = refusal(environ, port)
        if why:
            headers = [*_GUARDS, ("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(why)))]
            start_response("403 Forbidden", [*headers, ("Connection", "close")])
            return [why.encode()]

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            kept = [(name, value) for name, value in headers if not name.lower().startswith("access-control-")]
            return start_response(status, [*kept, *_GUARDS], exc_info)

        return application({**environ, "PATH_INFO": f"{below}{environ['PATH_INFO']}"}, start)

    return answer


_GUARDS = [("Cross-Origin-Resource-Policy", "same-origin"), ("X-Frame-Options", "DENY")]


def refusal(environ: Mapping[str, Any], port: int) -> str:
    """Why a request is refused, or an empty string.

    Args:
        environ: The request, as WSGI has it.
        port: The port that it came to.
    """
    own = (f"localhost:{port}", f"127.0.0.1:{port}")
    host = environ.get("HTTP_HOST", "").lower()
    # A page that has its own name resolve to this address sends that name.
    if host not in own:
        return f"this page is at localhost:{port}, and answers to no other name"
    if environ["REQUEST_METHOD"] != "GET":
        return "this page answers GET alone"
    if environ.get("HTTP_ORIGIN", f"http://{host}") != f"http://{host}":
        return "this page answers no page of another origin"
    is_opened = environ.get("HTTP_SEC_FETCH_MODE") == "navigate" and environ.get("HTTP_SEC_FETCH_DEST") == "document"
    if environ.get("HTTP_SEC_FETCH_SITE", "none") not in ("none", "same-origin") and not is_opened:
        return "this page answers no page of another origin"
    return ""

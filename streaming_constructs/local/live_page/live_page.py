"""Serves the page of a rehearsal, on a port of its own on loopback: what else the embedded AWS answers, no browser gets."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from typing import TYPE_CHECKING, Self

from werkzeug.serving import make_server

from streaming_constructs.local.api_gateway.page_server import QuietHandler
from streaming_constructs.local.aws.access import new_token
from streaming_constructs.local.live_page.live_application import LiveApplication
from streaming_constructs.local.live_page.live_rehearsal import LiveRehearsal

if TYPE_CHECKING:
    from streaming_constructs.local.rehearsal import Rehearsal

_POLL_SECONDS = 0.1


class LivePage:
    """The page, for as long as a `with` lasts.

    Attributes:
        live: What it shows.
        url: Where a browser finds it, with a token of its own behind the `#`, which no browser sends: it is good for looking
            alone, and that of the AWS is not known to the page.
    """

    def __init__(self, rehearsal: Rehearsal) -> None:
        """Serves nothing yet.

        Args:
            rehearsal: The rehearsal that it shows.
        """
        self.live = LiveRehearsal(rehearsal)
        self.url = ""
        self._open = ExitStack()

    def __enter__(self) -> Self:
        token = new_token()
        application = LiveApplication(self.live, token)
        server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=QuietHandler)
        application.port = server.server_port
        self.url = f"http://localhost:{server.server_port}/#token={token}"
        thread = threading.Thread(target=server.serve_forever, args=(_POLL_SECONDS,), name="live-page", daemon=True)
        thread.start()
        self._open.callback(server.server_close)
        self._open.callback(thread.join)
        self._open.callback(server.shutdown)
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

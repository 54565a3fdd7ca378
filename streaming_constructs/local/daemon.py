"""The background process of `local up`: an embedded AWS that others find by a file in their folder."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from streaming_constructs.local.aws.guard import check_endpoint
from streaming_constructs.local.event_targets import EventTarget
from streaming_constructs.local.rehearsal_report import Report
from streaming_constructs.spec.finding import Finding, SpecError

FOLDER = Path(".streaming-constructs")
"""Where the file is; it ignores itself in Git."""
_STATE, _LOG = "local.json", "local.log"
_PATIENCE_SECONDS = 30.0
_GLANCE_SECONDS = 0.05
_STATUS, _TARGETS, _DRAIN, _NAMES = (f"/_rehearsal/{name}" for name in ("status", "targets", "drain", "names"))


@dataclass(frozen=True, slots=True)
class Daemon:
    """What is running.

    Attributes:
        pid: Its process.
        endpoint_url: Where its API answers.
    """

    pid: int
    endpoint_url: str

    def report(self) -> Report:
        """What came out where so far."""
        return TypeAdapter(Report).validate_python(self._post(_STATUS, {})["report"])

    def answers(self) -> bool:
        """Whether it is this process that answers there, and no other that got its port."""
        try:
            return bool(self._post(_STATUS, {})["pid"] == self.pid)
        except (OSError, ValueError, KeyError):
            return False

    def targets(self) -> list[EventTarget]:
        """Where events can go."""
        return [EventTarget(**target) for target in self._post(_TARGETS, {})["targets"]]

    def drain(self) -> None:
        """Waits until nothing is left to do."""
        self._post(_DRAIN, {})

    def name(self, stack: str, names: dict[str, str]) -> None:
        """Says what people call the resources of a stack.

        Args:
            stack: The stack.
            names: Names, by logical id.
        """
        self._post(_NAMES, {"stack": stack, "names": names})

    def stop(self) -> None:
        """Ends it, and waits until it has ended."""
        os.kill(self.pid, signal.SIGTERM)
        until = time.monotonic() + _PATIENCE_SECONDS
        while _is_alive(self.pid) and time.monotonic() < until:
            time.sleep(_GLANCE_SECONDS)

    def _post(self, path: str, what: dict[str, Any]) -> dict[str, Any]:
        request = urllib.request.Request(f"{self.endpoint_url}{path}", json.dumps(what).encode())  # noqa: S310 - loopback
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            response: dict[str, Any] = json.load(answer)
            return response


def find_daemon(folder: Path = FOLDER) -> Daemon | None:
    """What runs for a folder, if anything does; what is left of one that died is taken away.

    Args:
        folder: The folder of the file.
    """
    state = folder / _STATE
    try:
        known = Daemon(**json.loads(state.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    check_endpoint(known.endpoint_url)
    if known.answers():
        return known
    state.unlink(missing_ok=True)
    return None


def refuse_second(folder: Path = FOLDER) -> None:
    """Looks whether one could be started.

    Args:
        folder: The folder of the file.

    Raises:
        SpecError: If something runs for the folder already.
    """
    daemon = find_daemon(folder)
    if daemon is not None:
        message = f"something is running here already, at {daemon.endpoint_url}"
        raise SpecError([Finding("LOC957", message, help="run `streaming-constructs local down` first")])


def start(*, port: int, speed: float, folder: Path = FOLDER) -> Daemon:
    """Starts one, and waits until it answers.

    Args:
        port: Its port. 0: any that is free.
        speed: How many seconds pass in it in one of the wall's.
        folder: The folder of the file.

    Raises:
        SpecError: If there is one already, or it ended at once.
    """
    refuse_second(folder)
    folder.mkdir(exist_ok=True)
    (folder / ".gitignore").write_text("*\n", encoding="utf-8")
    command = [sys.executable, "-m", "streaming_constructs.local.daemon", str(folder.absolute()), str(port), str(speed)]
    with (folder / _LOG).open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - our own module
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
    until = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < until and process.poll() is None:
        found = find_daemon(folder)
        if found is not None:
            return found
        time.sleep(_GLANCE_SECONDS)
    process.kill()
    said = (folder / _LOG).read_text(encoding="utf-8", errors="replace").strip().splitlines()
    help_ = "choose another port with `--port`" if port else ""
    raise SpecError(
        [Finding("LOC956", "the AWS did not start", note=said[-1] if said else "it said nothing", help=help_)]
    )


def running_daemon(folder: Path = FOLDER) -> Daemon:
    """What runs for a folder.

    Args:
        folder: The folder of the file.

    Raises:
        SpecError: If nothing does.
    """
    found = find_daemon(folder)
    if found is None:
        raise SpecError(
            [Finding("LOC956", "nothing is running here", help="run `streaming-constructs local up` first")]
        )
    return found


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def serve(folder: Path, port: int, speed: float) -> None:
    """Runs one until it is told to end.

    Args:
        folder: The folder of the file.
        port: Its port. 0: any that is free.
        speed: How many seconds pass in it in one of the wall's.
    """
    from streaming_constructs.local.rehearsal import Rehearsal

    ended = threading.Event()
    for signal_ in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signal_, lambda *_: ended.set())
    started: list[Rehearsal] = []

    def route(answer: Callable[[Rehearsal, dict[str, Any]], Any]) -> Callable[[dict[str, Any]], Any]:
        return lambda asked: answer(started[0], asked)

    routes = {
        _STATUS: route(lambda rehearsal, _: {"pid": os.getpid(), "report": asdict(rehearsal.report())}),
        _TARGETS: route(lambda rehearsal, _: {"targets": [asdict(target) for target in rehearsal.targets()]}),
        _DRAIN: route(lambda rehearsal, _: {"drained": rehearsal.drain()}),
        _NAMES: route(lambda rehearsal, asked: rehearsal.name(asked["stack"], asked["names"])),
    }
    state = folder / _STATE
    with Rehearsal(port=port, speed=speed, routes=routes) as rehearsal:
        started.append(rehearsal)
        known = Daemon(os.getpid(), rehearsal.embedded.aws.endpoint_url)
        written = folder / f"{_STATE}.{known.pid}"
        written.write_text(json.dumps(asdict(known)), encoding="utf-8")
        written.replace(state)  # whoever reads it reads all of it
        try:
            ended.wait()
        finally:
            state.unlink(missing_ok=True)


if __name__ == "__main__":
    serve(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))

"""What `local up` leaves running, from outside: it is started and ended here, and found by a file in its folder."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from streaming_constructs.local.aws.access import TOKEN_HEADER
from streaming_constructs.local.aws.api import REGION, Aws
from streaming_constructs.local.aws.guard import check_endpoint
from streaming_constructs.local.event_targets import ApiEntry, EventTarget
from streaming_constructs.local.rehearsal_report import Report
from streaming_constructs.local.state_folder import StateFolder, tell_holder
from streaming_constructs.spec.finding import Finding, SpecError

if TYPE_CHECKING:
    from streaming_constructs.local.kafka.planned_topic import PlannedTopic
    from streaming_constructs.local.kafka.topic_keeper import ClusterSettings, Wanted
    from streaming_constructs.local.live_page.live_drawing import LiveDrawing

FOLDER = Path(".streaming-constructs")
"""Where its state is; it ignores itself in Git."""
STATE = "local.json"
"""The file that says where it answers, and by which token."""
_LOG = "local.log"
_PATIENCE_SECONDS = 30.0
_ANSWER_SECONDS = 10.0
"""How long to wait for an answer that takes no time, before whoever should give it counts as one that gives none."""
_GLANCE_SECONDS = 0.05
STATUS, TARGETS, DRAIN, NAMES, ENTRIES, CLUSTERS, TOPICS, RECORDS, CLIENTS, DRAWING = (
    f"/_rehearsal/{name}"
    for name in (
        "status",
        "targets",
        "drain",
        "names",
        "entries",
        "clusters",
        "topics",
        "records",
        "clients",
        "drawing",
    )
)
"""What it answers beside AWS's API, by path."""

_NO_PROXY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class Daemon:
    """What is running.

    Attributes:
        pid: Its process.
        endpoint_url: Where its API answers.
        token: What it asks of its callers.
        page_url: Where a browser sees what moves in it, with the token of that page.
    """

    pid: int
    endpoint_url: str
    token: str = field(repr=False)
    page_url: str = field(repr=False)

    @cached_property
    def aws(self) -> Aws:
        """Its API."""
        return Aws(self.endpoint_url, REGION, self.token)

    def report(self) -> Report:
        """What came out where so far."""
        return TypeAdapter(Report).validate_python(self._post(STATUS, {})["report"])

    def answers(self) -> bool:
        """Whether it is this process that answers there, and no other that got its port."""
        try:
            return bool(self._post(STATUS, {}, _ANSWER_SECONDS)["pid"] == self.pid)
        except (OSError, ValueError, KeyError):
            return False

    def targets(self) -> list[EventTarget]:
        """Where events can go."""
        told = self._post(TARGETS, {})["targets"]
        return [
            EventTarget(**target | {"api": ApiEntry(**target["api"]) if target["api"] else None}) for target in told
        ]

    def drain(self) -> None:
        """Waits until nothing is left to do."""
        self._post(DRAIN, {})

    def name(self, stack: str, names: dict[str, str]) -> None:
        """Says what people call the resources of a stack.

        Args:
            stack: The stack.
            names: Names, by logical id.
        """
        self._post(NAMES, {"stack": stack, "names": names})

    def expect_events(self, entries: Iterable[str], keys: Mapping[str, str]) -> None:
        """Says where events go that name no place, and by what those are keyed that name no key.

        Args:
            entries: The names of streams, topics or deliveries: one, or none if that cannot be told.
            keys: The key in the JSON of a record, by the name of its stream.
        """
        self._post(ENTRIES, {"entries": sorted(entries), "keys": dict(keys)})

    def draw(self, drawing: LiveDrawing) -> None:
        """Says how its page draws the system.

        Args:
            drawing: The drawing.
        """
        self._post(DRAWING, {"drawing": asdict(drawing)})

    def start_early(self, clusters: Sequence[ClusterSettings]) -> None:
        """Has it prepare for clusters of Kafka that will be deployed.

        Args:
            clusters: What their logs will be told.
        """
        self._post(CLUSTERS, {"clusters": [asdict(settings) for settings in clusters]})

    def plan_topics(self, topics: Sequence[PlannedTopic]) -> None:
        """Says of topics of Kafka what no template does, once their clusters are deployed.

        Args:
            topics: The topics.

        Raises:
            SpecError: If one cannot be created.
        """
        refused = self._post(TOPICS, {"topics": [asdict(topic) for topic in topics]})["refused"]
        if refused:
            raise SpecError([Finding("LOC955", refused["message"], note=refused["note"])])

    def put(self, arn: str, records: Sequence[tuple[bytes | None, bytes]]) -> list[str]:
        """Puts records into a topic of Kafka.

        Args:
            arn: Its ARN.
            records: Key and value of each.

        Returns:
            For each why it was refused for good; empty: it was taken.

        Raises:
            OSError: If the log of the topic does not take them.
        """
        sent = [[None if key is None else b64encode(key).decode(), b64encode(value).decode()] for key, value in records]
        answer = self._post(RECORDS, {"topic": arn, "records": sent})
        if answer["failed"]:
            raise OSError(answer["failed"])
        refused: list[str] = answer["refused"]
        return refused

    def client_variables(self) -> dict[str, str]:
        """The environment variables by which a client of Kafka finds the brokers, and is let in; none: there is no broker."""
        variables: dict[str, str] = self._post(CLIENTS, {})["variables"]
        return variables

    def stop(self) -> None:
        """Ends it, and waits until it has ended."""
        _end(self.pid)

    def _post(self, path: str, what: dict[str, Any], seconds: float | None = None) -> dict[str, Any]:
        request = urllib.request.Request(  # noqa: S310 - loopback
            f"{self.endpoint_url}{path}", json.dumps(what).encode(), {TOKEN_HEADER: self.token}
        )
        with _NO_PROXY.open(request, timeout=seconds) as answer:
            response: dict[str, Any] = json.load(answer)
            return response


def find_daemon(folder: Path = FOLDER) -> Daemon | None:
    """What runs for a folder and answers, if anything does; what is left of one that died is taken away.

    Args:
        folder: The folder of its state.

    Raises:
        SpecError: If the folder is none that this user made, or leads to another machine.
    """
    try:
        state = StateFolder(folder)
    except FileNotFoundError:
        return None
    with state:
        holder = state.holder()
        if holder is None:
            state.remove(STATE)
            return None
        try:
            known = Daemon(**json.loads(state.read(STATE) or ""))
        except (ValueError, TypeError):
            return None
    check_endpoint(known.endpoint_url)
    return known if known.pid == holder and known.answers() else None


def refuse_second(folder: Path = FOLDER) -> None:
    """Looks whether one could be started.

    Args:
        folder: The folder of its state.

    Raises:
        SpecError: If something runs for the folder already, or it is none that this user made.
    """
    daemon = find_daemon(folder)
    if daemon is not None:
        raise _second(f", at {daemon.endpoint_url}")
    if _holder(folder) is not None:
        raise _second()


def _holder(folder: Path) -> int | None:
    """The process that holds a folder: 0 while it is not told yet, None if no living one does."""
    try:
        with StateFolder(folder) as state:
            return state.holder()
    except FileNotFoundError:
        return None


def _second(where: str = "") -> SpecError:
    message = f"something is running here already{where}"
    return SpecError([Finding("LOC957", message, help="run `streaming-constructs local down` first")])


def start(*, port: int, speed: float, broker: Wanted = "auto", folder: Path = FOLDER) -> Daemon:
    """Starts one, and waits until it answers.

    Args:
        port: Its port. 0: any that is free.
        speed: How many seconds pass in it in one of the wall's.
        broker: What keeps topics of Kafka.
        folder: The folder of its state.

    Raises:
        SpecError: If there is one already, or it ended at once.
    """
    with StateFolder(folder, create=True) as state:
        process = _spawn(state, port, speed, broker)
        until = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < until and process.poll() is None:
            found = find_daemon(folder)
            if found is not None:
                return found
            time.sleep(_GLANCE_SECONDS)
        process.kill()
        process.wait()
        said = (state.read(_LOG) or "").strip().splitlines()
    help_ = "choose another port with `--port`" if port else ""
    raise SpecError(
        [Finding("LOC956", "the AWS did not start", note=said[-1] if said else "it said nothing", help=help_)]
    )


def _spawn(state: StateFolder, port: int, speed: float, broker: Wanted) -> subprocess.Popen[bytes]:
    """Starts the process, which holds the folder from before it exists until it ends, so that there is never a second."""
    lock = state.lock()
    if lock is None:
        raise _second()
    try:
        state.write(".gitignore", "*\n")
        # Not what lies in the working directory is imported, whatever its name.
        command = [sys.executable, "-P", "-m", "streaming_constructs.local.daemon_server"]
        with state.new_file(_LOG) as log:
            process = subprocess.Popen(  # noqa: S603 - our own module
                [*command, str(state.path.absolute()), str(port), str(speed), broker],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=[lock],
                start_new_session=True,
            )
        tell_holder(lock, process.pid)
    finally:
        os.close(lock)
    return process


def stop(folder: Path = FOLDER) -> str:
    """Ends what runs for a folder, whether it answers or not.

    Args:
        folder: The folder of its state.

    Returns:
        Where it was.

    Raises:
        SpecError: If nothing runs.
    """
    found = find_daemon(folder)
    if found is not None:
        found.stop()
        return found.endpoint_url
    holder = _holder(folder)
    if not holder:
        raise _nothing_runs()
    _end(holder)
    return f"process {holder}, which did not answer"


def _end(pid: int) -> None:
    """Ends a process, and waits until it has ended; one that does not end by itself is killed."""
    for how in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.kill(pid, how)
            os.kill(pid, signal.SIGCONT)  # one that was stopped hears nothing until it goes on
        until = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < until:
            with suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)  # what this process started is there until somebody asks what came of it
            if not _is_alive(pid):
                return
            time.sleep(_GLANCE_SECONDS)


def running_daemon(folder: Path = FOLDER) -> Daemon:
    """What runs for a folder.

    Args:
        folder: The folder of the file.

    Raises:
        SpecError: If nothing does, or it does not answer.
    """
    found = find_daemon(folder)
    if found is not None:
        return found
    if _holder(folder) is None:
        raise _nothing_runs()
    help_ = "run `streaming-constructs local down`, which ends it all the same"
    raise SpecError([Finding("LOC956", "what is running here does not answer", help=help_)])


def _nothing_runs() -> SpecError:
    help_ = "run `streaming-constructs local up` first"
    return SpecError([Finding("LOC956", "nothing is running here", help=help_)])


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True

"""The background process of `local up`: an embedded AWS that stays until it is told to end."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from base64 import b64decode
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from streaming_constructs.local.daemon import (
    CLIENTS,
    CLUSTERS,
    DRAIN,
    DRAWING,
    ENTRIES,
    NAMES,
    RECORDS,
    STATE,
    STATUS,
    TARGETS,
    TOPICS,
    Daemon,
)
from streaming_constructs.local.state_folder import StateFolder
from streaming_constructs.spec.finding import SpecError

if TYPE_CHECKING:
    from streaming_constructs.local.kafka.topic_keeper import Wanted
    from streaming_constructs.local.live_page.live_page import LivePage
    from streaming_constructs.local.rehearsal import Rehearsal


def serve(folder: Path, port: int, speed: float, broker: Wanted = "auto") -> None:
    """Runs one until it is told to end.

    Args:
        folder: The folder of the file.
        port: Its port. 0: any that is free.
        speed: How many seconds pass in it in one of the wall's.
        broker: What keeps topics of Kafka.
    """
    from streaming_constructs.local.kafka.topic_keeper import topic_keeper
    from streaming_constructs.local.rehearsal import Rehearsal

    # isort: split
    from streaming_constructs.local.live_page.live_page import (
        LivePage,  # behind moto, which has its own way to be imported
    )

    ended = threading.Event()
    for signal_ in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signal_, lambda *_: ended.set())
    started: list[Rehearsal] = []
    pages: list[LivePage] = []

    def route(answer: Callable[[Rehearsal, dict[str, Any]], Any]) -> Callable[[dict[str, Any]], Any]:
        return lambda asked: answer(started[0], asked)

    routes = {
        STATUS: route(lambda rehearsal, _: {"pid": os.getpid(), "report": asdict(rehearsal.report())}),
        TARGETS: route(lambda rehearsal, _: {"targets": [asdict(target) for target in rehearsal.targets()]}),
        DRAIN: route(lambda rehearsal, _: {"drained": rehearsal.drain()}),
        NAMES: route(lambda rehearsal, asked: rehearsal.name(asked["stack"], asked["names"])),
        ENTRIES: route(lambda rehearsal, asked: rehearsal.expect_events(asked["entries"], asked["keys"])),
        CLUSTERS: route(_start_early),
        TOPICS: route(_plan_topics),
        RECORDS: route(_put_records),
        DRAWING: lambda asked: _draw(pages[0], asked),
        CLIENTS: route(lambda rehearsal, _: {"variables": rehearsal.client_variables()}),
    }
    settings: dict[str, Any] = {"port": port, "speed": speed, "routes": routes}
    settings["topic_keeper"] = lambda: topic_keeper(broker)
    with StateFolder(folder) as state, Rehearsal(**settings) as rehearsal, LivePage(rehearsal) as page:
        started.append(rehearsal)
        pages.append(page)
        aws = rehearsal.embedded.aws
        state.write(STATE, json.dumps(asdict(Daemon(os.getpid(), aws.endpoint_url, aws.token, page.url))))
        try:
            ended.wait()
        finally:
            state.remove(STATE)


def _draw(page: LivePage, asked: dict[str, Any]) -> dict[str, Any]:
    from pydantic import TypeAdapter

    from streaming_constructs.local.live_page.live_drawing import LiveDrawing

    page.live.draw(TypeAdapter(LiveDrawing).validate_python(asked["drawing"]))
    return {}


def _start_early(rehearsal: Rehearsal, asked: dict[str, Any]) -> dict[str, Any]:
    from streaming_constructs.local.kafka.topic_keeper import ClusterSettings

    rehearsal.msk.start_early([ClusterSettings(**settings) for settings in asked["clusters"]])
    return {}


def _plan_topics(rehearsal: Rehearsal, asked: dict[str, Any]) -> dict[str, Any]:
    from streaming_constructs.local.kafka.planned_topic import PlannedTopic

    try:
        rehearsal.plan_topics([PlannedTopic(**topic) for topic in asked["topics"]])
        rehearsal.engine.refresh()
    except SpecError as error:
        return {"refused": {"message": error.findings[0].message, "note": error.findings[0].note}}
    return {"refused": None}


def _put_records(rehearsal: Rehearsal, asked: dict[str, Any]) -> dict[str, Any]:
    records = [(None if key is None else b64decode(key), b64decode(value)) for key, value in asked["records"]]
    try:
        refused = rehearsal.msk.put(asked["topic"], records)
    except (OSError, ValueError) as error:
        return {"refused": [], "failed": str(error)}
    rehearsal.engine.wake()
    return {"refused": refused, "failed": ""}


if __name__ == "__main__":
    serve(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), cast("Wanted", sys.argv[4]))

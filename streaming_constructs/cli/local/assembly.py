"""A system, synthesized for a rehearsal, and the events that go through it."""

from __future__ import annotations

import importlib
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from streaming_constructs.spec.finding import Finding, SpecError

if TYPE_CHECKING:
    from streaming_constructs.cli.local.progress import Progress
    from streaming_constructs.cli.system import System
    from streaming_constructs.local.event_targets import EventTarget
    from streaming_constructs.planning import PipelinePlan

EVENTS = "events.jsonl"


@contextmanager
def synthesized(plan: PipelinePlan, pattern: str, progress: Progress) -> Iterator[Path]:
    """Synthesizes a system into a folder, a cloud assembly, that is gone at the end of a `with`.

    Args:
        plan: The system.
        pattern: The name of the documented pattern that it is, or an empty text.
        progress: Is told.
    """
    with tempfile.TemporaryDirectory(prefix="streaming-constructs-") as folder:
        with progress.phase("synthesize"):
            # Node works on the one; this process can load the other meanwhile. Nobody waits for it who is stopped.
            loading = Thread(
                target=importlib.import_module, args=("streaming_constructs.local.rehearsal",), daemon=True
            )
            loading.start()
            with _temporary_files_of_node():
                _synthesize(plan, Path(folder), pattern)
            loading.join()
        yield Path(folder)


@contextmanager
def _temporary_files_of_node() -> Iterator[None]:
    """Node, which starts now, has its temporary files where this process has its own; what starts later has them elsewhere."""
    before = os.environ.get("TMPDIR")
    os.environ["TMPDIR"] = tempfile.gettempdir()
    try:
        yield
    finally:
        del os.environ["TMPDIR"]
        if before is not None:
            os.environ["TMPDIR"] = before


def _synthesize(plan: PipelinePlan, out: Path, pattern: str) -> None:
    # `synth` is what checks templates; a rehearsal shows what they do.
    os.environ["CDK_VALIDATION"] = "false"
    from streaming_constructs.app import add_system, new_app, synthesize
    from streaming_constructs.spec.stack_name import stack_name

    app = new_app(out)
    # The embedded AWS is an account and a region of its own, whichever the system goes to in the end.
    spec = plan.spec.model_copy(update={"account": None, "region": None})
    add_system(app, spec, stack_name(pattern or spec.name, spec.environment))
    synthesize(app, spec)


def checked_arguments(
    system: System, plan: PipelinePlan, events: Path | None, into: str | None, queries: Sequence[str]
) -> tuple[Path, dict[str, int]]:
    """Looks at what a rehearsal was told, before anything is done.

    Args:
        system: The file of the spec.
        plan: The system.
        events: The file of the events. Left out: the one beside the spec.
        into: The stream or the delivery of events that name none. Left out: by which records come in.
        queries: What will be asked.

    Returns:
        The file of the events, and the places that they name, as `check_events` tells them.

    Raises:
        SpecError: If events cannot be read, there will be no place for them, or a query is none; all of it at once.
    """
    from streaming_constructs.local.events import check_events, check_keys

    findings: list[Finding] = []

    def collect(check: Callable[[], object]) -> None:
        try:
            check()
        except SpecError as error:
            findings.extend(error.findings)

    path, places = events or system.directory / EVENTS, {"": 0}

    def look() -> None:
        found = check_events(path)
        places.clear()
        places.update(found)

    if events is None and not path.is_file():
        help_ = "name a file with `--events`, or write one: a record on each line"
        message = f"there is no `{EVENTS}` beside the spec"
        findings.append(Finding("LOC954", message, file=system.document.name, help=help_))
    else:
        collect(look)
    for name in sorted(places):
        collect(lambda name=name: check_keys(path, places[name], _target(name or into, plan)))  # type: ignore[misc]
    for sql in queries:
        collect(lambda sql=sql: _check_query(sql))  # type: ignore[misc]
    if findings:
        raise SpecError(findings)
    return path, places


def _check_query(sql: str) -> None:
    from streaming_constructs.local.athena.duckdb_query import check_query

    check_query(sql)


def _target(into: str | None, plan: PipelinePlan) -> EventTarget:
    """Where events will go."""
    from streaming_constructs.local.event_targets import choose_target, spec_targets

    return choose_target(spec_targets(plan.spec), into)

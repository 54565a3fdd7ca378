"""A system, synthesized for a rehearsal, and the events that go through it."""

from __future__ import annotations

import importlib
import os
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from streaming_constructs.spec.finding import Finding, SpecError

if TYPE_CHECKING:
    from streaming_constructs.cli.local.progress import Progress
    from streaming_constructs.planning import PipelinePlan

EVENTS = "events.jsonl"


@dataclass(frozen=True, slots=True)
class Synthesized:
    """A system and its cloud assembly.

    Attributes:
        plan: The system.
        spec_path: Where its spec was read from.
        assembly: The folder of the assembly.
    """

    plan: PipelinePlan
    spec_path: Path
    assembly: Path


@contextmanager
def synthesized(system: str, environment: str | None, progress: Progress) -> Iterator[Synthesized]:
    """Synthesizes a system into a folder that is gone at the end of a `with`.

    Args:
        system: The path of a spec, the name of a pattern, or `-` for standard input.
        environment: Which of the file's environments it is.
        progress: Shows how long it takes.

    Raises:
        SpecError: If the spec has errors.
    """
    from streaming_constructs.cli.system import open_system
    from streaming_constructs.planning import plan_document

    opened = open_system(system)
    plan, findings = plan_document(opened.document, environment)
    errors = [finding for finding in findings if finding.level == "error"]
    if plan is None or errors:
        raise SpecError(errors or findings)
    with tempfile.TemporaryDirectory(prefix="streaming-constructs-") as folder:
        with progress.phase("synthesize"), ThreadPoolExecutor(1) as pool:
            # Node works on the one; this process can load the other meanwhile.
            loading = pool.submit(importlib.import_module, "streaming_constructs.local.rehearsal")
            _synthesize(plan, Path(folder), opened.pattern)
            loading.result()
        yield Synthesized(plan, Path(opened.document.name), Path(folder))


def _synthesize(plan: PipelinePlan, out: Path, pattern: str) -> None:
    # `synth` is what checks templates; a rehearsal shows what they do.
    os.environ["CDK_VALIDATION"] = "false"
    from streaming_constructs.app import add_system, new_app
    from streaming_constructs.spec.stack_name import stack_name

    app = new_app(out)
    add_system(app, plan.spec, stack_name(pattern or plan.spec.name, plan.spec.environment))
    app.synth()


def chosen_events(chosen: Path | None, spec_path: Path) -> Path:
    """The file of the events.

    Args:
        chosen: What was named, if anything was.
        spec_path: Where the spec is.

    Raises:
        SpecError: If none was named, and there is none beside the spec.
    """
    path = chosen or spec_path.parent / EVENTS
    if chosen is None and not path.is_file():
        help_ = "name a file with `--events`, or write one: a record on each line"
        raise SpecError([Finding("LOC954", f"there is no `{EVENTS}` beside the spec", file=str(spec_path), help=help_)])
    return path

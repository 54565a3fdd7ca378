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
    from streaming_constructs.spec.model import Environment

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
def synthesized(system: str, environment: Environment | None, progress: Progress) -> Iterator[Synthesized]:
    """Synthesizes a system into a folder that is gone at the end of a `with`.

    Args:
        system: The path of a spec, or the name of a pattern.
        environment: The environment.
        progress: Is told.

    Raises:
        SpecError: If the spec has errors.
    """
    from streaming_constructs.cli.system import system_path
    from streaming_constructs.planning import load_plan

    path = system_path(system)
    plan = load_plan(path, environment)
    with tempfile.TemporaryDirectory(prefix="streaming-constructs-") as folder:
        with progress.phase("synthesize"), ThreadPoolExecutor(1) as pool:
            # Node works on the one; this process can load the other meanwhile.
            loading = pool.submit(importlib.import_module, "streaming_constructs.local.rehearsal")
            _synthesize(plan, Path(folder), "" if path == Path(system) else system)
            loading.result()
        yield Synthesized(plan, path, Path(folder))


def _synthesize(plan: PipelinePlan, out: Path, pattern: str) -> None:
    # `synth` is what checks templates; a rehearsal shows what they do.
    os.environ["CDK_VALIDATION"] = "false"
    from streaming_constructs.app import add_system, new_app, stack_name

    app = new_app(out)
    add_system(app, plan.spec, stack_name(pattern))
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

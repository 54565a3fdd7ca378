"""Builds and synthesizes one app of many pipelines, a stack each, and prints the CPU seconds that each of them took.

Run as `python benchmarks/growth.py SPEC PIPELINES`. A small app of its own comes first, so that loading and warming up do
not count. Node.js still runs when the seconds are told, so it needs Linux.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from measure import cpu_seconds_so_far

from streaming_constructs import PipelineSpec
from streaming_constructs.app import add_system, new_app


def synthesize(spec: PipelineSpec, pipelines: int) -> None:
    """An app of so many pipelines."""
    with tempfile.TemporaryDirectory() as folder:
        app = new_app(Path(folder))
        for number in range(pipelines):
            add_system(app, spec, f"Pipeline{number}")
        app.synth()


if __name__ == "__main__":
    system, count = PipelineSpec.load(sys.argv[1]), int(sys.argv[2])
    synthesize(system, 3)
    before = cpu_seconds_so_far(os.getpid())
    synthesize(system, count)
    print((cpu_seconds_so_far(os.getpid()) - before) / count)

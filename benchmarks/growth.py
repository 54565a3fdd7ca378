"""Builds and synthesizes one app of many pipelines, a stack each, and prints the seconds for build and synthesis.

Run as `python benchmarks/growth.py SPEC PIPELINES`. A small app of its own comes first, so that loading and warming up do
not count.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from time import perf_counter

from streaming_constructs.app import add_system, new_app
from streaming_constructs.spec.read import load
from streaming_constructs.spec.pipeline import PipelineSpec


def seconds(spec: PipelineSpec, pipelines: int) -> float:
    """How long an app of so many pipelines takes."""
    with tempfile.TemporaryDirectory() as folder:
        start = perf_counter()
        app = new_app(Path(folder))
        for number in range(pipelines):
            add_system(app, spec, f"Pipeline{number}")
        app.synth()
        return perf_counter() - start


if __name__ == "__main__":
    system = load(sys.argv[1])
    seconds(system, 3)
    print(seconds(system, int(sys.argv[2])))

"""Every documented pattern, synthesized once. A pattern joins by its folder alone."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest

from streaming_constructs.app import add_system, stack_name
from streaming_constructs.cdk import StreamingPipeline
from streaming_constructs.spec.patterns import list_patterns
from streaming_constructs.spec.read import load

PATTERNS = {pattern.name: pattern for pattern in list_patterns()}


@dataclass(frozen=True)
class Synthesized:
    """A pattern as it would be deployed.

    Attributes:
        stack: The stack, before synthesis.
        pipeline: The construct in it.
        text: The template as it is written to disk.
    """

    name: str
    directory: Path
    stack: cdk.Stack
    pipeline: StreamingPipeline
    text: str

    @property
    def template(self) -> dict[str, Any]:
        template: dict[str, Any] = json.loads(self.text)
        return template


@pytest.fixture(scope="session", params=sorted(PATTERNS))
def pattern(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Synthesized:
    # One synthesis serves all tests of a pattern; none of them changes it.
    name, out = request.param, tmp_path_factory.mktemp(request.param)
    app = cdk.App(outdir=str(out))
    stack, pipeline = add_system(app, load(PATTERNS[name].spec_path), stack_name(name))
    app.synth()
    text = (out / f"{stack.stack_name}.template.json").read_text()
    return Synthesized(name, PATTERNS[name].directory, stack, pipeline, text)

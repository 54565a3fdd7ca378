"""Measures synthesis against the same system written by hand in CDK, and holds it to budgets: `make bench`.

Everything is compared within one run, on one machine and one Node.js. Exit codes: 0 within all budgets, 1 a budget is
missed, or the two templates are no longer the same system.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import yaml
from measure import CAN_MEASURE_MEMORY, Run, Summary, measure
from rich.console import Console
from rich.table import Table
from same_system import differences

from streaming_constructs.cdk.node import choose_node
from streaming_constructs.spec.patterns import find_pattern

HERE = Path(__file__).resolve().parent
PATTERN = find_pattern("lambda-consumer")
CLI = [sys.executable, "-c", "from streaming_constructs.cli import main; main()"]

BY_HAND, BY_HAND_BARE = "by hand, validated by CDK", "by hand"
CLI_SYNTH, OURS_BARE, EMPTY = "synth lambda-consumer, validated", "ours", "empty app"
VALIDATE = "validate 200 nodes"
PIPELINES = (1, 10, 50, 100)


@dataclass(frozen=True, slots=True)
class Case:
    """What runs as a fresh process, each time with a folder of its own to write into."""

    command: tuple[str, ...]
    cdk_validates: bool = False

    def run(self) -> Run:
        with tempfile.TemporaryDirectory() as out:
            environment = {name: value for name, value in os.environ.items() if not name.startswith("CDK_")}
            environment["CDK_OUTDIR"] = out
            if not self.cdk_validates:
                environment["CDK_VALIDATION"] = "false"
            return measure([part.format(out=out) for part in self.command], environment)

    def template(self) -> Any:
        with tempfile.TemporaryDirectory() as out:
            environment = {**os.environ, "CDK_OUTDIR": out, "CDK_VALIDATION": "false"}
            measure([part.format(out=out) for part in self.command], environment)
            return json.loads(next(Path(out).glob("*.template.json")).read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Check:
    """A number, and what it may be at most; 0 where there is nothing to hold it to."""

    name: str
    value: float
    budget: float
    unit: str = "x"

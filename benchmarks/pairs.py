"""Two programs that run in pairs, A B A B: what slows the machine for a while slows both of a pair, and not their ratio."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from check import Check
from measure import Run, measure

NOT_PASSED_ON = ("CDK_", "PYTHONDONTWRITEBYTECODE")
"""What would have CDK do something else, and what would have Python compile us anew, but not what is installed."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What of a run is compared, and its name in the table."""

    name: str
    of: Callable[[Run], float]


CPU = Measure("CPU", lambda run: run.cpu_seconds)
WALL = Measure("time", lambda run: run.wall_seconds)
MEMORY = Measure("memory", lambda run: run.mib)


@dataclass(frozen=True, slots=True)
class Case:
    """A program that is run again and again, each time in a new folder."""

    program: Path
    arguments: tuple[str | Path, ...] = ()
    cdk_validates: bool = False

    def run(self) -> tuple[Run, dict[str, Any]]:
        """How it ran, and the template that it wrote, if it wrote one."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith(NOT_PASSED_ON)}
        environment |= {"CDK_OUTDIR": "cdk.out"} | ({} if self.cdk_validates else {"CDK_VALIDATION": "false"})
        with tempfile.TemporaryDirectory() as folder:
            run = measure([sys.executable, str(self.program), *map(str, self.arguments)], environment, folder)
            templates = Path(folder).glob("cdk.out/*.template.json")
            return run, next((json.loads(path.read_text(encoding="utf-8")) for path in templates), {})


@dataclass(frozen=True, slots=True)
class Budget:
    """What A may take: so many times what B takes, and so much more."""

    measure: Measure
    times: float
    more: float = 0.0


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two programs, by what the table calls them, and how A is judged by B."""

    names: tuple[str, str]
    cases: tuple[Case, Case]
    budgets: tuple[Budget, ...]
    pairs: int

    @property
    def name(self) -> str:
        return " / ".join(self.names)

    def run_pair(self) -> tuple[Run, Run]:
        """A, then B."""
        a, b = self.cases
        return a.run()[0], b.run()[0]

    def checks(self, pairs: Sequence[tuple[Run, Run]]) -> list[Check]:
        """The ratio of each pair; what may come on top is so much of the least that B took, to which noise added least."""
        return [
            Check(
                self.name,
                budget.measure.name,
                tuple(budget.measure.of(a) / budget.measure.of(b) for a, b in pairs),
                budget.times + budget.more / min(budget.measure.of(b) for _, b in pairs),
            )
            for budget in self.budgets
        ]

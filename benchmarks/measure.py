"""Fresh processes, how long they take, and how much memory they and their children hold."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from threading import Event, Thread
from time import perf_counter

POLL_SECONDS = 0.025
CAN_MEASURE_MEMORY = Path(f"/proc/self/task/{os.getpid()}/children").exists()
"""Linux tells the children of a process; elsewhere memory is not measured."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a process; memory is the peak of its whole tree, 0 where it cannot be measured."""

    seconds: float
    mib: float
    output: str


@dataclass(frozen=True, slots=True)
class Summary:
    """All runs of one case; noise only adds, so the minimum is nearest to the truth."""

    runs: tuple[Run, ...]

    @property
    def minimum(self) -> float:
        return min(run.seconds for run in self.runs)

    @property
    def median(self) -> float:
        return median(run.seconds for run in self.runs)

    @property
    def mib(self) -> float:
        return median(run.mib for run in self.runs)


def measure(command: Sequence[str], environment: Mapping[str, str], folder: str) -> Run:
    """Runs a command in a folder, to its end.

    Raises:
        RuntimeError: If it ends with another exit code than 0.
    """
    ended, peak = Event(), [0]
    start = perf_counter()
    process = subprocess.Popen(
        command,
        env=environment,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )

    def watch() -> None:
        while not ended.wait(POLL_SECONDS):
            peak[0] = max(peak[0], _resident_bytes(process.pid))

    watcher = Thread(target=watch, daemon=True)
    if CAN_MEASURE_MEMORY:
        watcher.start()
    output, errors = process.communicate()
    seconds = perf_counter() - start
    ended.set()
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with exit code {process.returncode}\n{output}{errors}")
    return Run(seconds, peak[0] / 2**20, output)


def _resident_bytes(pid: int) -> int:
    """What a process and its descendants hold; 0 for one that has just ended."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        children = [child for task in Path(f"/proc/{pid}/task").iterdir() for child in _children(task)]
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") + sum(map(_resident_bytes, children))


def _children(task: Path) -> list[int]:
    return [int(child) for child in (task / "children").read_text().split()]

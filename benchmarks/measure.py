"""Fresh processes: the CPU and the time that they take, and how much memory they and their children hold."""

from __future__ import annotations

import os
import resource
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from time import perf_counter

POLL_SECONDS = 0.025
SEES_CHILDREN = Path(f"/proc/self/task/{os.getpid()}/children").exists()
"""Linux tells the children of a running process, and what they take; elsewhere memory and growth are not measured."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a process and of all that it starts and waits for, as Node.js.

    Attributes:
        cpu_seconds: User and system time of the whole tree.
        wall_seconds: From start to end.
        mib: The peak of what the whole tree holds, 0 where it cannot be measured.
        output: What it wrote.
    """

    cpu_seconds: float
    wall_seconds: float
    mib: float
    output: str


def measure(command: Sequence[str], environment: Mapping[str, str], folder: str | os.PathLike[str]) -> Run:
    """Runs a command in a folder, to its end.

    Raises:
        RuntimeError: If it ends with another exit code than 0.
    """
    ended, peak = Event(), [0]
    cpu, start = _cpu_of_ended_children(), perf_counter()
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
    if SEES_CHILDREN:
        watcher.start()
    output, errors = process.communicate()
    wall_seconds, cpu_seconds = perf_counter() - start, _cpu_of_ended_children() - cpu
    ended.set()
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with exit code {process.returncode}\n{output}{errors}")
    return Run(cpu_seconds, wall_seconds, peak[0] / 2**20, output)


def _cpu_of_ended_children() -> float:
    """Grows by the CPU of a child, and of the children that it waited for, when it has ended; nothing else runs meanwhile."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def cpu_seconds_so_far(pid: int) -> float:
    """User and system time of a running process and its descendants; Linux alone tells it before they end."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    ticks = sum(map(int, fields[11:15]))  # utime, stime, and those of ended children: proc_pid_stat(5)
    return ticks / os.sysconf("SC_CLK_TCK") + sum(map(cpu_seconds_so_far, _children(pid)))


def _resident_bytes(pid: int) -> int:
    """What a process and its descendants hold; 0 for one that has just ended."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        children = _children(pid)
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") + sum(map(_resident_bytes, children))


def _children(pid: int) -> list[int]:
    children: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(FileNotFoundError):  # a thread that has just ended
            children += map(int, (task / "children").read_text().split())
    return children

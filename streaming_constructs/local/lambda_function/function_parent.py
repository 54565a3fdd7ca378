"""Stands between a rehearsal and the process of a function: what a handler does to its parent, it does to this one.

`function_process` runs this file as a script: `python function_parent.py <pid of the rehearsal> <command>…`. It ends as the
command does; and with it, or with the rehearsal, ends all that the command started. On Linux that is also what has a session
of its own: whoever loses their parent becomes a child of this process.

Source: https://man7.org/linux/man-pages/man2/PR_SET_CHILD_SUBREAPER.2const.html
"""

from __future__ import annotations

import os
import resource
import signal
import sys
from contextlib import suppress

_LOOKS_EACH_SECONDS = 0.2
_SET_CHILD_SUBREAPER = 36


def main() -> None:
    """Runs the command, and ends as it did."""
    rehearsal, command = int(sys.argv[1]), sys.argv[2:]
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a crash leaves none in the code's folder
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    signals = {signal.SIGTERM, signal.SIGALRM}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)  # until there is a child to end
    child = os.fork()
    if child == 0:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, signals)
        os.execv(command[0], command)  # noqa: S606 - our own command

    def end(number: int, _: object) -> None:
        # A handler that hangs must not outlive whoever waits for it.
        if number == signal.SIGTERM or os.getppid() != rehearsal:
            os.kill(child, signal.SIGKILL)

    for number in signals:
        signal.signal(number, end)
    signal.setitimer(signal.ITIMER_REAL, _LOOKS_EACH_SECONDS, _LOOKS_EACH_SECONDS)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, signals)
    _, status = os.waitpid(child, 0)
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # there is nothing left to end in another way
    _end_children()
    if os.getppid() != rehearsal:
        os.killpg(0, signal.SIGKILL)  # where there are no subreapers, nobody else would
    _end_as(os.waitstatus_to_exitcode(status))


def _end_children() -> None:
    """Ends children, and whoever becomes one by that, until there is none."""
    path = f"/proc/self/task/{os.getpid()}/children"
    while os.path.exists(path):  # noqa: PTH110 - pathlib would take longer to load than all else
        with open(path) as file:  # noqa: PTH123
            children = [int(child) for child in file.read().split()]
        if not children:
            return
        for child in children:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        for child in children:
            with suppress(ChildProcessError):
                os.waitpid(child, 0)


def _end_as(code: int) -> None:
    if code < 0:
        with suppress(OSError):  # that cannot be caught, so there is nothing to set
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    os._exit(code)


if __name__ == "__main__":
    main()

"""A process that is told to end while it produces: what it accepted has arrived when it is gone, by SIGTERM as before."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from streaming_constructs.local.aws.embedded_aws import EmbeddedAws
from streaming_constructs.producer import Producer

Create = Callable[..., Any]

FOREVER = """
import os, sys
from streaming_constructs.producer import Producer

one = Producer(sys.argv[1], linger_seconds=float(sys.argv[2]))
one.flush_on_sigterm()
number = 0
while True:
    one.put(str(number).encode(), f"user-{number % 20}")
    number += 1
    os.write(1, b".")
"""
"""Says of each record that it was accepted, once it was."""

WITH_A_HANDLER = """
import os, signal, sys, threading
from streaming_constructs.producer import Producer, ProducerClosedError

def stop(number, frame):
    os.write(1, b"s")
    stopped.set()

stopped = threading.Event()
signal.signal(signal.SIGTERM, stop)
one = Producer(sys.argv[1], linger_seconds=3600)
one.flush_on_sigterm()
receipt = one.put(b"0", "user-0")
os.write(1, b".")
while not stopped.wait(0.01):
    pass
assert receipt.done()
assert signal.getsignal(signal.SIGTERM) is stop
try:
    one.put(b"1", "user-0")
except ProducerClosedError:
    sys.exit(7)
"""

TWO = """
import os, sys, threading
from streaming_constructs.producer import Producer

for name in sys.argv[1:]:
    one = Producer(name, linger_seconds=3600)
    one.flush_on_sigterm()
    one.put(b"0", "user-0")
os.write(1, b".")
threading.Event().wait()
"""

NOT_CLOSED = """
import sys
from streaming_constructs.producer import Producer

one = Producer(sys.argv[1], linger_seconds=3600)
for number in range(20):
    one.put(str(number).encode(), "user-0")
"""


@contextmanager
def child(embedded: EmbeddedAws, code: str, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process of Python that talks to the embedded AWS."""
    environment = {**os.environ, **embedded.environment}
    with subprocess.Popen([sys.executable, "-c", code, *arguments], stdout=subprocess.PIPE, env=environment) as process:
        try:
            yield process
        finally:
            process.kill()


def read(process: subprocess.Popen[bytes], bytes_: int = -1) -> bytes:
    assert process.stdout is not None
    return process.stdout.read(bytes_)


@pytest.mark.parametrize(("linger", "accepted"), [("0.01", 300), ("3600", 1), ("3600", 300)])
def test_what_was_accepted_has_arrived_when_the_process_is_gone(
    create: Create, embedded: EmbeddedAws, linger: str, accepted: int
) -> None:
    stream = create()
    with child(embedded, FOREVER, stream.name, linger) as process:
        said = read(process, accepted)
        process.send_signal(signal.SIGTERM)
        said += read(process)
        assert process.wait() == -signal.SIGTERM
    numbers = sorted(int(data) for _, data in stream.users())
    # The last one may have been accepted without a chance to say so.
    assert numbers in (list(range(len(said))), list(range(len(said) + 1)))
    assert len(said) >= accepted


def test_the_handler_that_was_there_is_called_when_all_has_arrived(create: Create, embedded: EmbeddedAws) -> None:
    stream = create()
    with child(embedded, WITH_A_HANDLER, stream.name) as process:
        assert read(process, 1) == b"."
        process.send_signal(signal.SIGTERM)
        assert read(process) == b"s"
        assert process.wait() == 7
    assert stream.users() == [("user-0", b"0")]


def test_several_producers_end_one_after_the_other(create: Create, embedded: EmbeddedAws) -> None:
    stream = create()
    with child(embedded, TWO, stream.name, stream.name) as process:
        assert read(process, 1) == b"."
        process.send_signal(signal.SIGTERM)
        assert process.wait() == -signal.SIGTERM
    assert stream.users() == [("user-0", b"0")] * 2


def test_what_nobody_closed_is_closed_when_python_ends(create: Create, embedded: EmbeddedAws) -> None:
    stream = create()
    with child(embedded, NOT_CLOSED, stream.name) as process:
        assert process.wait() == 0
    assert [int(data) for _, data in stream.users()] == list(range(20))


def test_it_is_for_the_main_thread(create: Create) -> None:
    from concurrent.futures import ThreadPoolExecutor

    stream = create()
    with Producer(stream.name, client=stream.client) as one, ThreadPoolExecutor(1) as other:
        asked = other.submit(one.flush_on_sigterm)
        with pytest.raises(ValueError, match="main thread"):
            asked.result()

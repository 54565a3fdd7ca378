"""A rehearsal that is stopped says so at once, ends soon, and leaves nothing behind: no process, no folder."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.xdist_group("rehearsal")
CLI = Path(sys.executable).with_name("streaming-constructs")
SPEC = """\
name: payments
removal_policy: destroy
streams: {payments: {kind: kinesis, shards: 1}}
consumers:
  fraud:
    kind: lambda
    from: payments
    code: handler
    timeout_seconds: 900
    on_failure: {retries: 0, max_record_age_seconds: 600, bisect: false, destination: sqs}
alarms: {notify: [{email: oncall@example.com}]}
"""
HANDLER = """
import os, time
def handler(event, context):
    pipe = os.open(PIPE, os.O_WRONLY)
    os.write(pipe, b"alive")
    time.sleep(600)
"""
SOON_SECONDS = 60
"""Far less than the handler takes, and far more than the command does, on however busy a machine."""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pipeline.yaml").write_text(SPEC)
    (tmp_path / "events.jsonl").write_text("1\n")
    (tmp_path / "handler").mkdir()
    (tmp_path / "handler" / "index.py").write_text(HANDLER.replace("PIPE", repr(str(tmp_path / "life"))))
    os.mkfifo(tmp_path / "life")
    (tmp_path / "temporary").mkdir()
    return tmp_path


def started(project: Path) -> subprocess.Popen[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return subprocess.Popen(
        [str(CLI), "local", "run", "pipeline.yaml"],
        cwd=project,
        env={**environment, "TMPDIR": str(project / "temporary")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def said_by(life: int) -> bytes:
    assert select.select([life], [], [], SOON_SECONDS)[0]
    return os.read(life, 5)


@pytest.mark.parametrize(("number", "exit_code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_it_ends_in_the_middle_of_an_invocation(project: Path, number: signal.Signals, exit_code: int) -> None:
    life = os.open(project / "life", os.O_RDONLY | os.O_NONBLOCK)
    with started(project) as running:
        assert said_by(life) == b"alive"
        assert len(list((project / "temporary").iterdir())) == 1
        os.killpg(running.pid, number)  # a terminal tells all of its processes
        out, err = running.communicate(timeout=SOON_SECONDS)
    assert (running.returncode, out, err.splitlines()[-1]) == (exit_code, "", "stopping")
    assert "Traceback" not in err
    assert said_by(life) == b""  # nobody has it open any more
    assert list((project / "temporary").iterdir()) == []
    os.close(life)


def test_it_ends_while_it_synthesizes(project: Path) -> None:
    with started(project) as running:
        while not list((project / "temporary").glob("*/jsii-kernel-*")):  # Node is at work
            assert running.poll() is None
        os.killpg(running.pid, signal.SIGTERM)
        _, err = running.communicate(timeout=SOON_SECONDS)
    assert (running.returncode, err.splitlines()[-1], "Traceback" in err) == (143, "stopping", False)
    assert list((project / "temporary").iterdir()) == []


def test_what_is_left_of_one_that_was_killed_is_in_one_folder(project: Path) -> None:
    with started(project) as running:
        while not list((project / "temporary").glob("*/jsii-kernel-*")):
            assert running.poll() is None
        running.kill()
        running.communicate()
    (left,) = (project / "temporary").iterdir()
    assert left.name.startswith("streaming-constructs-scratch-")


QUERY = """
name: clicks
schemas: {click: {page: string}}
streams:
  clicks: {kind: kinesis, shards: 1, schema: click}
  pages: {kind: kinesis, shards: 1, schema: click}
analytics:
  app: {kind: flink_sql, from: clicks, to: pages, parallelism: 1, sql: SELECT page FROM clicks}
"""
JAVA = """#!/bin/sh
case "$1" in -XshowSettings*) printf ' java.home = /\\n java.version = 17\\n' >&2;; *) exec cat > /dev/null;; esac
"""
"""Something that says of itself that it is a Java, and never answers."""


@pytest.fixture(params=[signal.SIGTERM, signal.SIGHUP])
def obeyed(request: pytest.FixtureRequest) -> Iterator[signal.Signals]:
    """A signal that a process obeys which is started now, also where nohup has these tests ignore it."""
    before = signal.signal(request.param, signal.SIG_DFL)
    yield request.param
    signal.signal(request.param, before)


@pytest.mark.usefixtures("flink_at_hand")
def test_nothing_is_left_of_what_asks_a_flink(tmp_path: Path, obeyed: signal.Signals) -> None:
    (tmp_path / "pipeline.yaml").write_text(QUERY)
    java, temporary = tmp_path / "home" / "bin" / "java", tmp_path / "temporary"
    java.parent.mkdir(parents=True)
    temporary.mkdir()
    java.write_text(JAVA)
    java.chmod(0o755)
    environment = {**os.environ, "TMPDIR": str(temporary), "JAVA_HOME": str(tmp_path / "home")}
    command = [str(CLI), "validate", str(tmp_path / "pipeline.yaml"), "--sql", "plan"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        while not list(temporary.glob("flink-*/flink.log")):
            assert running.poll() is None
        running.send_signal(obeyed)
        _, err = running.communicate(timeout=SOON_SECONDS)
    assert (running.returncode, err) == (128 + obeyed, b"")
    assert list(temporary.iterdir()) == []

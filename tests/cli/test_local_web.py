"""`local run --web` and the page of `local up`: served while it runs, with how it went, until somebody stops it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

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
    on_failure: {retries: 0, max_record_age_seconds: 600, bisect: false, destination: sqs}
alarms: {notify: [{email: oncall@example.com}]}
"""
SOON_SECONDS = 60
GREEN = "def handler(event, context): pass\n"
RED = "import jsn\ndef handler(event, context): pass\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pipeline.yaml").write_text(SPEC)
    (tmp_path / "events.jsonl").write_text("1\n2\n")
    (tmp_path / "handler").mkdir()
    (tmp_path / "temporary").mkdir()
    return tmp_path


def environment_of(project: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return {**kept, "TMPDIR": str(project / "temporary")}


def asked(url: str, path: str) -> Any:
    where = urlsplit(url)
    headers = {"Authorization": f"Bearer {where.fragment.removeprefix('token=')}"}
    request = urllib.request.Request(f"http://localhost:{where.port}{path}", headers=headers)
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30) as answer:
        return json.load(answer)


@pytest.mark.parametrize(
    ("handler", "verdict", "exit_code"), [(GREEN, "green", 0), (RED, "red", 1)], ids=["green", "red"]
)
def test_the_page_stays_with_how_it_went_and_the_exit_code_is_that_of_the_rehearsal(
    project: Path, handler: str, verdict: str, exit_code: int
) -> None:
    (project / "handler" / "index.py").write_text(handler)
    command = [str(CLI), "local", "run", "pipeline.yaml", "--web"]
    with subprocess.Popen(
        command,
        cwd=project,
        env=environment_of(project),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as running:
        assert running.stderr is not None
        said: list[str] = []
        while not said or not said[-1].startswith("the page stays"):
            said.append(running.stderr.readline())
            assert said[-1], said
        url = next(line.split()[1] for line in said if line.startswith("page "))
        told = asked(url, "/snapshot")
        os.killpg(running.pid, signal.SIGINT)  # a terminal tells all of its processes
        out, err = running.communicate(timeout=SOON_SECONDS)
    assert (told["verdict"], told["arrows"][0]) == (verdict, 2)
    assert ("the handler never ran" in "".join(told["reasons"])) is bool(exit_code)
    assert (running.returncode, err) == (exit_code, "")
    assert "2 records in, " in out
    assert list((project / "temporary").iterdir()) == []


def test_one_that_stays_tells_its_page_to_whoever_started_it_and_to_nobody_else(project: Path) -> None:
    (project / "handler" / "index.py").write_text(GREEN)

    def cli(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [str(CLI), "local", *arguments]
        return subprocess.run(
            command, cwd=project, env=environment_of(project), capture_output=True, text=True, check=False, timeout=120
        )

    up = cli("up", "pipeline.yaml")
    try:
        url = next(line.split()[1] for line in up.stderr.splitlines() if line.startswith("page "))
        token = urlsplit(url).fragment.removeprefix("token=")
        assert token not in up.stdout  # which a shell evaluates
        assert json.loads(cli("status", "--format", "json").stdout)["page_url"] == url
        assert url in cli("status").stdout
        told = asked(url, "/snapshot")
        assert [node["path"] for node in told["nodes"]] == [
            "streams.payments",
            "consumers.fraud",
            "consumers.fraud.on_failure",
        ]
        assert (project / ".streaming-constructs" / "local.json").stat().st_mode & 0o077 == 0
        assert token not in (project / ".streaming-constructs" / "local.log").read_text()
    finally:
        cli("down")


def test_a_run_without_it_loads_none_of_it(project: Path) -> None:
    (project / "handler" / "index.py").write_text(GREEN)
    code = (
        "import sys\nfrom streaming_constructs.cli.group import verbs\n"
        "try:\n    verbs(['local', 'run', 'pipeline.yaml', '--format', 'json'])\n"
        "except SystemExit as ended:\n    print(ended.code)\n"
        "print([name for name in sys.modules if 'live_page' in name or 'drawing' in name])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=project,
        env=environment_of(project),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-2:] == ["0", "[]"]

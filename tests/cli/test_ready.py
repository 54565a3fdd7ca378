"""`ready`: the answers of a system as text, as JSON and as a list of tasks in Markdown, and what fails ends with 1."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.cli.conftest import Run, Write

STREAM = """\
name: shop
streams:
  clicks: {kind: kinesis, shards: 2, mode: provisioned, retention_hours: 48, partition_key: user_id}
alarms: {notify: [oncall@example.com]}
dashboard: true
"""


def test_text_ends_with_the_result(run: Run, write: Write) -> None:
    result = run("ready", str(write(STREAM)))
    lines = result.stdout.splitlines()
    assert lines[-1] == ("shop has nothing that fails: 0 failed, 12 for a person to confirm, 9 passed, 6 do not apply")
    at = lines.index("pass KI2 its capacity mode was chosen")
    assert lines[at + 1] == "     `mode: provisioned` is written"
    assert result.exit_code == 0


def test_what_fails_ends_with_one(run: Run, write: Write) -> None:
    result = run("ready", str(write(STREAM.replace("dashboard: true", "dashboard: false"))))
    lines = result.stdout.splitlines()
    at = lines.index("FAIL KO2 there is a dashboard")
    assert lines[at + 1 : at + 3] == ["     the system has none", "     → write `dashboard: true`"]
    assert result.exit_code == 1


def test_json_has_each_item_with_its_place(run: Run, write: Write) -> None:
    told = json.loads(run("ready", str(write(STREAM)), "--format", "json").stdout)
    assert told["counts"] == {"fail": 0, "confirm": 12, "pass": 9, "not_applicable": 6}
    assert told["ready"] is False
    item = next(item for item in told["items"] if item["id"] == "KI2")
    assert item == {
        "section": "streams",
        "node": "clicks",
        "id": "KI2",
        "group": "Infrastructure",
        "title": "its capacity mode was chosen",
        "status": "pass",
        "evidence": "`mode: provisioned` is written",
        "fix": None,
        "path": "streams.clicks.mode",
        "source": "https://docs.aws.amazon.com/streams/latest/dev/how-do-i-size-a-stream.html",
    }


def test_markdown_ticks_what_is_seen_and_nothing_else(run: Run, write: Write) -> None:
    result = run("ready", str(write(STREAM)), "--format", "markdown")
    lines = result.stdout.splitlines()
    assert lines[0] == "# Readiness of shop"
    ticked = [line[6:].split()[0] for line in lines if line.startswith("- [x]")]
    to_tick = [line[6:].split()[0] for line in lines if line.startswith("- [ ]")]
    assert (len(ticked), len(to_tick)) == (15, 12)
    assert {"KI2", "KO3"} <= set(ticked)
    assert {"KO5", "KO6", "KS2"} <= set(to_tick)


def test_a_spec_with_errors_is_not_answered(run: Run, write: Write) -> None:
    result = run("ready", str(write("name: shop\nstreams:\n  clicks: {kind: kinesis, shards: 0}\n")))
    assert result.stdout == ""
    assert "shards" in result.stderr
    assert result.exit_code == 1

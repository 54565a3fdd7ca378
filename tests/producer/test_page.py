"""The examples of docs/producer.md run, against the embedded Kinesis."""

from __future__ import annotations

import base64
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from streaming_constructs.local.aws.embedded_aws import EmbeddedAws
from streaming_constructs.producer.emf import UNITS
from streaming_constructs.producer.kpl_aggregation import aggregated

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/producer.md").read_text(encoding="utf-8")
FIRST, HANDLER, LIMITS, METRICS = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def run(embedded: EmbeddedAws, code: str) -> str:
    client = embedded.aws.client("kinesis")
    if "clicks" not in client.list_streams()["StreamNames"]:
        client.create_stream(StreamName="clicks", ShardCount=4)
    environment = {**os.environ, **embedded.environment}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, env=environment)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_the_first_example_puts_all_its_records(embedded: EmbeddedAws) -> None:
    said = run(embedded, f"{FIRST}\nprint(producer.counts.delivered)")
    assert re.fullmatch(r"shardId-00000000000[0-3]\n1001\n", said)


def test_the_limits_of_the_example_are_taken(embedded: EmbeddedAws) -> None:
    assert run(embedded, f"{LIMITS}\nprint(producer.counts.delivered)") == "1\n"


def test_the_metrics_of_the_example_are_written(embedded: EmbeddedAws) -> None:
    assert '"Service": "checkout", "RecordsAccepted": 1, "RecordsDelivered": 1' in run(embedded, METRICS)


def test_the_handler_takes_records_apart(capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, object] = {}
    exec(compile(HANDLER, "producer.md", "exec"), names)
    blobs = {"a": aggregated([("a", b"1"), ("b", b"2")]), "c": b"3"}
    records = [
        {"kinesis": {"partitionKey": key, "data": base64.b64encode(data).decode()}} for key, data in blobs.items()
    ]
    names["handler"]({"Records": records}, None)  # type: ignore[operator]
    assert capsys.readouterr().out == "a b'1'\nb b'2'\nc b'3'\n"


def test_every_metric_is_told() -> None:
    assert [name for name in UNITS if f"`{name}`" not in PAGE] == []


def test_the_extra_is_there_and_links_lead_somewhere() -> None:
    there = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    assert "pip install 'streaming-constructs[producer]'" in PAGE
    assert {requirement.partition(">=")[0] for requirement in there["producer"]} == {"boto3", "protobuf"}

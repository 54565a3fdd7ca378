"""A function that writes the records of a stream to a table: every one of them is in it, counted by its key."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from streaming_constructs.app import add_system, new_app
from streaming_constructs.local import Event, Rehearsal
from streaming_constructs.spec.read import load

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("rehearsal")
SPEC = """\
name: scores
removal_policy: destroy
streams:
  clicks: {kind: kinesis, shards: 1, partition_key: page}
stores:
  scores: {kind: dynamodb, partition_key: page, sort_key: {name: hour, type: number}, ttl: expires_at}
consumers:
  count: {kind: lambda, from: clicks, to: scores, code: handlers/count, on_failure: sqs}
alarms: {notify: [oncall@example.com]}
"""
COUNTS = """
import base64, json, os
import boto3

TABLE = boto3.resource("dynamodb").Table(os.environ["SCORES_TABLE_NAME"])

def handler(event, context):
    for record in event["Records"]:
        click = json.loads(base64.b64decode(record["kinesis"]["data"]))
        TABLE.update_item(
            Key={"page": click["page"], "hour": click["hour"]},
            UpdateExpression="ADD clicks :one",
            ExpressionAttributeValues={":one": 1},
        )
"""


def test_what_a_function_writes_is_in_the_table_and_in_the_report(tmp_path: Path) -> None:
    handler = tmp_path / "handlers" / "count" / "index.py"
    handler.parent.mkdir(parents=True)
    handler.write_text(COUNTS)
    spec = tmp_path / "pipeline.yaml"
    spec.write_text(SPEC)
    app = new_app(tmp_path / "out")
    add_system(app, load(spec))
    app.synth()
    clicks = [("/a", 1), ("/b", 1), ("/a", 1), ("/a", 2)]
    with Rehearsal() as rehearsal:
        rehearsal.deploy(tmp_path / "out")
        rehearsal.put([Event(page, json.dumps({"page": page, "hour": hour}).encode()) for page, hour in clicks])
        assert rehearsal.drain(60)
        report = rehearsal.report()
    (table,) = report.tables
    assert (table.name, table.items, table.keys) == ("scores", 3, ("page", "hour"))
    found = {(item["page"], item["hour"]): item["clicks"] for item in table.shown}
    assert found == {("/a", 1): 2, ("/a", 2): 1, ("/b", 1): 1}
    assert report.as_dict()["tables"][0]["items"] == 3

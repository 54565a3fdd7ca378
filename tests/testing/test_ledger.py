"""The ledger: what a deployment would lose or replace."""

from __future__ import annotations

from typing import Any

import pytest

from streaming_constructs.testing import LedgerChange, ledger_changes, ledger_of

MAPPING = {
    "Type": "AWS::Lambda::EventSourceMapping",
    "Properties": {"EventSourceArn": "a", "StartingPosition": "LATEST", "BatchSize": 1},
}
TEMPLATE: dict[str, Any] = {
    "Resources": {
        "Reads": MAPPING,
        "Clicks": {"Type": "AWS::Kinesis::Stream", "Properties": {"ShardCount": 1}},
        "Alarm": {"Type": "AWS::CloudWatch::Alarm", "Properties": {}},
    }
}


def test_ledger_holds_stateful_resources_with_what_replaces_them() -> None:
    assert ledger_of(TEMPLATE) == {
        "Clicks": {"Type": "AWS::Kinesis::Stream"},
        "Reads": {"Type": "AWS::Lambda::EventSourceMapping", "EventSourceArn": "a", "StartingPosition": "LATEST"},
    }


def changed(**resources: Any) -> dict[str, Any]:
    return {"Resources": {key: one for key, one in {**TEMPLATE["Resources"], **resources}.items() if one}}


@pytest.mark.parametrize(
    ("template", "changes"),
    [
        (TEMPLATE, []),
        (changed(Clicks={"Type": "AWS::Kinesis::Stream", "Properties": {"ShardCount": 9}}), []),
        (changed(More={"Type": "AWS::SQS::Queue"}), []),
        (changed(Alarm=None), []),
        (changed(Clicks=None), [LedgerChange("Clicks", "AWS::Kinesis::Stream is gone")]),
        (
            changed(Clicks={"Type": "AWS::Kinesis::Stream", "Properties": {"Name": "clicks"}}),
            [LedgerChange("Clicks", "AWS::Kinesis::Stream is replaced: Name changed")],
        ),
        (
            changed(Reads={**MAPPING, "Properties": {"EventSourceArn": "b", "StartingPosition": "TRIM_HORIZON"}}),
            [
                LedgerChange(
                    "Reads",
                    "AWS::Lambda::EventSourceMapping is replaced: EventSourceArn, StartingPosition changed",
                )
            ],
        ),
    ],
)
def test_changes_that_lose_or_replace_are_named(template: dict[str, Any], changes: list[LedgerChange]) -> None:
    assert ledger_changes(ledger_of(TEMPLATE), ledger_of(template)) == changes

"""The ledger: what a deployment would lose or replace."""

from __future__ import annotations

import json
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
        "Clicks": {"Type": "AWS::Kinesis::Stream", "Written": {}},
        "Reads": {"Type": "AWS::Lambda::EventSourceMapping", "EventSourceArn": "a", "StartingPosition": "LATEST"},
    }


def changed(**resources: Any) -> dict[str, Any]:
    return {"Resources": {key: one for key, one in {**TEMPLATE["Resources"], **resources}.items() if one}}


def table(*columns: tuple[str, str], **properties: Any) -> dict[str, Any]:
    described = [{"Name": name, "Type": type_, "Comment": "What it is."} for name, type_ in columns]
    inner = {"Name": "lake", "StorageDescriptor": {"Columns": described, "Location": "s3://lake"}}
    return {"Type": "AWS::Glue::Table", "Properties": {"CatalogId": "1", "TableInput": inner, **properties}}


LAKE = table(("page", "string"), ("at", "timestamp"), ("from", "struct<host:string,port:int>"))


def test_ledger_holds_the_columns_of_a_table_in_order_also_as_json() -> None:
    ledger = ledger_of({"Resources": {"Lake": LAKE}})
    assert ledger["Lake"]["Columns"] == [
        ["page", "string"],
        ["at", "timestamp"],
        ["from", "struct<host:string,port:int>"],
    ]
    assert json.loads(json.dumps(ledger)) == ledger


@pytest.mark.parametrize("properties", [{}, {"TableInput": {"Name": "lake"}}])
def test_a_table_without_columns_of_its_own_has_none(properties: dict[str, Any]) -> None:
    template = {"Resources": {"Lake": {"Type": "AWS::Glue::Table", "Properties": properties}}}
    assert ledger_of(template)["Lake"]["Columns"] == []


@pytest.mark.parametrize(
    ("columns", "messages"),
    [
        ((("page", "string"), ("at", "timestamp"), ("from", "struct<host:string,port:int>"), ("new", "int")), []),
        ((("page", "string"), ("at", "timestamp"), ("from", "struct<host:string,port:int,zone:string>")), []),
        ((("page", "string"), ("from", "struct<host:string,port:int>")), ["the column `at` is gone"]),
        (
            (("at", "timestamp"), ("page", "string"), ("from", "struct<host:string,port:int>")),
            ["the column `at` stands at another place"],
        ),
        (
            (("page", "string"), ("at", "bigint"), ("from", "struct<host:string,port:bigint>")),
            [
                "the column `at` was `timestamp` and is `bigint`",
                "the column `from.port` was `int` and is `bigint`, which is wider",
            ],
        ),
        (
            (("page", "string"), ("new", "int"), ("at", "timestamp"), ("from", "struct<port:int>")),
            ["the column `from.host` is gone", "the column `new` joined before the end"],
        ),
        ((), ["the column `page` is gone", "the column `at` is gone", "the column `from` is gone"]),
    ],
)
def test_what_a_table_loses_is_said_and_columns_at_its_end_are_no_change(
    columns: tuple[tuple[str, str], ...], messages: list[str]
) -> None:
    before, after = (ledger_of({"Resources": {"Lake": one}}) for one in (LAKE, table(*columns)))
    assert ledger_changes(before, after) == [LedgerChange("Lake", f"AWS::Glue::Table: {one}") for one in messages]


def test_a_table_of_another_name_is_replaced() -> None:
    renamed = {**LAKE["Properties"], "TableInput": {**LAKE["Properties"]["TableInput"], "Name": "sea"}}
    before, after = (
        ledger_of({"Resources": {"Lake": {**LAKE, "Properties": one}}}) for one in (LAKE["Properties"], renamed)
    )
    assert before["Lake"]["TableInput/Name"] == "lake"
    assert ledger_changes(before, after) == [
        LedgerChange("Lake", "AWS::Glue::Table is replaced: TableInput/Name changed")
    ]


def test_a_table_that_is_gone_is_said_once() -> None:
    assert ledger_changes(ledger_of({"Resources": {"Lake": LAKE}}), {}) == [
        LedgerChange("Lake", "AWS::Glue::Table is gone")
    ]


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


# --- what decides over what was written


def lake_with(**destination: Any) -> dict[str, Any]:
    to = {"Prefix": "lake/", "BucketARN": "arn:aws:s3:::lake", **destination}
    properties = {"DeliveryStreamType": "DirectPut", "ExtendedS3DestinationConfiguration": to}
    return {"Resources": {"Lake": {"Type": "AWS::KinesisFirehose::DeliveryStream", "Properties": properties}}}


def stream_of(hours: int) -> dict[str, Any]:
    return {"Resources": {"Clicks": {"Type": "AWS::Kinesis::Stream", "Properties": {"RetentionPeriodHours": hours}}}}


def orc(template: dict[str, Any]) -> dict[str, Any]:
    changed = json.loads(json.dumps(template))
    changed["Resources"]["Lake"]["Properties"]["TableInput"]["StorageDescriptor"]["InputFormat"] = "OrcInputFormat"
    return changed  # type: ignore[no-any-return]


TO = "ExtendedS3DestinationConfiguration"


@pytest.mark.parametrize(
    ("before", "after", "names"),
    [
        (lake_with(), lake_with(Prefix="raw/"), f"{TO}/Prefix"),
        (lake_with(), lake_with(CustomTimeZone="Europe/Berlin"), f"{TO}/CustomTimeZone"),
        (
            lake_with(),
            lake_with(DynamicPartitioningConfiguration={"Enabled": True}),
            f"{TO}/DynamicPartitioningConfiguration/Enabled",
        ),
        (lake_with(S3BackupMode="Enabled"), lake_with(), f"{TO}/S3BackupMode"),
        (lake_with(), lake_with(BufferingHints={"SizeInMBs": 64}), ""),
        (stream_of(72), stream_of(24), "RetentionPeriodHours"),
        (stream_of(24), stream_of(72), ""),
        ({"Resources": {"Lake": LAKE}}, orc({"Resources": {"Lake": LAKE}}), "TableInput/StorageDescriptor/InputFormat"),
    ],
)
def test_what_decides_over_what_was_written_is_named(before: Any, after: Any, names: str) -> None:
    (resource,) = before["Resources"].values()
    (logical_id,) = before["Resources"]
    told = [LedgerChange(logical_id, f"{resource['Type']} changes over what was written: {names}")] if names else []
    assert ledger_changes(ledger_of(before), ledger_of(after)) == told


def test_a_ledger_of_before_is_compared_by_what_it_has() -> None:
    old = {"Lake": {"Type": "AWS::KinesisFirehose::DeliveryStream", "DeliveryStreamType": "DirectPut"}}
    assert ledger_changes(old, ledger_of(lake_with(Prefix="raw/"))) == []

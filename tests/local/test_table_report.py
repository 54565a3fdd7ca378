"""What tables hold at the end of a rehearsal: how many items, and a few of them as JSON has them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from streaming_constructs.local.aws.deployment import deploy, stacks_of
from streaming_constructs.local.table_report import SHOWN_ITEMS, TableReport, table_reports
from tests.local.conftest import write_assembly

if TYPE_CHECKING:
    from pathlib import Path

    from streaming_constructs.local.aws.embedded_aws import EmbeddedAws


def reported(embedded: EmbeddedAws, folder: Path, *items: dict[str, Any]) -> TableReport:
    table = {
        "Type": "AWS::DynamoDB::Table",
        "Properties": {
            "AttributeDefinitions": [
                {"AttributeName": "page", "AttributeType": "S"},
                {"AttributeName": "at", "AttributeType": "N"},
            ],
            "BillingMode": "PAY_PER_REQUEST",
            "KeySchema": [{"AttributeName": "page", "KeyType": "HASH"}, {"AttributeName": "at", "KeyType": "RANGE"}],
        },
    }
    deploy(embedded.aws, stacks_of(write_assembly(folder, "Tables", {"Counts": table}))[0])
    deployed = [one for one in embedded.cloudformation.deployed() if one.stack == "Tables"]
    client = embedded.aws.client("dynamodb")
    for item in items:
        client.put_item(TableName=deployed[0].physical_id, Item=item)
    (report,) = table_reports(embedded.aws, deployed, lambda resource: resource.logical_id.lower())
    embedded.aws.client("cloudformation").delete_stack(StackName="Tables")
    return report


def test_an_item_is_as_json_has_it_with_its_key_first(embedded: EmbeddedAws, tmp_path: Path) -> None:
    item = {
        "clicks": {"N": "3"},
        "share": {"N": "0.25"},
        "exact": {"N": "0.12345678901234567890123"},
        "at": {"N": "20261128"},
        "page": {"S": "/a"},
        "raw": {"B": b"\x00\x01"},
        "tags": {"SS": ["b", "a"]},
        "more": {"M": {"list": {"L": [{"BOOL": True}, {"NULL": True}]}}},
    }
    report = reported(embedded, tmp_path, item)
    (shown,) = report.shown
    assert (report.name, report.items, report.keys) == ("counts", 1, ("page", "at"))
    assert list(shown)[:2] == ["page", "at"]
    assert json.loads(json.dumps(shown)) == {
        "page": "/a",
        "at": 20261128,
        "clicks": 3,
        "share": 0.25,
        "exact": "0.12345678901234567890123",
        "raw": "AAE=",
        "tags": ["a", "b"],
        "more": {"list": [True, None]},
    }


def test_all_items_are_counted_and_a_few_are_shown(embedded: EmbeddedAws, tmp_path: Path) -> None:
    items = [{"page": {"S": "/a"}, "at": {"N": str(number)}} for number in range(SHOWN_ITEMS + 2)]
    report = reported(embedded, tmp_path, *items)
    assert (report.items, len(report.shown)) == (SHOWN_ITEMS + 2, SHOWN_ITEMS)


def test_an_empty_table_is_told_too(embedded: EmbeddedAws, tmp_path: Path) -> None:
    report = reported(embedded, tmp_path)
    assert (report.items, report.shown) == (0, ())

"""Keys of dynamic partitioning: what a query yields, and whether the prefix names the same."""

from __future__ import annotations

from typing import Any

import pytest

from streaming_constructs.review.objects.partition_keys import extracted_keys
from tests.review.access import faults, resource


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("{shop: .shop.id}", {"shop"}),
        ('{shop: .a, year: .at | strftime("%Y, {"), "day": .b}', {"shop", "year", "day"}),
        ("{shop, $day}", {"shop", "day"}),
        ("{shop: {a: 1, b: 2} | .a}", {"shop"}),
        ("{shop: (.a, .b)}", {"shop"}),
        ("{(.name): .value}", None),
        ("{a: .b} | {c: .a}", None),
        (".shop", None),
        ("", None),
        ("{}", None),
    ],
)
def test_what_a_query_yields(query: str, keys: set[str] | None) -> None:
    assert extracted_keys(query) == keys


def delivery(prefix: Any, *processors: dict[str, Any]) -> dict[str, Any]:
    return resource(
        "KinesisFirehose::DeliveryStream",
        ExtendedS3DestinationConfiguration={
            "Prefix": prefix,
            "DynamicPartitioningConfiguration": {"Enabled": True},
            "ProcessingConfiguration": {"Enabled": True, "Processors": list(processors)},
        },
    )


def query(text: Any) -> dict[str, Any]:
    parameters = [{"ParameterName": "MetadataExtractionQuery", "ParameterValue": text}]
    return {"Type": "MetadataExtraction", "Parameters": parameters}


SHOP = "!{partitionKeyFromQuery:shop}/"
REGION = "!{partitionKeyFromLambda:region}/"


@pytest.mark.parametrize(
    ("stream", "count"),
    [
        (delivery(SHOP, query("{shop: .shop}")), 0),
        (delivery(SHOP, query("{customer: .customer}")), 1),
        (delivery(SHOP, query("{shop: .shop, day: .day}")), 1),
        (delivery(SHOP), 1),
        (delivery(SHOP, query({"Ref": "Query"})), 0),
        (delivery(SHOP, query("{(.a): .b}")), 0),
        (delivery(SHOP + REGION, query("{shop: .shop}")), 1),
        (delivery(SHOP + REGION, query("{shop: .shop}"), {"Type": "Lambda", "Parameters": []}), 0),
        (delivery({"Ref": "Prefix"}, query("{shop: .shop}")), 0),
    ],
)
def test_the_prefix_names_the_keys_that_are_taken_out(stream: dict[str, Any], count: int) -> None:
    assert [fault for fault in faults({"Delivery": stream}) if fault.startswith("AUD309")] == [
        "AUD309 Delivery"
    ] * count

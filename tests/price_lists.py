"""Files of AWS's price list, written in the form that AWS documents; none of them is a file of AWS."""

from __future__ import annotations

from typing import Any

Tier = tuple[str, str, str]


def offer(code: str, *products: tuple[str, str, list[Tier]], **fields: Any) -> dict[str, Any]:
    """A list with products: usage type, region, and tiers of begin, end and price."""
    made: dict[str, Any] = {
        "offerCode": code,
        "publicationDate": "2026-11-20T10:00:00Z",
        "products": {},
        "terms": {"OnDemand": {}},
    }
    for number, (usage, region, tiers) in enumerate(products):
        sku = f"SKU{number}"
        made["products"][sku] = {"sku": sku, "attributes": {"usagetype": usage, "regionCode": region}}
        dimensions = {
            f"{sku}.{at}": {"unit": "x", "beginRange": begin, "endRange": end, "pricePerUnit": {"USD": usd}}
            for at, (begin, end, usd) in enumerate(tiers)
        }
        made["terms"]["OnDemand"][sku] = {f"{sku}.JRTCKXETXF": {"priceDimensions": dimensions}}
    return {**made, **fields}


def flat(usd: str) -> list[Tier]:
    return [("0", "Inf", usd)]

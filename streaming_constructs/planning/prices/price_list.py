"""A file of AWS's price list, of one service: which of its prices are those that costs are reckoned by.

The form of such a file: https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/reading-service-price-list-file-for-services.html
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from streaming_constructs.facts.prices.named import price_of
from streaming_constructs.facts.prices.price import Price, Rate
from streaming_constructs.facts.prices.usage_types import USAGE_TYPES

MOST_BYTES = 64 * 1024 * 1024
"""More than any offer that is read here has for one region."""
MOST_TIMES = 10
"""How many times what is known of a price it may be, or that of it: beyond that it is another thing, or another unit."""
_PREFIX = re.compile(r"(?:EU-|[A-Z]{2,4}[0-9]-|[a-z]{2,3}(?:-[a-z]+)+-[0-9]-)?")
"""What stands before a usage type: `EU-` of Ireland, `APN1-` of Tokyo, nothing in us-east-1."""
_REGION = re.compile(r"[a-z]{2,3}(-[a-z]+)+-[0-9]")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class PriceListError(ValueError):
    """A file is no price list that can be read here."""


@dataclass(frozen=True, slots=True)
class ListedPrice:
    """A price that a list has.

    Attributes:
        name: Its name here, such as `kinesis.SHARD_HOUR`.
        region: The region.
        rate: What the list charges, in the unit that the price is told in.
        before: What is charged without the list; None where that is not known.
    """

    name: str
    region: str
    rate: Rate
    before: Rate | None


@dataclass(frozen=True, slots=True)
class PriceList:
    """What was found in a file.

    Attributes:
        offer: The service, by AWS's code.
        published: The day of its publication.
        prices: The prices that were found.
        refused: What was found and is not taken, with the reason.
        missing: The names of prices of the service that no region of it has.
    """

    offer: str
    published: str
    prices: tuple[ListedPrice, ...]
    refused: tuple[str, ...]
    missing: tuple[str, ...]


def read_price_list(content: bytes) -> PriceList:
    """Reads a file of the price list.

    Args:
        content: What is in it.

    Raises:
        PriceListError: If it is none, or of a service that nothing here is charged by.
    """
    offer, published, products, terms = _opened(content)
    usage_types = USAGE_TYPES[offer]
    found: dict[tuple[str, str], set[tuple[tuple[float, ...], tuple[float, ...]]]] = {}
    refused = []
    for sku, product in products.items():
        attributes = product.get("attributes") if isinstance(product, Mapping) else None
        if not isinstance(attributes, Mapping):
            continue
        usage, region = str(attributes.get("usagetype", "")), str(attributes.get("regionCode", ""))
        prefix = _PREFIX.match(usage)
        name = usage_types.get(usage[prefix.end() :] if prefix else usage) or usage_types.get(usage)
        if name is None or not _REGION.fullmatch(region):
            continue
        tiers = _tiers(terms.get(sku))
        if tiers is None:
            refused.append(f"{name} in {region}: what it costs cannot be read")
        elif tiers[0]:
            found.setdefault((name, region), set()).add(tiers)
    prices = []
    for (name, region), choices in sorted(found.items()):
        try:
            prices.append(_listed(name, region, choices, offer, published))
        except PriceListError as error:
            refused.append(f"{name} in {region}: {error}")
    told = {name for name, _ in found}
    missing = tuple(name for name in usage_types.values() if name not in told)
    return PriceList(offer, published, tuple(prices), tuple(refused), missing)


def _opened(content: bytes) -> tuple[str, str, Mapping[str, Any], Mapping[str, Any]]:
    """The offer, its day, its products, and their prices on demand."""
    if len(content) > MOST_BYTES:
        raise PriceListError(
            f"it is larger than {MOST_BYTES // 1_048_576} MiB; take the file of one region, "
            "…/offers/v1.0/aws/AmazonKinesis/current/eu-west-1/index.json"
        )
    try:
        made = json.loads(content)
    except (ValueError, RecursionError):
        raise PriceListError("it is no JSON; take the file of a service that ends in index.json") from None
    if not isinstance(made, Mapping) or not isinstance(made.get("offerCode"), str):
        raise PriceListError("it is no price list of AWS: it has no `offerCode`")
    offer, published = made["offerCode"], str(made.get("publicationDate", ""))[:10]
    if offer not in USAGE_TYPES:
        raise PriceListError(f"nothing here is charged by `{offer}`; read are {', '.join(USAGE_TYPES)}")
    products, terms = made.get("products"), made.get("terms")
    on_demand = terms.get("OnDemand") if isinstance(terms, Mapping) else None
    if not isinstance(products, Mapping) or not isinstance(on_demand, Mapping):
        raise PriceListError("it is no price list of AWS: `products` or `terms.OnDemand` is missing")
    if not _DAY.fullmatch(published):
        raise PriceListError("it does not say when it was published: `publicationDate`")
    return offer, published, products, on_demand


def _tiers(offers: object) -> tuple[tuple[float, ...], tuple[float, ...]] | None:
    """What is charged by tier, and where each but the last ends; None where that cannot be read.

    What is free of a first tier is left out: it is free of an account, and not of a system.
    """
    dimensions = []
    try:
        for offer in offers.values():  # type: ignore[attr-defined]
            for dimension in offer["priceDimensions"].values():
                end = str(dimension.get("endRange", "Inf"))
                usd = float(dimension["pricePerUnit"]["USD"])
                dimensions.append((float(dimension.get("beginRange", 0)), float(end), usd))
    except (AttributeError, KeyError, TypeError, ValueError):
        return None
    dimensions.sort()
    while dimensions and dimensions[0][2] == 0:
        dimensions.pop(0)
    if any(not (math.isfinite(usd) and usd >= 0) for _, _, usd in dimensions):
        return None
    ends = [end for _, end, _ in dimensions]
    if any(not (0 < low < high) for low, high in pairwise(ends)):
        return None
    return tuple(usd for _, _, usd in dimensions), tuple(ends[:-1])


def _listed(
    name: str, region: str, choices: set[tuple[tuple[float, ...], tuple[float, ...]]], offer: str, published: str
) -> ListedPrice:
    price = price_of(name)
    assert price is not None
    if len(choices) > 1:
        raise PriceListError(f"the list has {len(choices)} different prices for it")
    (units, edges), before = choices.pop(), _known(price, region)
    # What the list charges for one unit is told here for a million of them, where that is easier to read.
    usd = tuple(float(f"{unit * price.per:.10g}") for unit in units)
    base = before or _known(price, "us-east-1")
    if base is not None and not base.usd[0] / MOST_TIMES <= usd[0] <= base.usd[0] * MOST_TIMES:
        raise PriceListError(
            f"{usd[0]:g} USD is more than {MOST_TIMES} times away from {base.usd[0]:g}: it is not taken"
        )
    rate = Rate(usd, published, own_edges=edges, source=f"AWS price list of {offer}, published {published}")
    return ListedPrice(name, region, rate, before)


def _known(price: Price, region: str) -> Rate | None:
    return price.rates.get(region)


def changed(price: ListedPrice) -> bool:
    """Whether a price differs from what is charged without the list.

    Args:
        price: The price.
    """
    return price.before is None or price.before.usd[0] != price.rate.usd[0]


def differences(found: PriceList) -> Iterator[ListedPrice]:
    """The prices that a list changes.

    Args:
        found: The list.
    """
    return (price for price in found.prices if changed(price))

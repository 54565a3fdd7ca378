"""The file of one's own prices: what is in it, and how it is written."""

from __future__ import annotations

import json
import math
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from streaming_constructs.facts.prices.named import price_of
from streaming_constructs.facts.prices.price import Price, Rate
from streaming_constructs.spec.regular_file import read_regular_file

if TYPE_CHECKING:
    from streaming_constructs.planning.prices.price_list import PriceList

MOST_BYTES = 4 * 1024 * 1024
_FORM = 1
_REGION = re.compile(r"[a-z]{2,3}(-[a-z]+)+-[0-9]")


class OwnPricesError(ValueError):
    """A file of one's own prices cannot be read."""


def read_own_prices(path: Path) -> dict[str, dict[str, dict[str, Any]]]:
    """What is in a file of one's own prices, by name and region; nothing where there is no file.

    Args:
        path: The file.

    Raises:
        OwnPricesError: If it cannot be read, or is something else.
    """
    try:
        content = read_regular_file(path, MOST_BYTES + 1)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise OwnPricesError(f"it cannot be read: {error.strerror}") from None
    try:
        made = json.loads(content) if len(content) <= MOST_BYTES else None
    except (ValueError, RecursionError):
        made = None
    prices = made.get("prices") if isinstance(made, dict) and made.get("form") == _FORM else None
    if not isinstance(prices, dict):
        raise OwnPricesError("it is none that `streaming-constructs prices refresh` wrote")
    for name, regions in prices.items():
        if price_of(name) is None or not isinstance(regions, dict):
            raise OwnPricesError(f"there is no price `{name}`")
        for region, rate in regions.items():
            if not _REGION.fullmatch(region) or not _is_rate(rate):
                raise OwnPricesError(f"what `{name}` says of `{region}` is no price")
    return prices


def _is_rate(rate: object) -> bool:
    """Whether a value is one that was written here."""
    if not isinstance(rate, dict) or not all(isinstance(rate.get(text), str) for text in ("published", "offer")):
        return False
    usd, edges = rate.get("usd"), rate.get("edges")
    if not (isinstance(usd, list) and isinstance(edges, list) and len(usd) == len(edges) + 1):
        return False
    numbers = [*usd, *edges]
    return all(isinstance(number, (int, float)) and math.isfinite(number) and number >= 0 for number in numbers)


def rates_of(prices: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> Iterator[tuple[Price, str, Rate]]:
    """The rates of a file, each with its price and its region.

    Args:
        prices: What is in the file.
    """
    for name, regions in prices.items():
        price = price_of(name)
        assert price is not None
        for region, rate in regions.items():
            source = f"AWS price list of {rate['offer']}, published {rate['published']}"
            yield (
                price,
                region,
                Rate(tuple(rate["usd"]), rate["published"], own_edges=tuple(rate["edges"]), source=source),
            )


def since_kept(prices: Mapping[str, Mapping[str, Mapping[str, Any]]], found: PriceList) -> PriceList:
    """A list whose prices stand against those of a file, where it has them.

    Args:
        prices: What is in the file.
        found: The list.
    """
    kept = {(id(price), region): rate for price, region, rate in rates_of(prices)}
    told = (
        replace(listed, before=kept.get((id(price_of(listed.name)), listed.region), listed.before))
        for listed in found.prices
    )
    return replace(found, prices=tuple(told))


def with_list(
    prices: Mapping[str, Mapping[str, Mapping[str, Any]]], found: PriceList
) -> dict[str, dict[str, dict[str, Any]]]:
    """The prices of a file, with those of a list in their place.

    Args:
        prices: What is in the file.
        found: The list.
    """
    made: dict[str, dict[str, dict[str, Any]]] = {name: {**regions} for name, regions in prices.items()}  # type: ignore[dict-item]
    for listed in found.prices:
        price = price_of(listed.name)
        assert price is not None
        made.setdefault(listed.name, {})[listed.region] = {
            "usd": list(listed.rate.usd),
            "per": price.per,
            "unit": price.unit,
            "edges": list(listed.rate.own_edges or ()),
            "offer": found.offer,
            "published": found.published,
        }
    return {name: dict(sorted(regions.items())) for name, regions in sorted(made.items())}


def write_own_prices(path: Path, prices: Mapping[str, Any]) -> None:
    """Writes a file of one's own prices: whole, or not at all.

    Args:
        path: The file.
        prices: What is in it.

    Raises:
        OSError: If it cannot be written.
    """
    import tempfile

    text = json.dumps({"form": _FORM, "prices": prices}, indent=2) + "\n"
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise

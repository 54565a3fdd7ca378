"""Prices by name, such as `kinesis.SHARD_HOUR` or `msk.STANDARD_BROKER/kafka.m7g.large`."""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping

from streaming_constructs.facts.prices.price import Price

_NAME = re.compile(r"(?P<module>[a-z0-9_]+)\.(?P<name>[A-Z0-9_]+)(/(?P<item>[a-z0-9.]+))?")


def price_of(name: str) -> Price | None:
    """The price of a name; None where there is none.

    Args:
        name: Its module in this package and its name in it; of a table of prices also the key.
    """
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    try:
        module = importlib.import_module(f"{__package__}.{found['module']}")
    except ModuleNotFoundError:
        return None
    price: object = getattr(module, found["name"], None)
    if found["item"] is not None:
        price = price.get(found["item"]) if isinstance(price, Mapping) else None
    return price if isinstance(price, Price) else None

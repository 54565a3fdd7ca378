"""Prices of one's own, for all verbs that tell what a spec costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pathlib import Path


def take_own_prices(directory: Path) -> None:
    """Reckons by the prices of one's own that stand beside the spec, as long as the command runs.

    Args:
        directory: The folder of the spec.
    """
    from streaming_constructs.planning.prices import NAME

    if not (directory / NAME).exists():
        return
    from streaming_constructs.facts.prices.price import own_rates
    from streaming_constructs.planning.prices.own_prices import OwnPricesError, rates_of, read_own_prices
    from streaming_constructs.spec.printable import printable

    try:
        click.get_current_context().with_resource(own_rates(list(rates_of(read_own_prices(directory / NAME)))))
    except OwnPricesError as error:
        raise click.UsageError(f"{NAME}: {printable(str(error))}") from None

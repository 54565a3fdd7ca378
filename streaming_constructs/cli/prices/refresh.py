"""`streaming-constructs prices refresh`: takes prices from a file of AWS's price list."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from streaming_constructs.cli import options

if TYPE_CHECKING:
    from streaming_constructs.planning.prices.price_list import ListedPrice, PriceList


@click.command()
@click.argument("file", metavar="FILE")
@click.option(
    "--output",
    metavar="FILE",
    help="The file that the prices are kept in. Left out: streaming-constructs-prices.json, in the working directory.",
)
@options.text_or_json
def refresh(file: str, output: str | None, form: str) -> None:
    """Takes prices from a file of AWS's price list, and tells what differs.

    FILE is the list of one service as AWS publishes it, in JSON, of one region or of all:
    https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/AmazonKinesis/current/eu-west-1/index.json. Nothing is fetched
    here. Read are AmazonKinesis, AmazonMSK, AWSLambda, AmazonKinesisFirehose, AmazonKinesisAnalytics, AmazonDynamoDB,
    AmazonCloudWatch and AmazonS3. `plan` takes what is kept in streaming-constructs-prices.json beside its spec.

    Exit codes: 0 refreshed, or nothing to refresh in it; 2 wrong usage, or no such list.
    """
    from streaming_constructs.cli.console import show_json
    from streaming_constructs.planning.prices import NAME
    from streaming_constructs.planning.prices.own_prices import (
        OwnPricesError,
        read_own_prices,
        since_kept,
        with_list,
        write_own_prices,
    )
    from streaming_constructs.spec.printable import printable

    found, kept = _read(file), Path(output or NAME)
    if found.prices:
        try:
            before = read_own_prices(kept)
            write_own_prices(kept, with_list(before, found))
            found = since_kept(before, found)
        except OwnPricesError as error:
            raise click.UsageError(f"{printable(str(kept))}: {printable(str(error))}") from None
        except OSError as error:
            raise click.UsageError(f"{printable(str(kept))} cannot be written: {error.strerror}") from None
    if form == "json":
        show_json(_object(found, kept))
    else:
        _show(found, kept)


def _read(file: str) -> PriceList:
    from streaming_constructs.planning.prices.price_list import MOST_BYTES, PriceListError, read_price_list
    from streaming_constructs.spec.printable import printable
    from streaming_constructs.spec.regular_file import read_regular_file

    try:
        return read_price_list(read_regular_file(file, MOST_BYTES + 1))
    except OSError as error:
        message = f"{printable(file)} cannot be read: {error.strerror}"
    except PriceListError as error:
        message = f"{printable(file)}: {printable(str(error))}"
    raise click.BadParameter(message, param_hint="'FILE'")


def _show(found: PriceList, kept: Path) -> None:
    from streaming_constructs.cli.console import plain, show
    from streaming_constructs.planning.numbers import counted
    from streaming_constructs.planning.prices.price_list import differences

    differing = list(differences(found))
    show(plain(f"{found.offer}, published {found.published}"))
    if differing:
        show(*(plain(_line(price)) for price in differing))
    if found.prices:
        same = counted(len(found.prices) - len(differing), "price")
        show(plain(f"{counted(len(found.prices), 'price')} kept in {kept}; {same} the same as before"))
    else:
        show(plain("no price that costs are reckoned by was found; nothing is written"))
    if found.missing:
        show(plain(f"not in the list: {', '.join(found.missing)}"))
    show(*(plain(f"not taken: {refused}") for refused in found.refused))


def _line(price: ListedPrice) -> str:
    from streaming_constructs.facts.prices.named import price_of

    named, before = price_of(price.name), price.before
    assert named is not None
    per = f"{named.per:,.0f} x {named.unit}" if named.per != 1 else named.unit
    was = f"{before.usd[0]:.10g}" if before is not None else "not known"
    return f"{price.name} in {price.region}: {was} → {price.rate.usd[0]:.10g} USD, {per}"


def _object(found: PriceList, kept: Path) -> dict[str, Any]:
    from streaming_constructs.planning.prices.price_list import changed

    return {
        "offer": found.offer,
        "published": found.published,
        "file": str(kept) if found.prices else None,
        "prices": [
            {
                "name": price.name,
                "region": price.region,
                "usd": list(price.rate.usd),
                "before": list(price.before.usd) if price.before is not None else None,
                "changed": changed(price),
            }
            for price in found.prices
        ],
        "missing": list(found.missing),
        "refused": list(found.refused),
    }

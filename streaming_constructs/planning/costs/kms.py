"""What AWS KMS costs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from streaming_constructs.facts.prices import kms as prices
from streaming_constructs.planning.costs.charge import Charge
from streaming_constructs.planning.numbers import counted, number
from streaming_constructs.spec.encryption import CustomerManagedKey


def keys(count: int) -> Charge:
    """The charge for keys of one's own. Services cache what they encrypt with: their requests are a few cents.

    Args:
        count: How many.
    """
    return Charge("KMS keys" if count > 1 else "KMS key", prices.KEY, count, "fixed", counted(count, "key"))


def requests(count: float) -> Charge:
    """The charge for requests that encrypt and decrypt.

    Args:
        count: How many in the month.
    """
    return Charge("requests to KMS", prices.REQUESTS, count, "usage", f"{number(count)} requests")


def created_key(encryption: Any) -> Iterator[Charge]:
    """The charge for the key that is created for a node, if one is.

    Args:
        encryption: What the spec says of its encryption.
    """
    if isinstance(encryption, CustomerManagedKey) and encryption.kms_key_arn is None:
        yield keys(1)

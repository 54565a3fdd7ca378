"""What Amazon SNS costs. Messages to SQS and Lambda are delivered for nothing."""

from __future__ import annotations

from collections.abc import Iterator

from streaming_constructs.facts.prices import sns as prices
from streaming_constructs.planning.costs.charge import Charge
from streaming_constructs.planning.numbers import number


def topic(published: float, *, http: float = 0.0, email: float = 0.0, firehose: float = 0.0) -> Iterator[Charge]:
    """The charges of a standard topic.

    Args:
        published: Requests that publish in the month, of up to 64 KB.
        http: Notifications to HTTP endpoints.
        email: Those by e-mail.
        firehose: Those to Firehose.
    """
    for what, price, count in (
        ("published", prices.PUBLISHED, published),
        ("notifications by HTTP", prices.HTTP, http),
        ("e-mails", prices.EMAIL, email),
        ("notifications to Firehose", prices.FIREHOSE, firehose),
    ):
        if count:
            yield Charge(what, price, count, "usage", number(count))

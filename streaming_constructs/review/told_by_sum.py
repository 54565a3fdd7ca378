"""Resources that say nothing one by one, as the sum of several is compared: policies, permissions, rules of security groups."""

from __future__ import annotations

from collections.abc import Iterator

from streaming_constructs.review.meaning import Meaning, means, when_added, when_removed, when_renamed, when_replaced


def nothing(*_: object) -> Iterator[Meaning]:
    """What is said of such a resource, or of a property of it: nothing by itself."""
    yield from ()


def properties_of_a_sum(resource_type: str, *paths: str) -> None:
    """Registers properties that are parts of a sum.

    Args:
        resource_type: The type.
        paths: The properties.
    """
    means(resource_type, *paths)(nothing)


def parts_of_a_sum(*resource_types: str) -> None:
    """Registers types of resources that are parts of a sum: that one comes, goes, or is created anew means nothing by itself.

    Args:
        resource_types: The types.
    """
    for register in (when_added, when_removed, when_replaced):
        register(*resource_types)(nothing)


def names_mean_nothing(*resource_types: str) -> None:
    """Registers types of resources whose logical id means nothing.

    Args:
        resource_types: The types.
    """
    when_renamed(*resource_types)(nothing)

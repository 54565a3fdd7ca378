"""A limit of AWS, and how much of it a node uses at the peak of its load."""

from __future__ import annotations

from dataclasses import dataclass

from streaming_constructs.facts.fact import Fact


@dataclass(frozen=True, slots=True)
class Limit:
    """How near a node is to a limit.

    Attributes:
        node: The node; empty for what all nodes of an account share.
        what: What is limited, such as `bytes written`.
        used: How much of it is used at the peak.
        most: How much there is.
        unit: The unit of both with a blank before it, such as ` MiB/s`; empty for things that are counted.
        source: AWS's page that states the limit.
        grows: Whether `plan` derives more of it as the load grows: such a limit ends no design.
        code: The finding that tells when it is passed; empty where none does.
        by_load: Whether more load uses more of it, and not more readers.
    """

    node: str
    what: str
    used: float
    most: float
    unit: str
    source: str
    grows: bool = False
    code: str = ""
    by_load: bool = True

    @property
    def share(self) -> float:
        """How much of it is used: 1 is all of it."""
        return self.used / self.most

    @property
    def room(self) -> float | None:
        """How many times the load fits into it; None where the load uses nothing of it."""
        return self.most / self.used if self.used and self.by_load else None


def limit_of(
    node: str,
    what: str,
    used: float,
    fact: Fact,
    *,
    times: float = 1,
    unit: str = "",
    grows: bool = False,
    code: str = "",
) -> Limit:
    """A limit that is a number of AWS, as many times as there are parts that have it.

    Args:
        node: The node.
        what: What is limited.
        used: How much of it is used at the peak.
        fact: The number.
        times: How many parts have it, such as shards. Left out: one.
        unit: The unit. Left out: things are counted.
        grows: Whether more of it is derived as the load grows.
        code: The finding that tells when it is passed.
    """
    return Limit(node, what, float(used), fact.value * times, unit, fact.source, grows, code)

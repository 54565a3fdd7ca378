"""Who writes the records of a delivery, and whether each of them ends its records in a newline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from streaming_constructs.planning.node import Neighbours
    from streaming_constructs.spec.deliveries.firehose import DeliverySpec


@dataclass(frozen=True, slots=True)
class Writers:
    """The writers of a delivery's records that a system names.

    Attributes:
        with_newline: Those that end each record in a newline: agents on hosts.
        others: Those that do not, as far as is known.
        are_all: Whether these are all: to a stream that exists others may write, and batches of log events are no lines.
    """

    with_newline: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    are_all: bool = True

    @property
    def end_in_newline(self) -> bool:
        """Whether all records come with a newline; a second one would make an empty line of each."""
        return bool(self.with_newline) and not self.others and self.are_all


def writers_of(spec: DeliverySpec, neighbours: Neighbours) -> Writers:
    """Who writes what a delivery takes; nobody where it is taken apart or put together on its way, and its end is another's.

    Args:
        spec: The delivery.
        neighbours: What is around it.
    """
    if (
        neighbours.system is None
        or spec.transform is not None
        or spec.decompress_cloudwatch_logs
        or spec.deaggregate is not None
    ):
        return Writers()
    writers = {other: node.ends_in_newline for other, node in neighbours.writers if node.record_form() != "gzip"}
    stream = neighbours.system.streams.get(spec.from_ or "")
    return Writers(
        tuple(other for other, ends in writers.items() if ends),
        tuple(other for other, ends in writers.items() if not ends),
        are_all=len(writers) == len(neighbours.writers) and (stream is None or not stream.physical_id()),
    )

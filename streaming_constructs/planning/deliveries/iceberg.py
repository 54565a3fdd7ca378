"""What Firehose does with each record in Apache Iceberg tables: adds a row, or replaces the one with its keys."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from streaming_constructs.facts.firehose import ICEBERG_UPSERT
from streaming_constructs.planning.deliveries.firehose import DeliveryPlan
from streaming_constructs.spec.deliveries.iceberg import IcebergDestination
from streaming_constructs.spec.finding import Finding, did_you_mean
from streaming_constructs.spec.schemas import column_name

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class IcebergDeliveryPlan(DeliveryPlan):
    """A delivery to Iceberg tables with its numbers."""

    @property
    def to(self) -> IcebergDestination:
        """The destination."""
        return cast("IcebergDestination", self.spec.to)

    @property
    def metadata_query(self) -> str:
        """For rows with keys the table and `update`, which is an upsert; a function says these itself, in `otfMetadata`.

        The expression gives all three, because it takes precedence over the one table of the configuration.
        Sources: https://docs.aws.amazon.com/firehose/latest/dev/apache-iceberg-format-input-record.html and
        https://docs.aws.amazon.com/firehose/latest/dev/apache-iceberg-format-input-record-different.html
        """
        if self.to.only_adds or self.spec.transform is not None:
            return ""
        (table,) = self.to.all_tables
        given: Mapping[str, str] = {
            "destinationDatabaseName": table.database,
            "destinationTableName": table.table,
            "operation": ICEBERG_UPSERT,
        }
        return f"{{{','.join(f'{key}:{json.dumps(value)}' for key, value in given.items())}}}"

    def destination_findings(self) -> Iterator[Finding]:
        if self.schema is None:
            return
        for position, key in enumerate(self.to.unique_keys):
            if column_name(key) not in map(column_name, self.schema):
                yield Finding(
                    "FIR704",
                    f"records have no field `{key}`",
                    ("to", "unique_keys", position),
                    help=did_you_mean(key, self.schema),
                )

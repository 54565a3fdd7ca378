"""Base of deliveries to somewhere else than S3, with an S3 backup of what the destination does not take."""

from __future__ import annotations

from typing import Any, ClassVar, Unpack

from constructs import Construct

from streaming_constructs.cdk.deliveries.firehose import Delivery, DeliveryInputs
from streaming_constructs.spec.deliveries.backup import BackedUpDestination


class BackedUpDelivery(Delivery):
    """A Firehose stream to a destination that may refuse records; each kind is a class of its own below this one.

    Creates what `Delivery` says, and an `AWS::S3::Bucket` for records that could not be delivered unless one is brought or
    named (**stateful**, retained).
    """

    _backup_mode: ClassVar[str] = "S3BackupMode"
    """How CloudFormation spells the mode of the backup there."""

    def __init__(self, scope: Construct, construct_id: str, **inputs: Unpack[DeliveryInputs]) -> None:
        """Creates the delivery.

        Args:
            scope: Where it stands in the tree.
            construct_id: Its id there; alarms and dashboards call it by this name.
            **inputs: What every delivery takes; see `Delivery`.

        Raises:
            SpecError: If the spec asks to create what was brought, or cannot be built.
        """
        super().__init__(scope, construct_id, **inputs)
        to = self.plan.spec.to
        assert isinstance(to, BackedUpDestination)
        self._deliver(
            {
                **self._destination(to),
                "BufferingHints": {
                    "SizeInMBs": self.plan.buffer_mb,
                    "IntervalInSeconds": self.plan.buffer_seconds,
                },
                "RetryOptions": {"DurationInSeconds": to.retry_seconds},
                self._backup_mode: to.facts.backup_modes[to.copies_all_records],
                "S3Configuration": self._backup(to.backup),
                "ProcessingConfiguration": self._processing(),
                "CloudWatchLoggingOptions": self._logging("Delivery"),
            },
        )

    def _destination(self, to: BackedUpDestination) -> dict[str, Any]:
        """What is special about the destination, in CloudFormation's words; permits it too."""
        raise NotImplementedError

"""The S3 backup of a delivery to somewhere else than S3: for records that failed, or for all."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from streaming_constructs.spec.deliveries.destination import DestinationSpec
from streaming_constructs.spec.model import Int
from streaming_constructs.spec.s3_bucket import BackupSpec


class FailedBackup(BackupSpec):
    """The bucket of a delivery to somewhere else: what could not be delivered, or everything."""

    records: Literal["failed", "all"] = Field(
        default="failed",
        description="Which records are kept in S3: failed (those that could not be delivered) or all. AWS does not go "
        "back from all. Left out: failed.",
    )


class BackedUpDestination(DestinationSpec):
    """A destination that may refuse records, beside which there is a bucket for them."""

    retry_seconds: Int = Field(default=300, description="How long Firehose retries, in seconds. Left out: 300.")
    backup: FailedBackup = Field(
        default_factory=FailedBackup,
        description="The bucket of records that could not be delivered. Left out: a bucket is created.",
    )

    def backup_folder(self) -> tuple[str, BackupSpec]:
        return "backup", self.backup

    @property
    def copies_all_records(self) -> bool:
        return self.backup.records == "all"

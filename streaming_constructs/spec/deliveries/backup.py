"""The S3 backup of a delivery to somewhere else than S3: for records that failed, or for all."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from streaming_constructs.spec.deliveries.backup_bucket import BackupSpec
from streaming_constructs.spec.deliveries.destination import DestinationSpec
from streaming_constructs.spec.model import Int, word


class FailedBackup(BackupSpec):
    """The bucket of a delivery to somewhere else: what could not be delivered, or everything."""

    example: ClassVar = {"records": "failed", "prefix": "failed"}

    records: Literal["failed", "all"] = Field(
        default="failed",
        description="Which records are kept in S3: failed (those that could not be delivered) or all. AWS does not go "
        "back from all. Left out: failed.",
    )


Backup = Annotated[FailedBackup, word("records", FailedBackup, "failed", "all")]
"""Which records are kept, as a word; or a mapping that also says where."""


class BackedUpDestination(DestinationSpec):
    """A destination that may refuse records, beside which there is a bucket for them."""

    retry_seconds: Int = Field(default=300, description="How long Firehose retries, in seconds. Left out: 300.")
    backup: Backup = Field(
        default_factory=FailedBackup,
        description="Which records are kept in S3: failed, all, or a mapping that also says in which bucket. Left out: failed, "
        "in a bucket that is created.",
    )

    def backup_folder(self) -> tuple[str, BackupSpec]:
        return "backup", self.backup

    @property
    def copies_all_records(self) -> bool:
        return self.backup.records == "all"

"""The base of every destination of a Firehose stream."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar

from streaming_constructs.facts.firehose import DestinationFacts
from streaming_constructs.spec.finding import Finding, SpecPath
from streaming_constructs.spec.model import SpecModel
from streaming_constructs.spec.node import BucketFolder

if TYPE_CHECKING:
    from streaming_constructs.spec.deliveries.backup_bucket import BackupSpec
    from streaming_constructs.spec.deliveries.firehose import DeliverySpec
    from streaming_constructs.spec.kept import Kept
    from streaming_constructs.spec.pipeline import PipelineSpec


class DestinationSpec(SpecModel):
    """Where a delivery writes; what the assembly knows of it, whatever its kind."""

    title: ClassVar[str]
    """What people call it, after "to": `to Redshift`."""
    facts: ClassVar[DestinationFacts]
    """What AWS says of its kind."""

    if TYPE_CHECKING:  # fields of each kind, with its own limits
        kind: str
        buffer_mb: int | None
        buffer_seconds: int | None

    @property
    def is_dynamic(self) -> bool:
        """Whether Firehose chooses a folder by what is in the record: dynamic partitioning, of S3 alone."""
        return False

    @property
    def is_converted(self) -> bool:
        """Whether Firehose converts records to another format: in S3 alone."""
        return False

    @property
    def is_staged(self) -> bool:
        """Whether records are written to S3 first, from where the destination loads them."""
        return False

    def described(self) -> str:
        """What is written there, in words."""
        return self.title

    def backup_folder(self) -> tuple[str, BackupSpec] | None:
        """The field and the bucket of what is written beside the destination, if anything is."""
        return None

    @property
    def copies_all_records(self) -> bool:
        """Whether all records are written to a bucket beside the destination, not only those that fail."""
        return False

    @property
    def created_buckets(self) -> int:
        """How many buckets are created for it."""
        beside = self.backup_folder()
        return 1 if beside is not None and beside[1].bucket is None else 0

    def bucket_folders(self, delivery: str) -> Iterator[BucketFolder]:
        """The folders of existing buckets that are written to; paths are relative to the destination.

        Args:
            delivery: The name of the delivery.
        """
        beside = self.backup_folder()
        if beside is not None and beside[1].bucket is not None:
            field, backup = beside
            yield BucketFolder((field, "bucket"), backup.bucket or "", backup.folder(delivery))

    def written_to(self, delivery: str) -> Mapping[str, str]:
        """Where records go, in words, by what it is: a table, an index, an address.

        Args:
            delivery: The name of the delivery.
        """
        return {}

    def existing_tables(self, delivery: str) -> Iterator[tuple[SpecPath, str]]:
        """The existing tables or indices that it writes to, each with where the spec says so; relative to the destination.

        Args:
            delivery: The name of the delivery.
        """
        yield from ()

    def incomplete(self) -> Iterator[Finding]:
        """What is missing when no construct of the app takes its place; paths are relative to the destination."""
        return iter(())

    def kept(self, delivery: str) -> Iterator[Kept]:
        """Its settings that are there to stay once it is deployed; paths are relative to the delivery.

        Args:
            delivery: The name of the delivery.
        """
        yield from ()

    def delivery_findings(self, delivery: DeliverySpec) -> Iterator[Finding]:
        """What is wrong between it and its delivery; paths are relative to the destination.

        Args:
            delivery: The delivery, whose other fields are right by themselves.
        """
        yield from ()

    def table_findings(self, delivery: str, spec: PipelineSpec) -> Iterator[Finding]:
        """What is wrong between its tables and those of other deliveries; paths are relative to the delivery.

        Args:
            delivery: The name of the delivery.
            spec: The system.
        """
        yield from ()

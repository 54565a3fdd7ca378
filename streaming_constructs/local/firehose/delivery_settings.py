"""The settings of a Firehose delivery stream; `destination_configuration` reads them out of a configuration."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from streaming_constructs.local.firehose.format_conversion import Conversion
from streaming_constructs.local.firehose.prefix import Prefix
from streaming_constructs.planning.deliveries.processors import Processor

WRITE_OBJECTS = ("s3", "redshift")
"""Redshift's records are objects first, which stay where they are when they are loaded.

Source: https://docs.aws.amazon.com/firehose/latest/dev/create-destination.html#create-destination-redshift
"""


@dataclass(frozen=True, slots=True)
class BufferingHints:
    """How much is gathered for one object.

    Attributes:
        mib: Its size in MiB, of records as they come.
        seconds: Its age.
    """

    mib: float
    seconds: float


@dataclass(frozen=True, slots=True)
class ObjectSettings:
    """How and where objects are written.

    Attributes:
        bucket_arn: The bucket.
        prefix: What their keys begin with.
        error_prefix: What the keys of errors begin with.
        compression: `CompressionFormat`.
        extension: What their keys end with.
        time_zone: The time zone of the times in their keys.
        buffer: How much becomes one object.
    """

    bucket_arn: str
    prefix: Prefix
    error_prefix: Prefix
    compression: str
    extension: str
    time_zone: ZoneInfo
    buffer: BufferingHints


@dataclass(frozen=True, slots=True)
class DeliverySettings:
    """The settings of a delivery.

    Attributes:
        destination: The kind of destination, such as `s3` or `opensearch`.
        buffer: How much is delivered at once.
        objects: The objects that are delivered. Of a destination that takes none: those of errors.
        processors: What is done to records first, in order.
        conversion: What they are converted to, if they are.
        is_dynamic: Whether objects are divided by partition keys.
        retry_seconds: How long a partition that cannot be written is retried.
        backup: The copies of all records as they came, if there are any.
    """

    destination: str
    buffer: BufferingHints
    objects: ObjectSettings
    processors: tuple[Processor, ...] = ()
    conversion: Conversion | None = None
    is_dynamic: bool = False
    retry_seconds: int | None = None
    backup: ObjectSettings | None = None

    @property
    def writes_objects(self) -> bool:
        """Whether what is delivered becomes objects; else it would go to a service that is not there."""
        return self.destination in WRITE_OBJECTS

    @property
    def format(self) -> str:
        """What objects are: `parquet`, `orc`, or `json` for records as they come."""
        return self.conversion.format if self.conversion else "json"

"""What a delivery did with its records, and which it keeps apart, as plain data."""

from __future__ import annotations

from dataclasses import dataclass, field

from streaming_constructs.local.kinesis.shard_lag import ShardLag
from streaming_constructs.local.lambda_function.function_failure import FunctionFailure

DIRECT_PUT = "direct put"
"""The source of a delivery that reads no stream."""


@dataclass(frozen=True, slots=True)
class KeptApart:
    """A record that a delivery could not deliver, and keeps in a folder of errors.

    Attributes:
        error: The kind of error, which the folder is called by.
        code: Firehose's code of the error.
        message: What is wrong with it.
        shard_id: Its shard; empty if it was put directly.
        sequence_number: Its sequence number, as AWS writes it: of its shard alone. Empty if it was put directly.
        partition_key: Its partition key; empty if it was put directly.
        data: Its data as text, shortened.
    """

    error: str
    code: str
    message: str
    shard_id: str
    sequence_number: str
    partition_key: str
    data: str


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What a delivery did.

    `records + split` is what was delivered, failed, was dropped, is waiting or has expired.

    Attributes:
        name: The delivery.
        source: The stream that it reads, or `DIRECT_PUT`.
        format: `json`, `parquet` or `orc` of objects in S3; else the kind of the destination.
        records: Records that it took.
        split: How many more they became, because aggregated records were taken apart.
        delivered: Records that are in objects; where nothing is delivered here, records that would have been.
        rows: The rows that those are: a record with several documents is as many, once it is converted.
        failed: Records that were kept apart, by the folder of the error.
        kept_apart: The first of them, by shard and sequence number.
        dropped: Records that its function dropped.
        waiting: Records that are in its buffers, or in objects that are not taken yet.
        expired: Records of objects that were not taken for as long as Firehose keeps them, of errors as well.
        objects: Objects that it wrote.
        bytes: Their bytes.
        partitions: Rows of each folder.
        last_error: Why an object was not taken, the last time that one was not.
        not_run: Why it does not deliver here, if it does not.
        function_not_run: Why the function that transforms its records cannot be run, if it cannot; then it reads none.
        failures: How the function that transforms its records failed.
        log: The end of what that function wrote.
        lag: How far it is behind in each shard of a stream; of a topic, that is told with the topic.
    """

    name: str
    source: str
    format: str
    records: int = 0
    split: int = 0
    delivered: int = 0
    rows: int = 0
    failed: dict[str, int] = field(default_factory=dict)
    kept_apart: tuple[KeptApart, ...] = ()
    dropped: int = 0
    waiting: int = 0
    expired: int = 0
    objects: int = 0
    bytes: int = 0
    partitions: dict[str, int] = field(default_factory=dict)
    last_error: str = ""
    not_run: str = ""
    function_not_run: str = ""
    failures: tuple[FunctionFailure, ...] = ()
    log: str = ""
    lag: tuple[ShardLag, ...] = ()

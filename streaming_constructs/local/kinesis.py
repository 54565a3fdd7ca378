"""Kinesis of the embedded AWS: moto's API, with shards below it that keep, throttle and reshard as AWS's do.

What is not done here: on-demand streams do not split their shards under load (they have 4, or as many as their warm throughput
needs, and each has its limits), and want a partition key also where AWS would distribute records without one; nothing is
trimmed when its retention is over; resharding takes no time; calls are limited for GetRecords alone; and no metrics are
written to CloudWatch, where moto would keep a datapoint of every put: the counts of each shard tell the same.
"""

from __future__ import annotations

import base64
import hashlib
import json
import math
import re
import threading
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from moto.cloudformation.exceptions import ValidationError
from moto.core.exceptions import JsonRESTError
from moto.kinesis import models
from moto.kinesis.exceptions import StreamCannotBeUpdatedError
from moto.kinesis.models import KinesisBackend, Shard, Stream, kinesis_backends
from moto.kinesis.responses import KinesisResponse

from streaming_constructs.facts import kinesis
from streaming_constructs.facts.fact import Range
from streaming_constructs.local.clock import Clock
from streaming_constructs.local.records import Record
from streaming_constructs.local.shard_counts import ShardCounts
from streaming_constructs.local.shard_log import ShardLog
from streaming_constructs.local.throughput import MIB, ShardReads, ShardWrites

MOTO_HOOKS = (
    "moto.kinesis.models.Stream",
    "moto.kinesis.models.Stream.create_from_cloudformation_json",
    "moto.kinesis.models.Stream.update_from_cloudformation_json",
    "moto.kinesis.models.Stream.init_shards",
    "moto.kinesis.models.Stream.split_shard",
    "moto.kinesis.models.Stream.merge_shards",
    "moto.kinesis.models.Stream.update_shard_count",
    "moto.kinesis.models.Stream.put_record",
    "moto.kinesis.models.Stream.to_json",
    "moto.kinesis.models.Stream.to_json_summary",
    "moto.kinesis.models.Shard.get_min_sequence_number",
    "moto.kinesis.models.Shard.get_max_sequence_number",
    "moto.kinesis.models.KinesisBackend.create_stream",
    "moto.kinesis.models.KinesisBackend.delete_stream",
    "moto.kinesis.models.KinesisBackend.describe_stream",
    "moto.kinesis.models.KinesisBackend.get_records",
    "moto.kinesis.models.KinesisBackend.get_shard_iterator",
    "moto.kinesis.models.KinesisBackend.put_record",
    "moto.kinesis.models.KinesisBackend.put_records",
    "moto.kinesis.models.KinesisBackend.streams",
    "moto.kinesis.models.kinesis_backends",
    "moto.kinesis.responses.KinesisResponse._get_param",
    "moto.kinesis.responses.KinesisResponse.get_records",
    "moto.kinesis.responses.KinesisResponse.kinesis_backend",
    "moto.kinesis.responses.KinesisResponse.put_records",
)
"""What of moto's inside this module replaces, extends or looks into."""

_HASHES = 2**128
"""Source: https://docs.aws.amazon.com/streams/latest/dev/key-concepts.html"""
_HASH = re.compile(r"0|[1-9][0-9]{0,38}")
_ON_DEMAND_SHARDS = int(kinesis.ON_DEMAND_INITIAL_WRITE_MIB_PER_SECOND.value / kinesis.SHARD_WRITE_MIB_PER_SECOND.value)
_MOST_RECORDS = int(kinesis.GET_RECORDS_RECORDS.value)
_THROTTLED = "ProvisionedThroughputExceededException"
_INVALID = "InvalidArgumentException"


class EmbeddedShard(Shard):
    """A shard: its log, what may be written and read, and what was.

    Attributes:
        log: Its records.
        counts: What it was asked for.
        reads: What its shared readers may read.
        children: The shards that it was split or merged into.
    """

    def __init__(
        self, shard_id: int, starting_hash: int, ending_hash: int, opened: float, parents: Sequence[EmbeddedShard]
    ) -> None:
        """Opens a shard.

        Args:
            shard_id: Its number in the stream.
            starting_hash: The first hash key that is its own.
            ending_hash: The last one.
            opened: When, in seconds since 1970.
            parents: The one shard that was split into it, or the two that were merged.
        """
        super().__init__(shard_id, starting_hash, ending_hash, *(parent.shard_id for parent in parents))
        # As long as AWS's, which says of the digits only that they increase; the parts make them unique in a stream.
        self.log = ShardLog(self.shard_id, int(f"49{int(opened):011d}{shard_id:011d}{0:032d}"))
        self.counts = ShardCounts()
        self.reads = ShardReads()
        self.children: list[EmbeddedShard] = []
        self._writes = ShardWrites()

    @property
    def parents(self) -> tuple[str, ...]:
        """The ids of the shards that it came from: none, one that was split, or two that were merged."""
        return tuple(one for one in (self.parent, self.adjacent_parent) if one)

    def put(self, entry: _Entry, now: float) -> int | None:
        """Adds a record; the stream sees to it that one thread at a time does.

        Args:
            entry: The record.
            now: The time.

        Returns:
            Its sequence number, or None if it is throttled.
        """
        if not self._writes.try_take(entry.size, now):
            self.counts.throttled_records += 1
            return None
        sequence_number = self.log.append(entry.partition_key, entry.data, now)
        self.counts.took(entry.partition_key, entry.size)
        return sequence_number

    def read(self, after: int, limit: int, now: float) -> list[Record] | None:
        """Reads as GetRecords does, with the throughput that all shared readers have together.

        Args:
            after: The sequence number of the last record that was read.
            limit: How many records at most.
            now: The time.

        Returns:
            Up to 10 MiB of records, or None if the read is throttled; `reads.available_at` tells until when.
        """
        if not self.reads.try_take(now):
            self.counts.throttled_reads += 1
            return None
        records = self.log.read(after, limit, int(kinesis.GET_RECORDS_MIB.value * MIB))
        self.reads.charge(
            sum(len(one.data) + len(one.partition_key.encode("utf-8", "surrogatepass")) for one in records), now
        )
        return records

    def exhausted(self, after: int) -> bool:
        """Whether nothing comes after a sequence number, now or later, because the shard is closed.

        Args:
            after: The sequence number.
        """
        return not self.is_open and after >= self.log.last_sequence_number

    def get_min_sequence_number(self) -> int:
        return self.log.starting_sequence_number

    def get_max_sequence_number(self) -> int:
        return self.log.last_sequence_number


@dataclass(frozen=True, slots=True)
class _Entry:
    """A record that is to be put."""

    partition_key: str
    hash_key: int
    data: bytes
    size: int


class EmbeddedStream(Stream):
    """A stream of such shards. Threads may write, read and reshard it at the same time.

    Attributes:
        clock: The time of all streams.
        shards: Its shards, open and closed, by id, in the order in which they were opened.
        max_record_kib: How large a record may be, with its partition key.
        distribution: Whether partition keys choose the shard (`USER_PARTITION_KEY`), or nothing does (`AUTO`).
        template_name: The name that its template gives it, if it does.
    """

    clock: ClassVar[Clock]
    shards: dict[str, EmbeddedShard]  # type: ignore[assignment] # moto's has its own

    def __init__(self, stream_name: str, shard_count: int, **named: Any) -> None:
        """Opens a stream.

        Args:
            stream_name: Its name.
            shard_count: How many shards it has; on demand, how many at least.
            named: What else moto's stream takes.
        """
        self._changing = threading.RLock()
        self._open: list[EmbeddedShard] = []
        self._starts: list[int] = []
        self._turn = 0
        self._shards_asked = shard_count or 0
        self.max_record_kib = kinesis.MAX_RECORD_KIB.minimum
        self.distribution = "USER_PARTITION_KEY"
        self.template_name: str | None = None
        super().__init__(stream_name, shard_count, **named)

    @property
    def on_demand(self) -> bool:
        """Whether AWS chooses the number of shards."""
        return self.stream_mode.get("StreamMode") == "ON_DEMAND"

    def init_shards(self, shard_count: int) -> None:
        # moto takes 4 for every stream on demand; warm throughput may need more.
        self._replace((), list(_even_ranges(max(shard_count, self._shards_asked))))

    def entry(self, record: Mapping[str, Any], where: str = "") -> _Entry:
        """A record of a request, checked.

        Args:
            record: Data (in base64), PartitionKey, and ExplicitHashKey if there is one.
            where: Where it is in the request.

        Raises:
            JsonRESTError: If AWS would refuse it.
        """
        key, explicit = record.get("PartitionKey"), record.get("ExplicitHashKey")
        if not isinstance(key, str) or not _within(kinesis.PARTITION_KEY_CHARACTERS, len(key)):
            raise JsonRESTError("ValidationException", f"{where}partitionKey must have 1 to 256 characters")
        encoded = key.encode("utf-8", "surrogatepass")
        if not explicit:
            hash_key = int.from_bytes(hashlib.md5(encoded, usedforsecurity=False).digest(), "big")
        elif _HASH.fullmatch(explicit) and int(explicit) < _HASHES:
            hash_key = int(explicit)
        else:
            raise JsonRESTError(_INVALID, f"{where}explicitHashKey must be a number below 2^128")
        data = base64.b64decode(record["Data"])
        size = len(data) + len(encoded)
        if size > self.max_record_kib * 1024:
            raise JsonRESTError(
                "ValidationException",
                f"{where}data and partition key have {size} bytes; a record of {self.stream_name} has up to "
                f"{self.max_record_kib} KiB",
            )
        return _Entry(key, hash_key, data, size)

    def put(self, entries: Sequence[_Entry]) -> list[tuple[EmbeddedShard, int | None]]:
        """Puts records, each into its shard.

        Args:
            entries: The records.

        Returns:
            For each its shard, and its sequence number or None if it is throttled.
        """
        with self._changing:
            now = math.floor(self.clock.now() * 1000) / 1000  # AWS tells arrivals in milliseconds
            done = []
            for entry in entries:
                shard = self._shard_of(entry.hash_key) if self.distribution != "AUTO" else self._next_in_turn()
                done.append((shard, shard.put(entry, now)))
            return done

    def put_record(self, partition_key: str, explicit_hash_key: str, data: str) -> tuple[str, str]:
        entry = self.entry({"PartitionKey": partition_key, "ExplicitHashKey": explicit_hash_key, "Data": data})
        ((shard, number),) = self.put([entry])
        if number is None:
            raise self.throttled(shard)
        return str(number), shard.shard_id

    def throttled(self, shard: EmbeddedShard) -> JsonRESTError:
        """What a shard answers that has no throughput left.

        Args:
            shard: The shard.
        """
        return JsonRESTError(_THROTTLED, self.throttled_message(shard))

    def throttled_message(self, shard: EmbeddedShard) -> str:
        """The same, as PutRecords says it of a record: AWS documents that it names all three, its users how it reads.

        Source: https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecordsResultEntry.html

        Args:
            shard: The shard.
        """
        where = f"shard {shard.shard_id} in stream {self.stream_name} under account {self.account_id}"
        return f"Rate exceeded for {where}."

    def split_shard(self, shard_to_split: str, new_starting_hash_key: str) -> None:
        with self._changing:
            shard, start = self._reshapeable(shard_to_split), int(new_starting_hash_key)
            if not shard.starting_hash < start < shard.ending_hash:
                raise JsonRESTError(
                    _INVALID,
                    f"NewStartingHashKey {start} is not between the StartingHashKey {shard.starting_hash} and the "
                    f"EndingHashKey {shard.ending_hash} of {shard.shard_id} in stream {self.stream_name}",
                )
            self._replace([shard], [(shard.starting_hash, start - 1), (start, shard.ending_hash)])

    def merge_shards(self, shard_to_merge: str, adjacent_shard_to_merge: str) -> None:
        with self._changing:
            pair = [self._reshapeable(shard_to_merge), self._reshapeable(adjacent_shard_to_merge)]
            low, high = sorted(pair, key=lambda one: one.starting_hash)
            if low.ending_hash + 1 != high.starting_hash:
                raise JsonRESTError(
                    _INVALID,
                    f"{shard_to_merge} and {adjacent_shard_to_merge} in stream {self.stream_name} are not adjacent",
                )
            self._replace(pair, [(low.starting_hash, high.ending_hash)])

    def update_shard_count(self, target_shard_count: int) -> None:
        """Gives the stream another number of shards, of equal size.

        Args:
            target_shard_count: The number.

        Raises:
            JsonRESTError: If it is more than twice or less than half of what there is, or the stream is on demand.
        """
        with self._changing:
            self._check_provisioned()
            there, most = len(self._open), kinesis.RESHARDING_FACTOR.value
            if not there <= target_shard_count * most <= there * most * most:
                raise JsonRESTError(
                    "LimitExceededException",
                    f"{target_shard_count} shards are more than double or less than half of the {there} open shards of "
                    f"stream {self.stream_name}",
                )
            self._reshape(target_shard_count)

    def to_json(self, shard_limit: int | None = None) -> dict[str, Any]:
        described = super().to_json(shard_limit)
        described["StreamDescription"]["StreamModeDetails"] = self.stream_mode
        return described

    def to_json_summary(self) -> dict[str, Any]:
        described = super().to_json_summary()
        more = {"MaxRecordSizeInKiB": self.max_record_kib, "ConsumerCount": len(self.consumers)}
        described["StreamDescriptionSummary"].update(more)
        return described

    @classmethod
    def create_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **kwargs: Any
    ) -> EmbeddedStream:
        with _answered(kwargs.get("LogicalId", resource_name)):
            wanted = _Template.read(cloudformation_json["Properties"])
            stream = kinesis_backends[account_id][region_name].create_stream(
                resource_name, wanted.shards, stream_mode={"StreamMode": wanted.mode}
            )
            assert isinstance(stream, EmbeddedStream)
            stream._become(wanted)  # noqa: SLF001 - its own
            return stream

    @classmethod
    def update_from_cloudformation_json(
        cls,
        original_resource: EmbeddedStream,
        new_resource_name: str,
        cloudformation_json: Any,
        account_id: str,
        region_name: str,
    ) -> EmbeddedStream:
        with _answered(original_resource.stream_name):
            wanted = _Template.read(cloudformation_json["Properties"])
            if wanted.name == original_resource.template_name:
                original_resource._become(wanted)
                return original_resource
        replacement = cls.create_from_cloudformation_json(
            new_resource_name, cloudformation_json, account_id, region_name
        )
        kinesis_backends[account_id][region_name].delete_stream(None, original_resource.stream_name)
        return replacement

    def _become(self, wanted: _Template) -> None:
        """Becomes what a template says; what it leaves out, AWS's default."""
        with self._changing:
            before, self.stream_mode = self.stream_mode, {"StreamMode": wanted.mode}
            try:
                if not self.on_demand:
                    self.update_shard_count(wanted.shards)
                elif wanted.shards > len(self._open):
                    self._reshape(wanted.shards)
            except JsonRESTError:
                self.stream_mode = before
                raise
            self.template_name = wanted.name
            self.retention_period_hours = wanted.retention_hours
            self.max_record_kib = wanted.max_record_kib
            self.distribution = wanted.distribution
            self.shard_level_metrics = list(wanted.shard_level_metrics)
            self.encryption_type, self.key_id = ("KMS", wanted.key_id) if wanted.key_id else ("NONE", None)
            self.tags = dict(wanted.tags)

    def _shard_of(self, hash_key: int) -> EmbeddedShard:
        return self._open[bisect_right(self._starts, hash_key) - 1]

    def _next_in_turn(self) -> EmbeddedShard:
        """How AWS distributes records without regard to their keys, it does not say; evenly, it does."""
        self._turn = (self._turn + 1) % len(self._open)
        return self._open[self._turn]

    def _check_provisioned(self) -> None:
        if self.on_demand:
            raise StreamCannotBeUpdatedError(self.stream_name, self.account_id)

    def _reshapeable(self, shard_id: str) -> EmbeddedShard:
        self._check_provisioned()
        shard = self.shards[shard_id]
        if not shard.is_open:
            raise JsonRESTError(_INVALID, f"{shard_id} in stream {self.stream_name} has already been split or merged")
        return shard

    def _reshape(self, count: int) -> None:
        """Splits wherever a shard is to begin, then merges what lies between; as in AWS, some shards do not live long."""
        for start, _ in _even_ranges(count):
            shard = self._shard_of(start)
            if shard.starting_hash < start:
                self._replace([shard], [(shard.starting_hash, start - 1), (start, shard.ending_hash)])
        for start, end in _even_ranges(count):
            while (shard := self._shard_of(start)).ending_hash < end:
                adjacent = self._shard_of(shard.ending_hash + 1)
                self._replace([shard, adjacent], [(start, adjacent.ending_hash)])

    def _replace(self, parents: Sequence[EmbeddedShard], ranges: Sequence[tuple[int, int]]) -> None:
        """Closes shards and opens others in their place. Records stay where they are, and readable."""
        now = self.clock.now()
        children = [
            EmbeddedShard(len(self.shards) + number, first, last, now, parents)
            for number, (first, last) in enumerate(ranges)
        ]
        for parent in parents:
            parent.children = children
            parent.is_open = False
        self.shards = {**self.shards, **{child.shard_id: child for child in children}}  # others may be looking at it
        still_open = [shard for shard in self._open if shard.is_open]
        self._open = sorted([*still_open, *children], key=lambda shard: shard.starting_hash)
        self._starts = [shard.starting_hash for shard in self._open]
        self.shard_count = len(self._open)


def _even_ranges(count: int) -> Iterator[tuple[int, int]]:
    """The first and last hash keys of shards of equal size."""
    return ((number * _HASHES // count, (number + 1) * _HASHES // count - 1) for number in range(count))


def _within(limits: Range, value: int) -> bool:
    return limits.minimum <= value <= limits.maximum


@dataclass(frozen=True, slots=True)
class _Template:
    """What a template says of a stream.

    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kinesis-stream.html
    """

    name: str | None
    mode: str
    shards: int
    retention_hours: int
    max_record_kib: int
    distribution: str
    shard_level_metrics: tuple[str, ...]
    key_id: str | None
    tags: Mapping[str, str]

    @classmethod
    def read(cls, properties: Mapping[str, Any]) -> Self:
        """Reads properties, of which numbers may be text.

        Raises:
            ValueError: If AWS would not take them.
        """
        unknown = sorted(set(properties) - _PROPERTIES)
        if unknown:
            raise ValueError(f"properties that have no effect here: {', '.join(unknown)}")
        mode = properties.get("StreamModeDetails", {}).get("StreamMode", "PROVISIONED")
        if mode not in {"PROVISIONED", "ON_DEMAND"}:
            raise ValueError(f"StreamMode is PROVISIONED or ON_DEMAND, not {mode}")
        for name in sorted(set(properties) & _OF_OTHER_MODE[mode]):
            raise ValueError(f"{name} must not be given with {mode}")
        distribution = properties.get("RecordDistributionStrategy", "USER_PARTITION_KEY")
        if distribution not in {"AUTO", "USER_PARTITION_KEY"}:
            raise ValueError(f"RecordDistributionStrategy is AUTO or USER_PARTITION_KEY, not {distribution}")
        encryption = properties.get("StreamEncryption") or {}
        if encryption and (encryption.get("EncryptionType") != "KMS" or not encryption.get("KeyId")):
            raise ValueError("StreamEncryption has the EncryptionType KMS and a KeyId")
        metrics = tuple(properties.get("DesiredShardLevelMetrics", ()))
        if "ALL" in metrics:
            metrics = kinesis.SHARD_LEVEL_METRICS
        if strange := sorted(set(metrics) - set(kinesis.SHARD_LEVEL_METRICS)):
            raise ValueError(f"DesiredShardLevelMetrics has {', '.join(strange)}")
        return cls(
            properties.get("Name"),
            mode,
            _warm_shards(properties) if mode == "ON_DEMAND" else _number(properties, "ShardCount", kinesis.SHARD_COUNT),
            _number(properties, "RetentionPeriodHours", kinesis.RETENTION_HOURS, kinesis.RETENTION_HOURS.minimum),
            _number(properties, "MaxRecordSizeInKiB", kinesis.MAX_RECORD_KIB, kinesis.MAX_RECORD_KIB.minimum),
            distribution,
            metrics,
            encryption.get("KeyId"),
            {tag["Key"]: tag["Value"] for tag in properties.get("Tags", ())},
        )


_PROPERTIES = frozenset(
    {
        "DesiredShardLevelMetrics",
        "MaxRecordSizeInKiB",
        "Name",
        "RecordDistributionStrategy",
        "RetentionPeriodHours",
        "ShardCount",
        "StreamEncryption",
        "StreamModeDetails",
        "Tags",
        "WarmThroughputMiBps",
    }
)
_OF_OTHER_MODE = {
    "PROVISIONED": {"RecordDistributionStrategy", "WarmThroughputMiBps"},
    "ON_DEMAND": {"ShardCount"},
}


def _warm_shards(properties: Mapping[str, Any]) -> int:
    """How many shards warm throughput needs. AWS says what there is at once, and not in how many shards."""
    warm = int(properties.get("WarmThroughputMiBps", 0)) / kinesis.SHARD_WRITE_MIB_PER_SECOND.value
    return max(_ON_DEMAND_SHARDS, math.ceil(warm))


def _number(properties: Mapping[str, Any], name: str, limits: Range, default: int | None = None) -> int:
    given = properties.get(name, default)
    if given is None:
        raise ValueError(f"{name} is missing")
    value = int(given)
    if not _within(limits, value):
        raise ValueError(f"{name} is {limits.minimum:,} to {limits.maximum:,}, not {value:,}")
    return value


@contextmanager
def _answered(where: str) -> Iterator[None]:
    """Makes what goes wrong an answer of CloudFormation."""
    try:
        yield
    except (JsonRESTError, ValueError) as error:
        why = error.message if isinstance(error, JsonRESTError) else str(error)
        raise ValidationError(where, f"{where}: {why}") from error


@dataclass(frozen=True, slots=True)
class _Iterator:
    """A place in a shard, and when somebody asked for it."""

    issued: float
    stream_name: str
    shard_id: str
    after: int

    def __str__(self) -> str:
        parts = (repr(self.issued), self.stream_name, self.shard_id, str(self.after))
        return base64.b64encode("|".join(parts).encode()).decode()

    @classmethod
    def read(cls, text: str) -> Self:
        try:
            issued, stream_name, shard_id, after = base64.b64decode(text).decode().split("|")
            return cls(float(issued), stream_name, shard_id, int(after))
        except ValueError:
            raise JsonRESTError(_INVALID, "Invalid ShardIterator.") from None


def _stream(backend: KinesisBackend, stream_arn: str | None, stream_name: str | None) -> EmbeddedStream:
    stream = backend.describe_stream(stream_arn, stream_name)
    assert isinstance(stream, EmbeddedStream)
    return stream


def _put_record(
    backend: KinesisBackend,
    stream_arn: str | None,
    stream_name: str | None,
    partition_key: str,
    explicit_hash_key: str,
    data: str,
) -> tuple[str, str]:
    return _stream(backend, stream_arn, stream_name).put_record(partition_key, explicit_hash_key, data)


def _put_records(
    backend: KinesisBackend, stream_arn: str | None, stream_name: str | None, records: list[dict[str, Any]]
) -> dict[str, Any]:
    stream = _stream(backend, stream_arn, stream_name)
    if not _within(kinesis.PUT_RECORDS_RECORDS, len(records)):
        raise JsonRESTError("ValidationException", f"PutRecords takes 1 to 500 records, not {len(records)}")
    entries = [stream.entry(record, f"records.{number}.member.") for number, record in enumerate(records, 1)]
    if sum(entry.size for entry in entries) > kinesis.PUT_RECORDS_MIB.value * MIB:
        raise JsonRESTError(_INVALID, "PutRecords takes up to 10 MiB, with partition keys")
    answers: list[dict[str, str]] = []
    failed = 0
    for shard, number in stream.put(entries):
        if number is None:
            failed += 1
            answers.append({"ErrorCode": _THROTTLED, "ErrorMessage": stream.throttled_message(shard)})
        else:
            answers.append({"SequenceNumber": str(number), "ShardId": shard.shard_id})
    return {"FailedRecordCount": failed, "Records": answers, "EncryptionType": stream.encryption_type}


def _get_shard_iterator(
    backend: KinesisBackend,
    stream_arn: str | None,
    stream_name: str | None,
    shard_id: str,
    shard_iterator_type: str,
    starting_sequence_number: str | None,
    at_timestamp: float | None,
) -> str:
    stream = _stream(backend, stream_arn, stream_name)
    log = _shard(stream, shard_id).log
    match shard_iterator_type:
        case "TRIM_HORIZON":
            after = log.starting_sequence_number
        case "LATEST":
            after = log.last_sequence_number
        case "AT_TIMESTAMP" if at_timestamp is not None:
            after = log.after_timestamp(float(at_timestamp))
        case "AT_SEQUENCE_NUMBER" | "AFTER_SEQUENCE_NUMBER" if starting_sequence_number is not None:
            number = int(starting_sequence_number)
            if not log.starting_sequence_number <= number <= log.last_sequence_number:
                raise JsonRESTError(_INVALID, f"StartingSequenceNumber {number} is none of {shard_id}")
            after = number - (shard_iterator_type == "AT_SEQUENCE_NUMBER")
        case _:
            raise JsonRESTError(_INVALID, f"{shard_iterator_type} is no ShardIteratorType, or lacks its position")
    return str(_Iterator(stream.clock.now(), stream.stream_name, shard_id, after))


def _shard(stream: EmbeddedStream, shard_id: str) -> EmbeddedShard:
    shard = stream.shards.get(shard_id)
    if shard is None:
        raise JsonRESTError(
            "ResourceNotFoundException",
            f"Shard {shard_id} in stream {stream.stream_name} under account {stream.account_id} does not exist",
        )
    return shard


def _get_records(
    backend: KinesisBackend,
    stream_arn: str | None,  # noqa: ARG001 - an iterator names its stream
    shard_iterator: str,
    limit: int | None,
) -> dict[str, Any]:
    """What GetRecords answers, as JSON has it: data in base64, times as numbers."""
    place = _Iterator.read(shard_iterator)
    stream = _stream(backend, None, place.stream_name)
    shard, now = _shard(stream, place.shard_id), stream.clock.now()
    if now - place.issued > kinesis.SHARD_ITERATOR_SECONDS.value:
        raise JsonRESTError("ExpiredIteratorException", "Iterator expired: it is older than 5 minutes.")
    if limit is not None and not 1 <= limit <= _MOST_RECORDS:
        raise JsonRESTError(_INVALID, f"Limit is 1 to {_MOST_RECORDS:,}, not {limit}")
    records = shard.read(place.after, limit or _MOST_RECORDS, now)
    if records is None:
        raise stream.throttled(shard)
    after = records[-1].sequence_number if records else place.after
    behind = now - records[-1].arrival if records and after < shard.log.last_sequence_number else 0.0
    answer: dict[str, Any] = {
        "Records": [
            {
                "SequenceNumber": str(one.sequence_number),
                "ApproximateArrivalTimestamp": one.arrival,
                "Data": base64.b64encode(one.data).decode(),
                "PartitionKey": one.partition_key,
            }
            for one in records
        ],
        "MillisBehindLatest": round(behind * 1000),
    }
    if shard.exhausted(after):
        answer["ChildShards"] = [_child(child) for child in shard.children]
    else:
        answer["NextShardIterator"] = str(_Iterator(now, stream.stream_name, shard.shard_id, after))
    return answer


def _child(shard: EmbeddedShard) -> dict[str, Any]:
    hash_keys = {"StartingHashKey": str(shard.starting_hash), "EndingHashKey": str(shard.ending_hash)}
    return {"ShardId": shard.shard_id, "ParentShards": list(shard.parents), "HashKeyRange": hash_keys}


# moto walks over each member of an answer, and finds its shape: most of the time that 500 records take.
_JSON = {"Content-Type": "application/x-amz-json-1.1"}


def _answer_put_records(response: KinesisResponse) -> tuple[str, dict[str, str]]:
    asked = response._get_param  # noqa: SLF001 - how moto's own answers read a request
    answer = response.kinesis_backend.put_records(asked("StreamARN"), asked("StreamName"), asked("Records"))
    return json.dumps(answer), dict(_JSON)


def _answer_get_records(response: KinesisResponse) -> tuple[str, dict[str, str]]:
    asked = response._get_param  # noqa: SLF001
    answer = response.kinesis_backend.get_records(asked("StreamARN"), asked("ShardIterator"), asked("Limit"))
    return json.dumps(answer), dict(_JSON)


_REPLACED: tuple[tuple[Any, str, Any], ...] = (
    (models, "Stream", EmbeddedStream),
    # CloudFormation knows direct subclasses of its model alone, so it keeps moto's class and finds our ways in it.
    (Stream, "create_from_cloudformation_json", EmbeddedStream.create_from_cloudformation_json),
    (Stream, "update_from_cloudformation_json", EmbeddedStream.update_from_cloudformation_json),
    (KinesisBackend, "put_record", _put_record),
    (KinesisBackend, "put_records", _put_records),
    (KinesisBackend, "get_shard_iterator", _get_shard_iterator),
    (KinesisBackend, "get_records", _get_records),
    (KinesisResponse, "put_records", _answer_put_records),
    (KinesisResponse, "get_records", _answer_get_records),
)


def install(clock: Clock) -> None:
    """Puts our streams under moto's API. Once in a process is enough; again, it only changes the clock.

    It has to be there before the first stream is: those that moto made are of no use to our operations.

    Args:
        clock: The time that throughput, arrivals and iterators go by.

    Raises:
        AttributeError: If moto has changed.
    """
    EmbeddedStream.clock = clock
    if models.Stream is EmbeddedStream:
        return
    for owner, name, _ in _REPLACED:
        getattr(owner, name)
    for owner, name, ours in _REPLACED:
        setattr(owner, name, ours)


def stream_by_arn(arn: str) -> EmbeddedStream | None:
    """The stream of an ARN, if there is one.

    Args:
        arn: Its ARN.
    """
    region, account_id = arn.split(":")[3:5]
    return _found(arn, account_id, region)


def shards_of(stream: str, account_id: str, region: str) -> list[EmbeddedShard]:
    """The shards of a stream, open and closed, in the order in which they were opened; none if there is no stream.

    Args:
        stream: Its name, or its ARN.
        account_id: Its account.
        region: Its region.
    """
    found = _found(stream, account_id, region)
    return list(found.shards.values()) if found else []


def _found(stream: str, account_id: str, region: str) -> EmbeddedStream | None:
    found = kinesis_backends[account_id][region].streams.get(stream.rpartition("/")[2])
    assert found is None or isinstance(found, EmbeddedStream)
    return found

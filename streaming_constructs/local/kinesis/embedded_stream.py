"""A Kinesis stream of the embedded AWS: routing by partition key, resharding, and `AWS::Kinesis::Stream` in a template.

What is not done here: on-demand streams do not split their shards under load (they have 4, or as many as their warm throughput
needs, and each has its limits); nothing is trimmed when its retention is over; resharding takes no time; and no metrics are
written to CloudWatch, where moto would keep a datapoint of every put: the counts of each shard tell the same.
"""

from __future__ import annotations

import base64
import hashlib
import math
import re
import threading
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar

from moto.cloudformation.exceptions import ValidationError
from moto.core.exceptions import JsonRESTError
from moto.kinesis.exceptions import StreamCannotBeUpdatedError
from moto.kinesis.models import Stream, kinesis_backends

from streaming_constructs.facts import kinesis
from streaming_constructs.local.aws.api import INTERNAL_FAILURE
from streaming_constructs.local.clock import Clock
from streaming_constructs.local.kinesis.embedded_shard import EmbeddedShard, Entry
from streaming_constructs.local.kinesis.stream_properties import StreamProperties

THROTTLED = "ProvisionedThroughputExceededException"
INVALID = "InvalidArgumentException"

_HASHES = 2**128
"""Source: https://docs.aws.amazon.com/streams/latest/dev/key-concepts.html"""
_HASH = re.compile(r"0|[1-9][0-9]{0,38}")


def not_kept(error: OSError) -> str:
    """Why a record was not taken that this machine cannot keep.

    Args:
        error: What the machine said.
    """
    return f"this machine cannot keep the record: {error}"


class EmbeddedStream(Stream):
    """A stream of such shards. Threads may write, read and reshard it at the same time.

    Attributes:
        clock: The time of all streams.
        shards: Its shards, open and closed, by id, in the order in which they were opened.
        max_record_kb: How large a record may be, with its partition key.
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
        self.max_record_kb = kinesis.MAX_RECORD_KIB.minimum
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

    def entry(self, record: Mapping[str, Any], where: str = "") -> Entry:
        """A record of a request, checked.

        Args:
            record: Data (in base64), PartitionKey, and ExplicitHashKey if there is one.
            where: Where it is in the request.

        Raises:
            JsonRESTError: If AWS would refuse it.
        """
        key, explicit = record.get("PartitionKey"), record.get("ExplicitHashKey")
        if not isinstance(key, str) or len(key) not in kinesis.PARTITION_KEY_CHARACTERS:
            raise JsonRESTError("ValidationException", f"{where}partitionKey must have 1 to 256 characters")
        encoded = key.encode("utf-8", "surrogatepass")
        if not explicit:
            hash_key = int.from_bytes(hashlib.md5(encoded, usedforsecurity=False).digest(), "big")
        elif _HASH.fullmatch(explicit) and int(explicit) < _HASHES:
            hash_key = int(explicit)
        else:
            raise JsonRESTError(INVALID, f"{where}explicitHashKey must be a number below 2^128")
        data = base64.b64decode(record["Data"])
        size = len(data) + len(encoded)
        if size > self.max_record_kb * 1024:
            raise JsonRESTError(
                "ValidationException",
                f"{where}data and partition key have {size} bytes; a record of {self.stream_name} has up to "
                f"{self.max_record_kb} KiB",
            )
        return Entry(key, hash_key, data, size)

    def put(self, entries: Sequence[Entry]) -> list[tuple[EmbeddedShard, int | OSError | None]]:
        """Puts records, each into its shard.

        Args:
            entries: The records.

        Returns:
            For each its shard, and its sequence number; None if it is throttled, and an error if this machine cannot keep it.
        """
        with self._changing:
            now = math.floor(self.clock.now() * 1000) / 1000  # AWS tells arrivals in milliseconds
            done: list[tuple[EmbeddedShard, int | OSError | None]] = []
            for entry in entries:
                shard = self._shard_of(entry.hash_key) if self.distribution != "AUTO" else self._next_in_turn()
                try:
                    done.append((shard, shard.put(entry, now)))
                except OSError as error:
                    done.append((shard, error))
            return done

    def put_record(self, partition_key: str, explicit_hash_key: str, data: str) -> tuple[str, str]:
        entry = self.entry({"PartitionKey": partition_key, "ExplicitHashKey": explicit_hash_key, "Data": data})
        ((shard, number),) = self.put([entry])
        if number is None:
            raise self.throttled(shard)
        if isinstance(number, OSError):
            failure = JsonRESTError(INTERNAL_FAILURE, not_kept(number))
            failure.code = 500
            raise failure
        return str(number), shard.shard_id

    def throttled(self, shard: EmbeddedShard) -> JsonRESTError:
        """What a shard answers that has no throughput left.

        Args:
            shard: The shard.
        """
        return JsonRESTError(THROTTLED, self.throttled_message(shard))

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
                    INVALID,
                    f"NewStartingHashKey {start} is not between the StartingHashKey {shard.starting_hash} and the "
                    f"EndingHashKey {shard.ending_hash} of {shard.shard_id} in stream {self.stream_name}",
                )
            self._replace([shard], [(shard.starting_hash, start - 1), (start, shard.ending_hash)])

    def merge_shards(self, shard_to_merge: str, adjacent_shard_to_merge: str) -> None:
        with self._changing:
            pair = [self._reshapeable(shard_to_merge), self._reshapeable(adjacent_shard_to_merge)]
            low, high = sorted(pair, key=lambda shard: shard.starting_hash)
            if low.ending_hash + 1 != high.starting_hash:
                raise JsonRESTError(
                    INVALID,
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
        more = {"MaxRecordSizeInKiB": self.max_record_kb, "ConsumerCount": len(self.consumers)}
        described["StreamDescriptionSummary"].update(more)
        return described

    @classmethod
    def create_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **kwargs: Any
    ) -> EmbeddedStream:
        with _as_validation_error(kwargs.get("LogicalId", resource_name)):
            wanted = StreamProperties.read(cloudformation_json["Properties"])
            stream = kinesis_backends[account_id][region_name].create_stream(
                resource_name, wanted.shards, stream_mode={"StreamMode": wanted.mode}
            )
            assert isinstance(stream, EmbeddedStream)
            stream._apply(wanted)  # noqa: SLF001 - its own
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
        with _as_validation_error(original_resource.stream_name):
            wanted = StreamProperties.read(cloudformation_json["Properties"])
            if wanted.name == original_resource.template_name:
                original_resource._apply(wanted)
                return original_resource
        replacement = cls.create_from_cloudformation_json(
            new_resource_name, cloudformation_json, account_id, region_name
        )
        if cloudformation_json.get("UpdateReplacePolicy") != "Retain":
            kinesis_backends[account_id][region_name].delete_stream(None, original_resource.stream_name)
        return replacement

    def _apply(self, wanted: StreamProperties) -> None:
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
            self.max_record_kb = wanted.max_record_kb
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
            raise JsonRESTError(INVALID, f"{shard_id} in stream {self.stream_name} has already been split or merged")
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


@contextmanager
def _as_validation_error(where: str) -> Iterator[None]:
    """Makes what goes wrong an answer of CloudFormation."""
    try:
        yield
    except (JsonRESTError, ValueError) as error:
        why = error.message if isinstance(error, JsonRESTError) else str(error)
        raise ValidationError(where, f"{where}: {why}") from error

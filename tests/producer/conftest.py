"""What tests of the producer share: an embedded AWS, streams in it, and what is in them in the end."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from streaming_constructs.local.aws.api import ACCOUNT_ID, REGION
from streaming_constructs.local.aws.embedded_aws import EmbeddedAws
from streaming_constructs.local.clock import Clock
from streaming_constructs.local.kinesis.embedded_stream import EmbeddedStream
from streaming_constructs.local.kinesis.kinesis_hooks import shards_of
from streaming_constructs.producer.kpl_aggregation import user_records
from streaming_constructs.producer.lane import hash_key


@pytest.fixture(autouse=True)
def no_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="module")
def embedded() -> Iterator[EmbeddedAws]:
    with EmbeddedAws() as running:
        yield running


class KinesisStream:
    """A stream of the embedded AWS, read where it is kept: no reader is throttled, and nothing is missed."""

    def __init__(self, embedded: EmbeddedAws, name: str, shards: int) -> None:
        self.name = name
        self.client = embedded.aws.client("kinesis")
        self.client.create_stream(StreamName=name, ShardCount=shards)

    def users(self, *, as_the_kcl: bool = False) -> list[tuple[str, bytes]]:
        """Key and data of all records; parents of shards come before their children.

        Args:
            as_the_kcl: Passes over aggregated records whose key is none of the shard, as the Kinesis Client Library does.
        """
        found = []
        for shard in shards_of(self.name, ACCOUNT_ID, REGION):
            for record in shard.log.read(0, 10**9, 10**9):
                for key, data in user_records(record.data) or [(record.partition_key, record.data)]:
                    if not as_the_kcl or shard.starting_hash <= hash_key(key) <= shard.ending_hash:
                        found.append((key, data))
        return found

    def stored(self) -> int:
        """Records of the stream, of which an aggregated one is one."""
        return sum(shard.log.count for shard in shards_of(self.name, ACCOUNT_ID, REGION))


class ThrottledClient:
    """A client of a stream whose time stands still, and goes on when something was refused.

    So it is throttled however slow the machine is.
    """

    def __init__(self, client: Any, clock: StandingClock) -> None:
        self._client, self._clock = client, clock
        self.refused = 0

    def put_records(self, **asked: Any) -> Any:
        answer = self._client.put_records(**asked)
        self.refused += answer["FailedRecordCount"]
        self._clock.seconds += 0.1 * bool(answer["FailedRecordCount"])
        return answer

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)


class StandingClock(Clock):
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds = 1_790_000_000.0

    def now(self) -> float:
        return self.seconds


@pytest.fixture
def throttle(monkeypatch: pytest.MonkeyPatch) -> Callable[[KinesisStream], ThrottledClient]:
    """Gives a client of a stream whose time stands still."""
    clock = StandingClock()
    monkeypatch.setattr(EmbeddedStream, "clock", clock)
    return lambda stream: ThrottledClient(stream.client, clock)


@pytest.fixture
def create(embedded: EmbeddedAws, request: pytest.FixtureRequest) -> Callable[..., KinesisStream]:
    """Creates a stream of a test."""

    def stream(shards: int = 1) -> KinesisStream:
        name = "".join(letter if letter.isalnum() else "-" for letter in request.node.name)
        return KinesisStream(embedded, name[:128], shards)

    return stream

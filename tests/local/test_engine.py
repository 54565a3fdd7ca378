"""The engine: a resource type that has a row in the table of workers gets a worker, whatever the type is."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from streaming_constructs.local import Rehearsal
from streaming_constructs.local.aws.cloudformation import Deployed
from streaming_constructs.local.aws.resources import RESOURCE_TYPES
from streaming_constructs.local.aws.type_names import LAMBDA_FUNCTION
from streaming_constructs.local.consumer_report import ConsumerReport
from streaming_constructs.local.lambda_function.deployed_functions import DeployedFunctions
from streaming_constructs.local.workers import WORKERS
from streaming_constructs.spec.finding import SpecError
from tests.local.conftest import write_assembly

if TYPE_CHECKING:
    from streaming_constructs.local.kinesis.shard_reader import StreamReader
    from streaming_constructs.local.worker import Worker, WorkerContext

pytestmark = pytest.mark.xdist_group("rehearsal")
TYPE = "AWS::SQS::Queue"
KEPT = {"Kept": {"Type": "AWS::SNS::Topic"}}


@dataclass
class QueueWorker:
    """A worker of a kind that this package does not have."""

    delay: str
    before: Worker | None
    busy: bool = False
    stepped: threading.Event = field(default_factory=threading.Event)
    closed: bool = False
    steps: int = 0

    def take(self, records: Sequence[bytes], now: float) -> None:
        raise TypeError

    def step(self, now: float) -> bool:
        self.stepped.set()
        self.steps += 1
        if self.delay == "13":
            raise OSError("no space")
        return False

    def due(self, now: float) -> float | None:
        return None

    def report(self) -> ConsumerReport:
        return ConsumerReport(name="worker", source="queue", handled=7)

    def hand_over(self, now: float) -> StreamReader | None:
        return None

    def close(self, now: float) -> None:
        self.closed = True


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[QueueWorker]:
    """The workers of queues, in the order in which they are built."""
    workers: list[QueueWorker] = []

    def build(resource: Deployed, context: WorkerContext, before: Worker | None) -> QueueWorker:
        delay = str(resource.properties["DelaySeconds"])
        if delay == "900":
            raise ValueError("too late")
        workers.append(QueueWorker(delay, before))
        return workers[-1]

    monkeypatch.setitem(WORKERS, TYPE, build)
    return workers


@pytest.fixture
def rehearsal() -> Iterator[Rehearsal]:
    with Rehearsal() as running:
        yield running


def queue(folder: Path, delay: int) -> Path:
    resources: dict[str, Any] = {"Queue": {"Type": TYPE, "Properties": {"QueueName": "q", "DelaySeconds": delay}}}
    return write_assembly(folder / f"delay-{delay}", "System", {**resources, **KEPT})


def test_a_row_in_the_table_is_all_that_a_new_kind_needs(
    rehearsal: Rehearsal, built: list[QueueWorker], tmp_path: Path
) -> None:
    rehearsal.deploy(queue(tmp_path, 5))
    (worker,) = built
    assert (worker.delay, worker.before) == ("5", None)
    assert worker.stepped.wait(30)
    assert [(report.name, report.handled) for report in rehearsal.report().consumers] == [("worker", 7)]


def test_a_changed_resource_has_a_new_worker_that_knows_the_one_before(
    rehearsal: Rehearsal, built: list[QueueWorker], tmp_path: Path
) -> None:
    rehearsal.deploy(queue(tmp_path, 5))
    rehearsal.deploy(queue(tmp_path, 6))
    rehearsal.deploy(queue(tmp_path, 6))
    before, after = built
    assert (after.delay, after.before) == ("6", before)
    assert len(rehearsal.report().consumers) == 1


def test_the_worker_of_a_resource_that_is_gone_is_closed(
    rehearsal: Rehearsal, built: list[QueueWorker], tmp_path: Path
) -> None:
    rehearsal.deploy(queue(tmp_path, 5))
    rehearsal.deploy(write_assembly(tmp_path / "without", "System", KEPT))
    assert built[0].closed
    assert rehearsal.report().consumers == ()


def test_what_a_worker_refuses_is_said_and_the_one_before_goes_on(
    rehearsal: Rehearsal, built: list[QueueWorker], tmp_path: Path
) -> None:
    rehearsal.deploy(queue(tmp_path, 5))
    with pytest.raises(SpecError) as refused:
        rehearsal.deploy(queue(tmp_path, 900))
    assert [(finding.code, finding.note) for finding in refused.value.findings] == [("LOC955", "too late")]
    assert not built[0].closed
    rehearsal.deploy(queue(tmp_path, 7))
    assert [worker.delay for worker in built] == ["5", "7"]
    assert built[1].before is built[0]


def test_a_worker_that_fails_is_said_to_have_stopped_and_is_left_alone(
    rehearsal: Rehearsal, built: list[QueueWorker], tmp_path: Path
) -> None:
    rehearsal.deploy(queue(tmp_path, 13))
    assert built[0].stepped.wait(30)
    assert not rehearsal.drain(30)
    assert rehearsal.report().stopped == {"worker": "failed: OSError: no space"}
    assert rehearsal.report().headline.endswith("worker STOPPED")
    assert built[0].steps == 1


def test_a_worker_that_failed_is_gone_with_its_resource(
    rehearsal: Rehearsal, built: list[QueueWorker], tmp_path: Path
) -> None:
    rehearsal.deploy(queue(tmp_path, 13))
    assert built[0].stepped.wait(30)
    rehearsal.deploy(write_assembly(tmp_path / "without", "System", KEPT))
    assert rehearsal.drain(30)
    assert rehearsal.report().stopped == {}


@pytest.mark.parametrize("content", [None, b"no archive"])
def test_a_function_whose_code_cannot_be_had_fails_alone(rehearsal: Rehearsal, content: bytes | None) -> None:
    aws = rehearsal.embedded.aws
    aws.client("s3").create_bucket(Bucket="code")
    if content is not None:
        aws.client("s3").put_object(Bucket="code", Key="key", Body=content)
    properties = {"Code": {"S3Bucket": "code", "S3Key": "key"}, "Runtime": "python3.13", "Handler": "index.handler"}
    function = Deployed("System", "F", LAMBDA_FUNCTION, "name", properties, {"Arn": "arn:aws:lambda:::function:name"})
    with DeployedFunctions(aws, 1) as functions:
        functions.refresh([function])
        with pytest.raises(OSError, match="the code of the function cannot be unpacked"):
            functions.invoke("arn:aws:lambda:::function:name", b"{}")


def test_every_type_that_has_a_worker_can_be_created() -> None:
    assert set(WORKERS) <= set(RESOURCE_TYPES)

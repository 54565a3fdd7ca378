"""A real broker: on loopback alone, as it is told to be, and gone when it is stopped."""

from __future__ import annotations

import os
import signal
import socket
import stat
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from streaming_constructs.local.kafka.broker import KafkaBroker
from streaming_constructs.local.kafka.broker_topic_log import BrokerTopicLog
from streaming_constructs.local.kafka.client import client_configuration
from streaming_constructs.local.kafka.topic_log import NewRecord, TopicLogError
from streaming_constructs.spec.finding import Finding, SpecError
from tests.conftest import Kafka

pytestmark = pytest.mark.xdist_group("kafka")

KEPT = 0.5 * 1024 * 1024


@pytest.fixture
def start(kafka: Kafka) -> Iterator[Callable[..., KafkaBroker]]:
    """Starts a broker of a test's own, and stops it."""
    started = []

    def start_broker(**given: object) -> KafkaBroker:
        broker = KafkaBroker(java=kafka.java, jars=kafka.jars, **given)  # type: ignore[arg-type]
        started.append(broker)
        broker.start()
        return broker

    yield start_broker
    for broker in started:
        broker.stop()


def until(is_so: Callable[[], bool], seconds: float = 30) -> bool:
    """Whether something comes to be so."""
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def is_alive(pid: int) -> bool:
    """Whether anything of a process group lives; what is dead and not asked for does not."""
    said = subprocess.run(["ps", "-eo", "pgid=,stat="], capture_output=True, text=True, check=True).stdout
    return any(line.split()[0] == str(pid) and not line.split()[1].startswith("Z") for line in said.splitlines())


def finding(error: pytest.ExceptionInfo[SpecError]) -> Finding:
    (found,) = error.value.findings
    return found


# --- its life


def test_it_is_gone_when_it_is_stopped(start: Callable[..., KafkaBroker]) -> None:
    broker = start()
    (pid,), (host, port) = broker.pids, broker.bootstrap_servers.split(":")
    folder = Path(f"/proc/{pid}/cwd").resolve() if sys.platform == "linux" else None
    broker.stop()
    assert not is_alive(pid)
    assert folder is None or not folder.parent.exists()
    with pytest.raises(OSError, match="refused"):
        socket.create_connection((host, int(port)), timeout=1)
    broker.stop()
    assert (broker.pids, broker.bootstrap_servers) == ((), "")


STARTER = """
import os, sys
from streaming_constructs.local.kafka.broker import KafkaBroker
broker = KafkaBroker()
broker.start()
print(*broker.pids, flush=True)
input()
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, None])
@pytest.mark.usefixtures("kafka")
def test_it_ends_with_who_started_it_however_that_ends(how: signal.Signals | None) -> None:
    command = [sys.executable, "-c", STARTER]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as starter:
        assert starter.stdout is not None
        pid = int(starter.stdout.readline())
        assert is_alive(pid)
        if how:
            starter.send_signal(how)
        starter.communicate("\n" if how is None else None)
    assert until(lambda: not is_alive(pid), 10)


def test_it_ends_without_being_asked_and_says_why(start: Callable[..., KafkaBroker]) -> None:
    broker = start()
    assert broker.why_ended() == ""
    os.kill(broker.pids[0], signal.SIGKILL)
    assert until(lambda: bool(broker.why_ended()), 10)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("num.partitions", 0, "ConfigException: Invalid value 0 for configuration num.partitions"),
        ("log.retention.ms", "7d", "ConfigException: Invalid value 7d for configuration log.retention.ms"),
        ("compression.type", "none", "ConfigException: Invalid value none for configuration compression.type"),
        ("log.roll.ms", 0, "IllegalArgumentException: requirement failed: log.roll.ms must be"),
        ("replica.selector.class", "no.such.Selector", "no.such.Selector (`replica.selector.class`)"),
    ],
)
def test_a_property_that_kafka_refuses_is_named(
    start: Callable[..., KafkaBroker], name: str, value: str | int, said: str
) -> None:
    with pytest.raises(SpecError) as error:
        start(server_properties={"num.io.threads": 3, name: value})
    assert (finding(error).code, said in finding(error).note) == ("LOC994", True)


def test_a_property_counts(start: Callable[..., KafkaBroker]) -> None:
    broker = start(server_properties={"num.partitions": 6, "auto.create.topics.enable": True})
    log = BrokerTopicLog(broker.access)
    log.create_topic("defaults", -1)
    assert log.partitions("defaults") == 6
    with pytest.raises(TopicLogError, match="disabled"):
        log.create_topic("tiered", 1, {"remote.storage.enable": "true"})
    log.close()


def test_the_shell_does_not_disturb(start: Callable[..., KafkaBroker], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"):
        monkeypatch.setenv(name, "-Xmx1k")
    for name in ("KAFKA_OPTS", "KAFKA_HEAP_OPTS", "KAFKA_LOG4J_OPTS", "CLASSPATH"):
        monkeypatch.setenv(name, "-Dnothing -Xmx1k")
    assert start().why_ended() == ""


@pytest.mark.parametrize("nodes", [0, 4])
def test_a_cluster_has_a_few_nodes(nodes: int) -> None:
    with pytest.raises(ValueError, match="1 to 3"):
        KafkaBroker(nodes=nodes)


# --- who can reach it


@pytest.mark.skipif(sys.platform != "linux", reason="what a process listens on is read in /proc")
def test_it_listens_on_loopback_alone_and_its_folder_is_private(kafka_broker: KafkaBroker) -> None:
    (pid,) = kafka_broker.pids
    sockets = {str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir() if link.is_symlink()}
    listening = []
    for table in ("tcp", "tcp6"):
        for row in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            local, state, inode = (row.split()[column] for column in (1, 3, 9))
            if state == "0A" and f"socket:[{inode}]" in sockets:
                listening.append(local.rpartition(":")[0])
    # 127.0.0.1, by itself or as an address of IPv6
    assert set(listening) <= {"0100007F", "0000000000000000FFFF00000100007F"}
    assert len(listening) == 2
    folder = Path(f"/proc/{pid}/cwd").resolve()
    assert stat.S_IMODE(folder.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "asked",
    [
        {"sasl.password": "secret"},
        {"sasl.username": "admin"},
        {"sasl.password": ""},
        {"security.protocol": "PLAINTEXT"},
    ],
)
def test_it_answers_nobody_who_does_not_know_its_password(kafka_broker: KafkaBroker, asked: dict[str, str]) -> None:
    from confluent_kafka import KafkaException
    from confluent_kafka.admin import AdminClient

    with pytest.raises(KafkaException):
        AdminClient({**client_configuration(kafka_broker.access), **asked}).list_topics(timeout=2)


def test_its_controller_answers_nobody_without_a_password_either(kafka_broker: KafkaBroker) -> None:
    folder = Path(f"/proc/{kafka_broker.pids[0]}/cwd")
    if not folder.exists():
        pytest.skip("where a controller listens is read in /proc")
    listeners = (folder / "server.properties").read_text()
    port = int(listeners.partition("CONTROLLER://127.0.0.1:")[2].partition("\n")[0])
    versions, correlation = 18, 7  # ApiVersions in its first form is what is answered to anybody; metadata is not
    metadata = 3
    for api, is_answered in ((versions, True), (metadata, False)):
        with socket.create_connection(("127.0.0.1", port), timeout=5) as asks:
            header = struct.pack(">hhih", api, 0, correlation, -1)
            body = b"" if api == versions else struct.pack(">i", 0)
            asks.sendall(struct.pack(">i", len(header + body)) + header + body)
            assert bool(asks.recv(4)) is is_answered


# --- what only a real one does


def test_closed_segments_are_moved_and_read_from_there(kafka_broker: KafkaBroker) -> None:
    log = BrokerTopicLog(kafka_broker.access)
    configs = {
        "remote.storage.enable": "true",
        "segment.bytes": str(1024 * 1024),
        "retention.ms": "86400000",
        "local.retention.bytes": "1",
        "file.delete.delay.ms": "0",
    }
    log.create_topic("tiered", 1, configs)
    positions = log.put_all(NewRecord("tiered", b"one", b"%05d" % number + b"x" * 1000) for number in range(5000))
    assert positions[-1].offset == 4999
    assert kafka_broker.tier is not None
    tier, local = kafka_broker.tier, Path(f"/proc/{kafka_broker.pids[0]}/cwd/data/tiered-0")

    def moved() -> list[Path]:
        return [path for path in tier.rglob("*.log") if "tiered-0" in path.parent.name]

    assert until(lambda: len(moved()) >= 3), "nothing was moved"
    assert sum(path.stat().st_size for path in moved()) > KEPT
    if sys.platform == "linux":
        assert until(lambda: not (local / "00000000000000000000.log").exists()), "what was moved is still on the disk"
    read = log.read("tiered", 0, 0, 5000, 10_000_000)
    assert [(record.offset, (record.value or b"")[:5]) for record in read] == [(n, b"%05d" % n) for n in range(5000)]
    log.close()


def test_three_nodes_lose_no_acknowledged_record_when_one_is_killed_in_the_middle(
    start: Callable[..., KafkaBroker],
) -> None:
    broker = start(nodes=3)
    log = BrokerTopicLog(broker.access)
    log.create_topic("safe", 6, {"min.insync.replicas": "2"}, replication_factor=3)
    count, killed = 20_000, broker.pids[1]

    def records() -> Iterator[NewRecord]:
        for number in range(count):
            if number == count // 2:  # thousands are on their way, and not acknowledged
                os.kill(killed, signal.SIGKILL)
            yield NewRecord("safe", str(number).encode(), b"%d" % number)

    positions = log.put_all(records())
    assert broker.why_ended() != ""
    acknowledged = {tuple(position): b"%d" % number for number, position in enumerate(positions)}
    assert len(acknowledged) == count
    kept = {}
    for partition, end in log.end_offsets("safe").items():
        at = 0
        while at < end:
            for record in log.read("safe", partition, at, 5000):
                kept[partition, record.offset] = record.value
                at = record.offset + 1
    assert kept == acknowledged
    log.close()

"""A cluster that changes, or ends, while it runs, on a real broker."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest

from streaming_constructs.local.aws.deployment import deploy, stacks_of
from streaming_constructs.local.aws.embedded_aws import EmbeddedAws
from streaming_constructs.local.event_targets import EventTarget
from streaming_constructs.local.events import Event
from streaming_constructs.local.kafka.broker_topic_log import BrokerTopicLog
from streaming_constructs.local.kafka.client import admin_client
from streaming_constructs.local.kafka.gate import Gate
from streaming_constructs.local.kafka.topic_keeper import BrokerKeeper
from streaming_constructs.local.rehearsal import Rehearsal
from streaming_constructs.local.verdict import faults
from streaming_constructs.spec.finding import SpecError
from tests.local.conftest import write_assembly

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from streaming_constructs.local.kafka.embedded_msk import EmbeddedMsk
    from tests.conftest import Kafka

pytestmark = pytest.mark.xdist_group("kafka")


@pytest.fixture
def with_broker(kafka: Kafka) -> Iterator[EmbeddedAws]:
    with EmbeddedAws(topic_keeper=BrokerKeeper) as running:
        yield running


def resources(properties: str) -> dict[str, Any]:
    latest = {"Fn::GetAtt": ["Configuration", "LatestRevision.Revision"]}
    configured = {"Arn": {"Ref": "Configuration"}, "Revision": latest}
    topic = {"ClusterArn": {"Ref": "Cluster"}, "PartitionCount": 1, "ReplicationFactor": 3, "TopicName": "orders"}
    return {
        "Configuration": {
            "Type": "AWS::MSK::Configuration",
            "Properties": {"Name": "main", "ServerProperties": properties},
        },
        "Cluster": {
            "Type": "AWS::MSK::Cluster",
            "Properties": {"ClusterName": "main", "NumberOfBrokerNodes": 3, "ConfigurationInfo": configured},
        },
        "Topic": {"Type": "AWS::MSK::Topic", "Properties": topic},
    }


def property_of(log: BrokerTopicLog, name: str) -> str:
    """What the broker itself says."""
    from confluent_kafka.admin import ConfigResource, ResourceType

    node, asks = ConfigResource(ResourceType.BROKER, "1"), admin_client(log.access)
    return str(asks.describe_configs([node])[node].result(30)[name].value)


def test_it_reaches_the_broker_which_keeps_its_records(with_broker: EmbeddedAws, tmp_path: Path) -> None:
    def deployed(properties: str) -> None:
        folder = tmp_path / str(time.monotonic_ns())
        deploy(with_broker.aws, stacks_of(write_assembly(folder, "Shop", resources(properties)))[0])

    deployed("log.retention.hours=5\n")
    msk: EmbeddedMsk = with_broker._msk
    (cluster,) = msk.clusters()
    servers, orders = msk.bootstrap_servers(cluster), msk.topic(cluster, "orders")
    assert isinstance(orders.log, BrokerTopicLog)
    msk.put(orders.arn, [(b"key", b"before")])
    orders.log.commit("group", "orders", {0: 1})

    deployed("log.retention.hours=6\n")
    assert property_of(orders.log, "log.retention.hours") == "6"
    assert msk.bootstrap_servers(cluster) == servers
    msk.put(orders.arn, [(b"key", b"after")])
    assert [record.value for record in orders.log.read("orders", 0, 0)] == [b"before", b"after"]
    assert orders.log.committed("group", "orders") == {0: 1}

    with pytest.raises(SpecError) as error:
        deployed("log.retention.hours=never\n")
    assert "log.retention.hours" in error.value.findings[0].note
    assert property_of(orders.log, "log.retention.hours") == "6"
    assert [record.value for record in orders.log.read("orders", 0, 0)] == [b"before", b"after"]


def node_of_this_process() -> int:
    said = subprocess.run(["ps", "-ww", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True).stdout
    rows = [line.split(maxsplit=2) for line in said.splitlines()]
    (pid,) = (int(pid) for pid, parent, command in rows if parent == str(os.getpid()) and "kafka.Kafka" in command)
    return pid


def test_a_broker_that_ends_in_the_middle_is_told_and_makes_the_rehearsal_red(kafka: Kafka, tmp_path: Path) -> None:
    with Rehearsal(topic_keeper=BrokerKeeper) as rehearsal:
        rehearsal.name("Shop", {"Cluster": "main", "Topic": "orders"})
        rehearsal.deploy(write_assembly(tmp_path, "Shop", resources("")))
        assert rehearsal.put([Event("key", b"before")]).records == 1
        os.kill(node_of_this_process(), signal.SIGKILL)
        while not rehearsal.msk.ended():
            time.sleep(0.01)
        put = rehearsal.put([Event("key", b"after")], EventTarget("topic", "orders", rehearsal.msk.topics()[0].arn))
        report = rehearsal.report()
    assert "the broker has ended: it was ended by SIGKILL" in put.stopped
    assert report.stopped["the broker of main"] == "it was ended by SIGKILL"
    assert "the broker of main has stopped: it was ended by SIGKILL" in faults(report)
    assert [(topic.name, topic.partitions) for topic in report.kafka_topics] == [("orders", ())]


def test_who_comes_to_a_closed_gate_waits_and_who_is_inside_finishes_first() -> None:
    gate, opens, seen = Gate(), threading.Event(), []

    def close() -> None:
        with gate.closed():
            seen.append("closed")
            opens.wait(30)
            seen.append("open")

    def pass_through() -> None:
        with gate.passing():
            seen.append("passed")

    closer, late = Thread(target=close), Thread(target=pass_through)
    with gate.passing():
        closer.start()
        with gate.passing():  # its thread is inside already, and is not held up
            seen.append("inside")
    while "closed" not in seen:
        time.sleep(0.01)
    late.start()
    late.join(0.2)
    opens.set()
    for thread in (closer, late):
        thread.join(30)
    assert seen == ["inside", "closed", "open", "passed"]

"""A Kafka cluster on this machine: Apache Kafka itself, one node or a few, on loopback, gone when it is stopped.

It speaks without encryption, and answers those alone who know its password, which is made for each broker: other users of the
machine do not. What is kept is in a folder that only this user can read, and is taken away with it. POSIX only.
"""

from __future__ import annotations

import atexit
import base64
import os
import socket
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from streaming_constructs.local.class_data import archive_flags
from streaming_constructs.local.jars.require_jars import require_jars
from streaming_constructs.local.java import Java, find_java
from streaming_constructs.local.kafka.broker_log import PORT_TAKEN
from streaming_constructs.local.kafka.broker_node import BrokerNode, java_command
from streaming_constructs.local.kafka.client import BrokerAccess, admin_client, new_password, require_client
from streaming_constructs.local.kafka.server_properties import (
    NodeAddress,
    ServerProperties,
    node_properties,
    refuse_own,
)
from streaming_constructs.local.scratch_folder import ScratchFolder
from streaming_constructs.planning.jar_cache import FoundJars
from streaming_constructs.spec.finding import Finding, SpecError

if TYPE_CHECKING:
    from confluent_kafka.admin import AdminClient

MOST_NODES = 3
"""A node takes 130 to 170 MB, and what a cluster is asked here, three can show."""
STOP_SECONDS = 3.0
"""How long a node has to end by itself. It takes less than a second, or with tiered storage forever; its data is not needed."""
_READY_SECONDS = 60.0
_GLANCE_SECONDS = 0.05
_TRIES = 3
_UUID_BYTES = 16


class KafkaBroker:
    """A cluster of Apache Kafka, from `start` to `stop`. Every node is broker and controller.

    Topics are not created by those who ask for them, unless `auto.create.topics.enable` is set.
    """

    def __init__(
        self,
        *,
        nodes: int = 1,
        server_properties: ServerProperties | None = None,
        tiered_storage: bool = False,
        jvm_flags: Sequence[str] = (),
        jars: FoundJars | None = None,
        java: Java | None = None,
        password: str = "",
    ) -> None:
        """Starts nothing yet.

        Args:
            nodes: How many nodes, 1 to 3.
            server_properties: What every node is told, by Kafka's names. Kafka itself judges names and values when it starts.
            tiered_storage: Whether topics can have `remote.storage.enable`: closed segments are then moved to a folder.
            jvm_flags: More flags of the virtual machine of each node, such as `-Xmx256m` in place of 128 MB.
            jars: What to run. Left out: `require_jars`, which brings them first where they are missing.
            java: What runs it. Left out: `find_java`.
            password: What it asks of its clients. Left out: one that is made for it.

        Raises:
            ValueError: If there are too many or too few nodes, or a property is among those that say where a node listens or
                keeps its data.
        """
        if not 1 <= nodes <= MOST_NODES:
            raise ValueError(f"a cluster has 1 to {MOST_NODES} nodes, not {nodes}")
        self._server_properties = dict(server_properties or {})
        refuse_own(self._server_properties)
        self._count, self._is_tiered = nodes, tiered_storage
        self._jvm_flags, self._jars, self._java = tuple(jvm_flags), jars, java
        self._password = password or new_password()
        self._nodes: list[BrokerNode] = []
        self._places: Sequence[tuple[NodeAddress, str]] = ()
        self._folder: ScratchFolder | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def bootstrap_servers(self) -> str:
        """Where clients find it, such as `127.0.0.1:40123`; all its nodes, with a comma between."""
        return ",".join(f"127.0.0.1:{node.address.port}" for node in self._nodes)

    @property
    def access(self) -> BrokerAccess:
        """Where clients find it, and what it asks of them."""
        return BrokerAccess(self.bootstrap_servers, self._password)

    @property
    def pids(self) -> tuple[int, ...]:
        """The processes of its nodes, in their order."""
        return tuple(node.pid for node in self._nodes)

    @property
    def tier(self) -> Path | None:
        """The folder of the segments that were moved from the nodes; None if it is not running, or without tiered storage."""
        return self._folder.path / "tier" if self._folder and self._is_tiered else None

    def start(self) -> None:
        """Starts it, and waits until it answers.

        Raises:
            RuntimeError: If it runs already.
            SpecError: If there is no Java, no jars or no client of Kafka; or it ended, with what it said first, such as the
                property that it refuses.
        """
        if self._nodes:
            raise RuntimeError("the broker runs already")
        require_client()
        java, jars = self._java or find_java(), self._jars or require_jars()
        atexit.register(self.stop)
        with ExitStack() as undone:
            undone.callback(self.stop)
            for left in reversed(range(_TRIES)):
                self._settle()
                self._start_nodes(java, jars)
                failure = self._wait_until_ready()
                if not failure:
                    undone.pop_all()
                    return
                if PORT_TAKEN not in failure or not left:
                    raise _failed(failure)
                self.stop()

    def restart(self, server_properties: ServerProperties) -> None:
        """Ends its nodes and starts them where they were, with the records that they have, and with other properties.

        Args:
            server_properties: What every node is told from now on.

        Raises:
            SpecError: If Kafka refuses one of them; it goes on with those that it had.
        """
        refuse_own(server_properties)
        before, self._server_properties = self._server_properties, dict(server_properties)
        failure = self._start_again()
        if failure:
            self._server_properties = before
            self._start_again()
            raise _failed(failure)

    def why_ended(self) -> str:
        """Why one of its nodes ended by itself; empty while all run, and after `stop`."""
        return next((node.first_failure() or "it said nothing" for node in self._nodes if not node.is_alive), "")

    def kill_node(self, node: int) -> None:
        """Ends a node at once, as a failure of its machine would. It is not started again.

        Args:
            node: Its number, from 1.
        """
        self._nodes[node - 1].kill()

    def stop(self, seconds: float = STOP_SECONDS) -> None:
        """Ends all nodes, and takes away what they kept; may be called again.

        Args:
            seconds: How long they have to end by themselves; then they are killed.
        """
        atexit.unregister(self.stop)
        self._end_nodes(seconds)
        if self._folder is not None:
            self._folder.close()
            self._folder = None

    def _end_nodes(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        for node in self._nodes:
            node.terminate()
        for node in self._nodes:
            node.wait(until - time.monotonic())
            node.kill()
        self._nodes = []

    def _start_again(self) -> str:
        self._end_nodes(STOP_SECONDS)
        self._start_nodes(self._java or find_java(), self._jars or require_jars())
        return self._wait_until_ready()

    def _settle(self) -> None:
        """Chooses where its nodes are, and whose data they have."""
        self._folder = ScratchFolder()
        if self.tier is not None:
            self.tier.mkdir()
        cluster = _uuid()
        self._places = [
            (address, f"version=1\ncluster.id={cluster}\nnode.id={address.node}\ndirectory.id={_uuid()}\n")
            for address in _free_addresses(self._count)
        ]

    def _start_nodes(self, java: Java, jars: FoundJars) -> None:
        assert self._folder is not None
        root, tier = self._folder.path, self.tier
        addresses = [address for address, _ in self._places]
        flags = [*archive_flags(java, jars), *self._jvm_flags]
        for address, identity in self._places:
            folder = root / f"node-{address.node}"
            properties = node_properties(
                address,
                addresses,
                folder / "data",
                password=self._password,
                tier=tier,
                wanted=self._server_properties,
            )
            command = java_command(java, jars, folder, flags)
            self._nodes.append(BrokerNode(command, address, folder, properties, identity))

    def _wait_until_ready(self) -> str:
        """Waits until clients can work with it; returns why they cannot, if a node ended or it takes too long."""
        until = time.monotonic() + _READY_SECONDS
        asks = admin_client(self.access)
        while time.monotonic() < until:
            if failure := self.why_ended():
                return failure
            if all(_listens(node.address.port) for node in self._nodes) and self._answers(asks):
                return ""
            time.sleep(_GLANCE_SECONDS)
        return f"it was not ready after {_READY_SECONDS:.0f} s"

    def _answers(self, asks: AdminClient) -> bool:
        """Whether all nodes know each other, and who controls them."""
        from confluent_kafka import KafkaException

        try:
            cluster = asks.list_topics(timeout=1)
        except KafkaException:
            return False
        return cluster.controller_id >= 0 and len(cluster.brokers) == self._count


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def _free_addresses(nodes: int) -> Sequence[NodeAddress]:
    """Ports that are free now. Until a node takes them others might: that is seen when it starts."""
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(2 * nodes)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        ports = [each.getsockname()[1] for each in sockets]
    return [NodeAddress(node + 1, *ports[2 * node : 2 * node + 2]) for node in range(nodes)]


def _uuid() -> str:
    """An id as Kafka writes them: 16 random bytes, of which none begins like an option."""
    while True:
        text = base64.urlsafe_b64encode(os.urandom(_UUID_BYTES)).decode().rstrip("=")
        if not text.startswith("-"):
            return text


def _failed(failure: str) -> SpecError:
    help_ = "change the server property that it names; is it none, then look for room in memory and on the disk"
    return SpecError([Finding("LOC994", "the Kafka broker did not start", note=failure, help=help_)])

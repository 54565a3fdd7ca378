"""What a node of a rehearsal's Kafka cluster is told: where it listens, how small it is, and what its user wants of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from streaming_constructs.local.kafka.client import USER

ServerProperties = Mapping[str, str | int | float | bool]
"""Properties of a broker, by their Kafka names, such as `{"num.partitions": 6}`."""

CLIENT, CONTROLLER = "CLIENT", "CONTROLLER"
"""The names of the two listeners."""
_OWN = (
    "advertised.listeners",
    "broker.id",
    "control.plane.listener.name",
    "early.start.listeners",
    "inter.broker.listener.name",
    "listener.security.protocol.map",
    "listeners",
    "log.dir",
    "log.dirs",
    "metadata.log.dir",
    "node.id",
    "process.roles",
    "rsm.config.dir",
    "sasl.enabled.mechanisms",
    "sasl.mechanism.controller.protocol",
    "sasl.mechanism.inter.broker.protocol",
    "security.inter.broker.protocol",
    "zookeeper.connect",
)
_OWN_PREFIXES = ("controller.", "listener.name.")
_MECHANISM = "PLAIN"
_TIER_CLIENT = "rlmm.config.remote.log.metadata.common.client"
"""How properties of the client begin by which a node keeps account of what was moved from its disk."""
_SMALL: ServerProperties = {
    # A node lives in 128 MB; the log cleaner alone would take these 128 MB at its start.
    "log.cleaner.dedupe.buffer.size": 2_097_152,
    "log.cleaner.threads": 1,
    "num.network.threads": 1,
    "num.io.threads": 2,
    "background.threads": 2,
    "remote.log.manager.thread.pool.size": 2,
    "remote.log.reader.threads": 1,
    "offsets.topic.num.partitions": 1,
    "transaction.state.log.num.partitions": 1,
    # The first member of a group would wait for others for 3 s.
    "group.initial.rebalance.delay.ms": 0,
    # A node that was killed would be missed after 9 s; a busy machine may well hold up one that lives for 2 s.
    "broker.session.timeout.ms": 4000,
    "broker.heartbeat.interval.ms": 500,
}
"""What makes a node small and quick. None of it is advice for a cluster."""
_TIERED: ServerProperties = {
    "remote.log.storage.system.enable": True,
    "remote.log.storage.manager.class.name": "org.apache.kafka.server.log.remote.storage.LocalTieredStorage",
    "remote.log.storage.manager.impl.prefix": "rsm.config.",
    "remote.log.metadata.manager.listener.name": CLIENT,
    "rlmm.config.remote.log.metadata.topic.num.partitions": 1,
    # It is over before the usual intervals are, which are 30 s and 5 minutes.
    "remote.log.manager.task.interval.ms": 500,
    "log.retention.check.interval.ms": 500,
    "log.initial.task.delay.ms": 100,
}
_ESCAPED = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\f": "\\f"})


@dataclass(frozen=True, slots=True)
class NodeAddress:
    """Where a node of a cluster is.

    Attributes:
        node: Its number, from 1.
        port: Where its clients find it, on loopback.
        controller_port: Where the other controllers find it.
    """

    node: int
    port: int
    controller_port: int


def refuse_own(properties: ServerProperties) -> None:
    """Refuses properties that say where a node listens or keeps its data: those are not its user's to choose.

    Args:
        properties: What its user wants.

    Raises:
        ValueError: If there is one.
    """
    own = sorted(name for name in properties if name in _OWN or name.startswith(_OWN_PREFIXES))
    if own:
        raise ValueError(f"where a broker listens and keeps its data cannot be chosen: {', '.join(own)}")


def node_properties(
    address: NodeAddress,
    nodes: Sequence[NodeAddress],
    folder: Path,
    *,
    password: str,
    tier: Path | None,
    wanted: ServerProperties,
) -> dict[str, str]:
    """The properties of a node, which is broker and controller. What its user wants goes before what makes it small.

    Args:
        address: Where it is.
        nodes: Where all nodes of the cluster are, itself among them.
        folder: Where its data is.
        password: What it asks of clients, and nodes of each other.
        tier: Where the segments of all nodes go that are moved from their own disks. None: nowhere; topics cannot be tiered.
        wanted: What its user wants.
    """
    copies = len(nodes)
    properties: dict[str, str | int | float | bool] = {
        **_SMALL,
        "auto.create.topics.enable": False,
        "offsets.topic.replication.factor": copies,
        "transaction.state.log.replication.factor": copies,
        "transaction.state.log.min.isr": 1,
    }
    if tier is not None:
        properties |= _TIERED
        properties["rlmm.config.remote.log.metadata.topic.replication.factor"] = copies
    properties |= wanted
    if tier is not None:
        properties["rsm.config.dir"] = str(tier)
        properties |= {f"{_TIER_CLIENT}.{name}": value for name, value in _sasl(password).items()}
    properties |= {
        "process.roles": "broker,controller",
        "node.id": address.node,
        "controller.quorum.voters": ",".join(f"{node.node}@127.0.0.1:{node.controller_port}" for node in nodes),
        "controller.listener.names": CONTROLLER,
        "listeners": f"{CLIENT}://127.0.0.1:{address.port},{CONTROLLER}://127.0.0.1:{address.controller_port}",
        "advertised.listeners": f"{CLIENT}://127.0.0.1:{address.port}",
        "listener.security.protocol.map": f"{CLIENT}:SASL_PLAINTEXT,{CONTROLLER}:SASL_PLAINTEXT",
        "inter.broker.listener.name": CLIENT,
        "sasl.enabled.mechanisms": _MECHANISM,
        "sasl.mechanism.controller.protocol": _MECHANISM,
        "sasl.mechanism.inter.broker.protocol": _MECHANISM,
        **{
            f"listener.name.{name.lower()}.{_MECHANISM.lower()}.sasl.jaas.config": _login(password)
            for name in (CLIENT, CONTROLLER)
        },
        "log.dirs": str(folder),
    }
    return {name: _text(value) for name, value in properties.items()}


def _sasl(password: str) -> dict[str, str]:
    """What a client of Java is told."""
    return {"sasl.mechanism": _MECHANISM, "sasl.jaas.config": _login(password)}


def _login(password: str) -> str:
    """Who a node is to others, and whom it lets in; of a password that needs no quotes."""
    module = "org.apache.kafka.common.security.plain.PlainLoginModule"
    return f'{module} required username="{USER}" password="{password}" user_{USER}="{password}";'


def properties_file(properties: Mapping[str, str]) -> str:
    """A file of properties, as Java reads it.

    Source: https://docs.oracle.com/en/java/javase/17/docs/api/java.base/java/util/Properties.html#load(java.io.Reader)

    Args:
        properties: The properties.
    """
    return "".join(f"{_escaped(name, ' =:#!')}={_escaped(value, '')}\n" for name, value in properties.items())


def _text(value: str | float) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _escaped(text: str, also: str) -> str:
    """A name or a value, of which Java reads every character as it is; blanks at the start of a value, too."""
    escaped = text.translate(_ESCAPED)
    for sign in also:
        escaped = escaped.replace(sign, f"\\{sign}")
    if escaped.startswith(" "):
        escaped = f"\\{escaped}"
    return "".join(sign if " " <= sign <= "~" else _unicode(sign) for sign in escaped)


def _unicode(sign: str) -> str:
    units = sign.encode("utf-16-be")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))

"""What a connector leaves in its cluster, and what of a source cannot change in one deployment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from streaming_constructs.spec.connectors.connector import KafkaConnectorSpec
from streaming_constructs.spec.connectors.source import SourceConnectorSpec
from streaming_constructs.spec.finding import SpecPath
from streaming_constructs.spec.kafka_configs import config_text
from streaming_constructs.spec.kept import Kept, State

if TYPE_CHECKING:
    from streaming_constructs.planning.connectors.connector import ConnectorPlan


@dataclass(frozen=True, slots=True)
class _OfSource:
    """What a source has that its connector cannot change in place.

    Attributes:
        connector_name: The name that the spec gives the connector; None where that follows from the node.
        value: What it has, in words.
    """

    connector_name: str | None
    value: str

    def __str__(self) -> str:
        return self.value


def connector_state(connector: ConnectorPlan) -> State:
    """What becomes of a connector that leaves the stack, and what of it is there to stay.

    Args:
        connector: The connector with its numbers.
    """
    told = "the connector is deleted; where it was is kept in the cluster, and a node of its name goes on from there"
    kept = [
        Kept(
            "its cluster",
            connector.spec.cluster,
            ("cluster",),
            "EVO973",
            note="CloudFormation makes another connector, which begins anew: where it was, is kept in the cluster",
        )
    ]
    if isinstance(connector.spec, SourceConnectorSpec):
        kept += _kept_of_source(connector, connector.spec)
    if not connector.spec.creates_bucket:
        return State(stays=told, goes=told, kept=tuple(kept))
    return State(
        stays=f"{told}; its bucket stays, with what was written, outside of the stack",
        goes=f"{told}; its bucket is deleted, with all that was written",
        kept=tuple(kept),
    )


def _kept_of_source(connector: ConnectorPlan, spec: SourceConnectorSpec) -> Iterator[Kept]:
    """Its name, which its positions stand under, and what only another connector of that name could have."""
    yield Kept(
        "its name",
        spec.connector_name or "that of the node",
        ("connector_name",),
        "EVO973",
        note="CloudFormation makes another connector, which begins anew: where the other one was, is kept under its name",
    )
    secret_region = spec.secret_arn.split(":")[3] if spec.secret_arn is not None else "none"
    further = [f"{key}={config_text(value)}" for key, value in sorted(spec.worker_config.items())]
    values: tuple[tuple[str, str, SpecPath], ...] = (
        ("its plugin", _plugin(spec), ("plugin",)),
        ("its version of Kafka Connect", spec.kafka_connect_version, ("kafka_connect_version",)),
        ("its converter of values", _converter(connector), ("value_converter",)),
        ("the region of its secret", secret_region, ("secret_arn",)),
        ("what else its workers are told", ", ".join(further) or "nothing", ("worker_config",)),
        ("the topic of its positions", spec.offset_topic or "its own", ("offset_topic",)),
        ("where its workers stand", _place(spec), ("vpc",)),
    )
    for what, value, path in values:
        yield Kept(
            what,
            _OfSource(spec.connector_name, value),
            path,
            "EVO971",
            note="CloudFormation would make another connector before it deletes this one, and MSK Connect refuses a second one "
            "of a name; another name would begin anew, as positions are kept under it",
            help=f"deploy twice: first without `connectors.{connector.name}`, then with it; it goes on where it was, if "
            "what it reads keeps that until then",
            is_broken=_is_refused,
        )


def _is_refused(before: _OfSource, after: _OfSource | None) -> bool:
    """Whether another connector of the same name would have to take the place of the first."""
    return after is not None and after.connector_name == before.connector_name and after.value != before.value


def _plugin(spec: KafkaConnectorSpec) -> str:
    plugin = spec.plugin
    if plugin.arn is not None:
        return f"{plugin.arn}, revision {plugin.revision}"
    version = f", version {plugin.object_version}" if plugin.object_version is not None else ""
    return plugin.path or f"{plugin.bucket}/{plugin.key}{version}"


def _converter(connector: ConnectorPlan) -> str:
    registry = connector.registry
    if connector.converter != "registry" or registry is None:
        return connector.converter or "as `config` says"
    return f"registry of {registry.data_format}, {registry.compatibility}"


def _place(spec: KafkaConnectorSpec) -> str:
    if spec.vpc is None:
        return "where its cluster does"
    return ", ".join((*spec.vpc.subnet_ids, *spec.vpc.security_group_ids))

"""What changes of connectors on MSK Connect mean, of their workers and of what replaces them.

The settings of a connector are in `kafka_connect_settings`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from streaming_constructs.facts import kafka_connect
from streaming_constructs.review.comparing.defaults import is_by_default
from streaming_constructs.review.comparing.differences import same
from streaming_constructs.review.comparing.pair import Pair
from streaming_constructs.review.comparing.replacement import Replacement
from streaming_constructs.review.comparing.template import Resource, Template, dotted_path, value_at
from streaming_constructs.review.comparing.values import number, shown
from streaming_constructs.review.meaning import Changed, Meaning, means, when_replaced
from streaming_constructs.review.settings.kafka_properties import properties_of

CONNECTOR = "AWS::KafkaConnect::Connector"
_SETTINGS = "ConnectorConfiguration"
_GROUP = "consumer.override.group.id"
_OFFSETS = "offset.storage.topic"
is_by_default(
    CONNECTOR,
    {
        "Capacity.AutoScaling.ScaleInPolicy.CpuUtilizationPercentage": int(kafka_connect.SCALE_IN_PERCENT.value),
        "Capacity.AutoScaling.ScaleOutPolicy.CpuUtilizationPercentage": int(kafka_connect.SCALE_OUT_PERCENT.value),
    },
)


def is_sink(connector: Resource) -> bool:
    """Whether a connector reads topics: it then goes on from the offsets of its group.

    Args:
        connector: The connector.
    """
    settings = connector.at(_SETTINGS)
    return isinstance(settings, Mapping) and ("topics" in settings or "topics.regex" in settings)


@when_replaced(CONNECTOR)
def connector_replaced(pair: Pair, replacement: Replacement) -> Iterator[Meaning]:
    """A connector that a deployment replaces: the new one knows where the old one was only by what has the same name."""
    old, new = replacement.old, replacement.new
    name = dotted_path(replacement.path)
    why = (
        f"`{name}` refers to {replacement.because}, which is replaced"
        if replacement.because
        else f"`{name}` cannot be changed in place"
    )
    keeps = _kept_position(pair, old, new)
    same_name = same(old.at("ConnectorName"), new.at("ConnectorName"))
    if keeps:
        taken = "; MSK Connect refuses a second one of this name while the old one is there" if same_name else ""
        yield Meaning(
            "REV441", f"it is replaced by a new one, which goes on by {keeps}: {why}{taken}", "stop the old one first"
        )
    elif same_name:
        yield Meaning(
            "REV440",
            f"it is replaced: {why}; MSK Connect refuses a second connector of the same name while the old one is there, "
            "and a new one reads again or skips",
            _how_to_keep(new),
            about="replacement",
        )
    else:
        yield Meaning(
            "REV440",
            f"it is replaced by a new one, which does not know how far the old one was, and reads again or skips: {why}",
            _how_to_keep(new),
        )


def _how_to_keep(connector: Resource) -> str:
    if is_sink(connector):
        return f"name its group yourself first: `{_GROUP}`"
    return f"name `{_OFFSETS}` in the configuration of its workers, and keep its name"


def _kept_position(pair: Pair, old: Resource, new: Resource) -> str:
    """By what a new connector goes on where the old one was; empty where by nothing."""
    if is_sink(old) and is_sink(new):
        groups = [value_at(connector.at(_SETTINGS), (_GROUP,)) for connector in (old, new)]
        return f"the group {shown(groups[1])}" if groups[0] is not None and same(groups[0], groups[1]) else ""
    topics = [_offsets_topic(pair.old, old), _offsets_topic(pair.new, new)]
    if topics[0] and topics[0] == topics[1] and same(old.at("ConnectorName"), new.at("ConnectorName")):
        return f"the topic of offsets {shown(topics[1])}"
    return ""


def _offsets_topic(template: Template, connector: Resource) -> str:
    workers = template.target(connector.at("WorkerConfiguration", "WorkerConfigurationArn"))
    found = properties_of(workers.at("PropertiesFileContent")) if workers else None
    return (found or {}).get(_OFFSETS, "")


class _Capacity(NamedTuple):
    """What a connector runs on.

    Attributes:
        least: Units at any time.
        most: Units at most.
        tasks: Tasks at most, where its workers follow the load.
        out_at: Use of the processors, in percent, from which on a worker is added.
    """

    least: float
    most: float
    tasks: float
    out_at: float


def _capacity(value: Any) -> _Capacity | None:
    fixed, scaled = value_at(value, ("ProvisionedCapacity",)), value_at(value, ("AutoScaling",))
    if isinstance(fixed, Mapping):
        units = _product(fixed.get("McuCount", 1), fixed.get("WorkerCount"))
        return None if units is None else _Capacity(units, units, float("inf"), 0)
    if isinstance(scaled, Mapping):
        least, most = (
            _product(scaled.get("McuCount", 1), scaled.get(name)) for name in ("MinWorkerCount", "MaxWorkerCount")
        )
        out_at = number(value_at(scaled, ("ScaleOutPolicy", "CpuUtilizationPercentage")))
        if least is not None and most is not None:
            tasks = number(scaled.get("MaxAutoscalingTaskCount"))
            return _Capacity(
                least,
                most,
                float("inf") if tasks is None else tasks,
                kafka_connect.SCALE_OUT_PERCENT.value if out_at is None else out_at,
            )
    return None


def _product(units: Any, workers: Any) -> float | None:
    first, second = number(units), number(workers)
    return None if first is None or second is None else first * second


@means(CONNECTOR, "Capacity")
def capacity(changed: Changed) -> Iterator[Meaning]:
    """The workers of a connector."""
    old, new = _capacity(changed.old), _capacity(changed.new)
    if old is None or new is None:
        yield Meaning("REV442", "how much it runs on is known at deployment only")
        return
    told = f"MSK Connect Units: {_units(old)} → {_units(new)}"
    if new.most < old.most or new.least < old.least or new.tasks < old.tasks or new.out_at > old.out_at > 0:
        yield Meaning("REV442", f"{told}: less carries the same load, and the connector may fall behind")
    else:
        yield Meaning("REV443", told)


def _units(capacity: _Capacity) -> str:
    same_ = capacity.least == capacity.most
    return f"{capacity.most:.0f}" if same_ else f"{capacity.least:.0f} to {capacity.most:.0f}"

"""Configurations of a topic that the language has a field for: the field, and the value in its unit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from streaming_constructs.facts import kafka
from streaming_constructs.spec.finding import Edit, Finding
from streaming_constructs.spec.kafka_configs import ConfigValue, config_text
from streaming_constructs.spec.other_units import in_our_unit, takes

FIELDS_OF_CONFIGS = {
    "cleanup.policy": "cleanup_policy",
    "compression.type": "compression",
    "local.retention.ms": "local_retention_hours",
    "max.message.bytes": "max_message_kb",
    "min.insync.replicas": "min_insync_replicas",
    "remote.storage.enable": "local_retention_days",
    "retention.ms": "retention_hours",
}
"""Configurations that the language has a field for."""
CONFIGS_WITHOUT_A_FIELD = tuple(key for key in kafka.TOPIC_CONFIGS if key not in FIELDS_OF_CONFIGS)
"""Configurations that stand in `configs`."""


def said_by_fields(key: str, value: Any, beside: Mapping[str, Any], topic: type[Any]) -> dict[str, Any] | None:
    """What the fields of a topic say for a configuration; None where they take no such value.

    Args:
        key: The configuration, one of `FIELDS_OF_CONFIGS`.
        value: Its value.
        beside: All that is given beside it, fields or configurations.
        topic: The model of a topic.
    """
    field, text = FIELDS_OF_CONFIGS[key], config_text(value)
    stem = field.rpartition("_")[0] or field
    if any(name == field or (name.rpartition("_")[0] == stem and name != key.replace(".", "_")) for name in beside):
        return {}  # it is said already
    if key == "remote.storage.enable":
        has_local = any(name.replace(".", "_").startswith("local_retention_") for name in beside)
        return {} if text.lower() != "true" or has_local else {field: 1}
    if key == "retention.ms" and text == "-1":
        return {"retention_days": "unlimited"}
    if key.endswith((".ms", ".bytes")):
        other = in_our_unit(key.replace(".", "_"), text, topic)
        return {other.field: other.value} if other is not None and other.is_exact else None
    ours = int(text) if text.isdecimal() else text
    return {field: ours} if takes(topic, field, ours) else None


def field_finding(key: str, value: ConfigValue, beside: Mapping[str, Any], topic: type[Any]) -> Finding:
    """Says that a configuration has a field of its own, and what that says.

    Args:
        key: The configuration.
        value: Its value.
        beside: All that is given beside it.
        topic: The model of a topic.
    """
    ours, field = said_by_fields(key, value, beside, topic), FIELDS_OF_CONFIGS[key]
    pieces = ", ".join(f"`{name}: {inner}`" for name, inner in (ours or {}).items())
    other = in_our_unit(key.replace(".", "_"), config_text(value), topic)
    told = (
        f", and {other.help}"
        if ours is None and other is not None
        else f", and write `{field}`"
        if ours is None
        else ""
    )
    told = f", and write {pieces}" if pieces else told
    return Finding(
        "MSK481",
        f"`{key}` has a field of its own",
        ("configs", key),
        note=f"`{next(iter(ours or {}), field)}` says it; here it would be said twice",
        help=f"take out `{key}: {config_text(value)[:40]}`{told}",
        edits=(
            Edit(("configs", key)),
            *(Edit((name,), inner) for name, inner in (ours or {}).items()),
        ),
    )


def fields_and_configs(value: Any, beside: Mapping[str, Any]) -> Mapping[str, Any]:
    """`config: {cleanup.policy: compact, segment.ms: 1}` as a topic says it: what has a field in that, the rest in `configs`.

    Args:
        value: What was written.
        beside: All that the topic says.
    """
    from streaming_constructs.spec.streams.kafka import KafkaTopicSpec

    if not isinstance(value, Mapping):
        return {"configs": value}
    ours: dict[str, Any] = {}
    rest = dict(beside["configs"]) if isinstance(beside.get("configs"), Mapping) else {}
    for key, inner in value.items():
        name = _dotted(key)
        fields = said_by_fields(name, inner, {**value, **beside}, KafkaTopicSpec) if name in FIELDS_OF_CONFIGS else None
        if fields is None:
            rest[name] = inner
        else:
            ours |= fields
    return {**ours, "configs": rest} if rest or not ours else ours


def configs_beside(_: Any, beside: Mapping[str, Any]) -> Mapping[str, Any]:
    """Configurations that stand beside the fields of a topic, all together in its `configs`.

    Args:
        beside: All that the topic says.
    """
    given = dict(beside["configs"]) if isinstance(beside.get("configs"), Mapping) else {}
    found = {_dotted(key): inner for key, inner in beside.items()}
    return {"configs": given | {key: inner for key, inner in found.items() if key in CONFIGS_WITHOUT_A_FIELD}}


def _dotted(key: str) -> str:
    """Kafka's spelling of a configuration: `cleanup_policy` in CDKs of other languages is `cleanup.policy`."""
    dotted = key.replace("_", ".")
    return dotted if dotted in FIELDS_OF_CONFIGS or dotted in kafka.TOPIC_CONFIGS else key

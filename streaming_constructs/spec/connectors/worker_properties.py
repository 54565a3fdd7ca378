"""Properties of workers: those that MSK Connect lets be set, and those that a connector of ours sets itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streaming_constructs.facts import kafka_connect
from streaming_constructs.spec.finding import Edit, Finding, did_you_mean, nearest

if TYPE_CHECKING:
    from streaming_constructs.spec.connectors.connector import KafkaConnectorSpec

_SAID_ELSEWHERE = {
    "offset.storage.topic": "`offset_topic` says it",
    "config.providers": "`secret_arn` says that there is one, for secrets",
}


def worker_findings(spec: KafkaConnectorSpec) -> Iterator[Finding]:
    """Properties that MSK Connect would refuse; paths are relative to the connector.

    Args:
        spec: The connector.
    """
    for key in spec.worker_config:
        problem, help_, meant = _problem(key)
        if problem:
            edits: tuple[Edit, ...] = (Edit(("worker_config", key)),)
            if meant:
                edits += (Edit(("worker_config", meant), spec.worker_config[key]),)
            yield Finding(
                "MSK426",
                f"workers are not told `{key}`",
                ("worker_config", key),
                note=problem,
                help=help_,
                edits=edits,
            )


def _problem(key: str) -> tuple[str, str, str]:
    """Why a property is refused, what to do, and which one was probably meant; empty where it is taken."""
    if key in _SAID_ELSEWHERE:
        return _SAID_ELSEWHERE[key], "take it out", ""
    if key in kafka_connect.REFUSED_WORKER_PROPERTIES or key.startswith(kafka_connect.REFUSED_WORKER_PREFIXES):
        return "MSK Connect sets it itself, and refuses a worker configuration that names it", "take it out", ""
    if key.startswith(("producer.", "consumer.")) and key not in kafka_connect.WORKER_CLIENT_PROPERTIES:
        meant = nearest(key, kafka_connect.WORKER_CLIENT_PROPERTIES)
        help_ = did_you_mean(key, kafka_connect.WORKER_CLIENT_PROPERTIES) if meant else "take it out"
        return "MSK Connect lets other properties of the workers' clients be set", help_, meant
    return "", "", ""

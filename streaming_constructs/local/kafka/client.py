"""Clients of a broker on this machine: quiet, and told what a rehearsal needs."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

from streaming_constructs.spec.finding import Finding, SpecError

if TYPE_CHECKING:
    from confluent_kafka.admin import AdminClient


def require_client() -> None:
    """Looks for the client of Kafka, without loading it.

    Raises:
        SpecError: If it is missing.
    """
    if importlib.util.find_spec("confluent_kafka") is None:
        help_ = "run `pip install 'streaming-constructs[kafka]'`"
        note = "there is no confluent-kafka"
        raise SpecError([Finding("LOC995", "the extra `kafka` is not installed", note=note, help=help_)])


def client_configuration(bootstrap_servers: str) -> dict[str, str | int | float | bool]:
    """What every client is told. On MSK with IAM it would be `SASL_SSL` with `OAUTHBEARER`, and nothing else would differ.

    Args:
        bootstrap_servers: Where the broker is.
    """
    return {
        "bootstrap.servers": bootstrap_servers,
        "security.protocol": "PLAINTEXT",
        "broker.address.family": "v4",
        "enable.metrics.push": False,
        "log_level": 0,
        # A node that does not listen yet is asked again soon.
        "reconnect.backoff.ms": 20,
        "reconnect.backoff.max.ms": 200,
    }


def admin_client(bootstrap_servers: str) -> AdminClient:
    """A client that asks about a cluster and changes it.

    Args:
        bootstrap_servers: Where the broker is.
    """
    from confluent_kafka.admin import AdminClient

    return AdminClient(client_configuration(bootstrap_servers))

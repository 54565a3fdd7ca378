"""Clients of a broker on this machine: quiet, and told what a rehearsal needs; a broker answers those who know its password."""

from __future__ import annotations

import importlib.util
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from streaming_constructs.spec.finding import Finding, SpecError

if TYPE_CHECKING:
    from confluent_kafka.admin import AdminClient


USER = "rehearsal"
"""Whom a broker knows; there is nobody else."""
_PROTOCOL, _MECHANISM = "SASL_PLAINTEXT", "PLAIN"
_PASSWORD_BYTES = 32


@dataclass(frozen=True, slots=True)
class BrokerAccess:
    """Where a broker is, and what it asks of its callers.

    Attributes:
        bootstrap_servers: Where it is, such as `127.0.0.1:40123`.
        password: The password of `USER`.
    """

    bootstrap_servers: str
    password: str = field(repr=False)


def new_password() -> str:
    """A password that nobody guesses, of signs that need no quotes anywhere."""
    return secrets.token_urlsafe(_PASSWORD_BYTES)


def client_variables(password: str) -> dict[str, str]:
    """The environment variables that tell a client of the user's how it connects, be it a function or a shell.

    Args:
        password: The password of `USER`.
    """
    return {
        "KAFKA_SECURITY_PROTOCOL": _PROTOCOL,
        "KAFKA_SASL_MECHANISM": _MECHANISM,
        "KAFKA_SASL_USERNAME": USER,
        "KAFKA_SASL_PASSWORD": password,
    }


def require_client() -> None:
    """Looks for the client of Kafka, without loading it.

    Raises:
        SpecError: If it is missing.
    """
    if importlib.util.find_spec("confluent_kafka") is None:
        help_ = "run `pip install 'streaming-constructs[kafka]'`"
        note = "there is no confluent-kafka"
        raise SpecError([Finding("LOC995", "the extra `kafka` is not installed", note=note, help=help_)])


def client_configuration(access: BrokerAccess) -> dict[str, str | int | float | bool]:
    """What every client is told. On MSK with IAM it would be `SASL_SSL` with `OAUTHBEARER`, and nothing else would differ.

    Args:
        access: Where the broker is, and its password.
    """
    return {
        "bootstrap.servers": access.bootstrap_servers,
        "security.protocol": _PROTOCOL,
        "sasl.mechanism": _MECHANISM,
        "sasl.username": USER,
        "sasl.password": access.password,
        "broker.address.family": "v4",
        "enable.metrics.push": False,
        "log_level": 0,
        # A node that does not listen yet is asked again soon.
        "reconnect.backoff.ms": 20,
        "reconnect.backoff.max.ms": 200,
    }


def admin_client(access: BrokerAccess) -> AdminClient:
    """A client that asks about a cluster and changes it.

    Args:
        access: Where the broker is, and its password.
    """
    from confluent_kafka.admin import AdminClient

    return AdminClient(client_configuration(access))

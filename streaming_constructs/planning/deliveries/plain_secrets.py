"""Secrets that stand in a spec as they are: whoever reads the template, or the console, has them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

from streaming_constructs.planning.deliveries.firehose import DeliveryPlan
from streaming_constructs.spec.finding import Finding, SpecPath

_WORDS = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")
_SECRETS = frozenset(
    {"secret", "secrets", "password", "passwd", "pwd", "passphrase", "token", "apikey", "credential", "credentials"}
    | {"authorization", "auth", "bearer"}
)
_OF_KEYS = frozenset(
    {"access", "account", "api", "app", "application", "auth", "client", "hec", "ingest", "ingestion", "insert"}
    | {"license", "private", "secret", "sas", "shared", "write"}
)
_VALUE = re.compile(
    r"(Bearer|Basic|Splunk|Token|Api-Token|ApiKey) +\S{8,}|(AKIA|ASIA)[A-Z0-9]{16}|eyJ[\w-]{10,}\.[\w-]+\.[\w-]+"
)
"""Headers of authentication, access keys of AWS, and JSON Web Tokens."""


def secret_findings(delivery: DeliveryPlan) -> Iterator[Finding]:
    """Attributes, and parameters of an address, that are secrets by their name or form; paths are relative to the delivery.

    Args:
        delivery: The delivery.
    """
    to = delivery.spec.to
    for name, value in getattr(to, "attributes", {}).items():
        if is_secret(name, value):
            yield _plain(("to", "attributes", name), f"the attribute `{name}`", to.kind)
    endpoint = getattr(to, "endpoint", None)
    if endpoint is None:
        return
    for name, value in parse_qsl(urlsplit(endpoint).query):
        if is_secret(name, value):
            yield _plain(("to", "endpoint"), f"the parameter `{name}` of the address", to.kind)


def is_secret(name: str, value: str) -> bool:
    """Whether a name, or the form of a value, says that it is a secret.

    Args:
        name: What it is called.
        value: What it is.
    """
    words = [word.lower() for word in _WORDS.findall(name)]
    called = bool(_SECRETS & set(words[-1:])) or (words[-1:] == ["key"] and bool(_OF_KEYS & set(words[-2:-1])))
    return bool(value.strip()) and (called or _VALUE.search(value) is not None)


def _plain(path: SpecPath, what: str, kind: str) -> Finding:
    named = "hec_token" if kind == "splunk" else "api_key"
    return Finding(
        "FIR741",
        f"{what} looks like a secret",
        path,
        note="it is in the template and in the console, for everybody who may read them",
        help=f"keep it in Secrets Manager as `{named}`, and name that: "
        "`secret_arn: arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME-6CHARS`",
    )

"""Secrets that stand in a spec as they are: whoever reads the template, or the console, has them."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

from streaming_constructs.planning.deliveries.firehose import DeliveryPlan
from streaming_constructs.spec.finding import Finding, SpecPath
from streaming_constructs.spec.plain_secrets import is_secret


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

"""Addresses of endpoints that Firehose cannot reach: it sends from the internet, and from no network of yours.

Source: https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-http
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

from streaming_constructs.spec.finding import Finding

_PRIVATE_NAMES = (".localhost", ".local", ".internal", ".intranet", ".lan", ".home.arpa", ".corp", ".private")
"""Ends of names that the internet does not know."""


def unreachable_findings(url: str, title: str) -> Iterator[Finding]:
    """Says that an endpoint is not on the internet; the path is relative to the destination.

    Args:
        url: Its address, which starts with https://.
        title: What people call the destination.
    """
    why = unreachable(url)
    if why:
        yield Finding(
            "FIR739",
            "Firehose cannot reach this address",
            ("endpoint",),
            note=f"{why}; Firehose sends to {title} over the internet",
            help="give it a public address with a certificate that is known, or read the stream with a consumer in its VPC",
        )


def unreachable(url: str) -> str:
    """Why the host of an address is not on the internet, in words; empty where it may be.

    Args:
        url: The address, which starts with https://.
    """
    host = host_of(url).rstrip(".")
    if not host:
        return "its host is none"
    address = _address(host)
    if address is None:
        return _private_name(host)
    if address.is_loopback:
        return f"{host} is the machine itself"
    if address.is_link_local:
        return f"{host} is known on one network link alone"
    return "" if address.is_global and not address.is_multicast else f"{host} is no address of the internet"


def host_of(url: str) -> str:
    """The host of an address; empty where that is none.

    Args:
        url: The address.
    """
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _private_name(host: str) -> str:
    if host == "localhost" or host.endswith(_PRIVATE_NAMES):
        return f"{host} is a name of one machine or network"
    return "" if "." in host else f"{host} has no domain, so only a network of its own knows it"


def _address(host: str) -> IPv4Address | IPv6Address | None:
    """The address that a host is, in whichever form resolvers read it; None for a name."""
    try:
        address = ip_address(host)
    except ValueError:
        try:
            return IPv4Address(socket.inet_aton(host)) if host[:1].isdigit() else None
        except (OSError, ValueError):
            return None
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped or address

"""Versions of Kafka as people say them, such as 3.9, and as MSK writes them, such as 3.9.x.kraft."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from streaming_constructs.facts import msk


def offered_versions(*, express: bool) -> tuple[str, ...]:
    """The versions that a kind of brokers has, oldest first.

    Args:
        express: Whether they are Express brokers.
    """
    return tuple(name for name, version in msk.VERSIONS.items() if (version.express if express else version.standard))


def version_like(said: Any, *, express: bool) -> str:
    """The offered version that was meant: the same, or of the same minor, with KRaft where there is one; else the usual one.

    Args:
        said: What was written, a text or a number of YAML, for which 3.10 is 3.1.
        express: Whether it is for Express brokers.
    """
    offered, text = offered_versions(express=express), str(said).strip()
    minor = ".".join(text.split(".")[:2])
    same_minor = [name for name in offered if name.startswith(f"{minor}.")]
    with_kraft = [name for name in same_minor if msk.VERSIONS[name].is_kraft]
    return next(iter([name for name in offered if name == text] + with_kraft + same_minor), msk.RECOMMENDED_VERSION)


def version_beside(said: Any, beside: Mapping[str, Any]) -> Mapping[str, Any]:
    """A version under another name, as a cluster says it.

    Args:
        said: What was written.
        beside: All that the cluster says.
    """
    return {"kafka_version": version_like(said, express=beside.get("kind") == "msk_express")}

"""What of a cluster's and a topic's properties is told to the log behind them: one node here, where MSK has three or more."""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Mapping

COPIES = (
    "default.replication.factor",
    "min.insync.replicas",
    "offsets.topic.replication.factor",
    "transaction.state.log.min.isr",
    "transaction.state.log.replication.factor",
)
"""Server properties about copies on other nodes, of which there are none here."""
MIN_IN_SYNC = "min.insync.replicas"
TIERED = "remote.storage.enable"
SEGMENT = "segment.bytes"
MAX_MESSAGE = "max.message.bytes"
MAX_MESSAGE_BYTES = 1_048_588
"""The largest batch of records that a topic takes, where nothing is set.

Source: https://kafka.apache.org/39/documentation.html#topicconfigs_max.message.bytes, read 2026-11-28
"""
CLEANUP_POLICY = "cleanup.policy"
RETENTION = "retention.ms"
RETENTION_MS = 604_800_000
"""How long a topic keeps records, where nothing is set; -1: for ever."""
OF_MSK = ("remote.log.msk.disable.policy",)
"""Configurations that MSK knows and Apache Kafka does not.

Source: https://docs.aws.amazon.com/msk/latest/developerguide/msk-default-configuration.html, read 2026-11-27
"""


def properties_of(text: str) -> dict[str, str]:
    """The properties in lines of `name=value`; blank lines and comments are none.

    Args:
        text: The lines.
    """
    lines = (line.strip() for line in text.splitlines())
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, _, value in pairs}


def configs_of(encoded: str) -> dict[str, str]:
    """The configurations of an `AWS::MSK::Topic`, which are such lines in base64.

    Args:
        encoded: Its `Configs`; empty: it has none.

    Raises:
        ValueError: If that is no base64 of text.
    """
    try:
        return properties_of(base64.b64decode(encoded, validate=True).decode())
    except (binascii.Error, UnicodeDecodeError) as error:
        raise ValueError(f"Configs is no text in base64: {error}") from None


def server_properties_here(properties: Mapping[str, str]) -> dict[str, str]:
    """Those server properties that a single node can have.

    Args:
        properties: Those of the cluster.
    """
    return {name: value for name, value in properties.items() if name not in COPIES}


def configs_here(configs: Mapping[str, str]) -> dict[str, str]:
    """Those configurations that a topic on a single node can have, with segments that a rehearsal fills where it is tiered.

    Args:
        configs: Those of the topic.
    """
    here = {name: value for name, value in configs.items() if name not in {MIN_IN_SYNC, *OF_MSK}}
    if here.get(TIERED, "").lower() == "true" and SEGMENT not in here:
        # A rehearsal is too small for the usual segments, of which none would ever be closed and moved; a batch fits into one.
        here[SEGMENT] = here.get(MAX_MESSAGE, str(MAX_MESSAGE_BYTES))
    return here


def check_copies(configs: Mapping[str, str], replication_factor: int, brokers: int, *, is_tiered: bool) -> None:
    """Judges what a single node could not: copies of a topic on the brokers that its cluster has.

    Args:
        configs: The configurations of the topic.
        replication_factor: Its replicas.
        brokers: The brokers of its cluster.
        is_tiered: Whether the cluster has tiered storage.

    Raises:
        ValueError: If MSK could not place them, or a writer would never hear that it has as many as it asks for.
    """
    if not 1 <= replication_factor <= brokers:
        raise ValueError(f"{replication_factor} replicas, where the cluster has {brokers} brokers")
    in_sync = configs.get(MIN_IN_SYNC)
    if in_sync is not None and not (in_sync.isdecimal() and 1 <= int(in_sync) <= replication_factor):
        raise ValueError(f"{MIN_IN_SYNC} is {in_sync}, where there are {replication_factor} replicas")
    if configs.get(TIERED, "").lower() == "true" and not is_tiered:
        raise ValueError(f"{TIERED} is true, where the cluster has no tiered storage")


def retention_seconds(configs: Mapping[str, str]) -> float:
    """How long a topic keeps records.

    Args:
        configs: Its configurations.
    """
    milliseconds = int(configs.get(RETENTION, RETENTION_MS))
    return math.inf if milliseconds < 0 else milliseconds / 1000

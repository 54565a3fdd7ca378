"""Fluent Bit on hosts as a producer."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from streaming_constructs.spec.producers.kinesis_agent import HostProducerSpec


class FluentBitProducerSpec(HostProducerSpec):
    """Hosts that send their log files by Fluent Bit."""

    example: ClassVar = {"kind": "fluent_bit", "to": "logs", "files": ["/var/log/app/*.log"]}

    title: ClassVar[str] = "Fluent Bit"

    kind: Literal["fluent_bit"] = Field(default="fluent_bit", description="Fluent Bit on your hosts.")

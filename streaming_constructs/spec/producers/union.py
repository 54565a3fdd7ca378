"""Producers: what writes records that is not your own code."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from streaming_constructs.spec.model import (
    refusal,
)
from streaming_constructs.spec.producers.cloudwatch_logs import CloudWatchLogsProducerSpec, subscribed_findings
from streaming_constructs.spec.producers.kinesis_agent import KinesisAgentProducerSpec


def _is_subscribed(
    producer: CloudWatchLogsProducerSpec | KinesisAgentProducerSpec,
) -> CloudWatchLogsProducerSpec | KinesisAgentProducerSpec:
    # Asked of the nodes of a system only: a construct may get live log groups instead.
    findings = tuple(subscribed_findings(producer)) if isinstance(producer, CloudWatchLogsProducerSpec) else ()
    if findings:
        raise refusal(*findings)
    return producer


ProducerSpec = Annotated[
    CloudWatchLogsProducerSpec | KinesisAgentProducerSpec,
    Field(discriminator="kind"),
    AfterValidator(_is_subscribed),
]

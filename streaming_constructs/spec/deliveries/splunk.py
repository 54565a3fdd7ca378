"""A Splunk HTTP Event Collector (HEC) as the destination of a delivery."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from streaming_constructs.facts import firehose
from streaming_constructs.spec.deliveries.backup import BackedUpDestination
from streaming_constructs.spec.deliveries.public_address import unreachable_findings
from streaming_constructs.spec.deliveries.secret import KEY_ARN_HELP
from streaming_constructs.spec.finding import Finding
from streaming_constructs.spec.model import (
    Int,
    KeyArn,
    SecretArn,
    form,
    within,
)

SplunkUrl = Annotated[str, form(r"^https://[^\s/]+(/\S*)?$", "an address that starts with https://", max_length=2048)]


class SplunkDestination(BackedUpDestination):
    """An HTTP Event Collector of Splunk."""

    title: ClassVar[str] = "Splunk"
    facts: ClassVar = firehose.SPLUNK
    example: ClassVar = {
        "kind": "splunk",
        "endpoint": "https://http-inputs-acme.splunkcloud.com:443",
        "secret_arn": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:NAME-AbCdEf",
    }

    kind: Literal["splunk"] = Field(default="splunk", description="A Splunk HTTP Event Collector.")
    endpoint: SplunkUrl = Field(description="Address of the collector, https://HOST:8088.")
    endpoint_type: Literal["raw", "event"] = Field(
        default="raw",
        description="The collector's endpoint: raw, or event for records in Splunk's form. Left out: raw.",
    )
    secret_arn: SecretArn = Field(description="ARN of the secret with `hec_token`.")
    secret_kms_key_arn: KeyArn | None = Field(default=None, description=KEY_ARN_HELP)
    ack_timeout_seconds: Annotated[Int, within(firehose.SPLUNK_ACKNOWLEDGEMENT_SECONDS)] = Field(
        default=300,
        description="How long Firehose waits for Splunk to say that it has the data, in seconds, 180 to 600. Left out: 300.",
    )
    buffer_mb: Annotated[Int, within(firehose.SPLUNK.buffer_mb)] = Field(
        default=5, description="Size of a request, in MiB, 1 to 5. Left out: 5."
    )
    buffer_seconds: Annotated[Int, within(firehose.SPLUNK.buffer_seconds)] = Field(
        default=60, description="Age at which records are sent, in seconds, 0 to 60. Left out: 60."
    )
    retry_seconds: Annotated[Int, within(firehose.SPLUNK.retry_seconds)] = Field(
        default=300, description="How long Firehose retries, in seconds, 0 to 7200. Left out: 300."
    )

    def written_to(self, delivery: str) -> Mapping[str, str]:
        return {"address": f"{self.endpoint}, as {self.endpoint_type}"}

    def findings(self) -> Iterator[Finding]:
        yield from unreachable_findings(self.endpoint, self.title)

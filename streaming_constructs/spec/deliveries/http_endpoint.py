"""An HTTP endpoint, of your own or of a vendor such as Datadog, as the destination of a delivery."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from streaming_constructs.facts import firehose
from streaming_constructs.spec.deliveries.backup import BackedUpDestination
from streaming_constructs.spec.deliveries.public_address import host_of, unreachable_findings
from streaming_constructs.spec.deliveries.secret import KEY_ARN_HELP
from streaming_constructs.spec.finding import Edit, Finding
from streaming_constructs.spec.model import (
    Int,
    KeyArn,
    SecretArn,
    form,
    only_with,
    within,
)

HttpUrl = Annotated[
    str,
    # Source: https://docs.aws.amazon.com/firehose/latest/dev/httpdeliveryrequestresponse.html
    form(
        r"^https://[^\s/:@]+(:443)?(/\S*)?$",
        "an address that starts with https://, on port 443, which is the only one that Firehose delivers to",
        max_length=1000,
    ),
]
AttributeName = Annotated[str, form(r"^\s*\S[\s\S]*$", "a name of up to 256 characters, not blank", max_length=256)]
AttributeValue = Annotated[str, Field(max_length=1024)]
VENDOR_LIMITS = {"datadog": firehose.DATADOG_BUFFER_MB, "mongodb": firehose.MONGODB_BUFFER_MB}
"""What in the host of an HTTP endpoint names a vendor with a smaller buffer, and that buffer."""


class HttpEndpointDestination(BackedUpDestination):
    """What speaks Firehose's HTTP protocol, whoever's it is; a preset for a vendor says its kind, and what differs."""

    title: ClassVar[str] = "an HTTP endpoint"
    facts: ClassVar = firehose.HTTP

    kind: str = Field(default="http", description="The word of the preset; it is built as an HTTP endpoint.")
    endpoint: HttpUrl = Field(description="Its address; https on port 443 only.")
    secret_arn: SecretArn | None = Field(
        default=None,
        description="ARN of the secret with `api_key`, which travels in a header. Left out: no key is sent.",
    )
    secret_kms_key_arn: KeyArn | None = Field(default=None, description=KEY_ARN_HELP)
    compression: Literal["gzip", "none"] = Field(
        default="gzip", description="Compression of the request's body. Left out: gzip."
    )
    attributes: Mapping[AttributeName, AttributeValue] = Field(
        default_factory=dict,
        max_length=50,
        description="Attributes that each request carries, in a header; values have up to 1024 characters. Left out: none.",
    )
    buffer_mb: Annotated[Int, within(firehose.HTTP.buffer_mb)] = Field(
        default=4, description="Size of a request, in MiB, 1 to 64; Datadog takes 4, MongoDB 16. Left out: 4."
    )
    buffer_seconds: Annotated[Int, within(firehose.HTTP.buffer_seconds)] = Field(
        default=60, description="Age at which records are sent, in seconds, 0 to 900. Left out: 60."
    )
    retry_seconds: Annotated[Int, within(firehose.HTTP.retry_seconds)] = Field(
        default=300, description="How long Firehose retries, in seconds, 0 to 7200. Left out: 300."
    )

    def written_to(self, delivery: str) -> Mapping[str, str]:
        return {"address": self.endpoint}

    def findings(self) -> Iterator[Finding]:
        yield from only_with(
            self,
            "secret_arn",
            "secret_kms_key_arn",
            code="LNG404",
            reason="without a secret there is nothing to decrypt",
        )
        yield from unreachable_findings(self.endpoint, self.title)
        host = host_of(self.endpoint)
        for vendor, limit in VENDOR_LIMITS.items():
            most = limit.maximum
            if vendor in host and self.buffer_mb > most:
                yield Finding(
                    "FIR721",
                    "requests are larger than this vendor takes",
                    ("buffer_mb",),
                    note=f"{self.buffer_mb} MiB; {host} takes {most} MiB",
                    help=f"set it to {most} or less",
                    edits=(Edit(("buffer_mb",), most),),
                )


class HttpDestination(HttpEndpointDestination):
    """An HTTP endpoint that speaks Firehose's protocol, of your own or of a vendor such as Datadog."""

    example: ClassVar = {
        "kind": "http",
        "endpoint": "https://example.com/records",
        "secret_arn": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:NAME-AbCdEf",
    }

    kind: Literal["http"] = Field(default="http", description="An HTTP endpoint.")

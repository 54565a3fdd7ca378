"""An Amazon OpenSearch Serverless collection as the destination of a delivery."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from streaming_constructs.facts import firehose
from streaming_constructs.spec.deliveries.backup import BackedUpDestination
from streaming_constructs.spec.deliveries.opensearch import IndexName
from streaming_constructs.spec.finding import SpecPath
from streaming_constructs.spec.kept import Kept
from streaming_constructs.spec.model import Int, arn, form, within

CollectionArn = Annotated[
    str,
    arn("aoss", r"collection/[a-z0-9]{1,40}", "the ARN of a collection, arn:aws:aoss:REGION:ACCOUNT:collection/ID"),
]
CollectionEndpoint = Annotated[
    str,
    form(
        r"^https://[a-z0-9-]+\.[a-z0-9-]+\.aoss\.amazonaws\.com(\.cn)?$",
        "an address as https://ID.REGION.aoss.amazonaws.com",
    ),
]


class OpenSearchServerlessDestination(BackedUpDestination):
    """An index of an existing OpenSearch Serverless collection."""

    title: ClassVar[str] = "OpenSearch Serverless"
    facts: ClassVar = firehose.OPENSEARCH_SERVERLESS
    example: ClassVar = {
        "kind": "opensearch_serverless",
        "collection_arn": "arn:aws:aoss:eu-west-1:111122223333:collection/abcdef123456",
        "collection_endpoint": "https://abcdef123456.eu-west-1.aoss.amazonaws.com",
    }

    kind: Literal["opensearch_serverless"] = Field(
        default="opensearch_serverless", description="An Amazon OpenSearch Serverless collection."
    )
    collection_arn: CollectionArn = Field(
        description="ARN of the collection; its data access policy has to let the delivery's role write."
    )
    collection_endpoint: CollectionEndpoint = Field(description="Its address, https://ID.REGION.aoss.amazonaws.com.")
    index: IndexName | None = Field(default=None, description="Name of the index. Left out: the delivery's name.")
    buffer_mb: Annotated[Int, within(firehose.OPENSEARCH_SERVERLESS.buffer_mb)] = Field(
        default=5, description="Size of a bulk request, in MiB, 1 to 100. Left out: 5."
    )
    buffer_seconds: Annotated[Int, within(firehose.OPENSEARCH_SERVERLESS.buffer_seconds)] = Field(
        default=60,
        description="Age at which records are sent even when the buffer is not full, in seconds, 0 to 900. Left out: 60.",
    )
    retry_seconds: Annotated[Int, within(firehose.OPENSEARCH_SERVERLESS.retry_seconds)] = Field(
        default=300,
        description="How long Firehose retries before records go to the backup, in seconds, 0 to 7200. Left out: 300.",
    )

    def kept(self, delivery: str) -> Iterator[Kept]:
        yield Kept(
            "the collection",
            self.collection_arn,
            ("to", "collection_arn"),
            "EVO972",
            note="documents that were written stay in the old one, and who searches the new one does not find them",
        )
        yield Kept(
            "the index",
            self.index or delivery,
            ("to", "index"),
            "EVO972",
            note="documents that were written stay in the old index, and who searches the new one does not find them",
        )

    def written_to(self, delivery: str) -> Mapping[str, str]:
        return {"index": self.index or delivery.lower()}

    def existing_tables(self, delivery: str) -> Iterator[tuple[SpecPath, str]]:
        yield ("collection_arn",), f"the index {self.index or delivery.lower()} of {self.collection_arn}"

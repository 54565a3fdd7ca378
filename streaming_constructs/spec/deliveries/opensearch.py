"""An Amazon OpenSearch Service domain as the destination of a delivery."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from streaming_constructs.facts import firehose
from streaming_constructs.spec.deliveries.backup import BackedUpDestination
from streaming_constructs.spec.finding import Edit, Finding, SpecPath
from streaming_constructs.spec.kept import Kept
from streaming_constructs.spec.model import Int, NodeName, arn, form, within

DomainArn = Annotated[
    str,
    arn("es", r"domain/[a-z][a-z0-9-]{2,27}", "the ARN of a domain, arn:aws:es:REGION:ACCOUNT:domain/NAME"),
]
IndexName = Annotated[
    str,
    form(
        r"^[a-z0-9][a-z0-9_-]{0,79}$",
        "an index of up to 80 small letters, digits, `_` and `-` that starts with a letter or digit",
    ),
]


class OpenSearchDestination(BackedUpDestination):
    """An index of an OpenSearch Service domain, one document for each record."""

    title: ClassVar[str] = "OpenSearch"
    facts: ClassVar = firehose.OPENSEARCH
    example: ClassVar = {"kind": "opensearch", "domain": "search"}

    kind: Literal["opensearch"] = Field(default="opensearch", description="An Amazon OpenSearch Service domain.")
    domain: NodeName | None = Field(
        default=None, description="The domain, by its name in `stores`. Left out: give `domain_arn`."
    )
    domain_arn: DomainArn | None = Field(
        default=None,
        description="ARN of an existing domain, in whose access control the delivery's role has to be mapped. "
        "Left out: give `domain`.",
    )
    index: IndexName | None = Field(
        default=None, description="Name of the index; with rotation its time follows. Left out: the delivery's name."
    )
    index_rotation: Literal["none", "hourly", "daily", "weekly", "monthly"] = Field(
        default="daily",
        description="How often a new index is begun; old ones are deleted whole, which costs nothing. Left out: daily.",
    )
    document_id: Literal["firehose", "none"] = Field(
        default="firehose",
        description="Who names documents: firehose (a retried record overwrites itself) or none (OpenSearch does; faster, but "
        "a retry doubles it). Left out: firehose.",
    )
    buffer_mb: Annotated[Int, within(firehose.OPENSEARCH.buffer_mb)] = Field(
        default=5, description="Size of a bulk request, in MiB, 1 to 100. Left out: 5."
    )
    buffer_seconds: Annotated[Int, within(firehose.OPENSEARCH.buffer_seconds)] = Field(
        default=60,
        description="Age at which records are sent even when the buffer is not full, in seconds, 0 to 900. Left out: 60.",
    )
    retry_seconds: Annotated[Int, within(firehose.OPENSEARCH.retry_seconds)] = Field(
        default=300,
        description="How long Firehose retries before records go to the backup, in seconds, 0 to 7200. Left out: 300.",
    )

    def findings(self) -> Iterator[Finding]:
        if self.domain is not None and self.domain_arn is not None:
            yield Finding(
                "OSD807",
                "a destination is either a `domain` of the system or an existing domain",
                ("domain",),
                help="give exactly one of `domain` and `domain_arn`",
                edits=(Edit(("domain_arn",)),),
            )

    def written_to(self, delivery: str) -> Mapping[str, str]:
        index = self.index or delivery.lower()
        rotated = "" if self.index_rotation == "none" else f", and its time: a new one {self.index_rotation}"
        return {"index": f"{index}{rotated}"}

    def existing_tables(self, delivery: str) -> Iterator[tuple[SpecPath, str]]:
        if self.domain_arn is not None:
            yield ("domain_arn",), f"the index {self.index or delivery.lower()} of {self.domain_arn}"

    def incomplete(self) -> Iterator[Finding]:
        if self.domain is None and self.domain_arn is None:
            yield Finding(
                "OSD807",
                "a destination is either a `domain` of the system or an existing domain",
                help="give exactly one of `domain` and `domain_arn`, or bring one by the name of the delivery: `stores=`",
                edits=(Edit(("domain_arn",), "arn:aws:es:eu-west-1:111122223333:domain/search", invented=True),),
            )

    def kept(self, delivery: str) -> Iterator[Kept]:
        yield Kept(
            "the domain",
            self.domain or self.domain_arn,
            ("to", "domain"),
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
        yield Kept(
            "the rotation of the index",
            self.index_rotation,
            ("to", "index_rotation"),
            "EVO972",
            note="documents that were written stay in indices of the old form; who searches by a date in the name misses them",
            is_mild=True,
        )

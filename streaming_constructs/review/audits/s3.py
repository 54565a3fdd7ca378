"""What is wrong with a bucket of Amazon S3: it is open to everybody, or may be opened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from streaming_constructs.review.auditing import audits
from streaming_constructs.review.comparing.template import Resource, Template
from streaming_constructs.review.comparing.values import is_false, shown
from streaming_constructs.review.meaning import Meaning
from streaming_constructs.review.meanings.s3 import BLOCKS, BUCKET, PUBLIC_ACLS


@audits(BUCKET)
def public_access(template: Template, bucket: Resource) -> Iterator[Meaning]:
    """A block of public access that is off: what is left out is on for new buckets."""
    block = bucket.at("PublicAccessBlockConfiguration")
    off = [name for name in BLOCKS if isinstance(block, Mapping) and is_false(block.get(name))]
    if off:
        yield Meaning(
            "AUD340",
            f"public access is not blocked: {', '.join(off)}",
            "set all four to true, and give named accounts access by a policy",
            path="Properties.PublicAccessBlockConfiguration",
        )
    if bucket.at("AccessControl") in PUBLIC_ACLS:
        yield Meaning(
            "AUD341",
            f"the access control list of the bucket is {shown(bucket.at('AccessControl'))}: everybody may list what is in it",
            "leave `AccessControl` out",
            path="Properties.AccessControl",
        )

"""What changes of a template mean for Firehose delivery streams, tables of Glue, buckets and domains of OpenSearch."""

from __future__ import annotations

from streaming_constructs.spec.codes import review_athena, review_firehose, review_glue, review_opensearch, review_s3
from streaming_constructs.spec.codes.code import Code

CODES: tuple[Code, ...] = (
    *review_firehose.CODES,
    *review_glue.CODES,
    *review_s3.CODES,
    *review_opensearch.CODES,
    *review_athena.CODES,
)

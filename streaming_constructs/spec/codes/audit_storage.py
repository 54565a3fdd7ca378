"""What is wrong in one template with Firehose delivery streams, tables of Glue, buckets and domains of OpenSearch."""

from __future__ import annotations

from streaming_constructs.spec.codes.code import Code

CODES: tuple[Code, ...] = ()

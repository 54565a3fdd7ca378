"""What changes of a template mean for tables of DynamoDB, queues, topics and APIs."""

from __future__ import annotations

from streaming_constructs.spec.codes import review_apis, review_queues, review_tables
from streaming_constructs.spec.codes.code import Code

CODES: tuple[Code, ...] = (*review_tables.CODES, *review_queues.CODES, *review_apis.CODES)

"""What is wrong in one template with tables of DynamoDB, queues, topics and APIs."""

from __future__ import annotations

from streaming_constructs.spec.codes.code import Code

CODES: tuple[Code, ...] = ()

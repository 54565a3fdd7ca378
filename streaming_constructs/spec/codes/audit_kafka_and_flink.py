"""What is wrong in one template with Kafka on MSK, MSK Connect, and Flink."""

from __future__ import annotations

from streaming_constructs.spec.codes.code import Code

CODES: tuple[Code, ...] = ()

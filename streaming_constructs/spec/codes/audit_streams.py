"""What is wrong in one template with Kinesis data streams, Lambda and its event source mappings."""

from __future__ import annotations

from streaming_constructs.spec.codes.code import Code

CODES: tuple[Code, ...] = ()

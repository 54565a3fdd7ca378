"""What is wrong in one template with resources of any kind."""

from __future__ import annotations

from streaming_constructs.spec.codes.code import Code

CODES: tuple[Code, ...] = ()

"""What is wrong in one template with CloudWatch alarms and logs."""

from __future__ import annotations

from streaming_constructs.spec.codes.code import Code

CODES: tuple[Code, ...] = ()

"""What is wrong in one template with IAM policies, keys, networks and what is public."""

from __future__ import annotations

from streaming_constructs.spec.codes.code import Code

CODES: tuple[Code, ...] = ()

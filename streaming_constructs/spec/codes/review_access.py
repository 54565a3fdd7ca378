"""What changes of a template mean for IAM policies, keys, networks and what is public."""

from __future__ import annotations

from streaming_constructs.spec.codes.code import Code

CODES: tuple[Code, ...] = ()

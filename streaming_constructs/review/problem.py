"""Why something cannot be reviewed: one error with a code, for people."""

from __future__ import annotations

from streaming_constructs.spec.finding import Finding, SpecError


class ReviewError(SpecError):
    """What is given cannot be reviewed, and why."""

    def __init__(self, code: str, message: str, *, help: str = "", file: str = "", line: int = 0) -> None:  # noqa: A002
        super().__init__([Finding(code, message, help=help, file=file, line=line)])

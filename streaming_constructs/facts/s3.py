"""Amazon S3: lifecycle rules."""

from __future__ import annotations

from streaming_constructs.facts.fact import Fact, Range

_TRANSITIONS = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html"
_EXPIRATION = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-expire-general-considerations.html"

TRANSITION_DAYS = Range(0, 36_500, "days", _TRANSITIONS)
STANDARD_IA_LEAST_DAYS = Fact(30, "days", _TRANSITIONS)
EXPIRATION_DAYS = Range(1, 36_500, "days", _EXPIRATION)

"""Amazon S3: lifecycle rules."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from streaming_constructs.facts.fact import Fact, Range

_TRANSITIONS = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html"
_EXPIRATION = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-expire-general-considerations.html"

TRANSITION_DAYS = Range(0, 36_500, "days", _TRANSITIONS)
STANDARD_IA_LEAST_DAYS = Fact(30, "days", _TRANSITIONS)
EXPIRATION_DAYS = Range(1, 36_500, "days", _EXPIRATION)

STORAGE_CLASSES = ("standard_ia", "intelligent_tiering", "glacier_ir", "glacier", "deep_archive")
"""Storage classes in the order of S3's waterfall: an object moves from one to a later one, and never back.

Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html
"""
DAYS_IN_STORAGE_CLASS: Mapping[str, Fact] = MappingProxyType(
    {
        "standard_ia": Fact(30, "days", _TRANSITIONS, "2026-11-27"),
        "glacier_ir": Fact(90, "days", _TRANSITIONS, "2026-11-27"),
        "glacier": Fact(90, "days", _TRANSITIONS, "2026-11-27"),
    }
)
"""How long an object stays in a class before the same rule may move it on; in the others it need not stay.

The page states the days of standard_ia. Those of the Glacier classes, which are their least time of storage, are what S3
answers: InvalidArgument, "must be 90 days more".
"""
TRANSITION_OBJECT_KIB = Fact(128, "KiB", _TRANSITIONS, "2026-11-27")
"""Smaller objects are moved to no class, unless a rule of the bucket says their size."""
INCOMPLETE_UPLOAD_DAYS = Fact(
    7, "days", "https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpu-abort-incomplete-mpu-lifecycle-config.html"
)
"""After so many days AWS's example deletes the parts of an upload that never ended: nobody sees them, and they are paid for."""

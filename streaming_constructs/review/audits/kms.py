"""What is wrong with keys: those that are never rotated."""

from __future__ import annotations

from collections.abc import Iterator

from streaming_constructs.review.auditing import audits
from streaming_constructs.review.comparing.template import Resource, Template
from streaming_constructs.review.comparing.values import is_false, is_true
from streaming_constructs.review.meaning import Meaning

_ROTATED = {"KeySpec": "SYMMETRIC_DEFAULT", "KeyUsage": "ENCRYPT_DECRYPT", "Origin": "AWS_KMS"}
"""What a key is that AWS can rotate, which is what it is by default too.

Source: https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html, read 2026-11-29
"""


@audits("AWS::KMS::Key")
def rotation(template: Template, key: Resource) -> Iterator[Meaning]:
    """Keys that AWS could rotate, and does not."""
    can_be = all(key.at(name) in (None, value) for name, value in _ROTATED.items())
    written = key.at("EnableKeyRotation")
    if can_be and not is_true(written) and (written is None or is_false(written)):
        yield Meaning(
            "AUD620",
            "the key's material is never rotated",
            "`EnableKeyRotation: true`: what was encrypted stays readable",
            path="Properties.EnableKeyRotation",
        )


@audits("AWS::KMS::Key", "AWS::KMS::ReplicaKey")
def enabled(template: Template, key: Resource) -> Iterator[Meaning]:
    """Keys that cannot be used."""
    if is_false(key.at("Enabled")):
        yield Meaning(
            "AUD621",
            "the key is disabled: nothing that it encrypted can be read",
            "`Enabled: true`, or take out what uses it",
            path="Properties.Enabled",
        )

"""AWS KMS: what keys are where nothing is said."""

from __future__ import annotations

from streaming_constructs.facts.fact import Fact, Range

_KEY = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html"
_CHECKED = "2026-11-29"

DEFAULT_PENDING_WINDOW_DAYS = Fact(30, "days", _KEY, _CHECKED)
"""How long a key waits for its deletion, which can be taken back until then."""
PENDING_WINDOW_DAYS = Range(7, 30, "days", _KEY, _CHECKED)
DEFAULT_ROTATION_DAYS = Fact(365, "days", _KEY, _CHECKED)
"""How often the material of a key is exchanged that is rotated."""

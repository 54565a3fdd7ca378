"""Warnings of CDK for what is likely to go wrong."""

from __future__ import annotations

from aws_cdk import Annotations
from constructs import IConstruct

from streaming_constructs.spec.finding import Finding
from streaming_constructs.spec.printable import printable


def add_warning(construct: IConstruct, finding: Finding) -> None:
    """Tells a finding at a construct.

    Args:
        construct: The construct.
        finding: The finding; without a place in the spec it is of its alarms.
    """
    text = f"{finding.message} ({finding.dotted_path or 'alarms'}); {finding.help or finding.note}"
    # The CDK CLI prints both as they are.
    warning = f"streaming-constructs:{finding.code}:{finding.dotted_path}"
    Annotations.of(construct).add_warning_v2(printable(warning), printable(text))

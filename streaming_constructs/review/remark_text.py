"""A remark for people, in the form that findings of specs have."""

from __future__ import annotations

from streaming_constructs.review.remark import Remark
from streaming_constructs.spec.printable import printable


def remark_text(remark: Remark, place: str = "") -> str:
    """A remark as lines of text.

    Args:
        remark: The remark.
        place: The file and line that it stands in, such as `template.yaml:12`. Left out: where it is in the template alone.
    """
    lines = [f"{remark.grade}[{remark.code}]: {printable(remark.message, begins_line=False)}"]
    lines.append(f"  --> {printable(' '.join(part for part in (place, remark.named) if part))}")
    if remark.resource_type:
        lines.append(f"   = type: {printable(remark.resource_type)}")
    if remark.where:
        lines.append(f"   = where: {printable(remark.where)}")
    if remark.help:
        lines.append(f"   = help: {printable(remark.help)}")
    return "\n".join(lines)

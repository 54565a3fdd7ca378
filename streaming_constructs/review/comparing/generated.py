"""What a transform made, said of what it was made from: somebody reads about what stands in his template."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from streaming_constructs.review.comparing.template import value_at
from streaming_constructs.review.remark import Remark

_SERVERLESS = "AWS::Serverless::"


def as_written(remark: Remark, written: Mapping[str, Any]) -> Remark:
    """A remark on a resource that SAM made, as one on the resource of the template that SAM made it from.

    SAM calls what it makes by the name of that resource with something behind it: a mapping by the name of its event, a role
    by `Role`.

    Args:
        remark: The remark.
        written: The resources of the template as it was written; empty where nothing was made.
    """
    if not written or not remark.logical_id or remark.logical_id in written:
        return remark
    owners = [
        name
        for name, resource in written.items()
        if remark.logical_id.startswith(name) and str(value_at(resource, ("Type",))).startswith(_SERVERLESS)
    ]
    if not owners:
        return remark
    owner = max(owners, key=len)
    made = remark.logical_id.removeprefix(owner)
    is_event = value_at(written[owner], ("Properties", "Events", made)) is not None
    path = f"Properties.Events.{made}.{remark.path}" if is_event else "Properties"
    return replace(remark, logical_id=owner, path=path, resource_type=str(written[owner]["Type"]))

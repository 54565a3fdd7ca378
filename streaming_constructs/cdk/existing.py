"""What is brought is used as it is: a spec that asks to create it too, or to change it, is refused."""

from __future__ import annotations

from streaming_constructs.spec.finding import Finding


def brought_finding(field: str, argument: str) -> Finding:
    """A field of a spec that has no say, because its resource was brought.

    Args:
        field: The field, as a dotted path.
        argument: The argument that brought the resource.
    """
    return Finding(
        "LNG403",
        f"`{field}` cannot be set on what is brought",
        (field,),
        note=f"`{argument}=` was given; what is brought is never changed",
        help="take one of them out",
    )

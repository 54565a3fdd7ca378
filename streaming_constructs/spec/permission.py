"""Permissions of a function beyond what its edges grant: statements of its IAM policy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar

from pydantic import Field

from streaming_constructs.spec.finding import Finding
from streaming_constructs.spec.model import SpecModel, form, listed_once

Action = Annotated[
    str, form(r"^[a-z][a-z0-9-]*:[A-Za-z][A-Za-z0-9]*\*?$", "an action of IAM such as dynamodb:PutItem", max_length=128)
]
ResourceArn = Annotated[
    str, form(r"^(\*|arn:aws[a-z-]*:\S+)$", "an ARN, which may have wildcards, or * where the action takes none")
]


class Permission(SpecModel):
    """What a function may do beyond what its edges grant: a statement of its IAM policy."""

    example: ClassVar = {"actions": ["dynamodb:PutItem"], "resources": ["arn:aws:dynamodb:*:*:table/scores"]}

    actions: tuple[Action, ...] = Field(min_length=1, description="Actions of IAM, such as dynamodb:PutItem.")
    resources: tuple[ResourceArn, ...] = Field(
        min_length=1, description="ARNs of what they are allowed on; wildcards stand for any account or region."
    )

    def findings(self) -> Iterator[Finding]:
        yield from listed_once(self, "actions")
        yield from listed_once(self, "resources")

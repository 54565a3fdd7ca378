"""Two templates side by side: what every rule of a review may look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from streaming_constructs.review.comparing.defaults import says_the_default
from streaming_constructs.review.comparing.differences import Difference, differences
from streaming_constructs.review.comparing.matching import Match, match
from streaming_constructs.review.comparing.named_arn import name_the_same
from streaming_constructs.review.comparing.schemas import schema_of
from streaming_constructs.review.comparing.template import Resource, Template


@dataclass(frozen=True)
class Pair:
    """Two templates side by side.

    Attributes:
        old: The template as it is deployed.
        new: The template as it would be.
        match: Which resource is which.
        new_names: New logical ids of resources that are the same although CDK calls them otherwise, by their old ones.
    """

    old: Template
    new: Template
    match: Match
    new_names: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, old: Template, new: Template) -> Pair:
        """Puts two templates side by side.

        Args:
            old: The template as it is deployed.
            new: The template as it would be.
        """
        found = match(old, new)
        names = {
            before.logical_id: after.logical_id
            for before, after in found.kept.values()
            if before.logical_id != after.logical_id
        }
        return cls(old, new, found, names)

    @cached_property
    def differences(self) -> Mapping[str, tuple[Difference, ...]]:
        """Where the properties of each resource differ that is in both, by the new logical id; those without are left out."""
        found = {}
        for logical_id, (before, after) in self.match.kept.items():
            was: Any = renamed(before.properties, self.new_names) if self.new_names else before.properties
            differing = tuple(
                difference
                for difference in differences(was, after.properties, schema_of(after.type))
                if not says_the_default(after.type, difference)
                and not name_the_same(difference.old, self.old, difference.new, self.new)
            )
            if differing:
                found[logical_id] = differing
        return found

    def counterpart(self, old: Resource) -> Resource | None:
        """What an old resource is in the new template: the same, or its successor under another logical id; else None.

        Args:
            old: A resource of the old template.
        """
        name = self.new_names.get(old.logical_id, old.logical_id)
        if name in self.match.kept:
            return self.match.kept[name][1]
        return next((after for before, after in self.match.renamed if before.logical_id == old.logical_id), None)


def renamed(value: Any, names: Mapping[str, str]) -> Any:
    """A value with other logical ids in its references.

    Args:
        value: A value by its meaning.
        names: The other names, by those that it has.
    """
    if isinstance(value, Mapping):
        if len(value) == 1:
            match value:
                case {"Ref": str() as name} if name in names:
                    return {"Ref": names[name]}
                case {"Fn::GetAtt": [str() as name, attribute]} if name in names:
                    return {"Fn::GetAtt": [names[name], attribute]}
        return {key: renamed(inner, names) for key, inner in value.items()}
    return [renamed(inner, names) for inner in value] if isinstance(value, list) else value

"""What a function can write to: how it is named to the function, and what the function needs to write there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from streaming_constructs.cdk.iam_policy import Permissions


@dataclass(frozen=True, slots=True)
class Target:
    """Something that is written to.

    Attributes:
        variable: How the environment variable that names it ends, such as `STREAM_ARN`.
        value: What the variable says.
        permissions: What writing takes.
    """

    variable: str
    value: str
    permissions: Permissions


class Writable(Protocol):
    """A construct that a function can write to: a stream, a delivery or a topic."""

    @property
    def target(self) -> Target:
        """How it is named, and what writing takes."""


def variables(targets: Mapping[str, Target]) -> dict[str, str]:
    """The environment variables that name targets to a function.

    Args:
        targets: The targets, by the name that the spec gives them.
    """
    return {f"{name.upper().replace('-', '_')}_{target.variable}": target.value for name, target in targets.items()}

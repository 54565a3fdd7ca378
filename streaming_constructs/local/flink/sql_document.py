"""The statements of an application, as they are deployed: `statements.json` of its jar."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

STATEMENTS = "statements.json"


@dataclass(frozen=True, slots=True)
class SqlDocument:
    """Statements, and what they set.

    Attributes:
        statements: The statements, in order; `${name}` is a variable.
        config: What is set before they run.
    """

    statements: tuple[str, ...]
    config: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of_jar(cls, jar: Path) -> Self:
        """Those of a deployed jar.

        Args:
            jar: The jar.

        Raises:
            FileNotFoundError: If it has none.
        """
        with zipfile.ZipFile(jar) as opened:
            if STATEMENTS not in opened.namelist():
                message = f"`{jar}` has no {STATEMENTS}: it is no application of kind `flink_sql`"
                raise FileNotFoundError(message)
            document = json.loads(opened.read(STATEMENTS))
        return cls(tuple(document["statements"]), dict(document.get("config", {})))

    @classmethod
    def of(cls, given: Self | Path | Sequence[str]) -> Self:
        """Those that are given, in whichever way.

        Args:
            given: A document, a deployed jar, or statements.
        """
        if isinstance(given, cls):
            return given
        if isinstance(given, Path):
            return cls.of_jar(given)
        if isinstance(given, str):
            message = "give a list of statements: a text is not split into its statements here"
            raise TypeError(message)
        return cls(tuple(given))  # type: ignore[arg-type]

    def as_json(self) -> dict[str, Any]:
        """The document, as it stands in a jar."""
        return {"config": dict(self.config), "statements": list(self.statements)}

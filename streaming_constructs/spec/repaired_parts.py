"""What of a file was repaired, or left out, so that the rest of it could be judged."""

from __future__ import annotations

from collections.abc import Iterator

from streaming_constructs.spec.document import written_at
from streaming_constructs.spec.finding import SpecPath


class RepairedParts:
    """Parts of a file that do not say what the file says; in a large file that is full of errors each is asked for at once.

    Attributes:
        renamed: The paths in the file of parts that got their right names, by their paths under these.
    """

    def __init__(self) -> None:
        self.renamed: dict[SpecPath, SpecPath] = {}
        self._parts: set[SpecPath] = set()
        self._above: set[SpecPath] = set()

    def __iter__(self) -> Iterator[SpecPath]:
        return iter(self._parts)

    def __bool__(self) -> bool:
        return bool(self._parts)

    def add(self, part: SpecPath) -> None:
        """One part more.

        Args:
            part: Where it is.
        """
        self._parts.add(part)
        self._above.update(part[:length] for length in range(len(part)))

    def rename(self, part: SpecPath, name: SpecPath) -> None:
        """A part is judged under its right name.

        Args:
            part: Where it is; perhaps in another that was renamed before.
            name: Its path under that name.
        """
        self.renamed[name] = written_at(part, self.renamed)

    def hold(self, path: SpecPath) -> bool:
        """Whether a path is in one of the parts.

        Args:
            path: The path.
        """
        return any(path[:length] in self._parts for length in range(len(path) + 1))

    def touch(self, path: SpecPath) -> bool:
        """Whether a path is in one of the parts, or is a node with such a part.

        Args:
            path: The path.
        """
        return self.hold(path) or (len(path) > 1 and path in self._above)

    def stand_beside(self, path: SpecPath) -> bool:
        """Whether one of the parts stands in the same mapping as a path.

        Args:
            path: The path.
        """
        return any(len(part) == len(path) and part[:-1] == path[:-1] for part in self._parts)

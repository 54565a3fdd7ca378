"""One thing that is said of a change of a template, or of one template."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from streaming_constructs.review.grade import About, Grade


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that is said of a change of a template, or of one template.

    Attributes:
        code: Its stable code, such as `REV201`; `streaming-constructs explain REV201` tells its story.
        grade: How grave it is.
        about: What it is about, such as `retention`.
        message: What happens when this is deployed, in one line that stands alone.
        help: What to do instead, or how to do it safely. Empty: nothing has to be done.
        logical_id: The resource; that of the old template where it is there no more.
        resource_type: Its type, such as `AWS::Kinesis::Stream`.
        path: Where in it, such as `Properties.RetentionPeriodHours`; `Properties` where it is the resource as a whole.
        where: What parameters are where this is so, such as `Stage = prod`. Empty: with their defaults.
        stack: The stack, where several are told of.
    """

    code: str
    grade: Grade
    about: About
    message: str
    help: str = ""
    logical_id: str = ""
    resource_type: str = ""
    path: str = ""
    where: str = ""
    stack: str = ""

    @property
    def named(self) -> str:
        """What it is about, such as `prod: Clicks.Properties.Name`; the resource alone where it is that as a whole."""
        path = "" if self.path == "Properties" and self.logical_id else self.path
        within = ".".join(part for part in (self.logical_id, path) if part)
        return ": ".join(part for part in (self.stack, within) if part)

    def as_object(self) -> dict[str, Any]:
        """The remark as plain data, as `--format json` has it."""
        told = {
            "logical_id": self.logical_id,
            "resource_type": self.resource_type,
            "path": self.path,
            "grade": self.grade,
            "code": self.code,
            "about": self.about,
            "message": self.message,
            "help": self.help,
        }
        return told | {name: getattr(self, name) for name in ("where", "stack") if getattr(self, name)}

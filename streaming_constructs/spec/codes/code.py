"""An entry of the catalogue: what a code means, why it matters, a spec that triggers it, and the mend."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from textwrap import dedent
from typing import TYPE_CHECKING, Any, Literal

from streaming_constructs.spec.codes.base import BASE
from streaming_constructs.spec.codes.levels import level_of

if TYPE_CHECKING:
    from streaming_constructs.spec.finding import Level

Form = Literal["fragment", "file", "command", "elsewhere", "template"]
_LEVELS: Mapping[str, Level] = {"danger": "error", "caution": "warning", "fine": "note"}


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of finding.

    Attributes:
        code: The stable code, such as `LNG204`.
        title: What is wrong, in one line that stands alone.
        why: What happens otherwise.
        example: What triggers it.
        mend: The same, put right.
        form: What both are: `fragment` a part of a spec, merged into `BASE`; `file` a whole one; `command` a line of the
            shell; `elsewhere` what is found only while a template is built, or a system rehearsed; `template` resources of
            a template of CloudFormation.
        source: The page of AWS that states the fact behind it, if there is one.
        earlier: What the same part said in an earlier version, where only comparing the two finds it.
        beside: The part of a spec that a command is run on, merged into `BASE`.
        grade: Of what a review or an audit of templates finds: how grave it is, unless the situation decides.
        about: Of the same: what it is about, unless the situation decides.
    """

    code: str
    title: str
    why: str
    example: str
    mend: str
    form: Form = "fragment"
    source: str = ""
    earlier: str = ""
    beside: str = ""
    grade: Any = ""
    about: Any = ""

    @property
    def level(self) -> Level:
        """How bad it is, where the situation does not say otherwise."""
        return _LEVELS[self.grade] if self.grade else level_of(self.code)

    @property
    def severity(self) -> str:
        """The word for how bad it is: the grade of what a review or an audit finds, else the level."""
        return self.grade or self.level

    def file(self, text: str) -> str:
        """The text of a whole spec with `text` in it: `example`, `mend` or `earlier`, or one of them in `BASE`."""
        return in_base(text) if text and self.form == "fragment" else text


def in_base(part: str) -> str:
    """The text of `BASE` with a part merged into it.

    Args:
        part: A part of a spec; `null` takes a field out.
    """
    import yaml

    merged = _merged(yaml.safe_load(BASE), yaml.safe_load(part))
    return yaml.safe_dump(merged, sort_keys=False, allow_unicode=True, width=100_000)


def _merged(base: Any, difference: Any) -> Any:
    if not (isinstance(base, Mapping) and isinstance(difference, Mapping)):
        return difference
    merged = {**base, **{key: _merged(base.get(key), value) for key, value in difference.items()}}
    return {key: value for key, value in merged.items() if value is not None}


def review_code(
    code: str,
    grade: str,
    about: str,
    title: str,
    why: str,
    *,
    before: str = "",
    after: str,
    source: str = "",
    mend: str = "",
) -> Code:
    """An entry of what a review of two templates finds, or an audit of one.

    Args:
        code: The code: `REV…` of two templates, `AUD…` of one.
        grade: `danger`, `caution` or `fine`.
        about: What it is about, such as `retention`.
        title: What has changed, or is wrong, in one line that stands alone.
        why: What happens then.
        before: Resources of the old template: what stands below `Resources`, as YAML. Left out: an audit has none.
        after: Those of the new template, or of the one that is audited.
        source: The page of AWS that states the fact behind it.
        mend: The same without it: the way to do it safely, or put right. Left out: there is nothing to mend.
    """
    old, new, right = map(piece, (before, after, mend))
    return Code(code, title, why, new, right, "template", source, old, grade=grade, about=about)


def piece(text: str) -> str:
    """A piece of YAML, without the indentation that it has in the catalogue.

    Args:
        text: The piece.
    """
    return dedent(text).lstrip("\n")

"""`--fail-on` and `--accept`: what makes a review or an audit end with 1, and what does not count."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from streaming_constructs.review.acceptances import Acceptances
    from streaming_constructs.review.remark import Remark

NEVER = "never"
_LETS_PASS = {
    "danger": "Left out, cautions pass, and what no rule knows: caution stops at them.",
    "caution": "Left out, nothing passes.",
}
"""What the default of a verb means."""
_GRADES = ("danger", "caution", "fine")


class FailOn(click.ParamType):  # type: ignore[type-arg]  # generic in the newest click alone
    """A grade, what something is about, or `never`."""

    name = "WHAT"

    def __init__(self, grades: Iterable[str]) -> None:
        """Takes what may be said.

        Args:
            grades: The grades.
        """
        self.grades = tuple(grades)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from typing import get_args

        from streaming_constructs.review.grade import About
        from streaming_constructs.spec.finding import did_you_mean
        from streaming_constructs.spec.printable import printable

        choices = (*self.grades, NEVER, *(about for about in get_args(About) if about != "none"))
        if value not in choices:
            self.fail(f"nothing is `{printable(str(value))}`; {did_you_mean(str(value), choices)}", param, ctx)
        return str(value)


def fail_on_option(default: str, *grades: str) -> Callable[[Any], Any]:
    """The option `--fail-on`.

    Args:
        default: What it is where it is left out.
        grades: The grades that it takes.
    """
    return click.option(
        "--fail-on",
        "fail_on",
        metavar="WHAT",
        multiple=True,
        type=FailOn(grades),
        default=[default],
        show_default=True,
        help=f"What ends with 1: {', '.join(grades)}, each with what is graver; what cautions and dangers are about, such as "
        f"alarm or retention; or never. Several by repeating it. {_LETS_PASS[default]}",
    )


ACCEPT = click.option(
    "--accept",
    metavar="FILE",
    type=click.Path(),
    help="What was accepted, why, and until when; it does not count. Left out: review.yaml beside the new templates, where "
    "there is one.",
)


def check_fail_on(fail_on: tuple[str, ...]) -> None:
    """Refuses what contradicts itself.

    Args:
        fail_on: What was said.
    """
    if NEVER in fail_on and len(set(fail_on)) > 1:
        raise click.BadParameter("never is all that it can be said with", param_hint="'--fail-on'")


def fails(remarks: Iterable[Remark], fail_on: tuple[str, ...]) -> bool:
    """Whether something is found that was asked for.

    Args:
        remarks: All that is to be said.
        fail_on: Grades, and what something is about; `never` is none of them.
    """
    from streaming_constructs.review.grade import RANKS

    least = min((RANKS[what] for what in fail_on if what in _GRADES), default=len(RANKS))  # type: ignore[index]
    return any(
        RANKS[remark.grade] >= least or (remark.about in fail_on and RANKS[remark.grade] >= RANKS["caution"])
        for remark in remarks
    )


def read_accepted(accept: str | None, new: str | None, names: Iterable[str]) -> Acceptances:
    """What was accepted, in the file that is named or in the one beside the new templates.

    Args:
        accept: The file; None where none is named.
        new: What was named as new.
        names: The new templates.

    Raises:
        SpecError: If it cannot be read.
    """
    from streaming_constructs.review.acceptances import Acceptances, acceptance_file, open_acceptances

    path = Path(accept) if accept is not None else acceptance_file(new, names)
    return Acceptances(open_acceptances(path) if path else [], date.today())  # noqa: DTZ011 - the day where this runs

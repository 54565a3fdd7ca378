"""What Managed Flink refuses of the groups of properties that an application is told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streaming_constructs.facts import flink
from streaming_constructs.planning.analytics.flink_start import DEPLOYMENT
from streaming_constructs.planning.numbers import counted
from streaming_constructs.spec.finding import Edit, Finding

if TYPE_CHECKING:
    from streaming_constructs.planning.analytics.property_groups import Groups
    from streaming_constructs.spec.analytics.flink_app import FlinkAppSpec


def group_findings(spec: FlinkAppSpec, groups: Groups) -> Iterator[Finding]:
    """What is wrong with the groups of an application of code; paths are relative to the application.

    Args:
        spec: The application.
        groups: The groups of properties that it is told, by name: those of its edges and of the spec.
    """
    longest, most = int(flink.PROPERTY_GROUP_NAME_CHARACTERS.maximum), int(flink.PROPERTY_GROUPS.maximum)
    for field, names in (("from", spec.from_), ("to", spec.to)):
        for place, name in enumerate(names):
            if len(name) > longest:
                yield Finding(
                    "FLK251",
                    f"`{name}` is too long for the group of properties that is named as it",
                    (field, place),
                    note=f"it has {len(name)} characters, and the name of a group has {longest} at most",
                    help=f"give the node a name of up to {longest} characters",
                )
    if DEPLOYMENT in groups:
        path = ("properties", DEPLOYMENT) if DEPLOYMENT in spec.properties else ()
        yield Finding(
            "FLK251",
            f"the group `{DEPLOYMENT}` is taken",
            path,
            note="it has what the deployment is seen by",
            help="name the group otherwise" if path else "name the node otherwise",
            edits=(Edit(path),) if path else (),
        )
    if len({*groups, DEPLOYMENT}) > most:
        yield Finding(
            "FLK251",
            f"{counted(len({*groups, DEPLOYMENT}), 'group')} of properties are more than an application takes",
            ("properties",) if spec.properties else (),
            note=f"it takes {most}; each node that it reads or writes has one, and the deployment has one",
            help="put what belongs together into one group",
        )
    for name, properties in groups.items():
        yield from _count_findings(name, len(properties), ("properties", name) if name in spec.properties else ())


def variable_findings(count: int, *, are_said: bool) -> Iterator[Finding]:
    """What is wrong with the variables of SQL, which are one group; paths are relative to the application.

    Args:
        count: How many of them the statements have.
        are_said: Whether the spec says some.
    """
    yield from _count_findings(flink.SQL_VARIABLES, count, ("variables",) if are_said else ())


def _count_findings(name: str, count: int, path: tuple[str, ...]) -> Iterator[Finding]:
    most = int(flink.PROPERTIES_OF_A_GROUP.maximum)
    if count <= most:
        return
    is_sql = name == flink.SQL_VARIABLES
    yield Finding(
        "FLK251",
        f"{counted(count, 'variable') if is_sql else counted(count, 'property')} are more than a group takes",
        path,
        note=f"a group takes {most}"
        + ("; what `from` and `to` name has one or two each, and the region is one" if is_sql else ""),
        help="write what is the same in all environments into the SQL, or divide the queries among two applications"
        if is_sql
        else "divide them among two groups",
    )

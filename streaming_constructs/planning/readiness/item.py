"""One item of a checklist: what is asked of a node, and how its spec answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from streaming_constructs.planning.node import NodePlan
    from streaming_constructs.planning.pipeline import PipelinePlan
    from streaming_constructs.spec.finding import SpecPath

Status = Literal["fail", "confirm", "pass", "not_applicable"]
Group = Literal["Infrastructure", "Configuration", "Code", "Operations", "Security"]


@dataclass(frozen=True, slots=True)
class Answer:
    """How an item stands.

    Attributes:
        status: `pass` and `fail` are seen in the spec; `confirm` has to be answered by a person, as no spec says it;
            `not_applicable` does not arise here.
        evidence: What it was seen by.
        fix: What to do, or what to look at.
        field: The field of the node that it is about. Empty: the node as a whole.
    """

    status: Status
    evidence: str
    fix: str = ""
    field: SpecPath = ()


def passed(evidence: str, *field: str) -> Answer:
    """It is so.

    Args:
        evidence: What it was seen by.
        field: Where it stands in the node.
    """
    return Answer("pass", evidence, field=field)


def failed(evidence: str, fix: str, *field: str) -> Answer:
    """It is not so.

    Args:
        evidence: What it was seen by.
        fix: What to write.
        field: Where it stands in the node.
    """
    return Answer("fail", evidence, fix, field)


def confirm(evidence: str, fix: str, *field: str) -> Answer:
    """Nothing here says whether it is so: a person has to.

    Args:
        evidence: Why it is not seen.
        fix: What to look at.
        field: Where something about it stands in the node.
    """
    return Answer("confirm", evidence, fix, field)


def not_applicable(evidence: str) -> Answer:
    """It does not arise here.

    Args:
        evidence: Why.
    """
    return Answer("not_applicable", evidence)


@dataclass(frozen=True, slots=True)
class Asked:
    """A node that is asked.

    Attributes:
        plan: The system.
        section: The section that the node stands in.
        name: Its name.
        node: The node with its numbers; of the kind that the checklist is for.
    """

    plan: PipelinePlan
    section: str
    name: str
    node: NodePlan

    @property
    def spec(self) -> Any:
        """What was asked for; a checklist knows the kind that it is for."""
        return self.node.spec

    def of(self, section: str, name: str) -> Asked:
        """Another node of the system.

        Args:
            section: The section that it stands in.
            name: Its name.
        """
        return Asked(self.plan, section, name, self.plan.sections[section][name])

    def alarm_kinds(self, name: str = "") -> set[str]:
        """What the alarms of a node watch, those that are silenced left out.

        Args:
            name: The node. Left out: this one.
        """
        return {alarm.kind for alarm in self.plan.alarms if alarm.node == (name or self.name)}


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a checklist.

    Attributes:
        id: Its id, such as `KI1`: stable.
        group: What it belongs to.
        title: What has to be so.
        judge: How the spec answers.
        source: The page of AWS that says why.
    """

    id: str
    group: Group
    title: str
    judge: Callable[[Asked], Answer]
    source: str

"""The tables of `docs/alarms.md`: every alarm that the patterns and the cookbook have, by section of the language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from streaming_constructs.kinds import NODE_SECTIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streaming_constructs.planning.alarm import AlarmPlan
    from streaming_constructs.planning.pipeline import PipelinePlan


def alarms_tables(plans: Sequence[PipelinePlan]) -> str:
    """Every alarm that these systems have, with the threshold that one of them has for example.

    Args:
        plans: The systems.
    """
    alarms: dict[str, dict[str, list[AlarmPlan]]] = {section: {} for section in NODE_SECTIONS}
    for plan in plans:
        for section, nodes in plan.sections.items():
            for node in nodes.values():
                for alarm in node.alarms():
                    alarms[section].setdefault(alarm.kind, []).append(alarm)
    return "\n\n".join(_table(section, found) for section, found in alarms.items() if found)


def _table(section: str, alarms: dict[str, list[AlarmPlan]]) -> str:
    rows = [
        f"| `{_node_of(section)}.{kind}`{_instances(found)} | {_metrics(found)} | {_cell(found[0].working)} |"
        for kind, found in alarms.items()
    ]
    head = ["| alarm | metric, in one minute | threshold, for example |", "|---|---|---|"]
    return "\n".join([f"## {section}", "", *head, *rows])


def _node_of(section: str) -> str:
    """What stands for a node of a section, such as DELIVERY."""
    return re.sub("ies$", "y", section).removesuffix("s").upper()


def _instances(alarms: list[AlarmPlan]) -> str:
    """Of which parts of the node there is one each, such as brokers."""
    parts = {alarm.instance.rpartition("-")[0] for alarm in alarms} - {""}
    return f", one for each {' or '.join(sorted(parts))}" if parts else ""


def _metrics(alarms: list[AlarmPlan]) -> str:
    """The metrics of the same alarm on nodes of different kinds."""
    first = alarms[0]
    found = dict.fromkeys(f"{alarm.metric.namespace} {alarm.metric.name}" for alarm in alarms)
    endings = {name.rpartition(".")[2] for name in found}
    names = [f"{first.metric.namespace} *.{endings.pop()}"] if len(found) > 1 == len(endings) else list(found)
    statistics = dict.fromkeys(alarm.statistic or alarm.metric.statistic for alarm in alarms)
    told = " or ".join(f"`{name}`" for name in names)
    if first.expression:
        others = ", ".join(f"`{name}` `{metric.name}`" for name, metric in first.metrics.items())
        told = f"`{first.expression}` of `m` {told}, {others}"
    return f"{told}, {' or '.join(statistics).lower()}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")

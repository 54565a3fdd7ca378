"""Applications that Flink does not start while a stack is deployed: told where the spec says their SQL."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from streaming_constructs.spec.finding import Finding, SpecError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streaming_constructs.planning import PipelinePlan
    from streaming_constructs.planning.analytics.flink_sql import FlinkSqlPlan
    from streaming_constructs.spec.document import Document

_FAILED = re.compile(r"the application (\S+) failed: StartApplication: (.*)", re.DOTALL)


@contextmanager
def refused_starts_in_the_spec(plan: PipelinePlan, document: Document) -> Iterator[None]:
    """Has what is refused in a `with` say its place in the spec, where it is the SQL of an application.

    Args:
        plan: What is deployed.
        document: The spec.

    Raises:
        SpecError: What was raised in there, with those places.
    """
    try:
        yield
    except SpecError as error:
        raise SpecError([_in_the_spec(finding, plan, document) for finding in error.findings]) from None


def _in_the_spec(finding: Finding, plan: PipelinePlan, document: Document) -> Finding:
    from streaming_constructs.local.flink.flink_error import FlinkGoneError
    from streaming_constructs.local.flink.flink_process import GONE
    from streaming_constructs.local.flink.sql_check import start_finding

    failed = _FAILED.search(finding.note) if finding.code == "LOC955" else None
    if failed is None:
        return finding
    if failed[2].startswith(GONE):
        return FlinkGoneError({"causes": [failed[2]]}).finding
    node = _application(failed[1], plan)
    return finding if node is None else document.locate(start_finding(node, failed[2]))


def _application(name: str, plan: PipelinePlan) -> FlinkSqlPlan | None:
    """The application of a deployed name, which has that of its node in it."""
    from streaming_constructs.planning.analytics.flink_sql import FlinkSqlPlan

    nodes = [node for node in plan.nodes.values() if isinstance(node, FlinkSqlPlan) and node.name in name]
    return max(nodes, key=lambda node: len(node.name), default=None)

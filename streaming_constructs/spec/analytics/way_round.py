"""Stores that no connector of Flink SQL writes to: a system is assembled with a delivery that does.

Flink puts records into the delivery directly, so nothing but Firehose stands between them: no stream, and no code.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from streaming_constructs.spec.analytics.flink_sql import FlinkSqlSpec
from streaming_constructs.spec.deliveries.firehose import DIRECT_PUT, DeliverySpec
from streaming_constructs.spec.deliveries.opensearch import OpenSearchDestination
from streaming_constructs.spec.examples import in_yaml
from streaming_constructs.spec.finding import Finding
from streaming_constructs.spec.model import NODE_NAME_CHARACTERS

if TYPE_CHECKING:
    from streaming_constructs.spec.pipeline import PipelineSpec


def delivery_name(application: str, store: str) -> str:
    """The delivery by which an application writes to a store.

    Args:
        application: The name of the application.
        store: The name of the store.
    """
    return f"{application}-to-{store}"


def with_ways_round(spec: PipelineSpec) -> PipelineSpec:
    """A system with the deliveries that its applications of SQL need and that it does not name; itself where there is none.

    A delivery that has the name already is the one that is written to, so what was assembled can be written out and changed.

    Args:
        spec: A system in which all names resolve.
    """
    deliveries, analytics, added = dict(spec.deliveries), dict(spec.analytics), dict(spec.assembled)
    for name, application in spec.analytics.items():
        if not isinstance(application, FlinkSqlSpec):
            continue
        ways = {}
        for place, store in application.stores_without_connector(spec):
            delivery = delivery_name(name, store)
            if _refusal(delivery, store, spec):
                continue
            ways[store] = delivery
            if delivery not in deliveries:
                deliveries[delivery] = DeliverySpec.model_validate(_written_out(name, store, spec))
                added[delivery] = ("analytics", name, "to", place)
        if ways:
            analytics[name] = application.written_by(ways)
    if analytics == spec.analytics and not added:
        return spec
    return spec.assembled_with(deliveries=deliveries, analytics=analytics, added=added)


def way_round_notes(spec: PipelineSpec) -> Iterator[Finding]:
    """What is told of deliveries that were assembled: paths start at the section.

    Args:
        spec: A system with its ways round.
    """
    for delivery, path in spec.assembled.items():
        to = spec.deliveries[delivery].to
        assert isinstance(to, OpenSearchDestination)
        assert to.domain is not None
        piece = {delivery: _written_out(str(path[1]), to.domain, spec)}
        yield Finding(
            "FLK260",
            f"`{to.domain}` is written to by a delivery that is added, `{delivery}`",
            path,
            note="no connector for OpenSearch is served; Firehose writes to the domain, at its price for each GB, and what is "
            f"written is found up to {to.buffer_seconds} s later",
            help=f"to change it, write it out: add `deliveries: {in_yaml(piece)}` and leave `to` as it is",
        )


def name_findings(name: str, application: FlinkSqlSpec, spec: PipelineSpec) -> Iterator[Finding]:
    """Stores that nothing can be assembled for, as the name of the delivery is taken; paths are relative to the application.

    Args:
        name: The name of the application.
        application: The application.
        spec: Its system.
    """
    for place, store in application.stores_without_connector(spec):
        delivery = delivery_name(name, store)
        if refusal := _refusal(delivery, store, spec):
            piece = {_free_name(store, spec): _written_out(name, store, spec)}
            yield Finding(
                "GRF315",
                f"no delivery can be added that writes to `{store}`",
                ("to", place),
                note=f"it would be called `{delivery}`, {refusal}",
                help=f"write it out under another name: add `deliveries: {in_yaml(piece)}`, and name it here and in the SQL "
                f"instead of `{store}`",
            )


def _refusal(delivery: str, store: str, spec: PipelineSpec) -> str:
    """Why a delivery of that name cannot write to the store; empty where it can, or is there and does."""
    section = next((section for section, name, _ in spec.nodes() if name == delivery), "")
    if not section:
        is_longer = len(delivery) > NODE_NAME_CHARACTERS
        return f"and a name has {NODE_NAME_CHARACTERS} characters at most" if is_longer else ""
    if section == "deliveries":
        found = spec.deliveries[delivery]
        if found.from_ is None and isinstance(found.to, OpenSearchDestination) and found.to.domain == store:
            return ""
        return "and the delivery of that name does something else"
    return f"and one of the {section} has that name"


def _free_name(store: str, spec: PipelineSpec) -> str:
    taken = {name for _, name, _ in spec.nodes()}
    names = (f"to-{store[:50]}{ending}" for ending in ("", *(f"-{number}" for number in range(2, len(taken) + 3))))
    return next(name for name in names if name not in taken)


def _written_out(application: str, store: str, spec: PipelineSpec) -> dict[str, Any]:
    """The delivery, as a file says it."""
    schema = getattr(spec.stores[store], "record_schema", None)
    to = {"kind": spec.stores[store].kind, "domain": store, "index": application}
    return {"from": DIRECT_PUT, **({"schema": schema} if schema else {}), "to": to}

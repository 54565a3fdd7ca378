"""What in a domain is likely to lose documents: what stands and falls with one node or zone, and indices that look alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from streaming_constructs.facts import opensearch
from streaming_constructs.spec.finding import Edit, Finding, SpecPath

if TYPE_CHECKING:
    from streaming_constructs.planning.stores.opensearch import DomainPlan


def standing_findings(plan: DomainPlan) -> Iterator[Finding]:
    """What a domain that keeps its data does not survive; paths are relative to it.

    Args:
        plan: The domain.
    """
    if (plan.spec.removal_policy or plan.removal_policy) == "destroy":
        return
    if plan.replicas == 0:
        yield _falls("replicas", "each document is on one node alone, and is lost with it", "0 copies beside the first")
    if plan.instances == 1:
        yield _falls("instances", "the domain is one node, and is away while it is", "1 data node")
    if plan.zones == 1 and plan.instances > 1:
        field = next((name for name in ("zones", "vpc") if getattr(plan.spec, name) is not None), "instances")
        most = opensearch.AVAILABILITY_ZONES.maximum
        yield _falls(
            field,
            "the domain is in one zone, and is away while it is",
            f"{plan.instances} nodes in 1 zone",
            f"set `zones: {most}` and a multiple of {most} `instances`, or take out what is given, for the same",
            edits=(Edit((field,)),) if field == "zones" else (),
        )
    if not plan.masters and plan.instances > 1:
        least = int(opensearch.DATA_NODES_WITHOUT_MASTERS.value)
        why = f"; with fewer than {least} nodes it may split, too" if plan.instances < least else ""
        yield _falls(
            "dedicated_masters",
            "data nodes manage the cluster, and stop doing so when they are busy",
            f"no dedicated masters{why}",
        )


def _falls(field: str, message: str, seen: str, help_: str = "", edits: tuple[Edit, ...] | None = None) -> Finding:
    return Finding(
        "OSD811",
        message,
        (field,),
        note=f"{seen}; the system keeps its data (`removal_policy: retain`)",
        help=help_
        or f"take `{field}` out, for what a domain that is kept needs; or set `removal_policy: destroy` if it is disposable",
        edits=(Edit((field,)),) if edits is None else edits,
    )


def likeness_findings(indices: Mapping[str, str]) -> Iterator[Finding]:
    """Indices that are taken for those of another delivery; paths start at `deliveries`.

    An index with rotation is its name, a `-` and the time, and the setup finds them by the first digit of the year.

    Args:
        indices: Names of deliveries to one domain, by their index.
    """
    for index, name in indices.items():
        start = index.find("-2")
        while start > 0:
            base = index[:start]
            if base in indices:
                yield _alike(("deliveries", name, "to", "index"), index, base, indices[base])
                break
            start = index.find("-2", start + 1)


def _alike(path: SpecPath, index: str, base: str, other: str) -> Finding:
    better = f"{base}-v{index.removeprefix(f'{base}-')}"
    return Finding(
        "OSD812",
        "the indices of one delivery look like those of another",
        path,
        note=f"those of `{other}` are {base}-2…, with the year, and so is {index}: when `{other}` is deployed, its retention "
        "is applied to both",
        help=f"let a letter follow the `-`: `index: {better}`",
        edits=(Edit(path, better),),
    )

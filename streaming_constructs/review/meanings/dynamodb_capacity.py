"""What changes of the capacity of tables of DynamoDB mean, and of their indices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from streaming_constructs.facts.dynamodb import INDEXES_PER_UPDATE
from streaming_constructs.review.comparing.differences import same
from streaming_constructs.review.comparing.template import Resource, value_at
from streaming_constructs.review.comparing.values import is_true, number, shown
from streaming_constructs.review.meaning import Changed, Meaning, Meanings, PropertyRule, means
from streaming_constructs.review.rules.parts import by_name, items_of, parts_of
from streaming_constructs.review.rules.quantities import Quantity
from streaming_constructs.review.rules.switches import Other

TABLE = "AWS::DynamoDB::Table"
GLOBAL_TABLE = "AWS::DynamoDB::GlobalTable"


def _mode(table: Resource) -> str:
    mode = table.at("BillingMode")
    return mode if isinstance(mode, str) else "PROVISIONED"


@means(TABLE, "BillingMode")
@means(GLOBAL_TABLE, "BillingMode")
def mode(changed: Changed) -> Iterator[Meaning]:
    """Whether capacity is bought in advance, or for each request."""
    old, new = ("PROVISIONED" if value is None else value for value in (changed.old, changed.new))
    follows = {
        "PAY_PER_REQUEST": "each request is billed, and capacity grows with the load",
        "PROVISIONED": "what is asked for beyond the capacity that is bought is throttled",
    }.get(str(new), "what it takes is decided otherwise")
    yield Meaning(
        "REV265",
        f"{shown(old)} → {shown(new)}: {follows}",
        "see that the capacity fits the peak of the last days" if new == "PROVISIONED" else "",
    )


_THROTTLED = "requests beyond it are throttled"


def _units(what: str) -> PropertyRule:
    quantity = Quantity(what, "units/s", _THROTTLED, "REV263", "REV264")

    def rule(changed: Changed) -> Meanings:
        return () if _mode(changed.old_resource) != _mode(changed.new_resource) else quantity.meanings(changed, 0)

    return rule


def _most_units(what: str) -> PropertyRule:
    def rule(changed: Changed) -> Iterator[Meaning]:
        """The most units of a table on demand: left out, or -1, it has no bound."""
        values = f"{what}: {_bound(changed.old)} → {_bound(changed.new)}"
        old, new = (_least_bound(value) for value in (changed.old, changed.new))
        if old is None or new is None:
            yield Meaning("REV263", f"{values}; whether that is less is known at deployment only")
        elif new < old:
            yield Meaning("REV263", f"{values}; {_THROTTLED}")
        elif new > old:
            yield Meaning("REV264", values)

    return rule


def _bound(value: object) -> str:
    return "no bound" if _least_bound(value) == float("inf") else f"{shown(value)} units/s"


def _least_bound(value: object) -> float | None:
    if value is None:
        return float("inf")
    found = number(value)
    return float("inf") if found == -1 else found


def _target(changed: Changed) -> Iterator[Meaning]:
    """The share of the capacity that autoscaling aims at."""
    old, new = number(changed.old), number(changed.new)
    values = f"capacity is moved so that it is used by {shown(changed.new)} %; it was {shown(changed.old)} %"
    if old is not None and new is not None and new < old:
        yield Meaning("REV264", values)
    else:
        yield Meaning("REV263", f"{values}; less is left for a sudden rise")


def _scale_in(changed: Changed) -> Iterator[Meaning]:
    """Whether autoscaling lowers capacity again."""
    yield Meaning("REV276", "capacity is no longer lowered" if is_true(changed.new) else "capacity is lowered again")


_PACE = Other("REV276", "how fast autoscaling follows")
_TRACKING: Mapping[str, PropertyRule] = {
    "TargetValue": _target,
    "DisableScaleIn": _scale_in,
    "ScaleInCooldown": _PACE.meanings,
    "ScaleOutCooldown": _PACE.meanings,
}


def _tracking(changed: Changed) -> Meanings:
    return parts_of(changed, _TRACKING, "REV263")


_LEAVES: Mapping[str, PropertyRule] = {
    "ReadCapacityUnits": _units("reads"),
    "WriteCapacityUnits": _units("writes"),
    "MinCapacity": _units("the least capacity"),
    "MaxCapacity": _units("the most capacity"),
    "SeedCapacity": Other("REV276", "the capacity to begin with").meanings,
    "MaxReadRequestUnits": _most_units("the most reads"),
    "MaxWriteRequestUnits": _most_units("the most writes"),
    "ReadUnitsPerSecond": _units("reads that it is warm for"),
    "WriteUnitsPerSecond": _units("writes that it is warm for"),
    "TargetTrackingScalingPolicyConfiguration": _tracking,
}
_AUTOSCALING = ("WriteCapacityAutoScalingSettings", "ReadCapacityAutoScalingSettings")


def throughput(changed: Changed) -> Iterator[Meaning]:
    """What a table, a replica or an index takes in a second."""
    if _mode(changed.old_resource) != _mode(changed.new_resource):
        return  # what it takes is another thing altogether, which the mode says
    nested = dict.fromkeys(_AUTOSCALING, throughput)
    yield from parts_of(changed, {**_LEAVES, **nested}, "REV263")


CAPACITIES: Mapping[str, PropertyRule] = dict.fromkeys(
    (
        "ProvisionedThroughput",
        "OnDemandThroughput",
        "WarmThroughput",
        "ReadProvisionedThroughputSettings",
        "WriteProvisionedThroughputSettings",
        "ReadOnDemandThroughputSettings",
        "WriteOnDemandThroughputSettings",
    ),
    throughput,
)
"""What says how much a table takes, or an index, or a replica."""

for _name in ("ReadProvisionedThroughputSettings", "WriteProvisionedThroughputSettings"):
    means(GLOBAL_TABLE, _name)(throughput)
for _name in ("ReadOnDemandThroughputSettings", "WriteOnDemandThroughputSettings", "WarmThroughput"):
    means(GLOBAL_TABLE, _name)(throughput)


def _fixed(changed: Changed) -> Iterator[Meaning]:
    """The key of an index, or what is copied into it: fixed once it is there."""
    if same(_in_any_order(changed.old), _in_any_order(changed.new)):
        return
    yield Meaning(
        "REV262",
        f"{changed.name}: {shown(changed.old)} → {shown(changed.new)}: AWS changes neither the key of an index nor what is "
        "copied into it, so the deployment fails",
        "add an index of another name, move its readers over, and take the old one out in a later update",
    )


def _in_any_order(value: Any) -> Any:
    """A projection whose attributes stand in one order: theirs means nothing."""
    names = value_at(value, ("NonKeyAttributes",))
    return {**value, "NonKeyAttributes": sorted(map(str, names))} if isinstance(names, list) else value


def _insights(changed: Changed) -> Iterator[Meaning]:
    yield Meaning("REV276", f"which keys of the index are told: {shown(changed.old)} → {shown(changed.new)}")


_OF_INDEX: Mapping[str, PropertyRule] = {
    **CAPACITIES,
    "KeySchema": _fixed,
    "Projection": _fixed,
    "Dimensions": _fixed,
    "DistanceFunction": _fixed,
    "SearchSchema": _fixed,
    "VectorAttribute": _fixed,
    "ContributorInsightsSpecification": _insights,
}


@means(TABLE, "GlobalSecondaryIndexes", "VectorIndexes")
@means(GLOBAL_TABLE, "GlobalSecondaryIndexes", "VectorIndexes")
def indexes(changed: Changed) -> Iterator[Meaning]:
    """Indices with a key of their own."""
    old, new = by_name(changed.old, "IndexName"), by_name(changed.new, "IndexName")
    gone = [name for name in old if name not in new]
    come = [name for name in new if name not in old]
    if changed.new_resource.type == TABLE and len(gone) + len(come) > INDEXES_PER_UPDATE.value:
        yield Meaning(
            "REV262",
            f"{len(gone)} indices go and {len(come)} come in one update: AWS takes {INDEXES_PER_UPDATE.value:g}, so the "
            "deployment fails",
            "deploy them one by one, and first those that come",
        )
    for name in gone:
        yield Meaning(
            "REV260",
            f"the index {shown(name)} is deleted: queries that name it fail",
            "see that nobody queries it: its metrics say so",
        )
    for name in come:
        yield Meaning("REV261", f"the index {shown(name)} is created; AWS fills it while the table is in use")
    yield from items_of(changed, ("IndexName",), _OF_INDEX, "REV260")
    if not (gone or come or _are_told(old, new)):
        yield Meaning("REV260", f"its indices: {shown(changed.old)} → {shown(changed.new)}")


def _are_told(old: Mapping[str, object], new: Mapping[str, object]) -> bool:
    """Whether an index that stays differs, which its parts say."""
    return any(not same(old[name], new[name]) for name in new if name in old)


@means(TABLE, "LocalSecondaryIndexes")
@means(GLOBAL_TABLE, "LocalSecondaryIndexes")
def local_indexes(changed: Changed) -> Iterator[Meaning]:
    """Indices that share the table's partition key, which are created with it."""
    old, new = by_name(changed.old, "IndexName"), by_name(changed.new, "IndexName")
    differing = [name for name in {**old, **new} if not same(old.get(name), new.get(name))]
    yield Meaning(
        "REV262",
        f"local indices come, go or differ ({shown(', '.join(differing) or changed.new)}): AWS creates them with their table "
        "alone, so the deployment fails",
        "add a global index, or a second table, and move over",
    )

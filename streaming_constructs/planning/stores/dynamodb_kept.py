"""What of a DynamoDB table is there to stay: its items, the keys that they are found by, and which of them expire."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from streaming_constructs.spec.kept import Kept, State, is_another, is_switched_on

if TYPE_CHECKING:
    from streaming_constructs.planning.stores.dynamodb import TablePlan


def table_state(table: TablePlan) -> State:
    """What a table holds.

    Args:
        table: The table with its numbers.
    """
    spec = table.spec
    identity = Kept(
        "the table",
        spec.arn or "one that is created",
        ("arn",),
        "EVO973",
        note="its writers write to the other table, and items that are in this one are not in that",
        help="put it back, and add the other table as a node of its own",
    )
    if spec.arn is not None:
        return State("nothing of the table itself changes", "nothing of the table itself changes", (identity,))
    keys = tuple(
        Kept(
            f"the {field.replace('_', ' ')}",
            "none" if key is None else f"{key.name}, a {key.type}",
            (field,),
            "EVO973",
            note="CloudFormation makes another table, which is empty, and takes this one out of the stack with its items",
            help="put it back, and add a table with the other key as a node of its own",
            is_broken=is_another,
        )
        for field, key in (("partition_key", spec.partition_key), ("sort_key", spec.sort_key))
    )
    return State(
        stays="the table stays in the account with its items, outside of the stack; a node of its name makes another one",
        goes="the table is deleted with its items"
        + ("; DynamoDB refuses that while it is protected" if table.is_protected else ""),
        kept=(identity, *keys, *_expiry(table), *_warm(table)),
        removal_policy=spec.removal_policy,
    )


def _expiry(table: TablePlan) -> tuple[Kept, ...]:
    ttl = table.spec.ttl
    return (
        Kept(
            "the attribute that items expire by",
            ttl,
            ("ttl",),
            "EVO971",
            note="DynamoDB takes another attribute only once expiry has been off",
            help="take `ttl` out and deploy that, then name the other one and deploy again",
            is_broken=_is_another,
        ),
        Kept(
            "whether items expire",
            ttl is not None,
            ("ttl",),
            "EVO975",
            note="items that have the attribute already, with a time that has passed, are deleted within days",
            help="make sure that no item has a past time in it that is to stay",
            is_broken=is_switched_on,
        ),
    )


def _warm(table: TablePlan) -> tuple[Kept, ...]:
    return (
        Kept(
            "the write units that are kept warm",
            table.spec.warm_write_units,
            ("warm_write_units",),
            "EVO971",
            note="DynamoDB raises them, and never lowers them",
            help=f"put it back: `warm_write_units: {table.spec.warm_write_units}`",
            is_broken=_is_less,
        ),
    )


def _is_another(before: Any, after: Any) -> bool:
    return before is not None and after is not None and before != after


def _is_less(before: Any, after: Any) -> bool:
    """Whether a number became smaller; one that is taken out stays what it was on AWS."""
    return before is not None and after is not None and bool(after < before)

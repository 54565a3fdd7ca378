"""What the code of producers and consumers of Kafka has to do: no spec says it, unless a node of the system does the work."""

from __future__ import annotations

from streaming_constructs.planning.readiness.common_items import asks
from streaming_constructs.planning.readiness.item import Answer, Asked, Item, confirm, not_applicable, passed

_CLIENTS = "https://docs.aws.amazon.com/msk/latest/developerguide/bestpractices-kafka-client.html"
_GROUPS = "https://docs.aws.amazon.com/msk/latest/developerguide/iam-access-control.html"
_EVENT_SOURCE = "https://docs.aws.amazon.com/lambda/latest/dg/with-kafka-on-failure.html"


def topics_of(asked: Asked) -> tuple[str, ...]:
    """The topics of a cluster.

    Args:
        asked: The cluster.
    """
    return tuple(name for name, node in asked.plan.spec.streams.items() if getattr(node, "cluster", None) == asked.name)


def consumers_of(asked: Asked) -> tuple[str, ...]:
    """The functions that read topics of a cluster.

    Args:
        asked: The cluster.
    """
    topics = topics_of(asked)
    return tuple(name for name, node in asked.plan.spec.consumers.items() if node.from_ in topics)


def _commits(asked: Asked) -> Answer:
    if consumers_of(asked):
        return passed("Lambda commits a batch when its function has handled it; other consumers have to be asked")
    return confirm("no function of the system reads it", "set `enable.auto.commit=false`, and commit what was handled")


def _dead_letters(asked: Asked) -> Answer:
    names = consumers_of(asked)
    consumers = asked.plan.spec.consumers
    if not names:
        return confirm("no function of the system reads it", "write what cannot be handled to a topic of its own")
    endless = [name for name in names if not getattr(asked.plan.consumers[name], "gives_up", True)]
    if endless:
        return confirm(
            f"`{endless[0]}` tries a batch until it succeeds",
            "its pollers are on demand, which never give up: write `pollers: {minimum: 1}` in it, or catch errors in its code",
        )
    told = ", ".join(f"{name}: {consumers[name].failure_policy.destination.kind}" for name in names)
    return passed(f"what a function gives up is kept ({told})")


def code_items(letter: str) -> tuple[Item, ...]:
    """The items about code.

    Args:
        letter: The letter of the checklist, such as `S`.
    """
    return (
        Item(
            f"{letter}D1",
            "Code",
            "producers are idempotent",
            asks("it is a setting of each producer", "`enable.idempotence=true`, which needs `acks=all`"),
            _CLIENTS,
        ),
        Item(f"{letter}D2", "Code", "consumers commit what they have handled", _commits, _EVENT_SOURCE),
        Item(
            f"{letter}D3",
            "Code",
            "consumers survive a rebalance",
            _rebalances,
            _CLIENTS,
        ),
        Item(f"{letter}D4", "Code", "what cannot be handled goes to a place of its own", _dead_letters, _EVENT_SOURCE),
        Item(
            f"{letter}D5",
            "Code",
            "producers retry",
            asks(
                "it is a setting of each producer",
                "leave `retries` at its default, and bound it by `delivery.timeout.ms`",
            ),
            _CLIENTS,
        ),
        Item(
            f"{letter}D6",
            "Code",
            "producers send batches",
            asks(
                "it is a setting of each producer",
                "`linger.ms=10`, `batch.size=65536`, and `compression.type=lz4` or `zstd`",
            ),
            _CLIENTS,
        ),
    )


def _rebalances(asked: Asked) -> Answer:
    if consumers_of(asked):
        return not_applicable("Lambda takes part in the groups of its functions by itself")
    return confirm("no function of the system reads it", "commit in a rebalance listener; assign cooperatively")


def groups_item(id_: str) -> Item:
    """The item about consumer groups.

    Args:
        id_: Its id.
    """
    judge = asks("groups outside of the system are not seen", "name who reads under which `group.id`")
    return Item(id_, "Operations", "consumer groups are written down", judge, _GROUPS)

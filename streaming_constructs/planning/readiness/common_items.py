"""What every checklist asks in the same way: alarms, somebody who is told, the dashboard, tests, who may do what."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from streaming_constructs.planning.readiness.item import (
    Answer,
    Asked,
    Group,
    Item,
    confirm,
    failed,
    not_applicable,
    passed,
)
from streaming_constructs.spec.encryption import CustomerManagedKey

RELIABILITY = "https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/test-reliability.html"
LEAST_PRIVILEGE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html"
ALARM_ACTIONS = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-actions.html"
DASHBOARDS = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Dashboards.html"
CLOUDTRAIL = "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-user-guide.html"
FLOW_LOGS = "https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html"


def asks(evidence: str, fix: str) -> Callable[[Asked], Answer]:
    """What no spec says, whatever the node is.

    Args:
        evidence: Why it is not seen here.
        fix: What to look at.
    """
    return lambda asked: confirm(evidence, fix)


def alarms(needed: Iterable[str]) -> Callable[[Asked], Answer]:
    """Whether what has to be watched is watched.

    Args:
        needed: The kinds of alarms, such as `iterator_age`.
    """
    return lambda asked: watched(asked, tuple(needed))


def watched(asked: Asked, needed: tuple[str, ...]) -> Answer:
    """Whether the alarms of a node are there.

    Args:
        asked: The node.
        needed: The kinds of alarms.
    """
    if not asked.plan.spec.alarms.enabled:
        return failed("the system has no alarms", "take out `alarms: false`")
    there = asked.alarm_kinds()
    missing = [kind for kind in needed if kind not in there]
    if missing:
        names = ", ".join(f"`{asked.name}.{kind}`" for kind in missing)
        return failed(f"no alarm {names}", "take it out of `alarms: silence`")
    return passed(", ".join(f"{asked.name}.{kind}" for kind in needed))


def somebody_is_told(asked: Asked) -> Answer:
    """Whether alarms tell anybody."""
    alarms = asked.plan.spec.alarms
    own = [alarm for alarm in asked.plan.alarms if alarm.node == asked.name]
    silent = [alarm.name for alarm in own if not (alarm.notify or alarms.notify)]
    if not own:
        return failed("it has no alarms", "take out `alarms: false`")
    if silent:
        return failed(f"`{silent[0]}` tells nobody", "add `alarms: {notify: [oncall@example.com]}`")
    return passed("its alarms tell somebody: `alarms.notify`")


def has_dashboard(asked: Asked) -> Answer:
    """Whether the system has its dashboard, and the node graphs on it."""
    if not asked.plan.spec.dashboard:
        return failed("the system has none", "write `dashboard: true`")
    if not asked.node.graphs():
        return not_applicable("it has nothing to show")
    return passed("its graphs stand on the dashboard of the system")


def has_few_permissions(asked: Asked) -> Answer:
    """Whether its role may do what its edges need, and nothing that somebody wrote wide."""
    for number, permission in enumerate(getattr(asked.spec, "permissions", ())):
        wide = [action for action in permission.actions if action.endswith("*")]
        if wide or "*" in permission.resources:
            told = f"`{wide[0]}`" if wide else 'every resource, `"*"`'
            return confirm(
                f"a permission of its own allows {told}", "name the actions and resources", "permissions", str(number)
            )
    return passed("its role has what its edges need, on the resources that they name")


def encryption(asked: Asked) -> Answer:
    """Whether its data is encrypted at rest."""
    if getattr(asked.spec, "arn", None):
        return confirm("it exists already, and its ARN does not say", "look at its encryption in the console")
    own = isinstance(asked.spec.encryption, CustomerManagedKey)
    return passed("a customer managed key" if own else "a key that AWS manages", "encryption")


def load_test(id_: str) -> Item:
    """The item about a test at twice the load of its busiest minute.

    Args:
        id_: Its id, such as `KO6`.
    """
    return Item(
        id_,
        "Operations",
        "was tested at twice the peak load",
        asks(
            "no spec says so",
            "put twice the peak through it, in an account for tests",
        ),
        RELIABILITY,
    )


def failure_test(id_: str, what: str = "put a poison record through it, and take a reader away") -> Item:
    """The item about rehearsed failures.

    Args:
        id_: Its id.
        what: What to try.
    """
    help_ = f"{what}; `streaming-constructs local run` rehearses it on one machine"
    return Item(id_, "Operations", "failures were rehearsed", asks("no spec says so", help_), RELIABILITY)


def told_item(id_: str, group: Group = "Operations") -> Item:
    """The item about somebody who is told.

    Args:
        id_: Its id.
        group: What it belongs to.
    """
    return Item(id_, group, "its alarms tell somebody", somebody_is_told, ALARM_ACTIONS)


def dashboard_item(id_: str) -> Item:
    """The item about the dashboard.

    Args:
        id_: Its id.
    """
    return Item(id_, "Operations", "there is a dashboard", has_dashboard, DASHBOARDS)


def permissions_item(id_: str) -> Item:
    """The item about its role.

    Args:
        id_: Its id.
    """
    return Item(id_, "Security", "its role has least privilege", has_few_permissions, LEAST_PRIVILEGE)

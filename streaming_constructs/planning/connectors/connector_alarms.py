"""The CloudWatch alarms of a connector."""

from __future__ import annotations

from collections.abc import Iterator

from streaming_constructs.facts import metrics
from streaming_constructs.planning.alarm import SUSTAINED_MINUTES, AlarmPlan, late_after
from streaming_constructs.planning.connectors.connector import ConnectorPlan
from streaming_constructs.planning.numbers import counted

BUSY_PERCENT = 80
BUSY_MINUTES = 15
REBALANCE_MINUTES = 10
"""Tasks stop for a moment when workers come and go, and while MSK Connect replaces one."""


def connector_alarms(connector: ConnectorPlan) -> Iterator[AlarmPlan]:
    """The alarms of a connector.

    Args:
        connector: The connector with its numbers.
    """
    name, capacity = connector.name, connector.spec.capacity
    yield AlarmPlan(
        name,
        "errored_tasks",
        metrics.CONNECTOR_ERRORED_TASKS,
        threshold=0,
        minutes=SUSTAINED_MINUTES,
        title=f"Tasks of the connector {name} have failed, and what they carried stands still",
        action="read the workers' log for the first exception; a task that failed is started again by an update of the "
        "connector's configuration",
        working="a task that has failed stays so",
    )
    tasks = connector.expected_tasks
    yield AlarmPlan(
        name,
        "running_tasks",
        metrics.CONNECTOR_RUNNING_TASKS,
        threshold=tasks,
        minutes=REBALANCE_MINUTES,
        below=True,
        missing="breaching",
        title=f"The connector {name} runs fewer tasks than it should",
        action="see in the console of MSK Connect whether it failed, and read the workers' log",
        working=f"{counted(tasks, 'task')} while all is well",
    )
    yield from _lag_alarms(connector)
    grown = f"; {counted(capacity.most, 'worker')} are the most that it may have" if capacity.scales else ""
    yield AlarmPlan(
        name,
        "worker_cpu",
        metrics.CONNECTOR_CPU,
        threshold=max(BUSY_PERCENT, capacity.scale_out_cpu_percent),
        minutes=BUSY_MINUTES,
        title=f"The workers of the connector {name} are busy{grown}",
        action="give it more `mcu`, or more workers and tasks: both change in place",
        working=f"{max(BUSY_PERCENT, capacity.scale_out_cpu_percent)} % of their processors",
        most=100,
    )


def _lag_alarms(connector: ConnectorPlan) -> Iterator[AlarmPlan]:
    """How late the group of a sink is in each topic that it reads, as MSK estimates it."""
    hours = connector.retention_hours
    if hours is None:
        return
    seconds, of = late_after(None, connector.max_lag_seconds, hours * 3600, f"the retention of {hours:,} h")
    for node, topic in connector.topics.items():
        yield AlarmPlan(
            connector.name,
            "time_lag",
            metrics.GROUP_TIME_LAG,
            threshold=seconds,
            minutes=SUSTAINED_MINUTES,
            title=f"The connector {connector.name} is behind in {node}, and will skip records if it stays so",
            action="read the workers' log; give it more `mcu`, or more workers and, up to its partitions, tasks",
            working=of,
            instance=node,
            dimensions={metrics.TOPIC: topic},
        )

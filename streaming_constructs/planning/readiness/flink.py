"""Is an application of Managed Service for Apache Flink ready for production?"""

from __future__ import annotations

from typing import cast

from streaming_constructs.planning.analytics.flink_application import FlinkApplicationPlan
from streaming_constructs.planning.numbers import counted, number
from streaming_constructs.planning.readiness.common_items import (
    asks,
    dashboard_item,
    failure_test,
    load_test,
    permissions_item,
    told_item,
    watched,
)
from streaming_constructs.planning.readiness.item import Answer, Asked, Item, confirm, failed, passed

_SCALING = "https://docs.aws.amazon.com/managed-flink/latest/java/how-scaling.html"
_STATE = "https://docs.aws.amazon.com/managed-flink/latest/java/how-fault.html"
_PRODUCTION = "https://docs.aws.amazon.com/managed-flink/latest/java/production-readiness.html"
_ALARMS = "https://docs.aws.amazon.com/managed-flink/latest/java/monitoring-metrics-alarms.html"


def _planned(asked: Asked) -> FlinkApplicationPlan:
    return cast("FlinkApplicationPlan", asked.node)


def _capacity(asked: Asked) -> Answer:
    spec = _planned(asked).spec
    if spec.parallelism is None:
        return passed("its parallelism follows from its sources")
    return passed(f"`parallelism: {spec.parallelism}` is written", "parallelism")


def _autoscaling(asked: Asked) -> Answer:
    if _planned(asked).spec.autoscaling:
        return passed("it scales by its processors", "autoscaling")
    return confirm(
        "its parallelism is fixed",
        "say who raises it, or write `autoscaling: true` where no order is at stake",
        "autoscaling",
    )


def _checkpoints(asked: Asked) -> Answer:
    given = _planned(asked).spec.checkpointing
    if given is False:
        return failed(
            "it keeps no checkpoints: what is open is lost with a task",
            "take out `checkpointing: false`",
            "checkpointing",
        )
    return passed(f"state is kept each {number(given.interval_seconds)} s", "checkpointing")


def _snapshots(asked: Asked) -> Answer:
    if _planned(asked).spec.snapshots:
        return passed("an update goes on from a snapshot", "snapshots")
    return failed("an update starts without state", "take out `snapshots: false`", "snapshots")


def _alarms(asked: Asked) -> Answer:
    needed = ["downtime", "restarts"]
    if _planned(asked).spec.checkpointing is not False:
        needed.append("failed_checkpoints")
    return watched(asked, (*needed, "cpu", "heap"))


def _logs(asked: Asked) -> Answer:
    spec = _planned(asked).spec
    told = f"`log_level: {spec.log_level}`, kept for {counted(spec.log_retention_days, 'day')}"
    if str(spec.log_level).lower() == "debug":
        return failed(told, "write `log_level: info`: debug costs throughput", "log_level")
    return passed(told, "log_level")


CHECKLIST = (
    Item("AI1", "Infrastructure", "its parallelism fits its sources", _capacity, _SCALING),
    Item("AI2", "Infrastructure", "it grows with its traffic", _autoscaling, _SCALING),
    Item("AI3", "Infrastructure", "state survives a failure", _checkpoints, _STATE),
    Item("AI4", "Infrastructure", "state survives an update", _snapshots, _STATE),
    Item(
        "AC1",
        "Code",
        "operators that keep state have ids",
        asks(
            "SQL gets its ids from its plan, an application from its code", "call `uid(…)` on each operator with state"
        ),
        _PRODUCTION,
    ),
    Item(
        "AC2",
        "Code",
        "its results may come twice after a restart",
        asks("no spec says so", "write results under a key, so that twice is as once"),
        _PRODUCTION,
    ),
    Item("AO1", "Operations", "downtime, restarts and checkpoints have alarms", _alarms, _ALARMS),
    dashboard_item("AO2"),
    Item("AO3", "Operations", "it logs what production needs", _logs, _PRODUCTION),
    failure_test("AO4", "stop it, and start it from its snapshot"),
    load_test("AO5"),
    told_item("AO6"),
    permissions_item("AS1"),
)

"""Is a serverless cluster of MSK ready for production?"""

from __future__ import annotations

from typing import cast

from streaming_constructs.facts import msk
from streaming_constructs.planning.clusters.msk_serverless import ServerlessClusterPlan
from streaming_constructs.planning.numbers import number
from streaming_constructs.planning.readiness.common_items import (
    ALARM_ACTIONS,
    dashboard_item,
    load_test,
)
from streaming_constructs.planning.readiness.item import Answer, Asked, Item, confirm, failed, passed
from streaming_constructs.planning.readiness.msk_code import code_items, groups_item, topics_of
from streaming_constructs.planning.readiness.msk_network import network_items, stands_in_private_subnets
from streaming_constructs.planning.readiness.msk_topics import compression, partitions, retention, topics_tell

_SERVERLESS = "https://docs.aws.amazon.com/msk/latest/developerguide/serverless.html"
_QUOTA = "https://docs.aws.amazon.com/msk/latest/developerguide/limits.html"
_ACCESS = "https://docs.aws.amazon.com/msk/latest/developerguide/iam-access-control.html"
_METRICS = "https://docs.aws.amazon.com/msk/latest/developerguide/metrics-details.html"
_CONFIGURATION = "https://docs.aws.amazon.com/msk/latest/developerguide/serverless-config.html"


def _throughput(asked: Asked) -> Answer:
    cluster = cast("ServerlessClusterPlan", asked.node)
    if cluster.load.unknown or not cluster.load.is_known:
        unknown = cluster.load.unknown[0] if cluster.load.unknown else ""
        return confirm(
            f"the workload of `{unknown}` is not known" if unknown else "it has no topic here",
            "write the `workload` of its topics",
        )
    most = msk.SERVERLESS_INGRESS_MIB_PER_SECOND.value
    told = f"{number(cluster.load.written)} MiB/s at the peak, of {number(most)} MiB/s"
    if cluster.load.written > most:
        return failed(told, "use `kind: msk_express`")
    return passed(told)


def _alarms(asked: Asked) -> Answer:
    missing = [name for name in topics_of(asked) if "write_capacity" not in asked.alarm_kinds(name)]
    if missing:
        return failed(f"`{missing[0]}.write_capacity` is missing", "take it out of `alarms.silence`")
    if not topics_of(asked):
        return confirm("the system names no topic of it", "name its topics in `streams`: each has its alarms")
    return passed(", ".join(f"{name}.write_capacity" for name in topics_of(asked)))


CHECKLIST = (
    Item(
        "SI1", "Infrastructure", "it stands in private subnets of three zones", stands_in_private_subnets, _SERVERLESS
    ),
    Item("SI2", "Infrastructure", "its traffic is within the quotas", _throughput, _QUOTA),
    Item(
        "SI4", "Infrastructure", "clients authenticate by IAM", lambda asked: passed("it takes nothing else"), _ACCESS
    ),
    Item("SC1", "Configuration", "topics have the partitions that they need", partitions, _QUOTA),
    Item("SC3", "Configuration", "records are compressed", compression, _CONFIGURATION),
    Item("SC4", "Configuration", "the retention of each topic was chosen", retention, _CONFIGURATION),
    *code_items("S"),
    Item("SO1", "Operations", "capacity has alarms", _alarms, _METRICS),
    dashboard_item("SO2"),
    groups_item("SO3"),
    load_test("SO4"),
    Item("SO5", "Operations", "its alarms tell somebody", topics_tell, ALARM_ACTIONS),
    Item("SS1", "Security", "clients authenticate by IAM", lambda asked: passed("it takes nothing else"), _ACCESS),
    Item("SS2", "Security", "connections are encrypted", lambda asked: passed("TLS, always"), _SERVERLESS),
    *network_items("SS3", "SS4", "SS5"),
)

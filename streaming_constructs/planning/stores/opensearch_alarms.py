"""Which alarms an OpenSearch domain needs: those that AWS recommends, with thresholds from the domain's own size.

Source: https://docs.aws.amazon.com/opensearch-service/latest/developerguide/cloudwatch-alarms.html
"""

from __future__ import annotations

from collections.abc import Iterator

from streaming_constructs.facts import metrics, opensearch
from streaming_constructs.facts.opensearch import DomainAlarm
from streaming_constructs.planning.alarm import AlarmPlan
from streaming_constructs.planning.numbers import exact, number
from streaming_constructs.planning.stores.opensearch import DomainPlan
from streaming_constructs.spec.encryption import CustomerManagedKey

_GROW = "give it more `instances` or a larger `instance_type`"
_WORDS: dict[str, tuple[str, str]] = {
    "red": (
        "The cluster of {name} is red: a shard and all its copies are missing",
        "see which indices are red (`_cat/indices?health=red`); free storage, or restore the index from a snapshot",
    ),
    "yellow": (
        "The cluster of {name} is yellow: copies of shards are missing",
        "see whether a node is being replaced; else there are too few nodes for the copies of an index",
    ),
    "writes_blocked": (
        "{name} refuses writes; what is delivered goes to the backup once retries end",
        "free storage or memory: lower `retention_days`, or raise `volume_gb` or the size of the nodes",
    ),
    "snapshot_failure": (
        "The automatic snapshot of {name} failed",
        "see whether the cluster is red; without snapshots nothing can be restored",
    ),
    "cpu": ("The processors of {name} are busy all the time", f"look for heavy searches; {_GROW}"),
    "heap": ("The nodes of {name} run out of heap", f"look for heavy searches, and for too many shards; {_GROW}"),
    "old_heap": (
        "The heap of {name} is full of what lives long",
        f"look for too many shards and fields; {_GROW}",
    ),
    "write_queue": ("Writes to {name} queue up", f"raise `buffer_mb` of its deliveries for fewer requests; {_GROW}"),
    "search_queue": ("Searches in {name} queue up", f"look for dashboards that refresh too often; {_GROW}"),
    "key_error": (
        "{name} cannot use its encryption key",
        "enable the key, and let the domain use it again; otherwise the domain is lost",
    ),
    "key_inaccessible": (
        "{name} has lost its encryption key",
        "the key was deleted, or its grants were revoked; restore the domain from a manual snapshot under another key",
    ),
    "master_cpu": ("The dedicated masters of {name} are busy", "look for too many shards or fields; lengthen rotation"),
    "master_heap": (
        "The dedicated masters of {name} run out of heap",
        "look for too many shards or fields; lengthen rotation",
    ),
    "master_old_heap": (
        "The heap of the dedicated masters of {name} is full of what lives long",
        "look for too many shards or fields; lengthen rotation",
    ),
    "master_unreachable": (
        "The nodes of {name} do not reach their master",
        "AWS replaces a master that stopped; if it does not come back, ask AWS Support",
    ),
}


def domain_alarms(domain: DomainPlan) -> Iterator[AlarmPlan]:
    """The alarms of a domain.

    Args:
        domain: The domain.
    """
    for kind, alarm in opensearch.DOMAIN_ALARMS.items():
        yield _recommended(domain, kind, alarm)
    yield _free_storage(domain)
    yield _lost_nodes(domain)
    if isinstance(domain.spec.encryption, CustomerManagedKey):
        for kind, alarm in opensearch.KEY_ALARMS.items():
            yield _recommended(domain, kind, alarm)
    if domain.masters:
        for kind, alarm in opensearch.MASTER_ALARMS.items():
            yield _recommended(domain, kind, alarm)


def _recommended(domain: DomainPlan, kind: str, alarm: DomainAlarm) -> AlarmPlan:
    title, action = _WORDS[kind]
    happens = alarm.metric.unit == "Count" and alarm.threshold == 1
    past = (
        f"below {number(alarm.threshold)}"
        if alarm.below
        else "any"
        if happens
        else f"{number(alarm.threshold)} or more"
    )
    return AlarmPlan(
        domain.name,
        kind,
        alarm.metric,
        threshold=alarm.threshold,
        minutes=alarm.period_minutes * alarm.periods,
        title=title.format(name=domain.name),
        action=action,
        working=f"{past}, as AWS recommends{_for(alarm)}",
        below=alarm.below,
        # AWS counts from the threshold on, and below it.
        inclusive=not alarm.below,
        # The greatest of 15 minutes, three times, is not the same as 45 minutes without a calm one.
        period_seconds=alarm.period_minutes * 60,
    )


def _for(alarm: DomainAlarm) -> str:
    """How long, in words; nothing for a single minute."""
    if alarm.period_minutes == 1:
        return f", {alarm.periods} min in a row" if alarm.periods > 1 else ""
    return (
        f", {alarm.periods} times in a row in {alarm.period_minutes} min"
        if alarm.periods > 1
        else (f", in {alarm.period_minutes} min")
    )


def _free_storage(domain: DomainPlan) -> AlarmPlan:
    share = exact(opensearch.FREE_STORAGE_SHARE.value)
    return AlarmPlan(
        domain.name,
        "free_storage",
        metrics.DOMAIN_FREE_STORAGE,
        threshold=float(share * domain.volume_gb * 1024),
        minutes=1,
        title=f"A node of {domain.name} runs out of storage, and then refuses writes",
        action="raise `volume_gb`, or lower `retention_days`; see first whether one index has grown far beyond the others",
        working=f"{number(share * 100)}% of the {domain.volume_gb:,} GiB of a node, in MiB",
        below=True,
        inclusive=True,
    )


def _lost_nodes(domain: DomainPlan) -> AlarmPlan:
    nodes, minutes = domain.instances + domain.masters, int(opensearch.LOST_NODE_MINUTES.value)
    return AlarmPlan(
        domain.name,
        "lost_nodes",
        metrics.DOMAIN_NODES,
        threshold=nodes,
        minutes=minutes,
        title=f"A node of {domain.name} was missing within a day",
        action="AWS replaces a node that stopped; if it has not come back, ask AWS Support",
        working=f"fewer than its {nodes:,} nodes at any time of a day, as AWS recommends",
        below=True,
        period_seconds=minutes * 60,
    )

"""What properties of Kafka's brokers and configurations of its topics mean, wherever a template has them.

What is lost, opened or refused by another value stands in tables by the name of the property; what only tunes a broker is said
to weaken nothing, and a property that MSK does not list is said to be one that it refuses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from streaming_constructs.facts import kafka, msk
from streaming_constructs.review.comparing.values import number, shown
from streaming_constructs.review.grade import Grade
from streaming_constructs.review.meaning import Meaning
from streaming_constructs.review.settings.kafka_properties import duration, limit

_MS = {"log.retention.ms": 1, "log.retention.minutes": 60_000, "log.retention.hours": 3_600_000}
"""What a broker keeps records for is said by the first of these that is there, each in its unit."""
_REVIEWED = "let what reads the records know first, and lower it once nothing needs the older ones"


class Scope(NamedTuple):
    """Whose properties they are.

    Attributes:
        whose: In words: `brokers`, or `the topic`.
        known: The properties that there are, with what Kafka has where one is left out.
        defaults: What MSK has there, where that is something else.
        replicas: How many copies of a record there are; None where nobody says.
    """

    whose: str
    known: Mapping[str, kafka.Config]
    defaults: Mapping[str, str]
    replicas: float | None = None

    def value(self, properties: Mapping[str, str], name: str) -> str:
        """What a property is, also where it is left out; empty where nobody knows.

        Args:
            properties: All that are given.
            name: Its name.
        """
        default = self.known[name].default if name in self.known else ""
        return properties.get(name, self.defaults.get(name, default))


def of_brokers(properties: Mapping[str, str], *, tiered: bool = False) -> Scope:
    """The scope of the properties of brokers.

    Args:
        properties: The new ones.
        tiered: Whether all clusters that have them keep records in tiered storage.
    """
    defaults = {name: value.partition(",")[0] for name, value in kafka.DEFAULTS_OF_MSK.items()}
    if tiered:
        defaults["unclean.leader.election.enable"] = "false"
    replicas = number(properties.get("default.replication.factor", defaults["default.replication.factor"]))
    return Scope("brokers", kafka.SERVER_PROPERTIES, defaults, replicas)


def of_topic(replicas: float | None) -> Scope:
    """The scope of the configurations of a topic.

    Args:
        replicas: How many copies of its records there are.
    """
    defaults = {"min.insync.replicas": kafka.DEFAULTS_OF_MSK["min.insync.replicas"].partition(",")[0]}
    return Scope("the topic", kafka.TOPIC_CONFIGS, defaults, replicas)


class Setting(NamedTuple):
    """A property that is another.

    Attributes:
        name: Its name.
        old: What it was, with defaults; empty where nobody knows.
        new: What it is.
        scope: Whose it is.
    """

    name: str
    old: str
    new: str
    scope: Scope

    @property
    def said(self) -> str:
        """The property with both values, for a message."""
        return f"`{self.name}`: {shown(self.old) or 'left to the cluster'} → {shown(self.new) or 'left to the cluster'}"

    @property
    def step(self) -> float:
        """How much more it is as a number: 0 where one of the two is none."""
        old, new = limit(self.old), limit(self.new)
        return 0 if old is None or new is None or old == new else 1 if new > old else -1


def compared(old: Mapping[str, str], new: Mapping[str, str], scope: Scope) -> Iterator[Meaning]:
    """What it means that properties are others.

    Args:
        old: All of them, as they are.
        new: As they would be.
        scope: Whose they are.
    """
    if scope.known is kafka.SERVER_PROPERTIES:
        yield from _time_kept(
            _broker_time(old), _broker_time(new), "brokers keep the records of topics that say nothing else"
        )
    for name in dict.fromkeys([*old, *new]):
        setting = Setting(name, scope.value(old, name), scope.value(new, name), scope)
        if name not in _MS and setting.old.lower() != setting.new.lower():
            yield from _meaning(setting)


def _meaning(setting: Setting) -> Iterator[Meaning]:
    rule = _RULES.get(setting.name)
    if rule is not None:
        yield from rule(setting)
    elif setting.name in setting.scope.known:
        yield Meaning("REV428", f"{setting.said}, which only tunes {setting.scope.whose}")
    else:
        yield Meaning(
            "REV427", f"{setting.said}, which is not among the properties that MSK documents: it may refuse it"
        )


def _broker_time(properties: Mapping[str, str]) -> float | None:
    for name, factor in _MS.items():
        if name in properties:
            found = limit(properties[name])
            return None if found is None else found * factor
    return float(kafka.DEFAULT_RETENTION_MS)


def _time_kept(old: float | None, new: float | None, who: str) -> Iterator[Meaning]:
    """What it means that records are kept for another time, in milliseconds; None where that is known at deployment only."""
    if old == new and old is not None:
        return
    if old is None or new is None:
        if old is not new:
            yield Meaning("REV427", f"{who} for a time that is known at deployment only")
    elif new < old:
        yield Meaning(
            "REV421",
            f"{who} for {duration(new)}, and delete what is older when this is deployed; it was {duration(old)}",
            _REVIEWED,
        )
    else:
        yield Meaning("REV431", f"{who} for {duration(new)}; it was {duration(old)}")


def _topic_time(setting: Setting) -> Iterator[Meaning]:
    yield from _time_kept(limit(setting.old), limit(setting.new), "the brokers keep its records")


def _bytes_kept(setting: Setting) -> Iterator[Meaning]:
    if setting.step < 0:
        yield Meaning(
            "REV421", f"{setting.said}: of each partition, the oldest records above that are deleted", _REVIEWED
        )
    else:
        yield Meaning("REV431" if setting.step else "REV427", setting.said)


def _cleanup(setting: Setting) -> Iterator[Meaning]:
    old, new = (set(value.replace(" ", "").split(",")) for value in (setting.old, setting.new))
    if "compact" in new - old:
        yield Meaning("REV421", f"{setting.said}: of each key, all records but the last are deleted", _REVIEWED)
    elif "delete" in new - old:
        yield Meaning("REV421", f"{setting.said}: records older than the retention are deleted", _REVIEWED)
    else:
        yield Meaning("REV427", f"{setting.said}: records go by another rule")


def _in_sync(setting: Setting) -> Iterator[Meaning]:
    replicas, new = setting.scope.replicas, number(setting.new)
    if setting.step < 0:
        yield Meaning(
            "REV420",
            f"{setting.said}: a record is acknowledged with fewer copies, and lost with the broker that has the last one",
            "leave it at one less than the number of replicas: 2 of 3",
        )
    elif setting.step and replicas is not None and new is not None and new >= replicas:
        refuses = "always" if new > replicas else "while one broker is away, as in each restart"
        grade: Grade = "danger" if new > replicas else "caution"
        yield Meaning(
            "REV426",
            f"{setting.said} of {replicas:.0f} replicas: writes with acks=all are refused {refuses}",
            grade=grade,
        )
    else:
        yield Meaning("REV428" if setting.step else "REV427", setting.said)


def _unclean(setting: Setting) -> Iterator[Meaning]:
    if setting.new.lower() == "true":
        yield Meaning(
            "REV420",
            f"{setting.said}: a replica that lags may become leader, and acknowledged records that it has not are lost",
            "keep `unclean.leader.election.enable=false` written out: MSK's default on brokers without tiered storage is true",
        )
    else:
        yield Meaning("REV428" if setting.new.lower() == "false" else "REV427", setting.said)


def _copies(setting: Setting) -> Iterator[Meaning]:
    if setting.step < 0 and limit(setting.new) == 1:
        yield Meaning("REV420", f"{setting.said}: what has one copy is lost with its broker", "leave it at 3")
    elif setting.step <= 0:
        yield Meaning("REV427", f"{setting.said}: what is created from now on has other copies")
    else:
        yield Meaning("REV428", setting.said)


def _tier(setting: Setting) -> Iterator[Meaning]:
    if setting.new.lower() == "true":
        yield Meaning(
            "REV428", f"{setting.said}: its older records move to tiered storage; MSK lets no topic come back to it"
        )
    else:
        yield Meaning(
            "REV422",
            f"{setting.said}: records in tiered storage alone are refused or deleted, and it cannot be turned on again",
            "keep tiered storage on, and lower the local retention instead",
        )


def _tier_deleted(setting: Setting) -> Iterator[Meaning]:
    grade: Grade = "danger" if setting.new.lower() == "delete" else "caution"
    yield Meaning(
        "REV422", f"{setting.said}: says what becomes of records in tiered storage once it is off", grade=grade
    )


def _acls(setting: Setting) -> Iterator[Meaning]:
    if setting.new.lower() == "false":
        yield Meaning("REV428", f"{setting.said}: what has no ACL is refused")
    else:
        yield Meaning(
            "REV429",
            f"{setting.said}: whoever connects may read and write each topic that has no ACL",
            "write the missing ACLs instead",
        )


def _weaker_when_true(what: str) -> Callable[[Setting], Iterator[Meaning]]:
    def rule(setting: Setting) -> Iterator[Meaning]:
        yield Meaning("REV428" if setting.new.lower() == "false" else "REV427", f"{setting.said}: {what}")

    return rule


def _weaker_when_less(code: str, what: str, help_: str = "") -> Callable[[Setting], Iterator[Meaning]]:
    def rule(setting: Setting) -> Iterator[Meaning]:
        if setting.step < 0:
            yield Meaning(code, f"{setting.said}: {what}", help_)
        else:
            yield Meaning("REV428" if setting.step else "REV427", setting.said)

    return rule


def _works_otherwise(setting: Setting) -> Iterator[Meaning]:
    yield Meaning("REV427", f"{setting.said}: records, or brokers, are handled in another way")


_SMALLER = _weaker_when_less("REV426", "larger records are refused", "lower what producers send first")
_SOONER_GONE = _weaker_when_less("REV427", "what readers may need to see of deleted keys is gone sooner")
_FEWER_THREADS = _weaker_when_less("REV427", "brokers do less at a time")
_TIMES = (
    *(f"log.message.timestamp.{name}" for name in ("type", "difference.max.ms", "before.max.ms", "after.max.ms")),
    *(f"message.timestamp.{name}" for name in ("type", "difference.max.ms", "before.max.ms", "after.max.ms")),
)
_RULES: Mapping[str, Callable[[Setting], Iterator[Meaning]]] = {
    "retention.ms": _topic_time,
    "retention.bytes": _bytes_kept,
    "log.retention.bytes": _bytes_kept,
    "cleanup.policy": _cleanup,
    "log.cleanup.policy": _cleanup,
    "min.insync.replicas": _in_sync,
    "unclean.leader.election.enable": _unclean,
    "default.replication.factor": _copies,
    "offsets.topic.replication.factor": _copies,
    "transaction.state.log.replication.factor": _copies,
    "transaction.state.log.min.isr": _copies,
    "remote.storage.enable": _tier,
    "remote.log.msk.disable.policy": _tier_deleted,
    "allow.everyone.if.no.acl.found": _acls,
    "auto.create.topics.enable": _weaker_when_true("a misspelt name makes a topic, with the defaults of brokers"),
    "delete.topic.enable": _weaker_when_true("who may delete topics can do so"),
    "offsets.retention.minutes": _weaker_when_less(
        "REV425",
        "a group that is away for longer loses its positions, and skips records or reads them again",
        "leave it above the longest time that a consumer may stand still",
    ),
    "transactional.id.expiration.ms": _weaker_when_less("REV427", "producers that pause for longer start anew"),
    "message.max.bytes": _SMALLER,
    "max.message.bytes": _SMALLER,
    "socket.request.max.bytes": _SMALLER,
    "log.cleaner.delete.retention.ms": _SOONER_GONE,
    "delete.retention.ms": _SOONER_GONE,
    "min.compaction.lag.ms": _SOONER_GONE,
    "max.compaction.lag.ms": _SOONER_GONE,
    "num.io.threads": _FEWER_THREADS,
    "num.network.threads": _FEWER_THREADS,
    "num.replica.fetchers": _FEWER_THREADS,
    "custom.advertised.listeners": _works_otherwise,
    **dict.fromkeys(_TIMES, _works_otherwise),
}


def refused_tier(properties: Mapping[str, str], storage_mode: Any = "TIERED") -> str:
    """Why MSK refuses the configurations of a topic in tiered storage; empty where it does not.

    Args:
        properties: All of them.
        storage_mode: The `StorageMode` of its cluster, where the template has that.
    """
    if properties.get("remote.storage.enable", "").lower() != "true":
        return ""
    if storage_mode in (None, "LOCAL"):
        return "its cluster has no tiered storage"
    least = msk.TIERED_RETENTION_MILLISECONDS.value
    if "retention.ms" not in properties:
        return "a topic in tiered storage has to say `retention.ms`"
    kept = limit(properties["retention.ms"])
    if kept is not None and kept < least:
        return f"a topic in tiered storage keeps records for {duration(least)} at least, not {duration(kept)}"
    return ""

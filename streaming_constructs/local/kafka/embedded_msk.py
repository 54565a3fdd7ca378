"""The clusters of MSK in a rehearsal, with their topics: each cluster has a log of its own behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from threading import RLock
from typing import Any, TypeVar
from uuid import uuid4

from streaming_constructs.local.kafka.embedded_topic import KEYLESS, EmbeddedTopic
from streaming_constructs.local.kafka.local_configs import (
    check_copies,
    configs_here,
    server_properties_here,
)
from streaming_constructs.local.kafka.topic_counter import TopicCounter
from streaming_constructs.local.kafka.topic_keeper import ClusterSettings, OpenedLog, TopicKeeper
from streaming_constructs.local.kafka.topic_log import INVALID_RECORD, NewRecord, RefusedRecordsError, TopicLogError
from streaming_constructs.spec.finding import SpecError

Answer = TypeVar("Answer")

_EXISTING_BROKERS = 3


@dataclass(slots=True)
class _Cluster:
    arn: str
    brokers: int
    settings: ClusterSettings
    opened: Future[OpenedLog]
    refused: tuple[ClusterSettings, str] | None = None
    topics: dict[str, EmbeddedTopic] = field(default_factory=dict)


class EmbeddedMsk:
    """Clusters and topics, made when a stack is deployed, and gone with the AWS that they are in.

    A cluster has one node here, however many brokers it is to have: what is about copies is judged here, and not by it.
    """

    def __init__(self, keeper: Callable[[], TopicKeeper], now: Callable[[], float]) -> None:
        """Starts nothing yet.

        Args:
            keeper: Gives who keeps topics; asked when there is a first cluster.
            now: The time of the rehearsal, in seconds since 1970.
        """
        self._choose, self._now = keeper, now
        self._keeper: TopicKeeper | None = None
        self._lock = RLock()
        self._clusters: dict[str, _Cluster] = {}
        self.configurations: dict[str, dict[str, Any]] = {}

    @property
    def keeper(self) -> TopicKeeper | None:
        """Who keeps topics; None as long as there is no cluster."""
        return self._keeper

    def start_early(self, clusters: Iterable[ClusterSettings]) -> None:
        """Prepares for clusters that will be created.

        Args:
            clusters: What their logs will be told.
        """
        with self._lock:
            for settings in clusters:
                self._chosen().start_early(settings)

    def close(self) -> None:
        """Ends every log."""
        with self._lock:
            self._clusters.clear()
            if self._keeper is not None:
                self._keeper.close()

    def create_cluster(
        self,
        region: str,
        account_id: str,
        name: str,
        *,
        brokers: int,
        is_tiered: bool = False,
        is_serverless: bool = False,
        server_properties: Mapping[str, str] | None = None,
    ) -> str:
        """Creates a cluster, whose log is opened in the background.

        Args:
            region: Its region.
            account_id: Its account.
            name: Its name.
            brokers: How many brokers it is to have.
            is_tiered: Whether it has tiered storage.
            is_serverless: Whether it is serverless.
            server_properties: Its server properties.

        Returns:
            Its ARN.
        """
        suffix = "s1" if is_serverless else "1"
        arn = f"arn:aws:kafka:{region}:{account_id}:cluster/{name}/{uuid4()}-{suffix}"
        self._open(arn, brokers, dict(server_properties or {}), is_tiered=is_tiered)
        return arn

    def change_cluster(self, arn: str, *, brokers: int, server_properties: Mapping[str, str]) -> None:
        """Changes a cluster. Other server properties reach its log at once, which may be away for some seconds.

        Args:
            arn: Its ARN.
            brokers: How many brokers it is to have.
            server_properties: All of its server properties.

        Raises:
            ValueError: If Kafka refuses one of them; it keeps those that it had.
        """
        cluster = self._cluster(arn)
        cluster.brokers = brokers
        settings = replace(cluster.settings, server_properties=server_properties_here(server_properties))
        if settings == cluster.settings:
            return
        if cluster.refused is not None and cluster.refused[0] == settings:
            raise ValueError(cluster.refused[1])  # an update that fails is tried again, and each try takes seconds
        try:
            _or_refused(lambda: cluster.opened.result().change(settings.server_properties))
        except ValueError as error:
            cluster.refused = settings, str(error)
            raise
        cluster.settings, cluster.refused = settings, None

    def delete_cluster(self, arn: str) -> None:
        """Deletes a cluster, with its topics.

        Args:
            arn: Its ARN.
        """
        with self._lock:
            cluster = self._clusters.pop(arn, None)
        if cluster is not None and cluster.opened.exception() is None:
            cluster.opened.result().close()

    def clusters(self) -> list[str]:
        """The ARNs of all clusters, in the order in which they were created."""
        with self._lock:
            return list(self._clusters)

    def ended(self) -> dict[str, str]:
        """Why logs have ended by themselves, by the ARN of the cluster; none: all run."""
        with self._lock:
            opened = {arn: one.opened for arn, one in self._clusters.items()}
        why = {arn: one.result().why_ended() for arn, one in opened.items() if one.done() and not one.exception()}
        return {arn: reason for arn, reason in why.items() if reason}

    def bootstrap_servers(self, cluster: str) -> str:
        """Where clients find a cluster; waits until it is there.

        Args:
            cluster: Its ARN.

        Raises:
            ValueError: If its log cannot be opened.
        """
        return _opened(self._cluster(cluster)).bootstrap_servers

    def create_topic(
        self,
        cluster: str,
        name: str,
        partitions: int,
        configs: Mapping[str, str] | None = None,
        *,
        replication_factor: int = 1,
    ) -> EmbeddedTopic:
        """Creates a topic.

        Args:
            cluster: The ARN of its cluster.
            name: Its name.
            partitions: How many partitions it has.
            configs: Its configurations.
            replication_factor: How many replicas it is to have.

        Raises:
            ValueError: If its cluster could not have it, or Kafka refuses it.
        """
        into, kept = self._cluster(cluster), dict(configs or {})
        check_copies(kept, replication_factor, into.brokers, is_tiered=into.settings.is_tiered)
        log = _opened(into).log
        _asked(lambda: log.create_topic(name, partitions, configs_here(kept)))
        topic = EmbeddedTopic(cluster, name, log, kept, TopicCounter(name))
        with self._lock:
            into.topics[name] = topic
        return topic

    def update_topic(self, cluster: str, name: str, partitions: int, configs: Mapping[str, str]) -> None:
        """Changes a topic: partitions are added, and configurations set.

        Args:
            cluster: The ARN of its cluster.
            name: Its name.
            partitions: How many partitions it has then.
            configs: All of its configurations.

        Raises:
            ValueError: If Kafka refuses.
        """
        topic = self.topic(cluster, name)
        if partitions != topic.log.partitions(name):
            _asked(lambda: topic.log.create_partitions(name, partitions))
        before, after = configs_here(topic.configs), configs_here(configs)
        changed: dict[str, str | None] = {key: value for key, value in after.items() if before.get(key) != value}
        changed |= dict.fromkeys(before.keys() - after.keys())
        if changed:
            _asked(lambda: topic.log.alter_configs(name, changed))
        topic.configs = dict(configs)

    def delete_topic(self, cluster: str, name: str) -> None:
        """Deletes a topic, with its records.

        Args:
            cluster: The ARN of its cluster.
            name: Its name.
        """
        topic = self.topic(cluster, name)
        with self._lock:
            del self._clusters[cluster].topics[name]
        _asked(lambda: topic.log.delete_topic(name))

    def topic(self, cluster: str, name: str) -> EmbeddedTopic:
        """A topic.

        Args:
            cluster: The ARN of its cluster.
            name: Its name.

        Raises:
            ValueError: If there is none.
        """
        with self._lock:
            found = self._clusters.get(cluster)
            if found is None or name not in found.topics:
                raise ValueError(f"the topic {name} of {cluster} is not deployed here")
            return found.topics[name]

    def topic_of(self, arn: str) -> EmbeddedTopic:
        """A topic, by its ARN.

        Args:
            arn: Its ARN.

        Raises:
            ValueError: If there is none.
        """
        found = next((topic for topic in self.topics() if topic.arn == arn), None)
        if found is None:
            raise ValueError(f"the topic {arn} is not deployed here")
        return found

    def topics(self) -> list[EmbeddedTopic]:
        """All topics, in the order in which they were created."""
        with self._lock:
            return [topic for cluster in self._clusters.values() for topic in cluster.topics.values()]

    def put(self, arn: str, records: Sequence[tuple[bytes | None, bytes]]) -> list[str]:
        """Puts records into a topic.

        Args:
            arn: Its ARN.
            records: Key and value of each.

        Returns:
            For each why it was refused for good; empty: it was taken.

        Raises:
            OSError: If the log does not take them.
        """
        topic = self.topic_of(arn)
        at = round(self._now() * 1000)
        answers = [topic.refusal(*record) for record in records]
        places = [place for place, refused in enumerate(answers) if not refused]
        try:
            topic.log.put_all(NewRecord(topic.name, *records[place], timestamp=at) for place in places)
        except RefusedRecordsError as error:
            for place, why in error.records.items():
                answers[places[place]] = _refused_by_kafka(records[places[place]][0], why)
        except TopicLogError as error:
            raise OSError(str(error)) from error
        return answers

    def _cluster(self, arn: str) -> _Cluster:
        """A cluster; one that no stack has created stands for an existing one, of whose brokers nothing is known."""
        with self._lock:
            if arn not in self._clusters:
                self._open(arn, _EXISTING_BROKERS, {}, is_tiered=True)
            return self._clusters[arn]

    def _open(self, arn: str, brokers: int, server_properties: Mapping[str, str], *, is_tiered: bool) -> None:
        with self._lock:
            settings = ClusterSettings(server_properties_here(server_properties), is_tiered)
            self._clusters[arn] = _Cluster(arn, brokers, settings, self._chosen().open(settings))

    def _chosen(self) -> TopicKeeper:
        if self._keeper is None:
            self._keeper = self._choose()
        return self._keeper


def _opened(cluster: _Cluster) -> OpenedLog:
    return _or_refused(cluster.opened.result)


def _or_refused(call: Callable[[], Answer]) -> Answer:
    try:
        return call()
    except SpecError as error:
        finding = error.findings[0]
        raise ValueError(f"{finding.message}: {finding.note}") from None


def _refused_by_kafka(key: bytes | None, why: TopicLogError) -> str:
    # Of a single record Kafka says that it is invalid, and not why.
    likely = f"; likely {KEYLESS}" if why.code == INVALID_RECORD and key is None else ""
    return f"{why}{likely}"


def _asked(call: Callable[[], None]) -> None:
    try:
        call()
    except TopicLogError as error:
        raise ValueError(f"Kafka refuses it: {error}") from None

"""Who keeps the topics of a rehearsal: a broker of Apache Kafka for each cluster, or this process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal, Protocol

from streaming_constructs.local.kafka.memory_topic_log import MemoryTopicLog
from streaming_constructs.local.kafka.topic_log import TopicLog
from streaming_constructs.spec.finding import SpecError

Wanted = Literal["auto", "kafka", "memory"]
"""What is asked for; `auto`: a broker, where everything that it takes is there already."""
NOWHERE = "127.0.0.1:0"
"""Where the brokers of a cluster are that is in this process: nobody can connect to them."""
NEEDS_BROKER = (
    "it writes to a topic of Kafka, and none connects to what is kept in memory: `--broker kafka` runs a broker"
)
"""Why a function is not run whose brokers are nowhere."""
STOP_SECONDS = 0.5
"""How long a broker has to end by itself. Whoever stops a rehearsal waits no longer than two seconds, and nothing is kept."""


@dataclass(frozen=True, slots=True)
class ClusterSettings:
    """What the log behind a cluster is told.

    Attributes:
        server_properties: Server properties, as a single node can have them.
        is_tiered: Whether topics can have tiered storage.
    """

    server_properties: Mapping[str, str]
    is_tiered: bool


@dataclass(frozen=True, slots=True)
class OpenedLog:
    """The log behind one cluster.

    Attributes:
        log: The log.
        bootstrap_servers: Where clients find it.
        close: Ends it.
        change: Gives it other server properties, with the topics that it has. Raises `SpecError` where Kafka refuses them.
        why_ended: Tells why it has ended by itself; empty: it has not.
    """

    log: TopicLog
    bootstrap_servers: str
    close: Callable[[], None]
    change: Callable[[Mapping[str, str]], None]
    why_ended: Callable[[], str]


class TopicKeeper(Protocol):
    """Opens a log for each cluster.

    Attributes:
        name: What keeps topics, such as `Apache Kafka 3.9.1`.
        why: Why it is no broker, if it is none.
        client_variables: What clients of the user's find in their environment, so that a broker lets them in.
    """

    name: str
    why: str
    client_variables: Mapping[str, str]

    def start_early(self, settings: ClusterSettings) -> None:
        """Prepares for the first cluster that will have these settings, in the background.

        Args:
            settings: The settings.
        """
        ...

    def open(self, settings: ClusterSettings) -> Future[OpenedLog]:
        """Opens a log, in the background.

        Args:
            settings: What it is told.
        """
        ...

    def close(self) -> None:
        """Ends every log; may be called again."""
        ...


class MemoryKeeper:
    """Keeps topics in this process."""

    name = "memory"

    def __init__(self, why: str = "") -> None:
        """Keeps nothing yet.

        Args:
            why: Why it is no broker.
        """
        self.why = why
        self.client_variables: Mapping[str, str] = {}

    def start_early(self, settings: ClusterSettings) -> None:
        """Has nothing to prepare."""

    def open(self, settings: ClusterSettings) -> Future[OpenedLog]:
        opened: Future[OpenedLog] = Future()
        opened.set_result(OpenedLog(MemoryTopicLog(), NOWHERE, lambda: None, lambda _: None, lambda: ""))
        return opened

    def close(self) -> None:
        """Keeps nothing outside of this process."""


class BrokerKeeper:
    """Runs a broker for each cluster, for as long as the cluster is there."""

    why = ""

    def __init__(self) -> None:
        """Starts nothing yet.

        Raises:
            SpecError: If there is no client of Kafka, no Java or no jars; jars are brought where the user's Maven can.
        """
        from streaming_constructs.local.jars.require_jars import require_jars
        from streaming_constructs.local.java import find_java
        from streaming_constructs.local.kafka.client import client_variables, new_password, require_client

        require_client()
        # One for all clusters: a function may write to several.
        self._password = new_password()
        self.client_variables: Mapping[str, str] = client_variables(self._password)
        self._java, self._jars = find_java(), require_jars()
        self.name = f"Apache Kafka {self._jars.lock.version}"
        self._starting = ThreadPoolExecutor(thread_name_prefix="broker")
        self._early: list[tuple[ClusterSettings, Future[OpenedLog]]] = []
        self._opened: list[OpenedLog] = []
        self._is_closed = False

    def start_early(self, settings: ClusterSettings) -> None:
        self._early.append((settings, self._start(settings)))

    def open(self, settings: ClusterSettings) -> Future[OpenedLog]:
        for entry in self._early:
            if entry[0] == settings:
                self._early.remove(entry)
                return entry[1]
        return self._start(settings)

    def close(self) -> None:
        self._is_closed = True
        self._starting.shutdown(wait=True, cancel_futures=True)
        for opened in self._opened:
            opened.close()
        self._opened.clear()

    def _start(self, settings: ClusterSettings) -> Future[OpenedLog]:
        return self._starting.submit(self._run, settings)

    def _run(self, settings: ClusterSettings) -> OpenedLog:
        from streaming_constructs.local.kafka.broker import KafkaBroker
        from streaming_constructs.local.kafka.broker_topic_log import BrokerTopicLog

        broker = KafkaBroker(
            server_properties=settings.server_properties,
            tiered_storage=settings.is_tiered,
            java=self._java,
            jars=self._jars,
            password=self._password,
        )
        broker.start()
        try:
            log = BrokerTopicLog(broker.access, broker.why_ended)
        except BaseException:
            broker.stop(STOP_SECONDS)
            raise

        def close() -> None:
            broker.stop(STOP_SECONDS)

        def change(server_properties: Mapping[str, str]) -> None:
            with log.gate.closed():
                broker.restart(server_properties)

        opened = OpenedLog(log, broker.bootstrap_servers, close, change, broker.why_ended)
        self._opened.append(opened)
        return opened


def topic_keeper(wanted: Wanted) -> TopicKeeper:
    """Who keeps the topics of a rehearsal.

    Args:
        wanted: What was asked for.

    Raises:
        SpecError: If a broker was asked for, and something that it takes is missing.
    """
    if wanted == "memory":
        return MemoryKeeper("memory was asked for")
    if wanted == "kafka":
        return BrokerKeeper()
    missing = _missing_jars()
    if missing:
        return MemoryKeeper(missing)
    try:
        return BrokerKeeper()
    except SpecError as error:
        return MemoryKeeper(error.findings[0].message)


def _missing_jars() -> str:
    """Why no broker is run that nobody asked for: its jars would have to be fetched first."""
    from streaming_constructs.facts.jar_lock import kafka_jars
    from streaming_constructs.planning.jar_cache import cache_folder, missing_jars

    lock = kafka_jars()
    is_missing = bool(missing_jars(cache_folder(lock), lock))
    return "the jars of Kafka are not there: `streaming-constructs jars` brings them" if is_missing else ""

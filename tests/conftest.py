"""What all tests share: Node for CDK and its CLI, a profile of Hypothesis, CDK's own validation off (ours checks it too)."""

from __future__ import annotations

import atexit
import gc
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import HealthCheck, settings

os.environ.setdefault("CDK_VALIDATION", "false")
os.environ.setdefault("AWS_EC2_METADATA_DISABLED", "true")
# The CDK CLI starts in two thirds of the time where Node finds what it compiled before.
os.environ.setdefault("NODE_COMPILE_CACHE", str(Path(__file__).parents[1] / ".pytest_cache" / "node"))

from streaming_constructs.loading import choose_node

if TYPE_CHECKING:
    from streaming_constructs.local.flink.local_flink import LocalFlink
    from streaming_constructs.local.flink.sql_parser import FlinkSqlParser
    from streaming_constructs.local.java import Java
    from streaming_constructs.local.kafka.broker import KafkaBroker
    from streaming_constructs.planning.jar_cache import FoundJars

choose_node()

# For tests that use DuckDB themselves, as `streaming_constructs.local.athena.duckdb_query` does it.
atexit.register(gc.unfreeze)

# How long an example takes says how busy the machine is; that a test found nothing to try within a second, too.
settings.register_profile(
    "streaming-constructs", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("streaming-constructs")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Has the tests of a pattern's SQL run in one process, which starts one Flink; a pattern alone knows no pytest-xdist."""
    for item in items:
        if "patterns" in item.path.parts and item.path.name.endswith("_sql.py"):
            item.add_marker(pytest.mark.xdist_group("flink"))


@pytest.fixture(scope="session")
def cdk_cli() -> Path:
    """The CDK CLI; what needs it is skipped where `make cdk` has not installed it."""
    path = Path(__file__).parents[1] / ".venv" / "bin" / "cdk"
    if not path.exists():
        pytest.skip("the CDK CLI is installed by `make cdk`, which `make test` does first")
    return path


@contextmanager
def skipped_without(jars: str) -> Iterator[None]:
    """Skips what needs Java and jars where there is no Java 17, or where jars are not there and cannot be fetched either."""
    from streaming_constructs.spec.finding import SpecError

    try:
        yield
    except SpecError as error:
        if {finding.code for finding in error.findings} <= {"LOC991", "LOC992"}:
            pytest.skip(f"no Java 17, or {jars} cannot be had: {error.findings[0].note}")
        raise


class Kafka(NamedTuple):
    """What a Kafka broker is run with."""

    java: Java
    jars: FoundJars


@pytest.fixture(scope="session")
def kafka() -> Kafka:
    """Java and jars; what needs them is skipped where there is no Java 17, or the jars cannot be brought."""
    from streaming_constructs.local.jars.require_jars import require_jars
    from streaming_constructs.local.java import find_java

    with skipped_without("Kafka's jars"):
        return Kafka(find_java(), require_jars())


@pytest.fixture(scope="session")
def kafka_broker(kafka: Kafka) -> Iterator[KafkaBroker]:
    """A broker with tiered storage that all tests share; each has topics of its own, and `xdist_group("kafka")`."""
    from streaming_constructs.local.kafka.broker import KafkaBroker

    with KafkaBroker(tiered_storage=True, java=kafka.java, jars=kafka.jars) as broker:
        yield broker


@pytest.fixture(scope="session")
def flink_at_hand() -> None:
    """What needs a real Flink is skipped where there is no Java 17, or the jars of Flink cannot be brought."""
    from streaming_constructs.local.flink.flink_jars import FLINK_OF_RUNTIME, flink_jars
    from streaming_constructs.local.java import find_java

    with skipped_without("Flink's jars"):
        find_java()
        for runtime in FLINK_OF_RUNTIME:
            flink_jars(runtime)


@pytest.fixture(scope="session")
def kafka_connector_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tuple[Path, ...]]:
    """The jars of Kafka's connector for the runtime that is asked for, brought as `streaming-constructs jars` does.

    What needs them is skipped where they are not there and cannot be fetched either.
    """
    from streaming_constructs.local.jars.require_connectors import require_connectors
    from streaming_constructs.planning.connectors_lock import CONNECTORS_LOCK

    lock_file = tmp_path_factory.mktemp("connectors") / CONNECTORS_LOCK  # all jars are locked by this package

    def of(runtime: str) -> tuple[Path, ...]:
        with skipped_without("the jars of Kafka's connector"):
            return require_connectors(runtime, ["kafka"], lock_file).files

    return of


@pytest.fixture(scope="session")
def flink_jvm(flink_at_hand: None) -> Iterator[LocalFlink]:
    """A Flink of the newest runtime, which all tests share; they have `xdist_group("flink")`."""
    from streaming_constructs.local.flink.local_flink import LocalFlink

    with LocalFlink() as running:
        yield running


@pytest.fixture
def flink_of(flink_jvm: LocalFlink) -> Iterator[Callable[[str], LocalFlink]]:
    """A Flink of the runtime that is asked for: that which all share, or one of another runtime for this test."""
    from streaming_constructs.local.flink.local_flink import LocalFlink

    started = []

    def of(runtime: str) -> LocalFlink:
        if runtime == flink_jvm.runtime:
            return flink_jvm
        started.append(LocalFlink(runtime))
        started[-1].start()
        return started[-1]

    yield of
    for each in started:
        each.stop()


@pytest.fixture(scope="session")
def parser_of() -> Iterator[Callable[[str], FlinkSqlParser]]:
    """Flink's parser of the runtime that is asked for, which all tests share; they have `xdist_group("flink")`."""
    from streaming_constructs.local.flink.sql_parser import FlinkSqlParser

    started: dict[str, FlinkSqlParser] = {}
    with ExitStack() as running:

        def of(runtime: str) -> FlinkSqlParser:
            if runtime not in started:
                with skipped_without("the jars of Flink's parser"):
                    started[runtime] = running.enter_context(FlinkSqlParser(runtime))
            return started[runtime]

        yield of

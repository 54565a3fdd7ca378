"""`jars`: what a Kafka broker is made of is brought, verified and told."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from streaming_constructs.facts.flink_connector_jars import CONNECTOR_JARS
from streaming_constructs.facts.jar_lock import JarLock, kafka_jars
from streaming_constructs.local.jars.require_connectors import FoundConnectors
from streaming_constructs.planning.jar_cache import CACHE_VARIABLE, FoundJars
from streaming_constructs.spec.finding import Finding, SpecError
from tests.conftest import Kafka
from tests.jars import SERVICES, make_jar

if TYPE_CHECKING:
    from tests.cli.conftest import Run


def connector_factories(name: str) -> tuple[str, ...]:
    return next(connector.factories for connector in CONNECTOR_JARS if connector.name == name)


def no_jars(*_: object) -> JarLock:
    return JarLock("Flink connectors", "2.0", ())


@pytest.fixture
def no_java(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine with neither Java nor Maven, and an empty cache."""
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)


@pytest.mark.usefixtures("no_java")
def test_jars_of_a_folder_are_copied_and_told(run: Run, kafka: Kafka, tmp_path: Path) -> None:
    told = run("jars", "--from", str(kafka.jars.folder), "--format", "json")
    assert told.exit_code == 0, told.output
    shown = json.loads(told.stdout)
    lock = kafka_jars()
    assert (shown["kafka"], shown["added"], len(shown["jars"])) == (lock.version, len(lock.jars), len(lock.jars))
    assert Path(shown["folder"]).is_relative_to(tmp_path / "cache")
    assert {jar["file"] for jar in shown["jars"]} == {str(Path(shown["folder"], jar.file_name)) for jar in lock.jars}
    assert (shown["java"], shown["class_archive"]) == (None, None)
    assert [(finding["code"], finding["level"]) for finding in shown["findings"]] == [("LOC991", "note")]

    again = run("jars")
    assert again.exit_code == 0
    first = f"Kafka {lock.version}: {len(lock.jars)} jars, 38.2 MB, verified\nin {shown['folder']}\n"
    assert again.stdout.startswith(first)
    assert "jars --flink FLINK-1_20 --connectors kafka" in again.stdout
    assert "note[LOC991]" in again.stderr


@pytest.mark.usefixtures("no_java")
def test_jars_that_are_nowhere_are_an_error(run: Run, tmp_path: Path) -> None:
    (tmp_path / "given").mkdir()
    result = run("jars", "--from", str(tmp_path / "given"))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("error[LOC992]: ")


@pytest.mark.usefixtures("no_java")
def test_a_jar_that_is_cut_off_is_an_error(run: Run, tmp_path: Path) -> None:
    (tmp_path / "given").mkdir()
    for jar in kafka_jars().jars:
        (tmp_path / "given" / jar.file_name).write_bytes(b"PK")
    result = run("jars", "--from", str(tmp_path / "given"))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("error[LOC993]: ")


def test_a_folder_that_is_none_is_wrong_usage(run: Run, tmp_path: Path) -> None:
    assert run("jars", "--from", str(tmp_path / "none")).exit_code == 2


@pytest.mark.usefixtures("no_java")
def test_connectors_of_a_folder_are_locked_in_the_working_directory(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "given"
    (factory,) = connector_factories("firehose")
    make_jar(folder / "flink-connector-aws-base-6.0.1-2.0.jar", {"a": "x"})
    make_jar(folder / "flink-connector-aws-kinesis-firehose-6.0.1-2.0.jar", {SERVICES: factory})
    monkeypatch.setattr("streaming_constructs.facts.flink_connector_jars.connector_jars", no_jars)
    monkeypatch.setattr("streaming_constructs.local.jars.require_connectors.connector_jars", no_jars)
    monkeypatch.chdir(tmp_path)
    result = run("jars", "--connectors", "firehose", "--from", str(folder))
    assert result.exit_code == 0, result.output
    assert "connectors.lock.json has 2 more, seen for the first time; commit it:" in result.stdout
    again = json.loads(run("jars", "--connectors", "firehose", "--format", "json").stdout)
    (told,) = again["runtimes"]
    assert (told["runtime"], told["added"], told["locked"], len(told["jars"])) == ("FLINK-2_3", 0, [], 2)
    assert (tmp_path / "connectors.lock.json").is_file()


@pytest.mark.usefixtures("no_java")
def test_flink_that_is_nowhere_is_an_error_that_names_its_command(run: Run) -> None:
    result = run("jars", "--flink", "FLINK-1_20")
    assert result.exit_code == 1
    assert "bringing 52 jars of Flink 1.20.3" in result.stderr
    assert "error[LOC992]: the jars of Flink are not on this machine" in result.stderr
    assert "jars --flink FLINK-1_20 --from FOLDER" in result.stderr


def test_a_connector_that_is_not_known_is_an_error(run: Run) -> None:
    result = run("jars", "--connectors", "kinesys")
    assert (result.exit_code, "error[FLK138]" in result.stderr) == (1, True)


@pytest.mark.parametrize("arguments", [["--flink", "FLINK-1_8"], ["--connectors", " , "]])
def test_what_cannot_be_asked_for_is_wrong_usage(run: Run, arguments: list[str]) -> None:
    assert run("jars", *arguments).exit_code == 2


def test_a_system_without_flink_and_topics_needs_no_jars(run: Run) -> None:
    result = run("jars", "lambda-consumer")
    assert (result.exit_code, result.stdout) == (
        0,
        "It has neither an application of Flink SQL nor topics of Kafka, and needs no jars.\n",
    )


APPLICATION = """
name: clicks
schemas: {click: {page: string}}
streams:
  clicks: {kind: kinesis, shards: 1, schema: click}
  pages: {kind: kinesis, shards: 1, schema: click}
analytics: {copy: {kind: flink_sql, from: clicks, to: pages, parallelism: 1, sql: SELECT page FROM clicks}}
alarms: false
"""
CLUSTER = "clusters: {main: {kind: msk_serverless}}\n"


@pytest.fixture
def brought(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is brought, in its order; only Kinesis is nowhere."""
    names: list[str] = []

    def jars(*, given: Path | None, lock: JarLock | None = None, command: str) -> FoundJars:
        lock = lock or kafka_jars()
        names.append(lock.name)
        return FoundJars(JarLock(lock.product, lock.version, ()), Path("/cache"), (), 0)

    def connectors(runtime: str, identifiers: Iterable[str], *_: object, **__: object) -> FoundConnectors:
        if "kinesis" in (asked := sorted(identifiers)):
            raise SpecError([Finding("LOC992", "the jars of Flink connectors are not on this machine")])
        names.append(f"{runtime} {asked}")
        return FoundConnectors(runtime, (), (), 0, ())

    monkeypatch.setattr("streaming_constructs.local.jars.require_jars.require_jars", jars)
    monkeypatch.setattr("streaming_constructs.local.jars.require_connectors.require_connectors", connectors)
    monkeypatch.setattr("streaming_constructs.local.flink.class_archive.make_flink_archive", lambda *_: None)
    monkeypatch.setattr("streaming_constructs.local.kafka.class_archive.make_archive", lambda *_: None)
    return names


def test_all_that_the_rehearsal_of_a_system_takes_is_brought(run: Run, brought: list[str], tmp_path: Path) -> None:
    spec = tmp_path / "pipeline.yaml"
    topics = APPLICATION.replace("kind: kinesis, shards: 1", "kind: kafka, cluster: main, partitions: 1")
    spec.write_text(topics + CLUSTER)
    assert run("jars", str(spec)).exit_code == 0
    assert brought == ["Kafka 3.9.1", "Flink 2.3.0", "Flink SQL parser 2.3.0", "FLINK-2_3 ['kafka']"]


def test_a_connector_that_is_nowhere_keeps_no_other_away(run: Run, brought: list[str], tmp_path: Path) -> None:
    spec = tmp_path / "pipeline.yaml"
    pages = "pages: {kind: kafka, cluster: main, partitions: 1, schema: click}"
    spec.write_text(APPLICATION.replace("pages: {kind: kinesis, shards: 1, schema: click}", pages) + CLUSTER)
    result = run("jars", str(spec))
    assert (result.exit_code, "error[LOC992]" in result.stderr) == (1, True)
    assert brought == ["Kafka 3.9.1", "Flink 2.3.0", "Flink SQL parser 2.3.0", "FLINK-2_3 ['kafka']"]


def test_an_application_with_jars_of_its_own_needs_no_others(run: Run, brought: list[str], tmp_path: Path) -> None:
    spec = tmp_path / "pipeline.yaml"
    spec.write_text(APPLICATION.replace("parallelism: 1", "parallelism: 1, connectors: [own.jar]"))
    (tmp_path / "own.jar").write_bytes(b"")
    assert run("jars", str(spec)).exit_code == 0
    assert brought == ["Flink 2.3.0", "Flink SQL parser 2.3.0"]


@pytest.mark.xdist_group("kafka")
def test_with_java_there_is_an_archive_of_class_data(run: Run, kafka: Kafka) -> None:
    result = run("jars", "--format", "json")
    assert result.exit_code == 0, result.output
    shown = json.loads(result.stdout)
    assert (shown["java"]["version"], shown["findings"]) == (kafka.java.version, [])
    assert kafka.java.archives_classes == bool(shown["class_archive"] and Path(shown["class_archive"]).is_file())

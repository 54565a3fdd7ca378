"""`jars`: what a Kafka broker is made of is brought, verified and told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from streaming_constructs.facts.jar_lock import kafka_jars
from streaming_constructs.planning.jar_cache import CACHE_VARIABLE
from tests.conftest import Kafka

if TYPE_CHECKING:
    from tests.cli.conftest import Run


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
    assert again.stdout == f"Kafka {lock.version}: {len(lock.jars)} jars, 38.2 MB, verified\nin {shown['folder']}\n"
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


def test_a_folder_that_is_none_is_wrong_usage(run: Run) -> None:
    assert run("jars", "--from", "/nowhere").exit_code == 2


@pytest.mark.xdist_group("kafka")
def test_with_java_there_is_an_archive_of_class_data(run: Run, kafka: Kafka) -> None:
    result = run("jars", "--format", "json")
    assert result.exit_code == 0, result.output
    shown = json.loads(result.stdout)
    assert (shown["java"]["version"], shown["findings"]) == (kafka.java.version, [])
    assert kafka.java.archives_classes == bool(shown["class_archive"] and Path(shown["class_archive"]).is_file())

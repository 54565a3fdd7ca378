"""Connectors: from where they come, that the first seen is locked, and that no other is taken afterwards."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from streaming_constructs.facts import flink_connector_jars
from streaming_constructs.facts.flink_connector_jars import CONNECTOR_JARS
from streaming_constructs.facts.jar_lock import Jar, JarLock
from streaming_constructs.local.jars.require_connectors import require_connectors
from streaming_constructs.planning.connectors_lock import read_connectors_lock
from streaming_constructs.planning.flink_connector_jars import find_connector_jars
from streaming_constructs.planning.jar_cache import CACHE_VARIABLE, cache_folder
from streaming_constructs.spec.finding import Finding, SpecError
from tests.jars import SERVICES, make_jar

RUNTIME = "FLINK-2_3"
SDK = b"sdk" * 1000
SHIPPED = JarLock("Flink connectors", "9.9", (Jar("org.example:sdk:1.0", len(SDK), hashlib.sha256(SDK).hexdigest()),))
BASE = "flink-connector-aws-base-6.0.1-2.0.jar"
OWN = "flink-connector-aws-kinesis-streams-6.0.1-2.0.jar"
(FACTORY,) = next(connector.factories for connector in CONNECTOR_JARS if connector.name == "kinesis")


@pytest.fixture(autouse=True)
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without Maven, with an empty cache; what is shipped is one small jar."""
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    for room in ("local.jars.require_connectors", "planning.flink_connector_jars"):
        monkeypatch.setattr(f"streaming_constructs.{room}.all_connector_jars", lambda _: SHIPPED)
        monkeypatch.setattr(f"streaming_constructs.{room}.connector_jars", lambda *_: SHIPPED)
    monkeypatch.setattr(flink_connector_jars, "all_connector_jars", lambda _: SHIPPED)


@pytest.fixture
def given(tmp_path: Path) -> Path:
    """A folder that somebody downloaded them into."""
    folder = tmp_path / "given"
    make_jar(folder / BASE, {"org/apache/flink/connector/aws/A.class": "x"})
    make_jar(folder / "deep" / OWN, {SERVICES: FACTORY})
    (folder / "sdk-1.0.jar").write_bytes(SDK)
    return folder


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    return tmp_path / "connectors.lock.json"


def refused(run: Callable[[], object]) -> Finding:
    with pytest.raises(SpecError) as error:
        run()
    (finding,) = error.value.findings
    return finding


def test_what_is_seen_first_is_locked_and_found_again(given: Path, lock: Path) -> None:
    found = require_connectors(RUNTIME, ["kinesis"], lock, given=given)
    assert [path.name for path in found.files] == ["sdk-1.0.jar", BASE, OWN]
    assert (found.added, [jar.file_name for jar in found.locked]) == (3, [BASE, OWN])
    rows = json.loads(lock.read_text())["jars"]
    assert rows[1] == {
        "coordinate": "org.apache.flink:flink-connector-aws-kinesis-streams:6.0.1-2.0",
        "bytes": (given / "deep" / OWN).stat().st_size,
        "sha256": hashlib.sha256((given / "deep" / OWN).read_bytes()).hexdigest(),
    }
    assert find_connector_jars(RUNTIME, ["kinesis"], lock) == found.files
    again = require_connectors(RUNTIME, ["kinesis"], lock)
    assert (again.files, again.added, again.locked) == (found.files, 0, ())


def test_what_was_locked_before_stays(given: Path, lock: Path) -> None:
    other = {"coordinate": "org.example:other:1.0", "bytes": 7, "sha256": "0" * 64}
    lock.write_text(json.dumps({"jars": [other]}))
    require_connectors(RUNTIME, ["kinesis"], lock, given=given)
    assert list(read_connectors_lock(lock))[-1] == "org.example:other:1.0"


def test_another_of_the_same_name_is_refused_afterwards(given: Path, lock: Path, tmp_path: Path) -> None:
    require_connectors(RUNTIME, ["kinesis"], lock, given=given)
    before = lock.read_bytes()
    make_jar(given / "deep" / OWN, {SERVICES: FACTORY, "more": "x"})
    for path in (tmp_path / "cache").rglob(OWN):
        path.unlink()
    finding = refused(lambda: require_connectors(RUNTIME, ["kinesis"], lock, given=given))
    assert (finding.code, str(given / "deep" / OWN) in finding.message) == ("LOC993", True)
    assert lock.read_bytes() == before
    assert not list((tmp_path / "cache").rglob(OWN))


def test_a_changed_byte_in_the_cache_is_refused_at_synthesis(given: Path, lock: Path) -> None:
    *_, own = require_connectors(RUNTIME, ["kinesis"], lock, given=given).files
    content = bytearray(own.read_bytes())
    content[50] ^= 1
    own.write_bytes(content)
    finding = refused(lambda: find_connector_jars(RUNTIME, ["kinesis"], lock))
    assert (finding.code, str(own) in finding.message) == ("FLK129", True)


def test_what_is_missing_at_synthesis_is_told_with_its_coordinate_and_the_command(lock: Path) -> None:
    finding = refused(lambda: find_connector_jars(RUNTIME, ["kinesis", "print"], lock))
    assert finding.code == "FLK128"
    assert "streaming-constructs jars --flink FLINK-2_3 --connectors kinesis" in finding.help
    assert "org.apache.flink:flink-connector-aws-kinesis-streams:6.0.1-2.0" in finding.help


def test_what_the_runtime_has_needs_no_jar(lock: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert find_connector_jars(RUNTIME, ["print", "datagen"], lock) == ()


def test_an_unknown_connector_is_told(lock: Path) -> None:
    finding = refused(lambda: find_connector_jars(RUNTIME, ["kinesys"], lock))
    assert (finding.code, finding.help) == ("FLK138", "did you mean `kinesis`?")


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"<html>404</html>", "FLK135"), (b"", "FLK135")],
)
def test_what_is_no_jar_is_not_locked(given: Path, lock: Path, content: bytes, code: str) -> None:
    (given / "deep" / OWN).write_bytes(content)
    assert refused(lambda: require_connectors(RUNTIME, ["kinesis"], lock, given=given)).code == code
    assert not lock.exists()


def test_what_has_no_such_connector_is_not_locked(given: Path, lock: Path) -> None:
    make_jar(given / "deep" / OWN, {SERVICES: "com.example.Other"})
    assert refused(lambda: require_connectors(RUNTIME, ["kinesis"], lock, given=given)).code == "FLK128"
    assert not lock.exists()


def test_nothing_is_locked_when_something_else_is_missing(given: Path, lock: Path) -> None:
    (given / "sdk-1.0.jar").unlink()
    assert refused(lambda: require_connectors(RUNTIME, ["kinesis"], lock, given=given)).code == "LOC992"
    assert not lock.exists()


def test_without_maven_it_is_said_what_to_do(lock: Path) -> None:
    finding = refused(lambda: require_connectors(RUNTIME, ["kinesis"], lock))
    assert finding.code == "LOC992"
    assert "org.apache.flink:flink-connector-aws-base:6.0.1-2.0" in finding.message
    assert "jars --flink FLINK-2_3 --connectors kinesis --from FOLDER" in finding.help


def test_maven_brings_what_is_nowhere_else_and_it_is_kept(
    given: Path, lock: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "mvn").write_text(
        "#!/bin/sh\n"
        'folder=$(/bin/sed -n "s:.*<outputDirectory>\\(.*\\)</outputDirectory>.*:\\1:p" "$5")\n'
        f'/bin/cp "{given / BASE}" "{given / "deep" / OWN}" "{given / "sdk-1.0.jar"}" "$folder"\n'
    )
    (folder / "mvn").chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("JAVA_HOME", "/nowhere")
    found = require_connectors(RUNTIME, ["kinesis"], lock)
    assert find_connector_jars(RUNTIME, ["kinesis"], lock) == found.files


def test_a_lock_that_cannot_be_written_is_told(given: Path, tmp_path: Path) -> None:
    finding = refused(
        lambda: require_connectors(RUNTIME, ["kinesis"], tmp_path / "none" / "connectors.lock.json", given=given)
    )
    assert finding.code == "FLK130"


def test_connectors_of_one_flink_share_a_folder(given: Path, lock: Path) -> None:
    found = require_connectors(RUNTIME, ["kinesis"], lock, given=given)
    assert found.files[0].parent == cache_folder(SHIPPED)

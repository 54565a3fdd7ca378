"""The jar of an application of Flink SQL: what is in it, and that its bytes depend on nothing else."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from streaming_constructs.cdk.analytics import application_jar
from streaming_constructs.cdk.analytics.application_jar import write_application_jar
from streaming_constructs.cdk.analytics.jar_writer import stored, write_jar
from streaming_constructs.facts.flink_connector_jars import connector_of
from streaming_constructs.spec.finding import Finding, SpecError
from tests.jars import SERVICES, make_jar

STATEMENTS: dict[str, Any] = {"config": {"a": "1"}, "statements": ["INSERT INTO `ö` SELECT 1"]}
KAFKA = {SERVICES: "example.Kafka\n", "example/Kafka.class": b"kafka" * 100, "META-INF/LICENSE": "one"}
KINESIS = {SERVICES: "example.Kinesis\nexample.Kafka", "example/Kinesis.class": b"kinesis", "META-INF/LICENSE": "two\n"}


@pytest.fixture
def runner(tmp_path: Path) -> Path:
    manifest = "Manifest-Version: 1.0\r\nMain-Class: example.Runner\r\n\r\n"
    return make_jar(tmp_path / "runner.jar", {"META-INF/MANIFEST.MF": manifest, "example/Runner.class": b"runner"})


def build(runner: Path, connectors: Sequence[Path], name: str = "app.jar", cache: str = "cache") -> Path:
    path = runner.parent / name
    write_application_jar(
        path, runner=runner, statements=STATEMENTS, connectors=connectors, cache=runner.parent / cache
    )
    return path


def read(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as jar:
        assert jar.testzip() is None
        return {name: jar.read(name) for name in jar.namelist()}


def refused(runner: Path, connectors: Sequence[Path]) -> Finding:
    with pytest.raises(SpecError) as error:
        build(runner, connectors)
    (finding,) = error.value.findings
    assert not (runner.parent / "app.jar").exists()
    return finding


def test_it_has_runner_statements_and_connectors(tmp_path: Path, runner: Path) -> None:
    entries = read(build(runner, [make_jar(tmp_path / "kafka.jar", KAFKA)]))
    assert next(iter(entries)) == "META-INF/MANIFEST.MF"
    assert entries["META-INF/MANIFEST.MF"] == b"Manifest-Version: 1.0\r\nMain-Class: example.Runner\r\n\r\n"
    assert json.loads(entries["statements.json"]) == STATEMENTS
    assert (entries["example/Runner.class"], entries["example/Kafka.class"]) == (b"runner", b"kafka" * 100)


def test_services_are_united_and_licences_kept(tmp_path: Path, runner: Path) -> None:
    jars = [make_jar(tmp_path / "kafka.jar", KAFKA), make_jar(tmp_path / "kinesis.jar", KINESIS)]
    entries = read(build(runner, jars))
    assert entries[SERVICES] == b"example.Kafka\nexample.Kinesis\n"
    assert entries["META-INF/LICENSE"] == b"one\n\ntwo\n"


def test_what_does_not_hold_for_a_merged_jar_is_left_out(tmp_path: Path, runner: Path) -> None:
    gone = ["META-INF/A.SF", "META-INF/A.RSA", "META-INF/SIG-A", "META-INF/INDEX.LIST", "module-info.class"]
    gone += ["META-INF/versions/9/module-info.class", "META-INF/folder/"]
    kept = ["META-INF/maven/g/a/pom.properties", "META-INF/signatures.txt", "a/module-info.class"]
    entries = read(build(runner, [make_jar(tmp_path / "a.jar", dict.fromkeys([*gone, *kept], "x"))]))
    assert set(entries) - {"META-INF/MANIFEST.MF", "statements.json", "example/Runner.class"} == set(kept)


@pytest.mark.parametrize(("name", "is_told"), [("META-INF/versions/11/a/A.class", True), ("a/A.class", False)])
def test_classes_for_some_versions_of_java_are_announced(
    tmp_path: Path, runner: Path, name: str, *, is_told: bool
) -> None:
    jar = make_jar(tmp_path / "a.jar", {name: "x"})
    for _ in range(2):  # also when it comes from the cache
        assert (b"Multi-Release: true\r\n" in read(build(runner, [jar]))["META-INF/MANIFEST.MF"]) == is_told


def test_the_same_class_twice_is_fine_and_another_of_its_name_is_refused(tmp_path: Path, runner: Path) -> None:
    one = make_jar(tmp_path / "one.jar", KAFKA)
    same = make_jar(tmp_path / "same.jar", KAFKA, zipfile.ZIP_STORED)
    other = make_jar(tmp_path / "other.jar", {"example/Kafka.class": b"KAFKA" * 100})
    build(runner, [one, same]).unlink()
    finding = refused(runner, [one, other])
    assert (finding.code, finding.message) == (
        "FLK133",
        "`one.jar` and `other.jar` have 1 of the same classes with other bytes",
    )
    assert "`example/Kafka.class`" in finding.note


def test_of_other_files_the_first_is_kept(tmp_path: Path, runner: Path) -> None:
    jars = [make_jar(tmp_path / f"{name}.jar", {"log.properties": name}) for name in ("b", "a")]
    assert read(build(runner, jars))["log.properties"] == b"a"


def test_bytes_depend_on_neither_order_nor_folder_nor_cache_nor_umask(tmp_path: Path, runner: Path) -> None:
    first = [make_jar(tmp_path / "kafka.jar", KAFKA), make_jar(tmp_path / "kinesis.jar", KINESIS)]
    elsewhere = [tmp_path / "else" / path.name for path in reversed(first)]
    (tmp_path / "else").mkdir()
    for path, source in zip(elsewhere, reversed(first), strict=True):
        path.write_bytes(source.read_bytes())
    os.utime(elsewhere[0], (0, 0))
    built = [build(runner, first, "1.jar"), build(runner, first, "2.jar"), build(runner, elsewhere, "3.jar", "other")]
    before = os.umask(0o077)
    try:
        built.append(build(runner, first, "4.jar", "third"))
    finally:
        os.umask(before)
    assert len({path.read_bytes() for path in built}) == 1
    assert {stat.S_IMODE(path.stat().st_mode) for path in built} == {0o644}


def test_what_is_packed_is_taken_over_as_it_is(tmp_path: Path, runner: Path) -> None:
    """Another zlib packs to other bytes; so nothing is packed anew."""
    jar = make_jar(tmp_path / "kafka.jar", KAFKA)
    assert zipfile.ZipFile(jar).getinfo("example/Kafka.class").compress_type == zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(build(runner, [jar])) as built:
        assert built.getinfo("example/Kafka.class").compress_type == zipfile.ZIP_DEFLATED
        assert built.getinfo("statements.json").compress_type == zipfile.ZIP_STORED
        assert {info.date_time for info in built.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {(info.extra, info.comment, info.external_attr >> 16) for info in built.infolist()} == {
            (b"", b"", 0o100644)
        }


def test_a_merged_jar_of_the_cache_that_was_changed_is_made_anew(tmp_path: Path, runner: Path) -> None:
    jars = [make_jar(tmp_path / "kafka.jar", KAFKA)]
    good = build(runner, jars).read_bytes()
    (kept,) = (tmp_path / "cache").glob("*.jar")
    kept.write_bytes(kept.read_bytes().replace(b"example.Kafka", b"example.Other"))
    assert build(runner, jars).read_bytes() == good


def test_a_cache_that_cannot_be_written_does_not_matter(tmp_path: Path, runner: Path) -> None:
    jars = [make_jar(tmp_path / "kafka.jar", KAFKA)]
    (tmp_path / "file").touch()
    assert build(runner, jars, "1.jar", "file/cache").read_bytes() == build(runner, jars, "2.jar").read_bytes()


def test_without_connectors_it_is_the_runner_and_its_statements(runner: Path) -> None:
    assert set(read(build(runner, []))) == {"META-INF/MANIFEST.MF", "example/Runner.class", "statements.json"}


def test_statements_are_those_of_the_application_whatever_a_connector_has(tmp_path: Path, runner: Path) -> None:
    path = build(runner, [make_jar(tmp_path / "a.jar", {"statements.json": "{}", "b": "x"})])
    with zipfile.ZipFile(path) as jar:
        assert jar.namelist().count("statements.json") == 1
    assert json.loads(read(path)["statements.json"]) == STATEMENTS


def test_more_than_an_application_may_have_is_refused(
    tmp_path: Path, runner: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jar = make_jar(tmp_path / "a.jar", {"a": "x" * 2000}, zipfile.ZIP_STORED)
    monkeypatch.setattr(application_jar, "LARGEST_CODE_BYTES", 2000)
    assert refused(runner, [jar]).code == "FLK136"


def test_a_connector_that_is_torn_is_refused_by_its_name(tmp_path: Path, runner: Path) -> None:
    jar = make_jar(tmp_path / "torn.jar", {"a": "x" * 100}, zipfile.ZIP_STORED)
    jar.write_bytes(jar.read_bytes().replace(b"x" * 100, b"y" * 100))
    finding = refused(runner, [jar])
    assert (finding.code, str(jar) in finding.message) == ("FLK135", True)


def test_a_connector_that_is_not_there_is_refused(tmp_path: Path, runner: Path) -> None:
    assert refused(runner, [tmp_path / "none.jar"]).code == "FLK135"


def test_a_runner_without_a_main_class_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="main class"):
        build(make_jar(tmp_path / "runner.jar", {"A.class": "x"}), [])


def test_more_entries_than_a_plain_zip_counts_are_all_found(tmp_path: Path) -> None:
    entries = {f"{number}": stored(b"") for number in range(70_000)}
    with (tmp_path / "many.jar").open("wb") as file:
        write_jar(file, entries)
    with zipfile.ZipFile(tmp_path / "many.jar") as jar:
        assert set(jar.namelist()) == set(entries)


@pytest.mark.parametrize("runtime", ["FLINK-2_3", "FLINK-1_20"])
def test_the_real_connector_of_kafka_makes_one_jar_twice(
    runtime: str, kafka_connector_of: Callable[[str], tuple[Path, ...]], tmp_path: Path, runner: Path
) -> None:
    kafka = connector_of("kafka")
    assert kafka is not None
    jars = kafka_connector_of(runtime)
    first, second = build(runner, jars, "1.jar", "1"), build(runner, jars[::-1], "2.jar", "2")
    assert first.read_bytes() == second.read_bytes()
    entries = read(first)
    assert entries[SERVICES].decode().split() == list(kafka.factories)
    assert "software/amazon/msk/auth/iam/IAMClientCallbackHandler.class" in entries


def test_java_runs_it(tmp_path: Path) -> None:
    """Where there is a compiler of Java: the class is found, and so is what stands beside it."""
    import shutil

    if not (shutil.which("javac") and shutil.which("java")):
        pytest.skip("no javac")
    (tmp_path / "Runner.java").write_text(
        "public class Runner { public static void main(String[] a) throws Exception {"
        ' System.out.print(new String(Runner.class.getResourceAsStream("/statements.json").readAllBytes(), "UTF-8"));'
        ' System.out.print(new String(Runner.class.getResourceAsStream("/deep/text").readAllBytes())); } }'
    )
    subprocess.run(["javac", "-d", str(tmp_path), "Runner.java"], cwd=tmp_path, check=True)
    manifest = "Manifest-Version: 1.0\r\nMain-Class: Runner\r\n\r\n"
    classes = {"META-INF/MANIFEST.MF": manifest, "Runner.class": (tmp_path / "Runner.class").read_bytes()}
    runner = make_jar(tmp_path / "runner.jar", classes)
    path = build(runner, [make_jar(tmp_path / "a.jar", {"deep/text": "found" * 100})])
    said = subprocess.run(["java", "-Dstdout.encoding=UTF-8", "-jar", str(path)], capture_output=True, check=True)
    text = said.stdout.decode()
    assert json.loads(text[: text.rindex("}") + 1]) == STATEMENTS
    assert text.endswith("found" * 100)

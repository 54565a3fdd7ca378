"""The runner of SQL: its jar is what its sources make, and it runs what its jar says."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

from streaming_constructs.local.flink.flink_jars import flink_jars
from streaming_constructs.local.flink.local_flink import RUNNER_JAR
from streaming_constructs.local.java import find_java
from streaming_constructs.spec.analytics.sql_tokens import VARIABLE_NAME

ROOT = Path(__file__).parents[2]


def build_script() -> ModuleType:
    """`java/build.py`, which `make java` runs."""
    spec = importlib.util.spec_from_file_location("java_build", ROOT / "java" / "build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


BUILD = build_script()
NAMES = [build.jar.stem for build in BUILD.BUILDS]


@pytest.mark.parametrize("build", BUILD.BUILDS, ids=NAMES)
def test_a_jar_is_of_its_sources(build: object) -> None:
    recorded = json.loads(BUILD.record_of(build).read_text())
    assert recorded == BUILD.made_of(build), "sources of Java changed: run `make java`"


@pytest.mark.xdist_group("flink")
@pytest.mark.parametrize("build", BUILD.BUILDS, ids=NAMES)
def test_sources_give_the_bytes_that_are_committed(build: object, flink_at_hand: None) -> None:
    javac = BUILD.compiler()
    if javac is None:
        pytest.skip(f"there is no JDK {BUILD.JDK}, whose compiler made what is committed")
    assert BUILD.compiled(build, javac, BUILD.class_path_of(build)) == build.jar.read_bytes()  # type: ignore[attr-defined]


@pytest.mark.xdist_group("flink")
def test_the_runner_is_the_same_for_every_runtime(flink_at_hand: None) -> None:
    javac = BUILD.compiler()
    if javac is None:
        pytest.skip(f"there is no JDK {BUILD.JDK}, whose compiler made what is committed")
    assert BUILD.compiled(BUILD.RUNNER, javac, flink_jars("FLINK-2_3")) == RUNNER_JAR.read_bytes()


def application(folder: Path, statements: list[str]) -> Path:
    """A jar as it is deployed: the runner, and statements."""
    jar = folder / "application.jar"
    jar.write_bytes(RUNNER_JAR.read_bytes())
    with zipfile.ZipFile(jar, "a") as opened:
        opened.writestr(
            "statements.json", json.dumps({"config": {"table.local-time-zone": "UTC"}, "statements": statements})
        )
    return jar


def started(runtime: str, jar: Path, variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Runs an application, whose job ends by itself."""
    properties = jar.with_name("application_properties.json")
    properties.write_text(json.dumps([{"PropertyGroupId": "sql.variables", "PropertyMap": variables}]))
    paths = os.pathsep.join(map(str, (jar, *flink_jars(runtime))))
    opened = [
        word for name in ("util", "lang", "net") for word in ("--add-opens", f"java.base/java.{name}=ALL-UNNAMED")
    ]
    command = [str(find_java().executable), "-Xmx512m", "-XX:TieredStopAtLevel=1", *opened]
    command += [f"-Dstreamingconstructs.properties={properties}", "-cp", paths, "streamingconstructs.runner.SqlRunner"]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)


STATEMENTS = [
    (
        "CREATE TABLE numbers (n INT) WITH ('connector' = 'datagen', 'fields.n.kind' = 'sequence', 'fields.n.start' = '1', "
        "'fields.n.end' = '${last}')"
    ),
    "CREATE TABLE words (word STRING, n INT) WITH ('connector' = 'print')",
    "-- what is not INSERT runs before\nINSERT INTO words SELECT '${word}', n FROM numbers",
    "CREATE VIEW odd AS SELECT n FROM numbers WHERE MOD(n, 2) = 1",
]


@pytest.mark.xdist_group("flink")
@pytest.mark.parametrize("runtime", ["FLINK-2_2", "FLINK-1_20"])
def test_it_runs_the_statements_of_its_jar(runtime: str, tmp_path: Path, flink_at_hand: None) -> None:
    ran = started(runtime, application(tmp_path, STATEMENTS), {"last": "3", "word": "it's"})
    assert sorted(re.findall(r"\+I\[.*]", ran.stdout)) == [f"+I[it's, {n}]" for n in (1, 2, 3)]


WORDS = [
    (
        "CREATE TABLE ones (n INT) WITH ('connector' = 'datagen', 'fields.n.kind' = 'sequence', 'fields.n.start' = '1', "
        "'fields.n.end' = '1')"
    ),
    "CREATE TABLE words (a STRING, b STRING, c STRING, d STRING) WITH ('connector' = 'print')",
    (
        "// it's no ${variable};\nINSERT INTO words -- nor is\r"
        r"SELECT '${bad-page}', E'a\'b${path}', '${a.b}${2nd}', '${under_score}' FROM ones WHERE '${bad-page}' <> 'home'"
    ),
]


@pytest.mark.xdist_group("flink")
def test_variables_have_the_names_that_a_spec_takes(tmp_path: Path, flink_at_hand: None) -> None:
    values = {"bad-page": "it's", "path": r"c:\n'", "a.b": "e", "under_score": "f"}
    assert all(re.fullmatch(VARIABLE_NAME, name) for name in values)
    ran = started("FLINK-2_3", application(tmp_path, WORDS), values)
    assert re.findall(r"\+I\[.*]", ran.stdout) == [r"+I[it's, a'bc:\n', e${2nd}, f]"]


@pytest.mark.xdist_group("flink")
def test_a_variable_without_value_fails_the_start_and_is_named(tmp_path: Path, flink_at_hand: None) -> None:
    # That of the first statement: nothing has to be planned before it.
    ran = started("FLINK-2_3", application(tmp_path, STATEMENTS), {"word": "it's"})
    assert ran.returncode != 0
    assert "the property group sql.variables has no last, which a statement refers to; it has word" in ran.stderr

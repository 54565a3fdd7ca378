"""Compiles the sources of Java, and writes each jar and what it was made of beside them: `make java`.

Asks for a JDK of `JDK` and for the jars of Flink. The same sources give the same bytes: names are sorted, times are fixed, and
nothing is compressed.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(ROOT := Path(__file__).resolve().parents[1]))
from streaming_constructs.local.flink.flink_jars import flink_jars, found_parser

JDK = 17
"""The JDK whose compiler made what is committed; that of another may give other bytes."""
_PACKAGE = ROOT / "streaming_constructs"
_RUNNER = _PACKAGE / "runtime" / "flink_sql_runner"
_LOCAL = _PACKAGE / "local" / "flink"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_FILE = 0o100644 << 16
_SERVICES = "META-INF/services"


@dataclass(frozen=True, slots=True)
class Build:
    """A jar, and what it is made of.

    Attributes:
        jar: Where it is.
        sources: The folders of its sources.
        release: The oldest Java that runs it.
        runtime: Against which runtime's jars it is compiled.
        main: The class that it starts with.
        services: What it provides: classes by the interface that they implement.
        with_jars: Other jars of ours that it needs.
        parser_alone: Whether it is compiled against Flink's SQL parser, and nothing else of Flink.
    """

    jar: Path
    sources: tuple[Path, ...]
    release: int
    runtime: str
    main: str
    services: Mapping[str, Sequence[str]] = field(default_factory=dict)
    with_jars: tuple[Path, ...] = ()
    parser_alone: bool = False


RUNNER = Build(
    _RUNNER / "flink-sql-runner.jar", (_RUNNER / "java",), 11, "FLINK-1_20", "streamingconstructs.runner.SqlRunner"
)
_LOCAL_SERVICES = {
    "org.apache.flink.core.execution.PipelineExecutorFactory": ["streamingconstructs.local.job.LocalExecutorFactory"],
    "org.apache.flink.metrics.reporter.MetricReporterFactory": ["streamingconstructs.local.job.CountedFactory"],
    "org.apache.flink.table.factories.Factory": [
        "streamingconstructs.local.aws.DynamoDbTables",
        "streamingconstructs.local.aws.FirehoseTables",
        "streamingconstructs.local.aws.KinesisTables",
        "streamingconstructs.local.given.GivenTables",
    ],
}
PARSER = Build(
    _LOCAL / "flink-parser.jar",
    (_LOCAL / "java-parser",),
    17,
    "FLINK-1_20",
    "streamingconstructs.parser.SyntaxCheck",
    with_jars=(RUNNER.jar,),
    parser_alone=True,
)
BUILDS = (
    RUNNER,
    PARSER,
    *(
        Build(
            _LOCAL / f"flink-{major}-local.jar",
            (_LOCAL / "java", _LOCAL / f"java-flink-{major}"),
            17,
            runtime,
            "streamingconstructs.local.Harness",
            _LOCAL_SERVICES,
            (RUNNER.jar,),
        )
        for major, runtime in ((1, "FLINK-1_20"), (2, "FLINK-2_2"))
    ),
)


def class_path_of(build: Build) -> tuple[Path, ...]:
    """The jars of Flink that a jar is compiled against.

    Args:
        build: Which.
    """
    return found_parser(build.runtime).files if build.parser_alone else flink_jars(build.runtime)


def sources_hash(build: Build) -> str:
    """The hash of everything that a jar is made of."""
    hashed = hashlib.sha256(repr((build.release, build.runtime, build.main, build.services)).encode())
    for path in _java_files(build):
        hashed.update(f"{path.relative_to(ROOT).as_posix()}\n".encode() + path.read_bytes())
    return hashed.hexdigest()


def made_of(build: Build) -> dict[str, str]:
    """What stands beside a jar: its hash, and that of what it was made of."""
    return {"jar": hashlib.sha256(build.jar.read_bytes()).hexdigest(), "sources": sources_hash(build)}


def record_of(build: Build) -> Path:
    """Where it stands."""
    return build.jar.with_suffix(".json")


def compiled(build: Build, javac: str, class_path: Sequence[Path]) -> bytes:
    """The bytes of a jar.

    Args:
        build: Which.
        javac: The compiler.
        class_path: What it is compiled against.
    """
    with tempfile.TemporaryDirectory() as folder:
        command = [
            javac,
            "--release",
            str(build.release),
            "-encoding",
            "UTF-8",
            "-Xlint:all,-processing,-serial,-classfile,-try",
        ]
        paths = os.pathsep.join(map(str, (*class_path, *build.with_jars)))
        command += ["-Werror", "-proc:none", "-g:source,lines", "-cp", paths, "-d", folder]
        subprocess.run([*command, *map(str, _java_files(build))], check=True)
        classes = {path.relative_to(folder).as_posix(): path.read_bytes() for path in Path(folder).rglob("*.class")}
    manifest = f"Manifest-Version: 1.0\nMain-Class: {build.main}\n\n".encode()
    services = {
        f"{_SERVICES}/{name}": "".join(f"{each}\n" for each in them).encode() for name, them in build.services.items()
    }
    return _zipped({"META-INF/MANIFEST.MF": manifest, **dict(sorted({**classes, **services}.items()))})


def _zipped(entries: Mapping[str, bytes]) -> bytes:
    with tempfile.TemporaryFile() as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as jar:
            for name, content in entries.items():
                entry = zipfile.ZipInfo(name, _EPOCH)
                entry.external_attr, entry.create_system = _FILE, 3
                jar.writestr(entry, content)
        file.seek(0)
        return file.read()


def _java_files(build: Build) -> list[Path]:
    return sorted(path for folder in build.sources for path in folder.rglob("*.java"))


def compiler() -> str | None:
    """A compiler of the JDK that is asked for, if there is one: that of `JAVA_HOME`, or on the path."""
    home = os.environ.get("JAVA_HOME")
    for javac in (home and shutil.which("javac", path=f"{home}/bin"), shutil.which("javac")):
        if javac:
            said = subprocess.run([javac, "-version"], capture_output=True, text=True, check=False)
            version = re.match(r"javac (\d+)", said.stdout or said.stderr)
            if version and int(version[1]) == JDK:
                return javac
    return None


def main() -> None:
    """Builds all jars anew."""
    javac = compiler() or sys.exit(f"`make java` needs a JDK {JDK}: let `JAVA_HOME` say where it is")
    for build in BUILDS:
        if not _java_files(build):
            continue
        build.jar.write_bytes(compiled(build, javac, class_path_of(build)))
        record_of(build).write_text(json.dumps(made_of(build), indent=2) + "\n")


if __name__ == "__main__":
    main()

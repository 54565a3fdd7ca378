"""The queries of the pattern flink-analytics as an engineer runs them by hand: a small program of Java, and plain Flink."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from streaming_constructs.local.flink.flink_process import jvm_options
from streaming_constructs.local.java import Java, java_environment

FOLDER = Path(__file__).resolve().parent / "flink_by_hand"
MAIN = "ByHand"


def compiler(java: Java) -> Path | None:
    """The compiler of a Java, if it is a JDK."""
    javac = java.home / "bin" / "javac"
    return javac if javac.is_file() else None


def compiled(javac: Path, jars: Sequence[Path], folder: Path) -> Path:
    """Compiles the program into a folder, and gives that."""
    folder.mkdir()
    class_path = os.pathsep.join(map(str, jars))
    subprocess.run([javac, "-nowarn", "-cp", class_path, "-d", folder, FOLDER / f"{MAIN}.java"], check=True)
    return folder


class PlainFlink:
    """The program in a virtual machine of its own, with the options and jars that a `LocalFlink` has."""

    def __init__(self, java: Java, class_path: Sequence[Path], heap_megabytes: int, folder: Path) -> None:
        self._folder = folder
        self._log = folder / "by_hand.log"
        options = jvm_options(folder, heap_megabytes)
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [java.executable, *options, "-cp", os.pathsep.join(map(str, class_path)), MAIN],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                cwd=folder,
                env=java_environment(os.environ),
            )
        self.pid = self._process.pid

    def run(self, clicks: Path) -> dict[str, list[Any]]:
        """Runs the queries over a file, and reads what they wrote, as `LocalFlink.run` hands out rows."""
        out = Path(tempfile.mkdtemp(dir=self._folder))
        script = out / "clickstream.sql"
        text = (FOLDER / script.name).read_text(encoding="utf-8")
        script.write_text(text.replace("{clicks}", clicks.as_uri()).replace("{out}", out.as_uri()), encoding="utf-8")
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(f"{script}\n")
        stdin.flush()
        if not stdout.readline():
            raise RuntimeError(self._log.read_text(encoding="utf-8")[-4000:])
        return {table.name: rows_of(table) for table in out.iterdir() if table.is_dir()}

    def stop(self) -> None:
        """Ends it."""
        self._process.communicate()


def rows_of(table: Path) -> list[Any]:
    """The rows that were written, in one order."""
    files = [file for file in table.rglob("*") if file.is_file() and file.stat().st_size]
    rows = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    return sorted(rows, key=lambda row: json.dumps(row, sort_keys=True))

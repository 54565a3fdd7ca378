"""Fetches jars with the user's own Maven. Its settings decide from where, and by which mirror; none of that stands here."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from functools import partial
from itertools import dropwhile, takewhile
from pathlib import Path
from xml.sax.saxutils import escape

from streaming_constructs.facts.jar_lock import Jar
from streaming_constructs.spec.finding import Finding, SpecError

_PLUGIN_VERSION = "3.6.1"
"""Runs with Maven 3.2.5 and later on Java 8 and later: https://maven.apache.org/plugins/maven-dependency-plugin/plugin-info.html"""
_PATIENCE_SECONDS = 600.0
_POM = """<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>streaming-constructs</groupId>
  <artifactId>jars</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <build>
    <plugins>
      <plugin>
        <groupId>org.apache.maven.plugins</groupId>
        <artifactId>maven-dependency-plugin</artifactId>
        <version>{plugin}</version>
        <configuration>
          <outputDirectory>{folder}</outputDirectory>
          <artifactItems>{items}</artifactItems>
        </configuration>
      </plugin>
    </plugins>
  </build>
</project>
"""
_COLOUR = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
"""Maven resets colours at the beginning and the end even where it is told to use none."""
_MARKED = re.compile(r"\[(?:ERROR|FATAL)\](.*)")
_HELP = re.compile(r" ?-> \[Help \d+\]$")
_GOAL = f"org.apache.maven.plugins:maven-dependency-plugin:{_PLUGIN_VERSION}:copy"


def copy_with_maven(
    jars: Sequence[Jar], folder: Path, product: str, command: str = "streaming-constructs jars"
) -> None:
    """Lets Maven resolve jars, in one run, and put them into a folder under the names that it gives them.

    Args:
        jars: The jars; without what they depend on.
        folder: An existing folder.
        product: What they are together, such as `Kafka`.
        command: What brings them, for those whom an error is told.

    Raises:
        SpecError: If there is no Maven, or it fails; it says what Maven said.
    """
    failed = partial(_failed, product, jars, command)
    maven = shutil.which("mvn")
    if maven is None:
        raise failed("there is no `mvn` on the path")
    with tempfile.TemporaryDirectory() as name:
        pom = Path(name) / "pom.xml"
        pom.write_text(_pom(jars, folder), encoding="utf-8")
        run = [maven, "--batch-mode", "--quiet", "-Dstyle.color=never", "--file", str(pom), _GOAL]
        try:
            said = subprocess.run(  # noqa: S603 - the user's own Maven
                run,
                cwd=name,
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                timeout=_PATIENCE_SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise failed(f"`{maven}` did not end well: {error}") from error
    if said.returncode:
        raise failed(f"`{maven}` said: {_what_failed(said.stdout)}")
    missing = [jar.coordinate for jar in jars if not (folder / jar.file_name).is_file()]
    if missing:
        raise failed(f"`{maven}` did not bring {', '.join(missing)}")


def _pom(jars: Sequence[Jar], folder: Path) -> str:
    items = "".join(
        f"<artifactItem><groupId>{jar.group}</groupId><artifactId>{jar.artifact}</artifactId><version>{jar.version}</version>"
        f"<classifier>{jar.classifier}</classifier></artifactItem>"
        for jar in jars
    )
    return _POM.format(plugin=_PLUGIN_VERSION, folder=escape(str(folder)), items=items)


def _environment() -> dict[str, str]:
    """The user's own, so that their Maven does what it always does; with a Java, if all they have is that of a package."""
    from streaming_constructs.local.java import find_java

    if os.environ.get("JAVA_HOME") or shutil.which("java"):
        return dict(os.environ)
    return {**os.environ, "JAVA_HOME": str(find_java().home)}


def _what_failed(said: str) -> str:
    """The message of Maven, without its marks and colours, and without what it says of itself behind it; all, if there is none.

    It begins with what Maven calls an error, goes on over several lines, and ends with an empty one.
    """
    plain = _COLOUR.sub("", said).strip()
    lines = (found[1].strip() for line in plain.splitlines() if (found := _MARKED.match(line)))
    message = " ".join(takewhile(bool, dropwhile(lambda line: not line, lines)))
    return _HELP.sub("", message) or plain or "nothing"


def _failed(product: str, jars: Sequence[Jar], command: str, why: str) -> SpecError:
    first, more = jars[0].coordinate, len(jars) - 1
    what = f"`{first}` and {more} more" if more else f"`{first}`"
    help_ = f"install Maven, or run `{command} --from FOLDER` with a folder that has them"
    return SpecError(
        [Finding("LOC992", f"the jars of {product} are not on this machine: {what}", note=why, help=help_)]
    )

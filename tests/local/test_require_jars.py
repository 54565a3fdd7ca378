"""Jars: from where they come, and that none is used that is not the one of the lock."""

from __future__ import annotations

import hashlib
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from streaming_constructs.facts.jar_lock import Jar, JarLock, kafka_jars
from streaming_constructs.local.jars.bringing import told
from streaming_constructs.local.jars.require_jars import require_jars
from streaming_constructs.planning.jar_cache import CACHE_VARIABLE, cache_folder
from streaming_constructs.spec.finding import Finding, SpecError

CONTENTS = {"org.example:one:1.0": b"one" * 50_000, "org.example.deep:two_2.13:2.0:test": b"two" * 50_000}
LOCK = JarLock(
    "Kafka", "9.9", tuple(Jar(name, len(what), hashlib.sha256(what).hexdigest()) for name, what in CONTENTS.items())
)
FILES = ["one-1.0.jar", "two_2.13-2.0-test.jar"]
NOWHERE = Path("/nowhere")

MAVEN = f"""#!{sys.executable}
import sys, xml.etree.ElementTree as xml
from pathlib import Path
CONTENTS = {CONTENTS!r}
pom = xml.parse(sys.argv[sys.argv.index("--file") + 1])
space = "{{http://maven.apache.org/POM/4.0.0}}"
folder = Path(pom.find(f".//{{space}}outputDirectory").text)
for item in pom.iter(space + "artifactItem"):
    parts = [item.findtext(space + part) for part in ("groupId", "artifactId", "version", "classifier")]
    name = ":".join(filter(None, parts))
    (folder / ("-".join(filter(None, parts[1:])) + ".jar")).write_bytes(CONTENTS[name])
"""


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A Maven repository that has them."""
    for jar in LOCK.jars:
        path = tmp_path / "repository" / jar.repository_path
        path.parent.mkdir(parents=True)
        path.write_bytes(CONTENTS[jar.coordinate])
    return tmp_path / "repository"


@pytest.fixture
def maven(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """What stands on the path as `mvn`, and nothing else."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("JAVA_HOME", "/nowhere")

    def write(script: str) -> None:
        (folder / "mvn").write_text(script)
        (folder / "mvn").chmod(0o755)

    return write


def finding(error: pytest.ExceptionInfo[SpecError]) -> Finding:
    (found,) = error.value.findings
    return found


def test_they_are_copied_from_the_local_repository_once(cache: Path, repository: Path) -> None:
    found = require_jars(cache, repository=repository, lock=LOCK)
    assert [path.name for path in found.files] == sorted(path.name for path in cache.iterdir()) == FILES
    assert [path.read_bytes() for path in found.files] == list(CONTENTS.values())
    assert found.added == 2
    assert require_jars(cache, repository=NOWHERE, lock=LOCK).added == 0


def test_nobody_else_can_write_where_they_are(cache: Path, repository: Path) -> None:
    require_jars(cache, repository=repository, lock=LOCK)
    assert stat.S_IMODE(cache.stat().st_mode) == 0o700


def test_a_given_folder_goes_before_and_has_them_at_any_depth(cache: Path, tmp_path: Path) -> None:
    deep = tmp_path / "given" / "kafka" / "libs"
    deep.mkdir(parents=True)
    for name, what in zip(FILES, CONTENTS.values(), strict=True):
        (deep / name).write_bytes(what)
    assert require_jars(cache, given=tmp_path / "given", repository=NOWHERE, lock=LOCK).added == 2


@pytest.mark.parametrize("content", [b"two" * 49_999 + b"owt", b"two", b""])
def test_a_jar_that_is_another_is_refused_by_its_name_and_never_kept(
    cache: Path, repository: Path, content: bytes
) -> None:
    other = repository / LOCK.jars[1].repository_path
    other.write_bytes(content)
    with pytest.raises(SpecError) as error:
        require_jars(cache, repository=repository, lock=LOCK)
    assert (finding(error).code, str(other) in finding(error).message) == ("LOC993", True)
    assert [path.name for path in cache.iterdir()] == FILES[:1]


def test_a_jar_of_the_cache_is_looked_at_each_time(cache: Path, repository: Path) -> None:
    found = require_jars(cache, repository=repository, lock=LOCK)
    found.files[0].write_bytes(b"eno" * 50_000)
    with pytest.raises(SpecError) as error:
        require_jars(cache, repository=repository, lock=LOCK)
    assert (finding(error).code, str(found.files[0]) in finding(error).message) == ("LOC993", True)


def test_what_is_missing_is_brought_and_the_rest_stays(cache: Path, repository: Path) -> None:
    found = require_jars(cache, repository=repository, lock=LOCK)
    found.files[1].unlink()
    assert require_jars(cache, repository=repository, lock=LOCK).added == 1


def test_what_a_killed_process_left_is_taken_away(cache: Path, repository: Path) -> None:
    (cache / ".new-folder").mkdir(parents=True)
    (cache / ".new-file").write_bytes(b"half")
    require_jars(cache, repository=repository, lock=LOCK)
    assert sorted(path.name for path in cache.iterdir()) == FILES


RACER = """
import sys
from pathlib import Path
from streaming_constructs.local.jars.require_jars import require_jars
from tests.local.test_require_jars import LOCK, NOWHERE
print("ready", flush=True)
input()
print(require_jars(Path(sys.argv[1]), repository=NOWHERE, lock=LOCK).added)
"""


def test_of_processes_that_race_one_fetches_and_the_others_wait(
    cache: Path, tmp_path: Path, maven: Callable[[str], None]
) -> None:
    runs = tmp_path / "runs"
    maven(f"{MAVEN}\nimport time\nopen({str(runs)!r}, 'a').write('run ')\ntime.sleep(1)\n")
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", RACER, str(cache)],
            cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for racer in racers:
        assert racer.stdout is not None
        assert racer.stdout.readline() == "ready\n"
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("\n")
        racer.stdin.flush()
    said = sorted(int(racer.communicate(timeout=60)[0]) for racer in racers)
    assert (said, [racer.returncode for racer in racers]) == ([0, 0, 2], [0, 0, 0])
    assert runs.read_text() == "run "
    assert sorted(path.name for path in cache.iterdir()) == FILES


def test_maven_brings_what_is_nowhere_else(cache: Path, repository: Path, maven: Callable[[str], None]) -> None:
    maven(MAVEN)
    (repository / LOCK.jars[1].repository_path).unlink()
    found = require_jars(cache, repository=repository, lock=LOCK)
    assert [path.read_bytes() for path in found.files] == list(CONTENTS.values())
    assert sorted(path.name for path in cache.iterdir()) == FILES


RESET = "\x1b[0m\x1b[0m"
BEHIND = "[ERROR] \n[ERROR] To see the full stack trace of the errors, re-run Maven with the -e switch.\n[ERROR] [Help 1] http://x\n"
RESOLVED = "Plugin p or one of its dependencies could not be resolved:"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            f"{RESET}[ERROR] Failed to execute goal copy: Could not find artifact a:b:jar:1 in central -> [Help 1]\n{BEHIND}",
            "Failed to execute goal copy: Could not find artifact a:b:jar:1 in central",
        ),
        (
            f"[WARNING] no matter\n[ERROR] {RESOLVED}\n[ERROR] \tp:pom:1 (absent): no route\n[ERROR] -> [Help 1]\n{BEHIND}",
            f"{RESOLVED} p:pom:1 (absent): no route",
        ),
        (
            f"{RESET}[ERROR] Error executing Maven.\n[ERROR] 1 problem was encountered\n[FATAL] Non-parseable settings\n\n",
            "Error executing Maven. 1 problem was encountered Non-parseable settings",
        ),
        (f"{RESET}mvn: no Java{RESET}\n", "mvn: no Java"),
    ],
)
def test_of_what_maven_says_it_is_told_what_failed(
    cache: Path, maven: Callable[[str], None], said: str, told: str
) -> None:
    maven(f"#!/bin/sh\nprintf '%s' '{said}'\nexit 1\n")
    with pytest.raises(SpecError) as error:
        require_jars(cache, repository=NOWHERE, lock=LOCK)
    assert (finding(error).code, finding(error).note.partition("` said: ")[2]) == ("LOC992", told)


def test_a_maven_that_brings_nothing_is_told(cache: Path, maven: Callable[[str], None]) -> None:
    maven("#!/bin/sh\nexit 0\n")
    with pytest.raises(SpecError) as error:
        require_jars(cache, repository=NOWHERE, lock=LOCK)
    assert "org.example.deep:two_2.13:2.0:test" in finding(error).note


@pytest.mark.usefixtures("maven")
def test_without_maven_it_is_said_what_to_do(cache: Path) -> None:
    with pytest.raises(SpecError) as error:
        require_jars(cache, repository=NOWHERE, lock=LOCK)
    assert finding(error).code == "LOC992"
    assert "--from FOLDER" in finding(error).help


def test_a_cache_that_cannot_be_written_is_told(tmp_path: Path, repository: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SpecError) as error:
        require_jars(tmp_path / "file" / "cache", repository=repository, lock=LOCK)
    assert (finding(error).code, "file" in finding(error).note) == ("LOC992", True)


@pytest.mark.parametrize(
    ("variables", "root"),
    [
        ({CACHE_VARIABLE: "/fast", "XDG_CACHE_HOME": "/xdg"}, "/fast"),
        ({"XDG_CACHE_HOME": "/xdg"}, "/xdg/streaming-constructs"),
        ({"XDG_CACHE_HOME": "relative"}, "HOME/.cache/streaming-constructs"),
        ({}, "HOME/.cache/streaming-constructs"),
    ],
)
def test_where_the_cache_is(variables: dict[str, str], root: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ann")
    expected = Path(root.replace("HOME", "/home/ann")) / "kafka" / "9.9" / LOCK.hash
    assert cache_folder(LOCK, variables) == expected


def test_other_jars_are_kept_elsewhere() -> None:
    other = JarLock("Kafka", "9.9", (*LOCK.jars[:1], Jar(LOCK.jars[1].coordinate, 1, "0" * 64)))
    assert other.hash != LOCK.hash


def test_the_lock_of_the_package_names_each_file_once() -> None:
    lock = kafka_jars()
    assert len({jar.file_name for jar in lock.jars}) == len(lock.jars)
    assert {f"kafka-clients-{lock.version}.jar", f"kafka-storage-{lock.version}-test.jar"} <= {
        jar.file_name for jar in lock.jars
    }


def test_what_is_fetched_is_told_before(cache: Path, maven: Callable[[str], None]) -> None:
    maven("#!/bin/sh\nexit 1\n")
    lines: list[str] = []
    with told(lines.append), pytest.raises(SpecError):
        require_jars(cache, repository=NOWHERE, lock=LOCK)
    assert lines == [f"bringing 2 jars of {LOCK.name}, 0.3 MB"]


def test_what_is_here_is_not_told_of(cache: Path, repository: Path) -> None:
    lines: list[str] = []
    with told(lines.append):
        require_jars(cache, repository=repository, lock=LOCK)
    assert lines == []

"""Looking into jars: what is read of them, and that none does harm."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from streaming_constructs.planning import jar_contents
from streaming_constructs.planning.jar_contents import read_jar
from streaming_constructs.spec.finding import SpecError
from tests.jars import SERVICES, make_jar

POM = "META-INF/maven/org.apache.flink/flink-connector-kafka/pom.properties"


def code(path: Path) -> str:
    with pytest.raises(SpecError) as error:
        read_jar(path)
    (finding,) = error.value.findings
    assert str(path) in finding.message
    return finding.code


def test_factories_and_versions_are_read(tmp_path: Path) -> None:
    services = "# a licence\n\ncom.example.One # the first\ncom.example.Two\n"
    entries = {SERVICES: services, POM: "groupId=org.apache.flink\nversion=4.0.1-2.0\n", "com/example/One.class": "x"}
    jar = read_jar(make_jar(tmp_path / "one.jar", entries))
    assert jar.factories == {"com.example.One", "com.example.Two"}
    assert jar.versions == (("flink-connector-kafka", "4.0.1-2.0"),)
    assert (jar.has("com/example/"), jar.has("org/")) == (True, False)


def test_a_jar_that_has_changed_is_read_anew(tmp_path: Path) -> None:
    path = make_jar(tmp_path / "one.jar", {"a": "1"})
    assert read_jar(path).names == ("a",)
    make_jar(path, {"a": "1", "b": "2"})
    assert read_jar(path).names == ("a", "b")


def _cut(path: Path) -> None:
    make_jar(path, {"a": "1" * 1000})
    path.write_bytes(path.read_bytes()[:-40])


def _not_where_it_says(path: Path) -> None:
    make_jar(path, {SERVICES: "com.example.One"})
    path.write_bytes(path.read_bytes().replace(b"PK\x03\x04", b"PK\x00\x00"))


def _encrypted(path: Path) -> None:
    make_jar(path, {"a": "1"})
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)


def _empty_zip(path: Path) -> None:
    make_jar(path, {})


def _bzip2(path: Path) -> None:
    make_jar(path, {"a": "1"}, zipfile.ZIP_BZIP2)


@pytest.mark.parametrize(
    "make",
    [
        Path.mkdir,
        lambda path: path.write_bytes(b""),
        lambda path: path.write_text("<html>404</html>"),
        lambda path: path.with_name("nothing"),
        _empty_zip,
        _cut,
        _not_where_it_says,
        _encrypted,
        _bzip2,
    ],
    ids=["folder", "empty", "page", "missing", "empty zip", "cut off", "torn", "encrypted", "bzip2"],
)
def test_what_is_no_jar_is_told(tmp_path: Path, make: Callable[[Path], object]) -> None:
    make(tmp_path / "no.jar")
    assert code(tmp_path / "no.jar") == "FLK107"


@pytest.mark.parametrize("name", ["../evil", "a/../../evil", "/etc/evil", "C:/evil", "a\\..\\evil"])
def test_an_entry_that_leaves_its_folder_is_told(tmp_path: Path, name: str) -> None:
    assert code(make_jar(tmp_path / "slip.jar", {"fine": "1", name: "x"})) == "FLK109"


def test_names_with_dots_are_fine(tmp_path: Path) -> None:
    names = ("a/..b/c", "a..class", "META-INF/.hidden")
    assert read_jar(make_jar(tmp_path / "fine.jar", dict.fromkeys(names, "x"))).names == names


def test_a_bomb_is_told_without_unpacking_it(tmp_path: Path) -> None:
    path = make_jar(tmp_path / "bomb.jar", {"a": "1", "b": "2"})
    content = bytearray(path.read_bytes())
    at = content.index(b"PK\x01\x02")
    struct.pack_into("<L", content, at + 24, 0xFFFFFFF0)  # 4 GiB, it says
    path.write_bytes(content)
    assert code(path) == "FLK108"


def test_a_list_of_factories_that_is_no_list_is_not_read(tmp_path: Path) -> None:
    assert code(make_jar(tmp_path / "list.jar", {SERVICES: "x" * (1024 * 1024 + 1)})) == "FLK108"


@pytest.mark.parametrize("bound", ["MOST_ENTRIES", "LARGEST_CODE_BYTES", "LARGEST_INSIDE_BYTES"])
def test_bounds_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bound: str) -> None:
    path = make_jar(tmp_path / "large.jar", {"a": "1", "b": "2"})
    read_jar(path)
    jar_contents._read.cache_clear()
    monkeypatch.setattr(jar_contents, bound, 1)
    assert code(path) == "FLK108"

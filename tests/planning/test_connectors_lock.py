"""`connectors.lock.json`: what is written is read again, and anything else is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from streaming_constructs.facts.jar_lock import Jar
from streaming_constructs.planning.connectors_lock import read_connectors_lock, write_connectors_lock
from streaming_constructs.spec.finding import SpecError

ONE, TWO = Jar("org.example:one:1.0", 7, "0" * 64), Jar("org.example:two:2.0:all", 9, "f" * 64)
ROW: dict[str, Any] = {"coordinate": ONE.coordinate, "bytes": ONE.bytes, "sha256": ONE.sha256}


def test_what_is_written_is_read_and_does_not_depend_on_order(tmp_path: Path) -> None:
    write_connectors_lock(tmp_path / "a.json", [TWO, ONE])
    write_connectors_lock(tmp_path / "b.json", [ONE, TWO])
    assert read_connectors_lock(tmp_path / "a.json") == {ONE.coordinate: ONE, TWO.coordinate: TWO}
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.json", "b.json"]


def test_where_there_is_none_nothing_is_locked(tmp_path: Path) -> None:
    assert read_connectors_lock(tmp_path / "none.json") == {}


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        '{"jars": {}}',
        "\udcff",
        "[" * 100_000,
        json.dumps({"jars": [{**ROW, "sha256": "0" * 63}]}),
        json.dumps({"jars": [{**ROW, "sha256": 0}]}),
        json.dumps({"jars": [{**ROW, "bytes": True}]}),
        json.dumps({"jars": [{**ROW, "bytes": -1}]}),
        json.dumps({"jars": [{**ROW, "coordinate": "org.example:..:../../etc"}]}),
        json.dumps({"jars": [{**ROW, "coordinate": "org.example:one:.."}]}),
        json.dumps({"jars": [{**ROW, "more": 1}]}),
        json.dumps({"jars": [], "pad": " " * 2_000_000}),
    ],
)
def test_what_is_none_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "connectors.lock.json"
    path.write_text(content, errors="surrogateescape")
    with pytest.raises(SpecError) as error:
        read_connectors_lock(path)
    assert [finding.code for finding in error.value.findings] == ["FLK102"]


def test_a_folder_of_that_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SpecError):
        read_connectors_lock(tmp_path)

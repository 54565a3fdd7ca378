"""`patterns`, and where patterns are looked for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from streaming_constructs.spec import patterns
from streaming_constructs.spec.finding import SpecError
from streaming_constructs.spec.patterns import find_pattern, list_patterns, patterns_directory

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of patterns, in place of the documented ones."""
    readmes = {
        "b-heading": "# Clicks to a lake\n\nMore.\n",
        "a-sentence": "Reads a stream\nof payments. And more. And more.\n",
        "c-silent": None,
    }
    for name, readme in readmes.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "pattern.yaml").write_text("name: x\n")
        if readme:
            (tmp_path / name / "README.md").write_text(readme)
    (tmp_path / "no-pattern").mkdir()
    monkeypatch.setattr(patterns, "patterns_directory", lambda: tmp_path)
    return tmp_path


def test_a_folder_with_a_pattern_in_it_is_one(run: Run, folder: Path) -> None:
    assert (
        run("patterns").stdout
        == "a-sentence  Reads a stream of payments\nb-heading   Clicks to a lake\nc-silent    c-silent\n"
    )
    assert json.loads(run("patterns", "--format", "json").stdout)[1] == {
        "name": "b-heading",
        "title": "Clicks to a lake",
        "spec": str(folder / "b-heading" / "pattern.yaml"),
    }


def test_a_pattern_is_found_by_its_name(folder: Path) -> None:
    found = find_pattern("b-heading")
    assert (found.directory, found.spec_path) == (folder / "b-heading", folder / "b-heading" / "pattern.yaml")


def test_a_misspelt_pattern_gets_the_nearest(folder: Path) -> None:
    with pytest.raises(SpecError) as refused:
        find_pattern("b-headng")
    (finding,) = refused.value.findings
    assert (finding.code, finding.help) == ("CMD107", "did you mean `b-heading`?")


def test_patterns_are_beside_a_checkout_and_inside_an_installed_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "streaming_constructs"
    package.mkdir()
    monkeypatch.setattr(patterns, "_PACKAGE", package)
    assert patterns_directory() == tmp_path / "patterns"
    (package / "patterns").mkdir()
    assert patterns_directory() == package / "patterns"


def test_the_documented_patterns_are_there() -> None:
    assert "lambda-consumer" in [pattern.name for pattern in list_patterns()]

"""YAML as the language reads it: values, places, and what is refused."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from streaming_constructs.spec.document import MAX_DEPTH, MAX_VALUES, Document, Position, deepest, read_document
from streaming_constructs.spec.finding import Finding
from streaming_constructs.spec.read import MAX_BYTES, read


def only_finding(text: str) -> Finding:
    (finding,) = read_document(text, "p.yaml").findings
    return finding


def data_of(text: str) -> Any:
    document = read_document(text, "p.yaml")
    assert document.findings == []
    return document.data


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("FALSE", False),
        ("yes", "yes"),
        ("on", "on"),
        ("no", "no"),
        ("~", None),
        ("null", None),
        ("", None),
        ('"true"', "true"),
        ("0", 0),
        ("-7", -7),
        ("+7", 7),
        ("007", "007"),
        ("012345678901", "012345678901"),
        ("1_000", "1_000"),
        ("0x1F", "0x1F"),
        ("0o17", "0o17"),
        ("12:30:45", "12:30:45"),
        ("1.50", 1.5),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("1e999", "1e999"),
        (".inf", ".inf"),
        (".nan", ".nan"),
        ("2026-01-15", "2026-01-15"),
        ("2026-01-15T00:00:00Z", "2026-01-15T00:00:00Z"),
        ("9" * 99, int("9" * 99)),
        ("9" * 100, "9" * 100),
        ("=", "="),
        ("|\n    two\n    lines", "two\nlines"),
    ],
)
def test_plain_values_mean_what_yaml_1_2_says(text: str, value: object) -> None:
    read_value = data_of(f"a: {text}")["a"]
    assert read_value == value
    assert type(read_value) is type(value)


def test_keys_are_always_text() -> None:
    assert list(data_of("{on: 1, no: 2, 3: 4, true: 5, null: 6}")) == ["on", "no", "3", "true", "null"]


def test_positions_are_those_of_keys_and_of_list_items() -> None:
    document = read_document("a:\n  b: 1\n  c:\n    - x\n    - d: 2\nf: {g: [3, 4]}\n", "p.yaml")
    assert document.positions == {
        (): Position(1, 1),
        ("a",): Position(1, 1),
        ("a", "b"): Position(2, 3),
        ("a", "c"): Position(3, 3),
        ("a", "c", 0): Position(4, 7),
        ("a", "c", 1): Position(5, 7),
        ("a", "c", 1, "d"): Position(5, 7),
        ("f",): Position(6, 1),
        ("f", "g"): Position(6, 5),
        ("f", "g", 0): Position(6, 9),
        ("f", "g", 1): Position(6, 12),
    }


def test_a_finding_about_what_is_not_there_stands_at_what_is_around_it() -> None:
    document = read_document("a:\n  b: {c: 1}\n", "p.yaml")
    located = document.locate(Finding("LNG202", "missing", ("a", "b", "missing", 3)))
    assert (located.line, located.column, located.source) == (2, 3, "  b: {c: 1}")


def test_aliases_repeat_a_value_and_stand_where_they_are_used() -> None:
    document = read_document("a: &one {x: 1}\nb:\n  c: *one\n", "p.yaml")
    assert document.data == {"a": {"x": 1}, "b": {"c": {"x": 1}}}
    assert document.positions["b", "c"] == Position(3, 3)
    assert document.positions["b", "c", "x"] == Position(1, 10)


@pytest.mark.parametrize(
    ("text", "code", "line", "message", "help_"),
    [
        pytest.param("a: 1\nb: 2\na: 3\n", "LNG103", 3, "the key `a` is given twice", "keep one", id="key twice"),
        pytest.param(
            "x:\n  'a': 1\n  a: 3\n", "LNG103", 3, "the key `a` is given twice", "keep one", id="quoted twice"
        ),
        pytest.param("a:\n\tb: 1\n", "LNG104", 2, "a tab in the indentation", "indent with spaces", id="tab"),
        pytest.param(
            "a:\n  - b\n\t- c\n", "LNG104", 3, "a tab in the indentation", "indent with spaces", id="tab in list"
        ),
        pytest.param("a: &x {b: 1}\nc: {<<: *x}\n", "LNG105", 2, "merge key", "write the fields out", id="merge"),
        pytest.param("a: 1\nb: !env HOME\n", "LNG105", 2, "the tag `!env`", "take it out", id="own tag"),
        pytest.param("a: 1\nb: !!str 5\n", "LNG105", 2, "the tag `!!str`", "take it out", id="tag of text"),
        pytest.param("a: &x !!int '5'\n", "LNG105", 1, "the tag `!!int`", "take it out", id="tag behind an anchor"),
        pytest.param("a: !!python/object:os.x {}\n", "LNG105", 1, "the tag", "take it out", id="python tag"),
        pytest.param("a: 1\n!!str b: 5\n", "LNG105", 2, "a key that is no text", "plain name", id="tag of a key"),
        pytest.param("? [a, b]\n: 1\n", "LNG105", 1, "a key that is no text", "plain name", id="list as key"),
        pytest.param("a: 1\n---\na: 2\n", "LNG105", 2, "a second document", "take out the `---`", id="documents"),
        pytest.param("a: 1\nb: *nix\n", "LNG105", 2, "undefined alias", "&name", id="unknown alias"),
        pytest.param(
            "a: &a [1, *a]\n", "LNG105", 1, "unfolds without end", "write the values out", id="recursive alias"
        ),
        pytest.param("a: {b: 1\nc: 2\n", "LNG102", 2, "not valid YAML", "the one before", id="open brace"),
        pytest.param("a: 'b\n", "LNG102", 1, "not valid YAML", "the one before", id="open quote"),
        pytest.param("a: b: c\n", "LNG102", 1, "not valid YAML", "the one before", id="two colons"),
        pytest.param("a: {b: 'x\ty' : : }\n", "LNG102", 1, "not valid YAML", "the one before", id="tab inside a value"),
        pytest.param("a: 1\nb: \x07\n", "LNG102", 2, r"the character '\x07'", "take it out", id="control character"),
        pytest.param("a: 1\n\x00", "LNG102", 2, r"the character '\x00'", "take it out", id="NUL"),
        pytest.param("a: 1\nb: \x1c\n", "LNG102", 2, r"the character '\x1c'", "take it out", id="file separator"),
    ],
)
def test_what_is_ambiguous_or_broken_is_refused_with_its_place(
    text: str, code: str, line: int, message: str, help_: str
) -> None:
    finding = only_finding(text)
    assert (finding.code, finding.line) == (code, line)
    assert message in finding.message
    assert help_ in finding.help


def test_a_doubled_key_says_where_the_first_one_is() -> None:
    assert "first on line 2" in only_finding("streams:\n  a: 1\n  b: 2\n  a: 3\n").note


def test_an_unclosed_bracket_says_where_it_was_opened() -> None:
    finding = only_finding("a: 1\nb: [1,\n  2,\n  3\n")
    assert (finding.line, finding.source) == (4, "  3")
    assert finding.note == "what is not finished here began on line 2"


def test_columns_count_characters() -> None:
    finding = only_finding("name: Größe \U0001d54f \x07\n")
    assert (finding.line, finding.column) == (1, 15)


def test_every_doubled_key_of_a_file_is_said() -> None:
    findings = read_document("a: 1\na: 2\nb: {c: 1, c: 2}\na: 3\n", "p.yaml").findings
    assert [(finding.code, finding.line) for finding in findings] == [("LNG103", 2), ("LNG103", 3), ("LNG103", 4)]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[" * 200_000, id="brackets"),
        pytest.param("- " * 200_000, id="lists"),
        pytest.param("a: " + "{b: " * 5000 + "1" + "}" * 5000, id="braces"),
        pytest.param("\n".join(" " * depth + "a:" for depth in range(1500)), id="blocks"),
    ],
)
def test_deep_nesting_is_one_finding_and_takes_no_stack(text: str) -> None:
    finding = only_finding(text)
    assert (finding.code, finding.message) == ("LNG105", "the file is nested too deeply")


def depth_of(text: str) -> int:
    """The depth of a text, as far as it is YAML."""
    depth = deepest_seen = 0
    with suppress(yaml.YAMLError):
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            deepest_seen = max(deepest_seen, depth)
    return deepest_seen


_pieces = st.lists(
    st.sampled_from([*"\n\n  --?::[]{},a", "- ", "? ", ": ", "a: ", "&a ", "!t ", "\n ", "\n  - "]), max_size=30
)


@settings(derandomize=True, database=None, max_examples=400)
@given(text=_pieces.map("".join))
@example("- - - a: 1")
@example("a:\n- b:\n  - c")
@example("[a: [b: [c: 1]]]")
@example("? - ? - a")
@example("- !t &a - b")
def test_no_text_is_deeper_than_it_looks_at_a_glance(text: str) -> None:
    assert depth_of(text) <= deepest(text)


@pytest.mark.parametrize(("levels", "refused"), [(MAX_DEPTH, False), (MAX_DEPTH + 1, True)])
def test_nesting_is_refused_past_the_limit(levels: int, refused: bool) -> None:
    assert bool(read_document("[" * levels + "]" * levels, "p.yaml").findings) is refused


def test_aliases_that_unfold_without_measure_end_with_one_finding() -> None:
    levels = [f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]" for level in range(1, 40)]
    document = read_document("\n".join(["a0: &a0 [1, 2, 3]", *levels]), "p.yaml")
    (finding,) = document.findings
    assert finding.code == "LNG105"
    # What was read before it was noticed is no more than the limit, though the text asks for 10^39 values.
    assert len(document.positions) <= 2 * MAX_VALUES


def file(tmp_path: Path, content: bytes) -> tuple[list[Finding], Document]:
    path = tmp_path / "pipeline.yaml"
    path.write_bytes(content)
    reading = read(path)
    return list(reading.findings), reading.document


@pytest.mark.parametrize(
    ("content", "code", "note"),
    [
        (b"", "LNG106", "it is empty"),
        (b"# only a comment\n", "LNG106", "it is empty"),
        (b"- a\n- b\n", "LNG106", "its top is no mapping"),
        (b"just text\n", "LNG106", "its top is no mapping"),
        (b"name: gr\xfc\xdfe\n", "LNG101", "it is not UTF-8 text (byte 8)"),
        ("name: a\n".encode("utf-16"), "LNG101", "it is not UTF-8 text (byte 0)"),
        (b"#" * (MAX_BYTES + 1), "LNG101", f"it is larger than {MAX_BYTES} bytes"),
    ],
    ids=["empty", "comment", "list", "text", "latin-1", "utf-16", "too large"],
)
def test_files_that_are_no_spec(tmp_path: Path, content: bytes, code: str, note: str) -> None:
    findings, _ = file(tmp_path, content)
    assert [(finding.code, finding.note) for finding in findings] == [(code, note)]


def test_a_folder_or_nothing_in_place_of_a_file(tmp_path: Path) -> None:
    for path, note in ((tmp_path, "is a directory"), (tmp_path / "missing.yaml", "no such file or directory")):
        findings = read(path).findings
        assert [(finding.code, finding.note, finding.file) for finding in findings] == [("LNG101", note, str(path))]


def test_a_byte_order_mark_and_windows_line_ends_are_fine(tmp_path: Path) -> None:
    _, document = file(tmp_path, b"\xef\xbb\xbfname: shop\r\nstreams: {}\r\n")
    assert document.data == {"name": "shop", "streams": {}}
    assert document.lines == ["name: shop", "streams: {}"]
    assert document.positions["streams",] == Position(2, 1)

"""Files of events: what each line puts, and what is said of those that cannot be put."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from streaming_constructs.local.event_targets import EventTarget
from streaming_constructs.local.events import MOST_FINDINGS, Event, check_events, check_keys, read_events
from streaming_constructs.spec.finding import SpecError

if TYPE_CHECKING:
    from pathlib import Path


def events(tmp_path: Path, text: str | bytes) -> list[Event]:
    path = tmp_path / "events.jsonl"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(read_events(path))


@pytest.mark.parametrize(
    ("line", "event"),
    [
        ('{"partition_key": "a", "data": {"x": 1, "y": "ü"}}', Event("a", '{"x":1,"y":"ü"}'.encode())),
        ('{"partition_key": "a", "data": "{\\"cut off"}', Event("a", b'{"cut off')),
        ('{"partition_key": "a", "data": [1, null]}', Event("a", b"[1,null]")),
        ('{"x": 1}', Event("1", b'{"x": 1}', is_keyed=False)),
        (
            '{"partition_key": "a", "data": 1, "more": 2}',
            Event("1", b'{"partition_key": "a", "data": 1, "more": 2}', is_keyed=False),
        ),
        ('{"into": "lake", "partition_key": "a", "data": [1]}', Event("a", b"[1]", into="lake")),
        ('{"data": {"x": 1}}', Event("1", b'{"x":1}', is_keyed=False)),
        ('{"partition_key": null, "data": {"x": 1}}', Event("1", b'{"x":1}', is_keyed=False)),
        ('{"data": "as it is", "into": "lake"}', Event("1", b"as it is", is_keyed=False, into="lake")),
        ('{"partition_key": "a", "data": 1, "into": null}', Event("a", b"1")),
        ('{"data": {"data": 1}}', Event("1", b'{"data":1}', is_keyed=False)),
        ('{"partition_key": "a"}', Event("1", b'{"partition_key": "a"}', is_keyed=False)),
        ("{broken", Event("1", b"{broken", is_keyed=False)),
        ("127.0.0.1 - - GET /", Event("1", b"127.0.0.1 - - GET /", is_keyed=False)),
        (b"\xff\xfe", Event("1", b"\xff\xfe", is_keyed=False)),
    ],
)
def test_what_a_line_puts(tmp_path: Path, line: str | bytes, event: Event) -> None:
    assert events(tmp_path, line) == [event]


def test_lines_without_a_key_spread_and_empty_ones_are_passed_over(tmp_path: Path) -> None:
    assert [one.partition_key for one in events(tmp_path, "one\n\n  \ntwo\r\nthree")] == ["1", "4", "5"]


def test_all_lines_without_a_usable_key_are_named_before_anything_is_read(tmp_path: Path) -> None:
    text = '{"partition_key": "a", "data": 1}\n{"partition_key": 7, "data": 1}\n{"partition_key": "", "data": 1}\n'
    with pytest.raises(SpecError) as refused:
        events(tmp_path, text)
    assert [(one.code, one.line, one.file) for one in refused.value.findings] == [
        ("LOC954", line, str(tmp_path / "events.jsonl")) for line in (2, 3)
    ]


def test_a_file_full_of_them_does_not_fill_the_screen(tmp_path: Path) -> None:
    with pytest.raises(SpecError) as refused:
        events(tmp_path, '{"partition_key": 7, "data": 1}\n' * 1000)
    assert len(refused.value.findings) == MOST_FINDINGS


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SpecError) as refused:
        list(read_events(tmp_path / "missing.jsonl"))
    (finding,) = refused.value.findings
    assert (finding.code, finding.note) == ("LOC954", "no such file or directory")


@pytest.mark.parametrize("text", ["", "\n", "  \n\r\n"])
def test_a_file_without_a_record_is_no_rehearsal(tmp_path: Path, text: str) -> None:
    with pytest.raises(SpecError) as error:
        events(tmp_path, text)
    (finding,) = error.value.findings
    assert (finding.code, finding.file) == ("LOC954", str(tmp_path / "events.jsonl"))


def test_places_that_are_named_are_known_before_anything_is_put(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    line = '{"into": "%s", "partition_key": "a", "data": 1}\n'
    path.write_text(line % "lake" + line % "clicks")
    assert check_events(path).keys() == {"clicks", "lake"}
    path.write_text(line % "lake" + "plain\n\n")
    assert check_events(path).keys() == {"", "lake"}
    path.write_text('{"into": 7, "partition_key": "a", "data": 1}\n')
    with pytest.raises(SpecError) as refused:
        check_events(path)
    assert [(one.code, one.path) for one in refused.value.findings] == [("LOC954", ("into",))]


def test_a_long_key_is_refused_by_a_stream_of_kinesis_alone(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_text("".join(f'{{"partition_key": "{"k" * length}", "data": 1}}\n' for length in (256, 257, 300)))
    places = check_events(path)
    assert places == {"": 2}
    assert [len(event.partition_key) for event in read_events(path)] == [256, 257, 300]
    for kind in ("topic", "delivery"):
        check_keys(path, places[""], EventTarget(kind, "orders", "orders"))
    with pytest.raises(SpecError) as refused:
        check_keys(path, places[""], EventTarget("stream", "clicks", "clicks"))
    assert [(one.code, one.line, one.path) for one in refused.value.findings] == [("LOC954", 2, ("partition_key",))]


def test_events_know_their_lines(tmp_path: Path) -> None:
    read = events(tmp_path, 'one\n\n{"partition_key": "a", "data": 1}\n')
    assert [event.line for event in read] == [1, 3]

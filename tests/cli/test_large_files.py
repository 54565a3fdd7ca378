"""Large files, and files without end, are answered at once and with the true story, and in a bounded number of lines."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from streaming_constructs.cli.most_of_a_kind import MOST_OF_A_KIND, most_of_a_kind
from streaming_constructs.local.events import LONGEST_LINE_BYTES, check_events, read_events
from streaming_constructs.spec.finding import Finding, SpecError, clipped, did_you_mean, nearest
from streaming_constructs.spec.read import MAX_BYTES, open_document, read
from tests.cli.conftest import Run, Write

HEAD = "name: shop\nremoval_policy: destroy\n"
SECONDS = 20
"""Of this process alone; the work takes less than two, and took minutes where it grew with the square of the file."""


def lines(begin: str, many: Iterable[str]) -> str:
    return f"{begin}\n" + "".join(f"  {line}\n" for line in many)


STREAM = "{kind: kinesis, mode: on_demand}"
DELIVERY = "to: {kind: s3, partition_by: [day]}"
ONE = f"streams: {{a: {STREAM}}}\n"


def streams(count: int, name: str = "s{}") -> str:
    return lines("streams:", (f"{name.format(number)}: {STREAM}" for number in range(count)))


LARGE = {
    "tags": ("LNG101", lambda: ONE + lines("tags:", (f"t{n}: v" for n in range(300_000)))),
    "streams": ("LNG101", lambda: streams(30_000)),
    "fields of schemas": (
        "LNG101",
        lambda: (
            ONE + lines("schemas:", (f"k{n}: {{{', '.join(f'f{m}: int' for m in range(500))}}}" for n in range(500)))
        ),
    ),
    "aliases": (
        "LNG105",
        lambda: (
            "a: &a [x,x,x,x,x,x,x,x,x]\n"
            + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{','.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(7))
        ),
    ),
    "addresses": (
        "LNG406",
        lambda: ONE + f"alarms: {{notify: [{', '.join(f'a{n}@example.com' for n in (*range(20_000), 0))}]}}\n",
    ),
    "wrong names": (
        "GRF301",
        lambda: streams(1500) + lines("deliveries:", (f"d{n}: {{from: nope{n}, {DELIVERY}}}" for n in range(1500))),
    ),
    "almost right names": (
        "GRF301",
        lambda: (
            streams(1500, "stream-of-things-{}x")
            + lines("deliveries:", (f"d{n}: {{from: stream-of-thing-{n}y, {DELIVERY}}}" for n in range(1500)))
        ),
    ),
    "references to nothing": (
        "GRF301",
        lambda: ONE + lines("deliveries:", (f"d{n}: {{from: nope{n}, {DELIVERY}}}" for n in range(3000))),
    ),
    "deliveries": (
        "KIN409",
        lambda: ONE + lines("deliveries:", (f"d{n}: {{from: a, {DELIVERY}}}" for n in range(2000))),
    ),
    "unknown fields": (
        "LNG201",
        lambda: lines(
            "streams:", (f"s{n}: {{kind: kinesis, mode: on_demand, retentio_hours: 1}}" for n in range(2000))
        ),
    ),
    "wrong values": (
        "LNG203",
        lambda: lines("streams:", (f"s{n}: {{kind: kinesis, shards: x, retention_hours: 1}}" for n in range(3000))),
    ),
    "overrides": (
        "ALM601",
        lambda: (
            streams(400) + "alarms:\n" + lines("  override:", (f"  s{n}.write: {{threshold: 5}}" for n in range(2000)))
        ),
    ),
    "depth": ("LNG105", lambda: f"x: {'[' * 100_000}\n"),
}


@pytest.mark.parametrize(("code", "text"), LARGE.values(), ids=LARGE)
def test_a_large_file_is_answered_at_once_with_the_true_story(
    run: Run, write: Write, code: str, text: Callable[[], str]
) -> None:
    file = write(HEAD + text())
    begun = time.process_time()
    result = run("validate", file)
    assert time.process_time() - begun < SECONDS
    assert result.exit_code == 1
    assert f"[{code}]" in result.stdout
    assert len(result.stdout) < 200_000


def test_many_environments_that_share_what_exists_are_each_read_once(run: Run, write: Write) -> None:
    shared = "streams: {a: {kind: kinesis, arn: 'arn:aws:kinesis:eu-west-1:111122223333:stream/a', shards: 1}}\n"
    environments = lines("environments:", (f"e{n}: {{streams: {{a: {{shards: {n + 1}}}}}}}" for n in range(300)))
    file = write(HEAD + shared + environments)
    begun = time.process_time()
    result = run("validate", file)
    assert time.process_time() - begun < SECONDS
    assert result.stdout.count("[GRF314]") == 1


def test_a_large_file_that_is_right_is_taken(tmp_path: Path) -> None:
    fields = ", ".join(f"f{number}: string" for number in range(5000))
    (tmp_path / "wide.yaml").write_text(
        f"{HEAD}streams: {{a: {{kind: kinesis, mode: on_demand, schema: k}}}}\nschemas: {{k: {{{fields}}}}}\n"
    )
    assert read(tmp_path / "wide.yaml").findings == ()


# --- what has no end, or waits


@pytest.mark.parametrize("verb", ["validate", "plan"])
def test_what_is_no_regular_file_is_not_read(run: Run, tmp_path: Path, verb: str) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "link.yaml").symlink_to("/dev/zero")
    for file in ("/dev/zero", str(tmp_path / "pipe.yaml"), str(tmp_path / "link.yaml")):
        result = run(verb, file)
        assert result.exit_code == 1
        assert "[LNG101]: cannot read" in result.output
        assert "it is no regular file" in result.output


def test_no_more_is_read_than_a_spec_may_have(tmp_path: Path) -> None:
    huge = tmp_path / "huge.yaml"
    with huge.open("wb") as file:
        file.truncate(10**12)  # of which nothing is written
    (finding,) = open_document(huge).findings
    assert (finding.code, finding.note) == ("LNG101", f"it is larger than {MAX_BYTES} bytes")


def test_events_come_from_regular_files_with_lines(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    endless = tmp_path / "endless"
    with endless.open("wb") as file:
        file.truncate(10 * LONGEST_LINE_BYTES)
    for path in (Path("/dev/zero"), tmp_path / "pipe", endless):
        with pytest.raises(SpecError) as caught:
            check_events(path)
        assert [finding.code for finding in caught.value.findings] == ["LOC954"]
        with pytest.raises(SpecError):
            list(read_events(path))


# --- how much is said


def test_people_are_shown_the_first_of_a_kind_and_programs_all(run: Run, write: Write) -> None:
    file = write(HEAD + ONE + lines("deliveries:", (f"d{n}: {{from: nope{n}, {DELIVERY}}}" for n in range(300))))
    told = run("validate", file).stdout
    assert told.count("error[GRF301]") == MOST_OF_A_KIND
    assert f"… and {300 - MOST_OF_A_KIND} more of GRF301" in told
    assert told.rstrip().endswith("300 errors · streaming-constructs explain GRF301")
    github = run("validate", file, "--format", "github").stdout.splitlines()
    assert len(github) == MOST_OF_A_KIND + 1
    assert github[-1].endswith(f"::… and {300 - MOST_OF_A_KIND} more of GRF301")
    assert len(json.loads(run("validate", file, "--format", "json").stdout)["findings"]) == 300
    assert run("synth", file).stderr.count("error[GRF301]") == MOST_OF_A_KIND


def test_the_first_of_each_kind_are_kept() -> None:
    assert most_of_a_kind(["a", "b"] * 51, str) == (["a", "b"] * 50, ["… and 1 more of a", "… and 1 more of b"])


@pytest.mark.parametrize(
    "part",
    [
        "streams: {a: {kind: kinesis, mode: LONG}}",
        "streams: {a: {kind: LONG}}",
        "streams: {a: {kind: kinesis, shards: LONG}}",
        "streams: {a: {kind: kinesis, mode: on_demand, ? LONG : 1}}",
        "streams: {? LONG : {kind: kinesis, mode: on_demand}}",
        "streams: {a: {kind: kinesis, mode: on_demand, schema: LONG}}",
        "streams: {a: {kind: kinesis, mode: on_demand, arn: LONG}}",
        "tags: {a: LONG}",
        "tags: {? LONG : a}",
        "acknowledge: {? LONG : a reason that is long}",
        "alarms: {override: {? LONG : {threshold: 1}}}",
        "alarms: LONG",
        "environments: {? LONG : {}}",
        "schemas: {k: {a: LONG}}",
        "? LONG : 1",
    ],
)
@pytest.mark.parametrize("value", ["x" * 5000, '"' + "x y " * 5000 + '"'])
def test_long_values_are_cut(run: Run, write: Write, part: str, value: str) -> None:
    base = "" if part.startswith("streams") else ONE
    told = run("validate", write(HEAD + base + part.replace("LONG", value) + "\n"))
    assert told.exit_code == 1
    assert max(map(len, told.stdout.splitlines())) <= 4100
    assert "x" * 300 not in told.stdout


def test_a_text_of_usual_length_is_left_as_it_is() -> None:
    text = "arn:aws:kinesis:eu-west-1:123456789012:stream/" + "a" * 128
    assert clipped(text) == text
    assert Finding("LNG206", text, note=text, help=text).help == text


# --- names that are meant, among many


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("order-created-77-evnt", "order-created-77-event"),
        ("rder-created-12-event", "order-created-12-event"),
        ("order-craeted-31-event", "order-created-31-event"),
        ("Order-Created-31-Event", "order-created-31-event"),
        ("nothing-like-it", ""),
        ("order-created-31x-event" * 100, ""),
    ],
)
def test_the_name_that_was_meant_is_found_among_many(word: str, meant: str) -> None:
    names = [f"order-created-{number}-event" for number in range(5000)] + ["refund-asked"]
    assert nearest(word, names) == meant


def test_a_help_names_no_more_than_anyone_reads() -> None:
    names = [f"s{number:04}" for number in range(1500)]
    assert did_you_mean("zzzzzz", names).endswith("`s0039` … and 1,460 more")

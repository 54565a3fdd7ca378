"""`keys`: what it tells for people and for programs, and what is wrong usage."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Run = Callable[..., Result]


@pytest.fixture
def events(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Three records of one user, and one of another with a name that a terminal would obey."""
    monkeypatch.chdir(tmp_path)
    records = [
        {"data": {"user": user}, "id": number} for number, user in enumerate(["anna", "anna", "anna", "\x1b[2J"])
    ]
    Path("events.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records))
    return "events.jsonl"


def test_people_see_shards_hot_keys_and_limits(run: Run, events: str) -> None:
    told = run("keys", events, "--field", "data.user", "--shards", "2")
    assert told.exit_code == 0
    assert "events.jsonl: 4 records, keyed by data.user" in told.output
    assert "2 different keys" in told.output
    assert "█" * 32 in told.output
    assert "anna           3  75.0%" in told.output
    assert "however many shards there are" in told.output
    assert "\x1b" not in told.output
    assert r"\x1b[2J" in told.output


def test_programs_get_numbers(run: Run, events: str) -> None:
    told = json.loads(run("keys", events, "--field", "data.user", "--partitions", "12", "--format", "json").output)
    assert (told["records"], told["keys"], told["without_key"]) == (4, 2, {})
    assert [spread["partitioner"] for spread in told["spreads"]] == ["java", "librdkafka"]
    assert told["hottest"][0]["share"] == 0.75
    assert "full_at_records_per_second" not in told


def test_standard_input_is_json_lines(run: Run) -> None:
    from click.testing import CliRunner

    from streaming_constructs.cli.group import verbs

    told = CliRunner().invoke(verbs, ["keys", "-", "--field", "a", "--shards", "1"], input='{"a": 1}\n{}\n')
    assert told.exit_code == 0
    assert "1 record without a key (50.0%; 1 without the field): Kinesis refuses them" in told.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--field", "data.user"), "give `--shards`"),
        (("--field", "data.user", "--shards", "1", "--partitions", "1"), "give `--shards`"),
        (("--field", "user", "--shards", "1"), "did you mean `data.user`?"),
        (("--field", "data", "--shards", "1"), "no record has a key in `data` (4 not_plain)"),
        (("--field", "id", "--shards", "0"), "0 is not in the range"),
        (("--field", "id", "--shards", "1", "--events-format", "parquet"), "no Parquet"),
    ],
)
def test_wrong_usage_is_told(run: Run, events: str, arguments: tuple[str, ...], said: str) -> None:
    told = run("keys", events, *arguments)
    assert told.exit_code == 2
    assert said in told.output


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("none.jsonl", None, "none.jsonl cannot be read: No such file"),
        ("empty.jsonl", "", "there is no record in empty.jsonl"),
        ("broken.jsonl", "\n[1]\n", "line 2 is no JSON object"),
        ("events.log", "{}", "give `--events-format`"),
    ],
)
def test_a_file_that_tells_nothing(run: Run, events: str, name: str, content: str | None, said: str) -> None:
    if content is not None:
        Path(name).write_text(content)
    told = run("keys", name, "--field", "user", "--shards", "1")
    assert told.exit_code == 2
    assert said in told.output


def test_where_parquet_cannot_be_read_the_extra_is_named(
    run: Run, events: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    told = run("keys", events, "--field", "id", "--shards", "1", "--events-format", "parquet")
    assert told.exit_code == 2
    assert "pip install 'streaming-constructs[local]'" in told.output


def test_many_shards_are_told_by_the_busiest(run: Run, events: str) -> None:
    told = run("keys", events, "--field", "id", "--shards", "100").output
    assert "68 shards more, each with no more than these" in told
    assert "96 shards with nothing" in told

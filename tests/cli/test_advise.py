"""`advise`: what to use first, what cannot do it and why, the rest side by side; how it is told, and what it writes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from streaming_constructs.cli import answer_dialogue
from streaming_constructs.cli.group import verbs
from streaming_constructs.planning.advice.answers import Answers
from streaming_constructs.planning.advice.options import OPTIONS

if TYPE_CHECKING:
    from tests.cli.conftest import Run

TEXT = """\
use MSK Serverless (1 partition, 1,058.09 USD a month): it is Kafka with little
to operate

what cannot do it
  Kinesis provisioned
    H1 it is not Kafka, and asked for is Kafka's protocol
      https://docs.aws.amazon.com/msk/latest/developerguide/what-is-msk.html
  Kinesis on demand
    H1 it is not Kafka, and asked for is Kafka's protocol
      https://docs.aws.amazon.com/msk/latest/developerguide/what-is-msk.html
  Kinesis On-demand Advantage
    H1 it is not Kafka, and asked for is Kafka's protocol
      https://docs.aws.amazon.com/msk/latest/developerguide/what-is-msk.html
  Firehose alone
    H1 it is not Kafka, and asked for is Kafka's protocol
      https://docs.aws.amazon.com/msk/latest/developerguide/what-is-msk.html
    H11 it delivers to stores alone, and 2 applications would read it
      https://docs.aws.amazon.com/firehose/latest/dev/what-is-this-service.html
  SQS
    H1 it is not Kafka, and asked for is Kafka's protocol
      https://docs.aws.amazon.com/msk/latest/developerguide/what-is-msk.html
    H11 a message goes to one reader, and 2 are to have it
      https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-basic-architecture.html
  EventBridge
    H1 it is not Kafka, and asked for is Kafka's protocol
      https://docs.aws.amazon.com/msk/latest/developerguide/what-is-msk.html

what can                       USD a month  being there        usage  score
  MSK Serverless                  1,058.09       548.60       509.49    1/6
    1 partition; use it: it is Kafka with little to operate
  MSK Express brokers               926.82       893.52        33.30    0/8
    3 x express.m7g.large, 1 partition; 2nd choice: less speaks for it than for
      MSK Serverless
  MSK Standard brokers              481.56       481.56         0.00    0/8
    3 x kafka.m7g.large, 116 GiB each, 1 partition; 3rd choice: its brokers can
      be told all that Kafka knows

a month of 730 hours in USD, by AWS's list in us-east-1, as no region is given,
prices of 2025-10-09; score: how many questions of its list are answered with
yes
code that reads and writes, networks, alarms, taxes and free tiers are not in
it; `plan` tells most of that, of the spec that `--write` writes
"""
KAFKA = ("--records-per-second", "1000", "--readers", "2", "--protocol", "kafka")


def test_options_are_answered_in_words(run: Run) -> None:
    result = run("advise", *KAFKA)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == TEXT


def test_only_addresses_are_wider_than_a_terminal(run: Run) -> None:
    told = run("advise", "--mb-per-second", "900", "--region", "ap-southeast-2", "--retention-days", "unlimited").stdout
    assert [line for line in told.splitlines() if len(line) > 80 and "https://" not in line] == []
    assert "~ reckoned from us-east-1, as no price of ap-southeast-2 is known" in told
    assert "+ something of it is not known, and not in the price" in told
    assert "not in the price: storage, as records kept without end" in told


def test_programs_get_every_line_with_its_source(run: Run) -> None:
    found = json.loads(run("advise", *KAFKA, "--format", "json").stdout)
    assert (found["use"], found["region"], found["region_is_given"]) == ("msk_serverless", "us-east-1", False)
    assert found["answers"] == {"records_per_second": 1000.0, "readers": 2, "protocol": "kafka"}
    assert {each["option"] for each in (*found["out"], *found["left"])} == set(OPTIONS)
    first = found["left"][0]
    assert (first["choice"], first["score"], first["is_whole"]) == (1, {"yes": ["S1"], "of": 6}, True)
    assert [line["what"] for line in first["lines"]] == ["cluster", "partitions", "written", "read", "storage"]
    assert sum(line["usd"] for line in first["lines"]) == pytest.approx(first["usd"], abs=0.001)
    assert all(line["source"].startswith("https://aws.amazon.com/") for line in first["lines"])


def test_nothing_that_can_do_it_is_red(run: Run) -> None:
    result = run(
        "advise", "--mb-per-second", "1", "--auth", "mtls", "--needs", "tiered_storage", "--needs", "compaction"
    )
    assert result.exit_code == 1
    assert result.stdout.startswith("nothing can do it: each service runs into something that was said\n")
    assert "what can  " not in result.stdout
    as_json = run(
        "advise",
        "--mb-per-second",
        "1",
        "--retention-days",
        "400",
        "--auth",
        "mtls",
        "--purpose",
        "delivery",
        "--format",
        "json",
    )
    assert (as_json.exit_code, json.loads(as_json.stdout)["use"]) == (1, None)


def test_a_file_of_answers_says_the_same_as_options(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "answers.yaml"
    file.write_text("records_per_second: 1000\nreaders: 5\nprotocol: kafka\nneeds: []\n")
    assert run("advise", "--answers", str(file), "--readers", "2").stdout == TEXT


HOSTILE = """\
records_per_second: -5
record_kb: "1"
reeders: 2
purpose: streem
needs: [connect, conect]
retention_days: forever
busiest_key_records_per_second: 5
"\\e[31mred": 1
"""


def test_all_that_is_wrong_with_a_file_is_told_at_once_with_its_lines(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "answers.yaml"
    file.write_text(HOSTILE)
    result = run("advise", "--answers", str(file))
    assert (result.exit_code, result.stdout) == (1, "")
    places = re.findall(r"error\[(\w+)\].*\n  --> \S+:(\d+) ", result.stderr)
    assert places == [
        ("LNG204", "1"),
        ("LNG203", "2"),
        ("LNG201", "3"),
        ("LNG205", "4"),
        ("LNG205", "5"),
        ("LNG203", "6"),
        ("LNG404", "7"),
        ("LNG201", "8"),
    ]
    assert "did you mean `readers`?" in result.stderr
    assert "did you mean `connect`?" in result.stderr
    assert "\x1b" not in result.stderr


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "LNG106"),
        (b"[1]", "LNG106"),
        (b"{a: b", "LNG102"),
        (b"\xff", "LNG101"),
        (b"readers: 1", "LNG202"),
        (b"a: &a [*a]", "LNG105"),
    ],
)
def test_a_file_that_is_none_is_told(run: Run, tmp_path: Path, content: bytes, code: str) -> None:
    file = tmp_path / "answers.yaml"
    file.write_bytes(content)
    result = run("advise", "--answers", str(file))
    assert result.exit_code == 1
    assert f"error[{code}]" in result.stderr


def test_all_that_is_wrong_with_options_is_told_at_once_in_their_words(run: Run) -> None:
    result = run("advise", "--readers", "5000", "--record-kb", "0", "--busiest-key-records-per-second", "4")
    assert result.exit_code == 2
    told = result.stderr.partition("Error: ")[2].splitlines()
    assert [line.partition(":")[0] for line in told] == [
        "--record-kb",
        "--readers",
        "the load is missing; add `--records-per-second 1000`, or `--mb-per-second 1`",
        "--busiest-key-records-per-second",
    ]


def test_an_option_that_is_wrong_beside_a_file_is_wrong_usage(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "answers.yaml"
    file.write_text("records_per_second: 1000\n")
    result = run("advise", "--answers", str(file), "--readers", "5000")
    assert result.exit_code == 2
    assert "--readers: `readers` is too large: at most 1000" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "say how much is written: `--records-per-second 1000`"),
        (["--purpose", "stream", "--option", "msk"], "--option says what to write a spec for"),
        (["--retention-days", "soon"], "'soon' is not a valid integer"),
        (["--region", "cn-north-1"], "'cn-north-1' is not one of"),
    ],
)
def test_wrong_usage(run: Run, arguments: list[str], told: str) -> None:
    result = run("advise", *arguments)
    assert result.exit_code == 2
    assert told in result.stderr


def test_every_answer_is_an_option_with_its_description(run: Run) -> None:
    told = " ".join(run("advise", "--help").stdout.split())
    for name, field in Answers.model_fields.items():
        assert f"--{name.replace('_', '-')} " in told
        assert field.description is not None
        assert field.description[:30] in told


# What it writes.


def test_what_it_writes_is_fine_and_as_large_as_it_said(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("advise", "--mb-per-second", "5", "--readers", "3", "--write", "new.yaml")
    assert result.exit_code == 0
    assert result.stdout.startswith("use Kinesis provisioned (10 shards, ")
    assert result.stderr == "wrote new.yaml\nwrote handlers/reader/index.py\nnext: streaming-constructs plan new.yaml\n"
    assert run("validate", "new.yaml").exit_code == 0
    assert "provisioned, 10 shards" in run("plan", "new.yaml").stdout


@pytest.mark.parametrize("option", [name for name, option in OPTIONS.items() if option.has_spec])
def test_any_that_can_is_written_where_it_is_asked_for(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: str
) -> None:
    monkeypatch.chdir(tmp_path)
    purpose = "delivery" if option == "firehose" else "stream"
    arguments = ("--purpose", purpose, "--write", "new.yaml", "--option", option)
    assert run("advise", "--mb-per-second", "5", *arguments).exit_code == 0
    assert OPTIONS[option].title in (tmp_path / "new.yaml").read_text()
    assert "error[" not in run("validate", "new.yaml").stdout


def test_code_that_is_there_stays_as_it_is(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code = tmp_path / "handlers" / "reader" / "index.py"
    code.parent.mkdir(parents=True)
    code.write_text("mine")
    assert run("advise", "--mb-per-second", "5", "--write", "new.yaml").stderr.startswith("wrote new.yaml\nnext: ")
    assert code.read_text() == "mine"


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (
            ("--purpose", "events"),
            "CMD113",
            "the best of those that can is written with `--option kinesis_provisioned`",
        ),
        (("--option", "firehose"), "CMD112", "it delivers to stores alone, and 1 application would read it"),
        (("--option", "sqs", "--readers", "2"), "CMD112", "a message goes to one reader"),
    ],
)
def test_no_spec_is_written_where_there_is_none(
    run: Run, tmp_path: Path, arguments: tuple[str, ...], code: str, told: str
) -> None:
    file = tmp_path / "new.yaml"
    result = run("advise", "--mb-per-second", "5", *arguments, "--write", str(file))
    assert result.exit_code == 1
    assert f"error[{code}]" in result.stderr
    assert told in result.stderr
    assert not file.exists()


def test_an_option_that_there_is_not_is_wrong_usage(run: Run, tmp_path: Path) -> None:
    result = run("advise", "--mb-per-second", "5", "--write", str(tmp_path / "new.yaml"), "--option", "msk_expres")
    assert result.exit_code == 2
    assert "did you mean `msk_express`?" in result.stderr


def test_nothing_is_overwritten_and_nothing_is_left_behind(run: Run, tmp_path: Path) -> None:
    there = tmp_path / "there.yaml"
    there.write_text("mine")
    result = run("advise", "--mb-per-second", "5", "--write", str(there))
    assert (result.exit_code, there.read_text()) == (1, "mine")
    assert "error[CMD114]" in result.stderr
    assert not (tmp_path / "handlers").exists()
    (tmp_path / "handlers").write_text("no folder")
    assert run("advise", "--mb-per-second", "5", "--write", str(tmp_path / "new.yaml")).exit_code == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["handlers", "there.yaml"]


@pytest.mark.parametrize("name", ["MSK Serverless", "msk-serverless", "MSK_SERVERLESS"])
def test_an_option_is_known_by_what_it_is_called(run: Run, tmp_path: Path, name: str) -> None:
    file = tmp_path / "new.yaml"
    assert run("advise", "--mb-per-second", "5", "--write", str(file), "--option", name).exit_code == 0
    assert "kind: msk_serverless" in file.read_text()


@pytest.mark.parametrize(
    ("name", "more", "code", "told"),
    [
        ("new.yaml", ("--option", "msk_expres"), 2, "did you mean `msk_express`?"),
        ("new.json", (), 2, "let it end in `.yaml`"),
        ("none/new.yaml", (), 2, "there is no folder"),
        ("there.yaml", (), 1, "it is there already"),
    ],
)
def test_what_cannot_be_written_is_told_before_any_advice(
    run: Run, tmp_path: Path, name: str, more: tuple[str, ...], code: int, told: str
) -> None:
    (tmp_path / "there.yaml").write_text("mine")
    result = run("advise", "--mb-per-second", "5", "--write", str(tmp_path / name), *more)
    assert (result.exit_code, result.stdout) == (code, "")
    assert told in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["there.yaml"]


def test_what_the_spec_does_not_carry_is_told(run: Run, tmp_path: Path) -> None:
    many = ("advise", "--records-per-second", "10", "--readers", "25")
    result = run(*many, "--write", str(tmp_path / "new.yaml"))
    assert result.stdout.startswith("use Kinesis On-demand Advantage (")
    assert "it is the only one left" in " ".join(result.stdout.split())
    assert "costs least" not in result.stdout.partition("what cannot")[0]
    assert "25 applications read it; 10 are written down here" in result.stderr
    assert "`plan` reckons without it" in result.stderr
    notes = json.loads(run(*many, "--format", "json").stdout)["left"][0]["spec_notes"]
    assert [note.partition(" ")[0] for note in notes] == ["25", "On-demand", "`plan`", "aws"]


# The dialogue.


def dialogue(monkeypatch: pytest.MonkeyPatch, text: str, *arguments: str) -> Any:
    monkeypatch.setattr("streaming_constructs.cli.advise.is_terminal", lambda: True)
    return CliRunner().invoke(verbs, ["advise", *arguments], input=text, prog_name="streaming-constructs")


def test_a_terminal_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = ["", "2000", "", "", "unpredictable", "2", "", "per_key", "7", "", "lambda, aws_services"]
    result = dialogue(monkeypatch, "\n".join(answers) + "\n", "--format", "json")
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert found["use"] == "kinesis_on_demand"
    assert found["answers"] == {
        "purpose": "stream",
        "records_per_second": 2000.0,
        "record_kb": 1.0,
        "peak_factor": 2.0,
        "traffic": "unpredictable",
        "readers": 2,
        "latency_ms": 1000,
        "ordering": "per_key",
        "retention_days": 7,
        "protocol": "any",
        "context": ["lambda", "aws_services"],
    }


def test_what_is_answered_wrongly_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = ["streem", "delivery", "many", "10", *[""] * 3, "unlimitd", "", "", "lamda", "lambda"]
    result = dialogue(monkeypatch, "\n".join(answers) + "\n")
    assert "How many applications read all of them?" not in result.stderr
    assert "`lamda`: did you mean `lambda`?" in result.stderr
    assert result.stdout.startswith("use Firehose alone (1 delivery stream, ")


def test_of_kafka_more_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [*[""] * 9, "kafka", "mtls", "prometheus", ""]
    result = dialogue(monkeypatch, "\n".join(answers) + "\n", "--format", "json")
    found = json.loads(result.stdout)
    assert (found["use"], found["answers"]["auth"], found["answers"]["needs"]) == (
        "msk_express",
        "mtls",
        ["prometheus"],
    )


def test_who_leaves_the_dialogue_gets_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    result = dialogue(monkeypatch, "stream\n", "--write", str(tmp_path / "new.yaml"))
    assert (result.exit_code, result.stdout) == (1, "")
    assert list(tmp_path.iterdir()) == []


def test_the_dialogue_asks_for_answers_that_there_are() -> None:
    asked = {
        *(question.name for question in answer_dialogue._QUESTIONS),
        *(name for name, *_ in answer_dialogue._LISTS),
    }
    assert asked <= set(Answers.model_fields)

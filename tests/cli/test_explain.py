"""`explain` and `schema`: what is read from the catalogue, from the models and from the package."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from streaming_constructs.cli.explain import shortened, story
from streaming_constructs.spec.codes import TOPICS, codes_of, every_code
from streaming_constructs.spec.codes.about import codes_about
from streaming_constructs.spec.fields import language_fields
from streaming_constructs.spec.json_schema import SCHEMA_FILE

if TYPE_CHECKING:
    from tests.cli.conftest import Run


def test_a_story_has_the_fact_its_source_the_example_and_the_mend(run: Run) -> None:
    result = run("explain", "LAM508")
    assert (result.exit_code, result.output) == (
        0,
        """\
error[LAM508]: a FIFO destination cannot keep failed batches

Lambda sends the failed batches of a stream to standard queues, standard topics and buckets. With a
FIFO one the stack fails.

Source: https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html

A part of a spec that has it:

    consumers:
      fraud:
        on_failure:
          destination: {kind: sqs, queue_arn: "arn:aws:sqs:eu-west-1:123456789012:failed-payments.fifo"}

Put right:

    consumers:
      fraud:
        on_failure:
          destination: {kind: sqs, queue_arn: "arn:aws:sqs:eu-west-1:123456789012:failed-payments"}
""",
    )


def test_a_code_is_explained_in_small_letters_too(run: Run) -> None:
    assert run("explain", "lam508").output == run("explain", "LAM508").output


def test_every_story_tells_all_that_the_catalogue_has() -> None:
    for code in every_code().values():
        lines = story(code).splitlines()
        assert lines[0] == f"{code.severity}[{code.code}]: {code.title}"
        assert " ".join(code.why.split()) in " ".join(lines)
        for text in filter(None, (code.example, code.mend, code.earlier, code.beside)):
            assert f"    {shortened(text).splitlines()[0]}" in lines, code.code
        assert [line for line in lines if len(line) > 104 and not line.startswith("Source: ")] == []


def test_what_a_command_is_run_on_is_told_before_it(run: Run) -> None:
    told = run("explain", "GRF305").output
    assert "With this in `pipeline.yaml`:\n\n    environments:\n      dev: {removal_policy: destroy" in told
    assert told.index("environments:") < told.index("This says it:\n\n    streaming-constructs plan pipeline.yaml\n")


def test_long_lines_are_cut() -> None:
    assert shortened("a" * 101 + "\n" + "b" * 100 + "\n") == "a" * 99 + "…\n" + "b" * 100


def test_a_topic_lists_its_codes_with_their_levels(run: Run) -> None:
    result = run("explain", "lam")
    assert result.exit_code == 0
    head, _, *rows = result.stdout.splitlines()
    assert head == "AWS Lambda consumers"
    assert "LAM506 error    records expire before they are given up" in rows
    assert "LAM509 note     age, not retries, decides when a slow batch is given up" in rows
    assert [row[:6] for row in rows] == [code.code for code in codes_of("LAM")]


def test_without_a_word_the_topics_are_listed(run: Run) -> None:
    result = run("explain")
    assert result.exit_code == 0
    assert [line[:3] for line in result.stdout.splitlines()] == list(TOPICS)
    assert "KIN  Amazon Kinesis data streams" in result.stdout


def test_a_field_is_told_with_what_it_takes_and_the_codes_about_it(run: Run) -> None:
    result = run("explain", "max_record_age_seconds")
    assert (result.exit_code, result.output) == (
        0,
        """\
consumers.NAME.on_failure.max_record_age_seconds

Age at which a record is given up, in seconds, 60 to 604800; whichever of the two comes first.

Takes     whole number ≥ 60, ≤ 604800
Left out  3600
Example   max_record_age_seconds: 3600

Codes about it:
  LAM506 error    records expire before they are given up
  LAM507 warning  little time is left to read given-up records again
  LAM525 error    records are given up before the function sees them
  LAM526 warning  records behind a slow batch are given up untried
  LAM559 warning  one bad record holds its partition until it expires
  LAM565 error    the schema registry needs provisioned pollers
""",
    )


def test_a_required_field_says_so_and_has_a_piece_to_paste(run: Run) -> None:
    told = run("explain", "subnet_ids").output
    assert (
        "Takes     list of the id of a subnet, subnet-0123456789abcdef0, 16 at most\nLeft out  it is required\n" in told
    )
    assert "subnet_ids: [subnet-0123456789abcdef0]\n" in told


def test_a_field_is_told_in_every_place_that_has_it(run: Run) -> None:
    told = run("explain", "retries").output
    places = re.findall(r"^[\w.]+\.NAME\.[\w.]+\.retries\b", told, re.MULTILINE)
    assert places == ["consumers.NAME.on_failure.retries", "deliveries.NAME.transform.retries"]
    told = run("explain", "memory_mb").output
    # Of which kind it is, is told where there are several.
    places = (
        r"consumers\.NAME\.memory_mb( \(kind: lambda\))?\ndeliveries\.NAME\.transform\.memory_mb\napis\.NAME\.memory_mb"
    )
    assert re.search(rf"{places}\n\nMemory", told)


def test_of_kinds_that_differ_the_kind_is_told(run: Run) -> None:
    assert "consumers.NAME.on_failure.destination.queue_arn (kind: sqs)\n" in run("explain", "queue_arn").output


@pytest.mark.parametrize("path", ["consumers.fraud.on_failure.retries", "on_failure.retries"])
def test_a_path_tells_the_field_of_that_place_alone(run: Run, path: str) -> None:
    told = run("explain", path).output
    assert told.startswith("consumers.NAME.on_failure.retries\n")
    assert "transform" not in told


@pytest.mark.parametrize(
    ("word", "answer"),
    [
        ("dlq", "`dlq` in consumers is `on_failure.destination` here.\n\nconsumers.NAME.on_failure.destination\n"),
        ("ShardCount", "`shard_count` in streams is `shards` here.\n\nstreams.NAME.shards (kind: kinesis)\n"),
        ("shard-count", "`shard_count` in streams is `shards` here.\n\nstreams.NAME.shards (kind: kinesis)\n"),
        ("memory_size", "`memory_size` is `memory_mb` here.\n\nconsumers.NAME.memory_mb\n"),
        ("rps", "`rps` in workload is `records_per_second` here.\n\nstreams.NAME.workload.records_per_second\n"),
        ("notifications", "`notifications` at the top of a file is `sns_topics` here.\n\nsns_topics\n"),
        ("slack", "`slack` in alarms is no field: subscribe AWS Chatbot, or your own function, to an SNS topic,"),
        ("kinesis", "kind: kinesis, in streams.NAME\n\nAn Amazon Kinesis data stream,"),
    ],
)
def test_a_word_from_elsewhere_is_answered_with_ours(run: Run, word: str, answer: str) -> None:
    result = run("explain", word)
    assert result.exit_code == 0
    assert result.stdout.startswith(answer)


def test_what_a_field_takes_is_said_once_and_its_example_has_nothing_empty(run: Run) -> None:
    told = " ".join(run("explain", "deliveries.NAME.to.bucket").output.split())
    assert told.count("the name of a bucket, or its ARN, arn:aws:s3:::NAME") == told.count("Takes ")
    assert "Example partition_by: [{by: day(arrival)}]" in " ".join(run("explain", "partition_by").output.split())


def test_what_takes_many_things_is_told_in_a_line_each(run: Run) -> None:
    assert "streams.NAME.kind\n    An Amazon Kinesis data stream.\n" in run("explain", "kind").stdout


@pytest.mark.parametrize(
    ("word", "help_"),
    [
        ("LAM900", "there is no code `LAM900`; `streaming-constructs explain LAM` lists those of its topic"),
        ("ALM60", "there is no code `ALM60`; `streaming-constructs explain ALM` lists those of its topic"),
        ("SC506", "there is no code `SC506`; did you mean `LAM506`?"),
        ("LMA506", "there is no code `LMA506`; did you mean `LAM506`?"),
        ("XYZ1", "there is no code `XYZ1`; its topic is one of LNG, SCH, GRF, KIN, LAM,"),
        ("on_failur", "nothing here is called `on_failur`; did you mean `on_failure`?"),
        ("batch_windows", "nothing here is called `batch_windows`; did you mean `batch_window_seconds`?"),
        ("efos", "nothing here is called `efos`; did you mean `efo`?"),
        ("xyzzy", "nothing here is called `xyzzy`; give a code such as LAM506, a topic such as LAM, or a field"),
        (".", "nothing here is called `.`; give a code"),
    ],
)
def test_what_is_unknown_is_wrong_usage_and_gets_what_is_close(run: Run, word: str, help_: str) -> None:
    result = run("explain", word)
    assert (result.exit_code, result.stdout) == (2, "")
    assert help_ in " ".join(result.stderr.split())


def test_explaining_a_code_loads_one_topic_and_no_pydantic() -> None:
    program = (
        "import sys; from streaming_constructs.cli.group import verbs; verbs(['explain', 'lam506'], standalone_mode=False); "
        "print(*(name for name in sys.modules if name.startswith(('pydantic', 'yaml', 'streaming_constructs.spec.codes.'))))"
    )
    out = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert sorted(name.rpartition(".")[2] for name in out.splitlines()[-1].split()) == [
        "base",
        "code",
        "lambda_function",
        "lambda_on_kafka",
        "lambda_on_queue",
        "levels",
    ]


@pytest.mark.parametrize(
    ("field", "codes"),
    [
        ("enhanced_fan_out", ["KIN409", "KIN410", "LAM567", "FLK325"]),
        ("notify", ["GRF309", "ALM603", "ALM607"]),
        (
            "workload",
            [
                *("GRF314", "KIN401", "KIN405", "KIN407", "KIN408", "KIN411", "KIN412", "KIN414"),
                *("LAM516", "LAM558", "LAM566", "FIR709", "FIR718", "FIR730", "DDB847", "SQS763", "API889"),
            ],
        ),
        ("environments", ["LNG105", "GRF305"]),
        ("dashboard", []),
    ],
)
def test_the_codes_about_a_field_name_it_or_turn_on_it(field: str, codes: list[str]) -> None:
    assert [code.code for code in codes_about(field)] == codes


def test_every_example_of_a_field_is_taken_by_it() -> None:
    wrong = [
        (field.places[0], field.example)
        for field in language_fields()
        if field.example
        and not is_taken(field.places[0], yaml.safe_load(field.example.replace("NAME", "name"))[field.name])
    ]
    assert wrong == []


def is_taken(place: str, piece: Any) -> bool:
    """Whether pydantic takes a piece in some field of that name: there are few that share one and differ."""
    from pydantic import TypeAdapter, ValidationError

    from streaming_constructs.spec.model import SpecModel

    waiting, name = [SpecModel], place.partition(" ")[0].rpartition(".")[2]
    while waiting:
        model = waiting.pop()
        waiting += model.__subclasses__()
        for key, field in model.model_fields.items():
            if name in (key, field.validation_alias):
                try:
                    TypeAdapter(field.rebuild_annotation()).validate_python(piece, by_alias=True, by_name=False)
                except ValidationError:
                    continue
                return True
    return False


def test_the_schema_is_printed_as_it_is_installed(run: Run) -> None:
    result = run("schema")
    assert result.exit_code == 0
    assert result.stdout == SCHEMA_FILE.read_text(encoding="utf-8")
    assert json.loads(result.stdout)["$schema"] == "https://json-schema.org/draft/2020-12/schema"

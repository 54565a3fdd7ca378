"""`explain` and `schema`: what is read from the catalogue and from the package."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from streaming_constructs.spec.codes import CODES, Code
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


@pytest.mark.parametrize("code", CODES.values(), ids=CODES)
def test_every_code_is_explained(run: Run, code: Code) -> None:
    result = run("explain", code.code.lower())
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == f"{code.level}[{code.code}]: {code.title}"
    assert " ".join(code.why.split()) in " ".join(lines)
    assert f"    {code.example.splitlines()[0].expandtabs()}" in [line.expandtabs() for line in lines]
    assert [line for line in lines if len(line) > 104 and not line.startswith("Source: ")] == []


def test_long_lines_are_cut() -> None:
    from streaming_constructs.cli.explain import shortened

    assert shortened("a" * 101 + "\n" + "b" * 100 + "\n") == "a" * 99 + "…\n" + "b" * 100


def test_an_unknown_code_is_wrong_usage_and_gets_the_nearest(run: Run) -> None:
    result = run("explain", "ALM60")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "there is no code `ALM60`; did you mean `ALM60" in result.stderr


def test_the_schema_is_printed_as_it_is_installed(run: Run) -> None:
    result = run("schema")
    assert result.exit_code == 0
    assert result.stdout == SCHEMA_FILE.read_text(encoding="utf-8")
    assert json.loads(result.stdout)["$schema"] == "https://json-schema.org/draft/2020-12/schema"

"""The page about `advise`: what its console shows is what the command says, and its tables name what there is."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from streaming_constructs.cli.group import verbs
from streaming_constructs.planning.advice.answers import Answers
from streaming_constructs.planning.advice.constraints import CONSTRAINTS
from streaming_constructs.planning.advice.questionnaires import QUESTIONS
from streaming_constructs.spec.document import read_document

PAGE = (Path(__file__).parents[2] / "docs" / "advise.md").read_text(encoding="utf-8")
CONSOLE = re.findall(r"```console\n\$ (streaming-constructs [^\n]+)\n(.*?)```\n", PAGE, re.DOTALL)


@pytest.mark.parametrize(("command", "told"), CONSOLE)
def test_the_console_shows_what_the_command_says(command: str, told: str) -> None:
    result = CliRunner().invoke(verbs, shlex.split(command)[1:], prog_name="streaming-constructs")
    assert (result.exit_code, result.output) == (0, told)


def test_its_answers_are_answers() -> None:
    piece = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)[0]
    assert Answers.model_validate(read_document(piece, "answers.yaml").data).readers == 2


def test_its_tables_have_every_constraint_and_every_question() -> None:
    rows = set(re.findall(r"^\| (H\d+) \|", PAGE, re.MULTILINE))
    assert rows == {constraint.id for constraint in CONSTRAINTS} | {"H15"}
    questions = [f"{question.id} {question.text}" for listed in QUESTIONS.values() for question in listed]
    assert [question for question in questions if question not in PAGE] == []

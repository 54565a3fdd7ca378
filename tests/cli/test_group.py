"""The group: what it names, what it loads, and how it ends."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import click
import pytest

from streaming_constructs.cli import explain, main
from streaming_constructs.cli.group import VERBS, verbs

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run


def test_help_names_every_verb(run: Run) -> None:
    result = run("--help")
    assert result.exit_code == 0
    listed = result.stdout.partition("Verbs:\n")[2].splitlines()
    assert [line.split()[0] for line in listed if line.startswith("  ") and line[2] != " "] == list(VERBS)


@pytest.mark.parametrize("verb", VERBS)
def test_the_group_says_of_a_verb_what_its_own_help_says_first(verb: str) -> None:
    command = verbs.get_command(click.Context(verbs), verb)
    assert command is not None
    assert command.name == verb
    assert (command.help or "").partition("\n")[0] == VERBS[verb]


def test_an_unknown_verb_is_wrong_usage(run: Run) -> None:
    result = run("explian", "LNG204")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.endswith("Error: there is no verb `explian`; did you mean `explain`?\n")


def test_an_unknown_option_is_wrong_usage(run: Run) -> None:
    assert run("--verbose").exit_code == 2


def interrupt(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_an_interrupted_verb_ends_quietly(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explain, "story", interrupt)
    result = run("explain", "LNG204")
    assert (result.exit_code, result.output) == (130, "")


def test_an_interruption_while_loading_ends_quietly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streaming_constructs.cli.group.verbs", interrupt)
    monkeypatch.setattr("gc.set_threshold", lambda *_: None)
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 130


# --- what is loaded

HEAVY = {"aws_cdk", "boto3", "constructs", "jsii", "pydantic", "rich", "yaml"}
SPY = """
import contextlib, json, sys
from streaming_constructs.cli import main
sys.argv = ["streaming-constructs", *sys.argv[1:]]
try:
    with contextlib.redirect_stdout(sys.stderr):
        main()
except SystemExit as ended:
    print(json.dumps([ended.code, sorted(sys.modules)]))
"""


def loaded_by(*arguments: str) -> set[str]:
    """The modules that are loaded when a verb has run, in a process of its own."""
    done = subprocess.run([sys.executable, "-c", SPY, *arguments], check=True, capture_output=True, text=True)
    code, modules = json.loads(done.stdout)
    assert code == 0, done.stderr
    return set(modules)


def test_validating_many_nodes_loads_what_it_needs(tmp_path: Path) -> None:
    nodes = range(20)  # about as many as a stack takes
    streams = "".join(f"  s{node}: {{kind: kinesis, mode: on_demand}}\n" for node in nodes)
    on_failure = "{retries: 5, max_record_age_seconds: 3600, destination: s3}"
    consumers = "".join(
        f"  c{node}: {{kind: lambda, from: s{node}, code: handler, on_failure: {on_failure}}}\n" for node in nodes
    )
    (tmp_path / "handler").mkdir()
    (tmp_path / "handler" / "index.py").touch()
    spec = tmp_path / "pipeline.yaml"
    spec.write_text(f"name: many\nremoval_policy: destroy\nstreams:\n{streams}consumers:\n{consumers}")
    assert loaded_by("validate", str(spec)) & HEAVY == {"pydantic", "yaml"}


@pytest.mark.parametrize(
    "arguments", [("explain", "LNG204"), ("patterns",), ("schema",), ("--help",), ("init", "--help")]
)
def test_what_needs_no_models_loads_none(arguments: tuple[str, ...]) -> None:
    modules = loaded_by(*arguments)
    assert modules & HEAVY == set()
    verbs_loaded = {f"streaming_constructs.cli.{verb}" for verb in VERBS} & modules
    assert verbs_loaded == {f"streaming_constructs.cli.{argument}" for argument in arguments[:1] if argument in VERBS}

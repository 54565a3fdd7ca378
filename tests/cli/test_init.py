"""`init`: what it writes, and that it writes all of it or nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from streaming_constructs.cli import init
from streaming_constructs.spec.document import read_document
from streaming_constructs.spec.json_schema import SCHEMA_FILE
from streaming_constructs.spec.patterns import Pattern
from tests.cli.sizes import ALARMS

if TYPE_CHECKING:
    from tests.cli.conftest import Run

SPEC = """\
# yaml-language-server: $schema=../../streaming_constructs/spec/pipeline.schema.json
name: payments
streams:
  payments: {kind: kinesis, mode: on_demand}
consumers:
  fraud:
    kind: lambda
    from: payments
    code: handlers/fraud
    on_failure: {retries: 5, max_record_age_seconds: 3600, destination: s3}
alarms: {notify: [{email: oncall@example.com}]}
"""
WRITTEN = [
    ".gitignore",
    "README.md",
    "app.py",
    "cdk.json",
    "events.jsonl",
    "handlers/fraud/index.py",
    "pipeline.schema.json",
    "pipeline.yaml",
    "requirements.txt",
    "tests/test_fraud.py",
    "tests/test_pipeline.py",
]


@pytest.fixture
def pattern(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pattern:
    """A pattern to start from, and an empty working directory."""
    folder = tmp_path / "patterns" / "fraud-alert"
    texts = {
        "pattern.yaml": SPEC,
        "README.md": "# Judges payments\n",
        "events.jsonl": "{}\n",
        "handlers/fraud/index.py": "def handler(event, context): ...\n",
        "handlers/fraud/__pycache__/index.pyc": "",
        "tests/test_fraud.py": "def test_fraud(): ...\n",
        "tests/__snapshots__/template.yaml": "",
        ".cache/hidden": "",
    }
    for file, text in texts.items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(text)
    found = Pattern("fraud-alert", folder, "Judges payments")
    monkeypatch.setattr("streaming_constructs.spec.patterns.list_patterns", lambda: [found])
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return found


def entries(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("directory", ["mine", "a/b/mine", "."])
def test_exactly_the_project_is_written(run: Run, pattern: Pattern, directory: str) -> None:
    result = run("init", "fraud-alert", directory)
    assert result.exit_code == 0, result.output
    assert files(Path(directory)) == WRITTEN
    assert result.stdout.splitlines() == [str(Path(directory) / file) for file in WRITTEN]
    top = Path(directory).parts[:1]
    assert entries(Path()) == (list(top) if top else sorted({file.partition("/")[0] for file in WRITTEN}))


def test_the_project_is_fine_as_it_stands(run: Run, pattern: Pattern) -> None:
    run("init", "fraud-alert", "mine")
    assert run("validate", "mine/pipeline.yaml").stdout == (
        "mine/pipeline.yaml (dev): fine · 1 stream, 1 consumer, 0 alarms\n"
        f"mine/pipeline.yaml (prod): fine · 1 stream, 1 consumer, {ALARMS} alarms\n"
    )
    tests = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", "mine", "mine/tests"]
    done = subprocess.run(tests, check=False, capture_output=True, text=True)
    assert "3 passed" in done.stdout, done.stdout


def test_the_test_of_a_project_fails_when_its_spec_is_not_fine(run: Run, pattern: Pattern) -> None:
    run("init", "fraud-alert", "mine")
    spec = Path("mine/pipeline.yaml")
    spec.write_text(spec.read_text().replace("max_record_age_seconds: 3600", "max_record_age_seconds: 86400"))
    tests = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", "mine", "mine/tests"]
    done = subprocess.run(tests, check=False, capture_output=True, text=True)
    assert "2 failed, 1 passed" in done.stdout
    assert "LAM506" in done.stdout


def test_what_the_files_say(run: Run, pattern: Pattern) -> None:
    run("init", "fraud-alert", "mine")
    mine = Path("mine")
    assert (mine / "app.py").read_text().splitlines()[2:] == [
        "from streaming_constructs import streaming_app",
        "",
        'streaming_app(spec="pipeline.yaml").synth()',
    ]
    assert json.loads((mine / "cdk.json").read_text()) == {"app": "python app.py", "versionReporting": False}
    rest = SPEC.partition("\n")[2]
    spec = (mine / "pipeline.yaml").read_text()
    assert spec.startswith(f"# yaml-language-server: $schema=pipeline.schema.json\n{rest}\nenvironments:")
    environments = read_document(spec, "pipeline.yaml").data["environments"]
    assert environments == {"dev": {"removal_policy": "destroy", "alarms": False}, "prod": {}}
    assert (mine / "pipeline.schema.json").read_bytes() == SCHEMA_FILE.read_bytes()
    assert (mine / "requirements.txt").read_text().startswith("streaming-constructs[local,node,validate]~=0.")
    readme = (mine / "README.md").read_text()
    assert readme.startswith(
        "# mine\n\nStarted from the pattern `fraud-alert` of streaming_constructs: Judges payments.\n"
    )
    assert "lists Payments-dev and Payments-prod" in readme
    # One stack is never told to take the place of another.
    assert "-c environment" not in readme


@pytest.mark.parametrize(
    ("pattern_name", "extras"),
    [
        ("kafka-serverless", "kafka,local,node,validate"),  # what speaks to a broker
        ("flink-analytics", "flink,local,node,validate"),  # what runs its SQL, and the tests of it
    ],
)
def test_a_project_has_what_its_pattern_is_rehearsed_with(
    run: Run, tmp_path: Path, pattern_name: str, extras: str
) -> None:
    run("init", pattern_name, str(tmp_path / "shop"))
    requirements = (tmp_path / "shop" / "requirements.txt").read_text()
    assert requirements.startswith(f"streaming-constructs[{extras}]~=0.")


@pytest.mark.parametrize(
    ("directory", "message"),
    [("mine", "the folder `mine` is not empty"), ("mine/notes.txt", "`mine/notes.txt` is a file")],
)
def test_what_is_there_is_left_alone(run: Run, pattern: Pattern, directory: str, message: str) -> None:
    Path("mine").mkdir()
    Path("mine/notes.txt").write_text("dear diary")
    result = run("init", "fraud-alert", directory)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"error[CMD108]: {message}\n")
    assert files(Path()) == ["mine/notes.txt"]


@pytest.mark.parametrize("directory", ["mine", "a/b/mine", "there", "."])
@pytest.mark.parametrize("failure", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_failure_leaves_nothing_behind(
    run: Run, pattern: Pattern, monkeypatch: pytest.MonkeyPatch, directory: str, failure: BaseException
) -> None:
    def fail(spec: str) -> str:
        raise failure

    Path("there").mkdir() if directory == "there" else None
    monkeypatch.setattr(init, "_with_schema", fail)  # when half of the project is written
    result = run("init", "fraud-alert", directory)
    assert result.stdout == ""
    if isinstance(failure, OSError):
        assert result.exit_code == 1
        assert result.stderr == (
            f"error[CMD108]: cannot write into `{directory}`\n   = note: no space left on device\n"
        )
    else:
        assert (result.exit_code, result.stderr) == (130, "")
    assert entries(Path()) == (["there"] if directory == "there" else [])
    assert directory != "there" or entries(Path("there")) == []


def test_an_unknown_pattern_is_a_finding(run: Run, pattern: Pattern) -> None:
    result = run("init", "fraud-alrt", "mine")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "error[CMD107]: there is no pattern `fraud-alrt`\n   = help: did you mean `fraud-alert`?\n"
    assert entries(Path()) == []

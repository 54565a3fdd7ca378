"""The app: what context chooses, and what happens when a spec is wrong. Run in processes of its own, as users run it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
QUIET = {
    "AWS_EC2_METADATA_DISABLED": "true",
    "CDK_DISABLE_CLI_TELEMETRY": "true",
    "CDK_DISABLE_VERSION_CHECK": "1",
    "CDK_VALIDATION": "false",
}
SPEC = """\
name: click-stream
streams:
  clicks: {kind: kinesis, mode: on_demand}
environments:
  dev: {}
  prod: {tags: {team: growth}}
"""
pytestmark = pytest.mark.xdist_group("app")


def run(*command: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Runs a command where no Node is on the path but the one of the package."""
    environment = {**os.environ, **QUIET, **env, "PATH": "/usr/bin:/bin"}
    environment.pop("JSII_NODE", None)
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with the app of this repository and a spec."""
    shutil.copy(ROOT / "app.py", tmp_path / "app.py")
    (tmp_path / "cdk.json").write_text(json.dumps({"app": f"{sys.executable} app.py"}))
    (tmp_path / "pipeline.yaml").write_text(SPEC)
    return tmp_path


def stacks(project: Path, out: str = "cdk.out") -> set[str]:
    return {path.name.removesuffix(".template.json") for path in (project / out).glob("*.template.json")}


def test_every_pattern_is_a_stack_without_the_cdk_cli(project: Path) -> None:
    done = run(sys.executable, "app.py", cwd=project)
    assert (done.returncode, done.stderr) == (0, "")
    assert stacks(project) == {
        "".join(part.title() for part in folder.name.split("-"))
        for folder in (ROOT / "patterns").iterdir()
        if (folder / "pattern.yaml").is_file()
    }


def test_context_chooses_a_file_and_its_environment(project: Path) -> None:
    context = json.dumps({"spec": "pipeline.yaml", "environment": "prod"})
    done = run(sys.executable, "app.py", cwd=project, CDK_CONTEXT_JSON=context)
    assert done.returncode == 0, done.stderr
    assert stacks(project) == {"ClickStream"}
    template = json.loads((project / "cdk.out" / "ClickStream.template.json").read_text())
    assert template["Description"] == "Streaming system click-stream (prod)"
    assert '"team"' in json.dumps(template)


@pytest.mark.parametrize(
    ("context", "code"),
    [
        ({"spec": "nowhere.yaml"}, "LNG101"),
        ({"pattern": "lambda-consumr"}, "CMD107"),
        ({"spec": "pipeline.yaml", "environment": "production"}, "GRF305"),
    ],
)
def test_what_is_wrong_is_said_with_a_code_and_no_traceback(project: Path, context: dict[str, str], code: str) -> None:
    done = run(sys.executable, "app.py", cwd=project, CDK_CONTEXT_JSON=json.dumps(context))
    assert done.returncode == 1
    assert f"error[{code}]" in done.stderr
    assert "Traceback" not in done.stderr
    assert stacks(project) == set()


def test_cdk_cli_lists_and_synthesizes(project: Path, cdk_cli: Path) -> None:
    listed = run(str(cdk_cli), "ls", cwd=project)
    assert listed.returncode == 0, listed.stderr
    assert "LambdaConsumer" in listed.stdout.split()
    done = run(str(cdk_cli), "synth", "--quiet", "--output", "one", "-c", "pattern=lambda-consumer", cwd=project)
    assert done.returncode == 0, done.stderr
    assert stacks(project, "one") == {"LambdaConsumer"}
    by_spec = run(str(cdk_cli), "ls", "-c", "spec=pipeline.yaml", cwd=project)
    assert by_spec.stdout.split() == ["ClickStream"], by_spec.stderr

"""A project that `init` wrote: every command of its README does what it says, and its two environments are two stacks."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from importlib.metadata import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from streaming_constructs.cli.group import verbs
from streaming_constructs.cli.init import CDK_CLI
from streaming_constructs.local.aws.embedded_aws import EmbeddedAws
from streaming_constructs.spec.patterns import list_patterns
from tests.cli.sizes import ALARMS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from streaming_constructs.spec.patterns import Pattern

    Sh = Callable[[str], subprocess.CompletedProcess[str]]

ROOT = Path(__file__).parents[2]
INSTALLS = ["python -m venv .venv && . .venv/bin/activate", "pip install -r requirements.txt"]
"""What brings packages from a registry, and is all that is not run."""
pytestmark = pytest.mark.xdist_group("rehearsal")


def commands(readme: str) -> list[str]:
    """The commands of a README, without their comments."""
    blocks = "".join(re.findall(r"^```sh\n(.*?)^```$", readme, re.MULTILINE | re.DOTALL))
    lines = [re.sub(r"(^|\s+)#.*", "", line) for line in blocks.splitlines()]
    return [line for line in lines if line]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("projects") / "mine"
    done = CliRunner().invoke(verbs, ["init", "lambda-consumer", str(folder)])
    assert done.exit_code == 0, done.output
    return folder


@pytest.fixture(scope="module")
def embedded() -> Iterator[EmbeddedAws]:
    with EmbeddedAws() as running:
        yield running


@pytest.fixture(scope="module")
def sh(project: Path, embedded: EmbeddedAws, cdk_cli: Path, tmp_path_factory: pytest.TempPathFactory) -> Sh:
    """Runs a line as the shell of somebody who installed the requirements, with an account at hand."""
    folder = tmp_path_factory.mktemp("shell")
    npx = folder / "npx"
    npx.write_text(f'#!/bin/sh\n[ "$1" = "aws-cdk@{CDK_CLI}" ] || exit 9\nshift\nexec "{cdk_cli}" "$@"\n')
    npx.chmod(0o755)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    environment |= {
        "PATH": f"{folder}:{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(folder),
        # What a person would answer.
        "CDK_REQUIRE_APPROVAL": "never",
        "CDK_DISABLE_CLI_TELEMETRY": "true",
        "CDK_DISABLE_VERSION_CHECK": "1",
        "PYTEST_ADDOPTS": "-p no:cacheprovider",
    }

    def run(line: str) -> subprocess.CompletedProcess[str]:
        account = embedded.environment if "npx" in line else {}
        if "destroy" in line:
            account["CDK_FORCE"] = (
                "true"  # yes, it may go; of a deployment it would mean to deploy what has not changed
            )
        return subprocess.run(
            line, shell=True, cwd=project, env=environment | account, capture_output=True, text=True, check=False
        )

    assert run(f"npx aws-cdk@{CDK_CLI} bootstrap aws://123456789012/us-east-1").returncode == 0
    return run


def stacks(embedded: EmbeddedAws) -> dict[str, list[tuple[str, str]]]:
    """The resources of each stack: name and physical id."""
    found: dict[str, list[tuple[str, str]]] = {}
    for resource in embedded.cloudformation.deployed():
        if resource.stack != "CDKToolkit":
            found.setdefault(resource.stack, []).append((resource.logical_id, resource.physical_id))
    return found


def stream_of(embedded: EmbeddedAws, stack: str) -> str:
    """The name of the stream of a stack."""
    (stream,) = (
        resource.physical_id
        for resource in embedded.cloudformation.deployed()
        if (resource.stack, resource.type) == (stack, "AWS::Kinesis::Stream")
    )
    return stream


def retention_hours(embedded: EmbeddedAws, stream: str) -> int:
    summary = embedded.aws.client("kinesis").describe_stream_summary(StreamName=stream)["StreamDescriptionSummary"]
    hours: int = summary["RetentionPeriodHours"]
    return hours


SAID = {
    "streaming-constructs validate": "pipeline.yaml (dev): fine · 1 stream, 1 consumer, 0 alarms\n"
    f"pipeline.yaml (prod): fine · 1 stream, 1 consumer, {ALARMS} alarms\n",
    "streaming-constructs plan": "payments (prod)\n└── stream payments: provisioned, 6 shards\n",
    "streaming-constructs local run": "300 records in, ",
    "streaming-constructs synth": "deploy    cdk deploy --app cdk.out Payments-prod\n",
    "pytest": " passed",
    "npx aws-cdk@2.1148.1 ls": "Payments-dev\nPayments-prod\n",
    "npx aws-cdk@2.1148.1 deploy Payments-dev": "",
    "npx aws-cdk@2.1148.1 deploy Payments-prod": "",
    "npx aws-cdk@2.1148.1 destroy Payments-dev": "",
}
"""What each command says, among other things; the commands by what they begin with, in the order of the README."""


def test_every_command_of_the_readme_does_what_it_says(project: Path, sh: Sh, embedded: EmbeddedAws) -> None:
    lines = commands((project / "README.md").read_text())
    assert lines[:2] == INSTALLS
    for line, (begins, said) in zip(lines[2:], SAID.items(), strict=True):
        assert line.startswith(begins)
        done = sh(line)
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
        assert said in done.stdout
    assert list(stacks(embedded)) == ["Payments-prod"]


def test_a_change_of_one_environment_leaves_the_other_alone(project: Path, sh: Sh, embedded: EmbeddedAws) -> None:
    deploy = f"npx aws-cdk@{CDK_CLI} deploy Payments-dev Payments-prod"
    assert sh(deploy).returncode == 0
    before = stacks(embedded)
    dev, prod = stream_of(embedded, "Payments-dev"), stream_of(embedded, "Payments-prod")
    spec = project / "pipeline.yaml"
    unchanged = spec.read_text()
    assert "dev: {removal_policy: destroy, " in unchanged
    streams = "streams: {payments: {retention_hours: 24}}"
    spec.write_text(
        unchanged.replace("dev: {removal_policy: destroy, ", f"dev: {{removal_policy: destroy, {streams}, ")
    )
    done = sh(deploy)
    spec.write_text(unchanged)
    assert done.returncode == 0, done.stderr
    assert "Payments-prod (no changes)" in done.stdout + done.stderr
    assert "Payments-dev (no changes)" not in done.stdout + done.stderr
    assert (retention_hours(embedded, dev), retention_hours(embedded, prod)) == (24, 72)
    assert stacks(embedded) == before  # nothing was replaced

    assert sh(f"npx aws-cdk@{CDK_CLI} destroy Payments-dev").returncode == 0
    assert stacks(embedded) == {"Payments-prod": before["Payments-prod"]}
    assert embedded.aws.client("kinesis").list_streams()["StreamNames"] == [prod]


def test_the_cdk_cli_is_the_one_that_is_tested() -> None:
    package = json.loads((ROOT / ".ci" / "cdk-cli" / "package.json").read_text())
    assert package["devDependencies"]["aws-cdk"] == CDK_CLI


def test_the_extras_of_the_requirements_are_there(project: Path) -> None:
    extras = re.findall(r"^streaming-constructs\[(.*)\]", (project / "requirements.txt").read_text(), re.MULTILINE)
    asked = {extra for group in extras for extra in group.split(",")}
    assert asked == {"local", "node", "validate"}
    assert asked <= set(metadata("streaming-constructs").get_all("Provides-Extra") or [])


@pytest.mark.parametrize("pattern", list_patterns(), ids=lambda pattern: pattern.name)
def test_a_project_of_any_pattern_is_fine_in_both_environments(pattern: Pattern, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    assert CliRunner().invoke(verbs, ["init", pattern.name, str(folder)]).exit_code == 0
    done = CliRunner().invoke(verbs, ["validate", str(folder / "pipeline.yaml"), "--format", "json"])
    told: dict[str, Any] = json.loads(done.stdout)
    assert [(system["environment"], system["fine"]) for system in told["files"][0]["systems"]] == [
        ("dev", True),
        ("prod", True),
    ]
    assert [finding for finding in told["findings"] if finding["level"] != "note"] == []
    readme = (folder / "README.md").read_text()
    assert "{" not in "".join(commands(readme))
    assert "local run pipeline.yaml --environment dev" in readme

"""Everything that the README shows is run."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from streaming_constructs import PipelineSpec, plan
from streaming_constructs.cli.group import verbs
from streaming_constructs.spec.patterns import find_pattern

ROOT = Path(__file__).parents[1]
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCKS = [(match[1], match[2]) for match in FENCE.finditer((ROOT / "README.md").read_text())]
COMMANDS = [
    line.removeprefix("$ ").split("  #")[0].strip()
    for language, text in BLOCKS
    if language == "console"
    for line in text.splitlines()
]


def of(language: str) -> list[str]:
    return [text for found, text in BLOCKS if found == language]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Path]:
    """The folder that a reader of the README has: the ten lines and a handler."""
    shutil.copytree(find_pattern("lambda-consumer").directory / "handlers", tmp_path / "handlers")
    for name in ("pipeline.yaml", "before.yaml"):
        (tmp_path / name).write_text(of("yaml")[0])
    with chdir(tmp_path):
        yield tmp_path


def test_the_blocks_are_of_known_kinds() -> None:
    assert {language for language, _ in BLOCKS} == {"console", "yaml", "python", "text", "sh"}
    assert len(of("yaml")) == 5
    assert len(of("python")) == 7


@pytest.mark.parametrize(
    "text",
    of("python"),
    ids=["same-in-python", "simulate", "bring-to-a-system", "bring-to-a-part", "kafka", "flink", "escape-hatches"],
)
def test_python_runs(project: Path, text: str) -> None:
    # In a process of its own: Node keeps the working directory that it was started in.
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_spec_in_python_equals_the_ten_lines(project: Path) -> None:
    spec_part = of("python")[0].split("app = cdk.App()")[0].replace("import aws_cdk as cdk\n", "")
    names: dict[str, object] = {}
    exec(compile(spec_part, "README.md", "exec"), names)
    assert names["spec"] == PipelineSpec.load("pipeline.yaml")


@pytest.mark.parametrize("position", [0, 1, 2, 4])
def test_specs_are_fine(project: Path, position: int) -> None:
    (project / "pipeline.yaml").write_text(of("yaml")[position])
    assert plan(PipelineSpec.load("pipeline.yaml")).findings == ()


def test_ten_lines_are_about_ten() -> None:
    assert len(of("yaml")[0].strip().splitlines()) <= 12
    assert set(yaml.safe_load(of("yaml")[0])) == {"name", "streams", "consumers", "alarms"}


def test_findings_are_printed_as_shown(project: Path) -> None:
    (project / "pipeline.yaml").write_text(of("yaml")[3])
    result = CliRunner().invoke(verbs, ["validate", "pipeline.yaml"])
    assert result.exit_code == 1
    assert result.output == of("text")[1]


@pytest.mark.parametrize("command", [one for one in COMMANDS if one.startswith("streaming-constructs")])
def test_commands_run(project: Path, command: str) -> None:
    result = CliRunner().invoke(verbs, shlex.split(command)[1:])
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize("command", [one for one in COMMANDS if one.startswith("make")])
def test_make_knows_the_commands(command: str) -> None:
    # Running them from inside themselves would not end; `.ci/run` runs one, and demo is the synth above.
    done = subprocess.run([*shlex.split(command), "--dry-run"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_every_command_is_of_a_kind_that_is_run() -> None:
    # What git shows is the reader's own history; the file that comes of it stands beside the spec here.
    assert [one for one in COMMANDS if not one.startswith(("streaming-constructs", "make", "git show "))] == []


def test_the_extras_that_are_named_are_there() -> None:
    there = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    named = re.findall(r"pip install '[\w.-]*\[(.*?)\]'", (ROOT / "README.md").read_text())
    assert named
    assert {extra for extras in named for extra in extras.split(",")} <= set(there)


def test_the_node_of_the_package_is_where_it_says() -> None:
    (script,) = of("sh")
    # `python` is that of the environment.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    said = subprocess.run(
        ["sh", "-c", f'{script}"$JSII_NODE" --version'],
        env={**os.environ, "PATH": path, "JSII_NODE": ""},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert int(said.lstrip("v").partition(".")[0]) >= 24


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", (ROOT / "README.md").read_text()):
        assert (ROOT / target).exists(), target


def test_the_tables_of_alarms_name_every_kind_of_alarm() -> None:
    table = (ROOT / "docs/alarms.md").read_text()
    for alarm in plan(PipelineSpec.model_validate(EVERY_ALARM)).alarms:
        assert f".{alarm.kind}`" in table, alarm.kind


ON_ERROR = {"retries": 5, "max_record_age_seconds": 3600, "destination": "s3"}
EVERY_ALARM = {
    "name": "all",
    "schemas": {"click": {"page": "string"}},
    "streams": {
        "clicks": {"kind": "kinesis", "schema": "click", "mode": "on_demand", "encryption": "customer_managed"}
    },
    "consumers": {
        "fraud": {"kind": "lambda", "from": "clicks", "code": "fraud", "enhanced_fan_out": True, "on_failure": ON_ERROR}
    },
    "deliveries": {
        "lake": {
            "from": "clicks",
            "decompress_cloudwatch_logs": True,
            "transform": {"code": "fraud"},
            "to": {"kind": "s3", "format": "parquet", "partition_by": ["page"], "source_backup": {}},
        },
        "search": {"to": {"kind": "opensearch", "domain": "domain"}},
        "warehouse": {
            "to": {
                "kind": "redshift",
                "jdbc_url": "jdbc:redshift://shop.abc.eu-west-1.redshift.amazonaws.com:5439/shop",
                "secret_arn": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:redshift-AbCdEf",
                "table": "clicks",
            }
        },
    },
    "stores": {
        "domain": {"kind": "opensearch", "encryption": "customer_managed"},
        "table": {
            "kind": "dynamodb",
            "partition_key": "id",
            "billing": "provisioned",
            "read_capacity": 5,
            "write_capacity": 5,
        },
    },
}
"""A system that has an alarm of every kind."""

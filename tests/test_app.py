"""The app: what context chooses, and what happens when a spec is wrong. Run in processes of its own, as users run it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

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
  dev: {removal_policy: destroy}
  prod: {tags: {team: growth}, account: "111122223333", region: eu-west-1}
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


def templates(project: Path) -> dict[str, Any]:
    return {
        path.name.removesuffix(".template.json"): json.loads(path.read_text())
        for path in (project / "cdk.out").glob("*.template.json")
    }


def stream_of(template: Any) -> Any:
    (stream,) = [resource for resource in template["Resources"].values() if resource["Type"] == "AWS::Kinesis::Stream"]
    return stream


def test_each_environment_of_a_file_is_a_stack(project: Path) -> None:
    done = run(sys.executable, "app.py", cwd=project, CDK_CONTEXT_JSON=json.dumps({"spec": "pipeline.yaml"}))
    assert (done.returncode, done.stderr) == (0, "")
    built = templates(project)
    assert {name: template["Description"] for name, template in built.items()} == {
        "ClickStream-dev": "Streaming system click-stream (dev)",
        "ClickStream-prod": "Streaming system click-stream (prod)",
    }
    assert stream_of(built["ClickStream-dev"])["DeletionPolicy"] == "Delete"
    assert stream_of(built["ClickStream-prod"])["DeletionPolicy"] == "Retain"
    manifest = json.loads((project / "cdk.out" / "manifest.json").read_text())["artifacts"]
    assert [manifest[name]["environment"] for name in built if name.endswith("prod")] == [
        "aws://111122223333/eu-west-1"
    ]
    assert [manifest[name]["environment"] for name in built if name.endswith("dev")] == [
        "aws://unknown-account/unknown-region"
    ]


def test_context_chooses_one_environment(project: Path) -> None:
    context = json.dumps({"spec": "pipeline.yaml", "environment": "prod"})
    done = run(sys.executable, "app.py", cwd=project, CDK_CONTEXT_JSON=context)
    assert done.returncode == 0, done.stderr
    assert stacks(project) == {"ClickStream-prod"}
    assert '"team"' in json.dumps(templates(project))


@pytest.mark.parametrize(
    ("context", "ids"),
    [
        ({"pattern": "lambda-consumer"}, {"LambdaConsumer"}),
        ({"spec": "pipeline.yaml"}, {"ClickStream-dev", "ClickStream-prod"}),
        ({"spec": "single.yaml"}, {"ClickStream"}),
    ],
)
def test_any_system_can_be_made_disposable(project: Path, context: dict[str, str], ids: set[str]) -> None:
    (project / "single.yaml").write_text(SPEC.partition("environments")[0])
    context = {**context, "removal_policy": "destroy"}
    done = run(sys.executable, "app.py", cwd=project, CDK_CONTEXT_JSON=json.dumps(context))
    assert done.returncode == 0, done.stderr
    built = templates(project)
    assert set(built) == ids
    kept = [
        (name, logical_id)
        for name, template in built.items()
        for logical_id, resource in template["Resources"].items()
        if resource.get("DeletionPolicy", "Delete") != "Delete"
    ]
    assert kept == []


def test_planning_follows_from_the_removal_policy_of_the_context(project: Path) -> None:
    (project / "pipeline.yaml").write_text(
        "name: logs\nstores: {search: {kind: opensearch, retention_days: 7}}\n"
        "deliveries: {logs: {from: direct_put, to: {kind: opensearch, domain: search, index: logs}}}\n"
    )
    sizes = {}
    for policy in ("retain", "destroy"):
        context = json.dumps({"spec": "pipeline.yaml", "removal_policy": policy})
        done = run(sys.executable, "app.py", cwd=project, CDK_CONTEXT_JSON=context)
        assert done.returncode == 0, done.stderr
        resources = templates(project)["Logs"]["Resources"].values()
        (domain,) = [one for one in resources if one["Type"] == "AWS::OpenSearchService::Domain"]
        sizes[policy] = domain["Properties"]["ClusterConfig"]["InstanceCount"]
    assert sizes == {"retain": 3, "destroy": 1}


SAME_STACK = "name: a\nstreams: {s: {kind: kinesis, shards: 1}}\nenvironments: {eu_west: {}, eu-west: {}}\n"


@pytest.mark.parametrize(
    ("context", "code", "says"),
    [
        ({"spec": "nowhere.yaml"}, "LNG101", "cannot read `nowhere.yaml`"),
        ({"pattern": "lambda-consumr"}, "CMD107", "did you mean `lambda-consumer`?"),
        ({"spec": "pipeline.yaml", "environment": "staging"}, "GRF305", "use one of: `dev`, `prod`"),
        ({"pattern": "lambda-consumer", "environment": "dev"}, "GRF305", "leave it out: the file describes one system"),
        ({"spec": "pipeline.yaml", "removal_policy": "delete"}, "LNG205", "use one of: `destroy`, `retain`"),
        ({"spec": "same.yaml"}, "GRF305", "`a (eu_west)` and `a (eu-west)` would be one stack, `A-eu-west`"),
    ],
)
def test_what_is_wrong_is_said_with_a_code_and_no_traceback(
    project: Path, context: dict[str, str], code: str, says: str
) -> None:
    (project / "same.yaml").write_text(SAME_STACK)
    done = run(sys.executable, "app.py", cwd=project, CDK_CONTEXT_JSON=json.dumps(context))
    assert done.returncode == 1
    assert f"error[{code}]" in done.stderr
    assert says in done.stderr
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
    assert by_spec.stdout.split() == ["ClickStream-dev", "ClickStream-prod"], by_spec.stderr


def test_what_cdk_refuses_is_told_without_a_traceback(project: Path) -> None:
    (project / "cdk.out" / "manifest.json").mkdir(parents=True)
    app = "from streaming_constructs import streaming_app; streaming_app(spec='pipeline.yaml').synth()"
    done = run(sys.executable, "-c", app, cwd=project)
    assert done.returncode == 1
    assert "error[CMD110]: CDK refuses to build it\n  --> pipeline.yaml:1" in done.stderr
    assert "Traceback" not in done.stderr

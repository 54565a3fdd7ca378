"""The wheel: builds, carries the schema, the patterns and the type marker, and works away from the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = out.glob("*.whl")
    return built


def test_wheel_carries_what_users_need_and_nothing_else(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {
        "streaming_constructs/py.typed",
        "streaming_constructs/__init__.pyi",
        "streaming_constructs/spec/pipeline.schema.json",
        "streaming_constructs/local/lambda_function/runtime_bootstrap.mjs",
        "streaming_constructs/local/live_page/assets/index.html",
        "streaming_constructs/local/live_page/assets/live.js",
        "streaming_constructs/local/live_page/assets/panel.js",
        "streaming_constructs/local/live_page/assets/live.css",
        "streaming_constructs/facts/jars/kafka.lock.json",
        "streaming_constructs/facts/jars/flink-2.3.lock.json",
        "streaming_constructs/facts/jars/flink-connectors-2.0.lock.json",
        "streaming_constructs/patterns/lambda-consumer/pattern.yaml",
        "streaming_constructs/patterns/lambda-consumer/README.md",
        "streaming_constructs/patterns/lambda-consumer/events.jsonl",
        "streaming_constructs/patterns/lambda-consumer/handlers/fraud/index.py",
        "streaming_constructs/patterns/kafka-tiered-storage/pattern.yaml",
        "streaming_constructs/patterns/kafka-tiered-storage/events.jsonl",
        "streaming_constructs/patterns/kafka-serverless/handlers/audit/index.py",
    } <= names
    assert {name.split("/")[0] for name in names} == {"streaming_constructs", "streaming_constructs-0.1.0.dist-info"}
    assert not [name for name in names if "__pycache__" in name or name.endswith(".pyc")]


def test_installed_wheel_works_away_from_the_checkout(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    code = "from streaming_constructs.cli import main; main()"
    environment = {**os.environ, "PYTHONPATH": str(site)}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", code, *arguments]
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    assert "lambda-consumer " in run("patterns").stdout
    made = run("init", "lambda-consumer", "project")
    assert made.returncode == 0, made.stderr
    built = run("synth", "project/pipeline.yaml", "--out", "out")
    assert built.returncode == 0, built.stderr
    assert sorted(path.name for path in (tmp_path / "out").glob("*.template.json")) == [
        "Payments-dev.template.json",
        "Payments-prod.template.json",
    ]
    where = subprocess.run(
        [sys.executable, "-c", "import streaming_constructs; print(streaming_constructs.__file__)"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert where.stdout.startswith(str(site))

"""What the tests of rehearsals share: an embedded AWS for each module, and patterns as assemblies."""

from __future__ import annotations

import json
import os
import select
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from streaming_constructs.local import clock
from streaming_constructs.local.aws.embedded_aws import EmbeddedAws

Assemble = Callable[..., Path]


@pytest.fixture(autouse=True)
def no_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_") and "CREDENTIALS" in name]:
        monkeypatch.delenv(name)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_WEB_IDENTITY_TOKEN_FILE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def embedded() -> Iterator[EmbeddedAws]:
    """An AWS that the tests of a module share; each creates under names of its own."""
    with EmbeddedAws() as running:
        yield running


class Wall:
    """Time that passes when a test says so."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def monotonic(self) -> float:
        return self.seconds

    def time(self) -> float:
        return self.seconds + 1_700_000_000


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> Wall:
    """The wall's time, for clocks that are made after it."""
    stopped = Wall()
    monkeypatch.setattr(clock, "time", stopped)
    return stopped


class NamedPipe:
    """A pipe through which another process says how far it is: nobody has to look again and again."""

    def __init__(self, path: Path) -> None:
        os.mkfifo(path)
        self.path = path
        self._reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)

    def read(self) -> bytes:
        """What is said next; waits for it. Empty: everyone who had the pipe open is gone."""
        assert select.select([self._reader], [], [], 60)[0]
        return os.read(self._reader, 20)

    def close(self) -> None:
        os.close(self._reader)


@pytest.fixture
def pipe(tmp_path: Path) -> Iterator[NamedPipe]:
    named = NamedPipe(tmp_path / "pipe")
    yield named
    named.close()


def write_assembly(folder: Path, name: str, resources: Mapping[str, Any], **more: Any) -> Path:
    """A cloud assembly of one stack without assets, as CDK would write it."""
    folder.mkdir(parents=True, exist_ok=True)
    template = folder / f"{name}.template.json"
    template.write_text(json.dumps({"Resources": resources, **more}))
    bucket = "cdk-hnb659fds-assets-${AWS::AccountId}-${AWS::Region}"
    asset = {
        "source": {"path": template.name, "packaging": "file"},
        "destinations": {"here": {"bucketName": bucket, "objectKey": f"{abs(hash(template.read_text()))}.json"}},
    }
    (folder / f"{name}.assets.json").write_text(json.dumps({"files": {"template": asset}}))
    stack = {"type": "aws:cloudformation:stack", "properties": {"templateFile": template.name}}
    (folder / "manifest.json").write_text(json.dumps({"artifacts": {name: stack}}))
    return folder

"""What people call the resources of an assembly."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from streaming_constructs.local.construct_names import construct_names

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/Clickstream/Pipeline/fraud/Mapping", "fraud"),
        ("/Clickstream/Pipeline/clicks/Stream/Resource", "clicks"),
        ("/Clickstream/Pipeline/fraud/FailureQueue/Resource", "fraud"),
        ("/Company/CompanyStream/Resource", "CompanyStream"),
        ("/Company/Table", "Table"),
        ("/Company/Fraud/Function/Resource", "Fraud"),
    ],
)
def test_a_resource_has_the_name_of_what_it_stands_below(tmp_path: Path, path: str, name: str) -> None:
    entries = {path: [{"type": "aws:cdk:creationStack", "data": "x"}, {"type": "aws:cdk:logicalId", "data": "Id1"}]}
    (tmp_path / "metadata.json").write_text(json.dumps(entries))
    assert construct_names(tmp_path / "metadata.json") == {"Id1": name}


def test_without_metadata_there_are_no_names(tmp_path: Path) -> None:
    assert construct_names(tmp_path / "missing.json") == {}

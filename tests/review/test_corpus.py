"""The corpus: changes of templates and single templates, each with what has to be said of it and the page that proves it.

It was written from AWS's documents and from what the grades mean (docs/decisions/009-grades.md), not from what the rules say.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from streaming_constructs.review.auditing import audit
from streaming_constructs.review.reading.read_template import read_template
from streaming_constructs.review.templates_review import review

HERE = Path(__file__).parent
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def files(folder: str) -> list[Any]:
    return [
        pytest.param(path, id=f"{path.parent.name}/{path.stem}") for path in sorted((HERE / folder).glob("*/*.yaml"))
    ]


def read(path: Path) -> dict[str, Any]:
    entry: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
    return entry


@pytest.mark.parametrize("path", files("pairs"))
def test_a_change_means_what_it_means(path: Path) -> None:
    entry = read(path)
    found = review(read_template(entry["old"], "old"), read_template(entry["new"], "new"))
    assert found.verdict == entry["verdict"], "\n".join(
        f"{r.grade} {r.code} {r.logical_id}.{r.path}: {r.message}" for r in found.remarks
    )
    gravest = {remark.about for remark in found.remarks if remark.grade == found.verdict}
    assert not entry.get("about") or gravest & set(entry["about"])


@pytest.mark.parametrize("path", files("singles"))
def test_a_template_has_the_faults_that_it_has(path: Path) -> None:
    entry = read(path)
    found = audit(read_template(entry["template"], "template"))
    listed = "\n".join(f"{r.grade} {r.code} {r.about} {r.logical_id}.{r.path}: {r.message}" for r in found)
    if not entry["findings"]:
        assert found == [], listed
    told = {(remark.logical_id, remark.about) for remark in found}
    assert [fault for fault in entry["findings"] if (fault["logical_id"], fault["about"]) not in told] == [], listed

"""What is generated is what is committed, and says what the models say."""

from __future__ import annotations

import re
import stat
from typing import TYPE_CHECKING

import pytest

from streaming_constructs.cli.group import VERBS
from streaming_constructs.spec.codes import CODES

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

PAGES = ("spec.md", "errors.md", "cli.md", "pipeline.schema.json")


@pytest.mark.parametrize("name", PAGES)
def test_what_is_committed_is_what_is_generated(generate: ModuleType, name: str) -> None:
    (page,) = [(path, text) for path, text in generate.pages().items() if path.name == name]
    path, text = page
    assert path.read_text(encoding="utf-8") == text, "run `make docs`"


def test_all_pages_are_compared(generate: ModuleType) -> None:
    assert [path.name for path in generate.pages()] == list(PAGES)


def test_every_link_leads_somewhere(generate: ModuleType) -> None:
    pages = {path.name: text for path, text in generate.pages().items()}
    for name in ("spec.md", "errors.md"):
        headings = {heading.lower() for heading in re.findall(r"^## (\w+)$", pages[name], re.MULTILINE)}
        links = set(re.findall(r"\]\(#(\w+)\)", pages[name]))
        assert links
        assert links <= headings


def test_every_code_and_every_verb_has_its_section(generate: ModuleType) -> None:
    assert re.findall(r"^## (\w+)$", generate.errors_page(), re.MULTILINE) == list(CODES)
    assert re.findall(r"^## (\w+)$", generate.cli_page(), re.MULTILINE) == list(VERBS)


def test_the_finding_is_printed_beside_its_example(generate: ModuleType) -> None:
    section = generate.errors_page().partition("## LNG204\n")[2].partition("\n## ")[0]
    assert (
        "```yaml\nstreams:\n  payments: {retention_hours: 12}\n```\n\n```text\nerror[LNG204]: `retention_hours` is too small: "
        "at least 24\n  --> pipeline.yaml:14 streams.payments.retention_hours\n"
    ) in section
    assert "Source: <https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html>" in section


SAMPLE = """
| `retention_hours` | whole number ≥ 24, ≤ 8760 | 24 | How long records can be read, in hours, 24 to 8760. |
| `on_failure` | [OnFailure](#onerror) | **required** | What becomes of records that the function fails on. |
| `kind` | `lambda` | **required** | A Lambda function. |
| `skip_after` | [SkipAfter](#skipafter) | **required** | When to give up on a batch and go on with the next. |
| `peak_factor` | number ≥ 1, ≤ 1000 | 1, the numbers are the peak already | How many times the average the busiest minute is. |
"""


@pytest.mark.parametrize("row", SAMPLE.split("\n")[1:-1])
def test_a_row_says_what_a_field_takes_and_what_is_so_without_it(generate: ModuleType, row: str) -> None:
    assert row in generate.spec_page().splitlines()


def test_generating_twice_gives_the_same(generate: ModuleType) -> None:
    assert generate.pages() == generate.pages()


def test_a_file_is_replaced_whole(generate: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "page.md"
    generate.write(page, "old\n")
    generate.write(page, "new\n")
    assert page.read_text() == "new\n"
    assert stat.S_IMODE(page.stat().st_mode) == 0o644
    assert [path.name for path in tmp_path.iterdir()] == ["page.md"]

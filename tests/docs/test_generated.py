"""What is generated is what is committed, and says what the models say."""

from __future__ import annotations

import re
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from streaming_constructs.cli.group import VERBS
from streaming_constructs.spec.codes import TOPICS, codes_of, every_code

if TYPE_CHECKING:
    from types import ModuleType

DOCS = Path(__file__).resolve().parents[2] / "docs"
ERRORS = [f"errors/{topic.module}.md" for topic in TOPICS.values()]
PAGES = ["spec.md", "errors/README.md", *ERRORS, "cli.md", "kafka.md"]


@pytest.fixture(scope="module")
def pages(generate: ModuleType) -> dict[str, str]:
    """The text of every generated page of the docs, by its path below `docs/`."""
    in_docs = {path: text for path, text in generate.pages().items() if path.is_relative_to(DOCS)}
    return {path.relative_to(DOCS).as_posix(): text for path, text in in_docs.items()}


def anchors(text: str) -> set[str]:
    """What a link can name in a page, as GitHub makes it of the headings."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_what_is_committed_is_what_is_generated(generate: ModuleType) -> None:
    stale = [path.name for path, text in generate.pages().items() if path.read_text(encoding="utf-8") != text]
    assert stale == [], "run `make docs`"


def test_all_pages_are_compared(pages: dict[str, str]) -> None:
    assert set(pages) >= set(PAGES)
    written = {path.relative_to(DOCS).as_posix() for path in (DOCS / "errors").iterdir()}
    assert written == {name for name in PAGES if name.startswith("errors/")}


def test_every_link_leads_somewhere(pages: dict[str, str]) -> None:
    for name in ("spec.md", "kafka.md", "errors/README.md", *ERRORS):
        links = re.findall(r"\]\((?!https)([\w./-]*)(?:#([\w-]+))?\)", pages[name])
        assert links
        for page, anchor in links:
            target = ((DOCS / name).parent / page).resolve() if page else DOCS / name
            assert target.exists(), (name, page)
            assert not anchor or anchor in anchors(target.read_text(encoding="utf-8")), (name, page, anchor)


def test_every_code_and_every_verb_has_its_section(generate: ModuleType, pages: dict[str, str]) -> None:
    for topic in TOPICS.values():
        told = re.findall(r"^## (\w+)$", pages[f"errors/{topic.module}.md"], re.MULTILINE)
        assert told == [code.code for code in codes_of(topic.name)]
    assert re.findall(r"^\| \[(\w+)\]", pages["errors/README.md"], re.MULTILINE) == list(every_code())
    assert re.findall(r"^## (\w+)$", generate.cli_page(), re.MULTILINE) == list(VERBS)


def test_the_finding_is_printed_beside_its_example(pages: dict[str, str]) -> None:
    section = pages["errors/language.md"].partition("## LNG204\n")[2].partition("\n## ")[0]
    assert (
        "```yaml\nstreams:\n  payments: {retention_hours: 12}\n```\n\n```text\nerror[LNG204]: `retention_hours` is too small: "
        "at least 24\n  --> pipeline.yaml:14 streams.payments.retention_hours\n"
    ) in section
    assert "Source: <https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html>" in section


SAMPLE = """
| `retention_hours` | whole number ≥ 24, ≤ 8760 | 24 | How long records can be read, in hours, 24 to 8760. |
| `kind` | `lambda` | **required** | A Lambda function. |
| `retries` | whole number ≥ 0, ≤ 10000 | 5 | Retries of a failed batch before it is given up, 0 to 10000. |
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


def test_the_cookbook_stands_in_the_page_as_it_is_checked(generate: ModuleType, pages: dict[str, str]) -> None:
    shown = re.findall(r"^```yaml\n(.*?)^```$", pages["spec.md"].partition("## Cookbook")[2], re.MULTILINE | re.DOTALL)
    files = [path.read_text(encoding="utf-8") for path in generate.COOKBOOK]
    assert [yaml.safe_load(text) for text in shown[: len(files)]] == [yaml.safe_load(text) for text in files]
    titles = re.findall(
        r"^### (.*)$", pages["spec.md"].partition("## Cookbook")[2].partition("## Reference")[0], re.MULTILINE
    )
    assert titles == [text.splitlines()[0].removeprefix("# ") for text in files]

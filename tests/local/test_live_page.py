"""The page of a real rehearsal: what its server tells, and what a browser without a window makes of it."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

from streaming_constructs.app import add_system, new_app
from streaming_constructs.local import Event
from streaming_constructs.local.live_page.live_drawing import live_drawing
from streaming_constructs.local.rehearsal import Rehearsal
from streaming_constructs.planning.drawing.graph import graph_of
from streaming_constructs.planning.plan_file import load_plan
from streaming_constructs.spec.patterns import find_pattern
from streaming_constructs.spec.stack_name import stack_name

# isort: split
from streaming_constructs.local.live_page.live_page import LivePage

pytestmark = pytest.mark.xdist_group("rehearsal")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
in_a_browser = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is on the path")
HOSTILE = '<img src=x onerror="document.title=1"><script>document.title=1</script>'
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=800,1000",
    "--virtual-time-budget=3000",
)

Ask = Callable[[str], Any]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LivePage]:
    """The page of `lambda-consumer` and `firehose-archive`, of which the first is drawn, with poison in both."""
    folder = tmp_path_factory.mktemp("assembly")
    app = new_app(folder)
    found = [find_pattern(name) for name in ("lambda-consumer", "firehose-archive")]
    plans = [load_plan(pattern.spec_path) for pattern in found]
    for pattern, plan in zip(found, plans, strict=True):
        add_system(app, plan.spec, stack_name(pattern.name))
    app.synth()
    with ExitStack() as opened:
        rehearsal = opened.enter_context(Rehearsal())
        served = opened.enter_context(LivePage(rehearsal))
        served.live.draw(live_drawing(graph_of(plans[0])))
        rehearsal.deploy(folder)
        good = json.loads((found[0].directory / "events.jsonl").read_text().splitlines()[0])["data"]
        payments = [Event(f"key-{number}", json.dumps(good).encode()) for number in range(4)]
        rehearsal.put([*payments, Event("<b>", HOSTILE.encode())], rehearsal.target("payments"))
        click = json.loads((found[1].directory / "events.jsonl").read_text().splitlines()[0])["data"]
        rehearsal.put([Event("a", json.dumps(click | {"page": HOSTILE}).encode())], rehearsal.target("clicks"))
        assert rehearsal.drain(60)
        yield served


@pytest.fixture(scope="module")
def ask(page: LivePage) -> Ask:
    where = urlsplit(page.url)
    token = where.fragment.removeprefix("token=")

    def get(path: str) -> Any:
        address = f"http://localhost:{where.port}{path}"
        request = urllib.request.Request(address, headers={"Authorization": f"Bearer {token}"})
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30) as answer:
            return json.load(answer)

    return get


def dom(page: LivePage, folder: Path, fragment: str = "", url: str = "") -> str:
    """What the page is once its script ran, as HTML."""
    assert CHROMIUM is not None
    address = url or f"{page.url}&{fragment}"
    command = [CHROMIUM, *FLAGS, f"--user-data-dir={folder}", "--dump-dom", address]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    return done.stdout


def texts(found: str, name: str) -> list[str]:
    """The texts of all elements of a name, as a person reads them; there is no markup inside of them."""
    return [html.unescape(text) for text in re.findall(rf"<{name}\b[^>]*>([^<]*)</{name}>", found)]


# --- what its server tells


def test_the_page_is_on_loopback_and_its_token_is_not_that_of_the_aws(page: LivePage) -> None:
    where = urlsplit(page.url)
    assert (where.scheme, where.hostname, where.path, where.query) == ("http", "localhost", "/", "")
    assert len(where.fragment.removeprefix("token=")) >= 43
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"http://127.0.0.1:{where.port}/snapshot", timeout=30)
    refused.value.close()
    assert refused.value.code == 403


def test_the_state_is_that_of_the_rehearsal(ask: Ask) -> None:
    told = ask("/snapshot")
    assert (told["verdict"], told["reasons"], told["arrows"]) == ("running", [], [5, 1])
    assert {node["path"]: node["lines"] for node in told["nodes"]}["consumers.fraud"] == [
        "5 read, 4 handled",
        "0 behind",
        "1 poison, 5 retries",
    ]


def test_given_up_records_are_there_and_so_are_their_messages(ask: Ask) -> None:
    poison, messages = ask("/node?path=consumers.fraud.on_failure")
    assert [record["text"] for record in poison["records"]] == [HOSTILE]
    assert poison["records"][0]["head"].endswith(" · key <b>")
    (message,) = messages["records"]
    assert json.loads(message["text"])["KinesisBatchInfo"]["batchSize"] == 1
    assert ask("/node?path=consumers.fraud.on_failure")[1] == messages  # to look is not to receive


def test_objects_are_listed_and_their_rows_are_shown(ask: Ask) -> None:
    (objects,) = ask("/node?path=deliveries.lake.to")
    newest = objects["objects"][0]
    assert (objects["total"], newest["key"].startswith("lake/")) == (1, True)
    head = ask(f"/object?bucket={quote(newest['bucket'])}&key={quote(newest['key'])}")
    row = dict(zip(head["columns"], head["rows"][0], strict=True))
    assert (row["page"], len(head["rows"]), head["more"]) == (HOSTILE, 1, False)
    (raw,) = ask("/node?path=deliveries.raw.to")[0]["objects"]
    text = ask(f"/object?bucket={quote(raw['bucket'])}&key={quote(raw['key'])}")["text"]
    assert json.loads(text)["page"] == HOSTILE


@pytest.mark.parametrize("place", ["bucket=none&key=a", "bucket=..&key=a", "bucket=%2F&key=%00"])
def test_an_object_that_is_nowhere_is_not_found(ask: Ask, place: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        ask(f"/object?{place}")
    refused.value.close()
    assert refused.value.code == 404


# --- what a browser makes of it


@in_a_browser
def test_the_drawing_is_filled(page: LivePage, tmp_path: Path) -> None:
    found = dom(page, tmp_path)
    lines = texts(found, "text")
    told = (
        "5 records",
        "5 read, 4 handled",
        "0 behind",
        "1 poison, 5 retries",
        "1 poison record",
        "1,000 records/s",
        "5",
        "1",
    )
    assert [line for line in told if line not in lines] == []
    assert "000000000" not in "".join(lines)
    assert texts(found, "strong") == ["running"]
    boxes = re.findall(r'<rect class="box"[^>]*>', found)
    assert [re.search(r'data-mood="(\w+)"', box)[1] for box in boxes] == ["well", "poison", "poison"]  # type: ignore[index]
    assert all('role="button"' in box and 'tabindex="0"' in box for box in boxes)
    assert 'aria-label="Lambda function fraud: 5 read, 4 handled, 0 behind, 1 poison, 5 retries, poison"' in boxes[1]
    assert "token" not in found


@in_a_browser
def test_a_poison_record_is_shown_and_stays_text(page: LivePage, tmp_path: Path) -> None:
    found = dom(page, tmp_path, "node=consumers.fraud")
    assert texts(found, "h2") == ["Lambda function fraud"]
    assert texts(found, "pre")[0] == HOSTILE
    assert "<img" not in found
    assert found.count("<script") == 1
    assert texts(found, "title")[0] == "running · Rehearsal"
    counts = dict(zip(texts(found, "dt"), texts(found, "dd"), strict=True))
    assert (counts["records read"], counts["retries"], counts["poison records"]) == ("5", "5", "1")


@in_a_browser
def test_without_its_token_the_page_shows_nothing(page: LivePage, tmp_path: Path) -> None:
    found = dom(page, tmp_path, url=page.url.partition("#")[0])
    assert texts(found, "strong") == ["no token"]
    assert "fraud" not in found


@in_a_browser
def test_an_object_is_shown_with_its_rows(page: LivePage, tmp_path: Path) -> None:
    drawn = page.live._drawn
    page.live._drawn = None  # what is deployed is drawn: both patterns
    try:
        found = dom(page, tmp_path, "node=deliveries.lake.to")
    finally:
        page.live._drawn = drawn
    assert texts(found, "h2") == ["S3 bucket lake"]
    assert HOSTILE in texts(found, "td")
    assert any(text.endswith(".parquet") for text in texts(found, "button"))
    assert "<img" not in found


@in_a_browser
def test_a_rehearsal_that_is_over_says_how_it_went(page: LivePage, tmp_path: Path) -> None:
    page.live.end(["1 record was lost: <b>"])
    try:
        found = dom(page, tmp_path)
    finally:
        page.live._ended = None
    assert (texts(found, "strong"), texts(found, "li")) == (["red"], ["1 record was lost: <b>"])

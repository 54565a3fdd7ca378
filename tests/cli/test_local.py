"""`local`: a whole rehearsal by one command, one that stays, and what is refused."""

from __future__ import annotations

import errno
import io
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pytest
from moto.s3.models import S3Backend

from streaming_constructs.cli.group import verbs
from streaming_constructs.cli.local import VERBS, local
from streaming_constructs.cli.local.render_rehearsal import show_query_result
from streaming_constructs.local.athena.duckdb_query import QueryResult
from streaming_constructs.spec.patterns import find_pattern

if TYPE_CHECKING:
    from tests.cli.conftest import Run

pytestmark = pytest.mark.xdist_group("rehearsal")
CLI = Path(sys.executable).with_name("streaming-constructs")
PATTERN = find_pattern("firehose-archive")
SQL = "SELECT count(*) AS rows FROM lake"
MORE = {"run": ("lambda-consumer",), "put": ("events.jsonl",), "query": ("SELECT 1",)}
"""What a verb needs to be called at all."""

Cli = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(autouse=True)
def no_account(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pattern as a project of somebody's."""
    folder = tmp_path_factory.mktemp("archive")
    shutil.copy(PATTERN.spec_path, folder / "pipeline.yaml")
    shutil.copy(PATTERN.directory / "events.jsonl", folder)
    return folder


def code_of(output: str) -> str:
    return output.partition("error[")[2].partition("]")[0]


# --- the group


@pytest.mark.parametrize("verb", VERBS)
def test_the_group_says_of_a_verb_what_its_own_help_says_first(verb: str) -> None:
    command = local.get_command(click.Context(local), verb)
    assert command is not None
    assert (command.name, (command.help or "").partition("\n")[0]) == (verb, VERBS[verb])


def test_an_unknown_verb_is_wrong_usage(run: Run) -> None:
    result = run("local", "upp")
    assert (result.exit_code, result.stderr.splitlines()[-1]) == (
        2,
        "Error: there is no verb `upp`; did you mean `up`?",
    )


@pytest.mark.parametrize("arguments", [("local", "--help"), ("local", "run", "--help"), ("local", "up", "--help")])
def test_help_loads_nothing_of_it(arguments: tuple[str, ...]) -> None:
    code = (
        "import sys\nfrom streaming_constructs.cli.group import verbs\n"
        f"try:\n    verbs({list(arguments)})\nexcept SystemExit:\n    pass\n"
        "print([name for name in ('moto', 'boto3', 'duckdb', 'pyarrow', 'aws_cdk') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


# --- run


def test_run_accounts_for_every_record(run: Run, archive: Path) -> None:
    result = run("local", "run", str(archive / "pipeline.yaml"), "--query", SQL, "--skew")
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert lines[-1].startswith("300 records in, 297 archived as Parquet, 3 poison records isolated · ")
    assert [line.split() for line in lines if line.strip() in {"rows", "297"}] == [["rows"], ["297"]]
    assert "3 records kept apart: format-conversion-failed" in result.stdout
    assert sum("DataFormatConversion.ParseError: " in line for line in lines) == 3  # which records, and why
    assert sum("shardId-" in line for line in lines) == 7 + 3
    assert "no shard is hot" in result.stdout


def test_progress_is_told_on_stderr(run: Run, archive: Path) -> None:
    result = run("local", "run", str(archive / "pipeline.yaml"))
    phases = [line[:14].strip() for line in result.stderr.splitlines() if line.strip()]
    assert phases == ["synthesize", "start an AWS", "deploy", "put events", "drain"]


def test_run_tells_programs_the_same(run: Run, archive: Path) -> None:
    result = run("local", "run", str(archive / "pipeline.yaml"), "--format", "json", "--query", SQL)
    assert (result.exit_code, result.stderr) == (0, "")
    shown: dict[str, Any] = json.loads(result.stdout)
    assert {name: shown[name] for name in ("headline", "put", "lost", "waiting", "drained")} == {
        "headline": "300 records in, 297 archived as Parquet, 3 poison records isolated",
        "put": 300,
        "lost": 0,
        "waiting": 0,
        "drained": True,
    }
    assert shown["queries"] == [{"sql": SQL, "columns": ["rows"], "rows": [[297]]}]
    assert {one["name"]: one["delivered"] for one in shown["deliveries"]} == {"raw": 300, "lake": 297}
    assert set(shown["seconds"]) == {"synthesize", "start an AWS", "deploy", "put events", "drain"}


def test_events_of_ones_own_go_where_they_are_told(run: Run, archive: Path, tmp_path: Path) -> None:
    events = tmp_path / "mine.jsonl"
    events.write_text('{"event_id": "1"}\n{"event_id": "2"}\n')
    command = (
        "local",
        "run",
        str(archive / "pipeline.yaml"),
        "--events",
        str(events),
        "--into",
        "clicks",
        "--format",
        "json",
    )
    shown = json.loads(run(*command, "--rate", "1000", "--until-drained").stdout)
    assert (shown["put"], shown["streams"][0]["records"]) == (2, 2)


def test_what_is_refused_is_told_and_an_exit_code(run: Run, archive: Path, tmp_path: Path) -> None:
    events = tmp_path / "large.jsonl"
    events.write_text(json.dumps({"note": "x" * 1_100_000}) + '\n{"event_id": "1"}\n')
    result = run("local", "run", str(archive / "pipeline.yaml"), "--events", str(events))
    assert (result.exit_code, result.stdout.splitlines()[-1].partition(" · ")[0]) == (
        1,
        "1 record in, 1 archived as Parquet, no poison, 1 REFUSED",
    )


def test_a_file_of_events_is_looked_through_before_anything_starts(run: Run, archive: Path, tmp_path: Path) -> None:
    events = tmp_path / "keys.jsonl"
    events.write_text('{"partition_key": 7, "data": 1}\n')
    result = run("local", "run", str(archive / "pipeline.yaml"), "--events", str(events))
    assert (result.exit_code, code_of(result.stderr)) == (1, "LOC954")
    assert "deploy" not in result.stderr


def test_what_was_lost_is_an_exit_code(run: Run, archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from streaming_constructs.local.rehearsal_report import Report

    monkeypatch.setattr(Report, "lost", 1)
    assert run("local", "run", str(archive / "pipeline.yaml"), "--format", "json").exit_code == 1


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("missing.yaml",), "LNG101"),
        (("lambda-consumr",), "CMD107"),
        (("pipeline.yaml", "--events", "missing.jsonl"), "LOC954"),
        (("pipeline.yaml", "--into", "click"), "LOC958"),
        (("pipeline.yaml", "--query", "SELEC 1"), "LOC959"),
        (("pipeline.yaml", "--query", "DROP TABLE lake"), "LOC959"),
    ],
)
def test_what_cannot_be_run_is_a_finding(
    run: Run, archive: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], code: str
) -> None:
    monkeypatch.chdir(archive)
    result = run("local", "run", *arguments)
    assert (result.exit_code, code_of(result.stderr)) == (1, code)
    assert "synthesize" not in result.stderr
    assert "Traceback" not in result.output


def test_arguments_are_looked_at_all_at_once(run: Run, archive: Path) -> None:
    wrong = ("--events", "nosuch.jsonl", "--into", "click", "--query", "SELEC 1")
    result = run("local", "run", str(archive / "pipeline.yaml"), *wrong)
    codes = [line.partition("[")[2].partition("]")[0] for line in result.stderr.splitlines() if "error[" in line]
    assert codes == ["LOC954", "LOC958", "LOC959"]


def test_a_query_without_an_answer_takes_nothing_else_with_it(run: Run, archive: Path) -> None:
    queries = ("--query", "SELECT * FROM nosuch", "--query", SQL)
    result = run("local", "run", str(archive / "pipeline.yaml"), *queries, "--skew", "--max-poison", "1%")
    assert (result.exit_code, code_of(result.stderr)) == (1, "LOC959")
    lines = result.stdout.splitlines()
    assert [line.split() for line in lines if line.strip() in {"rows", "297"}] == [["rows"], ["297"]]
    assert sum(line.count("shardId-") for line in lines) >= 7
    red = [line for line in lines if line.startswith("red: ")]
    assert red == ["red: 1 query without an answer"]  # three in 300 are not more than 1 %
    assert lines[-1].startswith("300 records in, 297 archived as Parquet, 3 poison records isolated")


def test_a_query_without_an_answer_is_told_to_programs(run: Run, archive: Path) -> None:
    queries = ("--query", SQL, "--query", "SELECT * FROM nosuch")
    result = run("local", "run", str(archive / "pipeline.yaml"), *queries, "--max-poison", "2", "--format", "json")
    shown = json.loads(result.stdout)
    assert (result.exit_code, shown["faults"]) == (
        1,
        ["3 poison records of 300, where 2 may be", "1 query without an answer"],
    )
    answered, failed = shown["queries"]
    assert answered["rows"] == [[297]]
    assert (failed["sql"], [one["code"] for one in failed["findings"]]) == ("SELECT * FROM nosuch", ["LOC959"])


@pytest.mark.parametrize("allowed", ["many", "-1", "200%"])
def test_an_allowance_of_poison_that_is_none_is_wrong_usage(run: Run, archive: Path, allowed: str) -> None:
    result = run("local", "run", str(archive / "pipeline.yaml"), "--max-poison", allowed)
    assert (result.exit_code, "neither a count of records" in result.stderr) == (2, True)


HANDLERS = {
    "import jsn\ndef handler(event, context): pass\n": (1, "the handler never ran: No module named 'jsn'"),
    "def handler(event, context): print('hello', len(event['Records']))\n": (0, "no poison"),
}
CONSUMER = """\
name: payments
removal_policy: destroy
streams: {payments: {kind: kinesis, shards: 1}}
consumers:
  fraud:
    kind: lambda
    from: payments
    code: handler
    on_failure: {retries: 0, max_record_age_seconds: 600, bisect: false, destination: sqs}
alarms: {notify: [{email: oncall@example.com}]}
"""


@pytest.mark.parametrize("handler", HANDLERS, ids=["never-runs", "prints"])
def test_the_exit_code_is_that_of_the_handler(run: Run, tmp_path: Path, handler: str) -> None:
    (tmp_path / "handler").mkdir()
    (tmp_path / "handler" / "index.py").write_text(handler)
    (tmp_path / "pipeline.yaml").write_text(CONSUMER)
    (tmp_path / "events.jsonl").write_text("1\n2\n3\n")
    result = run("local", "run", "pipeline.yaml", "--logs")
    exit_code, told = HANDLERS[handler]
    handled = 0 if exit_code else 3
    assert result.exit_code == exit_code, result.output
    last = result.stdout.splitlines()[-1].partition(" · ")[0]
    assert last == f"3 records in, {handled} handled, {told}"
    assert ("red: fraud: the handler never ran: No module named 'jsn'" in result.stdout) is bool(exit_code)
    assert ("index.py:1 in <module>: import jsn" in result.stdout) is bool(exit_code)
    assert ("log of fraud\nhello 3\n" in result.stdout) is not bool(exit_code)


ENVIRONMENTS = """\
environments:
  dev: {removal_policy: destroy, streams: {clicks: {shards: 1}}}
  prod: {account: "111122223333", region: eu-west-1}
"""


@pytest.mark.parametrize("verb", ["run", "up"])
@pytest.mark.parametrize(
    ("more", "message", "help_"),
    [
        ((), "the file describes several systems, and none was chosen", "choose one of: `dev`, `prod`"),
        (("--environment", "test"), "the file has no environment `test`", "use one of: `dev`, `prod`"),
    ],
)
def test_a_file_with_environments_needs_one_before_anything_is_done(
    run: Run, archive: Path, tmp_path: Path, verb: str, more: tuple[str, ...], message: str, help_: str
) -> None:
    (tmp_path / "pipeline.yaml").write_text((archive / "pipeline.yaml").read_text() + ENVIRONMENTS)
    result = run("local", verb, "pipeline.yaml", *more)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"error[GRF305]: {message}\n")
    assert f"   = help: {help_}\n" in result.stderr
    assert not (tmp_path / ".streaming-constructs").exists()


@pytest.mark.parametrize(("environment", "shards"), [("dev", 1), ("prod", 7)])
def test_an_environment_is_what_is_rehearsed_whatever_account_it_goes_to(
    run: Run, archive: Path, tmp_path: Path, environment: str, shards: int
) -> None:
    (tmp_path / "pipeline.yaml").write_text((archive / "pipeline.yaml").read_text() + ENVIRONMENTS)
    shutil.copy(archive / "events.jsonl", tmp_path)
    result = run("local", "run", "pipeline.yaml", "--environment", environment, "--format", "json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert [len(stream["shards"]) for stream in told["streams"]] == [shards]


def test_without_events_it_says_how_to_have_some(run: Run, archive: Path, tmp_path: Path) -> None:
    shutil.copy(archive / "pipeline.yaml", tmp_path)
    result = run("local", "run", "pipeline.yaml")
    assert (result.exit_code, code_of(result.stderr)) == (1, "LOC954")
    assert "name a file with `--events`" in result.stderr


@pytest.mark.parametrize("verb", ["run", "up", "put", "query", "status", "logs"])
def test_every_verb_looks_at_the_environment_first(run: Run, monkeypatch: pytest.MonkeyPatch, verb: str) -> None:
    more = MORE.get(verb, ())
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://10.0.0.7:4566")
    assert code_of(run("local", verb, *more).stderr) == "LOC951"
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://localhost:4566")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAQ234567ABCDEFGHI")
    assert code_of(run("local", verb, *more).stderr) == "LOC952"


@pytest.mark.parametrize("verb", VERBS)
def test_the_extra_is_asked_for_by_name(run: Run, monkeypatch: pytest.MonkeyPatch, verb: str) -> None:
    monkeypatch.setattr("streaming_constructs.cli.local.require_extra._PACKAGES", ("boto3", "no_such_package"))
    result = run("local", verb, *MORE.get(verb, ()))
    assert (result.exit_code, code_of(result.stderr)) == (1, "LOC953")
    assert "there is no no_such_package" in result.stderr
    assert "pip install 'streaming-constructs[local]'" in result.stderr


def test_what_was_started_is_stopped_in_any_environment(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAQ234567ABCDEFGHI")
    assert code_of(run("local", "down").stderr) == "LOC956"


def test_put_looks_at_its_events_first(run: Run) -> None:
    result = run("local", "put", "nosuch.jsonl")
    assert (result.exit_code, code_of(result.stderr)) == (1, "LOC954")


# --- answers


WIDE = QueryResult(("page", "agent"), (("/coats", "x" * 30), (None, "\x1b[2J")))


@pytest.mark.parametrize(
    ("columns", "lines"),
    [
        (60, ["SELECT 1", "page    agent", f"/coats  {'x' * 30}", r"        \x1b[2J"]),
        (
            38,
            ["SELECT 1", "row 1", "page: /coats", f"agent: {'x' * 30}", "row 2", "page:", r"agent: \x1b[2J"],
        ),
    ],
)
def test_an_answer_that_does_not_fit_has_a_value_on_each_line(
    monkeypatch: pytest.MonkeyPatch, columns: int, lines: list[str]
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setattr("sys.stdout", Terminal())
    show_query_result("SELECT 1", WIDE)
    assert [line.rstrip() for line in sys.stdout.getvalue().splitlines()[1:]] == lines  # type: ignore[attr-defined]


def test_an_answer_in_a_file_is_a_table_however_wide(capsys: pytest.CaptureFixture[str]) -> None:
    show_query_result("SELECT 1", QueryResult(("page", "agent"), (("/coats", "x" * 300),)))
    assert capsys.readouterr().out.splitlines()[2:] == ["page    agent", f"/coats  {'x' * 300}"]


# --- one that stays


class FullDisk:
    """A store of objects that takes none below a prefix."""

    def __init__(self, prefix: str) -> None:
        self.prefix, self.put = prefix, S3Backend.put_object

    def __get__(self, backend: S3Backend, _: object) -> Callable[..., Any]:
        def put_object(bucket_name: str, key_name: str, *arguments: Any, **more: Any) -> Any:
            if key_name.startswith(self.prefix):
                raise OSError(errno.ENOSPC, "No space left on device")
            return self.put(backend, bucket_name, key_name, *arguments, **more)

        return put_object


def test_a_disk_that_is_full_is_said_once_and_fails_the_run(
    run: Run, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(S3Backend, "put_object", FullDisk("lake/"))
    result = run("local", "run", str(archive / "pipeline.yaml"))
    assert result.exit_code == 1
    said = [line for line in result.stdout.splitlines() if " has stopped: " in line]
    assert [line.partition(" has stopped: ")[0] for line in said] == ["red: lake"]
    assert "raw  300 rows as json" in result.stdout
    assert result.stdout.splitlines()[-1].partition(" · ")[0].endswith("300 still on their way, lake STOPPED")
    assert "Traceback" not in result.output


def test_a_disk_that_is_full_before_anything_runs_is_a_finding(
    run: Run, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(S3Backend, "put_object", FullDisk(""))
    result = run("local", "run", str(archive / "pipeline.yaml"))
    assert (result.exit_code, code_of(result.stderr)) == (1, "LOC955")
    assert "No space left on device" in result.stderr


@pytest.fixture
def cli(tmp_path: Path) -> Iterator[Cli]:
    """Runs the command line as a process of its own, in a folder in which nothing is left running."""

    def run_cli(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(CLI), "local", *arguments], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120
        )

    yield run_cli
    if (tmp_path / ".streaming-constructs" / "local.json").exists():
        run_cli("down")


def test_one_that_stays_is_put_into_asked_and_stopped(cli: Cli, archive: Path, tmp_path: Path) -> None:
    shutil.copy(archive / "pipeline.yaml", tmp_path)
    up = cli("up", "pipeline.yaml")
    assert up.returncode == 0, up.stderr
    exported = dict(line.removeprefix("export ").split("=", 1) for line in up.stdout.splitlines())
    assert exported["AWS_ENDPOINT_URL"].startswith("http://localhost:")
    assert (exported["AWS_ACCESS_KEY_ID"], exported["CDK_DEFAULT_ACCOUNT"]) == ("testing", "123456789012")

    again = cli("up", "pipeline.yaml")
    assert (again.returncode, code_of(again.stderr)) == (1, "LOC957")
    assert "synthesize" not in again.stderr

    put = cli("put", str(archive / "events.jsonl"), "--until-drained", "--format", "json")
    shown = json.loads(put.stdout)
    assert {name: shown[name] for name in ("into", "records", "throttled", "refused")} == {
        "into": "clicks",
        "records": 300,
        "throttled": 0,
        "refused": 0,
    }
    status = json.loads(cli("status", "--format", "json").stdout)
    assert status["endpoint_url"] == exported["AWS_ENDPOINT_URL"]
    assert {one["name"]: one["delivered"] for one in status["deliveries"]} == {"raw": 300, "lake": 297}
    assert json.loads(cli("query", SQL, "--format", "json").stdout)["rows"] == [[297]]
    assert "lake  297 rows as parquet" in cli("status").stdout

    judged = cli("status", "--max-poison", "2", "--format", "json")
    assert (judged.returncode, json.loads(judged.stdout)["faults"]) == (1, ["3 poison records of 300, where 2 may be"])
    more = cli("put", str(archive / "events.jsonl"), "--until-drained", "--max-poison", "5", "--format", "json")
    assert (more.returncode, json.loads(more.stdout)["faults"]) == (1, ["6 poison records of 600, where 5 may be"])
    assert json.loads(cli("logs", "--format", "json").stdout) == {"raw": "", "lake": ""}
    assert code_of(cli("logs", "lakes").stderr) == "LOC960"

    down = cli("down")
    assert (down.returncode, down.stdout) == (0, f"stopped {exported['AWS_ENDPOINT_URL']}\n")
    after = cli("status")
    assert (after.returncode, code_of(after.stderr)) == (1, "LOC956")
    left = sorted(path.name for path in (tmp_path / ".streaming-constructs").iterdir())
    assert left == [".gitignore", "local.log", "lock"]


def test_the_commands_of_the_page_about_rehearsals_work(cli: Cli, tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "local.md").read_text()
    block = page.partition("## Keeping one running")[2].partition("```console\n")[2].partition("```")[0]
    commands = [line.removeprefix("$ ") for line in block.splitlines()]
    assert commands[0] == "streaming-constructs init lambda-consumer my-project"
    assert commands[-1] == "streaming-constructs local down"
    script = "trap 'streaming-constructs local down' EXIT\n" + "\n".join(
        f"echo {shlex.quote(f'# {command}')}; {command}" for command in commands[:-1]
    )
    path = f"{CLI.parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["sh", "-ec", script],
        cwd=tmp_path,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    log = done.stdout.partition("# streaming-constructs local logs fraud\n")[2]
    warned = [json.loads(line) for line in log.splitlines() if '"message":"Poison record"' in line]
    assert len({line["sequence_number"] for line in warned}) == 3
    assert "300 records into payments" in done.stdout


def test_what_is_left_of_one_that_died_is_passed_over(cli: Cli, tmp_path: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    (tmp_path / ".streaming-constructs").mkdir()
    state = tmp_path / ".streaming-constructs" / "local.json"
    state.write_text(json.dumps({"pid": dead.pid, "endpoint_url": "http://localhost:1"}))
    assert code_of(cli("down").stderr) == "LOC956"
    assert not state.exists()


def test_a_file_that_nobody_here_wrote_leads_nowhere(cli: Cli, tmp_path: Path) -> None:
    """As a repository could bring it: its process is not ended, its address not asked."""
    (tmp_path / ".streaming-constructs").mkdir()
    state = tmp_path / ".streaming-constructs" / "local.json"
    state.write_text(json.dumps({"pid": os.getpid(), "endpoint_url": "http://10.0.0.7:80", "token": "x"}))
    state.chmod(0o600)
    assert code_of(cli("status").stderr) == "LOC956"
    assert code_of(cli("down").stderr) == "LOC956"


def test_a_folder_that_is_a_link_is_refused(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "victim").mkdir()
    (tmp_path / ".streaming-constructs").symlink_to("victim")
    refused = cli("up")
    assert (refused.returncode, code_of(refused.stderr)) == (1, "LOC961")
    assert list((tmp_path / "victim").iterdir()) == []
    (tmp_path / ".streaming-constructs").unlink()


def test_of_two_at_once_one_runs_and_is_the_one_that_is_stopped(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    both = [
        subprocess.Popen(
            [CLI, "local", "up"],
            cwd=tmp_path,
            env=environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for _ in range(2)
    ]
    told = [process.communicate() for process in both]
    assert sorted(process.returncode for process in both) == [0, 1]
    assert [code_of(stderr) for (_, stderr), process in zip(told, both, strict=True) if process.returncode] == [
        "LOC957"
    ]
    ports = {line for stdout, _ in told for line in stdout.splitlines() if "AWS_ENDPOINT_URL=" in line}
    down = subprocess.run([CLI, "local", "down"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert {f"export AWS_ENDPOINT_URL={down.stdout.split()[1]}"} == ports


def test_what_does_not_answer_is_stopped_too(cli: Cli, tmp_path: Path) -> None:
    assert cli("up").returncode == 0
    (tmp_path / ".streaming-constructs" / "local.json").unlink()
    again = cli("up")
    assert (again.returncode, code_of(again.stderr)) == (1, "LOC957")
    pid = int((tmp_path / ".streaming-constructs" / "lock").read_text())
    down = cli("down")
    assert (down.returncode, down.stdout) == (0, f"stopped process {pid}, which did not answer\n")
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_what_is_stopped_in_the_middle_is_told_of_and_ended(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('a file of the project, and no module of ours')")
    assert cli("up").returncode == 0
    pid = int((tmp_path / ".streaming-constructs" / "lock").read_text())
    os.kill(pid, signal.SIGSTOP)
    status = cli("status")
    assert (status.returncode, code_of(status.stderr)) == (1, "LOC956")
    assert "does not answer" in status.stderr
    assert cli("down").stdout == f"stopped process {pid}, which did not answer\n"
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_profile_that_stands_in_the_way_is_unset(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "of-another-machine")
    assert cli("up").stdout.splitlines()[0] == "unset AWS_PROFILE"


def test_when_it_cannot_be_deployed_nothing_is_left_running(cli: Cli, archive: Path, tmp_path: Path) -> None:
    import socket

    shutil.copy(archive / "pipeline.yaml", tmp_path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        failed = cli("up", "--port", str(port))
    assert (failed.returncode, code_of(failed.stderr)) == (1, "LOC956")
    assert "choose another port with `--port`" in failed.stderr
    assert not (tmp_path / ".streaming-constructs" / "local.json").exists()


def test_the_verbs_are_those_of_the_group() -> None:
    assert list(local.list_commands(click.Context(local))) == list(VERBS)
    assert verbs.get_command(click.Context(verbs), "local") is local

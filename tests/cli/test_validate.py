"""`validate`: what it says, in which form, and with which exit code."""

from __future__ import annotations

import io
import json
import sys
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from streaming_constructs.cli.group import verbs
from streaming_constructs.spec.codes.base import BASE as FINE
from tests.cli.sizes import ALARMS

if TYPE_CHECKING:
    from collections.abc import Callable

    from streaming_constructs.local.flink.sql_parser import FlinkSqlParser
    from tests.cli.conftest import Run, Write

ONE_OF_EACH = FINE.replace("record_kb: 1}", "record_kb: 1}\n    retention: 48").replace(
    "from: payments", "from: payment"
)
ERRORS = """\
error[LNG201]: unknown field `retention`
  --> pipeline.yaml:9 streams.payments.retention
   |  9 |     retention: 48
   = help: write `retention_hours: 48`

error[GRF301]: there is no stream or queue `payment`
  --> pipeline.yaml:13 consumers.fraud.from
   |  13 |     from: payment
   = help: did you mean `payments`?
"""
WARNING = FINE.replace("    code:", "    reserved_concurrency: 1\n    timeout_seconds: 900\n    code:")


def test_a_fine_file_is_summed_up_in_one_line(run: Run, write: Write) -> None:
    result = run("validate", write())
    assert (result.exit_code, result.output) == (0, f"pipeline.yaml: fine · 1 stream, 1 consumer, {ALARMS} alarms\n")


def test_every_problem_is_told_in_the_order_of_the_file(run: Run, write: Write) -> None:
    result = run("validate", write(ONE_OF_EACH))
    assert result.stdout == f"{ERRORS}\n2 errors · streaming-constructs explain LNG201\n"
    assert (result.exit_code, result.stderr) == (1, "")


def test_what_planning_finds_has_its_line_too(run: Run, write: Write) -> None:
    result = run("validate", write(WARNING))
    assert result.exit_code == 1
    blocks = result.stdout.split("\n\n")
    assert [block.splitlines()[:2] for block in blocks[:2]] == [
        [
            "warning[LAM510]: less concurrency than the shards ask for: some of them will wait",
            "  --> pipeline.yaml:13 consumers.fraud.reserved_concurrency",
        ],
        [
            "note[LAM509]: age, not retries, decides when a slow batch is given up",
            "  --> pipeline.yaml:17 consumers.fraud.on_failure.retries",
        ],
    ]
    assert blocks[2] == "1 warning, 1 note · streaming-constructs explain LAM510\n"


def test_a_note_alone_is_fine(run: Run, write: Write) -> None:
    result = run("validate", write(FINE.replace("    code:", "    timeout_seconds: 900\n    code:")))
    assert result.exit_code == 0
    assert result.stdout.endswith(
        f"pipeline.yaml: fine · 1 stream, 1 consumer, {ALARMS} alarms\n1 note · streaming-constructs explain LAM509\n"
    )


def test_the_summary_names_the_worst_and_not_the_first(run: Run, write: Write) -> None:
    first_a_warning = FINE.replace("name: payments\n", "name: payments\nacknowledge: {fraud.LAM507: nothing to see}\n")
    later_an_error = first_a_warning.replace("max_record_age_seconds: 3600", "max_record_age_seconds: 86400")
    result = run("validate", write(later_an_error))
    assert result.stdout.startswith("warning[LNG604]")
    assert result.stdout.endswith("1 error, 1 warning · streaming-constructs explain LAM506\n")


def test_one_bad_file_among_fine_ones(run: Run, write: Write) -> None:
    result = run("validate", write(name="a.yaml"), write(ONE_OF_EACH), write(name="z.yaml"))
    assert result.exit_code == 1
    assert result.stdout == (
        f"{ERRORS}\na.yaml: fine · 1 stream, 1 consumer, {ALARMS} alarms\n"
        f"z.yaml: fine · 1 stream, 1 consumer, {ALARMS} alarms\n"
        "2 errors · streaming-constructs explain LNG201\n"
    )


def test_a_file_that_cannot_be_read_is_a_finding(run: Run, write: Write) -> None:
    result = run("validate", write(), "missing.yaml")
    assert result.exit_code == 1
    assert result.stdout.startswith("error[LNG101]: cannot read `missing.yaml`\n  --> missing.yaml\n")


@pytest.mark.parametrize(
    "arguments",
    [(), ("pipeline.yaml", "--format", "xml"), ("pipeline.yaml", "--json"), ("--fast", "pipeline.yaml")],
)
def test_wrong_usage_exits_with_2(run: Run, write: Write, arguments: tuple[str, ...]) -> None:
    write()
    result = run("validate", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("Usage: streaming-constructs validate")


# --- an earlier version

EARLIER = FINE.replace("amount: double", "amount: float, currency: string")


def test_what_an_earlier_version_had_is_asked_for(run: Run, write: Write) -> None:
    file, old = write(), write(EARLIER, "old.yaml")
    result = run("validate", file, "--against", old)
    assert (result.exit_code, result.stderr) == (1, "")
    assert (
        result.stdout
        == """\
error[SCH211]: `currency` is gone
  --> pipeline.yaml:3 schemas.payment.currency
   |  3 |   payment: {payment_id: string, amount: double, country: string}
   = note: what was written stays, and no query finds it any more
   = help: put it back: where records no longer have it, it stays empty. If only its key in the JSON changed, keep the name \
and give `json_key`

warning[SCH212]: `amount` was `float` and is `double`, which is wider
  --> pipeline.yaml:3 schemas.payment.amount
   |  3 |   payment: {payment_id: string, amount: double, country: string}
   |    |                                 ^
   = note: Athena reads the smaller as the wider in many tables, but asks to test it; other readers may refuse
   = help: query what was written before, or add a field of the new type at the end

1 error, 1 warning · streaming-constructs explain SCH211
"""
    )


def test_a_file_that_takes_nothing_away_is_fine(run: Run, write: Write) -> None:
    file, old = write(), write(FINE.replace(", country: string", ""), "old.yaml")
    result = run("validate", file, "--against", old)
    assert (result.exit_code, result.output) == (0, f"pipeline.yaml: fine · 1 stream, 1 consumer, {ALARMS} alarms\n")


def test_the_rest_of_an_earlier_version_is_not_asked(run: Run, write: Write) -> None:
    file, old = write(), write("schemas: {payment: {payment_id: string}}\nlanguage: {of: another day}\n", "old.yaml")
    assert run("validate", file, "--against", old).exit_code == 0


def test_what_is_lost_is_told_beside_what_is_wrong(run: Run, write: Write) -> None:
    file, old = write(ONE_OF_EACH), write(EARLIER, "old.yaml")
    findings = json.loads(run("validate", file, "--against", old, "--format", "json").stdout)["findings"]
    assert [(one["code"], one["line"], one["file"]) for one in findings] == [
        ("SCH211", 3, "pipeline.yaml"),
        ("SCH212", 3, "pipeline.yaml"),
        ("LNG201", 9, "pipeline.yaml"),
        ("GRF301", 13, "pipeline.yaml"),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[", "not valid YAML"),
        ("- a\n", "the file is no spec"),
        ("schemas: {payment: {amount: money}}\n", "--> old.yaml:1 schemas.payment.amount"),
        (
            "environments: {dev: {schemas: {payment: {amount: money}}}}\n",
            "--> old.yaml:1 environments.dev.schemas.payment.amount",
        ),
    ],
)
def test_an_earlier_version_without_schemas_to_compare_is_wrong_usage(
    run: Run, write: Write, text: str, message: str
) -> None:
    result = run("validate", write(), "--against", write(text, "old.yaml"))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Invalid value for '--against': the earlier version `old.yaml` cannot be read" in result.stderr
    assert message in result.stderr


def test_an_earlier_version_that_is_missing_is_wrong_usage(run: Run, write: Write) -> None:
    result = run("validate", write(), "--against", "old.yaml")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "cannot read `old.yaml`" in result.stderr


def test_one_earlier_version_is_not_that_of_several_files(run: Run, write: Write) -> None:
    result = run("validate", write(), write(name="b.yaml"), "--against", write(EARLIER, "old.yaml"))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "`--against` is an earlier version of one SPEC; name that one alone" in result.stderr


def test_each_environment_is_compared_with_itself(run: Run, write: Write) -> None:
    differences = "environments: {dev: {schemas: {payment: {extra: int}}}, prod: {}}\n"
    file, old = write(FINE + differences.replace("int", "string")), write(FINE + differences, "old.yaml")
    dev, prod, both = (
        run("validate", file, "--against", old, *more)
        for more in (("--environment", "dev"), ("--environment", "prod"), ())
    )
    assert [done.exit_code for done in (dev, prod, both)] == [1, 0, 1]
    assert "   = in: dev\n\npipeline.yaml (prod): fine" in both.stdout
    assert both.stdout.startswith("error[SCH212]: `extra` was `int` and is `string`\n  --> pipeline.yaml:20 ")


# --- environments

ENVIRONMENTS = """\
environments:
  dev:
    streams: {payments: {workload: {records_per_second: 10}}}
    alarms: {silence: {fraud.throttles: nobody waits in dev}}
  prod: {}
"""


def test_each_environment_is_checked(run: Run, write: Write) -> None:
    result = run("validate", write(FINE + ENVIRONMENTS))
    assert result.exit_code == 0
    assert result.stdout == (
        f"pipeline.yaml (dev): fine · 1 stream, 1 consumer, {ALARMS - 1} alarms\n"
        f"pipeline.yaml (prod): fine · 1 stream, 1 consumer, {ALARMS} alarms\n"
    )


def test_one_environment_is_checked_when_it_is_named(run: Run, write: Write) -> None:
    result = run("validate", write(FINE + ENVIRONMENTS), "--environment", "dev")
    assert result.stdout == f"pipeline.yaml (dev): fine · 1 stream, 1 consumer, {ALARMS - 1} alarms\n"


def test_what_two_environments_share_is_told_once(run: Run, write: Write) -> None:
    result = run("validate", write(ONE_OF_EACH + ENVIRONMENTS))
    assert result.stdout == f"{ERRORS}\n2 errors · streaming-constructs explain LNG201\n"


def test_what_is_wrong_in_one_environment_is_told(run: Run, write: Write) -> None:
    untold = FINE.replace("notify: [oncall@example.com]", "{}").replace("alarms:\n  {}", "alarms: {}")
    file = write(untold + "environments: {dev: {removal_policy: destroy}, prod: {}, test: {}}\n")
    result = run("validate", file)
    assert (result.exit_code, result.stderr) == (1, "")
    assert result.stdout.startswith("warning[ALM603]: the alarms tell nobody\n")
    assert result.stdout.partition("\n   = in: ")[2] == (
        "prod, test\n\n"
        f"pipeline.yaml (dev): fine · 1 stream, 1 consumer, {ALARMS} alarms\n"
        "1 warning · streaming-constructs explain ALM603\n"
    )
    assert run("validate", file, "--environment", "dev").exit_code == 0
    (found,) = json.loads(run("validate", file, "--format", "json").stdout)["findings"]
    assert (found["code"], found["environments"]) == ("ALM603", ["prod", "test"])
    assert "%0Ain: prod, test\n" in run("validate", file, "--format", "github").stdout


def test_a_file_with_environments_is_never_looked_at_without_one(run: Run, write: Write) -> None:
    # What the environments differ from is wrong by itself, and nobody builds it.
    hole = FINE.replace("    workload: {records_per_second: 1000, record_kb: 1}\n", "")
    file = write(hole + "environments: {dev: {streams: {payments: {shards: 1}}}}\n")
    result = run("validate", file)
    assert (result.exit_code, result.stdout) == (
        0,
        f"pipeline.yaml (dev): fine · 1 stream, 1 consumer, {ALARMS} alarms\n",
    )


@pytest.mark.parametrize(
    ("environment", "help_"),
    [("prd", "did you mean `prod`?"), ("staging", "use one of: `dev`, `prod`")],
)
def test_an_environment_that_is_not_there_is_a_finding(run: Run, write: Write, environment: str, help_: str) -> None:
    result = run("validate", write(FINE + ENVIRONMENTS), "--environment", environment)
    assert result.exit_code == 1
    assert result.stdout.startswith(f"error[GRF305]: the file has no environment `{environment}`\n")
    assert f"   = help: {help_}\n" in result.stdout


# --- what is checked


def test_a_pattern_is_checked_by_its_name(run: Run, write: Write) -> None:
    result = run("validate", "lambda-consumer", write())
    assert result.exit_code == 0
    assert result.stdout == (
        f"lambda-consumer: fine · 1 stream, 1 consumer, {ALARMS} alarms\n"
        f"pipeline.yaml: fine · 1 stream, 1 consumer, {ALARMS} alarms\n"
    )


def test_a_misspelt_pattern_is_a_finding(run: Run) -> None:
    result = run("validate", "lambda-consumr")
    assert result.exit_code == 1
    assert result.stderr.startswith("error[CMD107]: there is no pattern `lambda-consumr`\n")


def test_standard_input_is_a_file_of_the_working_directory(write: Write) -> None:
    write()  # the handler stands in the working directory
    result = CliRunner().invoke(verbs, ["validate", "-"], input=FINE)
    assert (result.exit_code, result.stdout) == (0, f"<stdin>: fine · 1 stream, 1 consumer, {ALARMS} alarms\n")
    elsewhere = CliRunner().invoke(verbs, ["validate", "-"], input=FINE.replace("handlers/fraud", "handlers/frod"))
    assert elsewhere.exit_code == 1
    assert "  --> <stdin>:13 consumers.fraud.code\n" in elsewhere.stdout


# --- json


def test_json_is_one_object(run: Run, write: Write) -> None:
    result = run("validate", write(name="a.yaml"), write(ONE_OF_EACH), "--format", "json")
    assert result.exit_code == 1
    assert json.loads(result.stdout) == {
        "files": [
            {
                "file": "a.yaml",
                "fine": True,
                "systems": [
                    {
                        "environment": None,
                        "fine": True,
                        "sizes": {
                            "streams": 1,
                            "queues": 0,
                            "clusters": 0,
                            "replicators": 0,
                            "connectors": 0,
                            "consumers": 1,
                            "analytics": 0,
                            "deliveries": 0,
                            "stores": 0,
                            "apis": 0,
                            "sns_topics": 0,
                            "producers": 0,
                            "alarms": ALARMS,
                        },
                    }
                ],
            },
            {
                "file": "pipeline.yaml",
                "fine": False,
                "systems": [{"environment": None, "fine": False, "sizes": None}],
            },
        ],
        "findings": [
            {
                "code": "LNG201",
                "level": "error",
                "message": "unknown field `retention`",
                "path": "streams.payments.retention",
                "file": "pipeline.yaml",
                "line": 9,
                "column": 5,
                "note": "",
                "help": "write `retention_hours: 48`",
                "environments": [],
            },
            {
                "code": "GRF301",
                "level": "error",
                "message": "there is no stream or queue `payment`",
                "path": "consumers.fraud.from",
                "file": "pipeline.yaml",
                "line": 13,
                "column": 5,
                "note": "",
                "help": "did you mean `payments`?",
                "environments": [],
            },
        ],
        "summary": {"errors": 2, "warnings": 0, "notes": 0},
    }


# --- github


def test_github_annotates_the_line(run: Run, write: Write) -> None:
    result = run("validate", write(ONE_OF_EACH), "--format", "github")
    assert result.exit_code == 1
    assert result.stdout == (
        "::error file=pipeline.yaml,line=9,col=5,title=LNG201::unknown field `retention` (streams.payments.retention)"
        "%0Ahelp: write `retention_hours: 48`\n"
        "::error file=pipeline.yaml,line=13,col=5,title=GRF301::there is no stream or queue `payment` (consumers.fraud.from)"
        "%0Ahelp: did you mean `payments`?\n"
    )


def test_github_has_its_own_words_for_levels(run: Run, write: Write) -> None:
    result = run("validate", write(WARNING), "--format", "github")
    assert [line.partition(" ")[0] for line in result.stdout.splitlines()] == ["::warning", "::notice"]


def test_github_is_told_nothing_about_a_fine_file(run: Run, write: Write) -> None:
    result = run("validate", write(), "--format", "github")
    assert (result.exit_code, result.output) == (0, "")


def test_what_would_end_a_command_on_github_is_escaped(run: Run, write: Write) -> None:
    key = '"50%\\r\\n::error::, \\e[31mboo"'
    name = write(FINE.replace("name: payments\n", f"name: payments\n{key}: 1\n"), "a,b:c%.yaml")
    (line,) = run("validate", name, "--format", "github").stdout.splitlines()
    assert line.startswith("::error file=a%2Cb%3Ac%25.yaml,line=2,col=1,title=LNG201::")
    assert r"::unknown field `50%25\r\n::error::, \x1b[31mboo` (50%25\r\n::error::, \x1b[31mboo)%0A" in line


# --- names are no commands


@pytest.mark.parametrize("name", ["a\n::error::b.yaml", "::error::b.yaml", "\x1b[2Ja.yaml", "a\u202eb.yaml"])
@pytest.mark.parametrize("form", ["text", "json", "github"])
@pytest.mark.parametrize("text", [FINE, ONE_OF_EACH, "["])
def test_a_name_is_obeyed_by_no_terminal_and_no_ci_system(
    run: Run, write: Write, name: str, form: str, text: str
) -> None:
    output = run("validate", write(text, name), "--format", form).output
    assert output.replace("\n", "").isprintable()
    lines = output.splitlines()
    told = ("::error file=", "::warning file=", "::notice file=") if form == "github" else ()
    assert [line for line in lines if line.lstrip().startswith("::") and not line.startswith(told)] == []
    if form == "json":
        assert json.loads(output)["files"][0]["file"] == name


# --- colour


@pytest.mark.parametrize(("terminal", "no_colour"), [(True, ""), (True, "1"), (False, "")])
def test_colour_is_for_terminals_and_can_be_refused(
    write: Write, monkeypatch: pytest.MonkeyPatch, terminal: bool, no_colour: str
) -> None:
    class Output(io.StringIO):
        def isatty(self) -> bool:
            return terminal

    monkeypatch.setenv("NO_COLOR", no_colour)
    monkeypatch.setattr("sys.stdout", Output())
    with pytest.raises(SystemExit):
        verbs(["validate", write(ONE_OF_EACH)])
    coloured = sys.stdout.getvalue().startswith("\x1b[31m\x1b[1merror[LNG201]\x1b[0m: unknown")
    assert coloured is (terminal and not no_colour)


CLICKS = """
name: clicks
schemas:
  click: {page: string, clicks: int}
streams:
  clicks: {kind: kinesis, shards: 1, schema: click}
  counts: {kind: kinesis, shards: 1, schema: click}
analytics:
  counts_of_pages:
    kind: flink_sql
    from: clicks
    to: counts
    parallelism: 1
    sql: |
      SELECT page,
        value FROM clicks
"""


def test_without_being_asked_it_starts_no_process(run: Run, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise AssertionError

    name = write(CLICKS)
    monkeypatch.setattr("subprocess.Popen", refused)
    assert "FLK254" not in run("validate", name).output


@pytest.mark.xdist_group("flink")
def test_the_parser_of_flink_tells_line_and_column(
    run: Run, write: Write, parser_of: Callable[[str], FlinkSqlParser]
) -> None:
    parser_of("FLINK-2_3")  # skips where it cannot be had
    result = run("validate", "--sql", "parse", write(CLICKS), write(CLICKS.replace("value", "clicks"), "fine.yaml"))
    assert result.exit_code == 1
    assert 'line 2, column 3 of the SQL: Encountered "value"\n' in result.output
    assert result.output.count("error[FLK254]") == 1

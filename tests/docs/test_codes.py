"""The catalogue of codes: complete, and true of what the language and planning say."""

from __future__ import annotations

import ast
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

import streaming_constructs
from streaming_constructs.cli.group import verbs
from streaming_constructs.facts import athena, event_source, firehose, kinesis, logs, s3
from streaming_constructs.planning.producers.kinesis_agent import PARAMETER_CHARACTERS
from streaming_constructs.spec.codes import TOPICS, codes_of, every_code, find
from streaming_constructs.spec.codes.base import BASE
from streaming_constructs.spec.codes.code import Code, in_base
from streaming_constructs.spec.codes.levels import NOTES, WARNINGS
from streaming_constructs.spec.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

PACKAGE = Path(streaming_constructs.__file__).parent
CODES = every_code()
IN_FILES = [pytest.param(code, id=name) for name, code in CODES.items() if code.form in {"file", "fragment"}]
COMMANDS = [pytest.param(code, id=name) for name, code in CODES.items() if code.form == "command"]


def used_codes() -> set[str]:
    """Every code that the source names, but for the catalogue itself."""
    sources = [path for path in PACKAGE.rglob("*.py") if path.parent.name != "codes"]
    named = {code for path in sources for code in re.findall(r'"([A-Z]{3}\d{3})"', path.read_text(encoding="utf-8"))}
    return {code for code in named if code[:3] in TOPICS}


def test_every_code_is_in_the_catalogue_and_every_entry_is_used() -> None:
    assert used_codes() == set(CODES)


def test_a_code_stands_in_the_module_of_its_topic_once_and_in_order() -> None:
    names = {topic: [code.code for code in codes_of(topic)] for topic in TOPICS}
    assert names == {topic: sorted(codes) for topic, codes in names.items()}
    assert [name for topic, codes in names.items() for name in codes if not name.startswith(topic)] == []
    of_templates = {"REV", "AUD"}
    numbers = [name[3:] for topic, codes in names.items() if topic not in of_templates for name in codes]
    assert len(numbers) == len(set(numbers)), "a number means one code of specs, whatever its topic"


def test_levels_are_of_codes_that_there_are() -> None:
    assert set(CODES) >= WARNINGS | NOTES
    assert not WARNINGS & NOTES
    assert [Finding(name, "…").level for name in ("LAM506", "LAM507", "LAM509")] == ["error", "warning", "note"]
    assert Finding("LAM506", "…", level="warning").level == "warning"


def findings_with_a_level() -> Iterator[tuple[str, str, ast.expr]]:
    """Every finding in the source that says its level: where, its code, and what it says."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Finding":
                level = next((keyword.value for keyword in node.keywords if keyword.arg == "level"), None)
                if level is not None and node.args and isinstance(node.args[0], ast.Constant):
                    yield f"{path.relative_to(PACKAGE)}:{level.lineno}", str(node.args[0].value), level


def test_a_level_stands_in_one_place_unless_the_situation_decides() -> None:
    told = list(findings_with_a_level())
    repeated = [place for place, code, level in told if ast.unparse(level) == repr(CODES[code].level)]
    assert repeated == [], "take `level` out: it is that of the code"
    assert {code for _, code, _ in told} == {
        "AGT914",
        "API885",
        "DDB848",
        "DDB849",
        "EVO974",
        "FIR713",
        "FLK131",
        "FLK226",
        "FLK261",
        "GRF309",
        "GRF310",
        "KIN410",
        "KIN412",
        "LAM506",
        "LAM524",
        "LOG909",
        "MSK421",
        "MSK444",
        "MSK490",
        "SCH212",
    }


def test_a_topic_is_loaded_only_when_it_is_asked_for() -> None:
    program = (
        "import sys; from streaming_constructs.spec.codes import find; find('LAM506'); "
        "print(*sorted(name.rpartition('.')[2] for name in sys.modules if name.startswith('streaming_constructs.spec.')))"
    )
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert loaded == ["base", "code", "codes", "lambda_function", "lambda_on_kafka", "lambda_on_queue", "levels"]


def test_what_is_no_code_is_found_nowhere() -> None:
    assert [find(name) for name in ("LAM999", "XYZ506", "lam506", "", "LAM")] == [None] * 5


def test_the_base_of_the_examples_is_fine(generate: ModuleType) -> None:
    assert generate.findings(BASE) == []


@pytest.mark.parametrize("code", IN_FILES)
def test_an_example_yields_its_code_and_no_other(generate: ModuleType, code: Code) -> None:
    found = generate.findings(code.file(code.example), code.file(code.earlier))
    assert {(finding.code, finding.level) for finding in found} == {(code.code, code.level)}
    assert all(finding.line for finding in found)


@pytest.mark.parametrize("code", IN_FILES)
def test_a_mend_leaves_nothing_to_say(generate: ModuleType, code: Code) -> None:
    assert generate.findings(code.file(code.mend), code.file(code.earlier)) == []


def test_an_earlier_version_by_itself_is_fine(generate: ModuleType) -> None:
    earlier = {
        name: generate.findings(code.file(code.earlier))
        for name, code in CODES.items()
        if code.earlier and code.form == "fragment"
    }
    assert {name: found for name, found in earlier.items() if found} == {}


@pytest.mark.parametrize("code", COMMANDS)
def test_a_command_yields_its_code_and_its_mend_does_not(
    code: Code, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pipeline.yaml").write_text(in_base(code.beside) if code.beside else BASE)
    handler = tmp_path / "handlers" / "fraud" / "index.py"
    handler.parent.mkdir(parents=True)
    handler.touch()
    failed, mended = (CliRunner().invoke(verbs, shlex.split(line)[1:]) for line in (code.example, code.mend))
    assert (failed.exit_code, mended.exit_code) == (1, 0)
    assert f"error[{code.code}]: " in failed.output


def test_only_what_building_the_template_a_rehearsal_or_a_file_of_before_finds_has_its_example_elsewhere() -> None:
    rehearsal = [code.code for code in codes_of("LOC")]
    assert [name for name, code in CODES.items() if code.form == "elsewhere"] == [
        "GRF307",
        "LAM517",
        "LAM542",
        "LAM569",  # the code of a function is read
        "MSK478",
        *(f"FLK{number}" for number in range(128, 139)),  # jars lie beside a spec, or in the cache
        "FLK254",  # a Flink is asked
        "EVO977",
        *(code.code for code in codes_of("CFN")),
        "CMD109",
        "CMD110",
        "CMD111",  # costs are told by `plan` alone
        *rehearsal,
        *(code.code for code in codes_of("REV") if code.code.startswith("REV9")),
    ]


SOURCES = (
    "https://docs.aws.amazon.com/",
    "https://aws.amazon.com/blogs/",
    "https://kafka.apache.org/documentation/",
    "https://nightlies.apache.org/flink/flink-docs-stable/",
)


def test_every_entry_reads_well() -> None:
    flaws = {
        name: [
            flaw
            for flaw, is_there in (
                ("the title starts in a capital that is no name's", code.title[:1].isupper()),
                ("the title ends in a full stop", code.title.endswith(".")),
                ("the story is no sentence", not code.why.endswith(".")),
                ("the story does not say what happens otherwise", len(code.why) <= 80),
                (
                    "the source is no page of AWS, of Kafka, or of Flink",
                    bool(code.source) and not code.source.startswith(SOURCES),
                ),
                ("only a command is run beside something", bool(code.beside) and code.form != "command"),
                (
                    "only a fragment has an earlier version",
                    bool(code.earlier) and code.form not in {"fragment", "template"},
                ),
            )
            if is_there
        ]
        for name, code in CODES.items()
    }
    assert {name: found for name, found in flaws.items() if found} == {}


FACTS = [
    (
        "KIN401",
        f"{kinesis.SHARD_WRITE_MIB_PER_SECOND.value} MiB/s and {kinesis.SHARD_WRITE_RECORDS_PER_SECOND.value:,}",
    ),
    ("KIN408", f"up to {kinesis.ON_DEMAND_MAX_WRITE_MIB_PER_SECOND_MOST_REGIONS.value} MiB/s in most regions"),
    ("KIN409", f"answers {kinesis.SHARD_GET_RECORDS_PER_SECOND.value} GetRecords calls a second"),
    ("KIN410", f"room for {kinesis.FAN_OUT_CONSUMERS.value} of them"),
    ("KIN410", f"for {kinesis.FAN_OUT_CONSUMERS_ON_DEMAND_ADVANTAGE.value} on demand with On-Demand Advantage"),
    ("LAM503", f"takes {event_source.FUNCTION_ENVIRONMENT_BYTES.value / 1024:g} KiB"),
    ("LAM505", f"takes {event_source.FILTER_PATTERN_CHARACTERS.value:,} characters"),
    ("LAM512", f"takes {event_source.PAYLOAD_MIB.value} MiB"),
    ("LAM513", f"starts with {event_source.FILTERS_DEFAULT_QUOTA.value} filters"),
    ("LAM513", f"to {event_source.FILTERS.maximum} at most"),
    ("LAM528", f"the {event_source.ACCOUNT_CONCURRENCY.value:,} concurrent executions"),
    ("LAM528", f"of which {event_source.UNRESERVED_CONCURRENCY.value} have to"),
    ("LAM516", f"share {event_source.ACCOUNT_CONCURRENCY.value:,} concurrent executions"),
    ("FIR702", f"below {firehose.CONVERSION_BUFFER_MIB.minimum} MiB"),
    ("FIR703", f"less than {firehose.DYNAMIC_PARTITIONING_BUFFER_MIB.minimum} MiB"),
    ("FIR703", f"MiB or {firehose.DYNAMIC_PARTITIONING_BUFFER_SECONDS.minimum} s"),
    ("FIR708", f"up to {kinesis.MAX_RECORD_KIB.maximum / 1024:g} MiB"),
    ("FIR708", f"above {kinesis.MAX_RECORD_KIB.minimum / 1024:g} MiB"),
    ("FIR708", f"above {firehose.TRANSFORM_PAYLOAD_MIB.value * 3 / 4:g} MiB"),
    ("FIR709", f"above {firehose.RECORD_KIB.value:,} KiB"),
    ("FIR712", f"below {s3.TRANSITION_OBJECT_KIB.value} KiB"),
    ("FIR715", f"takes {firehose.PREFIX_PROPERTY_CHARACTERS.value:,} characters"),
    ("FIR715", f"of which {firehose.PREFIX_CHARACTERS.value} may remain"),
    ("FIR715", f"and {firehose.PROCESSOR_PARAMETER_CHARACTERS.value:,} characters"),
    ("FIR716", f"takes {firehose.PARTITION_KEYS.value} keys"),
    ("FIR718", f"{firehose.DIRECT_PUT_MIB_PER_SECOND.value} MiB/s"),
    ("FIR718", f"and {firehose.DIRECT_PUT_RECORDS_PER_SECOND.value:,} records/s"),
    ("FIR719", f"objects of {athena.OBJECT_MIB.value} MiB"),
    ("FIR721", f"up to {firehose.HTTP.buffer_mb.maximum} MiB"),
    ("FIR721", f"Datadog takes {firehose.DATADOG_BUFFER_MB.maximum} MiB"),
    ("FIR721", f"MongoDB {firehose.MONGODB_BUFFER_MB.maximum} MiB"),
    ("FIR723", f"before {s3.STANDARD_IA_LEAST_DAYS.value} days"),
    ("FIR723", f"keeps it there for {s3.DAYS_IN_STORAGE_CLASS['standard_ia'].value} and"),
    ("FIR723", f"in a Glacier class for {s3.DAYS_IN_STORAGE_CLASS['glacier'].value} before"),
    ("FIR727", f"quota of {firehose.ACTIVE_PARTITIONS.value} partitions"),
    ("FIR730", f"up to {firehose.PARTITION_MIB_PER_SECOND.value / 1000:g} GB a second"),
    ("FIR731", f"up to {firehose.S3.transform_concurrency.value} batches"),
    ("FIR731", f"and {firehose.SPLUNK.transform_concurrency.value} where it writes to Splunk"),
    ("FIR736", f"quota of {firehose.ACTIVE_PARTITIONS.value} that"),
    ("LOG909", f"takes {logs.SUBSCRIPTION_FILTERS_PER_LOG_GROUP_SURE.value} subscription filters"),
    ("LOG909", f"and {logs.SUBSCRIPTION_FILTERS_PER_LOG_GROUP.value} at most"),
    ("AGT907", f"holds {PARAMETER_CHARACTERS.value:,} characters"),
]


def test_numbers_in_the_stories_are_those_of_the_facts() -> None:
    assert [(code, words) for code, words in FACTS if words not in CODES[code].why] == []


def test_null_takes_a_field_out_of_the_base() -> None:
    whole = CODES["KIN401"].file("streams: {payments: {workload: null, retention_hours: 48}}")
    assert "    schema: payment\n    retention_hours: 48\nconsumers:" in whole
    assert "workload" not in whole

"""The catalogue of codes: complete, and true of what the language and planning say."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

import streaming_constructs
from streaming_constructs.cli.group import verbs
from streaming_constructs.facts import athena, event_source, firehose, kinesis, s3
from streaming_constructs.planning.producers.kinesis_agent import PARAMETER_CHARACTERS
from streaming_constructs.spec.codes import BASE, CODES, Code

if TYPE_CHECKING:
    from types import ModuleType

PACKAGE = Path(streaming_constructs.__file__).parent
IN_FILES = [pytest.param(code, id=name) for name, code in CODES.items() if code.form in {"file", "fragment", "against"}]
COMMANDS = [pytest.param(code, id=name) for name, code in CODES.items() if code.form == "command"]


def used_codes() -> set[str]:
    """Every code that the source names, but for the catalogue itself."""
    sources = [path for path in PACKAGE.rglob("*.py") if path.name != "codes.py"]
    return {code for path in sources for code in re.findall(r'"([A-Z]{3}\d{3})"', path.read_text(encoding="utf-8"))}


def test_every_code_is_in_the_catalogue_and_every_entry_is_used() -> None:
    assert used_codes() == set(CODES)


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
    assert [one for code in CODES.values() if code.earlier for one in generate.findings(code.file(code.earlier))] == []


@pytest.mark.parametrize("code", COMMANDS)
def test_a_command_yields_its_code_and_its_mend_does_not(
    code: Code, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pipeline.yaml").write_text(BASE.replace("    code: handlers/fraud\n", "    code: .\n"))
    (tmp_path / "index.py").touch()
    failed, mended = (CliRunner().invoke(verbs, shlex.split(line)[1:]) for line in (code.example, code.mend))
    assert (failed.exit_code, mended.exit_code) == (1, 0)
    assert f"error[{code.code}]: " in failed.output


def test_only_what_building_the_template_or_a_rehearsal_finds_has_its_example_elsewhere() -> None:
    rehearsal = [name for name in CODES if name.startswith("LOC")]
    assert [name for name, code in CODES.items() if code.form == "elsewhere"] == ["CMD109", "LAM517", *rehearsal]


@pytest.mark.parametrize("code", CODES.values(), ids=CODES)
def test_an_entry_reads_well(code: Code) -> None:
    first = code.title.split()[0]
    assert first == first.lower()
    assert not code.title.endswith(".")
    assert code.why.endswith(".")
    assert len(code.why) > 80
    assert code.source.startswith("https://docs.aws.amazon.com/") or not code.source


@pytest.mark.parametrize(
    ("code", "words"),
    [
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
        ("LAM516", f"share {event_source.ACCOUNT_CONCURRENCY.value:,} concurrent executions"),
        ("FIR702", f"below {firehose.CONVERSION_BUFFER_MIB.minimum} MiB"),
        ("FIR703", f"less than {firehose.DYNAMIC_PARTITIONING_BUFFER_MIB.minimum} MiB"),
        ("FIR703", f"MiB or {firehose.DYNAMIC_PARTITIONING_BUFFER_SECONDS.minimum} s"),
        ("FIR708", f"up to {kinesis.MAX_RECORD_KIB.maximum / 1024:g} MiB"),
        ("FIR708", f"above {kinesis.MAX_RECORD_KIB.minimum / 1024:g} MiB"),
        ("FIR708", f"above {firehose.TRANSFORM_PAYLOAD_MIB.value * 3 / 4:g} MiB"),
        ("FIR709", f"above {firehose.RECORD_KIB.value:,} KiB"),
        ("FIR715", f"takes {firehose.PREFIX_PROPERTY_CHARACTERS.value:,} characters"),
        ("FIR715", f"of which {firehose.PREFIX_CHARACTERS.value} may remain"),
        ("FIR715", f"and {firehose.PROCESSOR_PARAMETER_CHARACTERS.value:,} characters"),
        ("FIR716", f"takes {firehose.PARTITION_KEYS.value} keys"),
        ("FIR718", f"{firehose.DIRECT_PUT_MIB_PER_SECOND.value} MiB/s"),
        ("FIR718", f"and {firehose.DIRECT_PUT_RECORDS_PER_SECOND.value:,} records/s"),
        ("FIR719", f"objects of {athena.OBJECT_MIB.value} MiB"),
        ("FIR721", f"up to {firehose.BUFFER_MIB['http'].maximum} MiB"),
        ("FIR721", f"Datadog takes {firehose.BUFFER_MIB['http_datadog'].maximum} MiB"),
        ("FIR721", f"MongoDB {firehose.BUFFER_MIB['http_mongodb'].maximum} MiB"),
        ("FIR723", f"before {s3.STANDARD_IA_LEAST_DAYS.value} days"),
        ("FIR727", f"quota of {firehose.ACTIVE_PARTITIONS.value} partitions"),
        ("FIR730", f"up to {firehose.PARTITION_MIB_PER_SECOND.value / 1000:g} GB a second"),
        ("FIR731", f"up to {firehose.TRANSFORM_CONCURRENCY_PER_SHARD.value} batches"),
        ("FIR731", f"and {firehose.TRANSFORM_CONCURRENCY_PER_SHARD_SPLUNK.value} where it writes to Splunk"),
        ("AGT907", f"holds {PARAMETER_CHARACTERS.value:,} characters"),
    ],
)
def test_numbers_in_the_stories_are_those_of_the_facts(code: str, words: str) -> None:
    assert words in CODES[code].why


def test_null_takes_a_field_out_of_the_base() -> None:
    whole = CODES["KIN401"].file("streams: {payments: {workload: null, retention_hours: 48}}")
    assert "    schema: payment\n    retention_hours: 48\nconsumers:" in whole
    assert "workload" not in whole

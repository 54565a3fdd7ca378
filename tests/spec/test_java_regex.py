"""Regular expressions that Java takes, and those that it refuses, as its Pattern was seen to do."""

from __future__ import annotations

import pytest

from streaming_constructs.planning.producers.kinesis_agent import LOG_PATTERNS
from streaming_constructs.spec.finding import SpecError
from streaming_constructs.spec.producers.fluent_bit import FluentBitProducerSpec
from streaming_constructs.spec.producers.java_regex import refused
from streaming_constructs.spec.producers.kinesis_agent import KinesisAgentProducerSpec

TAKEN = [
    *LOG_PATTERNS.values(),
    "",
    r"^\d{4}-\d{2}",
    r'(\S+)\s+\[([^\]]+)\] "([^"]*)"',
    r"a{2,3}?b++c*?d{2}{3}",
    r"[]abc][^]a]+[{][*+?(][a-z&&[^bc]]",
    r"(?<year>\d+)(?i)abc(?-i:x)\k<year>",
    r"\Qa(b\E+",
    r"\p{Alpha}+\x{41}[\p{L}&&[^a]]\R?",
    r"(?=x)(?!y)(?<=z)(?<!w)(?>q)(a|b|)*",
    r"^*a",
    r"x\{ } ]",
]
REFUSED = [
    (r"(\d+", "a group opens"),
    (r"\d+)", "closes no group"),
    (r"[abc", "does not close"),
    (r"[^[\]]+", "does not close"),
    (r"*a", "repeats nothing"),
    (r"a|*b", "repeats nothing"),
    (r"(+a)", "repeats nothing"),
    (r"a**", "repeats nothing"),
    (r"a{2}*", "repeats nothing"),
    (r"a{3,2}", "at least 3 times and at most 2"),
    (r"%{IP:client}", "one for itself is"),
    (r"a{,3}", "one for itself is"),
    (r"(?P<n>\d)", "named as in Python"),
    (r"(?<1a>x)", "opens as none does"),
    (r"\y", "no escape"),
    (r"a\E", "no escape"),
    (r"\p{Alpha", "does not close"),
    ("a\\", "ends with a backslash"),
]


@pytest.mark.parametrize("pattern", TAKEN)
def test_what_java_takes_passes(pattern: str) -> None:
    assert refused(pattern) == ""


@pytest.mark.parametrize(("pattern", "why"), REFUSED)
def test_what_java_refuses_is_told(pattern: str, why: str) -> None:
    assert why in refused(pattern)


@pytest.mark.parametrize("pattern", [r"\K\h", "{", r"(?~x)"])
def test_fluent_bit_reads_more(pattern: str) -> None:
    assert refused(pattern, is_java=False) == ""


FILE = {"path": "/a.log", "multi_line_start": "(a"}
MATCH = {"option": "log_to_json", "match_pattern": "[a", "field_names": ["a"]}


@pytest.mark.parametrize("kind", [KinesisAgentProducerSpec, FluentBitProducerSpec])
def test_every_expression_of_an_agent_is_read(kind: type) -> None:
    with pytest.raises(SpecError) as error:
        kind(to="logs", files=[FILE, {"path": "/b.log", "processing": [{"option": "single_line"}, MATCH]}])
    assert [(found.code, found.dotted_path) for found in error.value.findings] == [
        ("AGT912", "files[0].multi_line_start"),
        ("AGT912", "files[1].processing[1].match_pattern"),
    ]

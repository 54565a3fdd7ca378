"""The graph of a system: names, loops, readers and folders, by the physical resource where one is named."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from streaming_constructs.planning import plan
from streaming_constructs.spec import PipelineSpec
from streaming_constructs.spec.document import read_document
from streaming_constructs.spec.graph import reference_findings
from streaming_constructs.spec.read import read_as

STREAM = "arn:aws:kinesis:eu-west-1:123456789012:stream/s"
FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:f"
NOTIFY: Any = {"notify": ["oncall@example.com"]}


def stream(arn: str = "", **fields: Any) -> dict[str, Any]:
    return {"kind": "kinesis", "shards": 1, **({"arn": arn} if arn else {}), **fields}


def consumer(source: str, **fields: Any) -> dict[str, Any]:
    function = {"code": ".", "runtime": "java21"} if "to" in fields else {"function_arn": FUNCTION}
    return {"kind": "lambda", "from": source, "on_failure": "s3", **function, **fields}


def said(**sections: Any) -> list[tuple[str, str]]:
    text = yaml.safe_dump({"name": "shop", **sections}, sort_keys=False)
    return [(finding.code, finding.dotted_path) for finding in read_as(read_document(text, "p.yaml")).findings]


def test_records_that_come_back_are_told_where_they_go() -> None:
    streams = {"a": stream(), "b": stream(), "c": stream()}
    chain = {"one": consumer("a", to="b"), "two": consumer("b", to=["c"]), "three": consumer("c", to=["a", "b"])}
    assert said(streams=streams, consumers={name: chain[name] for name in ("one", "two")}) == []
    assert said(streams=streams, consumers=chain) == [
        ("GRF306", "consumers.one.to[0]"),
        ("GRF306", "consumers.two.to[0]"),
        ("GRF306", "consumers.three.to[0]"),
        ("GRF306", "consumers.three.to[1]"),
    ]


@pytest.mark.parametrize(
    ("arns", "codes"),
    [(("", ""), []), ((STREAM, ""), []), ((STREAM, STREAM), ["GRF306"]), ((STREAM, f"{STREAM}-2"), [])],
)
def test_two_nodes_of_one_stream_are_one_stream_for_loops(arns: tuple[str, str], codes: list[str]) -> None:
    streams = dict(zip("ab", map(stream, arns), strict=True))
    assert [code for code, _ in said(streams=streams, consumers={"x": consumer("a", to="b")})] == codes


@pytest.mark.parametrize(("arns", "readers"), [(("", ""), (3, 1)), ((STREAM, STREAM), (4, 4)), ((STREAM, ""), (3, 1))])
def test_who_reads_one_stream_under_two_names_shares_its_shards(
    arns: tuple[str, str], readers: tuple[int, int]
) -> None:
    streams = dict(zip("ab", map(stream, arns), strict=True))
    consumers = {
        f"r{number}": consumer(source, function_arn=f"{FUNCTION}{number}") for number, source in enumerate("aaab")
    }
    data = {"name": "shop", "streams": streams, "consumers": consumers, "alarms": NOTIFY}
    planned = plan(PipelineSpec.model_validate(data)).streams
    assert (planned["a"].shared_readers, planned["b"].shared_readers) == readers


TOPIC: Any = {"alerts": {"kind": "sns"}}


@pytest.mark.parametrize(
    ("sections", "expected"),
    [
        ({"consumers": {"x": consumer("b")}}, ("GRF301", "consumers.x.from")),
        ({"consumers": {"x": consumer("alerts")}}, ("GRF303", "consumers.x.from")),
        ({"consumers": {"x": consumer("a", to=["alerts", "alert"])}}, ("GRF301", "consumers.x.to[1]")),
        ({"consumers": {"x": consumer("a", to="alert")}}, ("GRF301", "consumers.x.to[0]")),
        ({"consumers": {"x": consumer("a", on_failure="alert")}}, ("GRF301", "consumers.x.on_failure.destination")),
        (
            {"consumers": {"x": consumer("a", on_failure={"destination": "a"})}},
            ("GRF303", "consumers.x.on_failure.destination"),
        ),
        ({"producers": {"x": {"kind": "fluent_bit", "to": "b", "files": ["/a"]}}}, ("GRF301", "producers.x.to")),
        ({"deliveries": {"x": {"from": "b", "to": {"kind": "s3"}}}}, ("GRF301", "deliveries.x.from")),
        (
            {"deliveries": {"x": {"from": "a", "to": {"kind": "opensearch", "domain": "b"}}}},
            ("GRF301", "deliveries.x.to.domain"),
        ),
        ({"alarms": {"notify": ["alert"]}}, ("GRF301", "alarms.notify[0]")),
        ({"alarms": {"notify": ["a"]}}, ("GRF303", "alarms.notify[0]")),
        ({"alarms": {"override": {"errors": {"notify": ["alert"]}}}}, ("GRF301", "alarms.override.errors.notify[0]")),
        ({"consumers": {"alerts": consumer("a")}}, ("GRF302", "sns_topics.alerts")),
    ],
)
def test_a_name_that_leads_nowhere_is_told_once_however_much_else_is_wrong(
    sections: dict[str, Any], expected: tuple[str, str]
) -> None:
    system = {"streams": {"a": stream()}, "sns_topics": TOPIC, **sections}
    assert said(**system) == [expected]
    broken = said(**system, dashbord=True)
    assert [found for found in broken if found[1] != "dashbord"] in ([expected], [shortened(expected)])


def shortened(expected: tuple[str, str]) -> tuple[str, str]:
    """Where a name stands in a file that writes the part in short."""
    return expected[0], expected[1].removesuffix(".destination").removesuffix("[0]")


def test_every_way_to_name_a_topic_resolves() -> None:
    consumers = {
        "short": consumer("a", on_failure="alerts"),
        "long": consumer(
            "a", function_arn=f"{FUNCTION}2", on_failure={"destination": {"kind": "node", "node": "alerts"}}
        ),
    }
    alarms = {"notify": ["alerts"], "override": {"errors": {"notify": [{"sns_topic": "alerts"}]}}}
    system = {"streams": {"a": stream()}, "sns_topics": TOPIC, "consumers": consumers, "alarms": alarms}
    assert said(**system) == []
    assert list(reference_findings(system)) == []
    spec = PipelineSpec.model_validate({"name": "shop", **system})
    assert [target.model_dump() for target in spec.alarms.notify] == [{"sns_topic": "alerts"}]
    kept = [node.on_failure.destination.model_dump() for node in spec.consumers.values()]
    assert kept == [{"kind": "node", "node": "alerts"}] * 2


def test_what_may_be_half_right_is_looked_through_without_a_crash() -> None:
    for half in (5, None, [], {"x": 5}, {"x": {"kind": "lambda", "from": 5, "to": [5, {}], "on_failure": []}}):
        names = {"consumers": half, "deliveries": 5, "alarms": {"notify": half, "override": half}}
        assert list(reference_findings(names)) == []


def test_one_folder_of_a_bucket_belongs_to_one_node() -> None:
    def lake(prefix: str, bucket: str = "company") -> dict[str, Any]:
        return {"from": "a", "to": {"kind": "s3", "bucket": bucket, "prefix": prefix}}

    streams = {"a": stream()}
    assert said(streams=streams, deliveries={"x": lake("raw"), "y": lake("rawer")}) == []
    assert said(streams=streams, deliveries={"x": lake("raw"), "y": lake("raw", "other")}) == []
    arn = "arn:aws:s3:::company"
    for one, other in (("raw", "raw"), ("raw", "raw/deep"), ("raw/deep/", "raw")):
        assert said(streams=streams, deliveries={"x": lake(one), "y": lake(other, arn)}) == [
            ("FIR707", "deliveries.y.to.prefix")
        ]


def test_a_doubled_name_is_told_with_where_else_to_change_it() -> None:
    system = {
        "name": "shop",
        "streams": {"a": stream()},
        "deliveries": {"search": {"from": "a", "to": {"kind": "opensearch", "domain": "search", "index": "logs"}}},
        "stores": {"search": {"kind": "opensearch"}},
    }
    (finding,) = [found for found in reference_findings(system) if found.code == "GRF302"]
    assert finding.help == "rename this one, such as to `search-store`, also in `deliveries.search.to.domain`"


# --- one function, one stream


@pytest.mark.parametrize(
    ("arns", "streams", "fan_out", "expected"),
    [
        ((FUNCTION, FUNCTION), "aa", (False, False), ["consumers.two.function_arn"]),
        ((FUNCTION, f"{FUNCTION}:$LATEST"), "aa", (False, False), ["consumers.two.function_arn"]),
        ((f"{FUNCTION}:live", f"{FUNCTION}:live"), "aa", (False, False), ["consumers.two.function_arn"]),
        ((FUNCTION, FUNCTION), "ab", (False, False), ["consumers.two.function_arn"]),
        ((FUNCTION, f"{FUNCTION}:live"), "aa", (False, False), []),
        ((f"{FUNCTION}:1", f"{FUNCTION}:2"), "aa", (False, False), []),
        ((FUNCTION, f"{FUNCTION}2"), "aa", (False, False), []),
        ((FUNCTION, FUNCTION), "ac", (False, False), []),
        ((FUNCTION, FUNCTION), "cd", (False, False), []),
        ((FUNCTION, FUNCTION), "aa", (False, True), []),
        ((FUNCTION, FUNCTION), "aa", (True, True), []),
    ],
)
def test_a_function_is_mapped_to_a_stream_once(
    arns: tuple[str, str], streams: str, fan_out: tuple[bool, bool], expected: list[str]
) -> None:
    # `a` and `b` are two names for one stream.
    all_streams = {"a": stream(STREAM), "b": stream(STREAM), "c": stream(), "d": stream()}
    consumers = {
        name: consumer(source, function_arn=arn, enhanced_fan_out=has_fan_out)
        for name, source, arn, has_fan_out in zip(("one", "two"), streams, arns, fan_out, strict=True)
    }
    assert said(streams=all_streams, consumers=consumers) == [("LAM527", path) for path in expected]


# --- several names for one resource


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [(STREAM, STREAM, ["streams.b"]), (STREAM, f"{STREAM}2", []), (STREAM, "", []), ("", "", [])],
)
def test_two_names_for_one_stream_are_told(first: str, second: str, expected: list[str]) -> None:
    data = {"name": "shop", "streams": {"a": stream(first), "b": stream(second)}, "alarms": NOTIFY}
    found = plan(PipelineSpec.model_validate(data)).findings
    assert [(one.code, one.level, one.dotted_path) for one in found] == [
        ("GRF312", "warning", path) for path in expected
    ]


def test_two_names_for_one_topic_are_told() -> None:
    topic = {"kind": "sns", "topic_arn": "arn:aws:sns:eu-west-1:123456789012:alerts"}
    data = {"name": "shop", "streams": {"a": stream()}, "sns_topics": {"x": topic, "y": topic}, "alarms": NOTIFY}
    found = plan(PipelineSpec.model_validate(data)).findings
    assert [(one.code, one.dotted_path) for one in found] == [("GRF312", "sns_topics.y")]

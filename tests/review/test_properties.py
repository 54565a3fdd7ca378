"""What holds of every review: a template against itself is no change, no change is silent, nothing is a traceback."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from streaming_constructs.review.auditing import audit
from streaming_constructs.review.problem import ReviewError
from streaming_constructs.review.reading.read_template import as_source, read_template
from streaming_constructs.review.templates_review import review

PAIRS = sorted((Path(__file__).parent / "pairs").glob("*/*.yaml"))
SILENT = {
    ("AWS::Lambda::Function", "Code"),  # another hash of what was built
    ("AWS::Lambda::LayerVersion", "Content"),
    ("AWS::ApiGateway::Deployment", ""),
    ("AWS::IAM::Role", "Policies"),  # what another policy of the role allows anyway
    ("AWS::IAM::Policy", "PolicyDocument"),
    ("AWS::MSK::Configuration", "ServerProperties"),  # a line that is no property
    ("AWS::MSK::Topic", "Configs"),
    ("AWS::CDK::Metadata", "Analytics"),
    ("AWS::CloudWatch::Alarm", "Metrics"),  # ids and labels of a metric's math
    ("AWS::CloudWatch::Alarm", "ThresholdMetricId"),
    ("AWS::S3::Bucket", "LifecycleConfiguration"),  # names of rules
}
"""Where another value may be no change of the template's meaning."""
ONE_VALUE = {"EncryptionType", "SSEType", "ConfigurationType"}
"""Properties of which there is no other value that AWS takes, or whose other one says the same."""
JUNK = (
    None,
    True,
    0,
    -1,
    1e300,
    "",
    "x",
    [],
    {},
    [[]],
    [None],
    {"Ref": 1},
    {"Ref": ["a"]},
    {"Fn::If": []},
    {"Fn::Sub": 5},
)


@cache
def templates() -> list[dict[str, Any]]:
    """The new templates of the corpus, as plain data."""
    found = []
    for path in PAIRS:
        entry = yaml.safe_load(path.read_text(encoding="utf-8"))
        found.append(json.loads(json.dumps(read_template(entry["new"], path.stem).data, default=str)))
    return found


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in plain data."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, part in inner:
        yield from places(part, (*path, step))


def replaced(template: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    """The template with another value at a place."""
    found = copy.deepcopy(template)
    at: Any = found
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    return found


@pytest.mark.parametrize("path", PAIRS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_template_against_itself_is_no_change_and_a_review_is_the_same_twice(path: Path) -> None:
    entry = yaml.safe_load(path.read_text(encoding="utf-8"))
    old, new = (read_template(entry[side], side) for side in ("old", "new"))
    assert review(old, old).remarks == review(new, new).remarks == ()
    assert review(old, new).remarks == review(old, new).remarks


@st.composite
def changed_literals(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any], tuple[Any, ...]]:
    """A template, and the same with one text or number of a resource's properties changed."""
    template = draw(st.sampled_from(templates()))
    literals = [
        path
        for path in places(template["Resources"])
        if len(path) >= 3
        and path[1] == "Properties"
        and not any(str(step).startswith(("Fn::", "Ref")) for step in path)
    ]
    leaves = [path for path in literals if isinstance(value_at(template["Resources"], path), (str, int, float))]
    if not leaves:
        return template, template, ()
    path = draw(st.sampled_from(leaves))
    value = value_at(template["Resources"], path)
    changed = (
        (not value) if isinstance(value, bool) else value + 1 if isinstance(value, (int, float)) else f"{value}-other"
    )
    return template, {**template, "Resources": replaced(template["Resources"], path, changed)}, path


def value_at(value: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


@settings(max_examples=300, derandomize=True)
@given(changed_literals())
def test_no_change_of_a_value_is_silent(example: tuple[dict[str, Any], dict[str, Any], tuple[Any, ...]]) -> None:
    old, new, path = example
    if path and not is_silent(old["Resources"][path[0]], path):
        assert review(as_source(old, "old"), as_source(new, "new")).remarks, path


def is_silent(resource: dict[str, Any], path: tuple[Any, ...]) -> bool:
    """Whether the place holds what nobody has to hear of, or the resource is not created."""
    kind = resource.get("Type")
    return path[-1] in ONE_VALUE or (kind, path[2]) in SILENT or (kind, "") in SILENT or "Condition" in resource


@settings(max_examples=400, derandomize=True)
@given(st.data())
def test_whatever_stands_in_a_template_is_never_a_traceback(data: st.DataObject) -> None:
    template = data.draw(st.sampled_from(templates()))
    for _ in range(data.draw(st.integers(1, 4))):
        path = data.draw(st.sampled_from([path for path in places(template) if path]))
        template = replaced(template, path, data.draw(st.sampled_from(JUNK)))
    try:
        source = as_source(template, "template")
    except ReviewError:
        return
    original = as_source(data.draw(st.sampled_from(templates())), "original")
    review(original, source)
    review(source, original)
    audit(source)


@given(st.text(alphabet=st.sampled_from("{}[]:-!&*|>\"'#%@,\n\t abRef0")))
def test_whatever_a_file_says_is_never_a_traceback(text: str) -> None:
    try:
        source = read_template(text, "file")
    except ReviewError:
        return
    review(source, source)
    audit(source)


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: &d [*c, *c]\nResources: {A: {Type: T, Properties: {P: [*d]}}}",
        "&a {Resources: {A: *a}}",
        "Resources: {A: {Type: AWS::Kinesis::Stream}}\n---\nResources: {}",
        '{"Resources": {"A": {"Type": "AWS::SNS::Topic"}}, "Conditions": {"A": {"Condition": "A"}}}',
        "Resources: {A: {Type: AWS::SNS::Topic, Condition: [x]}}",
        "Conditions: {C: {Fn::Equals: [{Ref: P}]}}\nResources: {A: {Type: [], Properties: []}, B: 5}",
        "Resources: {A: {Type: AWS::SNS::Topic, DependsOn: {a: b}, Metadata: 5, DeletionPolicy: [1]}}",
        "Transform: [[]]\nResources: {}",
        "Transform: AWS::Serverless-2016-10-31\nResources: {F: {Type: AWS::Serverless::Function, Properties: 5}}",
        "Parameters: 5\nMappings: []\nOutputs: x\nResources: {A: {Type: AWS::SNS::Topic}}",
    ],
)
def test_what_is_odd_is_read_or_refused(text: str) -> None:
    try:
        source = read_template(text, "file")
    except ReviewError:
        return
    assert review(source, source).remarks == ()
    audit(source)

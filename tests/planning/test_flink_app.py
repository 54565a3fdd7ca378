"""Applications of code: what Managed Flink refuses of the groups of properties that they are told, and of their code."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest

from streaming_constructs.planning.analytics.flink_app import FlinkAppPlan
from streaming_constructs.planning.analytics.flink_application import Bound
from streaming_constructs.planning.pipeline import plan
from streaming_constructs.spec.finding import Finding
from streaming_constructs.spec.read import build


def told(application: dict[str, Any], directory: Path = Path(), **streams: Any) -> list[Finding]:
    data = {
        "name": "shop",
        "alarms": False,
        "streams": {"clicks": {"kind": "kinesis", "shards": 1}, **streams},
        "analytics": {"scores": {"kind": "flink_app", "from": "clicks", "parallelism": 1, **application}},
    }
    spec, findings, _ = build(data, directory)
    assert spec is not None
    return [*findings, *plan(spec).findings]


def groups(**application: Any) -> list[tuple[str, tuple[str | int, ...]]]:
    found = told({"bucket": "my-code", "key": "app.jar", **application}, n51={"kind": "kinesis", "shards": 1})
    return [(finding.code, tuple(finding.path[2:])) for finding in found]


def test_a_node_with_a_long_name_has_no_group() -> None:
    def named(length: int) -> list[str]:
        name = "a" * length
        said = {"bucket": "my-code", "key": "app.jar", "to": name}
        return [finding.code for finding in told(said, **{name: {"kind": "kinesis", "shards": 1}})]

    assert named(50) == []
    assert named(51) == ["FLK251"]


@pytest.mark.parametrize("name", ["my group", "a" * 51, "ä", ""])
def test_a_group_has_a_name_that_aws_takes(name: str) -> None:
    assert ("LNG206", ("properties", name)) in groups(properties={name: {"k": "v"}})


@pytest.mark.parametrize(
    ("properties", "place"), [({"__proto__": {"a": "b"}}, ()), ({"g": {"__proto__": "b"}}, ("g",))]
)
def test_no_property_has_a_name_that_cdk_cannot_be_told_of(properties: dict[str, Any], place: tuple[str, ...]) -> None:
    assert groups(properties=properties) == [("LNG206", ("properties", *place, "__proto__"))]


def test_the_group_of_the_deployment_is_taken() -> None:
    assert groups(properties={"streaming-constructs": {"k": "v"}}) == [
        ("FLK251", ("properties", "streaming-constructs"))
    ]


def test_there_are_as_many_groups_as_an_application_takes() -> None:
    # One is that of the stream, and one that of the deployment.
    assert groups(properties={f"g{number}": {"k": "v"} for number in range(48)}) == []
    assert groups(properties={f"g{number}": {"k": "v"} for number in range(49)}) == [("FLK251", ("properties",))]


def test_properties_of_an_edge_count_in_its_group() -> None:
    assert groups(properties={"clicks": {f"k{number}": "v" for number in range(48)}}) == []
    # stream.arn and aws.region are there already
    found = groups(properties={"clicks": {f"k{number}": "v" for number in range(49)}})
    assert found == [("FLK251", ("properties", "clicks"))]


def test_a_property_has_a_long_name() -> None:
    assert groups(properties={"g": {"k" * 2048: "v"}}) == []


def test_the_plan_has_the_groups_with_what_is_known_only_when_it_is_built() -> None:
    data = {
        "name": "shop",
        "alarms": False,
        "clusters": {"main": {"kind": "msk_serverless"}},
        "streams": {
            "clicks": {"kind": "kinesis", "shards": 1},
            "orders": {"kind": "kafka", "cluster": "main", "partitions": 1},
        },
        "deliveries": {"lake": {"from": "direct_put", "to": {"kind": "s3"}}},
        "stores": {"counts": {"kind": "dynamodb", "partition_key": "page"}},
        "analytics": {
            "scores": {
                "kind": "flink_app",
                "from": ["clicks", "orders"],
                "to": ["lake", "counts"],
                "bucket": "my-code",
                "key": "app.zip",
                "properties": {"orders": {"topic": "orders-v2"}, "rules": {"limit": "10"}},
            }
        },
    }
    spec, _, _ = build(data, Path())
    assert spec is not None
    scores = plan(spec).nodes["scores"]
    assert isinstance(scores, FlinkAppPlan)
    region = Bound("", "AWS_REGION")
    assert scores.groups == {
        "kinesis.analytics.flink.run.options": {"python": "main.py"},
        "clicks": {"stream.arn": Bound("clicks", "STREAM_ARN"), "aws.region": region},
        "orders": {
            "topic": "orders-v2",
            "bootstrap.servers": Bound("orders", "BOOTSTRAP_SERVERS"),
            "group.id": Bound("", "GROUP_ID"),
            "aws.region": region,
        },
        "lake": {"delivery.stream": Bound("lake", "DELIVERY_STREAM_NAME"), "aws.region": region},
        "counts": {"table.name": Bound("counts", "TABLE_NAME"), "aws.region": region},
        "rules": {"limit": "10"},
    }


def archive(path: Path, **files: str) -> None:
    with zipfile.ZipFile(path, "w") as made:
        for name, text in files.items():
            made.writestr(name.replace("__", "/").replace("_", "."), text)


@pytest.mark.parametrize(
    ("manifest", "is_fine"),
    [
        ("Manifest-Version: 1.0\r\nMain-Class: com.example.App\r\n", True),
        ("Manifest-Version: 1.0\nprogram-class: com.example.App\n", True),
        ("Manifest-Version: 1.0\n", False),
    ],
)
def test_a_jar_says_which_class_is_run(tmp_path: Path, manifest: str, *, is_fine: bool) -> None:
    archive(tmp_path / "app.jar", **{"META-INF__MANIFEST_MF": manifest})
    found = told({"code": "app.jar"}, tmp_path)
    assert [finding.message for finding in found] == ([] if is_fine else ["nothing in the jar says which class is run"])


def test_a_zip_has_what_is_run(tmp_path: Path) -> None:
    archive(tmp_path / "app.zip", main_py="", jobs__count_py="", lib__all_jar="")
    assert told({"code": "app.zip"}, tmp_path) == []
    assert told({"code": "app.zip", "python": "jobs/count.py", "jarfile": "lib/all.jar"}, tmp_path) == []
    assert [one.message for one in told({"code": "app.zip", "python": "count.py"}, tmp_path)] == [
        "the zip has no `count.py`"
    ]
    assert [one.message for one in told({"code": "app.zip", "jarfile": "all.jar"}, tmp_path)] == [
        "the zip has no `all.jar`"
    ]


@pytest.mark.parametrize("name", ["app.jar", "app.zip"])
@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04broken"])
def test_what_is_no_archive_is_told(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    found = told({"code": name}, tmp_path)
    assert [one.message for one in found] == [f"the application's code is no {name[-3:]}"]


def test_code_may_be_so_large(tmp_path: Path) -> None:
    with (tmp_path / "app.jar").open("wb") as jar:
        jar.truncate(512 * 2**20 + 1)
    (found,) = told({"code": "app.jar"}, tmp_path)
    assert (found.code, found.message) == ("FLK250", "the application's code is larger than Managed Flink takes")
    with (tmp_path / "app.jar").open("wb") as jar:
        jar.truncate(512 * 2**20)
    (found,) = told({"code": "app.jar"}, tmp_path)
    assert found.message == "the application's code is no jar"


FUNCTION = {"kind": "lambda", "from": "clicks", "function_arn": "arn:aws:lambda:eu-west-1:111122223333:function:f:live"}
CODE = {"kind": "flink_app", "from": "clicks", "parallelism": 1, "bucket": "my-code", "key": "app.jar"}
LAKE = {"from": "clicks", "to": {"kind": "s3"}}
FEWER = "let fewer read it: one application has several queries, and one function writes to several targets"


@pytest.mark.parametrize(
    ("readers", "help_"),
    [
        ({"consumers": {"one": FUNCTION}}, None),
        ({"consumers": {"one": FUNCTION | {"enhanced_fan_out": True}, "two": FUNCTION}}, None),
        (
            {"consumers": {"one": FUNCTION, "two": FUNCTION}},
            "set `enhanced_fan_out: true` for `consumers.one`",
        ),
        (
            {"consumers": {"one": FUNCTION}, "deliveries": {"raw": LAKE, "lake": LAKE}},
            f"set `enhanced_fan_out: true` for `consumers.one`, and {FEWER}",
        ),
        ({"deliveries": {"raw": LAKE, "lake": LAKE}}, FEWER),
        ({"analytics": {"scores": CODE, "others": CODE}}, FEWER),
    ],
)
def test_who_throttles_the_others_is_told_what_they_can_do(readers: dict[str, Any], help_: str | None) -> None:
    data = {
        "name": "shop",
        "alarms": False,
        "streams": {"clicks": {"kind": "kinesis", "shards": 1}},
        "analytics": {"scores": CODE},
        **readers,
    }
    spec, _, _ = build(data, Path())
    assert spec is not None
    found = [one for one in plan(spec).findings if one.code == "FLK333" and one.path[1] == "scores"]
    assert [one.help for one in found] == ([help_] if help_ else [])


def test_the_readers_of_a_stream_are_judged_once() -> None:
    deliveries = {f"lake{number}": LAKE for number in range(6)}
    data = {
        "name": "shop",
        "alarms": False,
        "streams": {"clicks": {"kind": "kinesis", "shards": 1}},
        "analytics": {"scores": CODE, "others": CODE, "third": CODE},
    }

    def judged(**more: Any) -> list[tuple[str, str]]:
        spec, _, _ = build({**data, **more}, Path())
        assert spec is not None
        return [(one.code, one.dotted_path) for one in plan(spec).findings if one.code in {"FLK333", "KIN409"}]

    assert judged(deliveries=deliveries) == [("FLK333", "analytics.scores.from[0]")]
    assert judged(deliveries=deliveries, analytics={}) == [("KIN409", "streams.clicks")]

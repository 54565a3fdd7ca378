"""Folders of one bucket: what may lie beside what, whoever writes there."""

from __future__ import annotations

import json
from itertools import permutations, product
from typing import Any

import pytest

from streaming_constructs.planning.plan_file import plan_document
from streaming_constructs.spec.bucket_folders import folder_findings
from streaming_constructs.spec.node import BucketFolder, FolderContent, NodeSpec
from streaming_constructs.spec.read import document_of

ARN = "arn:aws:s3:::company"
SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:x-AbCdEf"


def archive(**to: Any) -> dict[str, Any]:
    return {"to": {"kind": "s3", "bucket": "company", **to}}


def backed(**backup: Any) -> dict[str, Any]:
    return {"to": {"kind": "http", "endpoint": "https://example.com", "backup": {"bucket": "company", **backup}}}


def staged(**staging: Any) -> dict[str, Any]:
    address = {"workgroup": "shop", "database": "shop", "table": "t", "secret_arn": SECRET}
    return {"to": {"kind": "redshift", **address, "staging": {"bucket": "company", **staging}}}


def iceberg(**to: Any) -> dict[str, Any]:
    return {"to": {"kind": "iceberg", "database": "sales", "table": "orders", "table_bucket": "company", **to}}


def given_up(bucket: str = ARN, function: str = "fraud") -> dict[str, Any]:
    arn = f"arn:aws:lambda:eu-west-1:123456789012:function:{function}"
    return {"kind": "lambda", "from": "clicks", "function_arn": arn, "on_failure": bucket}


def said(deliveries: dict[str, Any], consumers: dict[str, Any] | None = None) -> list[tuple[str, str]]:
    system = {
        "name": "shop",
        "removal_policy": "destroy",
        "streams": {"clicks": {"kind": "kinesis", "shards": 1}},
        "deliveries": deliveries,
        "consumers": consumers or {},
    }
    _, findings = plan_document(document_of(json.dumps(system).encode(), "shop.yaml"))
    return [(finding.code, finding.dotted_path) for finding in findings]


@pytest.mark.parametrize(
    ("one", "other", "path"),
    [
        (archive(prefix="x", error_prefix="y"), archive(prefix="y"), "to.prefix"),
        (archive(prefix="x", error_prefix="y/z"), archive(prefix="y"), "to.prefix"),
        (archive(prefix="x", error_prefix="y"), archive(prefix="y/z"), "to.prefix"),
        (archive(prefix="y"), archive(prefix="x", error_prefix="y"), "to.error_prefix"),
        (archive(prefix="y"), archive(bucket=ARN, prefix="x", error_prefix="y/z"), "to.error_prefix"),
        (archive(), archive(prefix="errors/a"), "to.prefix"),
        (archive(), archive(prefix="errors"), "to.prefix"),
        (archive(prefix="errors"), archive(), "to.bucket"),
        (archive(prefix="x"), backed(prefix="x"), "to.backup.bucket"),
        (archive(prefix="x", error_prefix="y"), backed(prefix="y"), "to.backup.bucket"),
        (archive(prefix="x"), staged(prefix="x/new"), "to.staging.bucket"),
        (staged(), archive(prefix="manifests"), "to.prefix"),
        (staged(), archive(prefix="errors/lake"), "to.prefix"),
        (backed(prefix="y"), staged(prefix="y"), "to.staging.bucket"),
    ],
)
def test_no_folder_holds_what_is_not_its_own(one: Any, other: Any, path: str) -> None:
    assert ("FIR707", f"deliveries.b.{path}") in said({"a": one, "b": other})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (archive(prefix="x", error_prefix="errors"), archive(prefix="y", error_prefix="errors")),
        (archive(prefix="x", error_prefix="errors"), archive(prefix="y")),
        (archive(prefix="x"), archive(prefix="X")),
        (archive(prefix="x"), archive(prefix="xy")),
        (archive(prefix="x", error_prefix="y"), archive(prefix="y", bucket="other")),
        (archive(), archive()),
        (archive(), backed()),
        (staged(), archive()),
        (iceberg(), iceberg(table="returns")),
        (iceberg(), archive(prefix="orders-archive")),
    ],
)
def test_what_lies_side_by_side_is_fine(one: Any, other: Any) -> None:
    assert said({"a": one, "b": other}) == []


@pytest.mark.parametrize("prefix", ["aws", "aws/lambda", "aws/lambda/orders"])
def test_batches_that_a_consumer_gave_up_are_no_records_of_a_table(prefix: str) -> None:
    assert said({"lake": archive(prefix=prefix)}, {"fraud": given_up()}) == [("FIR707", "deliveries.lake.to.prefix")]
    assert said({"lake": archive(prefix=prefix, bucket="other")}, {"fraud": given_up()}) == []


def test_consumers_may_share_a_bucket_for_what_they_give_up() -> None:
    assert said({}, {"fraud": given_up(), "stock": given_up(function="stock")}) == []


@pytest.mark.parametrize("prefix", ["sales", "sales/orders", "sales.db", "sales.db/orders/data"])
def test_data_of_an_iceberg_table_is_likely_to_be_under_its_name(prefix: str) -> None:
    assert said({"a": iceberg(), "b": archive(prefix=prefix)}) == [("FIR714", "deliveries.b.to.prefix")]


class Written(NodeSpec):
    """A node that writes to these folders."""

    places: tuple[tuple[str, FolderContent], ...]

    def bucket_folders(self, name: str) -> Any:
        for position, (folder, content) in enumerate(self.places):
            yield BucketFolder(("places", position), "company", f"{folder}/", content)


CONTENTS: tuple[FolderContent, ...] = ("records", "errors", "failed_batches", "table_data")


def clash(one: tuple[str, FolderContent], other: tuple[str, FolderContent]) -> bool:
    """The rule, pair by pair."""
    within = f"{one[0]}/".startswith(f"{other[0]}/") or f"{other[0]}/".startswith(f"{one[0]}/")
    return within and not (one[1] == other[1] and one[1] != "records")


def test_every_pair_is_judged_in_any_order() -> None:
    folders: list[tuple[str, FolderContent]] = [
        (name, content) for name in ("a", "a/b", "ab", "b") for content in CONTENTS
    ]
    for three in permutations(folders, 3):
        nodes = [("deliveries", f"n{position}", Written(places=(place,))) for position, place in enumerate(three)]
        found = {str(finding.path[1]) for finding in folder_findings(nodes)}
        expected = {
            f"n{later}" for later in range(3) if any(clash(three[later], three[earlier]) for earlier in range(later))
        }
        assert found == expected, three


def test_every_pair_of_nodes_with_two_folders_is_judged_in_any_order() -> None:
    folders: list[tuple[str, FolderContent]] = [(name, content) for name in ("a", "a/b") for content in CONTENTS[:2]]
    pairs = list(permutations(folders, 2))
    for three in product(pairs, pairs, pairs):
        nodes = [("deliveries", f"n{position}", Written(places=places)) for position, places in enumerate(three)]
        found = {(str(finding.path[1]), finding.path[-1]) for finding in folder_findings(nodes)}
        expected = {
            (f"n{later}", position)
            for later, places in enumerate(three)
            for position, place in enumerate(places)
            if any(clash(place, other) for earlier in three[:later] for other in earlier)
        }
        assert found == expected, three


@pytest.mark.parametrize(
    ("contents", "message"),
    [
        (("records", "records"), "two of them write into the same folder"),
        (("errors", "records"), "records and errors would lie in one folder"),
        (("table_data", "errors"), "errors and data of an Iceberg table would lie in one folder"),
    ],
)
def test_what_would_lie_together_is_told(contents: tuple[FolderContent, FolderContent], message: str) -> None:
    nodes = [Written(places=(("a", content),)) for content in contents]
    (finding,) = folder_findings([("deliveries", f"n{position}", node) for position, node in enumerate(nodes)])
    assert finding.message == message


def test_the_outermost_folder_that_is_in_the_way_is_named() -> None:
    places: list[tuple[str, FolderContent]] = [("a/b", "records"), ("a", "errors"), ("a/b/c", "failed_batches")]
    nodes = [("deliveries", f"n{position}", Written(places=(place,))) for position, place in enumerate(places)]
    assert [one.note for one in folder_findings(nodes)] == [
        "`a/` and `a/b/` of `n0`, in the bucket company",
        "`a/b/c/` and `a/` of `n1`, in the bucket company",
    ]


def test_a_node_may_do_with_its_own_folders_what_planning_lets_it() -> None:
    own = Written(places=(("a", "records"), ("a/b", "errors")))
    assert list(folder_findings([("deliveries", "x", own)])) == []
    assert len(list(folder_findings([("deliveries", "x", own), ("deliveries", "y", own)]))) == 2

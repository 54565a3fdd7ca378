"""Tables of DynamoDB as a file says them: keys and capacities in short, what does not fit, and words from elsewhere."""

from __future__ import annotations

from typing import Any

import pytest

from streaming_constructs import DynamoDbTableSpec, SpecError
from streaming_constructs.spec.document import read_document
from streaming_constructs.spec.encryption import AwsManagedKey, AwsOwnedKey, CustomerManagedKey
from streaming_constructs.spec.finding import Remove
from streaming_constructs.spec.read import read_as

ARN = "arn:aws:dynamodb:eu-west-1:111122223333:table/scores"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def table(**fields: Any) -> DynamoDbTableSpec:
    return DynamoDbTableSpec.model_validate({"partition_key": "user_id", **fields})


def said(**fields: Any) -> list[tuple[str, str]]:
    with pytest.raises(SpecError) as error:
        DynamoDbTableSpec(**{"partition_key": {"name": "user_id"}, **fields})
    return [(found.code, found.dotted_path) for found in error.value.findings]


def test_a_key_is_a_name_or_says_its_type_too() -> None:
    made = table(sort_key={"name": "at", "type": "number"})
    assert [(field, key.name, key.type) for field, key in made.keys] == [
        ("partition_key", "user_id", "string"),
        ("sort_key", "at", "number"),
    ]


@pytest.mark.parametrize(
    ("capacity", "bounds", "scales"),
    [
        (10, (10, 10), False),
        ({"minimum": 5, "maximum": 100}, (5, 100), True),
        ({"minimum": 7, "maximum": 7}, (7, 7), False),
    ],
)
def test_a_capacity_is_a_number_or_two_bounds(capacity: Any, bounds: tuple[int, int], scales: Any) -> None:
    made = table(billing="provisioned", read_capacity=capacity, write_capacity=1).read_capacity
    assert made is not None
    assert ((made.minimum, made.maximum), made.scales) == (bounds, scales)


@pytest.mark.parametrize(
    ("encryption", "kind"),
    [
        ("aws_managed", AwsManagedKey),
        ("aws_owned", AwsOwnedKey),
        ("customer_managed", CustomerManagedKey),
        ({"kms_key_arn": KEY}, CustomerManagedKey),
    ],
)
def test_encryption_is_under_a_key_of_three_kinds(encryption: Any, kind: type) -> None:
    assert isinstance(table(encryption=encryption).encryption, kind)
    assert isinstance(table().encryption, AwsManagedKey)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"sort_key": {"name": "user_id"}}, [("DDB841", "sort_key")]),
        ({"write_capacity": 5}, [("LNG404", "write_capacity")]),
        ({"billing": "provisioned", "warm_write_units": 5000}, [("LNG404", "warm_write_units")]),
        (
            {"billing": "provisioned", "write_capacity": {"minimum": 5, "maximum": 1}},
            [("DDB846", "write_capacity.maximum")],
        ),
        (
            {"billing": "provisioned", "write_capacity": {"minimum": 5, "maximum": 5, "target_percent": 50}},
            [("LNG404", "write_capacity.target_percent")],
        ),
        ({"workload": {"records_per_second": 1, "record_kb": 401}}, [("DDB847", "workload.record_kb")]),
        ({"workload": {"records_per_second": 1, "record_bytes": 409_601}}, [("DDB847", "workload.record_bytes")]),
        ({"arn": ARN, "stream": "new_image"}, [("LNG403", "stream")]),
        ({"arn": ARN, "point_in_time_recovery": False}, [("LNG403", "point_in_time_recovery")]),
        ({"arn": ARN, "encryption": {"kind": "customer_managed"}}, [("LNG403", "encryption")]),
    ],
)
def test_what_does_not_fit_together_is_refused_where_it_stands(fields: Any, expected: Any) -> None:
    assert said(**fields) == expected


@pytest.mark.parametrize(
    "fields",
    [
        {"workload": {"records_per_second": 1, "record_kb": 400}},
        {"arn": ARN, "billing": "provisioned"},
        {"arn": ARN, "encryption": {"kms_key_arn": KEY}, "ttl": "expires_at", "sort_key": "at"},
        {"partition_key": "käse und brot"},
    ],
)
def test_what_dynamodb_takes_is_fine(fields: Any) -> None:
    made = table(**fields)
    assert list(made.system_findings()) == []


FILE = """\
name: shop
stores:
  scores:
    kind: {kind}
    {lines}
"""


def repaired(kind: str, *lines: str) -> tuple[list[str], Any]:
    """The codes of what is said of a table, and the table once its repairs are made."""
    text = FILE.format(kind=kind, lines="\n    ".join(lines))
    reading = read_as(read_document(text, "pipeline.yaml"), None)
    edits = {".".join(map(str, edit.path[2:])): edit.value for one in reading.findings for edit in one.edits}
    return [finding.code for finding in reading.findings], edits


@pytest.mark.parametrize(
    ("line", "written"),
    [
        ("billing_mode: PAY_PER_REQUEST", {"billing": "on_demand"}),
        ("range_key: at", {"sort_key": "at"}),
        ("ttl_attribute: expires_at", {"ttl": "expires_at"}),
        ("time_to_live: {attribute_name: expires_at}", {"ttl": "expires_at"}),
        ("pitr: true", {"point_in_time_recovery": True}),
        ("kms_key_arn: " + KEY, {"encryption": {"kms_key_arn": KEY}}),
        ("stream_view_type: NEW_IMAGE", {"stream": "new_image"}),
        ("table_name: scores", {}),
    ],
)
def test_words_of_the_api_and_of_terraform_are_answered_with_ours(line: str, written: dict[str, Any]) -> None:
    codes, edits = repaired("dynamodb", "partition_key: user_id", line)
    assert codes == ["LNG201"]
    assert {field: value for field, value in edits.items() if value is not Remove.REMOVE} == written


def test_a_list_of_keys_as_cloudformation_has_it_is_taken_apart() -> None:
    _, edits = repaired(
        "dynamodb",
        "key_schema: [{AttributeName: id, KeyType: HASH}, {AttributeName: at, KeyType: RANGE}]",
    )
    assert (edits["partition_key"], edits["sort_key"]) == ("id", "at")


def test_a_function_writes_to_a_table_and_to_no_domain() -> None:
    text = """\
name: shop
streams: {clicks: {kind: kinesis, shards: 1}}
stores: {search: {kind: opensearch}}
consumers:
  score: {kind: lambda, from: clicks, to: search, code: handlers/score, on_failure: sqs}
"""
    reading = read_as(read_document(text, "pipeline.yaml"), None)
    assert ("GRF315", "consumers.score.to[0]") in {(one.code, one.dotted_path) for one in reading.findings}

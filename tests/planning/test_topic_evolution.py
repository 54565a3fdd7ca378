"""What a deployment over an earlier version does to topics of Kafka, as it is told."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from streaming_constructs.planning.evolution import evolved
from streaming_constructs.spec.document import Document, read_document
from streaming_constructs.spec.finding import Finding

SUBNETS = [f"subnet-0123456789abcdef{number}" for number in range(3)]
COMPACT = {"cleanup_policy": "compact", "partition_key": "id"}


def document(topic: dict[str, Any], **cluster: Any) -> Document:
    system = {
        "name": "shop",
        "clusters": {"main": {"kind": "msk", **cluster}},
        "streams": {"orders": {"kind": "kafka", "cluster": "main", "partitions": 6, **topic}},
        "alarms": False,
    }
    return read_document(yaml.safe_dump(system, sort_keys=False), "pipeline.yaml")


def found(before: dict[str, Any], after: dict[str, Any]) -> list[Finding]:
    return evolved(document(after), document(before))


@pytest.mark.parametrize(
    ("before", "after", "messages"),
    [
        ({"retention_days": 30}, {"retention_days": 7}, ["the retention was `30 d` and is `7 d`"]),
        ({"retention_days": "unlimited"}, {"retention_hours": 36}, ["the retention was `unlimited` and is `1 d 12 h`"]),
        ({"retention_days": 7}, {"retention_days": "unlimited"}, []),
        ({"retention_days": 7}, {"retention_days": 30}, []),
        ({"retention_days": 30}, COMPACT, ["the cleanup policy was `delete` and is `compact`"]),
        (COMPACT, {"retention_days": 1}, ["the cleanup policy was `compact` and is `delete`"]),
    ],
)
def test_a_shorter_retention_is_told_in_days_where_there_is_one(
    before: dict[str, Any], after: dict[str, Any], messages: list[str]
) -> None:
    assert [finding.message for finding in found(before, after)] == messages


def test_a_vpc_is_told_as_a_file_says_it() -> None:
    vpcs = [{"vpc_id": f"vpc-0123456789abcdef{number}", "subnet_ids": SUBNETS} for number in (0, 1)]
    finding = next(one for one in evolved(document({}, vpc=vpcs[1]), document({}, vpc=vpcs[0])) if one.code == "EVO973")
    assert finding.message == (
        f"where it stands was `{{vpc_id: vpc-0123456789abcdef0, subnet_ids: [{', '.join(SUBNETS)}]}}` and is "
        f"`{{vpc_id: vpc-0123456789abcdef1, subnet_ids: [{', '.join(SUBNETS)}]}}`"
    )


def test_a_piece_to_paste_has_the_numbers_of_the_file() -> None:
    before = document({"workload": {"records_per_second": 1000, "record_kb": 0.5}})
    system = {**before.data, "streams": {"others": {"kind": "kafka", "cluster": "main", "partitions": 6}}}
    after = read_document(yaml.safe_dump(system, sort_keys=False), "pipeline.yaml")
    (gone,) = [one for one in evolved(after, before) if one.code == "EVO974"]
    assert "workload: {records_per_second: 1000, record_kb: 0.5}" in gone.help
    assert gone.edits[0].value["workload"] == {"records_per_second": 1000, "record_kb": 0.5}


@pytest.mark.parametrize("after", [{"partitions": 12}, {"retention_days": 1}])
def test_of_a_serverless_topic_nothing_is_said_to_change_that_no_deployment_changes(after: dict[str, Any]) -> None:
    kind = {"kind": "msk_serverless"}
    assert evolved(document(after, **kind), document({"retention_days": 7}, **kind)) == []
    assert evolved(document({**after, "topic": "others"}, **kind), document({}, **kind))[0].code == "EVO973"

"""What may be between a delivery, the topic that it reads, and the cluster of that."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from streaming_constructs.kinds import kinds_of
from streaming_constructs.spec.deliveries.firehose_on_kafka import DELIVERED_TO
from streaming_constructs.spec.document import read_document
from streaming_constructs.spec.finding import Finding
from streaming_constructs.spec.read import edited, read_as
from streaming_constructs.spec.section import model_of

ARN = "arn:aws:kafka:eu-west-1:111122223333:cluster/main/12345678-1234-1234-1234-123456789012-1"
AUTHORITY = "arn:aws:acm-pca:eu-west-1:111122223333:certificate-authority/12345678-1234-1234-1234-123456789012"
SECRETS = ["arn:aws:secretsmanager:eu-west-1:111122223333:secret:AmazonMSK_users-AbCdEf"]
SCRAM = {"kind": "msk", "auth": ["iam", "sasl_scram"], "scram_secret_arns": SECRETS}
CLOSED = {"server_properties": {"allow.everyone.if.no.acl.found": False}}
ICEBERG = {"kind": "iceberg", "database": "sales", "table": "orders", "table_bucket": "company-lakehouse"}
HTTP = {
    "kind": "http",
    "endpoint": "https://audit.example.com/",
    "secret_arn": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:audit-AbCdEf",
}


def system(cluster: dict[str, Any], **lake: Any) -> dict[str, Any]:
    return {
        "name": "shop",
        "clusters": {"main": cluster},
        "streams": {"orders": {"kind": "kafka", "cluster": "main", "partitions": 6}},
        "deliveries": {"lake": {"from": "orders", "to": {"kind": "s3"}, **lake}},
        "alarms": False,
    }


def found(data: dict[str, Any]) -> list[Finding]:
    return [
        one
        for one in read_as(read_document(yaml.safe_dump(data), "pipeline.yaml"), None).findings
        if one.level == "error"
    ]


def told(data: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one.code, one.dotted_path) for one in found(data)]


@pytest.mark.parametrize(
    ("cluster", "to"),
    [
        ({"kind": "msk"}, {"kind": "s3"}),
        ({"kind": "msk"}, ICEBERG),
        ({"kind": "msk_express"}, ICEBERG),
        ({"kind": "msk_serverless"}, {"kind": "s3"}),
        ({"kind": "msk", "arn": ARN}, ICEBERG),
        ({"kind": "msk", "auth": ["mtls", "iam"], "certificate_authority_arns": [AUTHORITY]}, {"kind": "s3"}),
        (SCRAM, {"kind": "s3"}),
    ],
)
def test_what_firehose_takes_is_fine(cluster: dict[str, Any], to: dict[str, Any]) -> None:
    assert told(system(cluster, to=to)) == []


@pytest.mark.parametrize("position", ["earliest", "latest", {"at_timestamp": "2026-01-15T00:00:00Z"}])
def test_positions_of_topics(position: Any) -> None:
    assert told(system({"kind": "msk"}, starting_position=position)) == []


def test_other_destinations_are_an_error_that_names_a_way_which_is_fine() -> None:
    data = system({"kind": "msk"}, to=HTTP, starting_position="latest")
    (finding,) = found(data)
    assert (finding.code, finding.dotted_path) == ("FIR751", "deliveries.lake.from")
    assert (
        "add `consumers: {forward: {kind: lambda, from: orders, code: handlers/forward, to: lake, on_failure: s3}}`"
        in (finding.help)
    )
    assert told(dict(edited(data, finding.edits))) == []


@pytest.mark.parametrize(
    ("cluster", "lake", "expected"),
    [
        ({"kind": "msk_serverless"}, {"to": ICEBERG}, ("FIR753", "deliveries.lake.to.kind")),
        (
            {"kind": "msk", "auth": "mtls", "certificate_authority_arns": [AUTHORITY]},
            {},
            ("FIR752", "deliveries.lake.from"),
        ),
        ({"kind": "msk", "arn": ARN, "auth": "sasl_scram"}, {}, ("FIR752", "deliveries.lake.from")),
        ({"kind": "msk", "multi_vpc": False}, {}, ("MSK469", "clusters.main.multi_vpc")),
        (
            {"kind": "msk", "instance_type": "kafka.t3.small", "kafka_version": "3.8.x"},
            {},
            ("MSK457", "clusters.main.instance_type"),
        ),
        ({**SCRAM, "multi_vpc": True}, {}, ("MSK467", "clusters.main.multi_vpc")),
        ({"kind": "msk"}, {"starting_position": "trim_horizon"}, ("LNG205", "deliveries.lake.starting_position")),
    ],
)
def test_what_firehose_or_msk_refuses(cluster: dict[str, Any], lake: dict[str, Any], expected: tuple[str, str]) -> None:
    assert told(system(cluster, **lake)) == [expected]


@pytest.mark.parametrize("source", ["direct_put", "clicks"])
def test_a_position_has_no_effect_on_anything_but_a_topic(source: str) -> None:
    data = system({"kind": "msk"}, **{"from": source, "starting_position": "latest"})
    data["streams"]["clicks"] = {"kind": "kinesis", "shards": 1}
    assert told(data) == [("LNG404", "deliveries.lake.starting_position")]


@pytest.mark.parametrize("cluster", [{**SCRAM, **CLOSED, "multi_vpc": True}, {"kind": "msk", "multi_vpc": True}])
def test_private_connections_with_acls_or_with_iam_are_fine(cluster: dict[str, Any]) -> None:
    assert told(system(cluster)) == []


def test_an_edit_mends_what_acls_are_needed_for() -> None:
    data = system({**SCRAM, "multi_vpc": True})
    (finding,) = found(data)
    assert told(dict(edited(data, finding.edits))) == []


def test_the_destinations_are_those_of_the_facts() -> None:
    takes = [kind for kind, row in kinds_of("destinations").items() if model_of(row).facts.takes_kafka]  # type: ignore[attr-defined]
    assert sorted(takes) == sorted(DELIVERED_TO)

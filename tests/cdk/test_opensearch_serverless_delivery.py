"""Deliveries to an existing Serverless collection."""

from __future__ import annotations

from typing import Any

import cdk_nag
import pytest

from streaming_constructs.cdk.deliveries.opensearch_serverless import OpenSearchServerlessDelivery
from streaming_constructs.spec.deliveries.backup import FailedBackup
from streaming_constructs.spec.deliveries.firehose import DeliverySpec
from streaming_constructs.spec.deliveries.opensearch_serverless import OpenSearchServerlessDestination

ARN = "arn:aws:aoss:eu-west-1:111122223333:collection/abc123"
ENDPOINT = "https://abc123.eu-west-1.aoss.amazonaws.com"


def create(bench: Any, name: str = "search", **options: Any) -> OpenSearchServerlessDelivery:
    collection = OpenSearchServerlessDestination(collection_arn=ARN, collection_endpoint=ENDPOINT, **options)
    return OpenSearchServerlessDelivery(bench.stack, name, spec=DeliverySpec(to=collection))


def destination(bench: Any) -> dict[str, Any]:
    return bench.only("AWS::KinesisFirehose::DeliveryStream")["AmazonOpenSearchServerlessDestinationConfiguration"]


def test_everything_that_the_spec_says_is_in_the_destination(bench: Any) -> None:
    backup = FailedBackup(records="all")
    create(bench, index="events", buffer_mb=20, buffer_seconds=120, retry_seconds=900, backup=backup)
    found = destination(bench)
    stored, logged = found.pop("S3Configuration"), found.pop("CloudWatchLoggingOptions")
    assert found == {
        "CollectionEndpoint": ENDPOINT,
        "RoleARN": {"Fn::GetAtt": [bench.only_id("AWS::IAM::Role"), "Arn"]},
        "IndexName": "events",
        "BufferingHints": {"SizeInMBs": 20, "IntervalInSeconds": 120},
        "RetryOptions": {"DurationInSeconds": 900},
        "S3BackupMode": "AllDocuments",
    }
    assert stored["Prefix"] == "backup/search/"
    assert logged["Enabled"] is True


def test_index_is_the_deliverys_name_and_only_failures_are_kept(bench: Any) -> None:
    assert create(bench, "Search").index == "search"
    found = destination(bench)
    assert (found["IndexName"], found["S3BackupMode"]) == ("search", "FailedDocumentsOnly")


def test_role_may_reach_the_collection_and_no_other(bench: Any) -> None:
    create(bench)
    assert bench.allowed_on(ARN) == {"aoss:APIAccessAll"}
    assert [one["Resource"] for one in bench.statements() if "aoss" in str(one["Action"])] == [ARN]


def test_two_fit_in_one_stack(bench: Any) -> None:
    create(bench, "one")
    create(bench, "two")
    assert len(bench.of_type("AWS::KinesisFirehose::DeliveryStream")) == 2


@pytest.mark.parametrize("pack", [cdk_nag.AwsSolutionsChecks, cdk_nag.NIST80053R5Checks, cdk_nag.ServerlessChecks])
def test_no_pack_has_a_finding_that_is_not_acknowledged(bench: Any, pack: Any) -> None:
    create(bench)
    assert [one.rule_name for one in pack(bench.stack).validate_scope(bench.stack).violations] == []

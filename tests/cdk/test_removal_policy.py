"""What holds something is kept when it leaves the stack, all of it, or destroyed where the system says so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from streaming_constructs.cdk import StreamingPipeline
from streaming_constructs.spec import PipelineSpec

KEPT = {
    "AWS::DynamoDB::Table",
    "AWS::KMS::Key",
    "AWS::Kinesis::Stream",
    "AWS::Logs::LogGroup",
    "AWS::OpenSearchService::Domain",
    "AWS::S3::Bucket",
    "AWS::SNS::Topic",
    "AWS::SQS::Queue",
}
"""Types that hold records, documents, what failed, logs, keys or subscribers."""
SYSTEM = """
name: shop
removal_policy: POLICY
schemas: {click: {page: string}}
streams: {clicks: {kind: kinesis, schema: click, encryption: customer_managed, shards: 2}}
consumers:
  one: {kind: lambda, from: clicks, code: CODE, on_failure: {destination: sns}}
  two: {kind: lambda, from: clicks, code: CODE, on_failure: {destination: sqs}}
  three: {kind: lambda, from: clicks, code: CODE, on_failure: {destination: s3}}
deliveries:
  lake: {from: clicks, to: {kind: s3, format: parquet, source_backup: {encryption: customer_managed}}}
  direct: {encryption: customer_managed, to: {kind: s3}}
  indexed: {from: clicks, to: {kind: opensearch, domain: search}}
stores:
  search: {kind: opensearch, encryption: customer_managed}
  scores: {kind: dynamodb, partition_key: page, encryption: customer_managed}
sns_topics: {told: {kind: sns}}
producers: {services: {kind: cloudwatch_logs, to: direct, log_groups: [/app]}}
alarms: {notify: [oncall@example.com, told]}
dashboard: true
"""


@pytest.mark.parametrize(("removal_policy", "policy"), [("retain", "Retain"), ("destroy", "Delete")])
def test_everything_that_holds_something_is_kept_or_destroyed_together(
    bench: Any, code: str, tmp_path: Path, removal_policy: str, policy: str
) -> None:
    file = tmp_path / "pipeline.yaml"
    file.write_text(SYSTEM.replace("CODE", code).replace("POLICY", removal_policy))
    StreamingPipeline(bench.stack, "Pipeline", spec=PipelineSpec.load(file))
    resources = {key: one for key, one in bench.template["Resources"].items() if one["Type"] in KEPT}
    # A log group of a function that CDK itself makes is its own.
    ours = {key: one for key, one in resources.items() if key.startswith("Pipeline")}
    assert {one["Type"] for one in ours.values()} == KEPT
    others = {
        key: one.get("DeletionPolicy")
        for key, one in ours.items()
        if one.get("DeletionPolicy") != policy or one.get("UpdateReplacePolicy") != policy
    }
    assert others == {}

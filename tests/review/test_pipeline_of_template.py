"""The spec that builds what a template builds: values as they were, and what could not be read in words."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import pytest
import yaml

from streaming_constructs.planning.plan_file import plan_document
from streaming_constructs.review.comparing.template_meaning import template_meaning
from streaming_constructs.review.pipeline_of_template import TemplatePipeline, pipeline_of_template
from streaming_constructs.review.reading.read_template import read_template
from streaming_constructs.spec.document import read_document

GOOD = sorted((Path(__file__).parent / "singles" / "good").glob("*.yaml"))
SYSTEM = """
Resources:
  ClicksStream1A2B3C4D:
    Type: AWS::Kinesis::Stream
    Properties:
      ShardCount: "4"
      RetentionPeriodHours: 48
      StreamEncryption: {EncryptionType: KMS, KeyId: alias/aws/kinesis}
  FraudCheck:
    Type: AWS::Lambda::Function
    Properties:
      Handler: app.handle
      Runtime: python3.13
      MemorySize: 512
      Timeout: 120
      Code: {S3Bucket: code, S3Key: fraud.zip}
      Environment: {Variables: {LIMIT: 100, TABLE: !Ref Scores}}
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      EventSourceArn: !GetAtt ClicksStream1A2B3C4D.Arn
      FunctionName: !Ref FraudCheck
      StartingPosition: LATEST
      BatchSize: 250
      MaximumRetryAttempts: 3
      BisectBatchOnFunctionError: true
      FunctionResponseTypes: [ReportBatchItemFailures]
      FilterCriteria: {Filters: [{Pattern: '{"data": {"type": ["card"]}}'}]}
      DestinationConfig: {OnFailure: {Destination: !GetAtt Failed.Arn}}
  Failed: {Type: AWS::SQS::Queue}
  Lake:
    Type: AWS::KinesisFirehose::DeliveryStream
    Properties:
      DeliveryStreamType: KinesisStreamAsSource
      KinesisStreamSourceConfiguration: {KinesisStreamARN: !GetAtt ClicksStream1A2B3C4D.Arn, RoleARN: !GetAtt Role.Arn}
      ExtendedS3DestinationConfiguration:
        BucketARN: !GetAtt Objects.Arn
        RoleARN: !GetAtt Role.Arn
        BufferingHints: {SizeInMBs: 32, IntervalInSeconds: 120}
        CompressionFormat: GZIP
  Objects: {Type: AWS::S3::Bucket}
  Role: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {}}}
  Scores:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: user, AttributeType: S}, {AttributeName: at, AttributeType: N}]
      KeySchema: [{AttributeName: user, KeyType: HASH}, {AttributeName: at, KeyType: RANGE}]
  Nightly: {Type: AWS::Events::Rule, Properties: {ScheduleExpression: rate(1 day)}}
"""


def read(text: str) -> TemplatePipeline:
    return pipeline_of_template(template_meaning(read_template(text, "template")))


def errors(spec: TemplatePipeline, folder: Path) -> list[str]:
    """What is wrong with a spec, once the code of its functions is there."""
    with contextlib.chdir(folder):
        for consumer in spec.spec.get("consumers", {}).values():
            file = consumer.get("handler", "index.handler").partition(".")[0]
            for suffix in (".py", ".js"):
                code = Path(consumer["code"]) / f"{file}{suffix}"
                code.parent.mkdir(parents=True, exist_ok=True)
                code.touch()
        findings = plan_document(read_document(spec.text(), "pipeline.yaml"), None)[1]
    return [str(finding) for finding in findings if finding.level == "error"]


def test_the_numbers_of_a_template_are_those_of_its_spec(tmp_path: Path) -> None:
    found = read(SYSTEM)
    expected: dict[str, Any] = {
        "name": "pipeline",
        "streams": {"clicks-stream": {"kind": "kinesis", "shards": 4, "retention_hours": 48}},
        "consumers": {
            "fraud-check": {
                "kind": "lambda",
                "from": "clicks-stream",
                "code": "handlers/fraud-check",
                "handler": "app.handle",
                "runtime": "python3.13",
                "memory_mb": 512,
                "timeout_seconds": 120,
                "architecture": "x86_64",
                "environment": {"LIMIT": "100"},
                "batch_size": 250,
                "starting_position": "latest",
                "filters": [{"data": {"type": ["card"]}}],
                "on_failure": {"retries": 3, "bisect": True, "destination": "sqs"},
            }
        },
        "deliveries": {
            "lake": {
                "from": "clicks-stream",
                "to": {"kind": "s3", "format": "json", "compression": "gzip", "buffer_mb": 32, "buffer_seconds": 120},
            }
        },
        "stores": {
            "scores": {"kind": "dynamodb", "partition_key": "user", "sort_key": {"name": "at", "type": "number"}}
        },
    }
    assert found.spec == expected
    assert found.unread == [
        "FraudCheck: put its code into handlers/fraud-check",
        "FraudCheck: its variable TABLE is ${Scores}",
        "Nightly (AWS::Events::Rule): the template's own, not in the spec",
    ]
    assert yaml.safe_load(found.text()) == expected
    assert errors(found, tmp_path) == []


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_the_spec_of_a_good_template_can_be_built(path: Path, tmp_path: Path) -> None:
    found = read(yaml.safe_load(path.read_text(encoding="utf-8"))["template"])
    if len(found.spec) > 1:
        assert errors(found, tmp_path) == []


def test_what_is_endless_or_without_a_destination_is_told() -> None:
    found = read(
        SYSTEM.replace("      MaximumRetryAttempts: 3\n", "").replace("!GetAtt Failed.Arn", "!Ref AWS::NoValue")
    )
    assert "Mapping: retries for ever; the spec gives up after 5" in found.unread
    assert "Mapping: has no destination for what fails; the spec keeps it in a bucket" in found.unread
    assert found.spec["consumers"]["fraud-check"]["on_failure"] == {"retries": 5, "bisect": True, "destination": "s3"}

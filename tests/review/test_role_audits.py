"""What an audit says of roles that may not do what sources, destinations and deliveries take, and of whom it says it."""

from __future__ import annotations

from typing import Any

import pytest

from streaming_constructs.review.auditing import audit
from streaming_constructs.review.reading.read_template import as_source

ARN = {"Fn::GetAtt": ["Clicks", "Arn"]}
DEAD = {"Fn::GetAtt": ["Dead", "Arn"]}
READS = ["kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:ListShards"]
SENDS = {"Action": "sqs:SendMessage", "Resource": DEAD}
BASIC = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
KINESIS = "arn:aws:iam::aws:policy/service-role/AWSLambdaKinesisExecutionRole"


def stack(*statements: dict[str, Any], source: Any = ARN, **more: Any) -> dict[str, Any]:
    """A function that reads a stream and hands over to a queue, with what its role may do."""
    document = {"Statement": [{"Effect": "Allow", **statement} for statement in statements]}
    mapping = {
        "FunctionName": {"Ref": "Fraud"},
        "EventSourceArn": source,
        "StartingPosition": "LATEST",
        "DestinationConfig": {"OnFailure": {"Destination": DEAD}},
    }
    role = {"Policies": [{"PolicyName": "p", "PolicyDocument": document}]}
    return {
        "Clicks": {"Type": "AWS::Kinesis::Stream", "Properties": {"ShardCount": 1, "Name": "clicks"}},
        "Fast": {"Type": "AWS::Kinesis::StreamConsumer", "Properties": {"ConsumerName": "f", "StreamARN": ARN}},
        "Dead": {"Type": "AWS::SQS::Queue"},
        "Role": {"Type": "AWS::IAM::Role", "Properties": role},
        "Fraud": {"Type": "AWS::Lambda::Function", "Properties": {"Role": {"Fn::GetAtt": ["Role", "Arn"]}}},
        "Reader": {"Type": "AWS::Lambda::EventSourceMapping", "Properties": mapping},
        **more,
    }


def managed(*policies: Any) -> dict[str, Any]:
    return {"Role": {"Type": "AWS::IAM::Role", "Properties": {"ManagedPolicyArns": list(policies)}}}


def missing(resources: dict[str, Any]) -> list[str]:
    remarks = audit(as_source({"Resources": resources}, "template"))
    assert {remark.logical_id for remark in remarks if remark.code == "AUD214"} <= {"Role"}
    return [remark.message.partition(", which")[0] for remark in remarks if remark.code == "AUD214"]


KEY = {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {"Statement": []}}}
ENCRYPTED = {
    "Clicks": {
        "Type": "AWS::Kinesis::Stream",
        "Properties": {"StreamEncryption": {"EncryptionType": "KMS", "KeyId": {"Ref": "Alias"}}},
    },
    "Alias": {"Type": "AWS::KMS::Alias", "Properties": {"AliasName": "alias/a", "TargetKeyId": {"Ref": "Key"}}},
    "Key": KEY,
}
OPEN_QUEUE = {
    "Open": {
        "Type": "AWS::SQS::QueuePolicy",
        "Properties": {
            "Queues": [{"Ref": "Dead"}],
            "PolicyDocument": {
                "Statement": {
                    "Effect": "Allow",
                    "Principal": {"AWS": {"Fn::GetAtt": ["Role", "Arn"]}},
                    "Action": "sqs:SendMessage",
                    "Resource": DEAD,
                }
            },
        },
    }
}


@pytest.mark.parametrize(
    ("resources", "expected"),
    [
        (stack({"Action": READS, "Resource": ARN}, SENDS), []),
        (stack({"Action": READS, "Resource": "arn:aws:kinesis:*:*:stream/clicks"}, SENDS), []),
        (stack({"Action": READS, "Resource": "arn:aws:kinesis:eu-west-1:111122223333:stream/clicks"}, SENDS), []),
        (
            stack({"Action": READS[1:], "Resource": ARN}, SENDS),
            ["it may not do kinesis:GetRecords on ${Clicks.Arn}"],
        ),
        (
            stack({"Action": READS, "Resource": "arn:aws:kinesis:eu-west-1:111122223333:stream/other"}, SENDS),
            [f"it may not do {', '.join(READS)} on ${{Clicks.Arn}}"],
        ),
        (stack({"Action": READS, "Resource": ARN}), ["it may not do sqs:SendMessage on ${Dead.Arn}"]),
        (stack({"Action": READS, "Resource": ARN}, **OPEN_QUEUE), []),
        (
            stack({"Action": READS, "Resource": ARN}, SENDS, source={"Ref": "Fast"}),
            ["it may not do kinesis:SubscribeToShard on ${Fast}"],
        ),
        (
            stack(
                {"Action": "kinesis:SubscribeToShard", "Resource": {"Fn::Sub": "${Clicks.Arn}/consumer/*"}},
                SENDS,
                source={"Ref": "Fast"},
            ),
            [],
        ),
        (stack({"Action": READS, "Resource": ARN}, SENDS, **ENCRYPTED), ["it may not do kms:Decrypt on ${Key.Arn}"]),
        (stack({"Action": "*", "Resource": "*"}, **ENCRYPTED), []),
        (stack(**managed(KINESIS)), ["it may not do sqs:SendMessage on ${Dead.Arn}"]),
        (stack(**managed(KINESIS, "arn:aws:iam::111122223333:policy/ours")), []),
        (stack(**managed(KINESIS, {"Ref": "Parameter"})), []),
    ],
)
def test_what_the_role_of_a_function_may_not_do(resources: dict[str, Any], expected: list[str]) -> None:
    assert missing(resources) == expected


def test_a_role_that_writes_logs_alone_reads_nothing() -> None:
    assert len(missing(stack(**managed({"Fn::Sub": BASIC.replace("arn:aws", "arn:${AWS::Partition}")})))) == 2


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({"MaximumBatchingWindowInSeconds": 300, "MaximumRecordAgeInSeconds": 60}, ["AUD215"]),
        ({"MaximumBatchingWindowInSeconds": 60, "MaximumRecordAgeInSeconds": 60}, ["AUD215"]),
        ({"MaximumBatchingWindowInSeconds": 60, "MaximumRecordAgeInSeconds": 61}, []),
        ({"MaximumBatchingWindowInSeconds": 60, "MaximumRecordAgeInSeconds": -1}, []),
        ({"DestinationConfig": {"OnFailure": {"Destination": "arn:aws:sqs:eu-west-1:1:dead.fifo"}}}, ["AUD216"]),
        ({"DestinationConfig": {"OnFailure": {"Destination": {"Ref": "Ordered"}}}}, ["AUD216"]),
        ({"DestinationConfig": {"OnFailure": {"Destination": "arn:aws:sqs:eu-west-1:1:dead"}}}, []),
    ],
)
def test_windows_and_destinations(properties: dict[str, Any], expected: list[str]) -> None:
    resources = stack({"Action": "*", "Resource": "*"})
    resources["Reader"]["Properties"].update(properties)
    resources["Ordered"] = {"Type": "AWS::SNS::Topic", "Properties": {"FifoTopic": "true"}}
    remarks = audit(as_source({"Resources": resources}, "template"))
    assert [remark.code for remark in remarks if remark.code in ("AUD215", "AUD216")] == expected


def test_what_sam_made_is_said_of_what_it_was_made_from() -> None:
    event = {"Type": "Kinesis", "Properties": {"Stream": ARN, "StartingPosition": "LATEST", "Enabled": False}}
    function = {
        "Type": "AWS::Serverless::Function",
        "Properties": {"Runtime": "python3.13", "Handler": "a.b", "CodeUri": "src", "Events": {"In": event}},
    }
    template = {
        "Transform": "AWS::Serverless-2016-10-31",
        "Resources": {"Clicks": {"Type": "AWS::Kinesis::Stream"}, "Fraud": function},
    }
    told = {remark.code: remark for remark in audit(as_source(template, "template"))}
    assert (told["AUD209"].logical_id, told["AUD209"].resource_type) == ("Fraud", "AWS::Serverless::Function")
    assert told["AUD209"].path == "Properties.Events.In.Properties"
    assert "AUD214" not in told

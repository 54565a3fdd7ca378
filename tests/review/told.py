"""Reviews that are made up, for tests of how they are told."""

from __future__ import annotations

from typing import Any

from streaming_constructs.review.comparing.template_meaning import template_meaning
from streaming_constructs.review.grade import About, Grade
from streaming_constructs.review.reading.read_template import Source, read_template
from streaming_constructs.review.remark import Remark
from streaming_constructs.review.stacks_review import Accepted, Report, Stack, StackReview
from streaming_constructs.review.templates_review import Review

OLD = """\
Parameters:
  Stage: {Type: String, Default: dev}
Resources:
  Clicks:
    Type: AWS::Kinesis::Stream
    Properties:
      RetentionPeriodHours: 168
      ShardCount: 2
      Tags:
        - {Key: team, Value: web}
  Fraud:
    Type: AWS::Lambda::Function
    Properties: {Timeout: 30}
  FraudMapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      FunctionName: !Ref Fraud
      EventSourceArn: !GetAtt Clicks.Arn
      BisectBatchOnFunctionError: true
  FraudAge:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Dimensions: [{Name: FunctionName, Value: !Ref Fraud}]
Outputs:
  Arn: {Value: !GetAtt Clicks.Arn, Export: {Name: clicks}}
"""
NEW = OLD.replace("168", "24").replace("true", "false")[: OLD.index("  FraudAge")] + "Outputs: {}\n"


def source(text: str = NEW, name: str = "new.yaml") -> Source:
    return read_template(text, name)


def remark(grade: Grade = "danger", about: About = "retention", **more: Any) -> Remark:
    told = {
        "code": {"danger": "REV101", "caution": "REV114", "fine": "REV117"}.get(grade, "REV117"),
        "message": "records older than 24 h are deleted when this is deployed; it was 168 h",
        "logical_id": "Clicks",
        "resource_type": "AWS::Kinesis::Stream",
        "path": "Properties.RetentionPeriodHours",
    }
    return Remark(grade=grade, about=about, **(told | more))


RETENTION = remark(help="keep `RetentionPeriodHours: 168` until the readers have caught up")
ALARM = remark(
    about="alarm",
    code="REV103",
    message="nobody is told any more when Fraud falls behind",
    logical_id="FraudAge",
    resource_type="AWS::CloudWatch::Alarm",
    path="Properties",
)
BISECT = remark(
    "caution",
    "delivery",
    message="a batch that fails is not bisected any more: its good records are retried with the bad one",
    help="leave `BisectBatchOnFunctionError: true`",
    logical_id="FraudMapping",
    resource_type="AWS::Lambda::EventSourceMapping",
    path="Properties.BisectBatchOnFunctionError",
    where="Stage = prod",
)
TAGS = remark("fine", "none", message="its tags are others", path="Properties.Tags[team].Value")


def stack(
    *remarks: Remark, name: str = "", accepted: tuple[Accepted, ...] = (), assumptions: tuple[str, ...] = ()
) -> StackReview:
    old, new = source(OLD, "old.yaml"), source()
    review = Review(remarks, assumptions, template_meaning(old), template_meaning(new))
    return StackReview(Stack(name, old, new), review, accepted)


def report(*remarks: Remark, **more: Any) -> Report:
    return Report((stack(*remarks, **more),) if remarks or more else ())

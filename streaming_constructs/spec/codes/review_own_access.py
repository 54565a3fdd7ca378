"""What changes of templates mean for what the template itself delivers and reads: keys and denials that keep it out."""

from __future__ import annotations

from streaming_constructs.spec.codes.code import Code, review_code

_SUBSCRIBED = """
    Orders: {{Type: AWS::SQS::Queue{properties}}}
    Shop: {{Type: AWS::SNS::Topic}}
    Wanted:
      Type: AWS::SNS::Subscription
      Properties: {{TopicArn: !Ref Shop, Protocol: sqs, Endpoint: !GetAtt Orders.Arn}}
"""
_DELIVERY = """
    Lake: {Type: AWS::S3::Bucket}
    Role:
      Type: AWS::IAM::Role
      Properties:
        AssumeRolePolicyDocument:
          Statement: [{Effect: Allow, Principal: {Service: firehose.amazonaws.com}, Action: 'sts:AssumeRole'}]
        Policies:
          - PolicyName: writes
            PolicyDocument:
              Statement: [{Effect: Allow, Action: 's3:PutObject', Resource: {'Fn::Sub': '${Lake.Arn}/*'}}]
    Clicks:
      Type: AWS::KinesisFirehose::DeliveryStream
      Properties:
        ExtendedS3DestinationConfiguration: {BucketARN: !GetAtt Lake.Arn, RoleARN: !GetAtt Role.Arn}
"""
_POLICY = """
    Policy:
      Type: AWS::S3::BucketPolicy
      Properties:
        Bucket: !Ref Lake
        PolicyDocument:
          Statement:
            - Effect: Deny
              Principal: '*'
              Action: 's3:*'
              Resource: {'Fn::Sub': '${Lake.Arn}/*'}
              Condition: {CONDITION}
"""

CODES: tuple[Code, ...] = (
    review_code(
        "REV660",
        "danger",
        "delivery",
        "what delivers to a resource, or reads it, may not use its new key",
        "Whoever writes what is encrypted needs the key, and so does whoever reads it. The policies of keys that AWS "
        "manages, such as `alias/aws/sqs`, let no other service in, and nobody can change them: SNS, EventBridge and "
        "S3 are refused, and what they deliver is dropped. A key of your own has to name them, or the role.",
        before=_SUBSCRIBED.format(properties=""),
        after=_SUBSCRIBED.format(properties=", Properties: {KmsMasterKeyId: alias/aws/sqs}"),
        mend=_SUBSCRIBED.format(properties=", Properties: {SqsManagedSseEnabled: true}"),
        source="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html",
    ),
    review_code(
        "REV661",
        "danger",
        "delivery",
        "a policy of a resource denies what the template itself does with it",
        "A denial wins over whatever allows the same. A delivery stream, a mapping or a service has no VPC endpoint and "
        "says no more in a request than it is told: it is refused, retries for a time, and then its records are lost.",
        before=_DELIVERY,
        after=_DELIVERY + _POLICY.replace("CONDITION", "StringNotEquals: {'aws:SourceVpce': vpce-0123456789abcdef0}"),
        mend=_DELIVERY + _POLICY.replace("CONDITION", "Bool: {'aws:SecureTransport': 'false'}"),
        source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html",
    ),
)

"""What is wrong in one template with CloudWatch alarms and logs."""

from __future__ import annotations

from streaming_constructs.spec.codes.code import Code, review_code

_ALARM = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html"
_KINESIS = "https://docs.aws.amazon.com/streams/latest/dev/monitoring-with-cloudwatch.html"
_LAG = (
    "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Best_Practice_Recommended_Alarms_AWS_Services.html"
)
_RETENTION = "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html"
_SNS_KEY = "https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html"
_DEAD = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html"


def _alarm(namespace: str, metric: str, dimension: str, threshold: float) -> str:
    """An alarm on the average of a metric of something in another stack."""
    return f"""
        Watch:
          Type: AWS::CloudWatch::Alarm
          Properties: {{
            Namespace: {namespace}, MetricName: {metric}, Dimensions: [{{Name: {dimension}, Value: clicks}}],
            Statistic: Average, Period: 60, EvaluationPeriods: 5, Threshold: {threshold},
            ComparisonOperator: LessThanThreshold, AlarmActions: ["arn:aws:sns:eu-west-1:111122223333:alarms"]}}
    """


CODES: tuple[Code, ...] = (
    review_code(
        "AUD501",
        "danger",
        "alarm",
        "an alarm lacks a dimension, so its metric has no data",
        "CloudWatch does not add up what is published under dimensions: without them it is another metric, that "
        "nobody publishes. The alarm is created without an error, and never fires.",
        after="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Topic: {Type: AWS::SNS::Topic}
            Lag:
              Type: AWS::CloudWatch::Alarm
              Properties: {
                Namespace: AWS/Kinesis, MetricName: GetRecords.IteratorAgeMilliseconds, Statistic: Maximum,
                Period: 60, EvaluationPeriods: 5, Threshold: 60000, ComparisonOperator: GreaterThanThreshold,
                AlarmActions: [!Ref Topic]}
        """,
        mend="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Topic: {Type: AWS::SNS::Topic}
            Lag:
              Type: AWS::CloudWatch::Alarm
              Properties: {
                Namespace: AWS/Kinesis, MetricName: GetRecords.IteratorAgeMilliseconds,
                Dimensions: [{Name: StreamName, Value: !Ref Clicks}], Statistic: Maximum, Period: 60,
                EvaluationPeriods: 5, Threshold: 60000, ComparisonOperator: GreaterThanThreshold,
                AlarmActions: [!Ref Topic]}
        """,
        source=_KINESIS,
    ),
    review_code(
        "AUD502",
        "danger",
        "alarm",
        "a dimension of an alarm names nothing, or something of another kind",
        "The name of a queue as a stream, an ARN or an address in place of a name: the metric that is asked for "
        "is published by nobody, and the alarm never fires.",
        after="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Topic: {Type: AWS::SNS::Topic}
            Dead: {Type: AWS::SQS::Queue}
            Lag:
              Type: AWS::CloudWatch::Alarm
              Properties: {
                Namespace: AWS/Kinesis, MetricName: GetRecords.IteratorAgeMilliseconds,
                Dimensions: [{Name: StreamName, Value: !GetAtt Dead.QueueName}], Statistic: Maximum,
                Period: 60, EvaluationPeriods: 5, Threshold: 60000, ComparisonOperator: GreaterThanThreshold,
                AlarmActions: [!Ref Topic]}
        """,
        mend="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Topic: {Type: AWS::SNS::Topic}
            Dead: {Type: AWS::SQS::Queue}
            Lag:
              Type: AWS::CloudWatch::Alarm
              Properties: {
                Namespace: AWS/Kinesis, MetricName: GetRecords.IteratorAgeMilliseconds,
                Dimensions: [{Name: StreamName, Value: !Ref Clicks}], Statistic: Maximum, Period: 60,
                EvaluationPeriods: 5, Threshold: 60000, ComparisonOperator: GreaterThanThreshold,
                AlarmActions: [!Ref Topic]}
        """,
        source=_KINESIS,
    ),
    review_code(
        "AUD503",
        "danger",
        "alarm",
        "an alarm on a lag has a threshold that no lag reaches",
        "A reader cannot be further behind than its stream keeps records: what is older is deleted, and the lag "
        "grows no more. Records are lost unread, and nobody is told.",
        after="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Topic: {Type: AWS::SNS::Topic}
            Lag:
              Type: AWS::CloudWatch::Alarm
              Properties: {
                Namespace: AWS/Kinesis, MetricName: GetRecords.IteratorAgeMilliseconds,
                Dimensions: [{Name: StreamName, Value: !Ref Clicks}], Statistic: Maximum, Period: 60,
                EvaluationPeriods: 5, Threshold: 86400000, ComparisonOperator: GreaterThanThreshold,
                AlarmActions: [!Ref Topic]}
        """,
        mend="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Topic: {Type: AWS::SNS::Topic}
            Lag:
              Type: AWS::CloudWatch::Alarm
              Properties: {
                Namespace: AWS/Kinesis, MetricName: GetRecords.IteratorAgeMilliseconds,
                Dimensions: [{Name: StreamName, Value: !Ref Clicks}], Statistic: Maximum, Period: 60,
                EvaluationPeriods: 5, Threshold: 43200000, ComparisonOperator: GreaterThanThreshold,
                AlarmActions: [!Ref Topic]}
        """,
        source=_LAG,
    ),
    review_code(
        "AUD504",
        "caution",
        "alarm",
        "an alarm on a lag does not see the reader that is furthest behind",
        "The lag of a stream is that of its slowest shard. The least of all values is small as long as one shard "
        "is read in time, an average as long as most are, and a sum grows with the number of readings.",
        after="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Topic: {Type: AWS::SNS::Topic}
            Lag:
              Type: AWS::CloudWatch::Alarm
              Properties: {
                Namespace: AWS/Kinesis, MetricName: GetRecords.IteratorAgeMilliseconds,
                Dimensions: [{Name: StreamName, Value: !Ref Clicks}], Statistic: Minimum, Period: 60,
                EvaluationPeriods: 5, Threshold: 60000, ComparisonOperator: GreaterThanThreshold,
                AlarmActions: [!Ref Topic]}
        """,
        mend="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Topic: {Type: AWS::SNS::Topic}
            Lag:
              Type: AWS::CloudWatch::Alarm
              Properties: {
                Namespace: AWS/Kinesis, MetricName: GetRecords.IteratorAgeMilliseconds,
                Dimensions: [{Name: StreamName, Value: !Ref Clicks}], Statistic: Maximum, Period: 60,
                EvaluationPeriods: 5, Threshold: 60000, ComparisonOperator: GreaterThanThreshold,
                AlarmActions: [!Ref Topic]}
        """,
        source=_LAG,
    ),
    review_code(
        "AUD505",
        "danger",
        "alarm",
        "an alarm has no actions, and nobody hears of it otherwise",
        "It changes its colour in the console when it fires. Unless somebody looks there at that moment, nobody knows.",
        after="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Topic: {Type: AWS::SNS::Topic}
            Lag:
              Type: AWS::CloudWatch::Alarm
              Properties: {
                Namespace: AWS/Kinesis, MetricName: GetRecords.IteratorAgeMilliseconds,
                Dimensions: [{Name: StreamName, Value: !Ref Clicks}], Statistic: Maximum, Period: 60,
                EvaluationPeriods: 5, Threshold: 60000, ComparisonOperator: GreaterThanThreshold}
        """,
        mend="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Topic: {Type: AWS::SNS::Topic}
            Lag:
              Type: AWS::CloudWatch::Alarm
              Properties: {
                Namespace: AWS/Kinesis, MetricName: GetRecords.IteratorAgeMilliseconds,
                Dimensions: [{Name: StreamName, Value: !Ref Clicks}], Statistic: Maximum, Period: 60,
                EvaluationPeriods: 5, Threshold: 60000, ComparisonOperator: GreaterThanThreshold}
            Bad:
              Type: AWS::CloudWatch::CompositeAlarm
              Properties: {AlarmRule: {"Fn::Sub": "ALARM(${Lag})"}, AlarmActions: [!Ref Topic]}
        """,
        source=_ALARM,
    ),
    review_code(
        "AUD506",
        "danger",
        "alarm",
        "the actions of an alarm are switched off",
        "Often left from a test or from maintenance: the alarm looks as if it told somebody, and does not.",
        after="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Topic: {Type: AWS::SNS::Topic}
            Lag:
              Type: AWS::CloudWatch::Alarm
              Properties: {
                Namespace: AWS/Kinesis, MetricName: GetRecords.IteratorAgeMilliseconds,
                Dimensions: [{Name: StreamName, Value: !Ref Clicks}], Statistic: Maximum, Period: 60,
                EvaluationPeriods: 5, Threshold: 60000, ComparisonOperator: GreaterThanThreshold,
                AlarmActions: [!Ref Topic], ActionsEnabled: false}
        """,
        mend="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Topic: {Type: AWS::SNS::Topic}
            Lag:
              Type: AWS::CloudWatch::Alarm
              Properties: {
                Namespace: AWS/Kinesis, MetricName: GetRecords.IteratorAgeMilliseconds,
                Dimensions: [{Name: StreamName, Value: !Ref Clicks}], Statistic: Maximum, Period: 60,
                EvaluationPeriods: 5, Threshold: 60000, ComparisonOperator: GreaterThanThreshold,
                AlarmActions: [!Ref Topic]}
        """,
        source=_ALARM,
    ),
    review_code(
        "AUD507",
        "danger",
        "alarm",
        "alarms cannot publish to their topic, as CloudWatch may not, or may not use its key",
        "The policy of the key that AWS manages for SNS cannot be changed, and it does not let CloudWatch use it; a "
        "policy of a topic takes the place of the one that let the account's services publish. The message of an alarm "
        "is then lost; only the history of the alarm shows that.",
        after="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Topic: {Type: AWS::SNS::Topic, Properties: {KmsMasterKeyId: alias/aws/sns}}
            Lag:
              Type: AWS::CloudWatch::Alarm
              Properties: {
                Namespace: AWS/Kinesis, MetricName: GetRecords.IteratorAgeMilliseconds,
                Dimensions: [{Name: StreamName, Value: !Ref Clicks}], Statistic: Maximum, Period: 60,
                EvaluationPeriods: 5, Threshold: 60000, ComparisonOperator: GreaterThanThreshold,
                AlarmActions: [!Ref Topic]}
        """,
        mend="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Topic: {Type: AWS::SNS::Topic, Properties: {KmsMasterKeyId: !Ref Key}}
            Key:
              Type: AWS::KMS::Key
              Properties:
                KeyPolicy:
                  Statement:
                    - {Effect: Allow, Principal: {AWS: "arn:aws:iam::111122223333:root"}, Action: "kms:*", Resource: "*"}
                    - Effect: Allow
                      Principal: {Service: cloudwatch.amazonaws.com}
                      Action: ["kms:Decrypt", "kms:GenerateDataKey*"]
                      Resource: "*"
            Lag:
              Type: AWS::CloudWatch::Alarm
              Properties: {
                Namespace: AWS/Kinesis, MetricName: GetRecords.IteratorAgeMilliseconds,
                Dimensions: [{Name: StreamName, Value: !Ref Clicks}], Statistic: Maximum, Period: 60,
                EvaluationPeriods: 5, Threshold: 60000, ComparisonOperator: GreaterThanThreshold,
                AlarmActions: [!Ref Topic]}
        """,
        source=_SNS_KEY,
    ),
    review_code(
        "AUD508",
        "danger",
        "alarm",
        "nobody watches how far a reader of a stream is behind",
        "A stream deletes records when their time is over, read or not. A reader that is too slow, or that tries "
        "one bad batch again and again, falls behind silently until records are lost.",
        after="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Topic: {Type: AWS::SNS::Topic}
            Fraud: {Type: AWS::Lambda::Function, Properties: {FunctionName: fraud}}
            Mapping:
              Type: AWS::Lambda::EventSourceMapping
              Properties: {EventSourceArn: !GetAtt Clicks.Arn, FunctionName: !Ref Fraud, StartingPosition: LATEST}
        """,
        mend="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Topic: {Type: AWS::SNS::Topic}
            Fraud: {Type: AWS::Lambda::Function, Properties: {FunctionName: fraud}}
            Mapping:
              Type: AWS::Lambda::EventSourceMapping
              Properties: {EventSourceArn: !GetAtt Clicks.Arn, FunctionName: !Ref Fraud, StartingPosition: LATEST}
            Lag:
              Type: AWS::CloudWatch::Alarm
              Properties: {
                Namespace: AWS/Kinesis, MetricName: GetRecords.IteratorAgeMilliseconds,
                Dimensions: [{Name: StreamName, Value: !Ref Clicks}], Statistic: Maximum, Period: 60,
                EvaluationPeriods: 5, Threshold: 60000, ComparisonOperator: GreaterThanThreshold,
                AlarmActions: [!Ref Topic]}
        """,
        source=_LAG,
    ),
    review_code(
        "AUD509",
        "caution",
        "alarm",
        "nobody watches a queue that keeps what failed",
        "Messages in a dead-letter queue are deleted when their time is over, 14 days at most. If nobody is told "
        "that something is in it, the queue only delays the loss.",
        after="""
            Dead: {Type: AWS::SQS::Queue}
            Work:
              Type: AWS::SQS::Queue
              Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 5}}
        """,
        mend="""
            Topic: {Type: AWS::SNS::Topic}
            Dead: {Type: AWS::SQS::Queue}
            Work:
              Type: AWS::SQS::Queue
              Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 5}}
            Failed:
              Type: AWS::CloudWatch::Alarm
              Properties: {
                Namespace: AWS/SQS, MetricName: ApproximateNumberOfMessagesVisible,
                Dimensions: [{Name: QueueName, Value: !GetAtt Dead.QueueName}], Statistic: Maximum, Period: 60,
                EvaluationPeriods: 1, Threshold: 0, ComparisonOperator: GreaterThanThreshold,
                AlarmActions: [!Ref Topic]}
        """,
        source=_DEAD,
    ),
    review_code(
        "AUD510",
        "caution",
        "retention",
        "a log group keeps its events for ever",
        "Nothing is lost by it, and nothing is ever deleted: logs of a busy system grow to the greatest part of "
        "its costs, and what is personal in them stays for longer than it may.",
        after="""
            Log: {Type: AWS::Logs::LogGroup}
        """,
        mend="""
            Log: {Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: 90}}
        """,
        source=_RETENTION,
    ),
    review_code(
        "AUD511",
        "danger",
        "alarm",
        "an alarm watches a metric that is not published",
        "CloudWatch takes an alarm on any name. On one that no service publishes under it waits for data for ever, "
        "and looks like an alarm on a system that is well.",
        after=_alarm("AWS/KinesisFirehose", "DeliveryToS3.DataFreshness", "DeliveryStreamName", 900),
        mend=_alarm("AWS/Firehose", "DeliveryToS3.DataFreshness", "DeliveryStreamName", 900),
        source="https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-metrics.html",
    ),
    review_code(
        "AUD512",
        "danger",
        "alarm",
        "an alarm compares a share from 0 to 1 with percents",
        "The average of such a metric is never above 1. Below 95 it always is, so that the alarm is red from the "
        "first day and is silenced; above 5 it never is, so that the alarm never fires.",
        after=_alarm("AWS/Kinesis", "PutRecord.Success", "StreamName", 95),
        mend=_alarm("AWS/Kinesis", "PutRecord.Success", "StreamName", 0.95),
        source="https://docs.aws.amazon.com/streams/latest/dev/monitoring-with-cloudwatch.html",
    ),
)

"""What changes of a template mean for CloudWatch alarms."""

from __future__ import annotations

from streaming_constructs.spec.codes.code import Code, review_code

_ALARM = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html"
_EVALUATION = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html"
_MISSING = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html"
_COMPOSITE = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html"
_MATH = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html"
_KINESIS = "https://docs.aws.amazon.com/streams/latest/dev/monitoring-with-cloudwatch.html"
_LAG = (
    "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Best_Practice_Recommended_Alarms_AWS_Services.html"
)
_SNS_KEY = "https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html"
_SNS = "https://docs.aws.amazon.com/sns/latest/dg/welcome.html"

CODES: tuple[Code, ...] = (
    review_code(
        "REV501",
        "danger",
        "alarm",
        "an alarm is removed, and nothing watches its metric any more",
        "What it watched is still there and may fail as before, but nobody is told. Whoever is responsible learns "
        "of it from the users of the system.",
        before="""
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
        after="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Topic: {Type: AWS::SNS::Topic}
        """,
        mend="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Topic: {Type: AWS::SNS::Topic}
            Late:
              Type: AWS::CloudWatch::Alarm
              Properties: {
                Namespace: AWS/Kinesis, MetricName: GetRecords.IteratorAgeMilliseconds,
                Dimensions: [{Name: StreamName, Value: !Ref Clicks}], Statistic: Maximum, Period: 60,
                EvaluationPeriods: 5, Threshold: 60000, ComparisonOperator: GreaterThanThreshold,
                AlarmActions: [!Ref Topic], AlarmName: lag-of-clicks}
        """,
        source=_ALARM,
    ),
    review_code(
        "REV502",
        "fine",
        "alarm",
        "an alarm goes that nobody needs: another watches as closely, or nothing is left to watch",
        "A metric of a resource that is deleted has no data. And an alarm beside another one on the same metric, "
        "that fires as soon, says nothing that the other does not say.",
        before="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Topic: {Type: AWS::SNS::Topic}
            Lag:
              Type: AWS::CloudWatch::Alarm
              Properties: {
                Namespace: AWS/Kinesis, MetricName: GetRecords.IteratorAgeMilliseconds,
                Dimensions: [{Name: StreamName, Value: !Ref Clicks}], Statistic: Maximum, Period: 60,
                EvaluationPeriods: 5, Threshold: 60000, ComparisonOperator: GreaterThanThreshold,
                AlarmActions: [!Ref Topic]}
            Twin:
              Type: AWS::CloudWatch::Alarm
              Properties: {
                Namespace: AWS/Kinesis, MetricName: GetRecords.IteratorAgeMilliseconds,
                Dimensions: [{Name: StreamName, Value: !Ref Clicks}], Statistic: Maximum, Period: 60,
                EvaluationPeriods: 5, Threshold: 60000, ComparisonOperator: GreaterThanThreshold,
                AlarmActions: [!Ref Topic]}
        """,
        after="""
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
        "REV503",
        "caution",
        "alarm",
        "an alarm is removed, and the one that is left on its metric fires later",
        "Two alarms on one metric are often a warning and an emergency. Without the first, the time between them "
        "is gone.",
        before="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Topic: {Type: AWS::SNS::Topic}
            Lag:
              Type: AWS::CloudWatch::Alarm
              Properties: {
                Namespace: AWS/Kinesis, MetricName: GetRecords.IteratorAgeMilliseconds,
                Dimensions: [{Name: StreamName, Value: !Ref Clicks}], Statistic: Maximum, Period: 60,
                EvaluationPeriods: 5, Threshold: 60000, ComparisonOperator: GreaterThanThreshold,
                AlarmActions: [!Ref Topic]}
            Late:
              Type: AWS::CloudWatch::Alarm
              Properties: {
                Namespace: AWS/Kinesis, MetricName: GetRecords.IteratorAgeMilliseconds,
                Dimensions: [{Name: StreamName, Value: !Ref Clicks}], Statistic: Maximum, Period: 60,
                EvaluationPeriods: 5, Threshold: 600000, ComparisonOperator: GreaterThanThreshold,
                AlarmActions: [!Ref Topic]}
        """,
        after="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Topic: {Type: AWS::SNS::Topic}
            Late:
              Type: AWS::CloudWatch::Alarm
              Properties: {
                Namespace: AWS/Kinesis, MetricName: GetRecords.IteratorAgeMilliseconds,
                Dimensions: [{Name: StreamName, Value: !Ref Clicks}], Statistic: Maximum, Period: 60,
                EvaluationPeriods: 5, Threshold: 600000, ComparisonOperator: GreaterThanThreshold,
                AlarmActions: [!Ref Topic]}
        """,
        source=_EVALUATION,
    ),
    review_code(
        "REV504",
        "danger",
        "alarm",
        "an alarm watches something else, and nothing watches what it did",
        "An alarm has one place to look at. When its metric or its dimensions are others, what it watched may "
        "fail and nobody is told, although the list of alarms is as long as before.",
        before="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Orders: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Topic: {Type: AWS::SNS::Topic}
            Lag:
              Type: AWS::CloudWatch::Alarm
              Properties: {
                Namespace: AWS/Kinesis, MetricName: GetRecords.IteratorAgeMilliseconds,
                Dimensions: [{Name: StreamName, Value: !Ref Clicks}], Statistic: Maximum, Period: 60,
                EvaluationPeriods: 5, Threshold: 60000, ComparisonOperator: GreaterThanThreshold,
                AlarmActions: [!Ref Topic]}
        """,
        after="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Orders: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Topic: {Type: AWS::SNS::Topic}
            Lag:
              Type: AWS::CloudWatch::Alarm
              Properties: {
                Namespace: AWS/Kinesis, MetricName: GetRecords.IteratorAgeMilliseconds,
                Dimensions: [{Name: StreamName, Value: !Ref Orders}], Statistic: Maximum, Period: 60,
                EvaluationPeriods: 5, Threshold: 60000, ComparisonOperator: GreaterThanThreshold,
                AlarmActions: [!Ref Topic]}
        """,
        mend="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Orders: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Topic: {Type: AWS::SNS::Topic}
            Lag:
              Type: AWS::CloudWatch::Alarm
              Properties: {
                Namespace: AWS/Kinesis, MetricName: GetRecords.IteratorAgeMilliseconds,
                Dimensions: [{Name: StreamName, Value: !Ref Clicks}], Statistic: Maximum, Period: 60,
                EvaluationPeriods: 5, Threshold: 60000, ComparisonOperator: GreaterThanThreshold,
                AlarmActions: [!Ref Topic]}
            LagOfOrders:
              Type: AWS::CloudWatch::Alarm
              Properties: {
                Namespace: AWS/Kinesis, MetricName: GetRecords.IteratorAgeMilliseconds,
                Dimensions: [{Name: StreamName, Value: !Ref Orders}], Statistic: Maximum, Period: 60,
                EvaluationPeriods: 5, Threshold: 60000, ComparisonOperator: GreaterThanThreshold,
                AlarmActions: [!Ref Topic]}
        """,
        source=_ALARM,
    ),
    review_code(
        "REV505",
        "danger",
        "alarm",
        "an alarm watches nothing: its metric has no data",
        "CloudWatch takes each combination of dimensions for a metric of its own, and an alarm on one that nobody "
        "publishes is created without an error. It has no data, so it never fires.",
        before="""
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
                EvaluationPeriods: 5, Threshold: 30000, ComparisonOperator: GreaterThanThreshold,
                AlarmActions: [!Ref Topic]}
        """,
        source=_KINESIS,
    ),
    review_code(
        "REV506",
        "caution",
        "alarm",
        "an alarm compares something else, and what it watched is still watched",
        "Another alarm has the metric, or the number is computed otherwise from the same metrics, or another "
        "metric says as well how late a reader is. When it fires is another question than before.",
        before="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Topic: {Type: AWS::SNS::Topic}
            Lag:
              Type: AWS::CloudWatch::Alarm
              Properties: {
                Namespace: AWS/Kinesis, MetricName: IncomingBytes,
                Dimensions: [{Name: StreamName, Value: !Ref Clicks}], Statistic: Sum, Period: 60,
                EvaluationPeriods: 5, Threshold: 60000, ComparisonOperator: GreaterThanThreshold,
                AlarmActions: [!Ref Topic]}
        """,
        after="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Topic: {Type: AWS::SNS::Topic}
            Lag:
              Type: AWS::CloudWatch::Alarm
              Properties:
                EvaluationPeriods: 5
                Threshold: 60000
                ComparisonOperator: GreaterThanThreshold
                AlarmActions: [!Ref Topic]
                Metrics:
                  - {Id: rate, Expression: bytes / 60}
                  - Id: bytes
                    ReturnData: false
                    MetricStat:
                      Metric:
                        Namespace: AWS/Kinesis
                        MetricName: IncomingBytes
                        Dimensions: [{Name: StreamName, Value: !Ref Clicks}]
                      Stat: Sum
                      Period: 60
        """,
        source=_MATH,
    ),
    review_code(
        "REV507",
        "fine",
        "alarm",
        "an alarm watches what it did not, and nothing is left unwatched",
        "It had no data before, or what it watched leaves the stack. Now it can fire, so somebody may be told who "
        "never was.",
        before="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Topic: {Type: AWS::SNS::Topic}
            Lag:
              Type: AWS::CloudWatch::Alarm
              Properties: {
                Namespace: AWS/Kinesis, MetricName: GetRecords.IteratorAgeMilliseconds, Statistic: Maximum,
                Period: 60, EvaluationPeriods: 5, Threshold: 60000, ComparisonOperator: GreaterThanThreshold,
                AlarmActions: [!Ref Topic]}
        """,
        after="""
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
        "REV508",
        "danger",
        "alarm",
        "an alarm tells nobody any more",
        "Without actions, or with actions that are switched off, an alarm changes its colour in the console and "
        "does nothing else. Actions for OK are no help: nobody is told that it fires.",
        before="""
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
                AlarmActions: [!Ref Topic], TreatMissingData: breaching}
        """,
        source=_ALARM,
    ),
    review_code(
        "REV509",
        "caution",
        "alarm",
        "an alarm tells others than before, or fewer",
        "Somebody is still told when it fires. Whether those are the people who can help is not in the template; "
        "who was told before is not told any more.",
        before="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Topic: {Type: AWS::SNS::Topic}
            Pager: {Type: AWS::SNS::Topic}
            Lag:
              Type: AWS::CloudWatch::Alarm
              Properties: {
                Namespace: AWS/Kinesis, MetricName: GetRecords.IteratorAgeMilliseconds,
                Dimensions: [{Name: StreamName, Value: !Ref Clicks}], Statistic: Maximum, Period: 60,
                EvaluationPeriods: 5, Threshold: 60000, ComparisonOperator: GreaterThanThreshold,
                AlarmActions: [!Ref Topic, !Ref Pager]}
        """,
        after="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Topic: {Type: AWS::SNS::Topic}
            Pager: {Type: AWS::SNS::Topic}
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
        "REV510",
        "fine",
        "alarm",
        "an alarm tells more people, or tells again",
        "Nobody who was told before is left out. The first message may come with the deployment, if the alarm "
        "fires at that time.",
        before="""
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
        after="""
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
        "REV511",
        "danger",
        "alarm",
        "the topic that alarms tell has no subscription left",
        "A topic keeps no messages: what is published while nobody is subscribed is gone. The alarms above it "
        "fire, and nobody hears of it.",
        before="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Topic: {Type: AWS::SNS::Topic}
            Mail: {Type: AWS::SNS::Subscription, Properties: {TopicArn: !Ref Topic, Protocol: email, Endpoint: a@example.com}}
            Lag:
              Type: AWS::CloudWatch::Alarm
              Properties: {
                Namespace: AWS/Kinesis, MetricName: GetRecords.IteratorAgeMilliseconds,
                Dimensions: [{Name: StreamName, Value: !Ref Clicks}], Statistic: Maximum, Period: 60,
                EvaluationPeriods: 5, Threshold: 60000, ComparisonOperator: GreaterThanThreshold,
                AlarmActions: [!Ref Topic]}
        """,
        after="""
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
        source=_SNS,
    ),
    review_code(
        "REV512",
        "caution",
        "alarm",
        "alarms are quiet at times, or while another alarm fires",
        "This is how maintenance is kept from waking people. What fails at such a time is told of late, or not at "
        "all when it is over by then.",
        before="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Topic: {Type: AWS::SNS::Topic}
            Lag:
              Type: AWS::CloudWatch::Alarm
              Properties: {
                Namespace: AWS/Kinesis, MetricName: GetRecords.IteratorAgeMilliseconds,
                Dimensions: [{Name: StreamName, Value: !Ref Clicks}], Statistic: Maximum, Period: 60,
                EvaluationPeriods: 5, Threshold: 60000, ComparisonOperator: GreaterThanThreshold,
                AlarmActions: [!Ref Topic]}
            Bad:
              Type: AWS::CloudWatch::CompositeAlarm
              Properties: {AlarmRule: {"Fn::Sub": "ALARM(${Lag})"}, AlarmActions: [!Ref Topic]}
        """,
        after="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Topic: {Type: AWS::SNS::Topic}
            Lag:
              Type: AWS::CloudWatch::Alarm
              Properties: {
                Namespace: AWS/Kinesis, MetricName: GetRecords.IteratorAgeMilliseconds,
                Dimensions: [{Name: StreamName, Value: !Ref Clicks}], Statistic: Maximum, Period: 60,
                EvaluationPeriods: 5, Threshold: 60000, ComparisonOperator: GreaterThanThreshold,
                AlarmActions: [!Ref Topic]}
            Bad:
              Type: AWS::CloudWatch::CompositeAlarm
              Properties: {AlarmRule: {"Fn::Sub": "ALARM(${Lag})"},
                ActionsSuppressor: maintenance, ActionsSuppressorWaitPeriod: 60, ActionsSuppressorExtensionPeriod: 60,
                AlarmActions: [!Ref Topic]}
        """,
        source=_COMPOSITE,
    ),
    review_code(
        "REV513",
        "caution",
        "alarm",
        "the threshold of an alarm is further away",
        "It fires later, when more is lost or late than today, and does not fire at all for what lies between the "
        "two thresholds. Which way is further depends on the comparison.",
        before="""
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
        after="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Topic: {Type: AWS::SNS::Topic}
            Lag:
              Type: AWS::CloudWatch::Alarm
              Properties: {
                Namespace: AWS/Kinesis, MetricName: GetRecords.IteratorAgeMilliseconds,
                Dimensions: [{Name: StreamName, Value: !Ref Clicks}], Statistic: Maximum, Period: 60,
                EvaluationPeriods: 5, Threshold: 600000, ComparisonOperator: GreaterThanThreshold,
                AlarmActions: [!Ref Topic]}
        """,
        source=_EVALUATION,
    ),
    review_code(
        "REV514",
        "danger",
        "alarm",
        "an alarm cannot fire for what it watches any more",
        "Its comparison is turned round, or its threshold is one that the metric never reaches: a reader cannot "
        "be further behind than the stream keeps records. So nobody is told any more.",
        before="""
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
        after="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Topic: {Type: AWS::SNS::Topic}
            Lag:
              Type: AWS::CloudWatch::Alarm
              Properties: {
                Namespace: AWS/Kinesis, MetricName: GetRecords.IteratorAgeMilliseconds,
                Dimensions: [{Name: StreamName, Value: !Ref Clicks}], Statistic: Maximum, Period: 60,
                EvaluationPeriods: 5, Threshold: 90000000, ComparisonOperator: GreaterThanThreshold,
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
        "REV515",
        "caution",
        "alarm",
        "it takes longer until an alarm fires",
        "More periods have to be beyond the threshold, or longer ones. What fails for a short time is not told "
        "of, and what goes on failing is told of later.",
        before="""
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
        after="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Topic: {Type: AWS::SNS::Topic}
            Lag:
              Type: AWS::CloudWatch::Alarm
              Properties: {
                Namespace: AWS/Kinesis, MetricName: GetRecords.IteratorAgeMilliseconds,
                Dimensions: [{Name: StreamName, Value: !Ref Clicks}], Statistic: Maximum, Period: 60,
                EvaluationPeriods: 15, Threshold: 60000, ComparisonOperator: GreaterThanThreshold,
                AlarmActions: [!Ref Topic]}
        """,
        source=_EVALUATION,
    ),
    review_code(
        "REV516",
        "caution",
        "alarm",
        "an alarm looks at another statistic",
        "An average hides the one shard that is hours behind among many that are not; a sum and a maximum are "
        "different numbers altogether, for which the threshold was not meant.",
        before="""
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
        after="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Topic: {Type: AWS::SNS::Topic}
            Lag:
              Type: AWS::CloudWatch::Alarm
              Properties: {
                Namespace: AWS/Kinesis, MetricName: GetRecords.IteratorAgeMilliseconds,
                Dimensions: [{Name: StreamName, Value: !Ref Clicks}], Statistic: Average, Period: 60,
                EvaluationPeriods: 5, Threshold: 60000, ComparisonOperator: GreaterThanThreshold,
                AlarmActions: [!Ref Topic]}
        """,
        source=_EVALUATION,
    ),
    review_code(
        "REV517",
        "caution",
        "alarm",
        "an alarm is quieter while it has no data",
        "A producer or a reader that has stopped publishes nothing. An alarm that takes missing data for good "
        "says then that all is well.",
        before="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Topic: {Type: AWS::SNS::Topic}
            Lag:
              Type: AWS::CloudWatch::Alarm
              Properties: {
                Namespace: AWS/Kinesis, MetricName: GetRecords.IteratorAgeMilliseconds,
                Dimensions: [{Name: StreamName, Value: !Ref Clicks}], Statistic: Maximum, Period: 60,
                EvaluationPeriods: 5, Threshold: 60000, ComparisonOperator: GreaterThanThreshold,
                AlarmActions: [!Ref Topic], TreatMissingData: breaching}
        """,
        after="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Topic: {Type: AWS::SNS::Topic}
            Lag:
              Type: AWS::CloudWatch::Alarm
              Properties: {
                Namespace: AWS/Kinesis, MetricName: GetRecords.IteratorAgeMilliseconds,
                Dimensions: [{Name: StreamName, Value: !Ref Clicks}], Statistic: Maximum, Period: 60,
                EvaluationPeriods: 5, Threshold: 60000, ComparisonOperator: GreaterThanThreshold,
                AlarmActions: [!Ref Topic], TreatMissingData: notBreaching}
        """,
        source=_MISSING,
    ),
    review_code(
        "REV518",
        "fine",
        "alarm",
        "an alarm fires sooner, or in more cases",
        "All that makes it fire today still does, and more than that. It may fire with the deployment, if the "
        "metric is between the two.",
        before="""
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
        after="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Topic: {Type: AWS::SNS::Topic}
            Lag:
              Type: AWS::CloudWatch::Alarm
              Properties: {
                Namespace: AWS/Kinesis, MetricName: GetRecords.IteratorAgeMilliseconds,
                Dimensions: [{Name: StreamName, Value: !Ref Clicks}], Statistic: Maximum, Period: 60,
                EvaluationPeriods: 5, Threshold: 30000, ComparisonOperator: GreaterThanThreshold,
                AlarmActions: [!Ref Topic]}
        """,
        source=_EVALUATION,
    ),
    review_code(
        "REV519",
        "fine",
        "none",
        "the words of an alarm are others",
        "What is written into the messages of an alarm changes nothing about when it fires, and nobody else is told.",
        before="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Topic: {Type: AWS::SNS::Topic}
            Lag:
              Type: AWS::CloudWatch::Alarm
              Properties: {
                Namespace: AWS/Kinesis, MetricName: GetRecords.IteratorAgeMilliseconds,
                Dimensions: [{Name: StreamName, Value: !Ref Clicks}], Statistic: Maximum, Period: 60,
                EvaluationPeriods: 5, Threshold: 60000, ComparisonOperator: GreaterThanThreshold,
                AlarmActions: [!Ref Topic], AlarmDescription: late}
        """,
        after="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Topic: {Type: AWS::SNS::Topic}
            Lag:
              Type: AWS::CloudWatch::Alarm
              Properties: {
                Namespace: AWS/Kinesis, MetricName: GetRecords.IteratorAgeMilliseconds,
                Dimensions: [{Name: StreamName, Value: !Ref Clicks}], Statistic: Maximum, Period: 60,
                EvaluationPeriods: 5, Threshold: 60000, ComparisonOperator: GreaterThanThreshold,
                AlarmActions: [!Ref Topic], AlarmDescription: readers are late}
        """,
        source=_ALARM,
    ),
    review_code(
        "REV520",
        "caution",
        "alarm",
        "an alarm is evaluated in another way",
        "The window, the query or the unit that it looks at is another. Whether it fires sooner or later cannot "
        "be told from the template.",
        before="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Topic: {Type: AWS::SNS::Topic}
            Lag:
              Type: AWS::CloudWatch::Alarm
              Properties: {
                Namespace: Shop, MetricName: Lag, Dimensions: [{Name: StreamName, Value: !Ref Clicks}],
                Statistic: Maximum, Period: 60, EvaluationPeriods: 5, Threshold: 60000,
                ComparisonOperator: GreaterThanThreshold, AlarmActions: [!Ref Topic]}
        """,
        after="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Topic: {Type: AWS::SNS::Topic}
            Lag:
              Type: AWS::CloudWatch::Alarm
              Properties: {
                Namespace: Shop, MetricName: Lag, Dimensions: [{Name: StreamName, Value: !Ref Clicks}],
                Statistic: Maximum, Period: 60, EvaluationPeriods: 5, Threshold: 60000,
                ComparisonOperator: GreaterThanThreshold, AlarmActions: [!Ref Topic], Unit: Seconds}
        """,
        source=_ALARM,
    ),
    review_code(
        "REV521",
        "danger",
        "alarm",
        "a composite alarm leaves out an alarm that tells nobody by itself",
        "Alarms below a composite alarm often have no actions: it tells for them. One that is left out of its "
        "rule, or called by a name that is no longer its own, fires unheard.",
        before="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Topic: {Type: AWS::SNS::Topic}
            Lag:
              Type: AWS::CloudWatch::Alarm
              Properties: {
                Namespace: AWS/Kinesis, MetricName: GetRecords.IteratorAgeMilliseconds,
                Dimensions: [{Name: StreamName, Value: !Ref Clicks}], Statistic: Maximum, Period: 60,
                EvaluationPeriods: 5, Threshold: 60000, ComparisonOperator: GreaterThanThreshold}
            Throttled:
              Type: AWS::CloudWatch::Alarm
              Properties: {
                Namespace: AWS/Kinesis, MetricName: WriteProvisionedThroughputExceeded,
                Dimensions: [{Name: StreamName, Value: !Ref Clicks}], Statistic: Maximum, Period: 60,
                EvaluationPeriods: 5, Threshold: 60000, ComparisonOperator: GreaterThanThreshold}
            Bad:
              Type: AWS::CloudWatch::CompositeAlarm
              Properties: {AlarmRule: {"Fn::Sub": "ALARM(${Lag}) OR ALARM(${Throttled})"}, AlarmActions: [!Ref Topic]}
        """,
        after="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Topic: {Type: AWS::SNS::Topic}
            Lag:
              Type: AWS::CloudWatch::Alarm
              Properties: {
                Namespace: AWS/Kinesis, MetricName: GetRecords.IteratorAgeMilliseconds,
                Dimensions: [{Name: StreamName, Value: !Ref Clicks}], Statistic: Maximum, Period: 60,
                EvaluationPeriods: 5, Threshold: 60000, ComparisonOperator: GreaterThanThreshold}
            Throttled:
              Type: AWS::CloudWatch::Alarm
              Properties: {
                Namespace: AWS/Kinesis, MetricName: WriteProvisionedThroughputExceeded,
                Dimensions: [{Name: StreamName, Value: !Ref Clicks}], Statistic: Maximum, Period: 60,
                EvaluationPeriods: 5, Threshold: 60000, ComparisonOperator: GreaterThanThreshold}
            Bad:
              Type: AWS::CloudWatch::CompositeAlarm
              Properties: {AlarmRule: {"Fn::Sub": "ALARM(${Throttled})"}, AlarmActions: [!Ref Topic]}
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
            Throttled:
              Type: AWS::CloudWatch::Alarm
              Properties: {
                Namespace: AWS/Kinesis, MetricName: WriteProvisionedThroughputExceeded,
                Dimensions: [{Name: StreamName, Value: !Ref Clicks}], Statistic: Maximum, Period: 60,
                EvaluationPeriods: 5, Threshold: 60000, ComparisonOperator: GreaterThanThreshold}
            Bad:
              Type: AWS::CloudWatch::CompositeAlarm
              Properties: {AlarmRule: {"Fn::Sub": "ALARM(${Throttled})"}, AlarmActions: [!Ref Topic]}
        """,
        source=_COMPOSITE,
    ),
    review_code(
        "REV522",
        "caution",
        "alarm",
        "a composite alarm fires in fewer cases, or in others",
        "There are states of the alarms below it in which it fires today and would not any more, such as one of "
        "two alarms where both are asked for.",
        before="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Topic: {Type: AWS::SNS::Topic}
            Lag:
              Type: AWS::CloudWatch::Alarm
              Properties: {
                Namespace: AWS/Kinesis, MetricName: GetRecords.IteratorAgeMilliseconds,
                Dimensions: [{Name: StreamName, Value: !Ref Clicks}], Statistic: Maximum, Period: 60,
                EvaluationPeriods: 5, Threshold: 60000, ComparisonOperator: GreaterThanThreshold}
            Throttled:
              Type: AWS::CloudWatch::Alarm
              Properties: {
                Namespace: AWS/Kinesis, MetricName: WriteProvisionedThroughputExceeded,
                Dimensions: [{Name: StreamName, Value: !Ref Clicks}], Statistic: Maximum, Period: 60,
                EvaluationPeriods: 5, Threshold: 60000, ComparisonOperator: GreaterThanThreshold}
            Bad:
              Type: AWS::CloudWatch::CompositeAlarm
              Properties: {AlarmRule: {"Fn::Sub": "ALARM(${Lag}) OR ALARM(${Throttled})"}, AlarmActions: [!Ref Topic]}
        """,
        after="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Topic: {Type: AWS::SNS::Topic}
            Lag:
              Type: AWS::CloudWatch::Alarm
              Properties: {
                Namespace: AWS/Kinesis, MetricName: GetRecords.IteratorAgeMilliseconds,
                Dimensions: [{Name: StreamName, Value: !Ref Clicks}], Statistic: Maximum, Period: 60,
                EvaluationPeriods: 5, Threshold: 60000, ComparisonOperator: GreaterThanThreshold}
            Throttled:
              Type: AWS::CloudWatch::Alarm
              Properties: {
                Namespace: AWS/Kinesis, MetricName: WriteProvisionedThroughputExceeded,
                Dimensions: [{Name: StreamName, Value: !Ref Clicks}], Statistic: Maximum, Period: 60,
                EvaluationPeriods: 5, Threshold: 60000, ComparisonOperator: GreaterThanThreshold}
            Bad:
              Type: AWS::CloudWatch::CompositeAlarm
              Properties: {AlarmRule: {"Fn::Sub": "ALARM(${Lag}) AND ALARM(${Throttled})"}, AlarmActions: [!Ref Topic]}
        """,
        source=_COMPOSITE,
    ),
    review_code(
        "REV523",
        "danger",
        "alarm",
        "alarms cannot publish to their topic any more, as CloudWatch may not use its key",
        "The policy of the key that AWS manages for SNS cannot be changed, and it does not let CloudWatch use it. "
        "The message of an alarm is lost; only the history of the alarm shows that.",
        before="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Topic: {Type: AWS::SNS::Topic}
            Secret: {Type: AWS::SNS::Topic, Properties: {KmsMasterKeyId: alias/aws/sns}}
            Lag:
              Type: AWS::CloudWatch::Alarm
              Properties: {
                Namespace: AWS/Kinesis, MetricName: GetRecords.IteratorAgeMilliseconds,
                Dimensions: [{Name: StreamName, Value: !Ref Clicks}], Statistic: Maximum, Period: 60,
                EvaluationPeriods: 5, Threshold: 60000, ComparisonOperator: GreaterThanThreshold,
                AlarmActions: [!Ref Topic]}
        """,
        after="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Topic: {Type: AWS::SNS::Topic}
            Secret: {Type: AWS::SNS::Topic, Properties: {KmsMasterKeyId: alias/aws/sns}}
            Lag:
              Type: AWS::CloudWatch::Alarm
              Properties: {
                Namespace: AWS/Kinesis, MetricName: GetRecords.IteratorAgeMilliseconds,
                Dimensions: [{Name: StreamName, Value: !Ref Clicks}], Statistic: Maximum, Period: 60,
                EvaluationPeriods: 5, Threshold: 60000, ComparisonOperator: GreaterThanThreshold,
                AlarmActions: [!Ref Secret]}
        """,
        mend="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Topic: {Type: AWS::SNS::Topic}
            Secret: {Type: AWS::SNS::Topic, Properties: {KmsMasterKeyId: alias/aws/sns}}
            Lag:
              Type: AWS::CloudWatch::Alarm
              Properties: {
                Namespace: AWS/Kinesis, MetricName: GetRecords.IteratorAgeMilliseconds,
                Dimensions: [{Name: StreamName, Value: !Ref Clicks}], Statistic: Maximum, Period: 60,
                EvaluationPeriods: 5, Threshold: 60000, ComparisonOperator: GreaterThanThreshold,
                AlarmActions: [!Ref Topic, 'arn:aws:sns:eu-west-1:111122223333:on-call']}
        """,
        source=_SNS_KEY,
    ),
)

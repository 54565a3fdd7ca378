"""What changes of a template mean for logs, dashboards, metrics and events."""

from __future__ import annotations

from streaming_constructs.spec.codes.code import Code, review_code

_DASHBOARD = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Dashboards.html"
_INSIGHTS = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/ContributorInsights.html"
_RETENTION = "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html"
_LOG_KEY = "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DisassociateKmsKey.html"
_LOG_CLASS = "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html"
_LOG_GROUP = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-loggroup.html"
_SUBSCRIPTION = "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutSubscriptionFilter.html"
_METRIC_FILTER = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/MonitoringLogData.html"
_RULES = "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rules.html"
_PATTERNS = "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html"
_TARGETS = "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html"
_DLQ = "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html"
_PIPES = "https://docs.aws.amazon.com/eventbridge/latest/userguide/pipes-start-stop.html"
_PIPE = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-pipes-pipe.html"

CODES: tuple[Code, ...] = (
    review_code(
        "REV530",
        "fine",
        "none",
        "what people look at is shown otherwise",
        "Dashboards, saved queries and groups of traces are looked at by people. No alarm and no delivery stands "
        "on them.",
        before="""
            Board: {Type: AWS::CloudWatch::Dashboard, Properties: {DashboardBody: '{"widgets": []}'}}
        """,
        after="""
            Board: {Type: AWS::CloudWatch::Dashboard, Properties: {DashboardBody: '{"widgets": [], "start": "-PT3H"}'}}
        """,
        source=_DASHBOARD,
    ),
    review_code(
        "REV531",
        "caution",
        "none",
        "what is measured, traced or sent on of metrics is less, or another",
        "Whoever reads the metrics, traces or contributors elsewhere gets others than before, or fewer. In this "
        "template nothing shows who that is.",
        before="""
            Rule: {Type: AWS::CloudWatch::InsightRule, Properties: {RuleName: keys, RuleState: ENABLED, RuleBody: '{}'}}
        """,
        after="""
            Rule: {Type: AWS::CloudWatch::InsightRule, Properties: {RuleName: keys, RuleState: DISABLED, RuleBody: '{}'}}
        """,
        source=_INSIGHTS,
    ),
    review_code(
        "REV532",
        "fine",
        "cost",
        "more is measured, traced or sent on of metrics",
        "Nothing is left out that is there today. Each metric that is sent on, and each trace, is paid for.",
        before="""
            Rule: {Type: AWS::CloudWatch::InsightRule, Properties: {RuleName: keys, RuleState: DISABLED, RuleBody: '{}'}}
        """,
        after="""
            Rule: {Type: AWS::CloudWatch::InsightRule, Properties: {RuleName: keys, RuleState: ENABLED, RuleBody: '{}'}}
        """,
        source=_INSIGHTS,
    ),
    review_code(
        "REV540",
        "danger",
        "retention",
        "log events, or archived events, are kept for a shorter time",
        "What is older than the new time is marked for deletion when it is set, and cannot be read any more. It "
        "does not come back when the time is made longer again.",
        before="""
            Log: {Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: 365}}
        """,
        after="""
            Log: {Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: 30}}
        """,
        mend="""
            Log: {Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: 400}}
        """,
        source=_RETENTION,
    ),
    review_code(
        "REV541",
        "fine",
        "retention",
        "log events, or archived events, are kept longer",
        "Nothing that is there today is deleted earlier. Each gigabyte that is kept is paid for by the month.",
        before="""
            Log: {Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: 30}}
        """,
        after="""
            Log: {Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: 365}}
        """,
        source=_RETENTION,
    ),
    review_code(
        "REV542",
        "caution",
        "encryption",
        "logs or events are encrypted with another key",
        "What is new is encrypted with the other key, or with one of AWS; they are encrypted in any case. What is "
        "there already needs the earlier key as long as it is kept.",
        before="""
            Key: {Type: AWS::KMS::Key, Properties: {KeyPolicy: {}}}
            Log: {Type: AWS::Logs::LogGroup, Properties: {KmsKeyId: !GetAtt Key.Arn}}
        """,
        after="""
            Key: {Type: AWS::KMS::Key, Properties: {KeyPolicy: {}}}
            Log: {Type: AWS::Logs::LogGroup}
        """,
        source=_LOG_KEY,
    ),
    review_code(
        "REV543",
        "fine",
        "encryption",
        "logs or events are guarded better",
        "A key of your own, a lock against deletion, or masks for sensitive data are added. The role that writes "
        "or reads has to be allowed to use the key.",
        before="""
            Key: {Type: AWS::KMS::Key, Properties: {KeyPolicy: {}}}
            Log: {Type: AWS::Logs::LogGroup}
        """,
        after="""
            Key: {Type: AWS::KMS::Key, Properties: {KeyPolicy: {}}}
            Log: {Type: AWS::Logs::LogGroup, Properties: {KmsKeyId: !GetAtt Key.Arn}}
        """,
        source=_LOG_KEY,
    ),
    review_code(
        "REV544",
        "danger",
        "none",
        "the class of a log group is changed, which CloudWatch Logs refuses",
        "A log group stays in the class that it was created in, so the update fails. The classes differ in what "
        "can be done: an alarm or a subscription stands on the standard class alone.",
        before="""
            Log: {Type: AWS::Logs::LogGroup}
        """,
        after="""
            Log: {Type: AWS::Logs::LogGroup, Properties: {LogGroupClass: INFREQUENT_ACCESS}}
        """,
        mend="""
            Log: {Type: AWS::Logs::LogGroup}
            Archive: {Type: AWS::Logs::LogGroup, Properties: {LogGroupClass: INFREQUENT_ACCESS}}
        """,
        source=_LOG_CLASS,
    ),
    review_code(
        "REV545",
        "caution",
        "removal-policy",
        "a guard of a log group is taken away",
        "Nothing is lost or shown now. But the log group can be deleted by whoever may do so, or sensitive data "
        "in new log events are no longer masked.",
        before="""
            Log: {Type: AWS::Logs::LogGroup, Properties: {DeletionProtectionEnabled: true}}
        """,
        after="""
            Log: {Type: AWS::Logs::LogGroup}
        """,
        source=_LOG_GROUP,
    ),
    review_code(
        "REV547",
        "danger",
        "delivery",
        "a subscription to logs is removed",
        "Log events are not delivered any more to whoever reads them behind the subscription. What comes "
        "meanwhile is not delivered later either: a subscription begins when it is made.",
        before="""
            Log: {Type: AWS::Logs::LogGroup}
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            ToStream:
              Type: AWS::Logs::SubscriptionFilter
              Properties:
                LogGroupName: !Ref Log
                FilterPattern: ''
                DestinationArn: !GetAtt Clicks.Arn
                RoleArn: arn:aws:iam::111122223333:role/logs
        """,
        after="""
            Log: {Type: AWS::Logs::LogGroup}
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
        """,
        source=_SUBSCRIPTION,
    ),
    review_code(
        "REV548",
        "danger",
        "delivery",
        "a subscription delivers a part of the log events, where it delivered all",
        "What does not fit the pattern is missing from what is read behind the subscription, and nothing there "
        "shows that it is.",
        before="""
            Log: {Type: AWS::Logs::LogGroup}
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            ToStream:
              Type: AWS::Logs::SubscriptionFilter
              Properties:
                LogGroupName: !Ref Log
                FilterPattern: ''
                DestinationArn: !GetAtt Clicks.Arn
                RoleArn: arn:aws:iam::111122223333:role/logs
        """,
        after="""
            Log: {Type: AWS::Logs::LogGroup}
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            ToStream:
              Type: AWS::Logs::SubscriptionFilter
              Properties:
                LogGroupName: !Ref Log
                FilterPattern: 'ERROR'
                DestinationArn: !GetAtt Clicks.Arn
                RoleArn: arn:aws:iam::111122223333:role/logs
        """,
        mend="""
            Log: {Type: AWS::Logs::LogGroup}
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            ToStream:
              Type: AWS::Logs::SubscriptionFilter
              Properties:
                LogGroupName: !Ref Log
                FilterPattern: ''
                DestinationArn: !GetAtt Clicks.Arn
                RoleArn: arn:aws:iam::111122223333:role/logs
                Distribution: Random
        """,
        source=_SUBSCRIPTION,
    ),
    review_code(
        "REV549",
        "caution",
        "delivery",
        "log events are delivered otherwise, or elsewhere",
        "Whoever reads them gets others, in another form or another order, or they arrive somewhere else.",
        before="""
            Log: {Type: AWS::Logs::LogGroup}
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            ToStream:
              Type: AWS::Logs::SubscriptionFilter
              Properties:
                LogGroupName: !Ref Log
                FilterPattern: 'ERROR'
                DestinationArn: !GetAtt Clicks.Arn
                RoleArn: arn:aws:iam::111122223333:role/logs
        """,
        after="""
            Log: {Type: AWS::Logs::LogGroup}
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            ToStream:
              Type: AWS::Logs::SubscriptionFilter
              Properties:
                LogGroupName: !Ref Log
                FilterPattern: 'WARN'
                DestinationArn: !GetAtt Clicks.Arn
                RoleArn: arn:aws:iam::111122223333:role/logs
        """,
        source=_SUBSCRIPTION,
    ),
    review_code(
        "REV550",
        "fine",
        "delivery",
        "a subscription delivers more log events, or goes with its log group",
        "Nothing is missing that is delivered today. What is behind the subscription has more to take.",
        before="""
            Log: {Type: AWS::Logs::LogGroup}
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            ToStream:
              Type: AWS::Logs::SubscriptionFilter
              Properties:
                LogGroupName: !Ref Log
                FilterPattern: 'ERROR'
                DestinationArn: !GetAtt Clicks.Arn
                RoleArn: arn:aws:iam::111122223333:role/logs
        """,
        after="""
            Log: {Type: AWS::Logs::LogGroup}
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            ToStream:
              Type: AWS::Logs::SubscriptionFilter
              Properties:
                LogGroupName: !Ref Log
                FilterPattern: ''
                DestinationArn: !GetAtt Clicks.Arn
                RoleArn: arn:aws:iam::111122223333:role/logs
        """,
        source=_SUBSCRIPTION,
    ),
    review_code(
        "REV551",
        "danger",
        "alarm",
        "no filter of logs publishes the metric that an alarm stands on",
        "A metric that is counted from logs is called what its filter says. When the filter goes or calls it "
        "otherwise, the alarm on it has no data and never fires.",
        before="""
            Log: {Type: AWS::Logs::LogGroup}
            Topic: {Type: AWS::SNS::Topic}
            Errors:
              Type: AWS::CloudWatch::Alarm
              Properties:
                Namespace: Shop
                MetricName: Errors
                Statistic: Sum
                Period: 60
                EvaluationPeriods: 1
                Threshold: 0
                ComparisonOperator: GreaterThanThreshold
                AlarmActions: [!Ref Topic]
            Filter:
              Type: AWS::Logs::MetricFilter
              Properties:
                LogGroupName: !Ref Log
                FilterPattern: ERROR
                MetricTransformations: [{MetricNamespace: Shop, MetricName: Errors, MetricValue: '1'}]
        """,
        after="""
            Log: {Type: AWS::Logs::LogGroup}
            Topic: {Type: AWS::SNS::Topic}
            Errors:
              Type: AWS::CloudWatch::Alarm
              Properties:
                Namespace: Shop
                MetricName: Errors
                Statistic: Sum
                Period: 60
                EvaluationPeriods: 1
                Threshold: 0
                ComparisonOperator: GreaterThanThreshold
                AlarmActions: [!Ref Topic]
            Filter:
              Type: AWS::Logs::MetricFilter
              Properties:
                LogGroupName: !Ref Log
                FilterPattern: ERROR
                MetricTransformations: [{MetricNamespace: Shop, MetricName: Failures, MetricValue: '1'}]
        """,
        mend="""
            Log: {Type: AWS::Logs::LogGroup}
            Topic: {Type: AWS::SNS::Topic}
            Errors:
              Type: AWS::CloudWatch::Alarm
              Properties:
                Namespace: Shop
                MetricName: Errors
                Statistic: Sum
                Period: 60
                EvaluationPeriods: 1
                Threshold: 0
                ComparisonOperator: GreaterThanThreshold
                AlarmActions: [!Ref Topic]
            Filter:
              Type: AWS::Logs::MetricFilter
              Properties:
                LogGroupName: !Ref Log
                FilterPattern: WARN
                MetricTransformations: [{MetricNamespace: Shop, MetricName: Errors, MetricValue: '1'}]
        """,
        source=_METRIC_FILTER,
    ),
    review_code(
        "REV552",
        "caution",
        "alarm",
        "log events are counted otherwise",
        "The metric stands for other log events than before, or is not published any more. What looks at it "
        "elsewhere is not in this template.",
        before="""
            Log: {Type: AWS::Logs::LogGroup}
            Topic: {Type: AWS::SNS::Topic}
            Errors:
              Type: AWS::CloudWatch::Alarm
              Properties:
                Namespace: Shop
                MetricName: Errors
                Statistic: Sum
                Period: 60
                EvaluationPeriods: 1
                Threshold: 0
                ComparisonOperator: GreaterThanThreshold
                AlarmActions: [!Ref Topic]
            Filter:
              Type: AWS::Logs::MetricFilter
              Properties:
                LogGroupName: !Ref Log
                FilterPattern: ERROR
                MetricTransformations: [{MetricNamespace: Shop, MetricName: Errors, MetricValue: '1'}]
        """,
        after="""
            Log: {Type: AWS::Logs::LogGroup}
            Topic: {Type: AWS::SNS::Topic}
            Errors:
              Type: AWS::CloudWatch::Alarm
              Properties:
                Namespace: Shop
                MetricName: Errors
                Statistic: Sum
                Period: 60
                EvaluationPeriods: 1
                Threshold: 0
                ComparisonOperator: GreaterThanThreshold
                AlarmActions: [!Ref Topic]
            Filter:
              Type: AWS::Logs::MetricFilter
              Properties:
                LogGroupName: !Ref Log
                FilterPattern: FATAL
                MetricTransformations: [{MetricNamespace: Shop, MetricName: Errors, MetricValue: '1'}]
        """,
        source=_METRIC_FILTER,
    ),
    review_code(
        "REV560",
        "danger",
        "delivery",
        "events reach nobody any more: their rule is disabled, or removed",
        "EventBridge keeps no events. What comes while no rule takes it is gone, and its target never learns that "
        "there was something.",
        before="""
            Work: {Type: AWS::SQS::Queue}
            Failed: {Type: AWS::SQS::Queue}
            Rule:
              Type: AWS::Events::Rule
              Properties:
                State: ENABLED
                EventPattern: {source: [shop, depot]}
                Targets:
                  - {Id: work, Arn: !GetAtt Work.Arn}
        """,
        after="""
            Work: {Type: AWS::SQS::Queue}
            Failed: {Type: AWS::SQS::Queue}
            Rule:
              Type: AWS::Events::Rule
              Properties:
                State: DISABLED
                EventPattern: {source: [shop, depot]}
                Targets:
                  - {Id: work, Arn: !GetAtt Work.Arn}
        """,
        mend="""
            Work: {Type: AWS::SQS::Queue}
            Failed: {Type: AWS::SQS::Queue}
            Rule:
              Type: AWS::Events::Rule
              Properties:
                State: ENABLED
                EventPattern: {source: [shop, depot]}
                Targets:
                  - {Id: work, Arn: !GetAtt Work.Arn, InputPath: $.detail}
        """,
        source=_RULES,
    ),
    review_code(
        "REV561",
        "caution",
        "delivery",
        "what was done on a schedule is not done any more",
        "Nothing is lost at that moment. What the schedule called is not called: nothing is compacted, checked or "
        "sent at its time.",
        before="""
            Nightly: {Type: AWS::Events::Rule, Properties: {ScheduleExpression: rate(1 day)}}
        """,
        after="""
            Nightly: {Type: AWS::Events::Rule, Properties: {ScheduleExpression: rate(1 day), State: DISABLED}}
        """,
        source=_RULES,
    ),
    review_code(
        "REV562",
        "danger",
        "delivery",
        "fewer events are let through, or a target does not get them any more",
        "What is left out by a pattern is dropped without a trace, and so is what a target would have got: "
        "answers that are built from it miss it.",
        before="""
            Work: {Type: AWS::SQS::Queue}
            Failed: {Type: AWS::SQS::Queue}
            Rule:
              Type: AWS::Events::Rule
              Properties:
                State: ENABLED
                EventPattern: {source: [shop, depot]}
                Targets:
                  - {Id: work, Arn: !GetAtt Work.Arn}
        """,
        after="""
            Work: {Type: AWS::SQS::Queue}
            Failed: {Type: AWS::SQS::Queue}
            Rule:
              Type: AWS::Events::Rule
              Properties:
                State: ENABLED
                EventPattern: {source: [shop]}
                Targets:
                  - {Id: work, Arn: !GetAtt Work.Arn}
        """,
        mend="""
            Work: {Type: AWS::SQS::Queue}
            Failed: {Type: AWS::SQS::Queue}
            Rule:
              Type: AWS::Events::Rule
              Properties:
                State: ENABLED
                EventPattern: {source: [shop, depot, web]}
                Targets:
                  - {Id: work, Arn: !GetAtt Work.Arn}
        """,
        source=_PATTERNS,
    ),
    review_code(
        "REV563",
        "caution",
        "delivery",
        "events are delivered otherwise, or at other times",
        "Other events come, at another time, to another target, or with another content. Whoever takes them has "
        "to be ready for that.",
        before="""
            Work: {Type: AWS::SQS::Queue}
            Failed: {Type: AWS::SQS::Queue}
            Rule:
              Type: AWS::Events::Rule
              Properties:
                State: ENABLED
                EventPattern: {source: [shop, depot]}
                Targets:
                  - {Id: work, Arn: !GetAtt Work.Arn}
        """,
        after="""
            Work: {Type: AWS::SQS::Queue}
            Failed: {Type: AWS::SQS::Queue}
            Rule:
              Type: AWS::Events::Rule
              Properties:
                State: ENABLED
                EventPattern: {source: [shop, depot]}
                Targets:
                  - {Id: work, Arn: !GetAtt Work.Arn, InputPath: $.detail}
        """,
        source=_TARGETS,
    ),
    review_code(
        "REV564",
        "fine",
        "delivery",
        "more events are delivered, or are kept when they cannot be",
        "Nobody who gets events today gets fewer of them; targets may get events that they did not get before.",
        before="""
            Work: {Type: AWS::SQS::Queue}
            Failed: {Type: AWS::SQS::Queue}
            Rule:
              Type: AWS::Events::Rule
              Properties:
                State: ENABLED
                EventPattern: {source: [shop, depot]}
                Targets:
                  - {Id: work, Arn: !GetAtt Work.Arn}
        """,
        after="""
            Work: {Type: AWS::SQS::Queue}
            Failed: {Type: AWS::SQS::Queue}
            Rule:
              Type: AWS::Events::Rule
              Properties:
                State: ENABLED
                EventPattern: {source: [shop, depot, web]}
                Targets:
                  - {Id: work, Arn: !GetAtt Work.Arn}
        """,
        source=_PATTERNS,
    ),
    review_code(
        "REV565",
        "danger",
        "delivery",
        "what cannot be delivered is dropped, where it was kept or tried again",
        "Once the retries are used up, an event without a dead-letter queue is gone: no error reaches anybody, "
        "and nothing can be sent again.",
        before="""
            Work: {Type: AWS::SQS::Queue}
            Failed: {Type: AWS::SQS::Queue}
            Rule:
              Type: AWS::Events::Rule
              Properties:
                State: ENABLED
                EventPattern: {source: [shop, depot]}
                Targets:
                  - {Id: work, Arn: !GetAtt Work.Arn,
                     DeadLetterConfig: {Arn: !GetAtt Failed.Arn}}
        """,
        after="""
            Work: {Type: AWS::SQS::Queue}
            Failed: {Type: AWS::SQS::Queue}
            Rule:
              Type: AWS::Events::Rule
              Properties:
                State: ENABLED
                EventPattern: {source: [shop, depot]}
                Targets:
                  - {Id: work, Arn: !GetAtt Work.Arn}
        """,
        mend="""
            Work: {Type: AWS::SQS::Queue}
            Failed: {Type: AWS::SQS::Queue}
            Rule:
              Type: AWS::Events::Rule
              Properties:
                State: ENABLED
                EventPattern: {source: [shop, depot]}
                Targets:
                  - {Id: work, Arn: !GetAtt Work.Arn,
                     DeadLetterConfig: {Arn: !GetAtt Failed.Arn}, RetryPolicy: {MaximumRetryAttempts: 20}}
        """,
        source=_DLQ,
    ),
    review_code(
        "REV566",
        "caution",
        "delivery",
        "events go to a dead-letter queue after fewer attempts",
        "A target that is away for a short time misses more of them. They are kept, and somebody has to send them "
        "again.",
        before="""
            Work: {Type: AWS::SQS::Queue}
            Failed: {Type: AWS::SQS::Queue}
            Rule:
              Type: AWS::Events::Rule
              Properties:
                State: ENABLED
                EventPattern: {source: [shop, depot]}
                Targets:
                  - {Id: work, Arn: !GetAtt Work.Arn,
                     DeadLetterConfig: {Arn: !GetAtt Failed.Arn}}
        """,
        after="""
            Work: {Type: AWS::SQS::Queue}
            Failed: {Type: AWS::SQS::Queue}
            Rule:
              Type: AWS::Events::Rule
              Properties:
                State: ENABLED
                EventPattern: {source: [shop, depot]}
                Targets:
                  - {Id: work, Arn: !GetAtt Work.Arn,
                     DeadLetterConfig: {Arn: !GetAtt Failed.Arn}, RetryPolicy: {MaximumRetryAttempts: 2}}
        """,
        source=_DLQ,
    ),
    review_code(
        "REV570",
        "danger",
        "delivery",
        "a pipe is stopped, or removed while its source stays",
        "Nobody reads its source any more. A stream deletes what is older than its retention, read or not, so "
        "what waits there too long is lost.",
        before="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Work: {Type: AWS::SQS::Queue}
            Pipe:
              Type: AWS::Pipes::Pipe
              Properties:
                RoleArn: arn:aws:iam::111122223333:role/pipe
                Source: !GetAtt Clicks.Arn
                SourceParameters: {KinesisStreamParameters: {StartingPosition: LATEST}}
                Target: !GetAtt Work.Arn
        """,
        after="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Work: {Type: AWS::SQS::Queue}
            Pipe:
              Type: AWS::Pipes::Pipe
              Properties:
                RoleArn: arn:aws:iam::111122223333:role/pipe
                Source: !GetAtt Clicks.Arn
                SourceParameters: {KinesisStreamParameters: {StartingPosition: LATEST}}
                Target: !GetAtt Work.Arn
                DesiredState: STOPPED
        """,
        mend="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Work: {Type: AWS::SQS::Queue}
            Pipe:
              Type: AWS::Pipes::Pipe
              Properties:
                RoleArn: arn:aws:iam::111122223333:role/pipe
                Source: !GetAtt Clicks.Arn
                SourceParameters: {KinesisStreamParameters: {StartingPosition: LATEST, BatchSize: 50}}
                Target: !GetAtt Work.Arn
        """,
        source=_PIPES,
    ),
    review_code(
        "REV571",
        "danger",
        "position-reset",
        "a pipe is replaced, and forgets its position",
        "The position belongs to the pipe, not to its source. A new one begins at its starting position: at "
        "LATEST it skips what came meanwhile, at TRIM_HORIZON it reads all of it again.",
        before="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Work: {Type: AWS::SQS::Queue}
            Pipe:
              Type: AWS::Pipes::Pipe
              Properties:
                RoleArn: arn:aws:iam::111122223333:role/pipe
                Source: !GetAtt Clicks.Arn
                SourceParameters: {KinesisStreamParameters: {StartingPosition: LATEST}}
                Target: !GetAtt Work.Arn
        """,
        after="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Work: {Type: AWS::SQS::Queue}
            Pipe:
              Type: AWS::Pipes::Pipe
              Properties:
                RoleArn: arn:aws:iam::111122223333:role/pipe
                Source: !GetAtt Clicks.Arn
                SourceParameters: {KinesisStreamParameters: {StartingPosition: TRIM_HORIZON}}
                Target: !GetAtt Work.Arn
        """,
        source=_PIPE,
    ),
    review_code(
        "REV573",
        "caution",
        "delivery",
        "a pipe treats records otherwise",
        "Other records come, or they reach another target, or fewer at a time; or less is done about those that "
        "fail, while nothing is dropped.",
        before="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Work: {Type: AWS::SQS::Queue}
            Pipe:
              Type: AWS::Pipes::Pipe
              Properties:
                RoleArn: arn:aws:iam::111122223333:role/pipe
                Source: !GetAtt Clicks.Arn
                SourceParameters: {KinesisStreamParameters: {StartingPosition: LATEST}}
                Target: !GetAtt Work.Arn
        """,
        after="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Work: {Type: AWS::SQS::Queue}
            Pipe:
              Type: AWS::Pipes::Pipe
              Properties:
                RoleArn: arn:aws:iam::111122223333:role/pipe
                Source: !GetAtt Clicks.Arn
                SourceParameters: {KinesisStreamParameters: {StartingPosition: LATEST}}
                Target: !GetAtt Work.Arn
                TargetParameters: {InputTemplate: <$.data>}
        """,
        source=_PIPE,
    ),
    review_code(
        "REV574",
        "fine",
        "delivery",
        "a pipe takes more at a time, or keeps what it could not deliver",
        "Nothing that is delivered today is left out. Larger batches arrive later and cost less.",
        before="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Work: {Type: AWS::SQS::Queue}
            Pipe:
              Type: AWS::Pipes::Pipe
              Properties:
                RoleArn: arn:aws:iam::111122223333:role/pipe
                Source: !GetAtt Clicks.Arn
                SourceParameters: {KinesisStreamParameters: {StartingPosition: LATEST}}
                Target: !GetAtt Work.Arn
        """,
        after="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Work: {Type: AWS::SQS::Queue}
            Pipe:
              Type: AWS::Pipes::Pipe
              Properties:
                RoleArn: arn:aws:iam::111122223333:role/pipe
                Source: !GetAtt Clicks.Arn
                SourceParameters: {KinesisStreamParameters: {StartingPosition: LATEST, BatchSize: 50}}
                Target: !GetAtt Work.Arn
        """,
        source=_PIPE,
    ),
)

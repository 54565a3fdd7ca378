"""What AWS's price list calls the prices of this package: the usage type of each, by offer, without the prefix of its region.

In a file of the price list a product has an attribute `usagetype`, such as `EU-Storage-ShardHour`; in us-east-1 most have no
prefix.
Source of the form: https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/reading-service-price-list-file-for-services.html,
read 2026-11-29. No file of AWS was at hand when these were written: they are those that public copies and readers of it
agree on.
"""

from __future__ import annotations

from collections.abc import Mapping

from streaming_constructs.facts.prices import msk

_KINESIS = {
    "Storage-ShardHour": "kinesis.SHARD_HOUR",
    "PutRequestPayloadUnits": "kinesis.PUT_UNITS",
    "Extended-ShardHour": "kinesis.EXTENDED_RETENTION",
    "LongTermRetention-ByteHrs": "kinesis.LONG_TERM_RETENTION",
    "EnhancedFanoutHour": "kinesis.FAN_OUT_HOUR",
    "ReadBytes": "kinesis.FAN_OUT_DATA",
    "OnDemand-StreamHour": "kinesis.ON_DEMAND_STREAM_HOUR",
    "OnDemand-BilledIncomingBytes": "kinesis.ON_DEMAND_IN",
    "OnDemand-BilledOutgoingBytes": "kinesis.ON_DEMAND_OUT",
    "OnDemand-BilledOutgoingEFOBytes": "kinesis.ON_DEMAND_FAN_OUT",
    "OnDemand-ExtendedRetention-ByteHrs": "kinesis.ON_DEMAND_EXTENDED_RETENTION",
    "OnDemand-LongTermRetention-ByteHrs": "kinesis.ON_DEMAND_LONG_TERM_RETENTION",
}
_MSK = {
    "Kafka.Storage.GP2": "msk.VOLUME",
    "Kafka.Storage.Tiered": "msk.TIERED",
    "Kafka.DataRetrieval.Tiered": "msk.TIERED_READ",
    "Express.Storage": "msk.EXPRESS_STORAGE",
    "KafkaServerless-ClusterHours": "msk.SERVERLESS_CLUSTER",
    "KafkaServerless-PartitionHours": "msk.SERVERLESS_PARTITION",
    "KafkaServerless-In-Bytes": "msk.SERVERLESS_IN",
    "KafkaServerless-Out-Bytes": "msk.SERVERLESS_OUT",
    **{f"Kafka.{name.removeprefix('kafka.')}": f"msk.STANDARD_BROKER/{name}" for name in msk.STANDARD_BROKER},
    **{f"Express.{name.removeprefix('express.')}": f"msk.EXPRESS_BROKER/{name}" for name in msk.EXPRESS_BROKER},
}
USAGE_TYPES: Mapping[str, Mapping[str, str]] = {
    "AmazonKinesis": _KINESIS,
    "AmazonMSK": _MSK,
    "AWSLambda": {
        "Request": "lambda_function.REQUESTS",
        "Lambda-GB-Second": "lambda_function.DURATION_X86",
        "Lambda-GB-Second-ARM": "lambda_function.DURATION_ARM64",
    },
    "AmazonKinesisFirehose": {"BilledBytes": "firehose.IN"},
    "AmazonKinesisAnalytics": {"KPU-Hour-Java": "flink.KPU_HOUR"},
    "AmazonDynamoDB": {
        "WriteRequestUnits": "dynamodb.WRITE_UNITS",
        "ReadRequestUnits": "dynamodb.READ_UNITS",
        "WriteCapacityUnit-Hrs": "dynamodb.WRITE_CAPACITY",
        "ReadCapacityUnit-Hrs": "dynamodb.READ_CAPACITY",
        "TimedStorage-ByteHrs": "dynamodb.STORAGE",
        "TimedPITRStorage-ByteHrs": "dynamodb.POINT_IN_TIME",
    },
    "AmazonCloudWatch": {
        "CW:AlarmMonitorUsage": "cloudwatch.ALARM",
        "CW:HighResAlarmMonitorUsage": "cloudwatch.HIGH_RESOLUTION_ALARM",
        "CW:MetricMonitorUsage": "cloudwatch.CUSTOM_METRIC",
    },
    "AmazonS3": {
        "TimedStorage-ByteHrs": "s3.STORAGE",
        "Requests-Tier1": "s3.PUT",
        "Requests-Tier2": "s3.GET",
    },
}
"""The name of each price, by offer and usage type: its module here, and what it is called in it."""

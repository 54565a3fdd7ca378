"""All names under which AWS publishes metrics of some services, and what of them is a share from 0 to 1."""

from __future__ import annotations

METRIC_NAMES = {
    "AWS/Kinesis": (
        *("GetRecords.Bytes", "GetRecords.IteratorAge", "GetRecords.IteratorAgeMilliseconds", "GetRecords.Latency"),
        *("GetRecords.Records", "GetRecords.Success", "IncomingBytes", "IncomingRecords", "IteratorAgeMilliseconds"),
        *("OutgoingBytes", "OutgoingRecords", "PutRecord.Bytes", "PutRecord.Latency", "PutRecord.Success"),
        *("PutRecords.Bytes", "PutRecords.FailedRecords", "PutRecords.Latency", "PutRecords.Records"),
        *("PutRecords.Success", "PutRecords.SuccessfulRecords", "PutRecords.ThrottledRecords"),
        *("PutRecords.TotalRecords", "ReadProvisionedThroughputExceeded", "SubscribeToShard.RateExceeded"),
        *("SubscribeToShard.Success", "SubscribeToShardEvent.Bytes", "SubscribeToShardEvent.MillisBehindLatest"),
        *("SubscribeToShardEvent.Records", "SubscribeToShardEvent.Success", "WriteProvisionedThroughputExceeded"),
    ),
}
"""By namespace.

Source: https://docs.aws.amazon.com/streams/latest/dev/monitoring-with-cloudwatch.html, read 2026-11-29
"""

LIKELY_MISSPELT = {
    "AWS/Lambda": {
        "Error": "Errors",
        "Throttle": "Throttles",
        "Invocation": "Invocations",
        "IteratorAgeMilliseconds": "IteratorAge",
        "DeadLetterError": "DeadLetterErrors",
        "ConcurrentExecution": "ConcurrentExecutions",
    },
    "AWS/SQS": {
        "ApproximateNumberOfMessages": "ApproximateNumberOfMessagesVisible",
        "ApproximateNumberOfVisibleMessages": "ApproximateNumberOfMessagesVisible",
        "AgeOfOldestMessage": "ApproximateAgeOfOldestMessage",
    },
}
"""By namespace, names that it does not publish, each with the one that is meant.

Sources: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html and
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html,
read 2026-11-29
"""

ALL_DIMENSIONS = {"AWS/SQS": ("QueueName",)}
"""By namespace, every dimension that it publishes metrics under: any other makes a metric that has no data.

Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html,
read 2026-11-29
"""

ONE_NAMESPACE = {
    "Cluster Name": "AWS/Kafka",
    "ConnectorName": "AWS/KafkaConnect",
    "DeliveryStreamName": "AWS/Firehose",
    "EventSourceMappingUUID": "AWS/Lambda",
}
"""Dimensions that stand alone, or first, in the metrics of one namespace of AWS, and that namespace.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/aws-services-cloudwatch-metrics.html, read 2026-11-29
"""

SHARES = {
    "AWS/Firehose": ("BackupToS3.Success", "DeliveryToS3.Success", "ExecuteProcessing.Success"),
    "AWS/Kafka": ("NetworkProcessorAvgIdlePercent", "RequestHandlerAvgIdlePercent"),
    "AWS/Kinesis": ("GetRecords.Success", "PutRecord.Success", "PutRecords.Success"),
}
"""By namespace, metrics whose average is a share from 0 to 1, whatever they are called.

Sources: the page above, https://docs.aws.amazon.com/msk/latest/developerguide/metrics-details.html and
https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-metrics.html, read 2026-11-29
"""

"""AWS Lambda event source mappings of a Kinesis stream, and the functions behind them: accepted values."""

from __future__ import annotations

from streaming_constructs.facts.fact import Fact, Range

_PARAMETERS = "https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-parameters.html"
_FILTERING = "https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html"
_PATTERN_OPERATORS = (
    "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns-content-based-filtering.html"
)
_QUOTAS = "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"
_WINDOWS = "https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-windows.html"
_KINESIS = "https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html"
_ENVIRONMENT = "https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html"

BATCH_SIZE = Range(1, 10_000, "records", _PARAMETERS)
BATCHING_WINDOW_SECONDS = Range(0, 300, "seconds", _PARAMETERS)
PARALLELIZATION_FACTOR = Range(1, 10, "concurrent batches per shard", _PARAMETERS)
TUMBLING_WINDOW_SECONDS = Range(1, 900, "seconds", _WINDOWS)
WINDOWED_PARALLELIZATION_FACTOR = Fact(
    1, "concurrent batches per shard", "https://github.com/terraform-aws-modules/terraform-aws-lambda/issues/619"
)
"""With tumbling windows. Reported by users; the pages of AWS that were read do not say it."""
RETRY_ATTEMPTS = Range(0, 10_000, "attempts", _PARAMETERS)
"""AWS also takes -1, retry until the record expires; the language has no word for that: it blocks a shard."""
RECORD_AGE_SECONDS = Range(60, 604_800, "seconds", _PARAMETERS)

FILTERS = Range(1, 10, "patterns", _FILTERING)
"""Above its default quota an account asks for more. CloudFormation's schema takes 20, Lambda does not."""
FILTERS_DEFAULT_QUOTA = Fact(5, "patterns", _FILTERING)
FILTER_PATTERN_CHARACTERS = Fact(4096, "characters", _FILTERING)
FILTER_NUMBERS = Range(
    -5_000_000_000, 5_000_000_000, "numbers that `numeric` compares", _PATTERN_OPERATORS, "2026-11-28"
)
FILTER_DECIMALS = Fact(6, "digits behind the point that `numeric` compares", _PATTERN_OPERATORS, "2026-11-28")
FILTER_COMBINATIONS = Fact(1000, "combinations of the lists of `$or`", _PATTERN_OPERATORS, "2026-11-28")

WINDOW_STATE_MB = Fact(1, "MB per shard and window", _WINDOWS)
"""The greatest state that a function carries over a tumbling window; a greater one ends the window early."""
WINDOW_QUIET_SECONDS = Fact(120, "seconds", _WINDOWS)
"""How long Lambda waits for more records of a window before it takes the window for over."""

PAYLOAD_MIB = Fact(6, "MiB", _QUOTAS)
"""The greatest event of a synchronous invocation; records inside it are base64, a third larger."""
POLLS_PER_SECOND_PER_SHARD = Fact(1, "GetRecords calls/s", _KINESIS)

INVOCATION_MILLISECONDS = Fact(
    1, "milliseconds", "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html", "2026-11-28"
)
"""The shortest duration that Lambda counts; what is billed is rounded up to it."""
FUNCTION_TIMEOUT_SECONDS = Range(1, 900, "seconds", _QUOTAS)
FUNCTION_INIT_SECONDS = Fact(10, "seconds", _ENVIRONMENT)
"""How long the code outside of the handler may run before the first invocation."""
FUNCTION_MEMORY_MIB = Range(128, 10_240, "MiB", _QUOTAS)
RUNTIMES = (
    *("nodejs20.x", "nodejs22.x", "nodejs24.x"),
    *("python3.10", "python3.11", "python3.12", "python3.13", "python3.14"),
    *("java8.al2", "java11", "java17", "java21", "java25"),
    *("dotnet8", "dotnet10"),
    *("ruby3.2", "ruby3.3", "ruby3.4"),
    *("provided.al2", "provided.al2023"),
)
"""The identifiers of Lambda's runtimes.

Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
"""
FUNCTION_LAYERS = Range(0, 5, "layers", _QUOTAS)
FUNCTION_ENVIRONMENT_BYTES = Fact(4096, "bytes", _QUOTAS)
RESERVED_VARIABLES = (
    *("AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"),
    *("AWS_DEFAULT_REGION", "AWS_REGION", "AWS_EXECUTION_ENV", "AWS_LAMBDA_RUNTIME_API"),
    *("AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE"),
    *("AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_LAMBDA_INITIALIZATION_TYPE"),
    *("LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR"),
)
"""Environment variables that Lambda sets itself, and refuses in a function's configuration.

Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
"""
ACCOUNT_CONCURRENCY = Fact(1000, "concurrent executions", _QUOTAS)
UNRESERVED_CONCURRENCY = Fact(
    100,
    "concurrent executions",
    "https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html",
    "2026-11-28",
)
"""What of an account's concurrency stays for functions without a reservation; Lambda refuses to reserve it."""
RESERVED_CONCURRENCY = Range(1, 1_000_000, "concurrent executions", _QUOTAS)

QUEUE_RETENTION_SECONDS = Range(
    60,
    1_209_600,
    "seconds",
    "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html",
)

FAILURE_OBJECT_PREFIX = "aws/lambda/"
"""Where Lambda writes failed batches in a bucket: `aws/lambda/<mapping id>/<shard id>/YYYY/MM/DD/…`.

Source: https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
"""

METADATA_ONLY_DESTINATIONS = ("sqs", "sns")
"""Destinations that get the position of a failed batch, not its records; only S3 gets the records too.

Source: https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
"""

TABLE_STREAM_HOURS = Fact(
    24,
    "hours that a stream of DynamoDB keeps its records",
    "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html",
    "2026-11-29",
)
BATCH_SIZE_BY_DEFAULT = {"stream": 100, "kafka": 100, "queue": 10, "other": 100}
"""Records of a batch where the mapping does not say, by what it reads.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-eventsourcemapping.html,
read 2026-11-29
"""
NO_END = -1
"""As a number of retries, or an age: until the record expires.

Source: https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-parameters.html, read 2026-11-21
"""
MAPPING_DEFAULTS = {
    "BisectBatchOnFunctionError": False,
    "DocumentDBEventSourceConfig.FullDocument": "Default",
    "Enabled": True,
    "MaximumBatchingWindowInSeconds": 0,
    "MaximumRecordAgeInSeconds": NO_END,
    "MaximumRetryAttempts": NO_END,
    "ParallelizationFactor": 1,
    "SelfManagedKafkaEventSourceConfig.ConsumptionMode": "Stream",
    "TumblingWindowInSeconds": 0,
}
"""What properties of a mapping are where they are left out.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-eventsourcemapping.html,
read 2026-11-29
"""
SIGNS_IN = (
    *("BASIC_AUTH", "SASL_SCRAM_512_AUTH", "SASL_SCRAM_256_AUTH", "CLIENT_CERTIFICATE_TLS_AUTH"),
    *("OAUTHBEARER_AUTH", "IAM_AUTH", "IAM_OAUTHBEARER_AUTH"),
)
"""Kinds of access by which a mapping proves to a Kafka cluster who it is; all of them go over TLS.

Source: https://docs.aws.amazon.com/lambda/latest/dg/with-kafka-configure.html, read 2026-11-29
"""
CHECKS_THE_SERVER = "SERVER_ROOT_CA_CERTIFICATE"
"""The kind of access that is no more than TLS: the certificate that the brokers' own are signed with."""

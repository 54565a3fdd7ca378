"""What is wrong in one template with Kinesis data streams, Lambda and its event source mappings."""

from __future__ import annotations

from streaming_constructs.spec.codes.code import Code, piece, review_code

_FAILURES = "https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html"
_PARAMETERS = "https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-parameters.html"
_CONCURRENCY = "https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html"
_QUOTAS = "https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html"
_STREAM = "arn:aws:kinesis:eu-west-1:111122223333:stream/clicks"
_TO_DEAD = 'DestinationConfig: {OnFailure: {Destination: "arn:aws:sqs:eu-west-1:111122223333:dead"}}'
_GUARDED = f"BisectBatchOnFunctionError: true\nMaximumRetryAttempts: 5\n{_TO_DEAD}\n"


def _mapping(properties: str, source: str = _STREAM, name: str = "Reader", position: str = "TRIM_HORIZON") -> str:
    """A mapping, with lines of properties beside its source and its function."""
    head = f"{name}:\n  Type: AWS::Lambda::EventSourceMapping\n  Properties:\n    FunctionName: !Ref Fraud\n"
    start = f"    StartingPosition: {position}\n" if position else ""
    rest = "".join(f"    {line}\n" for line in piece(properties).splitlines())
    return f"{head}    EventSourceArn: {source}\n{start}{rest}"


def _stream(properties: str = "ShardCount: 2") -> str:
    encryption = "StreamEncryption: {EncryptionType: KMS, KeyId: alias/aws/kinesis}"
    return f"Clicks: {{Type: AWS::Kinesis::Stream, Properties: {{{properties}, {encryption}}}}}\n"


def _function(properties: str = "Timeout: 30") -> str:
    return f"Fraud: {{Type: AWS::Lambda::Function, Properties: {{Role: reader, {properties}}}}}\n"


def _readers(count: int) -> str:
    sources = "!GetAtt Clicks.Arn"
    return _stream() + "".join(_mapping(_GUARDED, sources, f"Reader{number}") for number in range(count))


def _consumers(count: int) -> str:
    registered = (
        f"Fast{number}:\n  Type: AWS::Kinesis::StreamConsumer\n"
        f"  Properties: {{ConsumerName: fast-{number}, StreamARN: !GetAtt Clicks.Arn}}\n"
        for number in range(count)
    )
    return _stream() + "".join(registered)


def _brokers(access: str) -> str:
    head = "Reader:\n  Type: AWS::Lambda::EventSourceMapping\n  Properties:\n    FunctionName: fraud\n"
    return head + "".join(
        f"    {line}\n"
        for line in piece(f"""
            SelfManagedEventSource: {{Endpoints: {{KafkaBootstrapServers: ["broker-1:9092"]}}}}
            Topics: [orders]
            StartingPosition: TRIM_HORIZON
            SourceAccessConfigurations: [{{Type: VPC_SUBNET, URI: "subnet:subnet-1"}}{access}]
        """).splitlines()
    )


def _reader(*actions: str) -> str:
    """A function that reads a stream, and its role."""
    role = f"""
        Role:
          Type: AWS::IAM::Role
          Properties:
            Policies:
              - PolicyName: reader
                PolicyDocument:
                  Statement: [{{Effect: Allow, Action: [{", ".join(f"'{each}'" for each in actions)}], Resource: '*'}}]
    """
    fraud = "Fraud: {Type: AWS::Lambda::Function, Properties: {Role: !GetAtt Role.Arn, Timeout: 30}}\n"
    return piece(role) + "\n" + _stream() + fraud + _mapping(_GUARDED, "!GetAtt Clicks.Arn")


def _failed(properties: str) -> str:
    destination = "BisectBatchOnFunctionError: true\nDestinationConfig: {OnFailure: {Destination: !GetAtt Dead.Arn}}\n"
    return f"Dead: {{Type: AWS::SQS::Queue, Properties: {{{properties}}}}}\n" + _mapping(destination)


CODES: tuple[Code, ...] = (
    review_code(
        "AUD200",
        "danger",
        "encryption",
        "records of a stream are not encrypted",
        "Records lie as they were written for as long as the stream keeps them. Encryption with the key of AWS costs "
        "nothing and asks nothing of writers and readers.",
        after="Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}\n",
        mend=_stream(),
        source="https://docs.aws.amazon.com/streams/latest/dev/what-is-sse.html",
    ),
    review_code(
        "AUD201",
        "caution",
        "throttle",
        "more readers share a stream than a shard serves",
        "A shard answers 5 GetRecords calls a second, for all readers together that share it, and each calls it once "
        "a second. A sixth makes all of them be throttled and fall behind.",
        after=_readers(6),
        mend=_readers(5),
        source=_QUOTAS,
    ),
    review_code(
        "AUD202",
        "danger",
        "scaling",
        "more consumers of enhanced fan-out than a stream takes",
        "A stream has room for 20 of them, and for 50 on demand with On-Demand Advantage. The one too many fails the "
        "stack while it is being deployed. On demand, up to 50 of them are a caution, because only the account knows.",
        after=_consumers(21),
        mend=_consumers(20),
        source=_QUOTAS,
    ),
    review_code(
        "AUD203",
        "danger",
        "data-loss",
        "what a function fails for is given up, and goes nowhere",
        "After its last retry, or at its age, a batch is given up. Without a destination it is dropped, and nothing "
        "but a metric tells that there was one: its records are missing from every answer.",
        after=_mapping("BisectBatchOnFunctionError: true\nMaximumRetryAttempts: 5"),
        mend=_mapping(_GUARDED),
        source=_FAILURES,
    ),
    review_code(
        "AUD204",
        "caution",
        "delivery",
        "what a function fails for is tried without end",
        "By default a batch is tried until its records expire, and nothing behind it in its shard is processed "
        "meanwhile. One bad record stops a shard for a day, and takes along what expires behind it.",
        after=_mapping("BisectBatchOnFunctionError: true"),
        mend=_mapping(_GUARDED),
        source=_PARAMETERS,
    ),
    review_code(
        "AUD205",
        "caution",
        "delivery",
        "one bad record takes its whole batch along",
        "A batch that fails is tried again as it is, and given up as it is. Halved each time, only the record that "
        "fails is left of it in the end; halving does not count as a retry.",
        after=_mapping(f"MaximumRetryAttempts: 5\n{_TO_DEAD}"),
        mend=_mapping(_GUARDED),
        source="https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-errors.html",
    ),
    review_code(
        "AUD206",
        "caution",
        "delivery",
        "a full batch cannot be finished in time",
        "When the function falls behind, its batches are full. If it runs out of time then, the same batch is tried "
        "again and runs out of time again, so that it never catches up.",
        after=_function("Timeout: 3") + _mapping(_GUARDED + "BatchSize: 10000"),
        mend=_function("Timeout: 300") + _mapping(_GUARDED + "BatchSize: 10000"),
        source="https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html",
    ),
    review_code(
        "AUD208",
        "caution",
        "retention",
        "records expire before they are given up",
        "A record that its stream has deleted cannot be handed to a destination. The age at which it is given up has "
        "no effect where it is greater than the retention: what fails for that long is lost without a trace.",
        after=_stream("ShardCount: 2, RetentionPeriodHours: 24")
        + _mapping(_GUARDED + "MaximumRecordAgeInSeconds: 604800", "!GetAtt Clicks.Arn"),
        mend=_stream("ShardCount: 2, RetentionPeriodHours: 24")
        + _mapping(_GUARDED + "MaximumRecordAgeInSeconds: 43200", "!GetAtt Clicks.Arn"),
        source=_PARAMETERS,
    ),
    review_code(
        "AUD209",
        "danger",
        "delivery",
        "a mapping is switched off",
        "Nothing reaches the function, and what is written expires unread. Mappings that somebody switched off for an "
        "hour are often found like that.",
        after=_mapping(_GUARDED + "Enabled: false"),
        mend=_mapping(_GUARDED),
        source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-eventsourcemapping.html",
    ),
    review_code(
        "AUD210",
        "danger",
        "throttle",
        "a function is stopped",
        "With a reserved concurrency of 0 every call is refused: records of its streams expire unread, and events are "
        "given up.",
        after=_function("ReservedConcurrentExecutions: 0"),
        mend=_function("ReservedConcurrentExecutions: 10"),
        source=_CONCURRENCY,
    ),
    review_code(
        "AUD211",
        "caution",
        "throttle",
        "a function gets fewer calls at a time than its streams want",
        "Each shard wants a call for itself, and with a parallelization factor several. What is refused is tried "
        "again later, so that some shards fall behind without an error of the function.",
        after=_stream("ShardCount: 8")
        + _function("ReservedConcurrentExecutions: 4")
        + _mapping(_GUARDED, "!GetAtt Clicks.Arn"),
        mend=_stream("ShardCount: 8")
        + _function("ReservedConcurrentExecutions: 8")
        + _mapping(_GUARDED, "!GetAtt Clicks.Arn"),
        source=_CONCURRENCY,
    ),
    review_code(
        "AUD212",
        "caution",
        "none",
        "a function's runtime is no longer patched",
        "AWS no longer mends what is found in it, and blocks first the creation and then the update of functions with "
        "it: the day on which the function has to change in a hurry it cannot.",
        after=_function("Runtime: python3.8"),
        mend=_function("Runtime: python3.13"),
        source="https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html",
    ),
    review_code(
        "AUD213",
        "danger",
        "encryption",
        "a Kafka is read without signing in, and without TLS",
        "A mapping that only names subnets and security groups reads brokers that ask nobody who he is, and "
        "everything goes over the network as it is: whoever reaches them reads and writes every topic.",
        after=_brokers(""),
        mend=_brokers(
            ', {Type: SASL_SCRAM_512_AUTH, URI: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:kafka"}'
        ),
        source="https://docs.aws.amazon.com/lambda/latest/dg/with-kafka-configure.html",
    ),
    review_code(
        "AUD214",
        "danger",
        "delivery",
        "the role of a function may not do what its source or its destination takes",
        "Lambda polls streams and queues, and hands over what failed, as the role of the function. Without a permission "
        "the mapping is refused or reads nothing, or what failed is lost just when it should be kept.",
        after=_reader("kinesis:GetRecords"),
        mend=_reader("kinesis:DescribeStream", "kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:ListShards"),
        source="https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-create.html",
    ),
    review_code(
        "AUD215",
        "danger",
        "delivery",
        "a batch is gathered for longer than its records may be old",
        "The window begins with the first record. Where few records come, that one is older than the greatest age "
        "before the batch is full, and Lambda gives it up before the function has seen it.",
        after=_mapping(f"{_GUARDED}MaximumBatchingWindowInSeconds: 300\nMaximumRecordAgeInSeconds: 60"),
        mend=_mapping(f"{_GUARDED}MaximumBatchingWindowInSeconds: 5\nMaximumRecordAgeInSeconds: 3600"),
        source=_PARAMETERS,
    ),
    review_code(
        "AUD216",
        "danger",
        "delivery",
        "what failed is to be handed to a FIFO queue or topic",
        "Lambda hands over what failed to standard queues and topics. A FIFO one wants a group with each message, "
        "which Lambda does not send: the deployment fails, or nothing is kept.",
        after=_failed("FifoQueue: true"),
        mend=_failed("MessageRetentionPeriod: 1209600"),
        source=_FAILURES,
    ),
)

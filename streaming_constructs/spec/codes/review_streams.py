"""What changes of templates mean for Kinesis data streams, Lambda functions and their event source mappings."""

from __future__ import annotations

from streaming_constructs.spec.codes.code import Code, piece, review_code

_SIZES = "https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html"
_STREAM = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kinesis-stream.html"
_MAPPING = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-eventsourcemapping.html"
)
_PARAMETERS = "https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-parameters.html"
_FAILURES = "https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html"
_CONCURRENCY = "https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html"
_GROUPS = "https://docs.aws.amazon.com/lambda/latest/dg/kafka-consumer-group-id.html"
_SCALING = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/"
    "aws-resource-applicationautoscaling-scalabletarget.html"
)
_FUNCTION = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html"


def _of_stream(properties: str) -> str:
    return f"Clicks: {{Type: AWS::Kinesis::Stream, Properties: {{{properties}}}}}\n"


def _of_mapping(properties: str, source: str = "arn:aws:kinesis:eu-west-1:111122223333:stream/clicks") -> str:
    """A mapping, with lines of properties beside its source and its function."""
    start = "" if ":sqs:" in source else "    StartingPosition: LATEST\n"
    head = "Reader:\n  Type: AWS::Lambda::EventSourceMapping\n  Properties:\n    FunctionName: fraud\n"
    head += f"    EventSourceArn: {source}\n"
    rest = "".join(f"    {line}\n" for line in piece(properties).splitlines())
    return head + ("" if "StartingPosition" in properties else start) + rest


def _of_function(properties: str) -> str:
    return f"Fraud: {{Type: AWS::Lambda::Function, Properties: {{Role: reader, {properties}}}}}\n"


_KAFKA = "arn:aws:kafka:eu-west-1:111122223333:cluster/orders/11112222-3333-4444-5555-666677778888-1"
_QUEUE = "arn:aws:sqs:eu-west-1:111122223333:clicks"
_DEAD = "arn:aws:sqs:eu-west-1:111122223333:dead"
_TO_DEAD = f"DestinationConfig: {{OnFailure: {{Destination: {_DEAD}}}}}\n"

CODES: tuple[Code, ...] = (
    review_code(
        "REV200",
        "danger",
        "retention",
        "records are kept for a shorter time, and older ones are deleted",
        "A stream deletes what is older than its retention as soon as that is lowered. A reader that is further "
        "behind never sees those records, and nobody can read them again.",
        before=_of_stream("ShardCount: 2, RetentionPeriodHours: 168"),
        after=_of_stream("ShardCount: 2, RetentionPeriodHours: 24"),
        source="https://docs.aws.amazon.com/streams/latest/dev/kinesis-extended-retention.html",
    ),
    review_code(
        "REV201",
        "fine",
        "retention",
        "records are kept for a longer time",
        "Readers may be further behind, and records may be read again for longer. What is kept beyond 24 hours costs "
        "extra.",
        before=_of_stream("ShardCount: 2"),
        after=_of_stream("ShardCount: 2, RetentionPeriodHours: 168"),
        source="https://docs.aws.amazon.com/streams/latest/dev/kinesis-extended-retention.html",
    ),
    review_code(
        "REV202",
        "danger",
        "scaling",
        "a stream cannot get this number of shards in one update",
        "UpdateShardCount takes at most twice the shards that a stream has, and no less than half of them. "
        "CloudFormation calls it once, so the deployment fails and is rolled back.",
        before=_of_stream("ShardCount: 2"),
        after=_of_stream("ShardCount: 8"),
        mend=_of_stream("ShardCount: 4"),
        source="https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateShardCount.html",
    ),
    review_code(
        "REV203",
        "caution",
        "scaling",
        "there is less capacity than before, or less of it at a time",
        "Nothing is lost by that alone. What comes above the new capacity is throttled or waits: writers have to try "
        "again, and readers fall behind.",
        before=_of_stream("ShardCount: 4"),
        after=_of_stream("ShardCount: 3"),
        source=_SIZES,
    ),
    review_code(
        "REV204",
        "fine",
        "scaling",
        "there is more capacity than before, or more of it at a time",
        "More is taken or worked off at a time, and what has waited is caught up with sooner; it may also cost more.",
        before=_of_stream("ShardCount: 2"),
        after=_of_stream("ShardCount: 4"),
        source=_SIZES,
    ),
    review_code(
        "REV205",
        "caution",
        "scaling",
        "a stream is switched between provisioned and on demand",
        "It goes on while it is switched. On demand it grows by itself, but not at once; provisioned it takes what "
        "its shards take. A stream is switched twice in 24 hours at most, so a rollback may be refused.",
        before=_of_stream("ShardCount: 2"),
        after=_of_stream("StreamModeDetails: {StreamMode: ON_DEMAND}"),
        source=_SIZES,
    ),
    review_code(
        "REV206",
        "danger",
        "encryption",
        "what was encrypted is no longer",
        "Records that are written from now on lie unencrypted. Whoever comes by the storage can read them, and rules "
        "that ask for encryption are broken.",
        before=_of_stream("ShardCount: 2, StreamEncryption: {EncryptionType: KMS, KeyId: alias/aws/kinesis}"),
        after=_of_stream("ShardCount: 2"),
        source="https://docs.aws.amazon.com/streams/latest/dev/what-is-sse.html",
    ),
    review_code(
        "REV207",
        "caution",
        "encryption",
        "another key encrypts",
        "Writers and readers have to be allowed to use the new key, or they are refused; and the old one is needed "
        "for as long as there is anything that it encrypted.",
        before=_of_stream("ShardCount: 2, StreamEncryption: {EncryptionType: KMS, KeyId: alias/clicks}"),
        after=_of_stream("ShardCount: 2, StreamEncryption: {EncryptionType: KMS, KeyId: alias/all}"),
        source="https://docs.aws.amazon.com/streams/latest/dev/permissions-user-key-KMS.html",
    ),
    review_code(
        "REV208",
        "fine",
        "encryption",
        "what was not encrypted is",
        "Records that are written from now on are encrypted where they lie; those that are there stay as they are. "
        "With a key of one's own, writers and readers have to be allowed to use it.",
        before=_of_stream("ShardCount: 2"),
        after=_of_stream("ShardCount: 2, StreamEncryption: {EncryptionType: KMS, KeyId: alias/aws/kinesis}"),
        source="https://docs.aws.amazon.com/streams/latest/dev/what-is-sse.html",
    ),
    review_code(
        "REV209",
        "caution",
        "alarm",
        "less is measured, traced or logged, or elsewhere",
        "Nothing runs otherwise. But alarms, filters and dashboards that look at what is gone see nothing more, and "
        "the next fault is harder to find.",
        before=_of_stream("ShardCount: 2, DesiredShardLevelMetrics: [IteratorAgeMilliseconds, IncomingBytes]"),
        after=_of_stream("ShardCount: 2, DesiredShardLevelMetrics: [IncomingBytes]"),
        source="https://docs.aws.amazon.com/streams/latest/dev/monitoring-with-cloudwatch.html",
    ),
    review_code(
        "REV210",
        "fine",
        "cost",
        "more is measured, traced or logged",
        "There is more to look at when something goes wrong. Metrics of single shards, traces and logs are paid for.",
        before=_of_stream("ShardCount: 2"),
        after=_of_stream("ShardCount: 2, DesiredShardLevelMetrics: [IteratorAgeMilliseconds]"),
        source="https://docs.aws.amazon.com/streams/latest/dev/monitoring-with-cloudwatch.html",
    ),
    review_code(
        "REV211",
        "caution",
        "throttle",
        "a stream takes smaller records only",
        "What is greater than the new bound is refused. A producer that does not expect that drops its record, or "
        "tries it again without end.",
        before=_of_stream("ShardCount: 2, MaxRecordSizeInKiB: 4096"),
        after=_of_stream("ShardCount: 2"),
        source="https://docs.aws.amazon.com/streams/latest/dev/large-records.html",
    ),
    review_code(
        "REV212",
        "danger",
        "partition",
        "a stream no longer keeps the order of a partition key",
        "With AUTO the partition key is ignored, and records of one key are spread over all shards. Readers that "
        "count on their order, or on seeing all of a key, compute something else without an error.",
        before=_of_stream("StreamModeDetails: {StreamMode: ON_DEMAND}"),
        after=_of_stream("StreamModeDetails: {StreamMode: ON_DEMAND}, RecordDistributionStrategy: AUTO"),
        source=_STREAM,
    ),
    review_code(
        "REV213",
        "danger",
        "delivery",
        "a registered consumer or a channel of a stream is deleted, or made anew",
        "A consumer is known by its ARN, and another one has another: whoever reads by the old one is cut off, and "
        "mappings that refer to it are replaced with it. A channel delivers nothing that was written before it.",
        before="""
            Fast:
              Type: AWS::Kinesis::StreamConsumer
              Properties: {ConsumerName: fraud, StreamARN: "arn:aws:kinesis:eu-west-1:111122223333:stream/clicks"}
        """,
        after="""
            Fast:
              Type: AWS::Kinesis::StreamConsumer
              Properties: {ConsumerName: fraud-2, StreamARN: "arn:aws:kinesis:eu-west-1:111122223333:stream/clicks"}
        """,
        source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kinesis-streamconsumer.html",
    ),
    review_code(
        "REV214",
        "danger",
        "position-reset",
        "a mapping is made anew, and its position is lost",
        "Where a mapping stands in its stream is known to that mapping alone. A new one, which another source, "
        "another starting position or another logical id makes, begins at its starting position: it skips records, or "
        "reads them again.",
        before=_of_mapping("StartingPosition: TRIM_HORIZON"),
        after=_of_mapping("StartingPosition: LATEST"),
        source=_MAPPING,
    ),
    review_code(
        "REV215",
        "danger",
        "position-reset",
        "a mapping is deleted: nothing is read, and its position is forgotten",
        "The function gets no more records, and what is written expires unread. A mapping that is made later does not "
        "know where this one stood.",
        before=_of_mapping("") + "Other: {Type: AWS::SNS::Topic}\n",
        after="Other: {Type: AWS::SNS::Topic}\n",
        mend=_of_mapping("Enabled: false") + "Other: {Type: AWS::SNS::Topic}\n",
        source=_MAPPING,
    ),
    review_code(
        "REV216",
        "caution",
        "replacement",
        "a mapping is made anew, and goes on where the old one stood",
        "A queue has no position, and a consumer group of Kafka keeps its own, so that nothing is lost. But Lambda "
        "refuses a second mapping of one queue and function, and a second one of a group, while the first is there.",
        before=_of_mapping("BatchSize: 10", _QUEUE),
        after=_of_mapping("BatchSize: 10", _QUEUE).replace("Reader:", "ClicksReader:"),
        source=_GROUPS,
    ),
    review_code(
        "REV217",
        "danger",
        "delivery",
        "a mapping is switched off: records wait, and expire unread",
        "Nothing reaches the function. The position is kept, but records are deleted when their time is over, whether "
        "somebody has read them or not.",
        before=_of_mapping("BatchSize: 100"),
        after=_of_mapping("BatchSize: 100\nEnabled: false"),
        source=_MAPPING,
    ),
    review_code(
        "REV218",
        "fine",
        "delivery",
        "records, or the news of them, go where none went before",
        "A mapping that is switched on reads on from where it stopped, as far as its records are still kept. It may "
        "have to catch up with a lot.",
        before=_of_mapping("BatchSize: 100\nEnabled: false"),
        after=_of_mapping("BatchSize: 100"),
        source=_MAPPING,
    ),
    review_code(
        "REV219",
        "danger",
        "data-loss",
        "what fails is given up, and dropped without a trace",
        "After its last retry, or at its age, a record is given up. Without a destination nothing tells that there "
        "was one: it is missing from every answer.",
        before=_of_mapping("MaximumRetryAttempts: 5\n" + _TO_DEAD),
        after=_of_mapping("MaximumRetryAttempts: 5"),
        source=_FAILURES,
    ),
    review_code(
        "REV220",
        "caution",
        "delivery",
        "what fails is given up sooner, and kept as before",
        "A fault that lasts longer than the retries sends everything to the destination, where somebody has to fetch "
        "it. A queue or a topic gets the place of a record only, which has to be read before it expires.",
        before=_of_mapping("MaximumRetryAttempts: 50\n" + _TO_DEAD),
        after=_of_mapping("MaximumRetryAttempts: 5\n" + _TO_DEAD),
        source=_FAILURES,
    ),
    review_code(
        "REV221",
        "fine",
        "delivery",
        "what fails is tried longer, or is kept",
        "A record that fails has a better chance, takes fewer others along, or is kept where somebody finds it.",
        before=_of_mapping("MaximumRetryAttempts: 5"),
        after=_of_mapping("MaximumRetryAttempts: 5\n" + _TO_DEAD),
        source=_FAILURES,
    ),
    review_code(
        "REV222",
        "caution",
        "delivery",
        "what fails is tried without end, and holds up what comes behind",
        "A record that never succeeds is tried until it expires. Until then nothing behind it in its shard is "
        "processed, and that comes ever closer to expiring itself.",
        before=_of_mapping("MaximumRetryAttempts: 5"),
        after=_of_mapping("BatchSize: 100"),
        mend=_of_mapping("MaximumRetryAttempts: 50"),
        source=_PARAMETERS,
    ),
    review_code(
        "REV223",
        "caution",
        "delivery",
        "what is given up, or has succeeded, goes elsewhere",
        "Whoever looks after the old destination sees nothing more, and the role has to be allowed to write to the "
        "new one; while it is not, what is given up is dropped.",
        before=_of_mapping("MaximumRetryAttempts: 5\n" + _TO_DEAD),
        after=_of_mapping("MaximumRetryAttempts: 5\n" + _TO_DEAD.replace("dead", "lost")),
        source=_FAILURES,
    ),
    review_code(
        "REV224",
        "caution",
        "delivery",
        "a batch that fails is no longer halved",
        "One record that cannot be processed takes the whole batch along: all of it is tried again, and all of it is "
        "given up, to the destination or, without one, without a trace.",
        before=_of_mapping("BisectBatchOnFunctionError: true\nMaximumRetryAttempts: 5\n" + _TO_DEAD),
        after=_of_mapping("MaximumRetryAttempts: 5\n" + _TO_DEAD),
        source="https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-errors.html",
    ),
    review_code(
        "REV225",
        "danger",
        "data-loss",
        "which records of a batch failed is no longer read from the response",
        "Without ReportBatchItemFailures a function that returns counts as a function that succeeded, whatever it "
        "returns. What it reports as failed is taken for processed, and never tried again.",
        before=_of_mapping("FunctionResponseTypes: [ReportBatchItemFailures]"),
        after=_of_mapping("BatchSize: 100"),
        source="https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html",
    ),
    review_code(
        "REV226",
        "danger",
        "data-loss",
        "a filter lets fewer or other records through",
        "What does not pass counts as processed: it is not handed over, not tried again and not sent anywhere; from a "
        "queue it is deleted. Nothing but a metric tells of it.",
        before=_of_mapping("BatchSize: 100"),
        after=_of_mapping("""FilterCriteria: {Filters: [{Pattern: '{"data": {"kind": ["sale"]}}'}]}"""),
        source="https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html",
    ),
    review_code(
        "REV227",
        "caution",
        "delivery",
        "a filter lets more records through",
        "The function gets records that it never got, which it may not have been written for; one that it fails for "
        "holds up its shard. Its calls, and their cost, grow.",
        before=_of_mapping("""FilterCriteria: {Filters: [{Pattern: '{"data": {"kind": ["sale"]}}'}]}"""),
        after=_of_mapping("BatchSize: 100"),
        source="https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html",
    ),
    review_code(
        "REV228",
        "caution",
        "delivery",
        "a second function reads a queue",
        "A queue hands each message to one reader. Two mappings share its messages at random, and what the filter of one "
        "passes over is deleted before the other has seen it.",
        before="""
            Orders: {Type: AWS::SQS::Queue}
            Book:
              Type: AWS::Lambda::EventSourceMapping
              Properties: {FunctionName: book, EventSourceArn: !GetAtt Orders.Arn}
        """,
        after="""
            Orders: {Type: AWS::SQS::Queue}
            Book:
              Type: AWS::Lambda::EventSourceMapping
              Properties: {FunctionName: book, EventSourceArn: !GetAtt Orders.Arn}
            Mail:
              Type: AWS::Lambda::EventSourceMapping
              Properties: {FunctionName: mail, EventSourceArn: !GetAtt Orders.Arn}
        """,
        source="https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html",
    ),
    review_code(
        "REV229",
        "fine",
        "delivery",
        "sizes and times are others that weaken nothing",
        "Batches are greater or smaller, or wait longer for more records. The function is called more or less often, "
        "and gets more or less at once.",
        before=_of_mapping("BatchSize: 100"),
        after=_of_mapping("BatchSize: 200\nMaximumBatchingWindowInSeconds: 5"),
        source=_PARAMETERS,
    ),
    review_code(
        "REV230",
        "caution",
        "none",
        "a function carries its state over another span of time",
        "What it sums up is cut otherwise, so that results before and after are not comparable; a window that is open "
        "while this is deployed may end early.",
        before=_of_mapping("TumblingWindowInSeconds: 60"),
        after=_of_mapping("TumblingWindowInSeconds: 300"),
        source="https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-windows.html",
    ),
    review_code(
        "REV231",
        "caution",
        "delivery",
        "another function gets the records",
        "The mapping reads on from where it stands, for another function, another version or another alias. The one "
        "before gets nothing more.",
        before=_of_mapping("BatchSize: 100"),
        after=_of_mapping("BatchSize: 100").replace("fraud", "fraud-2"),
        source=_MAPPING,
    ),
    review_code(
        "REV232",
        "danger",
        "position-reset",
        "another topic, group or collection is read",
        "Its position belongs to what was read before. Lambda has no way to change this in place, so that the "
        "deployment fails, or a new reader begins at its starting position.",
        before=_of_mapping("Topics: [orders]", _KAFKA),
        after=_of_mapping("Topics: [orders-v2]", _KAFKA),
        source="https://docs.aws.amazon.com/lambda/latest/api/API_UpdateEventSourceMapping.html",
    ),
    review_code(
        "REV233",
        "caution",
        "schema",
        "records are decoded or handed over in another way",
        "The function gets something else than it got: JSON or bytes, checked against a schema or not. A record that "
        "cannot be decoded is given up.",
        before=_of_mapping(
            """
            Topics: [orders]
            AmazonManagedKafkaEventSourceConfig:
              SchemaRegistryConfig: {SchemaRegistryURI: "https://registry", EventRecordFormat: JSON}
            """,
            _KAFKA,
        ),
        after=_of_mapping(
            """
            Topics: [orders]
            AmazonManagedKafkaEventSourceConfig:
              SchemaRegistryConfig: {SchemaRegistryURI: "https://registry", EventRecordFormat: SOURCE}
            """,
            _KAFKA,
        ),
        source="https://docs.aws.amazon.com/lambda/latest/dg/services-consume-kafka-events.html",
    ),
    review_code(
        "REV234",
        "caution",
        "network",
        "a mapping reaches its source, or signs in, in another way",
        "Subnets, security groups, secrets and certificates have to fit the cluster. While they do not, nothing is "
        "read, and records wait.",
        before=_of_mapping(
            """
            Topics: [orders]
            SourceAccessConfigurations: [{Type: SASL_SCRAM_512_AUTH, URI: "arn:aws:secretsmanager:eu-west-1:1112:secret:a"}]
            """,
            _KAFKA,
        ),
        after=_of_mapping(
            """
            Topics: [orders]
            SourceAccessConfigurations: [{Type: SASL_SCRAM_512_AUTH, URI: "arn:aws:secretsmanager:eu-west-1:1112:secret:b"}]
            """,
            _KAFKA,
        ),
        source="https://docs.aws.amazon.com/lambda/latest/dg/msk-cluster-auth.html",
    ),
    review_code(
        "REV235",
        "danger",
        "throttle",
        "a function is stopped: all calls of it are refused",
        "With a reserved concurrency of 0 nothing runs. Records of its streams wait until they expire, messages until "
        "their queue gives them up, and events that nobody waits for until they are too old.",
        before=_of_function("Timeout: 30"),
        after=_of_function("Timeout: 30, ReservedConcurrentExecutions: 0"),
        source=_CONCURRENCY,
    ),
    review_code(
        "REV236",
        "caution",
        "throttle",
        "a function has less time, memory or room",
        "What took longer, or needed more, fails now. Behind a stream it is tried again and holds up its shard, or is "
        "given up.",
        before=_of_function("Timeout: 60"),
        after=_of_function("Timeout: 30"),
        source=_FUNCTION,
    ),
    review_code(
        "REV237",
        "fine",
        "scaling",
        "a function has more time, memory or room",
        "What failed for want of it may succeed. More memory also means more CPU, and each millisecond costs more.",
        before=_of_function("Timeout: 30"),
        after=_of_function("Timeout: 60, MemorySize: 512"),
        source=_FUNCTION,
    ),
    review_code(
        "REV238",
        "caution",
        "none",
        "a function's code runs in something else",
        "Another runtime, another processor, another handler or a layer that is missing may break code that was not "
        "built for it. All calls fail then, and behind a stream that holds up its shards.",
        before=_of_function("Runtime: python3.12"),
        after=_of_function("Runtime: python3.13"),
        source="https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html",
    ),
    review_code(
        "REV239",
        "fine",
        "none",
        "a function runs other code",
        "What it does is not told by a template. Its settings are as before, and code is what a deployment is there "
        "for.",
        before=_of_function("Code: {ZipFile: 'def handler(event, context): pass'}"),
        after=_of_function("Code: {ZipFile: 'def handler(event, context): return {}'}"),
        source=_FUNCTION,
    ),
    review_code(
        "REV240",
        "caution",
        "none",
        "a variable of a function is another, or gone",
        "Variables say where a function reads and writes, and what it does. With another value it may write "
        "elsewhere, and without one it may fail.",
        before=_of_function("Environment: {Variables: {TABLE: orders}}"),
        after=_of_function("Environment: {Variables: {TABLE: orders-v2}}"),
        source="https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html",
    ),
    review_code(
        "REV241",
        "fine",
        "none",
        "a function has a new variable, or logs otherwise",
        "Code that does not know a variable does not read it; one of logging changes no more than what is logged.",
        before=_of_function("Environment: {Variables: {TABLE: orders, LOG_LEVEL: INFO}}"),
        after=_of_function("Environment: {Variables: {TABLE: orders, LOG_LEVEL: DEBUG}}"),
        source="https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html",
    ),
    review_code(
        "REV242",
        "caution",
        "network",
        "a function runs in another network",
        "What it reaches is decided by its subnets, their routes and its security groups. What it cannot reach any "
        "more makes its calls fail, mostly by running out of time.",
        before=_of_function("VpcConfig: {SubnetIds: [subnet-1], SecurityGroupIds: [sg-1]}"),
        after=_of_function("VpcConfig: {SubnetIds: [subnet-2], SecurityGroupIds: [sg-1]}"),
        source="https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html",
    ),
    review_code(
        "REV243",
        "caution",
        "none",
        "a guard of a function is weaker",
        "Nothing happens now. But code that nobody signed may be deployed, a function may call itself without end, or "
        "its runtime stays unpatched for longer.",
        before=_of_function("CodeSigningConfigArn: 'arn:aws:lambda:eu-west-1:111122223333:code-signing-config:csc-1'"),
        after=_of_function("Timeout: 3"),
        source="https://docs.aws.amazon.com/lambda/latest/dg/configuration-codesigning.html",
    ),
    review_code(
        "REV244",
        "fine",
        "none",
        "a guard of a function is stronger",
        "Only signed code is deployed, a function that calls itself is stopped, or its runtime is patched at once.",
        before=_of_function("RecursiveLoop: Allow"),
        after=_of_function("Timeout: 3"),
        source="https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html",
    ),
    review_code(
        "REV245",
        "caution",
        "none",
        "a function acts as another role",
        "What the new role may is what counts, and is said beside it where it is in the template. What it may not "
        "makes calls fail, and a mapping of the function read nothing.",
        before=_of_function("Timeout: 3"),
        after=_of_function("Timeout: 3").replace("reader", "writer"),
        source="https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html",
    ),
    review_code(
        "REV246",
        "fine",
        "none",
        "another version of a function or a layer takes the place of the old one",
        "A version is a picture of a function or a layer at one time: to change one is to make another. Whoever asks "
        "for an alias gets the new one.",
        before="""
            Live: {Type: AWS::Lambda::Alias, Properties: {FunctionName: fraud, FunctionVersion: "7", Name: live}}
        """,
        after="""
            Live: {Type: AWS::Lambda::Alias, Properties: {FunctionName: fraud, FunctionVersion: "8", Name: live}}
        """,
        source="https://docs.aws.amazon.com/lambda/latest/dg/configuration-versions.html",
    ),
    review_code(
        "REV247",
        "caution",
        "scaling",
        "capacity is moved by other rules, later or not at all",
        "What is there now stays. But when the load rises, capacity follows later, by something else or not at all, "
        "and what is above it is throttled.",
        before="""
            Units:
              Type: AWS::ApplicationAutoScaling::ScalableTarget
              Properties:
                ServiceNamespace: lambda
                ScalableDimension: lambda:function:ProvisionedConcurrency
                ResourceId: function:fraud:live
                MinCapacity: 2
                MaxCapacity: 20
        """,
        after="""
            Units:
              Type: AWS::ApplicationAutoScaling::ScalableTarget
              Properties:
                ServiceNamespace: lambda
                ScalableDimension: lambda:function:ProvisionedConcurrency
                ResourceId: function:fraud:live
                MinCapacity: 2
                MaxCapacity: 20
                SuspendedState: {DynamicScalingOutSuspended: true}
        """,
        source=_SCALING,
    ),
    review_code(
        "REV248",
        "fine",
        "scaling",
        "capacity follows the load sooner",
        "Scaling is on again, begins with less of the capacity in use, or waits less between two steps. That costs "
        "more.",
        before="""
            Policy:
              Type: AWS::ApplicationAutoScaling::ScalingPolicy
              Properties:
                PolicyName: units
                PolicyType: TargetTrackingScaling
                ScalingTargetId: units
                TargetTrackingScalingPolicyConfiguration: {TargetValue: 0.9}
        """,
        after="""
            Policy:
              Type: AWS::ApplicationAutoScaling::ScalingPolicy
              Properties:
                PolicyName: units
                PolicyType: TargetTrackingScaling
                ScalingTargetId: units
                TargetTrackingScalingPolicyConfiguration: {TargetValue: 0.7}
        """,
        source="https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-target-tracking.html",
    ),
    review_code(
        "REV249",
        "caution",
        "delivery",
        "a function may run longer than its queue hides a message",
        "The queue hands a message out again while the function still works on it, so that it is handled twice. Lambda refuses "
        "to create or change a mapping like that.",
        before="""
            Orders: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 180}}
            Fn:
              Type: AWS::Lambda::Function
              Properties: {Runtime: python3.13, Handler: a.b, Role: r, Timeout: 30, Code: {S3Bucket: b, S3Key: k}}
            Book:
              Type: AWS::Lambda::EventSourceMapping
              Properties: {FunctionName: !Ref Fn, EventSourceArn: !GetAtt Orders.Arn}
        """,
        after="""
            Orders: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 180}}
            Fn:
              Type: AWS::Lambda::Function
              Properties: {Runtime: python3.13, Handler: a.b, Role: r, Timeout: 300, Code: {S3Bucket: b, S3Key: k}}
            Book:
              Type: AWS::Lambda::EventSourceMapping
              Properties: {FunctionName: !Ref Fn, EventSourceArn: !GetAtt Orders.Arn}
        """,
        source="https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html",
    ),
)

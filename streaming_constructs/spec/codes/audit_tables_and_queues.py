"""What is wrong in one template with tables of DynamoDB, queues, topics and APIs."""

from __future__ import annotations

from streaming_constructs.spec.codes.code import Code, review_code

_SQS = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide"
_LAMBDA = "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html"
_EVENTS = "https://docs.aws.amazon.com/lambda/latest/dg"
_API = "https://docs.aws.amazon.com/apigateway/latest/developerguide"
_DYNAMODB = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide"
_DEAD = "RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 5}"


def _table(properties: str = "") -> str:
    key = (
        "KeySchema: [{AttributeName: id, KeyType: HASH}], AttributeDefinitions: [{AttributeName: id, AttributeType: S}]"
    )
    return (
        f"Orders: {{Type: AWS::DynamoDB::Table, Properties: {{{key}, BillingMode: PAY_PER_REQUEST, {properties}}}}}\n"
    )


def _queue(properties: str = "", dead: str = "MessageRetentionPeriod: 1209600") -> str:
    """A queue, one for dead letters, and a function that reads the first."""
    return (
        f"Orders: {{Type: AWS::SQS::Queue, Properties: {{{properties}}}}}\n"
        f"Dead: {{Type: AWS::SQS::Queue, Properties: {{{dead}}}}}\n"
        "Pack: {Type: AWS::Lambda::Function, Properties: {Role: packer, Timeout: 30}}\n"
        "Reader:\n"
        "  Type: AWS::Lambda::EventSourceMapping\n"
        "  Properties: {EventSourceArn: !GetAtt Orders.Arn, FunctionName: !Ref Pack}\n"
    )


_SECOND_READER = (
    "Copy:\n"
    "  Type: AWS::Lambda::EventSourceMapping\n"
    "  Properties: {EventSourceArn: !GetAtt Orders.Arn, FunctionName: copy}\n"
)


def _pipe(properties: str) -> str:
    return (
        "Pipe:\n"
        "  Type: AWS::Pipes::Pipe\n"
        "  Properties:\n"
        "    {RoleArn: pipe, Source: clicks, Target: work,\n"
        f"     SourceParameters: {{KinesisStreamParameters: {{StartingPosition: LATEST{properties}}}}}}}\n"
    )


def _subscription(properties: str) -> str:
    return f"Wanted: {{Type: AWS::SNS::Subscription, Properties: {{TopicArn: shop, {properties}}}}}\n"


def _method(properties: str) -> str:
    return (
        "Post:\n  Type: AWS::ApiGateway::Method\n"
        f"  Properties: {{RestApiId: api, ResourceId: root, HttpMethod: POST, {properties}}}\n"
    )


def _stage(settings: str) -> str:
    every = f"MethodSettings: [{{ResourcePath: /*, HttpMethod: '*', {settings}}}]"
    return f"Live: {{Type: AWS::ApiGateway::Stage, Properties: {{RestApiId: api, StageName: live, {every}}}}}\n"


_FINE = f"{_DEAD}, VisibilityTimeout: 180"

CODES: tuple[Code, ...] = (
    review_code(
        "AUD250",
        "caution",
        "data-loss",
        "a table cannot be restored",
        "A wrong deployment, a script or a writer with a fault changes or deletes items, and without point-in-time "
        "recovery nobody can have back what they were.",
        after=_table("DeletionProtectionEnabled: true"),
        mend=_table("PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true}"),
        source=f"{_DYNAMODB}/PointInTimeRecovery_Howitworks.html",
    ),
    review_code(
        "AUD251",
        "caution",
        "removal-policy",
        "nothing refuses to delete a table",
        "A stack that is deleted, or that replaces the table, takes all items with it, and so does a person by "
        "mistake: neither a policy nor the protection of the table refuses.",
        after=_table(),
        mend=_table("DeletionProtectionEnabled: true"),
        source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html",
    ),
    review_code(
        "AUD252",
        "danger",
        "delivery",
        "a queue that a function reads has no dead-letter queue",
        "A message that the function cannot process comes back again and again, takes the place of others, and is "
        "deleted without a trace when its retention ends.",
        after=_queue("VisibilityTimeout: 180"),
        mend=_queue(_FINE),
        source=_LAMBDA,
    ),
    review_code(
        "AUD253",
        "caution",
        "delivery",
        "a message is given up after too few tries",
        "Being throttled counts as a try as well: with fewer than five, messages go to the dead-letter queue that "
        "nothing is wrong with.",
        after=_queue(_FINE.replace("5", "2")),
        mend=_queue(_FINE),
        source=_LAMBDA,
    ),
    review_code(
        "AUD254",
        "caution",
        "delivery",
        "others see a message while a function may still process it",
        "Lambda needs room to try again what is throttled: below six times the timeout of the function, a message is "
        "processed twice; below the timeout itself, Lambda refuses the mapping.",
        after=_queue(f"{_DEAD}, VisibilityTimeout: 60"),
        mend=_queue(_FINE),
        source=_LAMBDA,
    ),
    review_code(
        "AUD255",
        "danger",
        "retention",
        "a dead-letter queue keeps messages for a shorter time than its source",
        "In a standard queue a message keeps the time at which it was sent. One that is given up late is older than "
        "the dead-letter queue keeps messages, and is deleted before anybody has seen it.",
        after=_queue(_FINE, "MessageRetentionPeriod: 86400"),
        mend=_queue(_FINE),
        source=f"{_SQS}/setting-up-dead-letter-queue-retention.html",
    ),
    review_code(
        "AUD256",
        "danger",
        "delivery",
        "the dead-letter queue of a queue is one that AWS refuses",
        "A FIFO queue takes a FIFO queue for its dead letters, a standard queue a standard one, and a queue may say "
        "whose dead letters it takes. What does not fit is refused when it is deployed.",
        after=_queue(_FINE, "MessageRetentionPeriod: 1209600, FifoQueue: true"),
        mend=_queue(_FINE),
        source=f"{_SQS}/sqs-dead-letter-queues.html",
    ),
    review_code(
        "AUD257",
        "danger",
        "encryption",
        "messages of a queue are not encrypted",
        "SQS encrypts messages by itself, at no cost, unless it is told not to. What is in them then lies there in "
        "plain, and most rules of security forbid that.",
        after=_queue(f"{_FINE}, SqsManagedSseEnabled: false"),
        mend=_queue(_FINE),
        source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sqs-queue.html",
    ),
    review_code(
        "AUD258",
        "caution",
        "delivery",
        "messages that a web address does not take are dropped",
        "SNS tries a web address a few times, for an hour at most. What is published during a longer outage is dropped "
        "without a trace, unless the subscription has a dead-letter queue.",
        after=_subscription("Protocol: https, Endpoint: 'https://example.com/in'"),
        mend=_subscription(
            "Protocol: https, Endpoint: 'https://example.com/in', RedrivePolicy: {deadLetterTargetArn: dead}"
        ),
        source="https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html",
    ),
    review_code(
        "AUD259",
        "danger",
        "encryption",
        "messages of a topic go over the internet in plain text",
        "Whoever is between SNS and the subscriber reads each message, and may change it. An address with https costs "
        "nothing more.",
        after=_subscription("Protocol: http, Endpoint: 'http://example.com/in'"),
        mend=_subscription(
            "Protocol: https, Endpoint: 'https://example.com/in', RedrivePolicy: {deadLetterTargetArn: dead}"
        ),
        source="https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html",
    ),
    review_code(
        "AUD260",
        "danger",
        "public-access",
        "everybody may call a method of an API",
        "The address of an API is found by whoever looks for it. Where neither the method nor a resource policy asks "
        "who calls, all that is behind it is open.",
        after=_method("AuthorizationType: NONE"),
        mend=_method("AuthorizationType: AWS_IAM"),
        source=f"{_API}/apigateway-control-access-to-api.html",
    ),
    review_code(
        "AUD261",
        "caution",
        "throttle",
        "a stage of an API has no limit",
        "All APIs of an account share one limit. A caller that asks without end uses it up for all others, and has "
        "whatever is behind this API called as often.",
        after=_stage("LoggingLevel: ERROR"),
        mend=_stage("ThrottlingRateLimit: 100, ThrottlingBurstLimit: 50"),
        source=f"{_API}/api-gateway-request-throttling.html",
    ),
    review_code(
        "AUD262",
        "danger",
        "encryption",
        "a domain of an API speaks TLS 1.0",
        "TLS 1.0 and 1.1 are broken, and no rule of security takes them any more: who is between a caller and the API "
        "may read and change what they say.",
        after="Domain: {Type: AWS::ApiGateway::DomainName, Properties: {DomainName: a.example, SecurityPolicy: TLS_1_0}}\n",
        mend="Domain: {Type: AWS::ApiGateway::DomainName, Properties: {DomainName: a.example, SecurityPolicy: TLS_1_2}}\n",
        source=f"{_API}/apigateway-custom-domain-tls-version.html",
    ),
    review_code(
        "AUD263",
        "danger",
        "encryption",
        "answers of an API are kept without encryption",
        "The cache of a stage keeps what is answered, with whatever personal data is in it, on a disk; encryption of "
        "it is a setting that is off unless it is switched on.",
        after=_stage("ThrottlingRateLimit: 100, CachingEnabled: true"),
        mend=_stage("ThrottlingRateLimit: 100, CachingEnabled: true, CacheDataEncrypted: true"),
        source=f"{_API}/api-gateway-caching.html",
    ),
    review_code(
        "AUD264",
        "caution",
        "encryption",
        "no key guards the messages of a topic",
        "Without a key of KMS, SNS keeps messages on disks that AWS encrypts: no key policy says who may read them, and no log "
        "says who did.",
        after="Shop: {Type: AWS::SNS::Topic}\n",
        mend="Shop: {Type: AWS::SNS::Topic, Properties: {KmsMasterKeyId: alias/aws/sns}}\n",
        source="https://docs.aws.amazon.com/sns/latest/dg/sns-server-side-encryption.html",
    ),
    review_code(
        "AUD265",
        "caution",
        "delivery",
        "two mappings read a queue",
        "A queue hands each message to one reader. Two mappings share its messages at random, and what the filter of one "
        "passes over is deleted before the other has seen it.",
        after=f"{_queue(_FINE)}{_SECOND_READER}",
        mend=_queue(_FINE),
        source=f"{_EVENTS}/invocation-eventfiltering.html",
    ),
    review_code(
        "AUD266",
        "caution",
        "delivery",
        "a pipe has no end for records that fail, or nowhere to keep them",
        "A pipe tries a batch of a stream until it succeeds or expires, and all behind it in its shard waits. With an end "
        "and no dead-letter queue, what is given up is gone.",
        after=_pipe(""),
        mend=_pipe(", MaximumRetryAttempts: 5, DeadLetterConfig: {Arn: dead}"),
        source="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-batching-concurrency.html",
    ),
)

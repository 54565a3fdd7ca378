"""What changes of a template mean for queues of SQS, topics of SNS and their subscriptions."""

from __future__ import annotations

from streaming_constructs.spec.codes.code import Code, review_code

_SQS = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide"
_ATTRIBUTES = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html"
_SNS = "https://docs.aws.amazon.com/sns/latest/dg"
_CFN = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference"
_DEAD = "RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 5}"


def _queue(properties: str = "") -> str:
    """A queue, and one for dead letters."""
    return (
        f"Orders: {{Type: AWS::SQS::Queue, Properties: {{{properties}}}}}\n"
        "Dead: {Type: AWS::SQS::Queue, Properties: {MessageRetentionPeriod: 1209600}}\n"
    )


def _topic(properties: str) -> str:
    return f"Shop: {{Type: AWS::SNS::Topic, Properties: {{{properties}}}}}\n"


def _subscription(properties: str = "") -> str:
    """A subscription of a queue to a topic."""
    shop = "TopicArn: 'arn:aws:sns:eu-west-1:111122223333:shop', Protocol: sqs"
    endpoint = "Endpoint: 'arn:aws:sqs:eu-west-1:111122223333:orders'"
    return f"Wanted: {{Type: AWS::SNS::Subscription, Properties: {{{shop}, {endpoint}, {properties}}}}}\n"


CODES: tuple[Code, ...] = (
    review_code(
        "REV270",
        "danger",
        "retention",
        "messages are kept for a shorter time, and older ones are deleted",
        "SQS deletes what is older than the retention within minutes after it is lowered, whether somebody has read it "
        "or not, and no dead-letter queue gets it. A topic's archive loses what is older likewise.",
        before=_queue("MessageRetentionPeriod: 1209600"),
        after=_queue("MessageRetentionPeriod: 86400"),
        source=_ATTRIBUTES,
    ),
    review_code(
        "REV271",
        "fine",
        "retention",
        "messages are kept for a longer time",
        "Receivers may be further behind before a message is lost. Messages that nobody can process stay longer as "
        "well, where no dead-letter queue takes them.",
        before=_queue("MessageRetentionPeriod: 86400"),
        after=_queue("MessageRetentionPeriod: 1209600"),
        source=_ATTRIBUTES,
    ),
    review_code(
        "REV272",
        "danger",
        "delivery",
        "messages that fail are no longer kept in a dead-letter queue",
        "What cannot be processed is tried until the retention ends, in front of all others in a FIFO queue, and then "
        "deleted without a trace. What SNS cannot deliver is dropped.",
        before=_queue(_DEAD),
        after=_queue(),
        source=f"{_SQS}/sqs-dead-letter-queues.html",
    ),
    review_code(
        "REV273",
        "caution",
        "delivery",
        "messages that fail go elsewhere, or earlier, to a dead-letter queue",
        "Whoever watches and reads the old queue sees none of them, and with fewer tries a message goes there that a "
        "moment later would have been processed.",
        before=_queue(_DEAD),
        after=_queue(_DEAD.replace("5", "2")),
        source=f"{_SQS}/sqs-dead-letter-queues.html",
    ),
    review_code(
        "REV274",
        "fine",
        "delivery",
        "messages that fail are kept, or tried more often",
        "A dead-letter queue takes what cannot be processed, after some tries, or a message has more of them. Somebody "
        "has to be told of what comes there.",
        before=_queue(),
        after=_queue(_DEAD),
        source=f"{_SQS}/sqs-dead-letter-queues.html",
    ),
    review_code(
        "REV275",
        "caution",
        "delivery",
        "others see a received message earlier",
        "Whoever takes longer than the visibility timeout for a message is not alone with it: another receiver "
        "processes it too, and each time counts as a try.",
        before=_queue("VisibilityTimeout: 360"),
        after=_queue("VisibilityTimeout: 60"),
        source=f"{_SQS}/sqs-visibility-timeout.html",
    ),
    review_code(
        "REV276",
        "fine",
        "none",
        "a setting was changed that weakens nothing",
        "How long somebody waits, how large something may be, what something is called, or one more thing that is "
        "logged: no message is lost by it, and nobody gets in.",
        before=_queue("ReceiveMessageWaitTimeSeconds: 0"),
        after=_queue("ReceiveMessageWaitTimeSeconds: 20"),
        source=_ATTRIBUTES,
    ),
    review_code(
        "REV277",
        "caution",
        "delivery",
        "greater messages are refused",
        "Whoever sends a message beyond the new limit gets an error, where it was taken before. A sender that does not "
        "look at errors loses it.",
        before=_queue("MaximumMessageSize: 262144"),
        after=_queue("MaximumMessageSize: 65536"),
        source=_ATTRIBUTES,
    ),
    review_code(
        "REV278",
        "caution",
        "delivery",
        "an ordered queue or topic tells messages apart otherwise, or takes fewer",
        "By another scope of deduplication two messages are taken for one, or one for two; without one by content a "
        "message that brings no id is refused; and one throughput for all groups throttles senders.",
        before=_queue("FifoQueue: true, ContentBasedDeduplication: true"),
        after=_queue("FifoQueue: true"),
        source=f"{_SQS}/FIFO-queues-exactly-once-processing.html",
    ),
    review_code(
        "REV279",
        "danger",
        "delivery",
        "a subscriber gets nothing more of a topic",
        "What is published goes to those who are subscribed, and to nobody else: publishers see no error, and the "
        "former subscriber sees nothing at all.",
        before=_subscription() + "Other: {Type: AWS::SNS::Topic}\n",
        after="Other: {Type: AWS::SNS::Topic}\n",
        source=f"{_SNS}/sns-create-subscribe-endpoint-to-topic.html",
    ),
    review_code(
        "REV280",
        "danger",
        "delivery",
        "a filter lets fewer messages through to a subscriber",
        "What does not fit the filter is not delivered, and no dead-letter queue gets it: it is missing from whatever "
        "the subscriber counts or keeps, and nothing tells of it.",
        before=_subscription("FilterPolicy: {kind: [order, refund]}"),
        after=_subscription("FilterPolicy: {kind: [order]}"),
        source=f"{_SNS}/sns-subscription-filter-policies.html",
    ),
    review_code(
        "REV281",
        "caution",
        "delivery",
        "a subscriber gets messages otherwise",
        "With or without the envelope of SNS, more of them, again from the archive, or by another role: a subscriber "
        "that does not know that form fails at each message.",
        before=_subscription("RawMessageDelivery: true"),
        after=_subscription("RawMessageDelivery: false"),
        source=f"{_SNS}/sns-large-payload-raw-message-delivery.html",
    ),
    review_code(
        "REV282",
        "caution",
        "encryption",
        "messages are guarded less against those who should not read or forge them",
        "A policy of data protection finds personal data in messages and audits, masks or refuses them; a signature by "
        "SHA-256 tells forged ones. What is loosened is not noticed.",
        before=_topic("SignatureVersion: '2'"),
        after=_topic("SignatureVersion: '1'"),
        source=f"{_SNS}/sns-verify-signature-of-message.html",
    ),
)

"""ARNs of queues, topics and buckets that several parts of the language name."""

from __future__ import annotations

import re
from typing import Annotated, Any

from streaming_constructs.spec.model import Short, arn, form

QueueArn = Annotated[
    str,
    arn("sqs", r"[a-zA-Z0-9_-]{1,80}(\.fifo)?", "the ARN of a queue, arn:aws:sqs:REGION:ACCOUNT:NAME"),
]
TopicArn = Annotated[
    str,
    arn("sns", r"[a-zA-Z0-9_-]{1,256}(\.fifo)?", "the ARN of a topic, arn:aws:sns:REGION:ACCOUNT:NAME"),
]


def _bucket_name(value: Any) -> Any:
    """The name in the ARN of a bucket: it says all that the ARN says but the partition, which is that of the stack."""
    return re.sub(r"^arn:aws[a-z-]*:s3:::", "", value) if isinstance(value, str) else value


_NAME = "[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"
_BUCKET = "the name of a bucket, or its ARN, arn:aws:s3:::NAME"
BucketName = Annotated[
    str,
    form(rf"^{_NAME}$", _BUCKET),
    Short(_bucket_name, Annotated[str, form(rf"^arn:aws[a-z-]*:s3:::{_NAME}$", _BUCKET)]),
]

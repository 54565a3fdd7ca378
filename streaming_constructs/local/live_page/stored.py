"""Where the objects and messages of a node are in the embedded AWS, and what is there: looked at, and not taken."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from moto.sns.models import sns_backends
from moto.sqs.models import sqs_backends

from streaming_constructs.local.aws.api import ACCOUNT_ID, Aws
from streaming_constructs.local.aws.cloudformation import Deployed
from streaming_constructs.local.aws.type_names import DELIVERY_STREAM, SNS_TOPIC
from streaming_constructs.local.live_page.node_details import shown
from streaming_constructs.local.live_page.node_path import NodePath
from streaming_constructs.local.live_page.object_head import MOST_BYTES, object_head
from streaming_constructs.local.rehearsal_report import Report

SHOWN_OBJECTS = 100
SHOWN_MESSAGES = 20
_LISTED_OBJECTS = 5_000
"""How many objects of a folder are looked through for the newest."""

MOTO_HOOKS = (
    "moto.sns.models.sns_backends",
    "moto.sqs.models.sqs_backends",
    "moto.sqs.models.Queue.messages",
)
"""What of moto's inside this module looks into: to receive a message would hide it from those that it is for."""


class Stored:
    """What nodes of a system have stored."""

    def __init__(
        self, aws: Aws, deployed: Callable[[], Iterable[Deployed]], name_of: Callable[[Deployed], str]
    ) -> None:
        """Looks at nothing yet.

        Args:
            aws: The API.
            deployed: Tells all that is deployed.
            name_of: What people call a resource.
        """
        self._aws, self._deployed, self._name_of = aws, deployed, name_of

    def parts(self, report: Report, path: str) -> list[dict[str, Any]]:
        """Objects and messages of a node, the newest first, as parts of its panel.

        Args:
            report: What came out where.
            path: Where the spec says the node.
        """
        section, name, field = NodePath.parse(path)
        found: list[dict[str, Any]] = []
        if (section, field) == ("deliveries", "to"):
            found.append(self._objects(self._folders(name)))
        elif section == "consumers":
            arns = dict.fromkeys(one.destination for one in report.consumers if one.name == name and one.destination)
            found += map(self._at, arns)
        elif section == "sns_topics":
            topics = (one for one in self._deployed() if one.type == SNS_TOPIC and self._name_of(one) == name)
            found += [self._at(one.physical_id) for one in topics]
        return [one for one in found if one.get("objects") or one.get("records")]

    def object_head(self, bucket: str, key: str) -> dict[str, Any]:
        """The begin of an object.

        Args:
            bucket: Its bucket.
            key: Its key.

        Raises:
            LookupError: If there is none.
        """
        try:
            found = self._aws.client("s3").get_object(Bucket=bucket, Key=key)
        except (BotoCoreError, ClientError, ValueError) as error:
            raise LookupError(str(error)) from None
        return object_head(found["Body"].read(MOST_BYTES), found["ContentLength"])

    def _at(self, arn: str) -> dict[str, Any]:
        """What is at a destination; nothing, if it is a topic of Kafka."""
        service, _, rest = arn.removeprefix("arn:aws:").partition(":")
        place, region = rest.rpartition(":")[2], self._aws.region
        if service == "s3":
            return self._objects([(place, "")])
        if service == "sqs":
            queue = sqs_backends[ACCOUNT_ID][region].queues.get(place)
            return _messages("Messages in the queue", [one.body for one in queue.messages] if queue else [])
        if service == "sns":
            topic = sns_backends[ACCOUNT_ID][region].topics.get(arn)
            return _messages("Messages", [one[1] for one in topic.sent_notifications] if topic else [])
        return {}

    def _folders(self, delivery: str) -> list[tuple[str, str]]:
        """The buckets of a delivery, each with a folder of its own."""
        found = []
        for one in self._deployed():
            if one.type == DELIVERY_STREAM and self._name_of(one) == delivery:
                for settings in _s3_settings(one.properties):
                    bucket = str(settings["BucketARN"]).rpartition(":")[2]
                    prefixes = (settings.get("Prefix") or "", settings.get("ErrorOutputPrefix") or "")
                    found += [(bucket, prefix.partition("!{")[0]) for prefix in prefixes if prefix] or [(bucket, "")]
        return list(dict.fromkeys(found))

    def _objects(self, folders: Iterable[tuple[str, str]]) -> dict[str, Any]:
        listed = [one for bucket, prefix in folders for one in self._listed(bucket, prefix)]
        listed.sort(key=lambda one: (one["at"], one["key"]), reverse=True)
        told = {(one["bucket"], one["key"]): one for one in listed}
        return {"title": "Objects", "objects": list(told.values())[:SHOWN_OBJECTS], "total": len(told)}

    def _listed(self, bucket: str, prefix: str) -> Iterator[dict[str, Any]]:
        pages = self._aws.client("s3").get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        try:
            for one in islice((one for page in pages for one in page.get("Contents", ())), _LISTED_OBJECTS):
                at = one["LastModified"].strftime("%Y-%m-%d %H:%M:%SZ")
                yield {"bucket": bucket, "key": one["Key"], "size": one["Size"], "at": at}
        except ClientError:
            return  # it is not there yet, or no more


def _s3_settings(properties: Any) -> Iterator[dict[str, Any]]:
    """What of a delivery stream's settings names a bucket, at whatever depth."""
    if isinstance(properties, dict):
        if "BucketARN" in properties:
            yield properties
        for value in properties.values():
            yield from _s3_settings(value)


def _messages(title: str, bodies: list[str]) -> dict[str, Any]:
    newest = bodies[: -SHOWN_MESSAGES - 1 : -1]
    told = [
        {"head": f"message {len(bodies) - place:,}", "why": "", "text": shown(body)}
        for place, body in enumerate(newest)
    ]
    return {"title": title, "records": told}

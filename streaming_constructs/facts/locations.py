"""Where what a system names has to be: in which region, in which account, and in which partition of AWS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from streaming_constructs.facts.fact import CHECKED

CrossAccount = Literal["refused", "by_policy", "unknown", "usual"]
"""What becomes of a resource of another account: AWS refuses it, its policy has to let this account in, no page says that it
works, or it is nothing to speak of."""


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a resource has to be that a field of the language names.

    Attributes:
        fields: The field, behind those that it stands in, as far as it matters.
        section: The section of the file that it stands in; empty for all.
        same_region: Whether AWS takes none of another region than the stack's.
        other_account: What becomes of one of another account.
        why: What happens otherwise, as it follows on "because …".
        source: The page that states it.
        checked: The day the page was read (ISO 8601).
    """

    fields: tuple[str, ...]
    section: str = ""
    same_region: bool = False
    other_account: CrossAccount = "by_policy"
    why: str = "it is looked for in the region that its ARN names, and not in the stack's"
    source: str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html"
    checked: str = CHECKED


_MAPPING = "https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html"
_ALARM = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html"
_CREDENTIALS = "https://docs.aws.amazon.com/firehose/latest/APIReference/API_SecretsManagerConfiguration.html"
_KEY = "https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html"
_READ = "2026-11-28"

PLACEMENTS = (
    Placement(
        ("arn",),
        "streams",
        same_region=True,
        why="an event source mapping, a delivery and a subscription read and write streams of their own region, and an "
        "application of Flink looks for all that it reads and writes in the region of its stack",
        source="https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html",
        checked=_READ,
    ),
    Placement(
        ("function_arn",),
        "consumers",
        same_region=True,
        other_account="refused",
        why="an event source mapping stands in the account and the region of its function",
        source=_MAPPING,
        checked=_READ,
    ),
    Placement(
        ("layers",),
        same_region=True,
        other_account="usual",
        why="Lambda takes layers of the function's own region",
        source="https://docs.aws.amazon.com/lambda/latest/dg/adding-layers.html",
        checked=_READ,
    ),
    Placement(
        ("topic_arn",),
        "alarms",
        same_region=True,
        why="CloudWatch refuses an alarm whose topic is in another region",
        source=_ALARM,
        checked=_READ,
    ),
    Placement(
        ("secret_arn",),
        "connectors",
        source="https://docs.aws.amazon.com/msk/latest/developerguide/msk-connect-config-provider.html",
        checked=_READ,
    ),
    Placement(
        ("plugin", "arn"),
        "connectors",
        same_region=True,
        other_account="refused",
        why="MSK Connect takes a plugin of its own account and region",
        source="https://docs.aws.amazon.com/msk/latest/developerguide/msk-connect-plugins.html",
        checked=_READ,
    ),
    Placement(
        ("arn",),
        "schema_registry",
        same_region=True,
        other_account="refused",
        why="CloudFormation makes schemas in registries of its own account and region",
        source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-glue-schema.html",
        checked=_READ,
    ),
    Placement(
        ("secret_arn",),
        same_region=True,
        why="Firehose takes a secret of its own region",
        source=_CREDENTIALS,
        checked=_READ,
    ),
    Placement(
        ("encryption", "kms_key_arn"),
        same_region=True,
        why="a resource is encrypted under a key of its own region",
        source=_KEY,
        checked=_READ,
    ),
    Placement(
        ("filter_kms_key_arn",),
        same_region=True,
        why="a resource is encrypted under a key of its own region",
        source=_KEY,
        checked=_READ,
    ),
    Placement(
        ("secret_kms_key_arn",),
        same_region=True,
        why="the secret is of this region, and its key is of the region of the secret",
        source=_KEY,
        checked=_READ,
    ),
    Placement(
        ("role_arn",), "producers", other_account="unknown", why="a stack attaches policies to its own account's roles"
    ),
    Placement(("admin_role_arn",), other_account="usual"),
)
"""What is not in here may be anywhere; a region that differs from the rest of the system is still worth a look."""

REGION_PARTITIONS = (
    ("cn-", "aws-cn"),
    ("us-gov-", "aws-us-gov"),
    ("us-iso-", "aws-iso"),
    ("us-isob-", "aws-iso-b"),
    ("eu-isoe-", "aws-iso-e"),
    ("us-isof-", "aws-iso-f"),
    ("eusc-", "aws-eusc"),
)
"""How regions begin that are not in the partition `aws`, and in which partition they are.

Source: https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html
"""


def partition_of(region: str) -> str:
    """The partition of a region.

    Args:
        region: Such as `eu-west-1`.
    """
    return next((partition for start, partition in REGION_PARTITIONS if region.startswith(start)), "aws")

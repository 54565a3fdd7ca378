"""What changes of a work group of Athena mean: where the results of its queries go, and how they are encrypted there."""

from __future__ import annotations

from collections.abc import Iterator

from streaming_constructs.review.comparing.values import shown
from streaming_constructs.review.meaning import Changed, Meaning, means
from streaming_constructs.review.rules.meaning_rows import Amount, Row, Switch, in_rows

WORK_GROUP = "AWS::Athena::WorkGroup"
_RESULTS = "WorkGroupConfiguration.ResultConfiguration"


@means(WORK_GROUP, f"{_RESULTS}.EncryptionConfiguration")
def encryption(changed: Changed) -> Iterator[Meaning]:
    """How the results of queries are encrypted; without a word of it, as the bucket does by default."""
    if changed.new is None:
        yield Meaning("REV391", f"results are encrypted as their bucket does by default; it was {shown(changed.old)}")
    elif changed.old is None:
        yield Meaning("REV392", f"results are encrypted: {shown(changed.new)}")
    else:
        yield Meaning("REV391", f"results are encrypted otherwise: {shown(changed.old)} → {shown(changed.new)}")


in_rows(
    WORK_GROUP,
    Row(
        "REV391",
        "what results go to, or under whose settings, is another",
        (
            f"{_RESULTS}.OutputLocation",
            f"{_RESULTS}.ExpectedBucketOwner",
            f"{_RESULTS}.AclConfiguration",
            "WorkGroupConfiguration.EngineVersion",
            "WorkGroupConfiguration.ExecutionRole",
            "WorkGroupConfiguration.CustomerContentEncryptionConfiguration",
            "State",
        ),
        "tell whoever reads the results from there",
    ),
    Switch(
        "REV391",
        "REV392",
        "that the work group decides over the settings of its clients",
        ("WorkGroupConfiguration.EnforceWorkGroupConfiguration",),
        default=True,
    ),
    Amount(
        "REV392",
        "REV392",
        "bytes that a query may read",
        ("WorkGroupConfiguration.BytesScannedCutoffPerQuery",),
        "bytes",
    ),
    Row(
        "REV392",
        "it is set otherwise",
        (
            "Description",
            "RecursiveDeleteOption",
            "WorkGroupConfiguration.PublishCloudWatchMetricsEnabled",
            "WorkGroupConfiguration.RequesterPaysEnabled",
            "WorkGroupConfiguration.AdditionalConfiguration",
        ),
    ),
)

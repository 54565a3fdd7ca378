"""What changes of logs mean: kept shorter, delivered elsewhere or not at all, and no longer counted for an alarm."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from streaming_constructs.review.alarms.alarm_metrics import METRIC_ALARM, WatchedMetric, watched_metrics
from streaming_constructs.review.alarms.alarm_watch import metric_filters, successors
from streaming_constructs.review.comparing.defaults import is_by_default
from streaming_constructs.review.comparing.differences import same
from streaming_constructs.review.comparing.pair import Pair, renamed
from streaming_constructs.review.comparing.template import Resource
from streaming_constructs.review.comparing.values import is_true, listed, number, shown
from streaming_constructs.review.meaning import Changed, Meaning, means, of_the_whole, when_removed, when_renamed
from streaming_constructs.review.meanings import any_resource

_GROUP = "AWS::Logs::LogGroup"
_SUBSCRIPTION = "AWS::Logs::SubscriptionFilter"
_METRIC_FILTER = "AWS::Logs::MetricFilter"

is_by_default(_GROUP, {"LogGroupClass": "STANDARD", "DeletionProtectionEnabled": False})
is_by_default(_GROUP, {"BearerTokenAuthenticationEnabled": False})
is_by_default(_SUBSCRIPTION, {"ApplyOnTransformedLogs": False, "Distribution": "ByLogStream"})
is_by_default(_METRIC_FILTER, {"ApplyOnTransformedLogs": False})


@means(_GROUP, "RetentionInDays")
def retention(changed: Changed) -> Iterator[Meaning]:
    """How long log events are kept; for ever, where nothing is said."""
    before, after = _days(changed.old), _days(changed.new)
    text = f"{_kept(changed.old)} → {_kept(changed.new)}"
    if before is None or after is None:
        yield Meaning("REV541", f"log events are kept for another time: {text}", grade="caution")
    elif after < before:
        yield Meaning(
            "REV540",
            f"log events older than {after:g} days are deleted when this is deployed; they were kept {_kept(changed.old)}",
            "export what is still needed to S3 first",
        )
    else:
        yield Meaning("REV541", f"log events are kept longer: {text}")


def _days(value: Any) -> float | None:
    """Days that log events are kept; without end where nothing is said, None where it is known at deployment only."""
    return float("inf") if value is None else number(value)


def _kept(value: Any) -> str:
    return "for ever" if value is None else f"{shown(value)} days"


@means(_GROUP, "KmsKeyId")
def key(changed: Changed) -> Iterator[Meaning]:
    """The key of your own that log events are encrypted with."""
    if changed.old is None:
        yield Meaning("REV543", f"new log events are encrypted with {shown(changed.new)}")
        return
    yield Meaning(
        "REV542",
        f"new log events are encrypted with {shown(changed.new or 'a key of AWS')}; "
        f"earlier ones can be read only while {shown(changed.old)} is there",
        "keep the key until the last of the earlier log events has expired",
    )


@means(_GROUP, "LogGroupClass")
def log_class(changed: Changed) -> Iterator[Meaning]:
    """The class of a log group, which stays what it was created as."""
    before, after = (shown(value or "STANDARD") for value in (changed.old, changed.new))
    yield Meaning(
        "REV544",
        f"CloudWatch Logs refuses to make a log group {after} that is {before}",
        "create a second log group of the other class, and let its writers move over",
    )


@means(_GROUP, "DeletionProtectionEnabled", "DataProtectionPolicy", "BearerTokenAuthenticationEnabled")
def guards(changed: Changed) -> Iterator[Meaning]:
    """What keeps log events from deletion, and from eyes that are not to see all of them."""
    name = changed.name.partition(".")[0]
    if name == "DeletionProtectionEnabled":
        yield Meaning(
            "REV543" if is_true(changed.new) else "REV545",
            f"the log group can{'not' if is_true(changed.new) else ''} be deleted",
            about="removal-policy",
        )
    elif name == "BearerTokenAuthenticationEnabled":
        yield Meaning(
            "REV545" if is_true(changed.new) else "REV543",
            f"log events are{'' if is_true(changed.new) else ' not'} taken from whoever has a bearer token",
            about="public-access",
        )
    elif changed.old is None:
        yield Meaning("REV543", "sensitive data in log events are found and masked", about="public-access")
    else:
        yield Meaning(
            "REV545",
            "sensitive data in log events are "
            + ("not masked any more" if changed.new is None else "masked otherwise: look at what is left out"),
            about="public-access",
        )


@means(_GROUP, "FieldIndexPolicies")
@means("AWS::Logs::LogAnomalyDetector", "EvaluationFrequency", "AnomalyVisibilityTime", "DetectorName")
def settings(changed: Changed) -> Iterator[Meaning]:
    """What makes searches quick, and nothing else."""
    yield Meaning("REV543", f"{changed.name} is {shown(changed.new)}", about="none")


@means(_SUBSCRIPTION, "FilterPattern")
def pattern(changed: Changed) -> Iterator[Meaning]:
    """Which log events are delivered; all, where the pattern is empty."""
    before, after = changed.old or "", changed.new or ""
    if _is_empty(after) and _is_empty(before):
        return
    if _is_empty(after):
        yield Meaning("REV550", f"all log events are delivered; it was those of {shown(before)}")
    elif _is_empty(before):
        yield Meaning(
            "REV548",
            f"only log events of {shown(after)} are delivered; it was all: the others are missing from what is read of them",
            "add a second subscription for whom these are enough",
        )
    else:
        yield Meaning("REV549", f"other log events are delivered: {shown(before)} → {shown(after)}")


def _is_empty(text: Any) -> bool:
    return isinstance(text, str) and text.strip() in ("", '""')


@means(
    _SUBSCRIPTION,
    *(
        "DestinationArn",
        "RoleArn",
        "Distribution",
        "ApplyOnTransformedLogs",
        "EmitSystemFields",
        "FieldSelectionCriteria",
    ),
)
@means("AWS::Logs::Destination", "TargetArn", "RoleArn")
@means("AWS::Logs::AccountPolicy", "PolicyDocument", "SelectionCriteria", "Scope")
@means("AWS::Logs::Transformer", "TransformerConfig")
@means("AWS::Logs::Delivery", "RecordFields", "FieldDelimiter", "S3SuffixPath", "S3EnableHiveCompatiblePath")
@means("AWS::Logs::DeliverySource", "LogType", "ResourceArn", "DeliverySourceConfiguration")
@means("AWS::Logs::LogAnomalyDetector", "FilterPattern", "LogGroupArnList", "KmsKeyId", "AccountId")
def delivered_otherwise(changed: Changed) -> Iterator[Meaning]:
    """Where log events are delivered, by which role, and as what."""
    yield Meaning(
        "REV549",
        f"log events are delivered otherwise: {changed.name} is {shown(changed.new)}; it was {shown(changed.old)}",
    )


@when_removed(_SUBSCRIPTION)
def subscription_removed(pair: Pair, old: Resource) -> Iterator[Meaning]:
    """A subscription that is there no more: bad while there are log events, and who reads them."""
    group, destination = (pair.old.target(old.at(name)) for name in ("LogGroupName", "DestinationArn"))
    if any(resource is not None and pair.counterpart(resource) is None for resource in (group, destination)):
        yield Meaning("REV550", "it is removed with its log group, or with where it delivered to")
    elif any(_is_alike(pair, old, other) for other in pair.new.of_type(_SUBSCRIPTION)):
        yield Meaning("REV549", "it is removed; another subscription delivers from and to the same")
    else:
        yield Meaning(
            "REV547",
            f"log events are not delivered to {shown(old.at('DestinationArn'))} any more",
            "add the subscription that takes its place first",
        )


@when_renamed(_SUBSCRIPTION)
def subscription_renamed(pair: Pair, old: Resource, new: Resource) -> Iterator[Meaning]:
    """A subscription under another logical id, or one that goes while another comes that only looks like it."""
    if not _is_alike(pair, old, new):
        yield Meaning("REV111", f"{new.type} is created", resource=new)
        yield from subscription_removed(pair, old)
        return
    yield from any_resource.renamed(pair, old, new)
    before, after = old.at("FilterPattern"), new.at("FilterPattern")
    yield from pattern(Changed(pair, old, new, ("FilterPattern",), before, after)) if not same(before, after) else ()


def _is_alike(pair: Pair, old: Resource, other: Resource) -> bool:
    names = successors(pair)
    return all(same(renamed(old.at(name), names), other.at(name)) for name in ("LogGroupName", "DestinationArn"))


@means(_METRIC_FILTER, "FilterPattern", "MetricTransformations", "ApplyOnTransformedLogs", "FieldSelectionCriteria")
@means(_METRIC_FILTER, "EmitSystemFieldDimensions")
def counted_otherwise(changed: Changed) -> Iterator[Meaning]:
    """Which log events are counted, and how."""
    alarms = _alarms_on(changed)
    told = f"; {', '.join(alarms)} stands on it" if alarms else ""
    yield Meaning(
        "REV552",
        f"log events are counted otherwise: {changed.name} is {shown(changed.new)}; it was {shown(changed.old)}{told}",
    )


def _alarms_on(changed: Changed) -> list[str]:
    return [
        alarm.logical_id
        for alarm in changed.pair.new.of_type(METRIC_ALARM)
        if any(
            source is changed.new_resource
            for metric in watched_metrics(alarm)
            for source in metric_filters(changed.pair.new, metric)
        )
    ]


@when_removed(_METRIC_FILTER)
def metric_filter_removed(pair: Pair, old: Resource) -> Iterator[Meaning]:
    """A filter that is there no more; an alarm on its metric is told of by itself."""
    yield Meaning("REV552", "its log events are not counted any more")


@of_the_whole
def metrics_of_filters(pair: Pair) -> Iterator[Meaning]:
    """Alarms on a metric that no filter of logs publishes any more, or that it publishes under dimensions now."""
    for alarm in pair.new.of_type(METRIC_ALARM):
        for metric in watched_metrics(alarm):
            before, after = list(metric_filters(pair.old, metric)), list(metric_filters(pair.new, metric))
            if before and (not after or not any(_fits(source, metric) for source in after)):
                yield Meaning(
                    "REV551",
                    f"no filter of logs publishes {shown(metric.name)} of {shown(metric.namespace)} as it asks for it: "
                    "it watches nothing then",
                    "change the alarm with the filter",
                    resource=alarm,
                )


def _fits(source: Resource, metric: WatchedMetric) -> bool:
    """Whether a filter publishes a metric under the dimensions that it is asked for."""
    for made in listed(source.at("MetricTransformations")):
        if isinstance(made, Mapping) and same(made.get("MetricName"), metric.name):
            names = {
                str(dimension.get("Key"))
                for dimension in listed(made.get("Dimensions"))
                if isinstance(dimension, Mapping)
            }
            if names == set(metric.dimensions):
                return True
    return False

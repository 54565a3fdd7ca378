"""What changes of what stands around alarms mean: dashboards, anomaly detectors, metric streams, insight rules, X-Ray."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from streaming_constructs.review.comparing.defaults import is_by_default
from streaming_constructs.review.comparing.differences import same
from streaming_constructs.review.comparing.values import listed, number, shown
from streaming_constructs.review.meaning import Changed, Meaning, means

_DETECTOR = "AWS::CloudWatch::AnomalyDetector"
_METRIC_STREAM = "AWS::CloudWatch::MetricStream"
_INSIGHT_RULE = "AWS::CloudWatch::InsightRule"
_SAMPLING = "AWS::XRay::SamplingRule"

is_by_default(_METRIC_STREAM, {"IncludeLinkedAccountsMetrics": False})


@means("AWS::CloudWatch::Dashboard", "DashboardBody")
@means("AWS::Logs::QueryDefinition", "Name", "QueryString", "LogGroupNames", "QueryLanguage", "Parameters")
@means("AWS::XRay::Group", "GroupName", "FilterExpression", "InsightsConfiguration")
def shown_otherwise(changed: Changed) -> Iterator[Meaning]:
    """What people look at; nothing stands on it."""
    yield Meaning("REV530", f"{changed.name} is another; nobody but those who look at it sees that")


@means(_DETECTOR, "Configuration")
def detector(changed: Changed) -> Iterator[Meaning]:
    """The times that a model of what is normal leaves out."""
    yield Meaning(
        "REV531",
        f"what is taken for normal is learned otherwise: {changed.name} is {shown(changed.new)}; it was {shown(changed.old)}",
    )


@means(_METRIC_STREAM, "FirehoseArn", "OutputFormat", "RoleArn")
def metric_stream(changed: Changed) -> Iterator[Meaning]:
    """Where metrics are sent, and as what."""
    yield Meaning(
        "REV531",
        f"metrics are sent otherwise: {changed.name} is {shown(changed.new)}; it was {shown(changed.old)}",
        about="delivery",
    )


@means(_METRIC_STREAM, "IncludeFilters", "ExcludeFilters", "StatisticsConfigurations", "IncludeLinkedAccountsMetrics")
def metrics_sent(changed: Changed) -> Iterator[Meaning]:
    """Which metrics are sent."""
    more = (
        _is_more(changed.old, changed.new) if changed.name != "ExcludeFilters" else _is_more(changed.new, changed.old)
    )
    if changed.name == "IncludeFilters":
        # Without a filter, all are sent.
        more = not listed(changed.new) or (bool(listed(changed.old)) and more)
    yield Meaning(
        "REV532" if more else "REV531",
        f"{'more' if more else 'other'} metrics are sent: {changed.name} is {shown(changed.new)}",
        about="delivery",
    )


def _is_more(old: Any, new: Any) -> bool:
    """Whether a list has all that another has."""
    return all(any(same(item, other) for other in listed(new)) for item in listed(old)) and not same(new, False)


@means(_INSIGHT_RULE, "RuleState")
def insight_rule_state(changed: Changed) -> Iterator[Meaning]:
    """Whether a rule counts who contributes to what logs say."""
    on = changed.new == "ENABLED"
    yield Meaning("REV532" if on else "REV531", f"contributors are {'counted' if on else 'not counted any more'}")


@means(_INSIGHT_RULE, "RuleBody", "ApplyOnTransformedLogs")
def insight_rule(changed: Changed) -> Iterator[Meaning]:
    """What a rule counts."""
    yield Meaning("REV531", f"contributors are counted otherwise: {changed.name} is {shown(changed.new)}")


@means(_SAMPLING, "SamplingRule.FixedRate", "SamplingRule.ReservoirSize")
def sampling(changed: Changed) -> Iterator[Meaning]:
    """How many requests are traced."""
    before, after = number(changed.old), number(changed.new)
    more = before is not None and after is not None and after > before
    yield Meaning(
        "REV532" if more else "REV531",
        f"{'more' if more else 'fewer, or other,'} requests are traced: {changed.name} is {shown(changed.new)}; "
        f"it was {shown(changed.old)}",
    )


@means(_SAMPLING, "SamplingRule", "SamplingRuleUpdate", "SamplingRuleRecord", "RuleName")
def sampled(changed: Changed) -> Iterator[Meaning]:
    """Which requests are traced."""
    yield Meaning("REV531", f"other requests are traced: {changed.name} is {shown(changed.new)}")

"""What the subscriptions of a system make together: too many of one log group, or the same events twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from streaming_constructs.facts import logs
from streaming_constructs.spec.finding import Edit, Finding
from streaming_constructs.spec.pipeline import PipelineSpec
from streaming_constructs.spec.producers.cloudwatch_logs import CloudWatchLogsProducerSpec


class _Subscription(NamedTuple):
    """One log group of one producer, and where it stands among its log groups."""

    name: str
    spec: CloudWatchLogsProducerSpec
    position: int


def subscription_findings(system: PipelineSpec) -> Iterator[Finding]:
    """What is wrong between the subscriptions of a system; paths are relative to it.

    Args:
        system: The system.
    """
    producers = [
        (name, node) for name, node in system.producers.items() if isinstance(node, CloudWatchLogsProducerSpec)
    ]
    groups: dict[str, list[_Subscription]] = {}
    for name, spec in producers:
        for position, group in enumerate(spec.log_groups):
            groups.setdefault(group, []).append(_Subscription(name, spec, position))
    for group, subscriptions in groups.items():
        yield from _number_findings(group, subscriptions)
        yield from _doubled_findings(group, subscriptions)
    for name, spec in producers:
        if spec.account_policy is not None:
            excluded = frozenset(spec.account_policy.exclude_log_groups)
            for group, subscriptions in groups.items():
                for one in subscriptions if group not in excluded else ():
                    if _sends_the_same(spec, one.spec):
                        yield _doubled(group, one, f"`{name}`, which has all log groups,")


def _number_findings(group: str, subscriptions: Sequence[_Subscription]) -> Iterator[Finding]:
    sure = int(logs.SUBSCRIPTION_FILTERS_PER_LOG_GROUP_SURE.value)
    most = int(logs.SUBSCRIPTION_FILTERS_PER_LOG_GROUP.value)
    if len(subscriptions) > sure:
        last = subscriptions[most if len(subscriptions) > most else sure]
        names = ", ".join(f"`{one.name}`" for one in subscriptions)
        yield Finding(
            "LOG909",
            f"the log group {group} has more subscriptions than it takes",
            ("producers", last.name, "log_groups", last.position),
            note=f"{len(subscriptions)}: {names}; CloudWatch Logs takes {sure} in every account, and {most} at most",
            help="let all read what one of them writes: a stream has many readers",
            level="error" if len(subscriptions) > most else "warning",
        )


def _doubled_findings(group: str, subscriptions: Sequence[_Subscription]) -> Iterator[Finding]:
    first: dict[str, list[_Subscription]] = {}
    for one in subscriptions:
        known = first.setdefault(one.spec.to, [])
        other = next((other for other in known if _sends_the_same(other.spec, one.spec)), None)
        if other is not None:
            yield _doubled(group, one, f"`{other.name}`")
        else:
            known.append(one)


def _sends_the_same(one: CloudWatchLogsProducerSpec, other: CloudWatchLogsProducerSpec) -> bool:
    """Whether two subscriptions of one log group send the same events to the same place; of two patterns nobody knows."""
    patterns = {one.filter_pattern, other.filter_pattern}
    return one.to == other.to and (len(patterns) == 1 or "" in patterns)


def _doubled(group: str, one: _Subscription, other: str) -> Finding:
    path = ("producers", one.name, "log_groups", one.position)
    return Finding(
        "LOG910",
        f"events of the log group {group} are sent twice",
        path,
        note=f"{other} sends them to `{one.spec.to}` as well",
        help="take it out here, or write to another stream",
        # Without any log group there would be nothing to subscribe.
        edits=(Edit(path),) if len(one.spec.log_groups) > 1 else (),
    )

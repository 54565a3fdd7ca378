"""Two alarms, metric or composite: whether somebody is still told when the second fires."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from streaming_constructs.review.alarms.alarm_watch import alarm_actions, successors, tells, tells_by_itself
from streaming_constructs.review.comparing.differences import same
from streaming_constructs.review.comparing.pair import Pair, renamed
from streaming_constructs.review.comparing.template import Resource
from streaming_constructs.review.comparing.values import is_false, is_true, listed, shown
from streaming_constructs.review.meaning import Meaning

_OTHER_ACTIONS = {
    "OKActions": "it is over",
    "InsufficientDataActions": "it has no data",
}


def telling_meanings(pair: Pair, old: Resource, new: Resource) -> Iterator[Meaning]:
    """What it means that an alarm tells others, or nobody.

    Args:
        pair: The two templates.
        old: The alarm as it is.
        new: The alarm as it would be.
    """
    told_before, told_after = tells(pair.old, old), tells(pair.new, new)
    if told_before and not told_after:
        # Of an alarm that others told for, those others say it.
        if not tells_by_itself(old):
            return
        yield Meaning(
            "REV508",
            f"nobody is told when it fires: {_reason(new)}",
            "leave its actions; to be quiet for a time, use a mute rule or a composite alarm",
            path=_place(new),
            resource=new,
        )
    elif told_after and not told_before:
        yield Meaning("REV510", f"it tells {_list(alarm_actions(new))} when it fires", path=_place(new), resource=new)
    elif tells_by_itself(old) and not tells_by_itself(new):
        yield Meaning(
            "REV509",
            f"it tells nobody by itself ({_reason(new)}); who listens to it elsewhere is still told",
            path=_place(new),
            resource=new,
        )
    elif tells_by_itself(new) and not tells_by_itself(old):
        yield Meaning("REV510", f"it tells {_list(alarm_actions(new))} when it fires", path=_place(new), resource=new)
    else:
        yield from _actions(pair, old, new, "AlarmActions", "it fires")
        before, after = old.at("ActionsEnabled"), new.at("ActionsEnabled")
        if not same(before, after) and {True, False} >= {is_false(before), is_false(after)} and _is_unknown(after):
            yield Meaning(
                "REV509",
                f"whether it tells anybody cannot be seen: ActionsEnabled is {shown(after)}, neither true nor false",
                path="Properties.ActionsEnabled",
                resource=new,
            )
    for name, when in _OTHER_ACTIONS.items():
        yield from _actions(pair, old, new, name, when)


def _is_unknown(value: Any) -> bool:
    return value is not None and not is_true(value) and not is_false(value)


def _actions(pair: Pair, old: Resource, new: Resource, name: str, when: str) -> Iterator[Meaning]:
    before = renamed(listed(old.at(name)), successors(pair))
    after = listed(new.at(name))
    lost = [action for action in before if not any(same(action, other) for other in after)]
    more = [action for action in after if not any(same(action, other) for other in before)]
    if lost:
        instead = f"; {_list(more)} is" if more else ""
        yield Meaning(
            "REV509",
            f"{_list(lost)} is not told any more when {when}{instead}",
            path=f"Properties.{name}",
            resource=new,
        )
    elif more:
        yield Meaning("REV510", f"{_list(more)} is told when {when}", path=f"Properties.{name}", resource=new)


def _reason(alarm: Resource) -> str:
    if not alarm_actions(alarm):
        others = [name for name in _OTHER_ACTIONS if listed(alarm.at(name))]
        return f"it has no AlarmActions, {' and '.join(others)} alone" if others else "it has no AlarmActions"
    return "ActionsEnabled is false" if is_false(alarm.at("ActionsEnabled")) else "no alarm above it tells anybody"


def _place(alarm: Resource) -> str:
    return "Properties.ActionsEnabled" if is_false(alarm.at("ActionsEnabled")) else "Properties.AlarmActions"


def _list(actions: list[Any]) -> str:
    return ", ".join(map(shown, actions)) or "nobody"

"""What changes of the settings of a connector mean: what it reads and writes, where it starts, how it handles what fails."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from streaming_constructs.facts import kafka_connect
from streaming_constructs.review.access.secrets_in_text import is_plain_secret, is_secret
from streaming_constructs.review.comparing.differences import same
from streaming_constructs.review.comparing.values import is_true, number, shown
from streaming_constructs.review.meaning import Changed, Meaning, means
from streaming_constructs.review.meanings.kafka_connect import CONNECTOR

_DEAD_LETTERS = kafka_connect.DEAD_LETTER_TOPIC
_ANEW = "it starts anew: records are read again, or skipped"


class Setting(NamedTuple):
    """A setting of a connector that is another.

    Attributes:
        name: Its name.
        old: What it was.
        new: What it is.
        settings: All the new ones.
    """

    name: str
    old: Any
    new: Any
    settings: Mapping[str, Any]

    @property
    def said(self) -> str:
        """The setting with both values, for a message."""
        return f"`{self.name}`: {shown(self.old)} → {shown(self.new)}"


@means(CONNECTOR, "ConnectorConfiguration")
def settings(changed: Changed) -> Iterator[Meaning]:
    """The settings of a connector, which are changed in place; all of its tasks are restarted."""
    old, new = changed.old, changed.new
    if not isinstance(old, Mapping) or not isinstance(new, Mapping):
        yield Meaning("REV451", "its settings are others, and known at deployment only")
        return
    for name in dict.fromkeys([*old, *new]):
        if not same(old.get(name), new.get(name)):
            yield from _meaning(Setting(str(name), old.get(name), new.get(name), new))


def _meaning(setting: Setting) -> Iterator[Meaning]:
    if is_secret(setting.name):
        yield from _secret(setting)
        return
    rule = next((rule for pattern, rule in _RULES if pattern.fullmatch(setting.name)), _unknown)
    yield from rule(setting)


def _secret(setting: Setting) -> Iterator[Meaning]:
    """What must not be read in a template; its values stand in no message."""
    if is_plain_secret(setting.name, setting.new):
        yield Meaning(
            "REV450",
            f"`{setting.name}` stands in the template in plain text: whoever may read the stack or the connector reads it",
            "name a secret by a configuration provider: `${secretsmanager:NAME:KEY}`",
        )
    else:
        yield Meaning("REV452", f"`{setting.name}` is another reference to a secret, or is gone")


def _items(value: Any) -> set[str]:
    return {item.strip() for item in value.split(",") if item.strip()} if isinstance(value, str) else set()


def _read(setting: Setting) -> Iterator[Meaning]:
    """What is read: a list of topics, of tables, or of collections."""
    old, new = _items(setting.old), _items(setting.new)
    if old <= new and old and isinstance(setting.new, str):
        yield Meaning("REV452", f"`{setting.name}`: read too: {', '.join(sorted(new - old))}")
    elif setting.old is None and "exclude" not in setting.name and "topics" in setting.name:
        yield Meaning("REV452", f"`{setting.name}`: {shown(setting.new)}")
    else:
        gone = ", ".join(sorted(old - new)) or shown(setting.old)
        yield Meaning(
            "REV444",
            f"`{setting.name}`: not read any more: {gone}; what is written there from now on is missing where it went to",
            "add a second connector for what this one leaves before",
        )


def _left_out(setting: Setting) -> Iterator[Meaning]:
    old, new = _items(setting.old), _items(setting.new)
    if new <= old:
        yield Meaning("REV452", f"`{setting.name}`: read again: {', '.join(sorted(old - new))}")
    else:
        yield Meaning("REV444", f"`{setting.name}`: not read any more: {', '.join(sorted(new - old))}")


def _tolerance(setting: Setting) -> Iterator[Meaning]:
    if (setting.old or "none") == "none" == (setting.new or "none"):
        return  # what Kafka Connect does anyway
    if setting.new != "all":
        yield Meaning("REV452", f"{setting.said}: the connector stops at a record that fails, and loses none")
    elif setting.settings.get(_DEAD_LETTERS):
        yield Meaning("REV446", f"{setting.said}: records that fail go to {shown(setting.settings[_DEAD_LETTERS])}")
    else:
        yield Meaning(
            "REV445",
            f"{setting.said}, without `{_DEAD_LETTERS}`: records that fail are dropped without a trace",
            f"name a topic for them: `{_DEAD_LETTERS}`",
        )


def _dead_letters(setting: Setting) -> Iterator[Meaning]:
    if not setting.new and setting.settings.get("errors.tolerance") == "all":
        yield Meaning(
            "REV445", f"{setting.said}: records that fail are dropped without a trace", f"keep `{_DEAD_LETTERS}`"
        )
    elif not setting.new or setting.old:
        yield Meaning("REV446", f"{setting.said}: records that fail go elsewhere")
    else:
        yield Meaning("REV452", f"records that fail go to {shown(setting.new)}")


def _ignored(setting: Setting) -> Iterator[Meaning]:
    if str(setting.new).lower() in ("ignore", "warn"):
        yield Meaning("REV445", f"{setting.said}: such records are dropped", "leave it at `fail`")
    else:
        yield Meaning("REV452", setting.said)


def _logged(setting: Setting) -> Iterator[Meaning]:
    yield Meaning(
        "REV452" if is_true(setting.new) else "REV446", f"{setting.said}: whether failures are seen in its logs"
    )


def _anew(setting: Setting) -> Iterator[Meaning]:
    yield Meaning("REV447", f"{setting.said}: {_ANEW}", "leave it, or add a second connector and compare before")


def _more_is_better(setting: Setting) -> Iterator[Meaning]:
    old, new = number(setting.old), number(setting.new)
    if old is not None and new is not None and (old > new >= 0 or new > old == -1):
        code = "REV442" if setting.name == "tasks.max" else "REV446"
        what = "fewer tasks carry the same load" if code == "REV442" else "what fails is tried for a shorter time"
        yield Meaning(code, f"{setting.said}: {what}")
    else:
        yield Meaning("REV443" if setting.name == "tasks.max" else "REV452", setting.said)


def _format(setting: Setting) -> Iterator[Meaning]:
    yield Meaning(
        "REV448",
        f"{setting.said}: new files are of another format than those beside them, and who reads both fails",
        "write to another place, and give it a table of its own",
    )


def _as_read(setting: Setting) -> Iterator[Meaning]:
    yield Meaning("REV449", f"{setting.said}: records look otherwise, or lie in another place, from now on")


def _tuned(setting: Setting) -> Iterator[Meaning]:
    yield Meaning("REV452", f"{setting.said}, which changes when and how much at a time, not what")


def _unknown(setting: Setting) -> Iterator[Meaning]:
    yield Meaning("REV451", f"{setting.said}: what it means is for the class of the connector")


_ANEW_NAMES = (
    r"connector\.class|name|mode|topic\.prefix|database\.server\.name|slot\.name|publication\.name"
    r"|consumer\.override\.group\.id|offset\.storage\.topic|schema\.history\.internal\.kafka\.topic"
)
_AS_READ_NAMES = (
    r"(key|value|header)\.converter(\..+)?|transforms(\..+)?|predicates(\..+)?|partitioner\.class|path\.format"
    r"|partition\.(duration\.ms|field\.name)|topics\.dir|file\.delim|directory\.delim|s3\.bucket\.name|s3\.region"
    r"|store\.url|locale|timezone|timestamp\.(extractor|field)|schema\.compatibility|snapshot\.mode"
    r"|decimal\.handling\.mode|time\.precision\.mode|tombstones\.on\.delete|message\.key\.columns"
    r"|consumer\.override\.auto\.offset\.reset|[a-z0-9.]*compression\.(type|codec)|parquet\.codec|avro\.codec"
)
_TUNED_NAMES = (
    r"flush\.size|rotate\.(schedule\.)?interval\.ms|[a-z0-9.]*(batch\.size|linger\.ms|poll\.interval\.ms)"
    r"|max\.(queue\.size|batch\.size|poll\.records)|heartbeat\.interval\.ms|s3\.part\.size|retry\.backoff\.ms"
    r"|errors\.retry\.delay\.max\.ms|(consumer|producer)\.override\.(max|min|fetch|batch|buffer|linger)[a-z.]*"
    r"|errors\.deadletterqueue\.topic\.replication\.factor|topic\.creation\.[a-z.]+"
)
_LOGGED_NAMES = r"errors\.log\.enable|errors\.log\.include\.messages|errors\.deadletterqueue\.context\.headers\.enable"
_Rule = Callable[[Setting], Iterator[Meaning]]
_RULES: tuple[tuple[re.Pattern[str], _Rule], ...] = tuple(
    (re.compile(pattern), rule)
    for pattern, rule in (
        (r"topics|topics\.regex|(table|collection|database|schema)\.(include\.list|whitelist)", _read),
        (r"(table|collection|database|schema)\.(exclude\.list|blacklist)", _left_out),
        (r"errors\.tolerance", _tolerance),
        (r"errors\.deadletterqueue\.topic\.name", _dead_letters),
        (r"behavior\.on\.[a-z.]+", _ignored),
        (_LOGGED_NAMES, _logged),
        (r"tasks\.max|errors\.retry\.timeout|max\.retries|s3\.part\.retries|s3\.retry\.backoff\.ms", _more_is_better),
        (_ANEW_NAMES, _anew),
        (r"format\.class", _format),
        (_AS_READ_NAMES, _as_read),
        (_TUNED_NAMES, _tuned),
    )
)
"""What a setting means, by its name; the first that fits holds. Names are those of Kafka Connect, of Debezium and of the S3
sink; of another class what is not among them is said to be unknown."""

"""Configurations of Kafka, `key: value`: whether a key is known, and whether its value is one that brokers take."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from streaming_constructs.facts.kafka import Config
from streaming_constructs.spec.finding import Edit, Finding, SpecPath, did_you_mean, nearest
from streaming_constructs.spec.model import Bool, Int, Number

ConfigValue = Bool | Int | Number | str

_WHOLE = re.compile(r"[+-]?[0-9]+")
_RATIO = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
# Java reads no more digits into a number, and neither should we.
_LONGEST = 400


def config_text(value: ConfigValue) -> str:
    """A value as Kafka is told it.

    Args:
        value: The value.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).strip()


def value_problem(config: Config, value: ConfigValue) -> str:
    """Why brokers refuse a value, as it follows on "it takes …"; empty if they take it.

    Kafka trims blanks, and takes `TRUE` for `true`; it takes no units and no other words.

    Args:
        config: What the configuration is.
        value: The value.
    """
    text = config_text(value)
    match config.form:
        case "bool":
            return "" if text.lower() in {"true", "false"} else taken(config)
        case "int" | "long":
            is_whole = not isinstance(value, bool) and len(text) < _LONGEST and _WHOLE.fullmatch(text)
            is_taken = is_whole and (config.least <= int(text) <= config.most or int(text) in config.also)
            return "" if is_taken else taken(config)
        case "ratio":
            is_number = not isinstance(value, bool) and len(text) < _LONGEST and _RATIO.fullmatch(text)
            return "" if is_number and 0 <= float(text) <= 1 else taken(config)
        case "choice":
            return "" if text in config.choices else taken(config)
        case "choices":
            parts = [part.strip() for part in text.split(",")]
            return "" if all(part in config.choices for part in parts) else taken(config)
        case "text":
            return "" if text.isprintable() else taken(config)


def taken(config: Config) -> str:
    """What a configuration takes, in words.

    Args:
        config: What it is.
    """
    match config.form:
        case "bool":
            return "true or false"
        case "int" | "long":
            beside = "".join(f"{number}, or " for number in config.also)
            return f"{beside}a whole number from {config.least:,} to {config.most:,}"
        case "ratio":
            return "a number from 0 to 1"
        case "choice":
            return f"one of {', '.join(config.choices)}" if len(config.choices) > 1 else config.choices[0]
        case "choices":
            return f"{', '.join(config.choices)} or both"
        case "text":
            return "one line of text"


def config_findings(
    given: Mapping[str, ConfigValue],
    known: Mapping[str, Config],
    *,
    code: str,
    what: str,
    not_here: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Finding]:
    """What brokers, or MSK, would refuse of some configurations; paths are relative to them.

    Args:
        given: What was given.
        known: The configurations that may be given, by name.
        code: The code of the findings.
        what: What they configure, such as `a topic`.
        not_here: Configurations that Kafka knows and MSK is not given, each with the reason.
    """
    for key, value in given.items():
        config = known.get(key)
        if config is None and key in not_here:
            yield Finding(
                code,
                f"`{key}` is not for {what} on MSK",
                (key,),
                note=f"Apache Kafka knows it; {not_here[key]}",
                help="take it out",
                edits=(Edit((key,)),),
            )
            continue
        if config is None:
            close = nearest(key, known)
            yield Finding(
                code,
                f"{what} has no configuration `{key}`",
                (key,),
                note="an unknown key is refused, and all others with it",
                help=did_you_mean(key, known),
                edits=_renamed(key, close, value),
            )
            continue
        wanted = value_problem(config, value)
        if wanted:
            yield Finding(
                code,
                f"`{key}` cannot be `{config_text(value)[:80]}`",
                (key,),
                note=f"it takes {wanted}; Kafka knows no units",
                help=f"write {wanted}",
                edits=(Edit((key,)),),
            )


def _renamed(key: str, close: str, value: Any) -> tuple[Edit, ...]:
    path: SpecPath = (key,)
    return (Edit(path), Edit((close,), value)) if close else (Edit(path),)


def number_of(configs: Mapping[str, ConfigValue], key: str) -> int | None:
    """The number of a configuration; None where it is not given, or no whole number.

    Args:
        configs: Configurations.
        key: Which of them.
    """
    text = config_text(configs[key]) if key in configs else ""
    return int(text) if len(text) < _LONGEST and _WHOLE.fullmatch(text) else None


def is_on(configs: Mapping[str, ConfigValue], key: str) -> bool:
    """Whether a switch is on.

    Args:
        configs: Configurations.
        key: Which of them.
    """
    return key in configs and config_text(configs[key]).lower() == "true"


def is_off(configs: Mapping[str, ConfigValue], key: str) -> bool:
    """Whether a switch is said to be off.

    Args:
        configs: Configurations.
        key: Which of them.
    """
    return key in configs and config_text(configs[key]).lower() == "false"


def in_sync_finding(path: SpecPath, in_sync: int, replicas: int) -> Finding:
    """Says that one broker that is away stops all writers that ask for all replicas, or that they never could write.

    Args:
        path: Where it is said how many replicas have to be in sync.
        in_sync: How many.
        replicas: How many there are.
    """
    most = max(1, replicas - 1)
    return Finding(
        "MSK465",
        "with one broker away nothing could be written" if in_sync <= replicas else "nothing could ever be written",
        path,
        note=f"{in_sync} of {replicas} replicas would have to be in sync; writers that ask for all of them stop",
        help=f"set `{path[-1]}: {most}`",
        edits=(Edit(path, most),),
    )

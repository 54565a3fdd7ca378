"""The answers of `advise` as options of the command line: each as its model has it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin

import click

from streaming_constructs.planning.advice.answers import FOR_EVER, Answers

_Command = TypeVar("_Command", bound=Callable[..., Any])


class _Days(click.ParamType):  # type: ignore[type-arg]  # generic in the newest click alone
    """A number of days, or the word for no end."""

    name = f"days|{FOR_EVER}"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return value if value == FOR_EVER else click.INT.convert(value, param, ctx)


def answer_options(command: _Command) -> _Command:
    """Gives a command an option for each answer.

    Args:
        command: The command.
    """
    for name, field in reversed(Answers.model_fields.items()):
        kinds = set(_leaves(field.annotation))
        flag = f"--{name.replace('_', '-')}"
        if bool in kinds:
            option = click.option(flag, name, is_flag=True, default=None, help=field.description)
        else:
            type_ = _type(kinds, field.annotation)
            option = click.option(flag, name, type=type_, multiple=tuple in kinds, help=field.description)
        command = option(command)
    return command


def said_of(flags: Mapping[str, Any]) -> dict[str, Any]:
    """What was said by options.

    Args:
        flags: All options, by the names of answers.
    """
    return {name: value for name, value in flags.items() if value not in (None, ())}


def _leaves(annotation: Any) -> Iterator[Any]:
    """The types, and the words, that an annotation is made of."""
    if get_origin(annotation) is Literal:
        yield str
        return
    if get_origin(annotation) is tuple:
        yield tuple
    inner = get_args(annotation)[:1] if get_origin(annotation) is Annotated else get_args(annotation)
    if not inner:
        yield annotation
    for part in inner:
        yield from _leaves(part)


def _words(annotation: Any) -> list[str]:
    if get_origin(annotation) is Literal:
        return list(get_args(annotation))
    return [word for part in get_args(annotation) for word in _words(part)]


def type_of(name: str) -> click.ParamType[Any]:
    """The type of an answer on the command line; of a list that of each part.

    Args:
        name: The name of the answer.
    """
    annotation = Answers.model_fields[name].annotation
    return _type(set(_leaves(annotation)), annotation)


def _type(kinds: set[Any], annotation: Any) -> click.ParamType[Any]:
    if float in kinds:
        return click.FLOAT
    if int in kinds:
        return _Days() if str in kinds else click.INT
    return click.Choice(_words(annotation))

"""`streaming-constructs explain`: the story behind a finding's code, or of a field of the language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from streaming_constructs.spec.codes import Topic
    from streaming_constructs.spec.codes.code import Code

_WIDTH = 100
"""Columns of an example's lines: a piece to paste is not wrapped."""
_CODE = re.compile(r"[A-Z]{2,4}[0-9]+")
_INTRODUCTIONS = {
    "command": ("This says it", "This does not"),
    "elsewhere": ("What has it", "Put right"),
    "file": ("A file that has it", "Put right"),
    "fragment": ("A part of a spec that has it", "Put right"),
    "template": ("Resources of a template that has it", "Put right"),
}


@click.command()
@click.argument("word", metavar="CODE|TOPIC|FIELD", required=False)
def explain(word: str | None) -> None:
    """Tells the story behind a code such as LAM506, or of a field such as on_failure.

    Of a code: what happens on AWS otherwise, an example, and the mend. Of a topic such as LAM: its codes. Of a field: what it
    takes, what is so without it, and every place that has it. Words of CloudFormation, Terraform or Kafka are answered with
    ours. Left out: the topics are listed.
    """
    from streaming_constructs.spec.codes import TOPICS, find

    name = (word or "").upper()
    code = find(name)
    if not word:
        click.echo("\n".join(f"{topic.name}  {topic.title}" for topic in TOPICS.values()))
    elif name in TOPICS:
        click.echo(topic_story(TOPICS[name]))
    elif code is not None:
        click.echo(story(code))
    elif _CODE.fullmatch(name):
        raise click.BadParameter(f"there is no code `{name}`; {_other_code(name)}")
    else:
        _explain_field(word)


def _other_code(name: str) -> str:
    """Where to look for a code that does not exist: its number under another topic, else its topic."""
    from streaming_constructs.spec.codes import TOPICS, every_code

    number = name.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    same = next((code for code in every_code() if code[3:] == number), None)
    if same is not None:
        return f"did you mean `{same}`?"
    topic = name.removesuffix(number)
    if topic in TOPICS:
        return f"`streaming-constructs explain {topic}` lists those of its topic"
    return f"its topic is one of {', '.join(TOPICS)}"


def _explain_field(word: str) -> None:
    from streaming_constructs.cli.explain_field import brought_words, field_story, our_words, snake_case
    from streaming_constructs.spec.finding import nearest
    from streaming_constructs.spec.printable import printable

    told = field_story(word)
    if not told:
        close = nearest(snake_case(word), our_words()) or nearest(snake_case(word), brought_words())
        help_ = (
            f"did you mean `{close}`?"
            if close
            else "give a code such as LAM506, a topic such as LAM, or a field such as on_failure"
        )
        raise click.BadParameter(f"nothing here is called `{printable(word)}`; {help_}")
    click.echo(told)


def topic_story(topic: Topic) -> str:
    """The codes of a topic, each in a line.

    Args:
        topic: The topic.
    """
    from streaming_constructs.spec.codes import codes_of

    rows = [f"{code.code} {code.severity:<8} {code.title}" for code in codes_of(topic.name)]
    return "\n".join([topic.title, "", *rows])


def story(code: Code) -> str:
    """All that is to be told about a code, for people.

    Args:
        code: The code.
    """
    from textwrap import fill, indent

    from streaming_constructs.cli.console import text_width

    example, mend = _INTRODUCTIONS[code.form]
    parts = [f"{code.severity}[{code.code}]: {code.title}", fill(code.why, text_width(), break_on_hyphens=False)]
    if code.source:
        parts.append(f"Source: {code.source}")
    if code.earlier:
        what = "Resources of a template" if code.form == "template" else "A part of a spec"
        parts.append(f"{what}:\n\n{indent(shortened(code.earlier), '    ')}")
        example = "A later version that has it"
    if code.beside:
        parts.append(f"With this in `pipeline.yaml`:\n\n{indent(shortened(code.beside), '    ')}")
    parts += [f"{example}:\n\n{indent(shortened(code.example), '    ')}"]
    parts += [f"{mend}:\n\n{indent(shortened(code.mend), '    ')}"] if code.mend else []
    return "\n\n".join(parts)


def shortened(text: str) -> str:
    """The text with its long lines cut.

    Args:
        text: The text.
    """
    lines = text.rstrip("\n").split("\n")
    return "\n".join(line if len(line) <= _WIDTH else line[: _WIDTH - 1] + "…" for line in lines)

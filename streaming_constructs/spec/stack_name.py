"""The name of a system's CloudFormation stack, and how names of the language are written in names of CloudFormation."""

from __future__ import annotations

import re


def in_words(name: str) -> str:
    """A name in letters and digits alone: `log-search` becomes `LogSearch`.

    Args:
        name: The name.
    """
    return "".join(word[:1].upper() + word[1:] for word in re.findall("[A-Za-z0-9]+", name))


def stack_name(name: str, environment: str = "") -> str:
    """The id of a system's stack: `lambda-consumer` becomes `LambdaConsumer`, and its environment `LambdaConsumer-dev`.

    Args:
        name: The name of the system, or of the documented pattern that it is.
        environment: Which of the spec's environments it is. Left out: the spec has none.
    """
    # Names of stacks have no `_`: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
    return f"{in_words(name)}-{environment.replace('_', '-')}" if environment else in_words(name)

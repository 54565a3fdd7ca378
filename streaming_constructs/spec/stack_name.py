"""The name of a system's CloudFormation stack."""

from __future__ import annotations


def stack_name(name: str, environment: str = "") -> str:
    """The id of a system's stack: `lambda-consumer` becomes `LambdaConsumer`, and its environment `LambdaConsumer-dev`.

    Args:
        name: The name of the system, or of the documented pattern that it is.
        environment: Which of the spec's environments it is. Left out: the spec has none.
    """
    # Names of stacks have no `_`: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
    words = "".join(word[:1].upper() + word[1:] for word in name.replace("_", "-").split("-"))
    return f"{words}-{environment.replace('_', '-')}" if environment else words

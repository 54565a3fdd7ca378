"""What goes into Redshift's COPY command as it is: names and options, which must not end the command or begin another.

Source: https://docs.aws.amazon.com/firehose/latest/APIReference/API_CopyCommand.html and
https://docs.aws.amazon.com/redshift/latest/dg/r_names.html
"""

from __future__ import annotations

import re

_NAME = r'(?:[^\W\d][\w$#]*|"(?:[^"\x00]|"")+")'
_TABLE = re.compile(rf"{_NAME}(\.{_NAME}){{0,2}}")
_COLUMN = re.compile(_NAME)
_QUOTED = re.compile(r"'(?:[^'\\]|\\.|'')*'", re.DOTALL)
_ACCESS = re.compile(
    r"\b(CREDENTIALS|IAM_ROLE|ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|MASTER_SYMMETRIC_KEY)\b", re.IGNORECASE
)


def table_refused(name: str) -> str:
    """Why a text is no name of a table, in words; empty where it is one, alone or behind its schema.

    Args:
        name: The text.
    """
    return "" if _TABLE.fullmatch(name) else _not_a_name("orders or shop.orders", '"My Orders"')


def column_refused(name: str) -> str:
    """Why a text is no name of a column, in words; empty where it is one.

    Args:
        name: The text.
    """
    return "" if _COLUMN.fullmatch(name) else _not_a_name("order_id", '"order id"')


def _not_a_name(plain: str, quoted: str) -> str:
    return f"it goes into the command as it is; a name is letters, digits and _$#, as {plain}, or in double quotes: {quoted}"


def options_refused(options: str) -> str:
    """Why a text is no list of options of COPY, in words; empty where nothing is known against it.

    Args:
        options: The text, such as `json 'auto' gzip`.
    """
    bare = _QUOTED.sub("''", options)
    if "'" in bare.replace("''", ""):
        return "a `'` does not close"
    if ";" in bare.strip().removesuffix(";"):
        return "a `;` outside of quotes ends the command"
    comment = next((sign for sign in ("--", "/*") if sign in bare), "")
    if comment:
        return f"`{comment}` begins a comment, which hides what follows"
    access = _ACCESS.search(bare)
    if access is not None:
        return f"`{access[0]}` is Firehose's to say: the role of the delivery reads the bucket"
    return ""

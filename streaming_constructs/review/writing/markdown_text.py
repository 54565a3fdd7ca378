"""Text that others wrote, as GitHub and GitLab show it: nothing in it is Markdown, HTML, a mention, a link or a reference.

References to characters are no Markdown (https://spec.commonmark.org/0.31.2/#entity-and-numeric-character-references). What
both make of finished text, such as mentions, is parted by a space without a width
(https://docs.github.com/en/get-started/writing-on-github/working-with-advanced-formatting/autolinked-references-and-urls,
https://docs.gitlab.com/user/markdown/#gitlab-specific-references).
"""

from __future__ import annotations

import re

from streaming_constructs.spec.printable import printable

_OBEYED = re.compile(
    r"(?P<named>[@#!%&~$](?=\w))"  # mentions, issues, merge requests, milestones, epics, labels, snippets
    r"|[\\`*_\[\]<>&|~$]"  # Markdown, HTML, tables, formulas
    r"|^[-+=#:]|^\d+(?=[.)])"  # lists and headings
    r"|(?P<link>:(?=//)|(?<![A-Za-z0-9])(?:www(?=\.)|GH(?=-\d)|mailto(?=:)|xmpp(?=:)))",
    re.IGNORECASE,
)
_APART = "&#8203;"
LONGEST = 1000
"""Characters of the longest text of others that is shown."""


def markdown_text(text: str, longest: int = LONGEST) -> str:
    """A text within a line of Markdown, also of a table, and of HTML.

    What stands between backticks is shown as code.

    Args:
        text: The text.
        longest: How many characters of it are shown.
    """
    shown = _shown(text, longest)
    parts = shown.split("`")
    if len(parts) % 2 == 0:
        return _escaped(shown)
    return "".join(_code(part) if number % 2 else _escaped(part) for number, part in enumerate(parts))


def markdown_code(text: str, longest: int = LONGEST) -> str:
    """A name as code, within a line of Markdown, also of a table, and of HTML.

    Args:
        text: The name.
        longest: How many characters of it are shown.
    """
    return _code(_shown(text, longest))


def _code(text: str) -> str:
    return f"<code>{_escaped(text, is_code=True)}</code>" if text else _escaped("``")


def _shown(text: str, longest: int) -> str:
    # Cut before as well: what is escaped is longer, and a text of others may have any length.
    shown = printable(text[: longest + 1].strip())
    return shown if len(shown) <= longest else f"{shown[: longest - 1]}…"


def _escaped(text: str, *, is_code: bool = False) -> str:
    """The text without anything that is obeyed; names in code are none, for GitHub and for GitLab."""
    return _OBEYED.sub(lambda found: _harmless(found, is_code=is_code), text)


def _harmless(found: re.Match[str], *, is_code: bool) -> str:
    signs = "".join(sign if sign.isalpha() else f"&#{ord(sign)};" for sign in found[0])
    return f"{signs}{_APART}" if found["link"] or (found["named"] and not is_code) else signs

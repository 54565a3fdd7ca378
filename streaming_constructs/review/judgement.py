"""What a change means as a whole: every rule asked, and every difference accounted for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from streaming_constructs.review.comparing.differences import same
from streaming_constructs.review.comparing.pair import Pair, renamed
from streaming_constructs.review.comparing.replacement import Replacement, covers, replacements
from streaming_constructs.review.comparing.schemas import schema_of
from streaming_constructs.review.comparing.template import Path, Resource, dotted_path, value_at
from streaming_constructs.review.meaning import ANY, Changed, Meanings, PropertyRule, Rules, rule_of, rules
from streaming_constructs.review.remark import Remark
from streaming_constructs.spec.codes import find
from streaming_constructs.spec.codes.code import Code

ATTRIBUTES = ("DeletionPolicy", "UpdateReplacePolicy", "UpdatePolicy", "CreationPolicy")
"""What stands beside the properties of a resource and decides something; a rule names one as `@DeletionPolicy`."""


RuleTable = Mapping[tuple[str, ...], PropertyRule]


def judged(pair: Pair) -> list[Remark]:
    """What a change means: what is in both templates in the order of the new one, then what is new, renamed and gone, then
    what concerns both as a whole.

    Args:
        pair: The two templates.
    """
    every, replaced = rules(), replacements(pair)
    remarks: list[Remark] = []
    for logical_id, (old, new) in pair.match.kept.items():
        replacement = replaced.get(logical_id)
        if replacement is not None:
            rule = every.replaced.get(new.type, every.replaced[ANY])
            remarks += told(rule(pair, replacement), new, _place(replacement.path))
        remarks += _property_remarks(pair, old, new, every, replacement)
    for new in pair.match.added.values():
        remarks += told(every.added.get(new.type, every.added[ANY])(pair, new), new, "Properties")
    for old, new in pair.match.renamed:
        remarks += told(every.renamed.get(new.type, every.renamed[ANY])(pair, old, new), old, "Properties")
    for old in pair.match.removed.values():
        remarks += told(every.removed.get(old.type, every.removed[ANY])(pair, old), old, "Properties")
    for whole in every.whole:
        remarks += told(whole(pair), None, "")
    return list(dict.fromkeys(remarks))


def _property_remarks(
    pair: Pair, old: Resource, new: Resource, every: Rules, replacement: Replacement | None
) -> Iterator[Remark]:
    """What the differences of a resource mean, but for those that replace it."""
    own, general = every.properties.get(new.type, {}), every.properties.get(ANY, {})
    asked: dict[Path, PropertyRule] = {}
    items: dict[Path, tuple[Any, Any]] = {}
    for difference in pair.differences.get(new.logical_id, ()):
        if replacement is None or not _replaces(new, replacement, difference.path):
            rule, path = _rule_of(own, general, difference.path)
            asked.setdefault(path, rule or every.unknown[0])
            if path == difference.path:
                # An item of a set stands at no index that both sides have.
                items[path] = difference.old, difference.new
    for attribute in ATTRIBUTES:
        if _attribute(old, attribute) != _attribute(new, attribute):
            path = (f"@{attribute}",)
            asked[path] = own.get(path) or general.get(path) or every.unknown[0]
            items[path] = _attribute(old, attribute), _attribute(new, attribute)
    for path, rule in asked.items():
        in_both = renamed(_at(old.properties, path), pair.new_names), _at(new.properties, path)
        before, after = items.get(path, in_both)
        if not same(before, after):
            yield from told(rule(Changed(pair, old, new, path, before, after)), new, _place(path))


def _rule_of(own: RuleTable, general: RuleTable, path: Path) -> tuple[PropertyRule | None, Path]:
    """The rule for a value, of its type or of any, and the property that it is about."""
    rule, property_path = rule_of(own, path)
    return (rule, property_path) if rule is not None else rule_of(general, path)


def _replaces(new: Resource, replacement: Replacement, path: Path) -> bool:
    """Whether a difference is one of those that replace the resource."""
    if path == replacement.path:
        return True
    return replacement.is_certain and any(covers(pattern, path) for pattern in schema_of(new.type).create_only)


def _attribute(resource: Resource, name: str) -> object:
    plain: Mapping[str, object] = {
        "DeletionPolicy": resource.deletion_policy,
        "UpdateReplacePolicy": resource.update_replace_policy,
    }
    return plain.get(name, resource.attributes.get(name))


def _at(value: object, path: Path) -> object:
    """The value at a path of a difference; an item is found by its name or its index."""
    for step in path:
        if isinstance(value, list):
            if isinstance(step, int):
                value = value[step] if step < len(value) else None
            else:
                key, _, name = step.partition("=")
                value = next((item for item in value if isinstance(item, dict) and same(item.get(key), name)), None)
        else:
            value = value_at(value, (str(step),))
    return value


def _place(path: Path) -> str:
    text = dotted_path(path)
    return text[1:] if text.startswith("@") else f"Properties.{text}" if text else "Properties"


def told(meanings: Meanings, resource: Resource | None, path: str) -> Iterator[Remark]:
    """Meanings as remarks on a resource: what a rule leaves out is said by the catalogue.

    Args:
        meanings: What a rule has to say.
        resource: The resource that it was asked about, or None.
        path: Where in that.
    """
    for meaning in meanings:
        code = _code(meaning.code)
        about = meaning.resource or resource
        yield Remark(
            meaning.code,
            meaning.grade or code.grade,
            meaning.about or code.about,
            meaning.message,
            meaning.help,
            about.logical_id if about else "",
            about.type if about else "",
            meaning.path or (path if about is resource else "Properties"),
        )


@cache
def _code(name: str) -> Code:
    code = find(name)
    if code is None or not code.grade:
        raise AssertionError(f"{name} is in no catalogue of reviews and audits")
    return code

"""Reviews and audits as SARIF 2.1.0, for code scanning.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html; what GitHub reads of it:
https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from importlib import metadata
from pathlib import Path, PurePath
from typing import Any
from urllib.parse import quote

from streaming_constructs.review.reading.places import Place
from streaming_constructs.review.remark import Remark
from streaming_constructs.review.stacks_review import Accepted
from streaming_constructs.review.writing.placed import Told
from streaming_constructs.spec.codes import find
from streaming_constructs.spec.printable import printable

_LEVELS: Mapping[str, str] = {"danger": "error", "caution": "warning", "fine": "note", "none": "none"}
_FINGERPRINT = "streamingConstructs/v1"
"""The name of fingerprints: another way to make them is another version."""


def sarif(told: Told) -> dict[str, Any]:
    """What is told of templates, as a log of SARIF.

    Args:
        told: What is told.
    """
    entries: list[tuple[Remark, Place, Accepted | None]] = [(remark, place, None) for remark, place in told.remarks]
    entries += [(accepted.remark, place, accepted) for accepted, place in told.accepted]
    codes = list(dict.fromkeys(remark.code for remark, _, _ in entries))
    prints = _fingerprints(remark for remark, _, _ in entries)
    return {
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "streaming-constructs",
                        "version": metadata.version("streaming-constructs"),
                        "rules": list(map(_rule, codes)),
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [
                    _result(*entry, codes.index(entry[0].code), fingerprint)
                    for entry, fingerprint in zip(entries, prints, strict=True)
                ],
            }
        ],
    }


def _rule(name: str) -> dict[str, Any]:
    code = find(name)
    if code is None:
        return {"id": name}
    return {
        "id": name,
        "shortDescription": {"text": code.title},
        "fullDescription": {"text": code.why},
        "help": {"text": f"{code.why}\n\n{code.source}".strip()},
        "defaultConfiguration": {"level": _LEVELS.get(code.grade, "error")},
        "properties": {"tags": [code.about] if code.about and code.about != "none" else []},
    }


def _result(remark: Remark, place: Place, accepted: Accepted | None, rule: int, fingerprint: str) -> dict[str, Any]:
    said = [
        remark.message,
        f"Where {remark.where}." if remark.where else "",
        f"Help: {remark.help}" if remark.help else "",
    ]
    location: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": {"uri": _uri(place.file)},
            "region": {"startLine": max(1, place.line)},
        }
    }
    if remark.named:
        location["logicalLocations"] = [{"fullyQualifiedName": printable(remark.named), "kind": "resource"}]
    result = {
        "ruleId": remark.code,
        "ruleIndex": rule,
        "level": _LEVELS[remark.grade],
        "message": {"text": "\n".join(printable(line) for line in said if line)},
        "locations": [location],
        "partialFingerprints": {_FINGERPRINT: fingerprint},
        "properties": {"grade": remark.grade, "about": remark.about, "resourceType": printable(remark.resource_type)},
    }
    if accepted is not None:
        suppression = {"kind": "external", "status": "accepted", "justification": printable(accepted.reason)}
        result["suppressions"] = [suppression]
    return result


def _fingerprints(remarks: Iterable[Remark]) -> list[str]:
    """What each remark is known by when lines have moved: what it says of what, and which of those that are alike it is."""
    seen: Counter[str] = Counter()
    prints = []
    for remark in remarks:
        parts = remark.code, remark.stack, remark.logical_id, remark.path, remark.where
        known = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
        seen[known] += 1
        prints.append(f"{known}:{seen[known]}")
    return prints


def _uri(file: str) -> str:
    """The file as an address: relative to the working directory where it is within it."""
    path = PurePath(file)
    if path.is_absolute():
        here = Path.cwd()
        if not path.is_relative_to(here):
            return path.as_uri()
        path = path.relative_to(here)
    return quote(path.as_posix(), errors="replace")

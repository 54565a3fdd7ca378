"""A template as a reviewer can read it: what means nothing is blanked, what is nested in text is unfolded."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import yaml

_ASSET_HASH = re.compile(r"[0-9a-f]{64}")
_BOOTSTRAP = "BootstrapVersion"
_BLANKED = {"AlarmDescription": "<description>"}
"""Properties that are prose: a sentence that is written better is no other system."""


def normalised(template: Mapping[str, Any]) -> str:
    """The template as YAML that only changes when the system does.

    Asset hashes are blanked, as is what alarms say in words; what CDK adds to check its bootstrap version is left out, and the
    JSON of a dashboard is unfolded. Resources keep the order of the template, which is that of the spec.

    Args:
        template: The synthesized template.
    """
    kept = {key: value for key, value in template.items() if key not in {"Rules", "Parameters"}}
    parameters = {key: value for key, value in template.get("Parameters", {}).items() if key != _BOOTSTRAP}
    if parameters:
        kept["Parameters"] = parameters
    return yaml.dump(_readable(kept), Dumper=_Dumper, sort_keys=False, width=110, allow_unicode=True)


class _Dumper(yaml.SafeDumper):
    """Plain YAML without anchors: a snapshot shows each value where it stands."""

    def ignore_aliases(self, _data: Any) -> bool:
        return True


def _readable(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _BLANKED.get(key) or _property(key, inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_readable(inner) for inner in value]
    if isinstance(value, str):
        return _ASSET_HASH.sub("<asset-hash>", value)
    return value


def _property(name: str, value: Any) -> Any:
    return _unfolded(value) if name == "DashboardBody" else _readable(value)


def _unfolded(body: Any) -> Any:
    """The JSON of a dashboard as data; what is filled in at deployment stands in `${…}`."""
    parts = body["Fn::Join"][1] if isinstance(body, dict) and "Fn::Join" in body else [body]
    text = "".join(part if isinstance(part, str) else "${" + _reference(part) + "}" for part in parts)
    return _readable(json.loads(text))


def _reference(part: Mapping[str, Any]) -> str:
    name, target = next(iter(part.items()))
    return str(target) if name == "Ref" else ".".join(target) if name == "Fn::GetAtt" else json.dumps(part)

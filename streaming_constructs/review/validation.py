"""Validation of a CloudFormation template by AWS's own engine, native: the rules that CDK runs in WebAssembly."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from streaming_constructs.spec.printable import printable

if TYPE_CHECKING:
    from cloudformation_validate import CelEngine

NOISE = {
    "I1022": "CDK joins where a person would write Fn::Sub; both do the same",
    "I2530": "would have every Java function start from a snapshot, which takes versions and changes what its start may do",
    "I4010": "a description of the architecture inside the template; ours is the spec",
    "I9001": "says that a property is create-only, of every such property; what that means is told when one changes",
    "I9003": "says that it was told no region, where a template of any region has instance types",
    "I9040": "says of every resource without tags that it could have some; tags are the owner's decision",
    "W3005": "CDK states dependencies that a reference implies already; they do no harm",
    "W9002": "an existing resource is named in the spec by its ARN, on purpose",
    "W9013": "an existing resource is named in the spec by its ARN, account included, on purpose",
}
"""Rules whose findings say nothing about a template that CDK wrote, each with the reason."""


@dataclass(frozen=True, slots=True)
class TemplateFinding:
    """One thing that is wrong with a template.

    Attributes:
        rule: The rule's id, such as `E3002`.
        level: `error`, `warning` or `note`.
        message: What is wrong.
        logical_id: The resource, or an empty string.
        path: The property, as a dotted path, or an empty string.
    """

    rule: str
    level: Literal["error", "warning", "note"]
    message: str
    logical_id: str
    path: str

    def __str__(self) -> str:
        place = ".".join(part for part in (self.logical_id, self.path) if part)
        return f"{self.level}[{self.rule}]: {printable(self.message)}\n  --> {printable(place or 'template')}"


class TemplateValidator:
    """Validates templates; its engine loads in the background from the moment it is made.

    Needs the extra `streaming-constructs[validate]`.
    """

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1)
        self._engine: Future[CelEngine] = self._pool.submit(_load_engine)
        self._pool.shutdown(wait=False)

    def validate(self, template: str, name: str = "template") -> list[TemplateFinding]:
        """Findings about a template, without those of `NOISE`.

        Args:
            template: The template's text, JSON or YAML.
            name: What it is called.

        Raises:
            ImportError: If the extra is not installed.
        """
        engine = self._engine.result()
        from cloudformation_validate import TemplateContent

        report = engine.validate_template(TemplateContent(template, name=name))
        return [
            TemplateFinding(
                rule=diagnostic.rule_id,
                level=_LEVELS.get(diagnostic.severity.name, "error"),
                message=diagnostic.message,
                logical_id=(diagnostic.entity.logical_id or "") if diagnostic.entity else "",
                path=diagnostic.property_path or "",
            )
            for diagnostic in report.diagnostics
            if diagnostic.rule_id not in NOISE
        ]


_LEVELS: dict[str, Literal["error", "warning", "note"]] = {"WARN": "warning", "INFO": "note", "DEBUG": "note"}


def _load_engine() -> CelEngine:
    from cloudformation_validate import CelEngine, EngineConfig

    return CelEngine(EngineConfig())

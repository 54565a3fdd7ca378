"""From a file to a spec: reads it, checks it whole, and says everything that is wrong at once."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, get_args

from pydantic import ValidationError

from streaming_constructs.spec.consumers.lambda_function import LambdaConsumerSpec
from streaming_constructs.spec.deliveries.firehose import TransformSpec
from streaming_constructs.spec.document import Document, read_document
from streaming_constructs.spec.finding import Finding, SpecError, SpecPath, did_you_mean
from streaming_constructs.spec.function import FunctionSpec
from streaming_constructs.spec.model import Environment
from streaming_constructs.spec.pipeline import PipelineSpec
from streaming_constructs.spec.references import reference_findings
from streaming_constructs.spec.validation_errors import shape_findings

MAX_BYTES = 4_000_000
ENVIRONMENTS: tuple[Environment, ...] = get_args(Environment)


def load(path: str | os.PathLike[str], environment: Environment | None = None) -> PipelineSpec:
    """Reads a spec from a file; see `PipelineSpec.load`."""
    spec, findings, _ = read(path, environment)
    if spec is None:
        raise SpecError(findings)
    return spec


def read(
    path: str | os.PathLike[str], environment: Environment | None = None
) -> tuple[PipelineSpec | None, list[Finding], Document]:
    """Reads a file without raising: the spec if it can be built, what is wrong, and the file it came from."""
    return read_as(open_document(path), environment)


def read_as(
    document: Document, environment: Environment | None = None
) -> tuple[PipelineSpec | None, list[Finding], Document]:
    """Reads a document as one of its environments, as `read` does."""
    if document.findings:
        return None, list(document.findings), document
    if not isinstance(document.data, dict):
        return None, [document.locate(_not_a_spec(document))], document
    findings = list(_environment_findings(document, environment))
    if findings:
        return None, [document.locate(finding) for finding in findings], document
    document = document.overlaid(environment)
    spec, findings = build(document.data, Path(document.name).parent)
    located = [document.locate(finding) for finding in findings]
    return spec, sorted(located, key=lambda finding: (finding.line, finding.column)), document


def build(data: Mapping[str, Any], directory: Path) -> tuple[PipelineSpec | None, list[Finding]]:
    """Builds a spec from plain data: the spec if it can be built, and all that is wrong with it."""
    try:
        spec = PipelineSpec.model_validate(data, by_alias=True, by_name=False).in_directory(directory)
    except ValidationError as error:
        findings = list(shape_findings(error, PipelineSpec, data))
        # The graph is judged when all nodes are right; where they are not, its names still can be.
        if not any(finding.code.startswith("GRF") for finding in findings):
            findings += reference_findings(data)
        return None, findings + list(_file_findings(_right_functions(data), directory))
    findings = list(_file_findings(_functions(spec), directory))
    return (None, findings) if findings else (spec, [])


def environments_of(document: Document) -> list[Environment]:
    """The environments that a document has differences for; empty when it has none or cannot be read."""
    given = document.data.get("environments") if isinstance(document.data, dict) else None
    return [name for name in ENVIRONMENTS if isinstance(given, dict) and name in given]


def open_document(path: str | os.PathLike[str]) -> Document:
    """The content of a file, with what could not be read of it as findings."""
    name = str(path)
    try:
        raw = Path(path).read_bytes()
        if len(raw) > MAX_BYTES:
            return Document(name, [], findings=[_unreadable(name, f"it is larger than {MAX_BYTES} bytes")])
        return read_document(raw.decode("utf-8-sig"), name)
    except OSError as error:
        return Document(name, [], findings=[_unreadable(name, error.strerror or "it cannot be opened")])
    except UnicodeDecodeError as error:
        return Document(name, [], findings=[_unreadable(name, f"it is not UTF-8 text (byte {error.start})")])


def _unreadable(name: str, why: str) -> Finding:
    return Finding(
        "LNG101", f"cannot read `{name}`", note=why[:1].lower() + why[1:], help="name a YAML file", file=name
    )


def _not_a_spec(document: Document) -> Finding:
    seen = "it is empty" if document.data is None else "its top is no mapping"
    return Finding("LNG106", "the file is no spec", note=seen, help="start with `name: …` and `streams: …`")


def _environment_findings(document: Document, environment: str | None) -> Iterator[Finding]:
    given = document.data.get("environments") or {}
    if not isinstance(given, dict):
        yield Finding(
            "LNG203", "expected a mapping", ("environments",), help="write `environments: {dev: {…}, prod: {…}}`"
        )
        return
    for name, differences in given.items():
        if name not in ENVIRONMENTS:
            help_ = did_you_mean(name, ENVIRONMENTS)
            yield Finding("GRF305", f"there is no environment `{name}`", ("environments", name), help=help_)
        elif differences is None:
            continue
        elif not isinstance(differences, dict):
            yield Finding("LNG203", "expected a mapping", ("environments", name), help="write the fields that differ")
        elif "environment" in differences or "environments" in differences:
            field = "environment" if "environment" in differences else "environments"
            help_ = "take it out: the name above already says it"
            yield Finding("GRF305", f"`{field}` cannot differ", ("environments", name, field), help=help_)
    if environment is not None and given and environment not in given:
        help_ = f"add `{environment}: {{}}` to it, or choose one of: {', '.join(given)}"
        yield Finding("GRF305", f"the file has no environment `{environment}`", ("environments",), help=help_)


def _functions(spec: PipelineSpec) -> Iterator[tuple[SpecPath, FunctionSpec]]:
    """The functions of a spec, each with its place."""
    for name, consumer in spec.consumers.items():
        yield ("consumers", name), consumer
    for name, delivery in spec.deliveries.items():
        if delivery.transform is not None:
            yield ("deliveries", name, "transform"), delivery.transform


def _right_functions(data: Mapping[str, Any]) -> Iterator[tuple[SpecPath, FunctionSpec]]:
    """The functions that are right by themselves, in a spec that is not."""
    for section, field, model in (("consumers", "", LambdaConsumerSpec), ("deliveries", "transform", TransformSpec)):
        entries = data.get(section)
        for name, entry in entries.items() if isinstance(entries, Mapping) else ():
            function = entry.get(field) if field and isinstance(entry, Mapping) else entry
            with suppress(ValidationError):
                path = (section, name, field) if field else (section, name)
                yield path, model.model_validate(function, by_alias=True, by_name=False)


def _file_findings(functions: Iterable[tuple[SpecPath, FunctionSpec]], directory: Path) -> Iterator[Finding]:
    for path, function in functions:
        for finding in code_findings(function, directory):
            yield finding.below(*path)


def code_findings(function: FunctionSpec, directory: Path) -> Iterator[Finding]:
    """What is wrong with the folder that a function names; paths are relative to the function.

    Args:
        function: The function.
        directory: The folder that its `code` is relative to.
    """
    if function.code is None:
        return
    folder = directory / function.code
    module = function.handler.rpartition(".")[0].replace(".", "/") + ".py"
    # Unlike pathlib, os.path takes a name that no file can have for one that does not exist.
    if not os.path.isdir(folder):  # noqa: PTH112
        yield Finding(
            "LAM502",
            "the folder with the function's code does not exist",
            ("code",),
            note=f"`{function.code}` is looked up beside the spec's own file",
            help="create it, or correct the path",
        )
    elif not os.path.isfile(folder / module):  # noqa: PTH113
        yield Finding(
            "LAM502",
            f"the function's code has no `{module}`",
            ("handler",) if "handler" in function.model_fields_set else ("code",),
            note=f"the handler is `{function.handler}`",
            help=f"create `{function.code}/{module}`, or correct `handler`",
        )

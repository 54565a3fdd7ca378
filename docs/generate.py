"""Writes the reference docs and the JSON Schema from what they are about: `make docs`."""

from __future__ import annotations

import ast
import contextlib
import json
import re
import shlex
import subprocess
import sys
import tempfile
import textwrap
import tomllib
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import click
from alarms_tables import alarms_tables
from click.testing import CliRunner

from streaming_constructs.cli.explain import shortened
from streaming_constructs.cli.group import VERBS, LazyGroup, verbs
from streaming_constructs.exports import exports
from streaming_constructs.kinds import KINDS, Kind, kinds_of
from streaming_constructs.planning.drawing.graph import graph_of
from streaming_constructs.planning.drawing.layout import layout_of
from streaming_constructs.planning.drawing.svg import svg
from streaming_constructs.planning.evolution import evolved
from streaming_constructs.planning.plan_file import plan_document
from streaming_constructs.review.auditing import audit
from streaming_constructs.review.reading.read_template import Source, read_template
from streaming_constructs.review.remark import Remark
from streaming_constructs.review.remark_text import remark_text
from streaming_constructs.review.templates_review import review
from streaming_constructs.spec.codes import TOPICS, Topic, codes_of
from streaming_constructs.spec.codes.base import BASE
from streaming_constructs.spec.codes.code import Code, in_base
from streaming_constructs.spec.document import read_document
from streaming_constructs.spec.environments import environments_of
from streaming_constructs.spec.fields import left_out, meaning, takes
from streaming_constructs.spec.json_schema import SCHEMA_FILE, json_schema, json_schema_text
from streaming_constructs.spec.patterns import list_patterns
from streaming_constructs.spec.read import open_document

sys.path.append(str(Path(__file__).resolve().parent))
from kafka_page import kafka_page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streaming_constructs.planning.pipeline import PipelinePlan
    from streaming_constructs.spec.finding import Finding

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
PACKAGE = ROOT / "streaming_constructs"
UNIONS = {
    "streams": "StreamSpec",
    "queues": "QueueSpec",
    "consumers": "ConsumerSpec",
    "deliveries": "Delivery",
    "stores": "StoreSpec",
    "clusters": "ClusterSpec",
    "connectors": "ConnectorSpec",
    "replicators": "ReplicatorSpec",
    "sns_topics": "SnsTopic",
    "producers": "ProducerSpec",
    "analytics": "AnalyticsSpec",
    "apis": "ApiSpec",
    "destinations": "Destination",
}
ERRORS = DOCS / "errors"
GUIDE = DOCS / "guide.md"
COOKBOOK = sorted((DOCS / "cookbook").glob("*.yaml"))
PATTERNS = sorted((ROOT / "patterns").glob("*/pattern.yaml"))
GENERATED = "<!-- Written by docs/generate.py; run `make docs` after a change. -->\n"
WIDTH = 100
DAY = date(2026, 11, 28)
"""The day on which examples are judged: the pages are the same every day."""


def pages() -> dict[Path, str]:
    """Every generated file, with its text."""
    return {
        DOCS / "spec.md": spec_page(),
        **error_pages(),
        DOCS / "cli.md": cli_page(),
        DOCS / "kafka.md": f"{GENERATED}\n{kafka_page()}\n",
        SCHEMA_FILE: json_schema_text(),
        **pages_with_generated_parts(),
        **names_of_kinds(),
    }


# --- the names of kinds, for type checkers and editors


def names_of_kinds() -> dict[Path, str]:
    """The unions of the kinds of each section, and the lists of public names with those of the kinds among them."""
    spec, cdk = PACKAGE / "spec", PACKAGE / "cdk"
    models = {row.model: f"streaming_constructs.spec.{row.module}" for row in KINDS}
    constructs = {name: f"streaming_constructs.cdk.{row.module}" for row in KINDS if (name := _construct(row))}
    return {
        spec / "unions.py": _formatted(_unions(models)),
        spec / "__init__.pyi": _formatted(_stub(spec, models)),
        cdk / "__init__.pyi": _formatted(_stub(cdk, constructs)),
    }


def _unions(models: dict[str, str]) -> str:
    lines = [
        '"""The kinds of each section as unions: for type checkers, which do not run what `Section` decides on reading.',
        "",
        "Written by `docs/generate.py` from `kinds.py`; run `make docs` after a change.",
        '"""',
        "from __future__ import annotations",
        *(f"from {module} import {name}" for name, module in models.items()),
        *(
            f"{union} = {' | '.join(row.model for row in kinds_of(section).values())}"
            for section, union in UNIONS.items()
        ),
    ]
    return "\n".join(lines)


def _stub(package: Path, of_kinds: dict[str, str]) -> str:
    """The public names of a package: those that people wrote down, and those of the kinds."""
    listed = exports(str(package / "__init__.py"))
    names = {
        name: module
        for name, module in listed.items()
        if (ROOT / module.replace(".", "/")).with_suffix(".py").is_file()
    }
    return "\n".join(f"from {module} import {name} as {name}" for name, module in {**names, **of_kinds}.items())


def _construct(row: Kind) -> str:
    """The construct of a kind: that of a destination is in its row, that of a node is what its `build_node` returns."""
    source = PACKAGE / "cdk" / (row.module.replace(".", "/") + ".py")
    if row.section in {"destinations", "deliveries"} or not source.is_file():
        return row.construct
    found = re.search(
        r"^def build_node\(.*?\) -> (\w+):$", source.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    return found[1] if found else ""


def _formatted(source: str) -> str:
    """Source as `make lint` wants it, with one import for each module."""
    ruff = Path(sys.executable).with_name("ruff")
    sort = ["check", "--fix", "--select", "I", "--config", "lint.isort.combine-as-imports=true"]
    for job in (sort, ["format"]):
        done = subprocess.run([ruff, *job, "--quiet", "-"], input=source, capture_output=True, text=True, check=True)  # noqa: S603
        source = done.stdout
    return source


# --- the language


def spec_page() -> str:
    """The guide to the language, whole systems, and the reference of every field."""
    schema = json_schema()
    models = {"PipelineSpec": schema, **{name: schema["$defs"][name] for name in _models_in_order(schema)}}
    cookbook = [
        "## Cookbook",
        "Whole systems to start from. Each is checked, as it stands; the folders of code that it names are yours to write.",
        *map(_recipe, COOKBOOK),
    ]
    reference = ["## Reference", "Every field, from the models.", *(_model_section(*model) for model in models.items())]
    guide = GUIDE.read_text(encoding="utf-8").strip()
    return "\n\n".join([GENERATED + "\n" + guide, *cookbook, *reference]) + "\n"


def _recipe(path: Path) -> str:
    """A system of the cookbook: its first comment is its title, and what is to know of it."""
    lines = path.read_text(encoding="utf-8").splitlines()
    start = next(number for number, line in enumerate(lines) if not line.startswith("#"))
    comments, spec = lines[:start], "\n".join(lines[start:])
    title, _, prose = "\n".join(line[2:] for line in comments).partition("\n")
    return f"### {title}\n\n{prose.strip()}\n\n```yaml\n{spec.strip()}\n```"


def _models_in_order(schema: dict[str, Any]) -> list[str]:
    """The names of the models, in the order in which a reader meets them."""
    names: list[str] = []

    def visit(part: dict[str, Any]) -> None:
        found = [name for name in re.findall(r'"#/\$defs/(\w+)"', json.dumps(part)) if name not in names]
        names.extend(dict.fromkeys(found))
        for name in found:
            visit(schema["$defs"][name])

    visit(schema["properties"])
    return [name for name in names if "properties" in schema["$defs"][name]]


def _model_section(name: str, model: dict[str, Any]) -> str:
    rows = [
        f"| `{field}` | {_cell(takes(value, _link))} | {_cell(left_out(field, model) or '**required**')} | "
        f"{_cell(meaning(value))} |"
        for field, value in model["properties"].items()
    ]
    table = "\n".join(["| field | takes | left out | what it is |", "|---|---|---|---|", *rows])
    return f"### {name}\n\n{model['description']}\n\n{table}"


def _link(model: str) -> str:
    return f"[{model}](#{model.lower()})"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


# --- the errors


def error_pages() -> dict[Path, str]:
    """The index of all codes, and a page for each topic."""
    topics = {ERRORS / f"{topic.module}.md": topic_page(topic) for topic in TOPICS.values()}
    return {ERRORS / "README.md": errors_index(), **topics}


def errors_index() -> str:
    """Every code with its level and its title, topic by topic."""
    introduction = (
        "An error would fail or lose data, a warning is very likely wrong, a note is worth knowing. A code is a topic and a "
        "number. Codes are stable, wording is not. `streaming-constructs explain LAM506` tells the same on the command line, "
        "and `explain LAM` lists a topic.\n\n"
        "Examples that are parts of a file are merged by name into this one, which is fine; `null` takes a field out:"
    )
    sections = [f"{GENERATED}\n# Errors, warnings and notes", introduction, f"```yaml\n{BASE}```"]
    return "\n\n".join([*sections, *map(_topic_section, TOPICS.values())]) + "\n"


def _topic_section(topic: Topic) -> str:
    page = f"{topic.module}.md"
    return f"## [{topic.name}]({page}): {topic.title}\n\n{_codes_table(topic, page)}"


def _codes_table(topic: Topic, page: str = "") -> str:
    rows = [
        f"| [{code.code}]({page}#{code.code.lower()}) | {code.severity} | {_cell(code.title)} |"
        for code in codes_of(topic.name)
    ]
    return "\n".join(["| code | level | what it says |", "|---|---|---|", *rows])


def topic_page(topic: Topic) -> str:
    """Every code of a topic with an example, what is printed for it, why, and the mend.

    Args:
        topic: The topic.
    """
    introduction = _INTRODUCTIONS.get(
        topic.name, "Parts of a file are merged by name into [the one that all examples share](README.md)."
    )
    sections = [f"{GENERATED}\n# {topic.name}: {topic.title}", introduction, _codes_table(topic)]
    return "\n\n".join([*sections, *map(_code_section, codes_of(topic.name))]) + "\n"


_INTRODUCTIONS = {
    "REV": "What stands below `Resources` before a change and after it. The grades are those of [reviews](../review.md).",
    "AUD": "What stands below `Resources` of a template. The grades are those of [audits](../review.md).",
}


def _code_section(code: Code) -> str:
    language = {"command": "sh", "elsewhere": "text"}.get(code.form, "yaml")
    source = f"\n\nSource: <{code.source}>" if code.source else ""
    return "\n\n".join(
        [
            f"## {code.code}\n\n**{code.title}** ({code.severity})",
            f"{code.why}{source}",
            *([f"An earlier version:\n\n```yaml\n{shortened(code.earlier)}\n```\n\nNow:"] if code.earlier else []),
            *([f"With this in `pipeline.yaml`:\n\n```yaml\n{shortened(code.beside)}\n```"] if code.beside else []),
            f"```{language}\n{shortened(code.example)}\n```",
            *([] if code.form == "elsewhere" else [f"```text\n{shortened(printed(code))}\n```"]),
            *([f"Put right:\n\n```{language}\n{shortened(code.mend)}\n```"] if code.mend else []),
        ]
    )


def printed(code: Code) -> str:
    """What is printed for a code's example.

    Args:
        code: The code.
    """
    if code.form == "template":
        told = remarks(code.earlier, code.example) if code.code.startswith("REV") else faults(code.example)
        return "\n\n".join(remark_text(remark) for remark in told if remark.code == code.code)
    if code.form != "command":
        found = findings(code.file(code.example), code.file(code.earlier))
        return "\n\n".join(str(finding) for finding in found if finding.code == code.code)
    with _workshop(in_base(code.beside) if code.beside else BASE):
        return CliRunner().invoke(verbs, shlex.split(code.example)[1:]).output.strip()


def remarks(before: str, after: str) -> tuple[Remark, ...]:
    """What is said of a change of resources.

    Args:
        before: What stands below `Resources` before it, or a whole template.
        after: The same after it.
    """
    return review(_template(before), _template(after)).remarks


def faults(resources: str) -> tuple[Remark, ...]:
    """What is wrong with resources.

    Args:
        resources: What stands below `Resources`, or a whole template.
    """
    return tuple(audit(_template(resources)))


def _template(resources: str) -> Source:
    is_whole = resources.startswith(("Resources:", "Parameters:", "Conditions:", "Outputs:"))
    text = resources if is_whole else "Resources:\n" + textwrap.indent(resources or "{}", "  ")
    return read_template(text, "template.yaml")


def findings(text: str, earlier: str = "") -> list[Finding]:
    """Everything that is found in a spec as each of its environments, with its handlers beside it.

    Args:
        text: The text of the file.
        earlier: The text of its earlier version, if it is compared with one.
    """
    with _workshop(text):
        document = open_document("pipeline.yaml")
        found: list[Finding] = []
        for environment in environments_of(document) or [None]:
            found += plan_document(document, environment)[1]
            found += evolved(document, read_document(earlier, "earlier.yaml"), environment) if earlier else []
        return list(dict.fromkeys(found))


@contextlib.contextmanager
def _workshop(text: str, *handlers: str) -> Iterator[None]:
    """A folder of its own with a spec and its handlers in it, as the working directory, on the day of the examples."""
    on_the_day = patch("streaming_constructs.planning.pipeline.today", lambda: DAY)
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder), on_the_day:
        Path("pipeline.yaml").write_text(text, encoding="utf-8")
        for handler in map(Path, handlers or ("handlers/fraud/index.py",)):
            handler.parent.mkdir(parents=True, exist_ok=True)
            handler.write_text("def handler(event, context): ...\n", encoding="utf-8")
        yield


# --- the command line


def cli_page() -> str:
    """The help of every verb."""
    program = "streaming-constructs"
    sections = [f"{GENERATED}\n# The command line", _help(verbs, program, None)]
    parent = click.Context(verbs, info_name=program, **verbs.context_settings)
    for verb in VERBS:
        command = verbs.get_command(parent, verb)
        assert command is not None
        sections.append(f"## {verb}\n\n{_help(command, verb, parent)}")
        if isinstance(command, LazyGroup):
            inside = click.Context(command, info_name=verb, parent=parent, **verbs.context_settings)
            named = [(name, command.get_command(inside, name)) for name in command.verbs]
            sections += [
                f"### {verb} {name}\n\n{_help(inner, name, inside)}" for name, inner in named if inner is not None
            ]
    return "\n\n".join(sections) + "\n"


def _help(command: click.Command, name: str, parent: click.Context | None) -> str:
    settings = {**verbs.context_settings, "terminal_width": WIDTH, "max_content_width": WIDTH}
    context = click.Context(command, info_name=name, parent=parent, **settings)
    return f"```text\n{command.get_help(context).rstrip()}\n```"


# --- parts of pages that people write


def pages_with_generated_parts() -> dict[Path, str]:
    """The pages that people write, with the parts that follow from plans and contracts written anew."""
    patterns = {path: _planned(path) for path in PATTERNS}
    plans = [*patterns.values(), *map(_planned, COOKBOOK)]
    return {
        ROOT / "README.md": _with_part(ROOT / "README.md", "patterns", patterns_table()),
        DOCS / "alarms.md": _with_part(DOCS / "alarms.md", "alarms", alarms_tables(plans)),
        DOCS / "architecture.md": _with_part(DOCS / "architecture.md", "rooms", rooms_table()),
        **{path.with_name("README.md"): _pattern_readme(path, plan) for path, plan in patterns.items()},
        **{path.with_name("drawing.svg"): svg(layout_of(graph_of(plan))) for path, plan in patterns.items()},
    }


def patterns_table() -> str:
    """The documented patterns, by what their READMEs are headed with."""
    rows = [
        f"| [`{found.name}`]({found.directory.relative_to(ROOT).as_posix()}/README.md) | {_cell(found.title)} |"
        for found in list_patterns()
    ]
    return "\n".join(["| pattern | what it is |", "|---|---|", *rows])


def rooms_table() -> str:
    """What each room of the package is, and what it may import, from the contracts that `make imports` keeps."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers, *contracts = settings["tool"]["importlinter"]["contracts"]
    rooms = [[room.strip() for room in layer.split("|")] for layer in reversed(layers["layers"])]
    rows = []
    for place, room in ((place, room) for place, beside in enumerate(rooms) for room in beside):
        forbidden = {name for rule in contracts if room in rule["source_modules"] for name in rule["forbidden_modules"]}
        below = [_room(other) for beside in rooms[:place] for other in beside if other not in forbidden]
        without = sorted(map(_room, forbidden))
        rows.append(f"| `{_room(room)}` | {_what_it_is(room)} | {_code(below) or 'none'} | {_code(without) or 'any'} |")
    return "\n".join(["| room | what it is | may import | stands without |", "|---|---|---|---|", *rows])


def _room(module: str) -> str:
    return module.removeprefix("streaming_constructs.")


def _code(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _what_it_is(module: str) -> str:
    """The first line of a module."""
    path = ROOT / module.replace(".", "/")
    source = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return _cell((ast.get_docstring(ast.parse(source.read_text(encoding="utf-8"))) or "").splitlines()[0])


def _with_part(path: Path, name: str, text: str) -> str:
    """A page with the text between two of its comments written anew."""
    page = path.read_text(encoding="utf-8")
    found = re.search(rf"(<!-- {name}: .*? -->\n).*?(<!-- /{name} -->)", page, re.DOTALL)
    assert found is not None, f"{path.name} has no part {name}"
    return f"{page[: found.start()]}{found[1]}\n{text}\n\n{found[2]}{page[found.end() :]}"


def _pattern_readme(path: Path, plan: PipelinePlan) -> str:
    """The README of a pattern with the number of its alarms, and a row for each of them that nobody has described better."""
    page = path.with_name("README.md").read_text(encoding="utf-8")
    page = re.sub(r"\d+( alarms on all of these)", rf"{len(plan.alarms)}\1", page)
    page = re.sub(r"\d+( x `AWS::CloudWatch::Alarm`)", rf"{len(plan.alarms)}\1", page)
    # One row for all brokers of a cluster, or topics of a connector.
    untold = {alarm.name: alarm for alarm in reversed(plan.alarms) if f"`{alarm.name}`" not in page}
    rows = [
        f"| `{name}` | {_cell(alarm.title)}. | {_cell(alarm.action[:1].upper() + alarm.action[1:])}. |\n"
        for name, alarm in reversed(untold.items())
    ]
    table = re.search(r"^## Alarms\n\n(?:[^|\n#].*\n+)*(?:\|.*\n)+", page, re.MULTILINE)
    assert table is not None, f"{path.parent.name} has no table of alarms"
    return page[: table.end()] + "".join(rows) + page[table.end() :]


def _planned(path: Path) -> PipelinePlan:
    """The plan of a system, with the handlers that it names beside it."""
    text = path.read_text(encoding="utf-8")
    folders = re.findall(r"code: ([\w/]+)", text)
    with _workshop(text, *(f"{folder}/index.{suffix}" for folder in folders for suffix in ("py", "mjs"))):
        document = open_document("pipeline.yaml")
        plan, _ = plan_document(document, next(iter(environments_of(document)), None))
    assert plan is not None, path
    return plan


def write(path: Path, text: str) -> None:
    """Writes a file whole or not at all.

    Args:
        path: The file.
        text: Its text.
    """
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", newline="\n", dir=path.parent, delete=False) as file:
        file.write(text)
    Path(file.name).chmod(0o644)
    Path(file.name).replace(path)


if __name__ == "__main__":
    for path, text in pages().items():
        write(path, text)

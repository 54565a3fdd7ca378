"""Applications of Flink with code of one's own: a jar of Java, or a zip of Python."""

from __future__ import annotations

import os
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from streaming_constructs.facts import flink
from streaming_constructs.facts.flink_connector_jars import LARGEST_CODE_BYTES
from streaming_constructs.spec.analytics.flink_application import FlinkApplicationSpec
from streaming_constructs.spec.arns import BucketName
from streaming_constructs.spec.connectors.plugin import PluginKey, PluginPath
from streaming_constructs.spec.examples import in_yaml
from streaming_constructs.spec.finding import Edit, Finding
from streaming_constructs.spec.model import NODE_NAME_CHARACTERS, PassedToCdk, form, no_effect
from streaming_constructs.spec.node import Reader

ENDINGS = (".jar", ".zip")
_MANIFEST, _MOST_BYTES = "META-INF/MANIFEST.MF", 1_000_000
PropertyGroup = Annotated[
    str,
    form(r"^[a-zA-Z0-9_.-]{1,50}$", "a group of properties of up to 50 letters, digits, `_`, `.` and `-`"),
    PassedToCdk,
]
PropertyKey = Annotated[
    str, form(r"^[^\x00-\x1f]{1,}$", "the name of a property, on one line", max_length=2048), PassedToCdk
]
PropertyText = Annotated[str, form(r"^[^\x00][^\x00]*$", "a text of 1 to 2048 characters", max_length=2048)]


class FlinkAppSpec(FlinkApplicationSpec):
    """A jar or a zip that runs as an application of Flink; it is told what it reads and writes by groups of properties."""

    example: ClassVar = {"kind": "flink_app", "from": "clicks", "code": "build/app.jar"}

    kind: Literal["flink_app"] = Field(default="flink_app", description="An application of your own code.")
    code: PluginPath | None = Field(
        default=None,
        description="A jar, or a zip with main.py, beside the spec; it is uploaded with the stack. Left out: it is in a "
        "`bucket`.",
    )
    bucket: BucketName | None = Field(
        default=None, description="The bucket that it is in. Left out: it is beside the spec."
    )
    key: PluginKey | None = Field(default=None, description="Its key in the bucket. Left out: there is no `bucket`.")
    object_version: (
        Annotated[str, form(r"^[^\s\x00-\x1f]+$", "the version of an object, as S3 writes it", max_length=1024)] | None
    ) = Field(
        default=None,
        description="The version of the object. Left out: the latest, and a file put in its place is not noticed.",
    )
    python: PluginPath | None = Field(
        default=None,
        description="Of a zip of Python: the file in it that is run. Left out: main.py of a zip; a jar has its main class in "
        "its manifest.",
    )
    jarfile: PluginPath | None = Field(
        default=None,
        description="Of a zip of Python: the jar in it that has the connectors, such as lib/pyflink-dependencies.jar. Left "
        "out: none.",
    )
    properties: Mapping[PropertyGroup, Mapping[PropertyKey, PropertyText]] = Field(
        default_factory=dict,
        description="Groups of properties that the code reads, beside those of its edges. Left out: none.",
    )

    def findings(self) -> Iterator[Finding]:
        yield from super().findings()
        if (self.code is None) == (self.bucket is None):
            yield Finding(
                "FLK249",
                "nothing says where the code is" if self.code is None else "the code is in one place",
                () if self.code is None else ("bucket",),
                help="write `code: build/app.jar`, or `bucket: my-code` with `key: app.jar`",
                edits=() if self.code is None else (Edit(("bucket",)),),
            )
            return
        if self.bucket is not None and self.key is None:
            yield Finding(
                "FLK249",
                "`key` is missing",
                note="a bucket has many objects",
                help="add `key: app.jar`",
                edits=(Edit(("key",), "app.jar", invented=True),),
            )
        for field in ("key", "object_version"):
            if self.bucket is None and getattr(self, field) is not None:
                yield no_effect(field, note="it is about the one in a `bucket`")
        for field in ("python", "jarfile"):
            if getattr(self, field) is not None and not self.is_python:
                yield no_effect(field, note="a jar has its main class in its manifest, and all that it needs in itself")
        for field in ("code", "key"):
            name = getattr(self, field)
            if name is not None and not name.lower().endswith(ENDINGS):
                yield Finding(
                    "FLK249",
                    "an application is a jar or a zip",
                    (field,),
                    note=f"it is `{name[:80]}`",
                    help="name a file that ends in .jar, or of Python one that ends in .zip",
                    edits=(Edit((field,), "app.jar", invented=True),),
                )

    def way_round(self, name: str, target: str, kind: str) -> str:
        if kind != "opensearch":
            return ""
        delivery = f"to-{target}"[:NODE_NAME_CHARACTERS]
        way = {delivery: {"from": "direct_put", "to": {"kind": kind, "domain": target}}}
        return (
            f"let its code write to a delivery: add `deliveries: {in_yaml(way)}`, and name `{delivery}` here; or, where the "
            "code has a client of OpenSearch, take the domain out of `to` and add `permissions`"
        )

    def readers(self, name: str) -> tuple[Reader, ...]:
        return (Reader(name, is_flink=True),)

    @property
    def is_python(self) -> bool:
        """Whether it is a zip of Python, and no jar."""
        return (self.code or self.key or "").lower().endswith(".zip")


def code_findings(application: FlinkAppSpec, directory: Path) -> Iterator[Finding]:
    """What is wrong with the file that an application names; paths are relative to the application.

    Args:
        application: The application.
        directory: The folder that its `code` is relative to.
    """
    if application.code is None:
        return
    # Unlike pathlib, os.path takes a name that no file can have for one that does not exist.
    file = os.path.join(directory, application.code)  # noqa: PTH118
    if not os.path.isfile(file):  # noqa: PTH113
        yield Finding(
            "FLK250",
            "the application's code does not exist",
            ("code",),
            note=f"`{application.code}` is looked up beside the spec's own file",
            help="build it, or correct the path",
        )
        return
    size = os.path.getsize(file)  # noqa: PTH202
    if size > LARGEST_CODE_BYTES:
        yield Finding(
            "FLK250",
            "the application's code is larger than Managed Flink takes",
            ("code",),
            note=f"`{application.code}` has {size / 2**20:,.0f} MB; it takes {flink.CODE_MB.value:g}",
            help="leave out what Flink has itself (in Maven: scope `provided`), and read data from S3 when the job starts",
        )
        return
    if problem := _nothing_to_run(application, file):
        message, help_ = problem
        yield Finding("FLK250", message, ("code",), note=f"it is `{application.code}`", help=help_)


def _nothing_to_run(application: FlinkAppSpec, file: str) -> tuple[str, str] | None:
    """Why Flink finds nothing to run in a file, and what helps; None where it finds something."""
    kind = "zip" if application.is_python else "jar"
    try:
        with zipfile.ZipFile(file) as archive:
            names = frozenset(archive.namelist())
            manifest = (
                b"" if application.is_python or _MANIFEST not in names else archive.open(_MANIFEST).read(_MOST_BYTES)
            )
    except (OSError, ValueError, NotImplementedError, RuntimeError, EOFError, zipfile.BadZipFile, zlib.error):
        return f"the application's code is no {kind}", f"build it anew: a {kind} that opens as one"
    if not application.is_python:
        if any(re.match(rb"(?i)(main|program)-class:", line) for line in manifest.splitlines()):
            return None
        return (
            "nothing in the jar says which class is run",
            "build it with `Main-Class: com.example.App` in its manifest",
        )
    for name in (application.python or "main.py", application.jarfile):
        if name is not None and name not in names:
            return (
                f"the zip has no `{name}`",
                "put it in, or say in `python` and `jarfile` which files of the zip they are",
            )
    return None

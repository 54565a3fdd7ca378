"""The code of a connector: a zip or a jar beside the spec, one in a bucket, or a custom plugin that exists."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, ClassVar

from pydantic import Field

from streaming_constructs.spec.arns import BucketName
from streaming_constructs.spec.finding import Edit, Finding
from streaming_constructs.spec.model import Int, Short, SpecModel, arn, form

PluginArn = Annotated[
    str,
    arn(
        "kafkaconnect",
        "custom-plugin/[A-Za-z0-9_-]{1,128}/[a-zA-Z0-9-]+",
        "the ARN of a custom plugin, arn:aws:kafkaconnect:REGION:ACCOUNT:custom-plugin/NAME/UUID",
    ),
]
PluginKey = Annotated[str, form(r"^[^\x00-\x1f]+$", "a text on one line", max_length=1024)]
PluginPath = Annotated[str, form(r"^[^\x00-\x1f]+$", "a text on one line", max_length=1000)]
ObjectVersion = Annotated[str, form(r"^[^\s\x00-\x1f]+$", "the version of an object, as S3 writes it", max_length=1024)]
WAYS = ("path", "bucket", "arn")
ENDINGS = (".zip", ".jar")


class Plugin(SpecModel):
    """The code of a connector, with all that it needs: one zip, or one jar."""

    example: ClassVar = {"bucket": "my-plugins", "key": "debezium-connector-postgres-3.0.zip"}

    path: PluginPath | None = Field(
        default=None,
        description="A zip or a jar beside the spec, or a folder that is zipped; it is uploaded with the stack. Left out: it "
        "is in a bucket, or exists.",
    )
    bucket: BucketName | None = Field(
        default=None, description="The bucket that it is in. Left out: it is beside the spec, or exists."
    )
    key: PluginKey | None = Field(default=None, description="Its key in the bucket. Left out: there is no `bucket`.")
    object_version: ObjectVersion | None = Field(
        default=None,
        description="The version of the object; another one makes another plugin. Left out: the latest, and a file that is "
        "put in its place is not noticed.",
    )
    arn: PluginArn | None = Field(
        default=None, description="ARN of a custom plugin of MSK Connect that exists. Left out: one is created."
    )
    revision: Annotated[Int, Field(ge=1)] = Field(
        default=1,
        description="Revision of the plugin that `arn` names. Left out: 1, the only one that plugins have so far.",
    )

    def findings(self) -> Iterator[Finding]:
        given = [way for way in WAYS if getattr(self, way) is not None]
        if len(given) != 1:
            yield Finding(
                "MSK428",
                "a plugin is in one place" if given else "nothing says where the plugin is",
                note=f"{' and '.join(f'`{way}`' for way in given)} are given" if given else "",
                help="write a path such as `plugins/debezium-postgres.zip`, `{bucket: my-plugins, key: "
                "debezium-postgres.zip}`, or the ARN of a custom plugin",
                edits=tuple(Edit((way,)) for way in given[1:]),
            )
            return
        for field, needed in (("key", "bucket"), ("object_version", "bucket"), ("revision", "arn")):
            if field in self.model_fields_set and getattr(self, needed) is None and getattr(self, field) is not None:
                yield Finding(
                    "LNG404",
                    f"`{field}` has no effect here",
                    (field,),
                    note=f"it is about the one that `{needed}` names",
                    help=f"give `{needed}`, or take it out",
                    edits=(Edit((field,)),),
                )
        if self.bucket is not None and self.key is None:
            yield Finding(
                "LNG202",
                "`key` is missing",
                note="a bucket has many objects",
                help="add `key: debezium-connector-postgres-3.0.zip`",
                edits=(Edit(("key",), "plugin.zip", invented=True),),
            )
        name = self.key or ""
        if name and not name.lower().endswith(ENDINGS):
            yield Finding(
                "MSK428",
                "a plugin is a zip or a jar",
                ("key",),
                note=f"the key is `{name[:80]}`",
                help="name a file that ends in .zip or .jar",
                edits=(Edit(("key",), f"{name}.zip", invented=True),),
            )

    @property
    def content_type(self) -> str:
        """What it is, as MSK Connect calls it; a folder is zipped."""
        return "JAR" if (self.path or self.key or "").lower().endswith(".jar") else "ZIP"


def plugin_findings(plugin: Plugin, directory: Path) -> Iterator[Finding]:
    """What is wrong with the file that a plugin names; paths are relative to the plugin.

    Args:
        plugin: The plugin.
        directory: The folder that its `path` is relative to.
    """
    if plugin.path is None:
        return
    file = directory / plugin.path
    # Unlike pathlib, os.path takes a name that no file can have for one that does not exist.
    if os.path.isdir(file) or (os.path.isfile(file) and plugin.path.lower().endswith(ENDINGS)):  # noqa: PTH112, PTH113
        return
    there = os.path.exists(file)  # noqa: PTH110
    yield Finding(
        "MSK428",
        "a plugin is a zip, a jar or a folder" if there else "the plugin does not exist",
        ("path",),
        note=f"`{plugin.path}` is looked up beside the spec's own file",
        help="name a file that ends in .zip or .jar" if there else "put it there, or correct the path",
    )


def holds(plugin: Plugin, directory: Path, part: str) -> bool | None:
    """Whether a plugin has a file with a part in its name, or in the names inside of its jars; None where nobody can look.

    Args:
        plugin: The plugin.
        directory: The folder that its `path` is relative to.
        part: A part of the name.
    """
    if plugin.path is None:
        return None
    file = directory / plugin.path
    try:
        if file.is_dir():
            return any(part in path.name for path in file.rglob("*"))
        with zipfile.ZipFile(file) as archive:
            return any(part in name for name in archive.namelist())
    except (OSError, zipfile.BadZipFile):
        return None


def _meant(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return {"arn": value} if value.startswith("arn:") else {"path": value}


PluginField = Annotated[Plugin, Short(_meant, str)]
"""A plugin; a text is its path beside the spec, or its ARN."""

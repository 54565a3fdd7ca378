"""Applications of Flink with code of one's own: a jar of Java, or a zip of Python."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from streaming_constructs.spec.analytics.flink_application import FlinkApplicationSpec
from streaming_constructs.spec.arns import BucketName
from streaming_constructs.spec.connectors.plugin import PluginKey, PluginPath
from streaming_constructs.spec.model import form

PropertyGroup = Annotated[
    str, form(r"^[^\x00-\x1f]{1,50}$", "the name of a group of properties, of up to 50 characters")
]
PropertyText = Annotated[str, form(r"^[^\x00]{1,2048}$", "a text of 1 to 2048 characters")]


class FlinkAppSpec(FlinkApplicationSpec):
    """A jar or a zip that runs as an application of Flink; it is told what it reads and writes by groups of properties."""

    example: ClassVar = {"kind": "flink_app", "from": "clicks", "code": "build/app.jar"}

    kind: Literal["flink_app"] = Field(default="flink_app", description="An application of your own code.")
    code: PluginPath | None = Field(
        default=None,
        description="A jar, or a zip with main.py, beside the spec; it is uploaded with the stack. Left out: it is in a `bucket`.",
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
        description="Of a zip of Python: the file in it that is run. Left out: main.py of a zip; a jar has its main class in its "
        "manifest.",
    )
    jarfile: PluginPath | None = Field(
        default=None,
        description="Of a zip of Python: the jar in it that has the connectors, such as lib/pyflink-dependencies.jar. Left out: none.",
    )
    properties: Mapping[PropertyGroup, Mapping[PropertyGroup, PropertyText]] = Field(
        default_factory=dict,
        description="Groups of properties that the code reads, beside those of its edges. Left out: none.",
    )

"""The base of every model of the language, and the field types that several of them share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal, Self

from annotated_types import Interval
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from streaming_constructs.facts.fact import Range
from streaming_constructs.spec.finding import Finding

Environment = Literal["dev", "prod"]

# YAML types are taken as they stand: the text "5" is no number, the text "no" is no boolean.
Int = Annotated[int, Field(strict=True)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Bool = Annotated[bool, Field(strict=True)]

FORMS: dict[str, str] = {}
"""What each regular expression of the language asks for, in words."""


def form(pattern: str, words: str, **limits: int) -> StringConstraints:
    """The form of a text: a regular expression for programs, and the same in words for people.

    Args:
        pattern: What the text has to match.
        words: What to write, as it follows on "write …".
        limits: `max_length`, where the expression has none.
    """
    assert FORMS.setdefault(pattern, words) == words, f"{pattern} is told in two ways"
    return StringConstraints(pattern=pattern, max_length=limits.get("max_length"))


def arn(service: str, resource: str, words: str) -> StringConstraints:
    """The form of the ARN of a regional resource, in any partition.

    Args:
        service: Such as `kinesis`.
        resource: What the part after the account has to match.
        words: What to write, as it follows on "write …".
    """
    return form(rf"^arn:aws[a-z-]*:{service}:[a-z0-9-]+:[0-9]{{12}}:{resource}$", words)


NodeName = Annotated[
    str,
    form(r"^[a-z][a-z0-9_-]{0,63}$", "a name of up to 64 small letters, digits, `_` and `-` that starts with a letter"),
]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=10)]

FolderName = Annotated[
    str,
    form(
        r"^[A-Za-z0-9][A-Za-z0-9._=-]*(/[A-Za-z0-9][A-Za-z0-9._=-]*)*/?$",
        "folders of letters, digits and ._=- with `/` between them, such as raw/clicks",
        max_length=200,
    ),
]
SecretArn = Annotated[
    str,
    arn(
        "secretsmanager",
        # A permission names a secret with the six characters at its end; services of AWS put a `!` into names.
        # Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_iam-permissions.html
        r"secret:[A-Za-z0-9/_+=.@!-]+-[A-Za-z0-9]{6}",
        "the whole ARN of a secret, arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME-6CHARS",
    ),
]
RoleArn = Annotated[
    str,
    form(
        r"^arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9_+=,.@/-]+$",
        "the ARN of a role, arn:aws:iam::ACCOUNT:role/NAME",
    ),
]
CatalogName = Annotated[str, form(r"^[a-z0-9_]{1,255}$", "a name of the Glue catalog: small letters, digits and `_`")]
AccountId = Annotated[str, form(r"^[0-9]{12}$", "the 12 digits of an account, in quotes")]

KeyArn = Annotated[str, arn("kms", "key/[a-zA-Z0-9-]+", "the ARN of a KMS key, arn:aws:kms:REGION:ACCOUNT:key/ID")]


class SpecModel(BaseModel):
    """A part of the language: frozen, closed to unknown fields, and judged as a whole once its fields are right."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", validate_by_name=True, validate_by_alias=True, defer_build=True
    )

    def findings(self) -> Iterator[Finding]:
        """Errors that concern several fields together; paths are relative to this model."""
        yield from ()

    @model_validator(mode="after")
    def _raise_findings(self) -> Self:
        findings = tuple(self.findings())
        if findings:
            raise refusal(*findings)
        return self

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: Any, handler: Any) -> dict[str, Any]:
        schema: dict[str, Any] = handler.resolve_ref_schema(handler(core_schema))
        # What a node is, and what it reads, stands first, also where it inherits its other fields.
        properties = schema.get("properties", {})
        first = [name for name in ("kind", "mode", "from") if name in properties]
        schema["properties"] = {name: properties[name] for name in [*first, *properties]}
        # In Python the class says which kind it is; in a file the field has to.
        for tag in ("kind", "mode"):
            if tag in cls.model_fields:
                schema["required"] = [tag, *(name for name in schema.get("required", ()) if name != tag)]
                schema["properties"][tag].pop("default", None)
        return schema

    @classmethod
    def tag(cls) -> str:
        """The value of `kind` (or `mode`) that names this model in a file."""
        field = cls.model_fields.get("kind") or cls.model_fields["mode"]
        return str(field.default)


def refusal(*findings: Finding) -> PydanticCustomError:
    """One pydantic error that carries several findings, so that none hides another."""
    message = "; ".join(f"[{finding.code}] {finding.message}" for finding in findings)
    return PydanticCustomError("spec_findings", "{message}", {"message": message, "findings": findings})


def within(allowed: Range) -> Interval:
    """The limits of a number, where AWS states a range for it."""
    return Interval(ge=allowed.minimum, le=allowed.maximum)


def tagged(*models: type[SpecModel]) -> Any:
    """Reads a mapping in a file as one of `models`, by its `kind`, even while there is only one of them.

    A kind that joins later then breaks no file, because every file already names its kind.
    """
    tags = {model.tag() for model in models}

    def require_tag(value: Any) -> Any:
        if isinstance(value, dict):
            if "kind" not in value:
                raise PydanticCustomError("union_tag_not_found", "missing", {"discriminator": "'kind'", "tags": tags})
            if not isinstance(value["kind"], str) or value["kind"] not in tags:
                context = {"discriminator": "'kind'", "tag": str(value["kind"]), "expected_tags": ", ".join(tags)}
                raise PydanticCustomError("union_tag_invalid", "not a kind", context)
        return value

    return BeforeValidator(require_tag)


def word(tag_field: str, union: Any, *words: str) -> Any:
    """Lets one word stand for a mapping that only names its kind: `keep_in: s3` for `keep_in: {kind: s3}`."""

    def expand(value: Any) -> Any:
        return {tag_field: value} if isinstance(value, str) else value

    return BeforeValidator(expand, json_schema_input_type=Literal[words] | union)


def only_with(model: SpecModel, needed: str, *fields: str, code: str, reason: str) -> Iterator[Finding]:
    """Findings for fields that were given although the field they need was not."""
    if getattr(model, needed) is None:
        for field in fields:
            if field in model.model_fields_set and getattr(model, field) is not None:
                yield Finding(
                    code,
                    f"`{field}` has no effect here",
                    (field,),
                    note=reason,
                    help=f"give `{needed}`, or take it out",
                )


def listed_once(model: SpecModel, field: str) -> Iterator[Finding]:
    """Findings for items of a list that stand in it twice."""
    items = getattr(model, field)
    for position, item in enumerate(items):
        if item in items[:position]:
            yield Finding(
                "LNG406",
                f"an item of `{field}` is listed twice",
                (field, position),
                note=f"it is the same as item {items.index(item)}, counted from 0; AWS takes each once",
                help="take one out",
            )

"""The base of every model of the language, and the field types that several of them share."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Self, dataclass_transform

from annotated_types import Interval
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticCustomError, core_schema, to_jsonable_python

from streaming_constructs.facts.fact import Range
from streaming_constructs.spec.finding import Edit, Finding, SpecError

# YAML types are taken as they stand: the text "5" is no number, the text "no" is no boolean.
Int = Annotated[int, Field(strict=True)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Bool = Annotated[bool, Field(strict=True)]

FORMS: dict[str, str] = {}
"""What each regular expression of the language asks for, in words."""


def form(pattern: str, words: str, **limits: int) -> StringConstraints:
    """The form of a text: a regular expression for programs, and the same in words for people.

    Args:
        pattern: What the text has to match. Of characters that are told by what they are not, the length is
            `max_length`: to compile a thousand repeats of them takes as long as to check a small file.
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


NODE_NAME_CHARACTERS = 64
"""How long the name of a node may be."""
NodeName = Annotated[
    str,
    form(
        rf"^[a-z][a-z0-9_-]{{0,{NODE_NAME_CHARACTERS - 1}}}$",
        f"a name of up to {NODE_NAME_CHARACTERS} small letters, digits, `_` and `-` that starts with a letter",
    ),
]


class Short:
    """The annotation of a part that may be written shorter: what was written becomes the long form before it is read.

    Pydantic's own `BeforeValidator` would build the short forms for the JSON Schema whenever a spec is read.
    """

    def __init__(self, expand: Callable[[Any], Any], *takes: Any) -> None:
        """Says what is shorter.

        Args:
            expand: Makes the long form of a short one, and leaves anything else.
            takes: The types of the short forms, for the JSON Schema.
        """
        self._expand = expand
        self._takes = takes

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_before_validator_function(self._expand, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        from pydantic import TypeAdapter

        long = handler(schema)
        short = [handler(TypeAdapter(taken).core_schema) for taken in self._takes]
        return {"anyOf": [*short, *(long.get("anyOf") or long.get("oneOf") or [long])]}


def _listed(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


NodeNames = Annotated[tuple[NodeName, ...], Short(_listed, NodeName)]
"""One name, or a list of them."""


def _only(value: Any) -> Any:
    return value[0] if isinstance(value, list | tuple) and len(value) == 1 else value


OneNodeName = Annotated[NodeName, Short(_only, Annotated[tuple[NodeName, ...], Field(min_length=1, max_length=1)])]
"""One name; a list of one is taken for it."""
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

SecurityGroupId = Annotated[str, form(r"^sg-[0-9a-f]{8,17}$", "the id of a security group, sg-0123456789abcdef0")]
KeyArn = Annotated[str, arn("kms", "key/[a-zA-Z0-9-]+", "the ARN of a KMS key, arn:aws:kms:REGION:ACCOUNT:key/ID")]


if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic._internal._model_construction import ModelMetaclass
else:
    ModelMetaclass = type(BaseModel)


@dataclass_transform(kw_only_default=True, field_specifiers=(Field, PrivateAttr))  # type checkers look at no base of it
class _SpecMeta(ModelMetaclass):
    """What a class of the language does when Python calls it: the findings of a file, and a signature with its fields."""

    if not TYPE_CHECKING:

        def __call__(cls, *args: Any, **fields: Any) -> Any:
            try:
                return super().__call__(*args, **fields)
            except ValidationError as error:
                from streaming_constructs.spec.validation_errors import validation_findings

                raise SpecError(tuple(validation_findings(error, cls, fields))) from None

    @property
    def __signature__(cls) -> inspect.Signature:
        return inspect.Signature(
            [
                inspect.Parameter(
                    name,
                    inspect.Parameter.KEYWORD_ONLY,
                    default=inspect.Parameter.empty
                    if field.is_required()
                    else field.get_default(call_default_factory=True),
                    annotation=field.annotation,
                )
                for name, field in cls.model_fields.items()  # type: ignore[attr-defined]
            ]
        )

    @__signature__.setter
    def __signature__(cls, signature: object) -> None:
        """Pydantic's own, made when a model is first used, comes too late for who looks it up before."""


class SpecModel(BaseModel, metaclass=_SpecMeta):
    """A part of the language: frozen, closed to unknown fields, and judged as a whole once its fields are right.

    Raises:
        SpecError: When it is built in Python with fields that are wrong, with all of their findings.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", validate_by_name=True, validate_by_alias=True, defer_build=True
    )

    example: ClassVar[Any] = None
    """What a file could say in this place: a complete piece to paste where it is missing or of another form."""

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
        first = [name for name in ("kind", "from", "to") if name in properties]
        schema["properties"] = {name: properties[name] for name in [*first, *properties]}
        # In Python the class says which kind it is; in a file the field has to.
        if "kind" in cls.model_fields:
            schema["required"] = ["kind", *(name for name in schema.get("required", ()) if name != "kind")]
            schema["properties"]["kind"].pop("default", None)
        if cls.example is not None:
            schema["examples"] = [cls.example]
        return schema

    @classmethod
    def tag(cls) -> str:
        """The value of `kind` that names this model in a file."""
        return str(cls.model_fields["kind"].default)


def field_names(model: Any) -> list[str]:
    """The fields of a model, as a file calls them; none of what is no model.

    Args:
        model: The model, or whatever the type of a place is.
    """
    return [str(field.validation_alias or name) for name, field in getattr(model, "model_fields", {}).items()]


def refusal(*findings: Finding) -> PydanticCustomError:
    """One pydantic error that carries several findings, so that none hides another."""
    message = "; ".join(f"[{finding.code}] {finding.message}" for finding in findings)
    return PydanticCustomError("spec_findings", "{message}", {"message": message, "findings": findings})


def _passed_to_cdk(name: str) -> str:
    if name == NAME_OF_JAVASCRIPT:
        raise refusal(
            Finding(
                "LNG206",
                f"`{name}` cannot be a name here",
                note="CDK runs in JavaScript, where it names something that every object has: CDK cannot be told of another",
                help=f"name it otherwise, such as `{name.strip('_')}`",
            )
        )
    return name


NAME_OF_JAVASCRIPT = "__proto__"
"""What no key of a mapping can be that CDK is given."""
PassedToCdk = AfterValidator(_passed_to_cdk)
"""Of names that become keys of a mapping that CDK is given."""


def within(allowed: Range) -> Interval:
    """The limits of a number, where AWS states a range for it."""
    return Interval(ge=allowed.minimum, le=allowed.maximum)


def word(tag_field: str, union: Any, *words: str) -> Short:
    """Lets one word stand for a mapping that only names its kind: `encryption: aws_managed`.

    Args:
        tag_field: The field that the word is the value of.
        union: What the mapping may be; kept for readers, as the annotation beside it says the same.
        words: The words.
    """
    del union
    return Short(lambda value: {tag_field: value} if isinstance(value, str) else value, Literal[words])


def no_effect(field: str, *, note: str, help_: str = "take it out") -> Finding:
    """The finding of a field that changes nothing where it stands.

    Args:
        field: The field.
        note: Why it changes nothing.
        help_: What to do about it.
    """
    return Finding("LNG404", f"`{field}` has no effect here", (field,), note=note, help=help_, edits=(Edit((field,)),))


def said_twice(spec: SpecModel, *pairs: tuple[str, str]) -> Iterator[Finding]:
    """The findings of fields that say the same in different units, where both are given.

    Args:
        spec: What has the fields.
        pairs: Two fields each; the second has no effect beside the first.
    """
    for first, second in pairs:
        if getattr(spec, first) is not None and getattr(spec, second) is not None:
            yield Finding(
                "LNG404",
                f"`{second}` has no effect beside `{first}`",
                (second,),
                note="both say the same",
                help="take one of them out",
                edits=(Edit((second,)),),
            )


def not_on_existing(field: str, resource: str, named_by: str, help_: str) -> Finding:
    """The finding of a field that only a resource that is created can have.

    Args:
        field: The field.
        resource: What is adopted, such as `stream`.
        named_by: The field that names the existing one.
        help_: What to do about it.
    """
    return Finding(
        "LNG403",
        f"`{field}` cannot be set on an existing {resource}",
        (field,),
        note=f"`{named_by}` names a {resource} that is adopted as it is",
        help=help_,
        edits=(Edit((field,)),),
    )


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
                    edits=(Edit((field,)),),
                )


def listed_once(model: SpecModel, field: str) -> Iterator[Finding]:
    """Findings for items of a list that stand in it twice."""
    first: dict[str, int] = {}
    for position, item in enumerate(getattr(model, field)):
        # Its own serializer: a model that nothing has built yet has none that Pydantic itself could call.
        plain = item.model_dump(mode="json") if isinstance(item, BaseModel) else to_jsonable_python(item)
        known = first.setdefault(json.dumps(plain, sort_keys=True), position)
        if known != position:
            yield Finding(
                "LNG406",
                f"an item of `{field}` is listed twice",
                (field, position),
                note=f"it is the same as item {known}, counted from 0; AWS takes each once",
                help="take one out",
                edits=(Edit((field, position)),),
            )

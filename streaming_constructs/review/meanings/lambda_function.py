"""What changes of Lambda functions, their versions, aliases and layers mean: code, time and memory, concurrency, variables,
network, logs. What becomes of events that nobody waits for is in `lambda_asynchronous`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from streaming_constructs.facts.lambda_function import FUNCTION_DEFAULTS, LOG_LEVELS
from streaming_constructs.review.comparing.defaults import is_by_default
from streaming_constructs.review.comparing.differences import same
from streaming_constructs.review.comparing.pair import Pair
from streaming_constructs.review.comparing.replacement import Replacement
from streaming_constructs.review.comparing.template import dotted_path
from streaming_constructs.review.comparing.values import listed, number, shown
from streaming_constructs.review.events.event_sources import FUNCTION
from streaming_constructs.review.meaning import Changed, Meaning, Meanings, means, when_replaced
from streaming_constructs.review.meanings import any_resource
from streaming_constructs.review.meanings.kinesis import encryption
from streaming_constructs.review.rules.quantities import Quantity, defaults_of

ALIAS = "AWS::Lambda::Alias"
VERSION = "AWS::Lambda::Version"
LAYER = "AWS::Lambda::LayerVersion"
LAYER_PERMISSION = "AWS::Lambda::LayerVersionPermission"

is_by_default(FUNCTION, FUNCTION_DEFAULTS)

_ASSET = re.compile(r"(?:^|[/:])[0-9a-f]{64}(?:\.[a-z]+)?$")
"""How the name of an asset of CDK ends: a hash of what is in it."""
_QUIET = re.compile(r"(LOG_?LEVEL|^POWERTOOLS_|^(GIT|BUILD|COMMIT|DEPLOY)_|_(COMMIT|BUILD|VERSION)$)", re.IGNORECASE)
"""Names of variables that change what is logged or told of a function, not what it does."""

_LONG = 32
"""Characters of a variable up to which a message repeats it."""


@means(FUNCTION, "Code", "ImageConfig.WorkingDirectory")
def code(changed: Changed) -> Iterator[Meaning]:
    """The code: that it is another is the common case, and nothing where only the hash of an asset tells so."""
    old, new = changed.old, changed.new
    if _is_asset(_file(old)) and _is_asset(_file(new)):
        return
    names = sorted({*_names(old), *_names(new)})
    differing = [name for name in names if not same(_part(old, name), _part(new, name))]
    yield Meaning("REV239", f"it runs other code: {', '.join(differing) or changed.name} changed")


def _file(value: Any) -> Any:
    return _part(value, "S3Key") or _part(value, "ImageUri")


def _names(value: Any) -> list[str]:
    return list(map(str, value)) if isinstance(value, Mapping) else []


def _part(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, Mapping) else None


def _is_asset(value: Any) -> bool:
    """Whether a name is that of an asset of CDK, also where its registry is known at deployment only."""
    if isinstance(value, Mapping):
        parts = value.get("Fn::Join")
        value = (
            parts[1][-1]
            if isinstance(parts, list) and len(parts) == 2 and isinstance(parts[1], list) and parts[1]
            else ""
        )
    return isinstance(value, str) and _ASSET.search(value) is not None


@means(FUNCTION, "Runtime", "Handler", "Architectures", "ImageConfig", "FileSystemConfigs", "CapacityProviderConfig")
def environment_of_code(changed: Changed) -> Iterator[Meaning]:
    """What the code runs in."""
    yield Meaning(
        "REV238",
        f"its code runs in something else ({changed.name}): {shown(changed.old)} → {shown(changed.new)}",
        "try the code with it first; behind a stream a function that fails holds up its shards",
    )


@means(FUNCTION, "Layers")
def layers(changed: Changed) -> Iterator[Meaning]:
    """What is laid under the code."""
    old, new = ({_unversioned(layer): shown(layer) for layer in listed(value)} for value in (changed.old, changed.new))
    gone = [layer for name, layer in old.items() if name not in new]
    come = [layer for name, layer in new.items() if name not in old]
    if gone:
        yield Meaning("REV238", f"layers are gone: {', '.join(gone)}", "see that nothing in the code needs them")
    if come or not gone:
        yield Meaning("REV239", f"its layers are {', '.join(new.values()) or 'none'}")


def _unversioned(layer: Any) -> str:
    text = str(layer)
    return text.rpartition(":")[0] if isinstance(layer, str) and text.rpartition(":")[2].isdecimal() else text


_QUANTITIES = {
    "Timeout": Quantity("time for a call", "s", "what takes longer fails, and is tried again", "REV236", "REV237"),
    "MemorySize": Quantity("memory", "MB", "it also has as much less CPU, and calls take longer", "REV236", "REV237"),
    "EphemeralStorage.Size": Quantity("room in /tmp", "MB", "what needs more of it fails", "REV236", "REV237"),
    "FunctionScalingConfig.MinExecutionEnvironments": Quantity(
        "environments at least", "", "a sudden rise waits for new ones", "REV203", "REV204"
    ),
    "FunctionScalingConfig.MaxExecutionEnvironments": Quantity(
        "environments at most", "", "calls above them are refused", "REV203", "REV204"
    ),
}


@means(FUNCTION, *_QUANTITIES)
@means(VERSION, *(path for path in _QUANTITIES if path.startswith("FunctionScalingConfig")))
def quantity(changed: Changed) -> Meanings:
    """How much time, memory and room a call has, and how many there are at a time."""
    return _QUANTITIES[changed.name].meanings(changed, defaults_of(FUNCTION_DEFAULTS, changed))


@means(FUNCTION, "ReservedConcurrentExecutions")
def reserved_concurrency(changed: Changed) -> Iterator[Meaning]:
    """How many calls at a time are kept for a function, which is also the most that it gets."""
    old, new = number(changed.old), number(changed.new)
    values = f"{_calls(changed.old)} → {_calls(changed.new)}"
    if new == 0:
        yield Meaning(
            "REV235",
            f"it is stopped: every call is refused ({values}); records of its streams wait, and expire unread",
            "to stop one reader, set `Enabled: false` on its mapping; take the reservation out to let it run",
        )
    elif old == 0:
        yield Meaning("REV204", f"it is called again: {values}")
    elif changed.new is None:
        yield Meaning(
            "REV203", f"no calls are kept for it: it shares what other functions of the account leave ({values})"
        )
    elif changed.old is None:
        yield Meaning("REV203", f"it gets {shown(changed.new)} calls at a time at most; it had no bound of its own")
    else:
        bound = Quantity("calls at a time", "", "what comes above waits, or is refused", "REV203", "REV204")
        yield from bound.meanings(changed)


def _calls(value: Any) -> str:
    return "no reservation" if value is None else f"{shown(value)} calls at a time"


@means(ALIAS, "ProvisionedConcurrencyConfig")
@means(VERSION, "ProvisionedConcurrencyConfig")
def provisioned_concurrency(changed: Changed) -> Meanings:
    """How many environments are kept ready."""
    name = "ProvisionedConcurrentExecutions"
    before, after = _part(changed.old, name), _part(changed.new, name)
    ready = Quantity(
        "environments that are kept ready", "", "calls above them wait for a cold start", "REV203", "REV204"
    )
    return ready.meanings(replace(changed, old=before, new=after), 0)


@means(FUNCTION, "Environment", "Environment.Variables.*")
def variables(changed: Changed) -> Iterator[Meaning]:
    """What a function is told by its variables."""
    name = str(changed.path[-1])
    if len(changed.path) < 3:
        yield Meaning("REV240", f"its variables are others: {shown(changed.old)} → {shown(changed.new)}")
    elif changed.old is None:
        yield Meaning("REV241", f"a new variable: {name}")
    elif _QUIET.search(name):
        yield Meaning("REV241", f"{name} is {_variable(changed.new)}")
    elif not _is_one_resource(changed):
        gone = "the variable is gone" if changed.new is None else f"{_variable(changed.old)} → {_variable(changed.new)}"
        yield Meaning(
            "REV240", f"{name}: {gone}", "see what the code does with it: where it reads or writes, for instance"
        )


def _variable(value: Any) -> str:
    """A variable's value in a message; a long text may be a secret."""
    return "a long text" if isinstance(value, str) and len(value) > _LONG else shown(value)


def _is_one_resource(changed: Changed) -> bool:
    """Whether a reference is to the same resource as before, which has another logical id."""
    match changed.old, changed.new:
        case {"Ref": old}, {"Ref": new}:
            pass
        case {"Fn::GetAtt": [old, before]}, {"Fn::GetAtt": [new, after]} if before == after:
            pass
        case _:
            return False
    was = changed.pair.old.resources.get(str(old))
    return was is not None and changed.pair.counterpart(was) == changed.pair.new.resources.get(str(new))


@means(FUNCTION, "VpcConfig")
def network(changed: Changed) -> Iterator[Meaning]:
    """In which network it runs."""
    if _sorted(changed.old) == _sorted(changed.new):
        return
    follows = "what it reaches is what its new subnets and groups let it"
    if not changed.old:
        follows = "it reaches AWS and the internet only through endpoints or a NAT of its VPC"
    elif not changed.new:
        follows = "it no longer reaches what is in the VPC"
    yield Meaning("REV242", f"it runs in another network: {shown(changed.old)} → {shown(changed.new)}; {follows}")


def _sorted(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    return {key: sorted(map(str, inner)) if isinstance(inner, list) else inner for key, inner in value.items()}


@means(FUNCTION, "Role")
def role(changed: Changed) -> Iterator[Meaning]:
    """As whom it acts."""
    yield Meaning("REV245", f"it acts as another role: {shown(changed.old)} → {shown(changed.new)}")


@means(FUNCTION, "KmsKeyArn", "Code.SourceKMSKeyArn", "DurableConfig.KMSKeyArn")
def key(changed: Changed) -> Iterator[Meaning]:
    """With which key its variables, its code or its state is encrypted: with one of AWS where nothing is said."""
    if changed.new is None:
        yield Meaning("REV207", f"{changed.name}: a key of AWS encrypts; it was {shown(changed.old)}")
    else:
        yield from encryption(changed, "its variables are" if changed.name == "KmsKeyArn" else f"{changed.name}: it is")


@means(FUNCTION, "TracingConfig")
def tracing(changed: Changed) -> Iterator[Meaning]:
    """Whether its calls are traced."""
    is_on = changed.new_resource.at("TracingConfig", "Mode") == "Active"
    yield Meaning("REV210" if is_on else "REV209", f"its calls are {'' if is_on else 'no longer '}traced")


@means(FUNCTION, "LoggingConfig.ApplicationLogLevel", "LoggingConfig.SystemLogLevel")
def log_level(changed: Changed) -> Iterator[Meaning]:
    """How much is logged."""
    old, new = (FUNCTION_DEFAULTS[changed.name] if value is None else value for value in (changed.old, changed.new))
    is_less = old not in LOG_LEVELS or new not in LOG_LEVELS or LOG_LEVELS.index(new) > LOG_LEVELS.index(old)
    yield Meaning("REV209" if is_less else "REV210", f"{changed.name}: it logs at {shown(new)}; it was {shown(old)}")


@means(FUNCTION, "LoggingConfig")
def log_target(changed: Changed) -> Iterator[Meaning]:
    """Where it logs, and in which form."""
    old, new = (each.at("LoggingConfig", "LogGroup") for each in (changed.old_resource, changed.new_resource))
    if not same(old, new):
        yield Meaning(
            "REV209",
            f"it logs to {_group(new)}; it was {_group(old)}: filters and alarms of the other see nothing more",
        )
    before, after = (
        _format(each.at("LoggingConfig", "LogFormat")) for each in (changed.old_resource, changed.new_resource)
    )
    if not same(before, after):
        yield Meaning(
            "REV209", f"its logs are {shown(after)}; they were {shown(before)}: filters that read them have to fit"
        )


def _group(value: Any) -> str:
    return "its own group /aws/lambda/…" if value is None else shown(value)


def _format(value: Any) -> Any:
    return FUNCTION_DEFAULTS["LoggingConfig.LogFormat"] if value is None else value


@means(FUNCTION, "CodeSigningConfigArn")
def code_signing(changed: Changed) -> Iterator[Meaning]:
    """Whether only code runs that somebody signed."""
    if changed.old is None:
        yield Meaning("REV244", f"only code runs that is signed as {shown(changed.new)} asks for")
    else:
        follows = "code runs that nobody signed" if changed.new is None else f"{shown(changed.new)} says who signs"
        yield Meaning("REV243", f"{follows}; it was {shown(changed.old)}")


@means(FUNCTION, "RecursiveLoop")
def loop(changed: Changed) -> Iterator[Meaning]:
    """Whether Lambda stops a function that calls itself over and over."""
    if changed.new == "Allow":
        yield Meaning("REV243", "Lambda no longer stops it when it calls itself over and over, by a queue for instance")
    else:
        yield Meaning("REV244", "Lambda stops it when it calls itself over and over")


@means(FUNCTION, "RuntimeManagementConfig")
def runtime_updates(changed: Changed) -> Iterator[Meaning]:
    """Who decides when the runtime is patched."""
    how = changed.new_resource.at("RuntimeManagementConfig", "UpdateRuntimeOn")
    if how is None or how == "Auto":
        yield Meaning("REV244", "its runtime is patched as soon as AWS has a patch")
    else:
        yield Meaning("REV243", f"its runtime is patched less soon: {shown(changed.old)} → {shown(changed.new)}")


@means(FUNCTION, "SnapStart", "PublishToLatestPublished", "VpcConfig.Ipv6AllowedForDualStack")
def start(changed: Changed) -> Iterator[Meaning]:
    """How it starts."""
    yield Meaning("REV229", f"{changed.name}: {shown(changed.old)} → {shown(changed.new)}")


@means(FUNCTION, "DurableConfig.ExecutionTimeout", "DurableConfig.RetentionPeriodInDays")
def durable(changed: Changed) -> Meanings:
    """How long an execution of a durable function may last, and how long what it did is kept."""
    if changed.name.endswith("ExecutionTimeout"):
        return Quantity("time of an execution", "s", "what takes longer is given up", "REV236", "REV237").meanings(
            changed
        )
    kept = Quantity("what executions did is kept", "days", "what is older is deleted", "REV200", "REV201")
    return kept.meanings(changed, defaults_of(FUNCTION_DEFAULTS, changed))


@means(ALIAS, "FunctionVersion", "RoutingConfig")
def version(changed: Changed) -> Iterator[Meaning]:
    """Which version answers."""
    yield Meaning("REV246", f"{changed.name}: {shown(changed.old)} → {shown(changed.new)}")


@when_replaced(VERSION, LAYER)
def version_replaced(pair: Pair, replacement: Replacement) -> Iterator[Meaning]:
    """Another version of a function or a layer: the way to change one."""
    old, new = replacement.old, replacement.new
    if new.type == VERSION:
        if not same(old.at("ProvisionedConcurrencyConfig"), new.at("ProvisionedConcurrencyConfig")):
            path = ("ProvisionedConcurrencyConfig",)
            values = (each.at("ProvisionedConcurrencyConfig") for each in (old, new))
            yield from provisioned_concurrency(Changed(pair, old, new, path, *values))
    elif all(_is_asset(each.at("Content", "S3Key")) for each in (old, new)) and replacement.path[0] == "Content":
        return
    yield Meaning("REV246", f"another version of it takes its place: `{dotted_path(replacement.path)}` is another")


@when_replaced(LAYER_PERMISSION)
def permission_replaced(pair: Pair, replacement: Replacement) -> Iterator[Meaning]:
    """A permission for another version of the same layer says nothing new."""
    if not replacement.because:
        yield from any_resource.replaced(pair, replacement)

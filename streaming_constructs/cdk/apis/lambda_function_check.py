"""What of an API with a function behind it cannot be built from its spec and what is brought for it."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from pathlib import Path

from streaming_constructs.cdk.existing import brought_finding
from streaming_constructs.planning.apis.lambda_function import LambdaApiPlan
from streaming_constructs.planning.apis.lambda_function_findings import api_findings
from streaming_constructs.spec.finding import Finding, SpecError
from streaming_constructs.spec.function import CODE_OR_FUNCTION, CREATED_FUNCTION_FIELDS
from streaming_constructs.spec.function_code import code_findings


def check_api(
    plan: LambdaApiPlan, directory: Path, *, function_given: bool, in_vpc: bool, read: AbstractSet[str]
) -> None:
    """Refuses an API that cannot be built, with all that is wrong with it.

    Args:
        plan: The API with its numbers.
        directory: The folder that the spec's `code` is relative to.
        function_given: Whether a function was brought.
        in_vpc: Whether it is placed in a VPC beside the spec.
        read: The names of what was brought to read.

    Raises:
        SpecError: With the findings.
    """
    spec = plan.spec
    findings = [finding for finding in api_findings(plan) if finding.level == "error"]
    findings += code_findings(spec, directory)
    if function_given:
        ignored = ("code", "function_arn", *CREATED_FUNCTION_FIELDS)
        given = [field for field in ignored if field in spec.model_fields_set and getattr(spec, field) is not None]
        findings += [brought_finding(field, "function") for field in given]
    if in_vpc and spec.code is None:
        findings.append(brought_finding("vpc", "function" if function_given else "function_arn"))
    if not function_given and spec.code is None and spec.function_arn is None:
        help_ = "give `code` or `function_arn` in the spec, or `function=`"
        findings.append(Finding("LAM501", CODE_OR_FUNCTION.message, help=help_))
    for position, name in enumerate(spec.from_):
        if name not in read:
            help_ = f'give `tables={{"{name}": …}}`'
            findings.append(Finding("GRF301", f"nothing was brought as `{name}`", ("from", position), help=help_))
    for name in sorted(read - set(spec.from_)):
        findings.append(
            Finding(
                "LNG404",
                f"`{name}` was brought, and the spec does not read it",
                ("from",),
                note="`tables=` was given",
                help=f"add `{name}` to the spec's `from`, or do not bring it",
            )
        )
    if findings:
        raise SpecError([finding.below(plan.name) for finding in findings])

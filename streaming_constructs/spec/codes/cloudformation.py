"""CloudFormation: how much one stack takes."""

from __future__ import annotations

from streaming_constructs.facts import cloudformation
from streaming_constructs.spec.codes.code import Code, piece

_LIMITS = cloudformation.STACK_RESOURCES.source
_DIVIDED = piece("""
    # orders.yaml has the streams, and this file what reads them
    streams:
      payments: {kind: kinesis, arn: "arn:aws:kinesis:eu-west-1:123456789012:stream/payments"}
""")
_TOO_MUCH = "# a system that is too large for one stack\n"

CODES = (
    Code(
        "CFN121",
        "more resources than a stack takes",
        "CloudFormation takes 500 resources in a stack, and an alarm is one of them; a consumer with its alarms is a dozen. "
        "CDK refuses to write a larger template. `validate` counts what there is at least, `synth` what there is.",
        _TOO_MUCH,
        _DIVIDED,
        form="elsewhere",
        source=_LIMITS,
    ),
    Code(
        "CFN122",
        "more outputs than a stack takes",
        "CloudFormation takes 200 outputs in a stack, and refuses the template otherwise. A stream has two of them, with its "
        "name and its ARN, also where it is an existing one.",
        _TOO_MUCH,
        _DIVIDED,
        form="elsewhere",
        source=_LIMITS,
    ),
    Code(
        "CFN123",
        "more parameters than a stack takes",
        "CloudFormation takes 200 parameters in a stack, and refuses the template otherwise. Those of a system are few; "
        "another construct in the same stack may have brought them.",
        _TOO_MUCH,
        _DIVIDED,
        form="elsewhere",
        source=_LIMITS,
    ),
    Code(
        "CFN124",
        "a template larger than CloudFormation takes",
        "CloudFormation takes templates of 1 MB, read from S3 as CDK has them read, and refuses a larger one before anything "
        "is created. Tables with thousands of columns are what makes them large.",
        _TOO_MUCH,
        _DIVIDED,
        form="elsewhere",
        source=_LIMITS,
    ),
    Code(
        "CFN125",
        "a description longer than CloudFormation takes",
        "The description of a template has 1,024 bytes at most. That of a system is its name and its environment; an app may "
        "have given its stack another one, which CloudFormation then refuses.",
        _TOO_MUCH,
        _DIVIDED,
        form="elsewhere",
        source=_LIMITS,
    ),
    Code(
        "CFN126",
        "more dynamic references than a stack takes",
        "CloudFormation takes 60 references to parameters and secrets, `{{resolve:…}}`, in a template. The word `powertools` "
        "is one for each function that has it, and so is each secret that a value names.",
        _TOO_MUCH,
        _DIVIDED,
        form="elsewhere",
        source=_LIMITS,
    ),
    Code(
        "CFN127",
        "a policy longer than AWS takes",
        "A managed policy of IAM has 6,144 characters at most, a bucket policy 20 KB, the policy of a key 32 KB. AWS refuses a "
        "longer one while the stack is being deployed, and then everything is rolled back.",
        "# a consumer with `permissions` on hundreds of resources, each by its ARN\n",
        piece("""
            consumers:
              fraud:
                permissions: [{actions: ["dynamodb:GetItem"], resources: ["arn:aws:dynamodb:*:*:table/payments-*"]}]
        """),
        form="elsewhere",
        source=cloudformation.MANAGED_POLICY_CHARACTERS.source,
    ),
)

"""Templates about access, in few words."""

from __future__ import annotations

from typing import Any

from streaming_constructs.review.auditing import audit
from streaming_constructs.review.reading.read_template import as_source
from streaming_constructs.review.templates_review import review

STREAM = "arn:aws:kinesis:eu-west-1:111122223333:stream/clicks"
LAMBDA = {"Service": "lambda.amazonaws.com"}

Resources = dict[str, Any]


def codes(old: Resources, new: Resources) -> dict[str, str]:
    """The code and grade of all that a review says, in both directions of a dictionary that a test compares."""
    remarks = review(as_source({"Resources": old}, "old"), as_source({"Resources": new}, "new")).remarks
    return {remark.code: remark.grade for remark in remarks}


def messages(old: Resources, new: Resources, code: str) -> list[str]:
    remarks = review(as_source({"Resources": old}, "old"), as_source({"Resources": new}, "new")).remarks
    return [f"{remark.logical_id}: {remark.message}" for remark in remarks if remark.code == code]


def faults(resources: Resources, **sections: Any) -> list[str]:
    """Code and logical id of all that an audit says."""
    return sorted(
        f"{each.code} {each.logical_id}" for each in audit(as_source({"Resources": resources, **sections}, "t"))
    )


def resource(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": f"AWS::{kind}", "Properties": properties}


def allow(action: Any, on: Any = STREAM, **parts: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": on, **parts}


def trusted(*principals: Any, **parts: Any) -> dict[str, Any]:
    return {
        "Statement": [
            {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal, **parts} for principal in principals
        ]
    }


def role(*statements: Any, **properties: Any) -> dict[str, Any]:
    inline = [{"PolicyName": "inline", "PolicyDocument": {"Statement": list(statements)}}] if statements else None
    told = {"AssumeRolePolicyDocument": trusted(LAMBDA), **({"Policies": inline} if inline else {}), **properties}
    return resource("IAM::Role", **told)


def policy(*statements: Any, kind: str = "IAM::Policy", **properties: Any) -> dict[str, Any]:
    told = {"PolicyName": "reads", "Roles": [{"Ref": "Role"}]} if kind == "IAM::Policy" else {}
    return resource(kind, **{"PolicyDocument": {"Statement": list(statements)}, **told, **properties})

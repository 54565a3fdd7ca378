"""What changes of a template mean for work groups of Athena."""

from __future__ import annotations

from streaming_constructs.spec.codes.code import review_code

_GUIDE = "https://docs.aws.amazon.com/athena/latest/ug"

CODES = (
    review_code(
        "REV391",
        "caution",
        "delivery",
        "results of queries go elsewhere, or are encrypted otherwise",
        "Queries work as before. Whoever reads their results from the earlier place, or with the earlier key, finds no "
        "new ones.",
        before="""
            Group:
              Type: AWS::Athena::WorkGroup
              Properties:
                Name: analysts
                WorkGroupConfiguration: {ResultConfiguration: {OutputLocation: s3://results/}}
        """,
        after="""
            Group:
              Type: AWS::Athena::WorkGroup
              Properties:
                Name: analysts
                WorkGroupConfiguration: {ResultConfiguration: {OutputLocation: s3://answers/}}
        """,
        source=f"{_GUIDE}/workgroups-settings.html",
    ),
    review_code(
        "REV392",
        "fine",
        "none",
        "a work group of Athena is set otherwise",
        "Its tables and the results that are there stay as they are, and nobody may read more than before.",
        before="""
            Group: {Type: AWS::Athena::WorkGroup, Properties: {Name: analysts, Description: for analysts}}
        """,
        after="""
            Group: {Type: AWS::Athena::WorkGroup, Properties: {Name: analysts, Description: for all analysts}}
        """,
        source=f"{_GUIDE}/workgroups-settings.html",
    ),
)

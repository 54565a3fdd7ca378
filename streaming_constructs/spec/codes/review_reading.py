"""Why templates cannot be reviewed."""

from __future__ import annotations

from streaming_constructs.spec.codes.code import Code

CODES = (
    Code(
        "REV901",
        "a file is neither JSON nor YAML",
        "A review reads templates as CloudFormation does. Where one cannot be read nothing can be said about a change of it, "
        "and nothing is: the exit code is 1.",
        "Resources: {Clicks: {Type: AWS::Kinesis::Stream\n",
        "Resources: {Clicks: {Type: AWS::Kinesis::Stream}}\n",
        form="elsewhere",
    ),
    Code(
        "REV902",
        "a file is no template of CloudFormation",
        "A template has a mapping `Resources`. A file without one would be taken for a template that creates nothing, and each "
        "resource of the other for one that is deleted.",
        "streams: {clicks: {kind: kinesis}}\n",
        "Resources: {Clicks: {Type: AWS::Kinesis::Stream}}\n",
        form="elsewhere",
    ),
    Code(
        "REV903",
        "a file is larger or deeper than any template",
        "A few lines of YAML can unfold into more than a machine holds. CloudFormation takes templates of 1 MB; far larger "
        "ones are an accident or an attack.",
        "a: &a [1, 1]\nb: &b [*a, *a]\nResources: [*b, *b]\n",
        "Resources: {Clicks: {Type: AWS::Kinesis::Stream}}\n",
        form="elsewhere",
    ),
    Code(
        "REV905",
        "the schemas of CloudFormation's resource types are not installed",
        "What replaces a resource is read from the schemas that cfn-lint carries, and not from a list of ours. They come with "
        "the extra `review`.",
        "streaming-constructs review old.json new.json",
        "pip install 'streaming-constructs[review]'",
        form="elsewhere",
    ),
)

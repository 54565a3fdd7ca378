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
        "A few lines of YAML can unfold into more than a machine holds. CloudFormation takes templates of 1 MB and 500 "
        "resources; what has more than twice of either is an accident or an attack, and is not read.",
        "a: &a [1, 1]\nb: &b [*a, *a]\nResources: [*b, *b]\n",
        "Resources: {Clicks: {Type: AWS::Kinesis::Stream}}\n",
        form="elsewhere",
    ),
    Code(
        "REV904",
        "an entry of `Resources` is no resource",
        "CloudFormation refuses a template with an entry that has no type. A review that passed over it would call the "
        "resource that stood there deleted, or say nothing of it.",
        "Resources: {Clicks: {Properties: {ShardCount: 1}}}\n",
        "Resources: {Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 1}}}\n",
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
    Code(
        "REV906",
        "a file of acceptances cannot be read, or has no list of them",
        "What is accepted leaves the verdict. Where it cannot be read nothing is guessed: the run ends with 1, and nothing is "
        "taken for accepted.",
        "review: {accept: REV103}\n",
        "review:\n  accept:\n    - {code: REV103, logical_id: OldClicks, reason: nobody reads it any more}\n",
        form="elsewhere",
    ),
    Code(
        "REV907",
        "an unknown field in a file of acceptances",
        "A field that is misspelt would do nothing: an acceptance without its `until` would hold for ever.",
        "review:\n  accept:\n    - {code: REV103, logical_id: OldClicks, reason: nobody reads it, untill: 2026-12-31}\n",
        "review:\n  accept:\n    - {code: REV103, logical_id: OldClicks, reason: nobody reads it, until: 2026-12-31}\n",
        form="elsewhere",
    ),
    Code(
        "REV908",
        "an acceptance does not say what is accepted, or why",
        "Whoever finds an acceptance later has to know why it was given, to tell whether it still holds.",
        "review:\n  accept:\n    - {code: REV103, logical_id: OldClicks}\n",
        "review:\n  accept:\n    - {code: REV103, logical_id: OldClicks, reason: nobody reads it any more}\n",
        form="elsewhere",
    ),
    Code(
        "REV909",
        "an acceptance of a code that no review and no audit has",
        "It would accept nothing, and look as if it did. Errors of reading, from REV901 on, cannot be accepted.",
        "review:\n  accept:\n    - {code: REV013, logical_id: OldClicks, reason: nobody reads it any more}\n",
        "review:\n  accept:\n    - {code: REV103, logical_id: OldClicks, reason: nobody reads it any more}\n",
        form="elsewhere",
    ),
    Code(
        "REV910",
        "one thing is accepted twice",
        "Of two acceptances of a code of one resource it would be left open which reason and which day count.",
        "review:\n  accept:\n    - {code: REV103, logical_id: OldClicks, reason: nobody reads it}\n"
        "    - {code: REV103, logical_id: OldClicks, reason: it was a test, until: 2026-12-31}\n",
        "review:\n  accept:\n    - {code: REV103, logical_id: OldClicks, reason: nobody reads it}\n",
        form="elsewhere",
    ),
    Code(
        "REV911",
        "an acceptance is past its day",
        "What it accepted counts again. `until` is the last day on which it holds, so that somebody looks anew.",
        "review:\n  accept:\n    - {code: REV103, logical_id: OldClicks, reason: nobody reads it, until: 2020-12-31}\n",
        "review:\n  accept:\n    - {code: REV103, logical_id: OldClicks, reason: nobody reads it, until: 2099-12-31}\n",
        form="elsewhere",
        grade="caution",
        about="none",
    ),
    Code(
        "REV912",
        "an acceptance fits nothing any more",
        "What it accepted is not there: it was mended, or deployed. The next change that is like it would be accepted without "
        "anybody having looked.",
        "review:\n  accept:\n    - {code: REV103, logical_id: GoneForYears, reason: nobody reads it any more}\n",
        "review: {accept: []}\n",
        form="elsewhere",
        grade="caution",
        about="none",
    ),
    Code(
        "REV913",
        "the last day of an acceptance is no day",
        "A date that is read otherwise than it was meant ends an acceptance too early, or too late.",
        "review:\n  accept:\n    - {code: REV103, logical_id: OldClicks, reason: nobody reads it, until: 31.12.2026}\n",
        "review:\n  accept:\n    - {code: REV103, logical_id: OldClicks, reason: nobody reads it, until: 2026-12-31}\n",
        form="elsewhere",
    ),
    Code(
        "REV914",
        "a spec cannot be written",
        "A spec that a person wrote is never written over: the file is there already, or its folder is not, or may not be "
        "written in.",
        "streaming-constructs audit template.json --spec pipeline.yaml",
        "streaming-constructs audit template.json --spec new/pipeline.yaml",
        form="elsewhere",
    ),
    Code(
        "REV915",
        "a key is written twice in one mapping of a template",
        "CloudFormation may take such a template, and AWS does not say which of the two it deploys. What is deployed already "
        "is read with the last of them, and a template that is new is not reviewed.",
        "Resources: {Clicks: {Type: AWS::Kinesis::Stream}, Clicks: {Type: AWS::SQS::Queue}}\n",
        "Resources: {Clicks: {Type: AWS::Kinesis::Stream}, Failed: {Type: AWS::SQS::Queue}}\n",
        form="elsewhere",
        source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html",
    ),
    Code(
        "REV920",
        "there is no such file or folder",
        "Compared with nothing, everything would be new, or gone. A review stops instead, with exit code 1.",
        "streaming-constructs review cdk.out.old cdk.out",
        "streaming-constructs review cdk.out.main cdk.out",
        form="elsewhere",
    ),
    Code(
        "REV921",
        "a file cannot be read",
        "It is no text, or this user may not read it. A template that could not be read says nothing, so the run is red.",
        "streaming-constructs review old.zip new.zip",
        "streaming-constructs review old.json new.json",
        form="elsewhere",
    ),
    Code(
        "REV922",
        "git knows no such revision",
        "CI systems fetch one commit alone unless they are told otherwise, and then there is nothing to compare with.",
        "streaming-constructs review --base origin/main",
        "git fetch origin main\nstreaming-constructs review --base origin/main",
        form="elsewhere",
    ),
    Code(
        "REV923",
        "git cannot tell what has changed",
        "There is no git, or the folder stands in no repository of it. Two files or folders can be compared without.",
        "cd /tmp && streaming-constructs review --base main",
        "streaming-constructs review old/ new/",
        form="elsewhere",
    ),
    Code(
        "REV924",
        "a template is compared with a folder",
        "A folder has several stacks. Which of them the template belongs to cannot be guessed.",
        "streaming-constructs review old.json cdk.out",
        "streaming-constructs review old.json cdk.out/Clickstream.template.json",
        form="elsewhere",
    ),
    Code(
        "REV925",
        "a folder has no template",
        "Neither `cdk synth` nor a snapshot test has written into it. Compared with it, every resource would be new or gone.",
        "streaming-constructs review snapshots.old snapshots",
        "streaming-constructs review tests/__snapshots__.old tests/__snapshots__",
        form="elsewhere",
    ),
    Code(
        "REV926",
        "what is compared with a revision is a link",
        "Behind the link is another file or folder than the one of that name in the revision. Compared with nothing, "
        "everything in it would be new, and a danger would be fine.",
        "ln -s real snapshots && streaming-constructs review --base origin/main snapshots",
        "streaming-constructs review --base origin/main real",
        form="elsewhere",
    ),
    Code(
        "REV927",
        "a file leads out of the folder that is reviewed",
        "A link, or a manifest that names `../another.json`, would have a file read that is no part of the change: a review "
        "would tell of templates that nobody deploys, and could show what is none of its business.",
        "ln -s /etc/settings.json snapshots/settings.json && streaming-constructs audit snapshots",
        "cp /etc/settings.json snapshots/settings.json && streaming-constructs audit snapshots",
        form="elsewhere",
    ),
)

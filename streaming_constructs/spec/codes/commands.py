"""The command line: patterns, folders and Node.js."""

from __future__ import annotations

from streaming_constructs.spec.codes.code import Code

CODES = (
    Code(
        "CMD107",
        "there is no pattern of that name",
        "A pattern is a folder with a `pattern.yaml` that comes with the package; `streaming-constructs patterns` "
        "lists them. The path of a file of your own is taken where a spec is asked for.",
        "streaming-constructs init lambda-consumr payments\n",
        "streaming-constructs init lambda-consumer payments\n",
        form="command",
    ),
    Code(
        "CMD108",
        "the folder cannot be written",
        "A new project goes into a new or an empty folder that you may write to, so that nothing of yours is "
        "overwritten; when anything fails, nothing is left behind. A template goes into a folder that exists or can be "
        "created.",
        "streaming-constructs init lambda-consumer .\n",
        "streaming-constructs init lambda-consumer payments\n",
        form="command",
    ),
    Code(
        "CMD109",
        "there is no Node.js",
        "CDK is written for Node.js, and every synthesis runs it. The extra `node` brings one from PyPI, and nothing has "
        "to be installed on the machine; `validate`, `plan` and `explain` need none.",
        "JSII_NODE=/nowhere/node streaming-constructs synth lambda-consumer\n",
        "pip install 'streaming-constructs[node]'\n",
        form="elsewhere",
    ),
    Code(
        "CMD110",
        "the system is refused by CDK",
        "What this library knows of AWS it says when a spec is checked. CDK has rules of its own besides, of which some hold "
        "only when it writes the template; what it says of them stands in the note. Nothing is written then.",
        "# a rule of CDK that a later version of it has\n",
        "# what the note asks for\n",
        form="elsewhere",
    ),
    Code(
        "CMD111",
        "no prices of the region are known",
        "`plan` tells what a system costs in a month by AWS's price list. It has the prices of some regions, and of some "
        "others how much more they cost. Of China, of GovCloud and of a few more it has neither: the system is planned, and "
        "its costs are left out.",
        "name: shop\nregion: cn-north-1\nstreams: {clicks: {kind: kinesis, shards: 2}}\n",
        "name: shop\nregion: eu-west-1\nstreams: {clicks: {kind: kinesis, shards: 2}}\n",
        form="elsewhere",
    ),
    Code(
        "CMD112",
        "no spec is written for what cannot do it",
        "`advise` tells of each service what the answers run into: a quota, or something that it has not. A spec for it would "
        "be refused, or would lose records, so none is written; `--option` takes any of those that are left.",
        "streaming-constructs advise --records-per-second 1000 --protocol kafka --write new.yaml --option kinesis_on_demand\n",
        "streaming-constructs advise --records-per-second 1000 --protocol kafka --write new.yaml\n",
        form="command",
    ),
    Code(
        "CMD113",
        "the language has no kind for the service",
        "Buses of EventBridge are advised where they fit, with their size and their cost. A spec has no kind for them, so none "
        "is written; what they call is built in an app of CDK, beside the systems that specs describe.",
        "streaming-constructs advise --records-per-second 10 --purpose events --write new.yaml\n",
        "streaming-constructs advise --records-per-second 10 --purpose events --write new.yaml --option kinesis_on_demand\n",
        form="command",
    ),
    Code(
        "CMD114",
        "the spec cannot be written",
        "A spec that `advise` writes goes into a file that is not there yet, so that nothing of yours is overwritten; when "
        "anything fails, nothing is left behind. Code beside it that is there already stays as it is.",
        "streaming-constructs advise --records-per-second 10 --write pipeline.yaml\n",
        "streaming-constructs advise --records-per-second 10 --write new.yaml\n",
        form="command",
    ),
)

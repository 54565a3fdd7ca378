"""The CDK app of this repository: a stack for each documented pattern.

`cdk ls` lists them, `cdk deploy LambdaConsumer` deploys one, `-c pattern=lambda-consumer` synthesizes only that one, and
`-c removal_policy=destroy` makes it disposable. `-c spec=path/to/pipeline.yaml` builds any spec of yours, a stack for each of
its environments, or with `-c environment=dev` for one. Works without the CDK CLI too: `python app.py`.
"""

from streaming_constructs import streaming_app

streaming_app().synth()

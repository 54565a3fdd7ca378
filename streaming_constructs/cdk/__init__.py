"""The constructs: a planned spec and live CDK objects in, resources out.

One concept per file. Every number comes from the spec, from planning or from facts; none is decided here.
"""

from streaming_constructs.loading import choose_node, uncollected

choose_node()

with uncollected():
    from streaming_constructs.cdk.kinesis_stream import KinesisStream
    from streaming_constructs.cdk.lambda_consumer import LambdaConsumer
    from streaming_constructs.cdk.stream_alarms import StreamAlarms
    from streaming_constructs.cdk.stream_dashboard import StreamDashboard
    from streaming_constructs.cdk.streaming_pipeline import StreamingPipeline

__all__ = ["KinesisStream", "LambdaConsumer", "StreamAlarms", "StreamDashboard", "StreamingPipeline"]

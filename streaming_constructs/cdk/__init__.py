"""The constructs: a planned spec and live CDK objects in, resources out.

One concept per file. Every number comes from the spec, from planning or from facts; none is decided here.
"""

from streaming_constructs.node import choose_node

choose_node()

from streaming_constructs.cdk.kinesis_stream import KinesisStream  # noqa: E402 - Node is chosen before aws_cdk loads
from streaming_constructs.cdk.lambda_consumer import LambdaConsumer  # noqa: E402
from streaming_constructs.cdk.stream_alarms import StreamAlarms  # noqa: E402
from streaming_constructs.cdk.stream_dashboard import StreamDashboard  # noqa: E402
from streaming_constructs.cdk.streaming_pipeline import StreamingPipeline  # noqa: E402

__all__ = ["KinesisStream", "LambdaConsumer", "StreamAlarms", "StreamDashboard", "StreamingPipeline"]

"""AWS Lambda event source mappings of a queue of Amazon SQS: what differs from those of a Kinesis stream."""

from __future__ import annotations

from streaming_constructs.facts.fact import Fact, Range

_READ = "2026-11-29"
_PARAMETERS = "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html"
_SCALING = "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html"
SCALING_SOURCE = _SCALING
FILTERING_SOURCE = "https://docs.aws.amazon.com/lambda/latest/dg/with-sqs-filtering.html"
"""A message that no filter lets through is deleted from its queue."""

BATCH_SIZE_BY_DEFAULT = Fact(10, "messages", _PARAMETERS, _READ)
BATCH_SIZE_WITHOUT_WINDOW = Fact(10, "messages", _PARAMETERS, _READ)
"""A larger batch has to be gathered over time: for a second at least."""
BATCH_SIZE_FIFO = Fact(10, "messages", _PARAMETERS, _READ)
"""Of a FIFO queue there is no time over which a batch is gathered."""
MAXIMUM_CONCURRENCY = Range(2, 1000, "concurrent invocations", _SCALING, _READ)
BATCHES_AT_FIRST = Fact(5, "batches at once", _SCALING, _READ)
BATCHES_AT_MOST = Fact(1000, "batches at once", _SCALING, _READ)
"""To which Lambda goes by up to 300 more in a minute, where nothing limits it."""

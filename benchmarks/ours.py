"""The system of a spec as an app of its own, as `cdk deploy` runs it: `python benchmarks/ours.py SPEC`."""

import sys

from streaming_constructs import streaming_app

streaming_app(sys.argv[1]).synth()

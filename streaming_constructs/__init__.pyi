from streaming_constructs.app import streaming_app as streaming_app
from streaming_constructs.cdk import *
from streaming_constructs.planning import PipelinePlan as PipelinePlan
from streaming_constructs.planning import Reader as Reader
from streaming_constructs.planning import plan as plan
from streaming_constructs.spec import *

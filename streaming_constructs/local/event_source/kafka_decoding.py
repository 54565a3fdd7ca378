"""Values that Lambda decodes with a schema registry before a function gets them, as far as a rehearsal goes.

Nothing is encoded here: values are the JSON of the records, which is what a function gets of `EventRecordFormat: JSON`, and no
schema is looked at. What is no object of JSON no schema has, so it is given up as Lambda gives up what it cannot decode. The
value of a record that is gone stays away.
Source: https://docs.aws.amazon.com/lambda/latest/dg/services-consume-kafka-events.html

That such a record is told of alone, before an invocation, is an assumption; nothing of it was compared with AWS.
"""

from __future__ import annotations

import json
from uuid import NAMESPACE_OID, uuid5

from streaming_constructs.local.event_source.event_source_mapping import EventSourceMapping
from streaming_constructs.local.event_source.kafka_record import KafkaRecord


def is_decoded(record: KafkaRecord, mapping: EventSourceMapping) -> bool:
    """Whether the function can get a record: always, where Lambda decodes none.

    Args:
        record: The record.
        mapping: The mapping that reads it.
    """
    if not mapping.event_record_format or record.value is None:
        return True
    try:
        return isinstance(json.loads(record.value), dict)
    except ValueError:
        return False


def schema_metadata(record: KafkaRecord, mapping: EventSourceMapping) -> dict[str, dict[str, str]]:
    """What the event says of the schema of a value; the id is made up, one for each topic.

    Args:
        record: The record.
        mapping: The mapping that reads it.
    """
    if not mapping.event_record_format or record.value is None:
        return {}
    schema_id = str(uuid5(NAMESPACE_OID, f"{mapping.event_source_arn}/{record.topic}"))
    return {"valueSchemaMetadata": {"dataFormat": mapping.schema_format, "schemaId": schema_id}}

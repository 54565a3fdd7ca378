package streamingconstructs.local.aws;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ArrayNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.flink.table.data.RowData;

/** PutRecords. */
final class KinesisRequests implements BatchRequests {
    private static final long serialVersionUID = 1L;

    private final KinesisStream stream;
    private final PartitionKey key;
    private final SerializationSchema<RowData> schema;

    KinesisRequests(KinesisStream stream, PartitionKey key, SerializationSchema<RowData> schema) {
        this.stream = stream;
        this.key = key;
        this.schema = schema;
    }

    @Override
    public void open(SerializationSchema.InitializationContext context) throws Exception {
        schema.open(context);
    }

    @Override
    public Entry entry(RowData row, int subtask) {
        byte[] data = schema.serialize(row);
        ObjectNode record = AwsClient.JSON.createObjectNode().put("PartitionKey", key.of(row, subtask)).put("Data", data);
        return new Entry(record, data.length, null);
    }

    @Override
    public List<Entry> send(Collection<Entry> entries) throws IOException {
        ObjectNode request = stream.request();
        ArrayNode records = request.putArray("Records");
        entries.forEach(entry -> records.add(entry.content));
        return Refused.of(entries, () -> stream.call("PutRecords", request).path("Records"));
    }
}

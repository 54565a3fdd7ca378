package streamingconstructs.local.aws;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ArrayNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.flink.table.data.RowData;

/** PutRecordBatch. */
final class FirehoseRequests implements BatchRequests {
    private static final long serialVersionUID = 1L;

    private final String stream;
    private final AwsClient client;
    private final SerializationSchema<RowData> schema;

    FirehoseRequests(String stream, String region, SerializationSchema<RowData> schema) {
        this.stream = stream;
        this.client = new AwsClient("firehose", "Firehose_20150804", "1.1", region);
        this.schema = schema;
    }

    @Override
    public void open(SerializationSchema.InitializationContext context) throws Exception {
        schema.open(context);
    }

    @Override
    public Entry entry(RowData row, int subtask) {
        byte[] data = schema.serialize(row);
        return new Entry(AwsClient.JSON.createObjectNode().put("Data", data), data.length, null);
    }

    @Override
    public List<Entry> send(Collection<Entry> entries) throws IOException {
        ObjectNode request = AwsClient.JSON.createObjectNode().put("DeliveryStreamName", stream);
        ArrayNode records = request.putArray("Records");
        entries.forEach(entry -> records.add(entry.content));
        return Refused.of(entries, () -> client.call("PutRecordBatch", request).path("RequestResponses"));
    }
}

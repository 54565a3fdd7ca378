package streamingconstructs.local.aws;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ArrayNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.flink.table.data.RowData;
import org.apache.flink.types.RowKind;

/** BatchWriteItem. */
final class DynamoDbRequests implements BatchRequests {
    private static final long serialVersionUID = 1L;

    private final String table;
    private final AwsClient client;
    private final RowFields keys;
    private final Items items;

    DynamoDbRequests(String table, String region, RowFields keys, Items items) {
        this.table = table;
        this.client = new AwsClient("dynamodb", "DynamoDB_20120810", "1.0", region);
        this.keys = keys;
        this.items = items;
    }

    @Override
    public void open(SerializationSchema.InitializationContext context) {
        items.open(context.getUserCodeClassLoader().asClassLoader());
    }

    @Override
    public Entry entry(RowData row, int subtask) {
        ObjectNode item = items.of(row);
        ObjectNode request = AwsClient.JSON.createObjectNode();
        if (row.getRowKind() == RowKind.DELETE) {
            // All of its columns, as the real connector does it: a table that has more than its key refuses that.
            request.putObject("DeleteRequest").set("Key", item);
        } else {
            request.putObject("PutRequest").set("Item", item);
        }
        return new Entry(request, request.toString().length(), keys.isEmpty() ? null : keys.joined(row, "\n"));
    }

    @Override
    public List<Entry> send(Collection<Entry> entries) throws IOException {
        ObjectNode request = AwsClient.JSON.createObjectNode();
        ArrayNode writes = request.putObject("RequestItems").putArray(table);
        entries.forEach(entry -> writes.add(entry.content));
        JsonNode unprocessed;
        try {
            unprocessed = client.call("BatchWriteItem", request).path("UnprocessedItems").path(table);
        } catch (AwsException refused) {
            if (refused.isThrottled()) {
                return new ArrayList<>(entries);
            }
            throw refused;
        }
        List<Entry> again = new ArrayList<>();
        for (Entry entry : entries) {
            for (JsonNode write : unprocessed) {
                if (write.equals(entry.content)) {
                    again.add(entry);
                }
            }
        }
        return again;
    }
}

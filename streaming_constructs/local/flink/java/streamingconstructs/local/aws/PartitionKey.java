package streamingconstructs.local.aws;

import java.io.Serializable;
import java.util.UUID;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.data.RowData;

/** Makes the partition keys of records: of the columns of {@code PARTITIONED BY}, one for a subtask, or a new one for each record. */
final class PartitionKey implements Serializable {
    private static final long serialVersionUID = 1L;
    /** Source: https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecordsRequestEntry.html */
    private static final int LONGEST = 256;

    private final boolean fixed;
    private final String delimiter;
    private final RowFields fields;

    private PartitionKey(boolean fixed, String delimiter, RowFields fields) {
        this.fixed = fixed;
        this.delimiter = delimiter;
        this.fields = fields;
    }

    static PartitionKey of(String partitioner, String delimiter, RowFields fields) {
        if (!partitioner.equals("fixed") && !partitioner.equals("random")) {
            throw new ValidationException("Could not find and instantiate partitioner class '" + partitioner + "'");
        }
        return new PartitionKey(partitioner.equals("fixed"), delimiter, fields);
    }

    String of(RowData row, int subtask) {
        if (!fields.isEmpty()) {
            String key = fields.joined(row, delimiter);
            return key.substring(0, Math.min(key.length(), LONGEST));
        }
        return fixed ? String.valueOf(subtask) : UUID.randomUUID().toString();
    }
}

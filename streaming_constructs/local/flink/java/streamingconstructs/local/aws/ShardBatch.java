package streamingconstructs.local.aws;

import java.util.Iterator;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;

/** What one GetRecords of a shard gave. */
final class ShardBatch {
    final String shard;
    final Iterator<JsonNode> records;
    final boolean isLast;

    ShardBatch(String shard, Iterator<JsonNode> records, boolean isLast) {
        this.shard = shard;
        this.records = records;
        this.isLast = isLast;
    }
}

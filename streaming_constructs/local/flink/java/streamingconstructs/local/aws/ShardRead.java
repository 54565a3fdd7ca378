package streamingconstructs.local.aws;

import org.apache.flink.api.connector.source.SourceEvent;

/** A closed shard was read to its end: its children may be read. */
final class ShardRead implements SourceEvent {
    private static final long serialVersionUID = 1L;

    final String shard;

    ShardRead(String shard) {
        this.shard = shard;
    }
}

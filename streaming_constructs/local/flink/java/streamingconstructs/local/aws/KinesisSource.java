package streamingconstructs.local.aws;

import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.table.data.RowData;

/** A stream, read for ever; each shard is a split. */
final class KinesisSource implements Source<RowData, ShardSplit, ShardsState>, Shards {
    private static final long serialVersionUID = 1L;

    private final KinesisStream stream;
    private final KinesisPosition position;
    private final DeserializationSchema<RowData> schema;

    KinesisSource(KinesisStream stream, KinesisPosition position, DeserializationSchema<RowData> schema) {
        this.stream = stream;
        this.position = position;
        this.schema = schema;
    }

    @Override
    public Boundedness getBoundedness() {
        return Boundedness.CONTINUOUS_UNBOUNDED;
    }

    @Override
    public SplitEnumerator<ShardSplit, ShardsState> createEnumerator(SplitEnumeratorContext<ShardSplit> context) {
        return new ShardEnumerator(stream, position, context, new ShardsState());
    }

    @Override
    public SplitEnumerator<ShardSplit, ShardsState> restoreEnumerator(
            SplitEnumeratorContext<ShardSplit> context, ShardsState state) {
        return new ShardEnumerator(stream, position, context, state);
    }

    @Override
    public SimpleVersionedSerializer<ShardSplit> getSplitSerializer() {
        return new Serialized<>(ShardSplit::write, ShardSplit::of);
    }

    @Override
    public SimpleVersionedSerializer<ShardsState> getEnumeratorCheckpointSerializer() {
        return new Serialized<>(ShardsState::write, ShardsState::of);
    }

    @Override
    public SourceReader<RowData, ShardSplit> createReader(SourceReaderContext context) {
        return new ShardReader(stream, position, schema, context);
    }
}

package streamingconstructs.local.aws;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.table.data.RowData;
import org.apache.flink.util.Collector;
import org.apache.flink.util.FlinkRuntimeException;
import org.apache.flink.util.UserCodeClassLoader;
import streamingconstructs.local.job.StreamTime;

/** Reads the shards of one subtask, one batch after the other, whichever shard each is of: one stream of rows, with one watermark. */
final class ShardReader implements SourceReader<RowData, ShardSplit> {
    private final DeserializationSchema<RowData> schema;
    private final SourceReaderContext context;
    private final ShardFetcher fetcher;
    private final Map<String, ShardSplit> shards = new LinkedHashMap<>();
    private final Object lock = new Object();
    private final Runnable reads;
    private CompletableFuture<Void> available = new CompletableFuture<>();
    private ShardBatch batch;

    ShardReader(
            KinesisStream stream, KinesisPosition position, DeserializationSchema<RowData> schema, SourceReaderContext context) {
        this.schema = schema;
        this.context = context;
        this.fetcher = new ShardFetcher(stream, position, this::arrived, context.getIndexOfSubtask());
        this.reads = StreamTime.reads(context.metricGroup().getAllVariables().get("<task_attempt_id>"), this::emptyAt);
    }

    private long emptyAt() {
        return batch == null ? fetcher.emptyAt() : Long.MIN_VALUE;
    }

    @Override
    public void start() {
        try {
            schema.open(new DeserializationSchema.InitializationContext() {
                @Override
                public MetricGroup getMetricGroup() {
                    return context.metricGroup();
                }

                @Override
                public UserCodeClassLoader getUserCodeClassLoader() {
                    return context.getUserCodeClassLoader();
                }
            });
        } catch (Exception failed) {
            throw new FlinkRuntimeException(failed);
        }
        fetcher.start();
    }

    @Override
    public InputStatus pollNext(ReaderOutput<RowData> output) throws Exception {
        if (batch == null) {
            batch = fetcher.poll();
        }
        if (batch == null) {
            return InputStatus.NOTHING_AVAILABLE;
        }
        if (batch.records.hasNext()) {
            emit(batch.records.next(), output);
        }
        if (!batch.records.hasNext()) {
            if (batch.isLast) {
                shards.computeIfPresent(batch.shard, (id, split) -> split.read());
                context.sendSourceEventToCoordinator(new ShardRead(batch.shard));
            }
            batch = null;
        }
        return batch != null || fetcher.hasSomething() ? InputStatus.MORE_AVAILABLE : InputStatus.NOTHING_AVAILABLE;
    }

    private void emit(JsonNode record, ReaderOutput<RowData> output) throws IOException {
        long arrival = (long) (record.path("ApproximateArrivalTimestamp").asDouble() * 1000);
        context.metricGroup().getIOMetricGroup().getNumRecordsInCounter().inc();
        schema.deserialize(record.path("Data").binaryValue(), new Collector<RowData>() {
            @Override
            public void collect(RowData row) {
                if (row != null) { // the format gives none where it skips what is no JSON
                    output.collect(row, arrival);
                }
            }

            @Override
            public void close() {
                // Nothing is held.
            }
        });
        String sequenceNumber = record.path("SequenceNumber").asText();
        shards.computeIfPresent(batch.shard, (id, split) -> split.after(sequenceNumber));
    }

    private void arrived() {
        synchronized (lock) {
            available.complete(null);
        }
    }

    @Override
    public CompletableFuture<Void> isAvailable() {
        synchronized (lock) {
            if (batch != null || fetcher.hasSomething()) {
                return CompletableFuture.completedFuture(null);
            }
            if (available.isDone()) {
                available = new CompletableFuture<>();
            }
            return available;
        }
    }

    @Override
    public List<ShardSplit> snapshotState(long checkpoint) {
        List<ShardSplit> splits = new ArrayList<>();
        shards.values().forEach(split -> splits.add(split.restorable()));
        return splits;
    }

    @Override
    public void addSplits(List<ShardSplit> splits) {
        for (ShardSplit split : splits) {
            shards.put(split.shard, split);
            if (split.isRead) {
                context.sendSourceEventToCoordinator(new ShardRead(split.shard));
            } else {
                fetcher.add(split);
            }
        }
    }

    @Override
    public void notifyNoMoreSplits() {
        // There may always be more.
    }

    @Override
    public void close() {
        reads.run();
        fetcher.interrupt();
    }
}

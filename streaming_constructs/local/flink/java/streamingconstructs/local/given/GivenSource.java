package streamingconstructs.local.given;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.table.data.RowData;
import org.apache.flink.util.Collector;
import org.apache.flink.util.UserCodeClassLoader;

/** Rows that were given, one after the other, in one subtask; then it ends. */
final class GivenSource implements Source<RowData, GivenSource.All, GivenSource.All> {
    private static final long serialVersionUID = 1L;

    /** Between two polls a task looks for what else there is to do. */
    private static final int ROWS_OF_A_POLL = 100;

    private final String id;
    private final DeserializationSchema<RowData> schema;

    GivenSource(String id, DeserializationSchema<RowData> schema) {
        this.id = id;
        this.schema = schema;
    }

    /** The one split. */
    static final class All implements SourceSplit {
        @Override
        public String splitId() {
            return "all";
        }
    }

    @Override
    public Boundedness getBoundedness() {
        return Boundedness.BOUNDED;
    }

    @Override
    public SplitEnumerator<All, All> createEnumerator(SplitEnumeratorContext<All> context) {
        return new Once(context);
    }

    @Override
    public SplitEnumerator<All, All> restoreEnumerator(SplitEnumeratorContext<All> context, All state) {
        return new Once(context);
    }

    @Override
    public SimpleVersionedSerializer<All> getSplitSerializer() {
        return new AllSerializer();
    }

    @Override
    public SimpleVersionedSerializer<All> getEnumeratorCheckpointSerializer() {
        return new AllSerializer();
    }

    @Override
    public SourceReader<RowData, All> createReader(SourceReaderContext context) {
        return new Reader(context, schema, GivenRows.given(id).iterator());
    }

    private static final class AllSerializer implements SimpleVersionedSerializer<All> {
        @Override
        public int getVersion() {
            return 1;
        }

        @Override
        public byte[] serialize(All split) {
            return new byte[0];
        }

        @Override
        public All deserialize(int version, byte[] bytes) {
            return new All();
        }
    }

    /** Gives the split to the first subtask, and nothing to the others. */
    private static final class Once implements SplitEnumerator<All, All> {
        private final SplitEnumeratorContext<All> context;

        Once(SplitEnumeratorContext<All> context) {
            this.context = context;
        }

        @Override
        public void start() {
            // Readers are waited for.
        }

        @Override
        public void addReader(int subtask) {
            if (subtask == 0) {
                context.assignSplit(new All(), subtask);
            }
            context.signalNoMoreSplits(subtask);
        }

        @Override
        public void handleSplitRequest(int subtask, String host) {
            // None is asked for.
        }

        @Override
        public void addSplitsBack(List<All> splits, int subtask) {
            // A run that fails is not started again.
        }

        @Override
        public All snapshotState(long checkpoint) {
            return new All();
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }

    private static final class Reader implements SourceReader<RowData, All> {
        private final SourceReaderContext context;
        private final DeserializationSchema<RowData> schema;
        private final Iterator<byte[]> given;
        private final Deque<RowData> rows = new ArrayDeque<>();
        private final Counter counter;
        private final Collector<RowData> decoded = new Collector<RowData>() {
            @Override
            public void collect(RowData row) {
                rows.add(row);
            }

            @Override
            public void close() {
                // Nothing is held.
            }
        };
        private final CompletableFuture<Void> told = new CompletableFuture<>();
        private boolean isMine;

        Reader(SourceReaderContext context, DeserializationSchema<RowData> schema, Iterator<byte[]> given) {
            this.context = context;
            this.schema = schema;
            this.given = given;
            this.counter = context.metricGroup().getIOMetricGroup().getNumRecordsInCounter();
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
                throw new IllegalStateException(failed);
            }
        }

        @Override
        public InputStatus pollNext(ReaderOutput<RowData> output) throws IOException {
            if (!told.isDone()) {
                return InputStatus.NOTHING_AVAILABLE;
            }
            for (int count = 0; count < ROWS_OF_A_POLL; count++) {
                while (rows.isEmpty() && isMine && given.hasNext()) {
                    decode(given.next());
                }
                if (rows.isEmpty()) {
                    return InputStatus.END_OF_INPUT;
                }
                counter.inc();
                output.collect(rows.poll());
            }
            return InputStatus.MORE_AVAILABLE;
        }

        private void decode(byte[] event) throws IOException {
            try {
                schema.deserialize(event, decoded);
            } catch (IOException | RuntimeException failed) {
                throw new IOException("the event " + new String(event, StandardCharsets.UTF_8) + " cannot be read", failed);
            }
        }

        @Override
        public List<All> snapshotState(long checkpoint) {
            return new ArrayList<>();
        }

        @Override
        public CompletableFuture<Void> isAvailable() {
            return told;
        }

        @Override
        public void addSplits(List<All> splits) {
            isMine = true;
        }

        @Override
        public void notifyNoMoreSplits() {
            told.complete(null);
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }
}

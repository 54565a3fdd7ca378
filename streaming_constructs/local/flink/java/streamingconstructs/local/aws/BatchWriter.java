package streamingconstructs.local.aws;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.operators.ProcessingTimeService;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.metrics.groups.SinkWriterMetricGroup;
import org.apache.flink.table.data.RowData;

/** Gathers entries and sends them; all of them before a checkpoint is complete, and again what was refused: each at least once. */
final class BatchWriter implements SinkWriter<RowData> {
    private static final long FIRST_PAUSE_MILLISECONDS = 50;
    private static final long LONGEST_PAUSE_MILLISECONDS = 1_000;

    private final BatchRequests requests;
    private final SinkSettings settings;
    private final int subtask;
    private final ProcessingTimeService time;
    private final SinkWriterMetricGroup metrics;
    private final Map<Object, BatchRequests.Entry> waiting = new LinkedHashMap<>();
    private long bytes;
    private boolean flushIsDue;

    BatchWriter(
            BatchRequests requests, SinkSettings settings, int subtask, ProcessingTimeService time, SinkWriterMetricGroup metrics) {
        this.requests = requests;
        this.settings = settings;
        this.subtask = subtask;
        this.time = time;
        this.metrics = metrics;
    }

    @Override
    public void write(RowData row, Context context) throws IOException, InterruptedException {
        BatchRequests.Entry entry = requests.entry(row, subtask);
        Object key = entry.replaces == null ? new Object() : entry.replaces;
        BatchRequests.Entry before = waiting.remove(key);
        waiting.put(key, entry);
        bytes += entry.bytes - (before == null ? 0 : before.bytes);
        if (waiting.size() >= settings.mostRecords || bytes >= settings.mostBytes) {
            flush(false);
        } else if (!flushIsDue) {
            flushIsDue = true;
            time.registerTimer(time.getCurrentProcessingTime() + settings.bufferMilliseconds, now -> {
                flushIsDue = false;
                flush(false);
            });
        }
    }

    @Override
    public void flush(boolean endOfInput) throws IOException, InterruptedException {
        Collection<BatchRequests.Entry> entries = new ArrayList<>(waiting.values());
        waiting.clear();
        bytes = 0;
        long pause = FIRST_PAUSE_MILLISECONDS;
        while (!entries.isEmpty()) {
            List<BatchRequests.Entry> refused = requests.send(entries);
            metrics.getNumRecordsSendCounter().inc(entries.size() - refused.size());
            if (!refused.isEmpty()) {
                if (settings.failOnError) {
                    throw new IOException(refused.size() + " of " + entries.size() + " records were refused");
                }
                Thread.sleep(pause);
                pause = Math.min(pause * 2, LONGEST_PAUSE_MILLISECONDS);
            }
            entries = refused;
        }
    }

    @Override
    public void close() {
        // What waits was not in a complete checkpoint, and comes again.
    }
}

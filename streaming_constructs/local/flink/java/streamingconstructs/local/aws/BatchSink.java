package streamingconstructs.local.aws;

import java.io.IOException;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.table.data.RowData;
import streamingconstructs.local.RowSink;

/** A sink that sends rows to an API of AWS, in batches. */
final class BatchSink extends RowSink {
    private static final long serialVersionUID = 1L;

    private final BatchRequests requests;
    private final SinkSettings settings;

    BatchSink(BatchRequests requests, SinkSettings settings) {
        this.requests = requests;
        this.settings = settings;
    }

    @Override
    public SinkWriter<RowData> createWriter(WriterInitContext context) throws IOException {
        try {
            requests.open(context.asSerializationSchemaInitializationContext());
        } catch (Exception failed) {
            throw new IOException(failed);
        }
        int subtask = context.getTaskInfo().getIndexOfThisSubtask();
        return new BatchWriter(requests, settings, subtask, context.getProcessingTimeService(), context.metricGroup());
    }
}

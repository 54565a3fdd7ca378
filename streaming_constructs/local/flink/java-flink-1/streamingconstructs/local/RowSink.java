package streamingconstructs.local;

import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.table.data.RowData;

/** A sink of rows in Flink 1.20, which still asks for a method that it does not call where there is the new one. */
public abstract class RowSink implements Sink<RowData> {
    private static final long serialVersionUID = 1L;

    @Override
    @SuppressWarnings("deprecation")
    public final SinkWriter<RowData> createWriter(InitContext context) {
        throw new UnsupportedOperationException("createWriter(WriterInitContext) is called");
    }
}

package streamingconstructs.local;

import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.table.data.RowData;

/** A sink of rows in Flink 2. */
public abstract class RowSink implements Sink<RowData> {
    private static final long serialVersionUID = 1L;
}

package streamingconstructs.local.given;

import java.io.IOException;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.table.data.RowData;
import org.apache.flink.types.RowKind;
import streamingconstructs.local.RowSink;

/** Keeps what comes out of a table. */
final class CollectingSink extends RowSink {
    private static final long serialVersionUID = 1L;

    private final String id;
    private final boolean changes;
    private final SerializationSchema<RowData> schema;

    CollectingSink(String id, boolean changes, SerializationSchema<RowData> schema) {
        this.id = id;
        this.changes = changes;
        this.schema = schema;
    }

    @Override
    public SinkWriter<RowData> createWriter(WriterInitContext context) throws IOException {
        try {
            schema.open(context.asSerializationSchemaInitializationContext());
        } catch (Exception failed) {
            throw new IOException(failed);
        }
        return new SinkWriter<>() {
            @Override
            public void write(RowData row, Context rowContext) {
                RowKind kind = row.getRowKind();
                boolean isAdded = kind == RowKind.INSERT || kind == RowKind.UPDATE_AFTER;
                if (changes) {
                    row.setRowKind(RowKind.INSERT);
                }
                GivenRows.collect(id, new GivenRows.Row(isAdded, schema.serialize(row)));
                row.setRowKind(kind);
            }

            @Override
            public void flush(boolean endOfInput) {
                // All of it is there.
            }

            @Override
            public void close() {
                // Nothing is held.
            }
        };
    }
}

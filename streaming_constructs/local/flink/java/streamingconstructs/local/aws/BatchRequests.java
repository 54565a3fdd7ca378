package streamingconstructs.local.aws;

import java.io.IOException;
import java.io.Serializable;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.flink.table.data.RowData;

/** What a sink asks an API of AWS: an entry for each row, and a request of several. */
interface BatchRequests extends Serializable {
    /** An entry, how large it is, and what makes it take the place of one that waits; null if nothing does. */
    final class Entry {
        final ObjectNode content;
        final int bytes;
        final String replaces;

        Entry(ObjectNode content, int bytes, String replaces) {
            this.content = content;
            this.bytes = bytes;
            this.replaces = replaces;
        }
    }

    /** What is done once, before the first row. */
    void open(SerializationSchema.InitializationContext context) throws Exception;

    /** The entry of a row. */
    Entry entry(RowData row, int subtask);

    /**
     * Sends entries.
     *
     * @param entries the entries
     * @return those that were not taken, and may be if they are sent again
     * @throws IOException if none of them will ever be taken
     */
    List<Entry> send(Collection<Entry> entries) throws IOException;
}

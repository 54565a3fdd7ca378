package streamingconstructs.local.given;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What tables of runs were given, and what came out; jobs run in this process, so nothing is written anywhere. */
public final class GivenRows {
    /** A row that came out. */
    public static final class Row {
        /** Whether it was added, or taken back. */
        public final boolean isAdded;
        /** The row, in the format of its table. */
        public final byte[] content;

        Row(boolean isAdded, byte[] content) {
            this.isAdded = isAdded;
            this.content = content;
        }
    }

    private static final Map<String, List<byte[]>> GIVEN = new ConcurrentHashMap<>();
    private static final Map<String, Queue<Row>> COLLECTED = new ConcurrentHashMap<>();

    private GivenRows() {}

    /** Gives rows to a table. */
    public static void give(String id, List<byte[]> rows) {
        GIVEN.put(id, rows);
    }

    static List<byte[]> given(String id) {
        return GIVEN.getOrDefault(id, List.of());
    }

    static void collect(String id, Row row) {
        COLLECTED.computeIfAbsent(id, none -> new ConcurrentLinkedQueue<>()).add(row);
    }

    /** What came out of a table, in its order. */
    public static List<Row> collected(String id) {
        Collection<Row> rows = COLLECTED.get(id);
        return rows == null ? List.of() : new ArrayList<>(rows);
    }

    /** Forgets what tables whose ids begin so were given, and what came out. */
    public static void forget(String prefix) {
        GIVEN.keySet().removeIf(id -> id.startsWith(prefix));
        COLLECTED.keySet().removeIf(id -> id.startsWith(prefix));
    }
}

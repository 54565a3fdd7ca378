package streamingconstructs.local.aws;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What is known of the shards of a stream: which were seen, which of them are read to their end, and which nobody reads yet. */
final class ShardsState {
    final Set<String> seen = new HashSet<>();
    final Set<String> read = new HashSet<>();
    final List<ShardSplit> waiting = new ArrayList<>();

    void write(DataOutput out) throws IOException {
        writeNames(out, seen);
        writeNames(out, read);
        out.writeInt(waiting.size());
        for (ShardSplit split : waiting) {
            split.restorable().write(out);
        }
    }

    static ShardsState of(DataInput in) throws IOException {
        ShardsState state = new ShardsState();
        readNames(in, state.seen);
        readNames(in, state.read);
        for (int left = in.readInt(); left > 0; left--) {
            state.waiting.add(ShardSplit.of(in));
        }
        return state;
    }

    private static void writeNames(DataOutput out, Set<String> names) throws IOException {
        out.writeInt(names.size());
        for (String name : names) {
            out.writeUTF(name);
        }
    }

    private static void readNames(DataInput in, Set<String> names) throws IOException {
        for (int left = in.readInt(); left > 0; left--) {
            names.add(in.readUTF());
        }
    }
}

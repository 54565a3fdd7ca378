package streamingconstructs.local.aws;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

/** A shard, and how far it is read. */
final class ShardSplit implements SourceSplit {
    final String shard;
    private final String position;
    private final long timestamp;
    private final String after;
    /** Whether it was closed and all of it is read: remembered, as whoever hands its children out may not have heard of it. */
    final boolean isRead;

    ShardSplit(String shard, String position, long timestamp, String after, boolean isRead) {
        this.shard = shard;
        this.position = position;
        this.timestamp = timestamp;
        this.after = after;
        this.isRead = isRead;
    }

    @Override
    public String splitId() {
        return shard;
    }

    ShardSplit after(String sequenceNumber) {
        return new ShardSplit(shard, position, timestamp, sequenceNumber, false);
    }

    ShardSplit read() {
        return new ShardSplit(shard, position, timestamp, after, true);
    }

    /**
     * What a checkpoint holds. What was to begin at the latest record begins, when it is restored, at the time at which it did, so that
     * nothing is passed over that came meanwhile.
     */
    ShardSplit restorable() {
        boolean latest = position.equals(KinesisOptions.Position.LATEST.name());
        String since = latest ? KinesisOptions.Position.AT_TIMESTAMP.name() : position;
        return new ShardSplit(shard, since, timestamp, after, isRead);
    }

    /** Completes a request for an iterator. */
    ObjectNode iteratorRequest(ObjectNode request) {
        request.put("ShardId", shard);
        if (!after.isEmpty()) {
            return request.put("ShardIteratorType", "AFTER_SEQUENCE_NUMBER").put("StartingSequenceNumber", after);
        }
        request.put("ShardIteratorType", position);
        if (position.equals(KinesisOptions.Position.AT_TIMESTAMP.name())) {
            request.put("Timestamp", timestamp / 1000.0);
        }
        return request;
    }

    void write(DataOutput out) throws IOException {
        out.writeUTF(shard);
        out.writeUTF(position);
        out.writeLong(timestamp);
        out.writeUTF(after);
        out.writeBoolean(isRead);
    }

    static ShardSplit of(DataInput in) throws IOException {
        return new ShardSplit(in.readUTF(), in.readUTF(), in.readLong(), in.readUTF(), in.readBoolean());
    }
}

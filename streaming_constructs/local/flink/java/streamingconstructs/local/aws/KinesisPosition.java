package streamingconstructs.local.aws;

import java.io.Serializable;

/** Where and how a stream is read. */
final class KinesisPosition implements Serializable {
    private static final long serialVersionUID = 1L;
    /** On one machine streams are small, and a reshard is looked for sooner. */
    private static final long LONGEST_DISCOVERY_MILLISECONDS = 1_000;

    final KinesisOptions.Position position;
    final long timestamp;
    final int mostRecords;
    final long emptyMilliseconds;
    final long discoveryMilliseconds;

    KinesisPosition(
            KinesisOptions.Position position, long timestamp, int mostRecords, long emptyMilliseconds, long discoveryMilliseconds) {
        this.position = position;
        this.timestamp = timestamp;
        this.mostRecords = mostRecords;
        this.emptyMilliseconds = emptyMilliseconds;
        this.discoveryMilliseconds = Math.min(discoveryMilliseconds, LONGEST_DISCOVERY_MILLISECONDS);
    }

    /** A shard that was there when reading began. */
    ShardSplit first(String shard) {
        boolean latest = position == KinesisOptions.Position.LATEST;
        return new ShardSplit(shard, position.name(), latest ? System.currentTimeMillis() : timestamp, "", false);
    }

    /** A shard that came later: all of it is read. */
    static ShardSplit later(String shard) {
        return new ShardSplit(shard, KinesisOptions.Position.TRIM_HORIZON.name(), 0, "", false);
    }
}

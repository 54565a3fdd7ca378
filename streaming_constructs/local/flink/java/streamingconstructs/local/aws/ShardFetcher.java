package streamingconstructs.local.aws;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;

/** Reads the shards of one subtask in a thread of its own: one after the other, as many records of each as one answer has. */
final class ShardFetcher extends Thread {
    private static final long THROTTLED_MILLISECONDS = 200;
    private static final int BATCHES = 2;

    private final KinesisStream stream;
    private final KinesisPosition position;
    private final Runnable arrived;
    private final BlockingQueue<Turn> turns = new LinkedBlockingQueue<>();
    private final BlockingQueue<ShardBatch> batches = new ArrayBlockingQueue<>(BATCHES);
    private final Map<String, Long> emptyAt = new ConcurrentHashMap<>();
    private volatile Throwable failure;

    /** A shard that is read: where the next answer begins, and when it is asked for. */
    private static final class Turn {
        private ShardSplit split;
        private String iterator;
        private long dueAt;

        Turn(ShardSplit split) {
            this.split = split;
        }
    }

    ShardFetcher(KinesisStream stream, KinesisPosition position, Runnable arrived, int subtask) {
        super("kinesis-fetcher-" + subtask);
        this.stream = stream;
        this.position = position;
        this.arrived = arrived;
        setDaemon(true);
    }

    void add(ShardSplit split) {
        emptyAt.put(split.shard, Long.MIN_VALUE);
        turns.add(new Turn(split));
    }

    /** The next batch, or null if there is none yet. */
    ShardBatch poll() throws IOException {
        ShardBatch batch = batches.poll();
        if (batch == null && failure != null) {
            throw new IOException(failure.getMessage(), failure);
        }
        return batch;
    }

    boolean hasSomething() {
        return !batches.isEmpty() || failure != null;
    }

    /**
     * When the shards were last seen to be empty, by the clock of nanoseconds: an answer without records says so of the moment at
     * which it was asked for. Long.MIN_VALUE: never, or something lies here that is not taken yet.
     */
    long emptyAt() {
        long now = System.nanoTime();
        // Before what lies here is looked for: what comes in between was put after the moment that counts.
        long least = emptyAt.values().stream().mapToLong(at -> at).min().orElse(now);
        return hasSomething() ? Long.MIN_VALUE : least;
    }

    @Override
    public void run() {
        try {
            while (!isInterrupted()) {
                Turn turn = turns.take();
                long early = turn.dueAt - System.currentTimeMillis();
                if (early > 0) {
                    // Others may be due before it.
                    Thread.sleep(turns.isEmpty() ? early : Math.min(early, 5));
                    turns.add(turn);
                } else if (fetch(turn)) {
                    turns.add(turn);
                }
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException failed) {
            if (!isInterrupted()) {
                failure = failed;
                arrived.run();
            }
        }
    }

    /** Reads a shard once; false if nothing will ever come of it again. */
    private boolean fetch(Turn turn) throws IOException, InterruptedException {
        JsonNode answer;
        long asked;
        try {
            if (turn.iterator == null) {
                JsonNode begun = stream.call("GetShardIterator", turn.split.iteratorRequest(stream.request()));
                turn.iterator = begun.path("ShardIterator").asText();
            }
            asked = System.nanoTime();
            answer = stream.call("GetRecords", stream.request()
                    .put("ShardIterator", turn.iterator)
                    .put("Limit", position.mostRecords));
        } catch (AwsException refused) {
            if (refused.isExpiredIterator()) {
                turn.iterator = null;
            } else if (refused.isThrottled()) {
                turn.dueAt = System.currentTimeMillis() + THROTTLED_MILLISECONDS;
            } else {
                throw refused;
            }
            return true;
        }
        JsonNode records = answer.path("Records");
        boolean isLast = !answer.hasNonNull("NextShardIterator");
        turn.iterator = answer.path("NextShardIterator").asText();
        if (records.isEmpty()) {
            turn.dueAt = System.currentTimeMillis() + position.emptyMilliseconds;
            emptyAt.put(turn.split.shard, asked);
        } else {
            turn.split = turn.split.after(records.get(records.size() - 1).path("SequenceNumber").asText());
        }
        if (!records.isEmpty() || isLast) {
            batches.put(new ShardBatch(turn.split.shard, records.iterator(), isLast));
            arrived.run();
        }
        if (isLast) {
            emptyAt.remove(turn.split.shard);
        }
        return !isLast;
    }
}

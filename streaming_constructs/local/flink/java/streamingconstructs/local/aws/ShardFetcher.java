package streamingconstructs.local.aws;

import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
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
        try {
            if (turn.iterator == null) {
                JsonNode begun = stream.call("GetShardIterator", turn.split.iteratorRequest(stream.request()));
                turn.iterator = begun.path("ShardIterator").asText();
            }
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
        } else {
            turn.split = turn.split.after(records.get(records.size() - 1).path("SequenceNumber").asText());
        }
        if (!records.isEmpty() || isLast) {
            batches.put(new ShardBatch(turn.split.shard, records.iterator(), isLast));
            arrived.run();
        }
        return !isLast;
    }
}

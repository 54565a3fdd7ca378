package streamingconstructs.local.job;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;

/**
 * The time of the streams of a job: how far each subtask has come, and how far the shards that it reads were seen to be empty.
 *
 * <p>A subtask without records is not waited for, as its idle timeout says. Flink tells those behind it so, and where its next
 * records are read a moment after those of others, they are late by accident. Here a subtask without records takes the time of
 * the others over, and of them only what was read, and so put, an idle timeout before its own shards were seen to be empty:
 * what is put in the order of time is never late, whoever reads first.
 */
public final class StreamTime {
    /** A time that is before all others: that of what has none yet. */
    static final long NONE = Long.MIN_VALUE;

    private static final long BUCKET_NANOS = 50_000_000;
    private static final long KEPT_NANOS = 60_000_000_000L;
    private static final Map<String, StreamTime> JOBS = new ConcurrentHashMap<>();
    private static final Map<String, List<LongSupplier>> READERS = new ConcurrentHashMap<>();

    private final List<Subtask> subtasks = new ArrayList<>();

    /** How far a subtask has come. */
    static final class Subtask {
        private final String stream;
        private final int index;
        private final Deque<long[]> said = new ArrayDeque<>();
        private long bucket;
        private boolean isIdle;
        private long begun;
        private long latest;

        Subtask(String stream, int index) {
            this.stream = stream;
            this.index = index;
        }
    }

    private StreamTime() {}

    static StreamTime of(String job) {
        return JOBS.computeIfAbsent(job, none -> new StreamTime());
    }

    static void forget(String job) {
        JOBS.remove(job);
    }

    /**
     * Takes note of what reads shards.
     *
     * @param task the attempt of the task that it is part of
     * @param emptyAt tells when its shards were last seen to be empty, by {@link System#nanoTime}, or {@link Long#MIN_VALUE}; it
     *     is asked in the thread of the task
     * @return what ends that
     */
    public static Runnable reads(String task, LongSupplier emptyAt) {
        List<LongSupplier> readers = READERS.computeIfAbsent(task, none -> new CopyOnWriteArrayList<>());
        readers.add(emptyAt);
        return () -> {
            readers.remove(emptyAt);
            READERS.remove(task, List.of());
        };
    }

    /** When all shards that a task reads were last seen to be empty; NONE: never, or it reads none. */
    static long emptyAt(String task) {
        return READERS.getOrDefault(task, List.of()).stream()
                .mapToLong(LongSupplier::getAsLong)
                .min()
                .orElse(NONE);
    }

    static boolean hasReader(String task) {
        return !READERS.getOrDefault(task, List.of()).isEmpty();
    }

    /** A subtask that begins; after a failure in the place of the one before it. */
    synchronized Subtask begun(String stream, int index) {
        subtasks.removeIf(one -> one.stream.equals(stream) && one.index == index);
        Subtask subtask = new Subtask(stream, index);
        subtasks.add(subtask);
        return subtask;
    }

    synchronized void idle(Subtask subtask, boolean isIdle) {
        subtask.isIdle = isIdle;
    }

    /** Takes note of a watermark; a burst of them begins where none came for some idle timeouts. */
    synchronized void said(Subtask subtask, long watermark, long idleNanos) {
        long now = System.nanoTime();
        if (subtask.said.isEmpty() || now - subtask.latest > 3 * idleNanos) {
            subtask.begun = now;
        }
        subtask.latest = now;
        if (!subtask.said.isEmpty() && now - subtask.bucket < BUCKET_NANOS) {
            subtask.said.removeLast();
        } else {
            subtask.bucket = now;
        }
        subtask.said.addLast(new long[] {now, watermark});
        while (subtask.said.size() > 2 && now - subtask.said.peekFirst()[0] > KEPT_NANOS) {
            subtask.said.removeFirst();
        }
    }

    /**
     * The time that a subtask without records takes over.
     *
     * @param subtask which
     * @param until only what was said before counts
     * @return that of the subtask of its stream which is behind all others that have records; where none has, the latest
     */
    synchronized long takenOver(Subtask subtask, long until) {
        Collection<Subtask> stream = ofStream(subtask);
        return stream.stream().allMatch(one -> one.isIdle)
                ? stream.stream().mapToLong(one -> at(one, until)).max().orElse(NONE)
                : stream.stream().filter(one -> !one.isIdle).mapToLong(one -> at(one, until)).min().orElse(NONE);
    }

    /**
     * Whether other streams need not wait for that of a subtask: it has no records, and they have some since an idle timeout.
     *
     * @param subtask which
     * @param emptyAt when its shards were last seen to be empty
     * @param idleNanos the idle timeout
     */
    synchronized boolean isIdleForOthers(Subtask subtask, long emptyAt, long idleNanos) {
        long now = System.nanoTime();
        return ofStream(subtask).stream().allMatch(one -> one.isIdle)
                && subtasks.stream()
                        .filter(one -> !one.stream.equals(subtask.stream) && !one.said.isEmpty())
                        .anyMatch(one -> emptyAt - one.begun >= idleNanos && now - one.latest <= 3 * idleNanos);
    }

    private Collection<Subtask> ofStream(Subtask subtask) {
        List<Subtask> found = new ArrayList<>(subtasks);
        found.removeIf(one -> !one.stream.equals(subtask.stream));
        return found;
    }

    private static long at(Subtask subtask, long until) {
        long found = NONE;
        for (long[] one : subtask.said) {
            if (one[0] - until <= 0) {
                found = one[1];
            }
        }
        return found;
    }
}

package streamingconstructs.local.aws;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.flink.util.FlinkRuntimeException;

/** Finds the shards of a stream, and hands each to the subtask that has the fewest; a child once its parents are read. */
final class ShardEnumerator implements SplitEnumerator<ShardSplit, ShardsState> {
    private final KinesisStream stream;
    private final KinesisPosition position;
    private final SplitEnumeratorContext<ShardSplit> context;
    private final ShardsState state;
    private final Map<Integer, Set<String>> held = new HashMap<>();
    private final Map<String, JsonNode> shards = new LinkedHashMap<>();

    ShardEnumerator(
            KinesisStream stream, KinesisPosition position, SplitEnumeratorContext<ShardSplit> context, ShardsState state) {
        this.stream = stream;
        this.position = position;
        this.context = context;
        this.state = state;
    }

    @Override
    public void start() {
        context.callAsync(this::list, this::found, 0, position.discoveryMilliseconds);
    }

    private List<JsonNode> list() throws IOException {
        List<JsonNode> found = new ArrayList<>();
        ObjectNode request = stream.request();
        while (true) {
            JsonNode answer = stream.call("ListShards", request);
            answer.path("Shards").forEach(found::add);
            if (!answer.hasNonNull("NextToken")) {
                return found;
            }
            request = AwsClient.JSON.createObjectNode().put("NextToken", answer.get("NextToken").asText());
        }
    }

    private void found(List<JsonNode> found, Throwable failed) {
        if (failed instanceof AwsException && ((AwsException) failed).isThrottled()) {
            return;
        }
        if (failed != null) {
            throw new FlinkRuntimeException("Failed to list shards.", failed);
        }
        boolean isFirst = state.seen.isEmpty();
        for (JsonNode shard : found) {
            String id = shard.path("ShardId").asText();
            shards.put(id, shard);
            if (state.seen.add(id)) {
                if (isFirst && position.position == KinesisOptions.Position.LATEST && isClosed(shard)) {
                    state.read.add(id);
                } else {
                    state.waiting.add(isFirst ? position.first(id) : KinesisPosition.later(id));
                }
            }
        }
        assign();
    }

    private static boolean isClosed(JsonNode shard) {
        return shard.path("SequenceNumberRange").hasNonNull("EndingSequenceNumber");
    }

    private void assign() {
        if (context.registeredReaders().size() < context.currentParallelism()) {
            return;
        }
        for (Iterator<ShardSplit> splits = state.waiting.iterator(); splits.hasNext(); ) {
            ShardSplit split = splits.next();
            if (parentsAreRead(split.shard)) {
                int subtask = leastHeld();
                held.computeIfAbsent(subtask, none -> new HashSet<>()).add(split.shard);
                context.assignSplit(split, subtask);
                splits.remove();
            }
        }
    }

    private boolean parentsAreRead(String id) {
        JsonNode shard = shards.get(id);
        return shard == null || isRead(shard.path("ParentShardId")) && isRead(shard.path("AdjacentParentShardId"));
    }

    private boolean isRead(JsonNode parent) {
        // One that is not listed any more has nothing left to read.
        return !parent.isTextual() || !shards.containsKey(parent.asText()) || state.read.contains(parent.asText());
    }

    private int leastHeld() {
        int least = 0;
        for (int subtask = 1; subtask < context.currentParallelism(); subtask++) {
            if (count(subtask) < count(least)) {
                least = subtask;
            }
        }
        return least;
    }

    private int count(int subtask) {
        return held.getOrDefault(subtask, Set.of()).size();
    }

    @Override
    public void handleSourceEvent(int subtask, SourceEvent event) {
        String shard = ((ShardRead) event).shard;
        state.read.add(shard);
        held.getOrDefault(subtask, new HashSet<>()).remove(shard);
        assign();
    }

    @Override
    public void handleSplitRequest(int subtask, String host) {
        // Splits are handed out as they are found.
    }

    @Override
    public void addSplitsBack(List<ShardSplit> splits, int subtask) {
        for (ShardSplit split : splits) {
            held.getOrDefault(subtask, new HashSet<>()).remove(split.shard);
            state.waiting.add(split);
        }
        assign();
    }

    @Override
    public void addReader(int subtask) {
        assign();
    }

    @Override
    public ShardsState snapshotState(long checkpoint) {
        return state;
    }

    @Override
    public void close() {
        // The client of HTTP is shared.
    }
}

package streamingconstructs.local.job;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.dag.Pipeline;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.CheckpointStatsSnapshot;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.executiongraph.AccessExecution;
import org.apache.flink.runtime.executiongraph.AccessExecutionGraph;
import org.apache.flink.runtime.executiongraph.AccessExecutionVertex;
import org.apache.flink.runtime.executiongraph.ErrorInfo;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.runtime.minicluster.MiniClusterJobClient;
import org.apache.flink.runtime.minicluster.RpcServiceSharing;
import org.apache.flink.streaming.api.graph.StreamGraph;

/** A job, in a cluster of its own; those that end by themselves share one. */
public final class Job {
    /** What is restored: a savepoint or checkpoint. */
    public static final ConfigOption<String> RESTORE =
            ConfigOptions.key("streamingconstructs.restore").stringType().noDefaultValue();
    /** Whether a job runs in the cluster that is shared. */
    public static final ConfigOption<Boolean> SHARED =
            ConfigOptions.key("streamingconstructs.shared").booleanType().defaultValue(false);

    private static final Map<String, Job> JOBS = new ConcurrentHashMap<>();
    /** Kafka's connector names its source itself, with the catalog and the database of the table. */
    private static final Pattern SOURCE =
            Pattern.compile("Source: (?:KafkaSource-[^.]+\\.[^.]+\\.)?(.+?)(?:\\[\\d+])?");
    private static final Pattern SINK = Pattern.compile("(?:Sink: )?(.+?)(?:\\[\\d+])?: Writer");
    private static final Duration TASKS_BEGIN_WITHIN = Duration.ofSeconds(30);
    private static MiniCluster shared;

    private final JobID id;
    private final MiniCluster cluster;
    private final TaskFailures tasks;
    private Map<String, Object> last;

    private Job(JobID id, MiniCluster cluster) {
        this.id = id;
        this.cluster = cluster;
        this.tasks = new TaskFailures(id, cluster);
    }

    static CompletableFuture<JobClient> submit(Pipeline pipeline, Configuration settings, ClassLoader classLoader)
            throws Exception {
        TimedAssigner.putInto((StreamGraph) pipeline);
        JobGraph graph = ((StreamGraph) pipeline).getJobGraph();
        settings.getOptional(RESTORE)
                .ifPresent(path -> graph.setSavepointRestoreSettings(SavepointRestoreSettings.forPath(path)));
        boolean isShared = settings.get(SHARED);
        MiniCluster cluster = isShared ? shared(settings) : started(settings);
        JOBS.put(graph.getJobID().toHexString(), new Job(graph.getJobID(), cluster));
        return cluster.submitJob(graph)
                .thenApply(submitted -> new MiniClusterJobClient(
                        submitted.getJobID(),
                        cluster,
                        classLoader,
                        MiniClusterJobClient.JobFinalizationBehavior.NOTHING));
    }

    private static synchronized MiniCluster shared(Configuration settings) throws Exception {
        if (shared == null) {
            shared = started(settings);
        }
        return shared;
    }

    private static MiniCluster started(Configuration settings) throws Exception {
        MiniCluster cluster = new LocalCluster(new MiniClusterConfiguration.Builder()
                .setConfiguration(new Configuration(settings))
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(settings.get(CoreOptions.DEFAULT_PARALLELISM))
                .setRpcServiceSharing(RpcServiceSharing.SHARED)
                .setCommonBindAddress("127.0.0.1")
                .withRandomPorts()
                .build());
        cluster.start();
        return cluster;
    }

    /**
     * A job of this process.
     *
     * @param id its id
     * @return the job
     */
    public static Job of(String id) {
        Job job = JOBS.get(id);
        if (job == null) {
            throw new IllegalArgumentException("there is no job " + id);
        }
        return job;
    }

    /** How it is: its state, what made it fail last, how often it was started anew, how many checkpoints are complete. */
    public synchronized Map<String, Object> status() throws Exception {
        if (last != null) {
            return last;
        }
        AccessExecutionGraph graph = cluster.getExecutionGraph(id).get();
        if (!graph.getState().isGloballyTerminalState()) {
            tasks.look();
        }
        CheckpointStatsSnapshot checkpoints = graph.getCheckpointStatsSnapshot();
        Map<String, Object> status = new TreeMap<>();
        status.put("state", graph.getState().name());
        status.put("failure", failure(graph).map(this::said).orElse(""));
        status.put("restarts", sum("numRestarts").getOrDefault("", 0L));
        status.put("checkpoints", checkpoints == null ? 0 : checkpoints.getCounts().getNumberOfCompletedCheckpoints());
        return status;
    }

    private static Optional<Failed> failure(AccessExecutionGraph graph) {
        List<Failed> failures = new ArrayList<>();
        for (AccessExecutionVertex vertex : graph.getAllExecutionVertices()) {
            String task = vertex.getTaskNameWithSubtaskIndex();
            Consumer<ErrorInfo> add = failure -> failures.add(new Failed(task, failure));
            vertex.getCurrentExecutionAttempt().getFailureInfo().ifPresent(add);
            for (AccessExecution before : vertex.getExecutionHistory().getHistoricalExecutions()) {
                before.getFailureInfo().ifPresent(add);
            }
        }
        // That of the job has no name of a task, and is the latest of one of them.
        Failed ofJob = Optional.ofNullable(graph.getFailureInfo())
                .map(failure -> new Failed("", failure))
                .orElse(null);
        Optional<Failed> ofTask =
                failures.stream().max((one, other) -> Long.compare(one.of.getTimestamp(), other.of.getTimestamp()));
        if (ofJob == null || ofTask.filter(task -> task.isAs(ofJob)).isPresent()) {
            return ofTask;
        }
        return Optional.of(ofJob);
    }

    private String said(Failed failed) {
        Throwable thrown = tasks.of(failed.of.getException().deserializeError(Job.class.getClassLoader()));
        String record = Causes.record(thrown);
        if (record.isEmpty()) {
            return Causes.root(thrown);
        }
        Matcher source = SOURCE.matcher(failed.task.split(" (?:->|\\(\\d+/)")[0]);
        String reader = source.matches() ? "`" + source.group(1) + "` cannot read " : "cannot read ";
        return reader + record + ": " + Causes.root(thrown);
    }

    /** What a job failed of. */
    private static final class Failed {
        private final String task;
        private final ErrorInfo of;

        private Failed(String task, ErrorInfo of) {
            this.task = task;
            this.of = of;
        }

        private boolean isAs(Failed other) {
            return of.getTimestamp() >= other.of.getTimestamp()
                    || of.getExceptionAsString().equals(other.of.getExceptionAsString());
        }
    }

    /** What it counted. */
    public Map<String, Object> metrics() {
        Map<String, Object> metrics = new TreeMap<>();
        Map<String, Long> late = sum("numLateRecordsDropped");
        late.values().removeIf(dropped -> dropped == 0);
        metrics.put("records_in", byTable(SOURCE, "numRecordsOut"));
        metrics.put("records_out", byTable(SINK, "numRecordsIn"));
        metrics.put("late_records_dropped", late);
        metrics.put("watermarks", watermarks());
        return metrics;
    }

    /** Of sources what came out counts: a record that is skipped goes in. */
    private Map<String, Long> byTable(Pattern names, String metric) {
        Map<String, Long> sums = new TreeMap<>();
        sum(metric).forEach((operator, value) -> {
            Matcher name = names.matcher(operator);
            if (name.matches()) {
                sums.merge(name.group(1), value, Long::sum);
            }
        });
        return sums;
    }

    /** Of what makes watermarks: assigners of the planner, and sources that make them themselves. */
    private Map<String, List<Long>> watermarks() {
        Map<String, List<Long>> watermarks = new TreeMap<>();
        Counted.each(id.toHexString(), "currentOutputWatermark", (operator, value) -> {
            if (operator.startsWith("WatermarkAssigner") || SOURCE.matcher(operator).matches()) {
                watermarks.computeIfAbsent(operator, none -> new ArrayList<>()).add(value == Long.MIN_VALUE ? null : value);
            }
        });
        boolean areAssigned = watermarks.keySet().stream().anyMatch(operator -> operator.startsWith("WatermarkAssigner"));
        watermarks.entrySet().removeIf(each -> areAssigned
                && SOURCE.matcher(each.getKey()).matches()
                && each.getValue().stream().allMatch(value -> value == null));
        return watermarks;
    }

    private Map<String, Long> sum(String metric) {
        Map<String, Long> sums = new TreeMap<>();
        Counted.each(id.toHexString(), metric, (operator, value) -> sums.merge(operator, value, Long::sum));
        return sums;
    }

    /**
     * Stops it with a savepoint, and says where that is.
     *
     * @param folder where savepoints go
     * @param drain whether time comes to its end first, so that all windows give what they have
     */
    public String stop(String folder, boolean drain) throws Exception {
        awaitTasks();
        String savepoint = cluster.stopWithSavepoint(id, folder, drain, SavepointFormatType.CANONICAL).get();
        cluster.requestJobResult(id).get();
        close();
        return savepoint;
    }

    /** A job is running before all its tasks are, and a task that has not begun refuses a savepoint. */
    private void awaitTasks() throws Exception {
        long last = System.nanoTime() + TASKS_BEGIN_WITHIN.toNanos();
        while (System.nanoTime() < last) {
            AccessExecutionGraph graph = cluster.getExecutionGraph(id).get();
            if (graph.getState().isGloballyTerminalState() || haveBegun(graph)) {
                return;
            }
            Thread.sleep(20);
        }
    }

    private static boolean haveBegun(AccessExecutionGraph graph) {
        for (AccessExecutionVertex vertex : graph.getAllExecutionVertices()) {
            ExecutionState state = vertex.getExecutionState();
            if (state != ExecutionState.RUNNING && state != ExecutionState.FINISHED) {
                return false;
            }
        }
        return true;
    }

    /** Ends it at once. */
    public void cancel() throws Exception {
        if (last == null) {
            if (!cluster.getJobStatus(id).get().isGloballyTerminalState()) {
                cluster.cancelJob(id).get();
            }
            cluster.requestJobResult(id).get();
            close();
        }
    }

    private void close() throws Exception {
        Map<String, Object> status = status();
        synchronized (this) {
            last = status;
        }
        cluster.closeAsync().get();
        StreamTime.forget(id.toHexString());
    }

    /** Waits for the end of a job that ends by itself, and forgets it. */
    public Map<String, Object> await(JobClient client) throws Exception {
        try {
            client.getJobExecutionResult().get();
            return metrics();
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof Exception ? (Exception) failed.getCause() : failed;
        } finally {
            JOBS.remove(id.toHexString());
            Counted.forget(id.toHexString());
        }
    }
}

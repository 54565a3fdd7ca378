package streamingconstructs.local.job;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;

/** Keeps the metrics of all jobs of this process, also what those had counted that are not there any more. */
public final class Counted implements MetricReporter {
    private static final Map<String, JobMetrics> JOBS = new ConcurrentHashMap<>();

    /** The metrics of one job, by what they are of and their names. */
    private static final class JobMetrics {
        private final Map<String, Metric> current = new ConcurrentHashMap<>();
        private final Map<String, Long> before = new ConcurrentHashMap<>();
    }

    @Override
    public void open(MetricConfig config) {
        // Nothing is set.
    }

    @Override
    public void close() {
        // What was counted is still asked for.
    }

    @Override
    public void notifyOfAddedMetric(Metric metric, String name, MetricGroup group) {
        Map<String, String> of = group.getAllVariables();
        String job = of.get("<job_id>");
        if (job != null && (metric instanceof Counter || metric instanceof Gauge)) {
            JOBS.computeIfAbsent(job, none -> new JobMetrics()).current.put(key(of, name), metric);
        }
    }

    @Override
    public void notifyOfRemovedMetric(Metric metric, String name, MetricGroup group) {
        Map<String, String> of = group.getAllVariables();
        JobMetrics job = JOBS.get(of.getOrDefault("<job_id>", ""));
        if (job == null || !job.current.remove(key(of, name), metric)) {
            return;
        }
        Long value = value(metric);
        if (metric instanceof Counter) {
            job.before.merge(key(of, name), value, Long::sum);
        } else if (value != null) {
            job.before.put(key(of, name), value);
        }
    }

    private static String key(Map<String, String> of, String name) {
        return of.getOrDefault("<operator_name>", "") + "\n" + of.getOrDefault("<subtask_index>", "") + "\n" + name;
    }

    private static Long value(Metric metric) {
        if (metric instanceof Counter) {
            return ((Counter) metric).getCount();
        }
        try {
            Object value = ((Gauge<?>) metric).getValue();
            return value instanceof Number ? ((Number) value).longValue() : null;
        } catch (RuntimeException gone) {
            return null;
        }
    }

    /**
     * The values of a metric of a job.
     *
     * @param job the id of the job
     * @param name the metric
     * @param take takes the operator that each is of, and the value
     */
    static void each(String job, String name, BiConsumer<String, Long> take) {
        JobMetrics metrics = JOBS.get(job);
        if (metrics == null) {
            return;
        }
        Map<String, Long> values = new TreeMap<>();
        metrics.before.forEach(values::put);
        metrics.current.forEach((key, metric) -> {
            Long value = value(metric);
            if (value != null) {
                values.merge(key, value, metric instanceof Counter ? Long::sum : (old, current) -> current);
            }
        });
        values.forEach((key, value) -> {
            String[] parts = key.split("\n", -1);
            if (parts[2].equals(name)) {
                take.accept(parts[0], value);
            }
        });
    }

    /** Forgets a job. */
    static void forget(String job) {
        JOBS.remove(job);
    }
}

package streamingconstructs.local.job;

import java.lang.reflect.Field;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.taskexecutor.TaskExecutor;
import org.apache.flink.runtime.taskexecutor.slot.TaskSlotTable;
import org.apache.flink.runtime.taskmanager.Task;
import org.apache.flink.util.ExceptionUtils;
import org.apache.flink.util.FlinkExpectedException;

/**
 * What tasks of a job failed of, where whoever runs the job is not told. A task that fails while it is closed for a failure, as one
 * does whose writer of Kafka has records on their way, takes its task manager with it, and what the job is told of is the end of
 * that.
 */
final class TaskFailures {
    private final JobID job;
    private final MiniCluster cluster;
    private final Set<Task> running = new LinkedHashSet<>();
    private Throwable latest;

    TaskFailures(JobID job, MiniCluster cluster) {
        this.job = job;
        this.cluster = cluster;
    }

    /** Looks at the tasks that there are; has a new task manager started where the one that there was is gone, as on AWS. */
    void look() throws Exception {
        List<?> managers = (List<?>) read(MiniCluster.class, "taskManagers", cluster);
        if (managers.isEmpty()) {
            return;
        }
        TaskExecutor manager = (TaskExecutor) managers.get(managers.size() - 1);
        try {
            Iterator<?> tasks = ((TaskSlotTable<?>) read(TaskExecutor.class, "taskSlotTable", manager)).getTasks(job);
            tasks.forEachRemaining(task -> running.add((Task) task));
        } catch (RuntimeException changing) {
            // It belongs to another thread: the next look sees them.
        }
        for (Task task : running) {
            Throwable cause = task.getFailureCause();
            if (cause != null && !isOfTheEnd(cause)) {
                latest = cause;
            }
        }
        running.removeIf(task -> task.getExecutionState().isTerminal() && task.getTerminationFuture().isDone());
        if (manager.getTerminationFuture().isDone()) {
            cluster.startTaskManager();
        }
    }

    /**
     * What is told of a failure: where it is the end of a task manager alone, what a task failed of before.
     *
     * @param failed what the job is told of
     * @return what to tell
     */
    Throwable of(Throwable failed) {
        return isOfTheEnd(failed) ? Optional.ofNullable(latest).orElse(failed) : failed;
    }

    private static boolean isOfTheEnd(Throwable failed) {
        return ExceptionUtils.findThrowable(failed, FlinkExpectedException.class).isPresent();
    }

    private static Object read(Class<?> of, String name, Object from) throws ReflectiveOperationException {
        Field field = of.getDeclaredField(name);
        field.setAccessible(true);
        return field.get(from);
    }
}

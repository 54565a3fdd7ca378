package streamingconstructs.local.job;

import java.lang.reflect.Field;
import org.apache.flink.runtime.execution.Environment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.SourceOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.runtime.operators.wmassigners.WatermarkAssignerOperatorFactory;
import streamingconstructs.local.aws.Shards;

/** Makes the planner's own operator that assigns watermarks, with another output: one that knows the time of all subtasks. */
final class TimedAssigner extends AbstractStreamOperatorFactory<RowData>
        implements OneInputStreamOperatorFactory<RowData, RowData> {
    private static final long serialVersionUID = 1L;
    private static final long LOOK_MILLISECONDS = 100;

    private final WatermarkAssignerOperatorFactory assigner;
    private final String stream;
    private final long idleMilliseconds;

    private TimedAssigner(WatermarkAssignerOperatorFactory assigner, String stream, long idleMilliseconds) {
        this.assigner = assigner;
        this.stream = stream;
        this.idleMilliseconds = idleMilliseconds;
        setChainingStrategy(assigner.getChainingStrategy());
    }

    /** Has subtasks that are idle take the time of others over, in a job that reads streams of Kinesis and nothing else. */
    static void putInto(StreamGraph graph) throws ReflectiveOperationException {
        for (int id : graph.getSourceIDs()) {
            StreamOperatorFactory<?> source = graph.getStreamNode(id).getOperatorFactory();
            if (!(source instanceof SourceOperatorFactory) || !(value(source, "source") instanceof Shards)) {
                return;
            }
        }
        for (StreamNode node : graph.getStreamNodes()) {
            if (node.getOperatorFactory() instanceof WatermarkAssignerOperatorFactory) {
                WatermarkAssignerOperatorFactory assigner = (WatermarkAssignerOperatorFactory) node.getOperatorFactory();
                long idle = (long) value(assigner, "idleTimeout");
                if (idle > 0) {
                    field(StreamNode.class, "operatorFactory")
                            .set(node, new TimedAssigner(assigner, String.valueOf(node.getId()), idle));
                }
            }
        }
    }

    private static Object value(Object of, String name) throws ReflectiveOperationException {
        return field(of.getClass(), name).get(of);
    }

    /** Flink lets nobody see these, nor change them. */
    private static Field field(Class<?> of, String name) throws ReflectiveOperationException {
        Field field = of.getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }

    @Override
    @SuppressWarnings({"unchecked", "rawtypes"})
    public <T extends StreamOperator<RowData>> T createStreamOperator(StreamOperatorParameters<RowData> given) {
        Environment environment = given.getContainingTask().getEnvironment();
        StreamTime time = StreamTime.of(environment.getJobID().toHexString());
        TimedOutput output = new AssignedOutput(
                given.getOutput(),
                time,
                time.begun(stream, environment.getTaskInfo().getIndexOfThisSubtask()),
                environment.getExecutionId().toString(),
                idleMilliseconds * 1_000_000);
        assigner.setProcessingTimeService(processingTimeService);
        processingTimeService.scheduleWithFixedDelay(at -> output.look(), LOOK_MILLISECONDS, LOOK_MILLISECONDS);
        StreamOperatorParameters<RowData> parameters = new StreamOperatorParameters<>(
                given.getContainingTask(),
                given.getStreamConfig(),
                output,
                given::getProcessingTimeService,
                given.getOperatorEventDispatcher(),
                given.getMailboxExecutor());
        return (T) assigner.createStreamOperator((StreamOperatorParameters) parameters);
    }

    @Override
    @SuppressWarnings("rawtypes")
    public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
        return assigner.getStreamOperatorClass(classLoader);
    }
}

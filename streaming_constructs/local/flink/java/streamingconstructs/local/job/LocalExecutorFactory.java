package streamingconstructs.local.job;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.core.execution.PipelineExecutor;
import org.apache.flink.core.execution.PipelineExecutorFactory;

/** Has jobs run in this process, where Flink asks where to. */
public final class LocalExecutorFactory implements PipelineExecutorFactory {
    /** The name of this target. */
    public static final String TARGET = "streamingconstructs";

    @Override
    public String getName() {
        return TARGET;
    }

    @Override
    public boolean isCompatibleWith(Configuration configuration) {
        return TARGET.equals(configuration.get(DeploymentOptions.TARGET));
    }

    @Override
    public PipelineExecutor getExecutor(Configuration configuration) {
        return (pipeline, settings, classLoader) -> Job.submit(pipeline, settings, classLoader);
    }
}

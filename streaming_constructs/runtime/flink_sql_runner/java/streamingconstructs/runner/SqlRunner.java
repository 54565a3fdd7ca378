package streamingconstructs.runner;

import java.nio.file.Path;
import java.nio.file.Paths;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;

/**
 * The entry point of an application: runs the statements of its own jar as one job.
 *
 * <p>What it cannot run it throws, so that the start of the application fails, and says why.
 */
public final class SqlRunner {
    /**
     * Where Managed Service for Apache Flink puts the property groups of an application. Source:
     * https://docs.aws.amazon.com/managed-flink/latest/java/how-properties.html
     */
    private static final String PROPERTIES = "/etc/flink/application_properties.json";

    /** The system property that says where they are elsewhere: in a test. */
    private static final String PROPERTIES_AT = "streamingconstructs.properties";

    private SqlRunner() {}

    /**
     * Submits the job. It does not wait for its end.
     *
     * @param arguments none
     * @throws Exception if the property groups or the statements cannot be read, or Flink refuses a statement
     */
    public static void main(String[] arguments) throws Exception {
        Path properties = Paths.get(System.getProperty(PROPERTIES_AT, PROPERTIES));
        Statements statements = Statements.ofOwnJar();
        TableEnvironment environment = TableEnvironment.create(EnvironmentSettings.inStreamingMode());
        statements.configure(environment.getConfig());
        statements.execute(environment, Variables.ofPropertyGroups(properties));
    }
}

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.StatementSet;
import org.apache.flink.table.api.TableEnvironment;

/**
 * SQL in plain Flink, without anything of streaming_constructs. Each line that comes in is a file of statements; when its job has
 * ended, a line goes out.
 */
public final class ByHand {
    private ByHand() {}

    public static void main(String[] arguments) throws Exception {
        BufferedReader files = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String file = files.readLine(); file != null; file = files.readLine()) {
            run(Files.readString(Path.of(file)).split(";\\s*\n"));
            System.out.println("done");
        }
        System.exit(0);
    }

    private static void run(String[] statements) throws Exception {
        Configuration settings = new Configuration();
        settings.setString("parallelism.default", "1");
        settings.setString("table.local-time-zone", "UTC");
        TableEnvironment environment = TableEnvironment.create(
                EnvironmentSettings.newInstance().inStreamingMode().withConfiguration(settings).build());
        StatementSet inserts = environment.createStatementSet();
        for (String statement : statements) {
            if (statement.contains("INSERT INTO")) {
                inserts.addInsertSql(statement);
            } else {
                environment.executeSql(statement);
            }
        }
        inserts.execute().await();
    }
}

package streamingconstructs.runner;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.flink.table.api.StatementSet;
import org.apache.flink.table.api.TableConfig;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.TableResult;

/** The statements of an application, and what they set: {@code {"config": {…}, "statements": […]}}. */
public final class Statements {
    /** Where they are in a jar. */
    public static final String RESOURCE = "/statements.json";

    private static final Pattern INSERT =
            Pattern.compile("(?:\\s++|(?:--|//)[^\\n\\r]*+|/\\*(?s:.*?)\\*/)*+INSERT\\b", Pattern.CASE_INSENSITIVE);

    private final Map<String, String> config;
    private final List<String> statements;

    private Statements(Map<String, String> config, List<String> statements) {
        this.config = config;
        this.statements = statements;
    }

    /**
     * Those of the jar that this class is in.
     *
     * @return the statements
     * @throws IOException if they cannot be read
     */
    public static Statements ofOwnJar() throws IOException {
        try (InputStream resource = Statements.class.getResourceAsStream(RESOURCE)) {
            if (resource == null) {
                throw new FileNotFoundException("the jar has no " + RESOURCE.substring(1));
            }
            return of(new ObjectMapper().readTree(resource));
        }
    }

    /**
     * Those of a document.
     *
     * @param document the document
     * @return the statements
     */
    public static Statements of(JsonNode document) {
        Map<String, String> config = new LinkedHashMap<>();
        JsonNode settings = document.path("config");
        for (Iterator<String> names = settings.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            config.put(name, settings.get(name).asText());
        }
        List<String> statements = new ArrayList<>();
        document.path("statements").forEach(statement -> statements.add(statement.asText()));
        return new Statements(config, statements);
    }

    /**
     * Whether a statement is an INSERT; those run together, as one job.
     *
     * @param statement the statement
     * @return whether it is
     */
    public static boolean isInsert(String statement) {
        return INSERT.matcher(statement).lookingAt();
    }

    /**
     * The statements, in their order, with variables in them.
     *
     * @return the statements
     */
    public List<String> list() {
        return Collections.unmodifiableList(statements);
    }

    /**
     * What they set.
     *
     * @return values by their keys
     */
    public Map<String, String> config() {
        return Collections.unmodifiableMap(config);
    }

    /**
     * Sets what they set, and nothing else: what is not in the list of the runtime would make it refuse to start.
     *
     * @param target where it is set
     */
    public void configure(TableConfig target) {
        config.forEach(target::set);
    }

    /**
     * Runs them: the INSERTs as one job at the end, all others in their order.
     *
     * @param environment where they run
     * @param variables what they refer to
     * @return the job, submitted
     */
    public TableResult execute(TableEnvironment environment, Variables variables) {
        StatementSet inserts = environment.createStatementSet();
        for (String statement : statements) {
            String rendered = variables.render(statement);
            if (isInsert(rendered)) {
                inserts.addInsertSql(rendered);
            } else {
                environment.executeSql(rendered);
            }
        }
        return inserts.execute();
    }
}

package streamingconstructs.local;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.ExplainDetail;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.StatementSet;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.table.api.internal.TableEnvironmentInternal;
import org.apache.flink.table.api.SqlParserException;
import org.apache.flink.table.catalog.Catalog;
import org.apache.flink.table.catalog.CatalogBaseTable;
import org.apache.flink.table.catalog.CatalogTable;
import org.apache.flink.table.catalog.Column;
import org.apache.flink.table.catalog.ObjectPath;
import org.apache.flink.table.factories.DynamicTableFactory;
import org.apache.flink.table.factories.Factory;
import org.apache.flink.table.types.logical.utils.LogicalTypeChecks;
import streamingconstructs.local.given.GivenTables;
import streamingconstructs.runner.Statements;
import streamingconstructs.runner.Variables;

/** The statements of one application in an environment of their own, with the connectors of some tables swapped. */
final class Script {
    private static final String GAP = "(?:\\s++|--[^\\n]*+|/\\*(?s:.*?)\\*/)*+";
    private static final String NAME = "(?:`[^`]+`|\\w+)";
    private static final Pattern VIEW =
            Pattern.compile(GAP + "(?:CREATE|ALTER)\\s+(?:OR\\s+REPLACE\\s+)?(?:TEMPORARY\\s+)?VIEW\\b.*", flags());
    private static final Pattern TARGET = Pattern.compile(
            GAP + "INSERT\\s+(?:INTO|OVERWRITE)\\s+(?:TABLE\\s+)?(?:" + NAME + "\\s*\\.\\s*)*(" + NAME + ").*", flags());
    private static final Pattern DESCRIPTOR = Pattern.compile("\\bDESCRIPTOR\\s*\\(\\s*(" + NAME + ")\\s*\\)", flags());
    private static final Set<String> JSON_FORMATS =
            Set.of("json", "debezium-json", "canal-json", "maxwell-json", "ogg-json");
    private static final Set<String> TAKES_CHANGES =
            Set.of("upsert-kafka", "dynamodb", "jdbc", "opensearch", "elasticsearch-7", "mongodb", "hbase-2.2");

    private final TableEnvironment environment;
    private final List<String> statements;
    private final StatementSet inserts;

    /**
     * An environment for statements.
     *
     * @param statements the statements
     * @param variables what they refer to
     * @param settings what Flink runs by; what the statements set goes before it
     */
    Script(Statements statements, Variables variables, Map<String, String> settings) throws StatementException {
        Map<String, String> all = new LinkedHashMap<>(settings);
        all.putAll(statements.config());
        this.environment = TableEnvironment.create(EnvironmentSettings.newInstance()
                .inStreamingMode()
                .withConfiguration(Configuration.fromMap(all))
                .build());
        this.statements = new ArrayList<>();
        for (String statement : statements.list()) {
            attempt(this.statements.size(), () -> this.statements.add(variables.render(statement)));
        }
        this.inserts = environment.createStatementSet();
    }

    private static int flags() {
        return Pattern.CASE_INSENSITIVE | Pattern.DOTALL;
    }

    /** Something that Flink may refuse. */
    @FunctionalInterface
    private interface Attempt {
        void run() throws Exception;
    }

    private static void attempt(int index, Attempt attempt) throws StatementException {
        try {
            attempt.run();
        } catch (Exception | NoClassDefFoundError refused) {
            throw new StatementException(index, refused);
        }
    }

    /** What is wrong with the syntax of each statement; the parser knows no tables. */
    List<StatementException> syntaxErrors() {
        List<StatementException> errors = new ArrayList<>();
        for (int index = 0; index < statements.size(); index++) {
            try {
                ((TableEnvironmentInternal) environment).getParser().parse(statements.get(index));
            } catch (SqlParserException refused) {
                errors.add(new StatementException(index, refused));
            } catch (RuntimeException needsTables) {
                // It is well written.
            }
        }
        return errors;
    }

    /** Creates what is created, in order, but views last: they are planned when they are created, on tables as they will be. */
    void createTables() throws StatementException {
        execute(index -> !isInsert(index) && !isView(index));
    }

    /** Creates views, and adds the INSERTs. */
    void createViewsAndInserts() throws StatementException {
        execute(this::isView);
        for (int index = 0; index < statements.size(); index++) {
            if (isInsert(index)) {
                String statement = statements.get(index);
                attempt(index, () -> inserts.addInsertSql(statement));
            }
        }
    }

    private void execute(IntPredicate which) throws StatementException {
        for (int index = 0; index < statements.size(); index++) {
            if (which.test(index)) {
                String statement = statements.get(index);
                attempt(index, () -> environment.executeSql(statement));
            }
        }
    }

    private boolean isInsert(int index) {
        return Statements.isInsert(statements.get(index));
    }

    private boolean isView(int index) {
        return VIEW.matcher(statements.get(index)).matches();
    }

    /** The tables that INSERTs write. */
    Set<String> targets() {
        Set<String> targets = new HashSet<>();
        for (String statement : statements) {
            Matcher insert = TARGET.matcher(statement);
            if (insert.matches()) {
                targets.add(insert.group(1).replace("`", ""));
            }
        }
        return targets;
    }

    /** The tables, with their options. */
    Map<String, Map<String, String>> tables() throws Exception {
        Map<String, Map<String, String>> tables = new LinkedHashMap<>();
        for (String name : catalog().listTables(environment.getCurrentDatabase())) {
            CatalogBaseTable table = catalog().getTable(path(name));
            if (table.getTableKind() == CatalogBaseTable.TableKind.TABLE) {
                tables.put(name, table.getOptions());
            }
        }
        return tables;
    }

    /** The tables whose connector is not on the class path. */
    Set<String> withoutConnector() throws Exception {
        Set<String> known = new HashSet<>();
        for (Factory factory : ServiceLoader.load(Factory.class, Script.class.getClassLoader())) {
            if (factory instanceof DynamicTableFactory) {
                known.add(factory.factoryIdentifier());
            }
        }
        return tables().entrySet().stream()
                .filter(table -> !known.contains(table.getValue().getOrDefault("connector", "")))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /**
     * Has a table take rows that are given, and keep rows that come out. Its columns, watermark, key and format stay; what is metadata
     * becomes a column that can be given, and what it is partitioned by is a column like others.
     *
     * @param name the table
     * @param id under which rows are given and kept
     */
    void swap(String name, String id) throws Exception {
        CatalogTable table = (CatalogTable) catalog().getTable(path(name));
        Map<String, String> given = table.getOptions();
        Map<String, String> options = new LinkedHashMap<>();
        String prefix = given.containsKey("format") ? "" : "value.";
        String format = given.getOrDefault(prefix + "format", "json");
        if (JSON_FORMATS.contains(format)) {
            String own = prefix + format + ".";
            given.forEach((key, value) -> {
                if (key.startsWith(own)) {
                    options.put(key.substring(prefix.length()), value);
                }
            });
        } else {
            format = "json";
        }
        if (!given.containsKey(prefix + "format")) {
            // Such as a table of DynamoDB, whose times are ISO 8601 without being asked.
            options.put("json.timestamp-format.standard", "ISO-8601");
        }
        options.put("connector", GivenTables.CONNECTOR);
        options.put(GivenTables.ID.key(), id);
        options.put("format", format);
        if (takesChanges(given)) {
            options.put(GivenTables.CHANGES.key(), "true");
        }
        CatalogTable swapped = CatalogTable.newBuilder()
                .schema(withoutMetadata(table.getUnresolvedSchema()))
                .options(options)
                .build();
        catalog().alterTable(path(name), swapped, false);
    }

    static boolean takesChanges(Map<String, String> options) {
        return TAKES_CHANGES.contains(options.getOrDefault("connector", ""));
    }

    private static Schema withoutMetadata(Schema schema) {
        Schema.Builder builder = Schema.newBuilder();
        for (Schema.UnresolvedColumn column : schema.getColumns()) {
            if (column instanceof Schema.UnresolvedComputedColumn) {
                builder.columnByExpression(column.getName(), ((Schema.UnresolvedComputedColumn) column).getExpression());
            } else if (column instanceof Schema.UnresolvedMetadataColumn) {
                builder.column(column.getName(), ((Schema.UnresolvedMetadataColumn) column).getDataType());
            } else {
                builder.column(column.getName(), ((Schema.UnresolvedPhysicalColumn) column).getDataType());
            }
        }
        schema.getWatermarkSpecs()
                .forEach(watermark -> builder.watermark(watermark.getColumnName(), watermark.getWatermarkExpression()));
        schema.getPrimaryKey()
                .ifPresent(key -> builder.primaryKeyNamed(key.getConstraintName(), key.getColumnNames()));
        return builder.build();
    }

    /** A column of processing time that a window is over; such a window never ends on input that does. */
    Optional<String> processingTimeWindow() {
        Set<String> columns = new HashSet<>();
        for (String name : environment.listTables()) {
            for (Column column : environment.from("`" + name + "`").getResolvedSchema().getColumns()) {
                if (LogicalTypeChecks.isProctimeAttribute(column.getDataType().getLogicalType())) {
                    columns.add(column.getName());
                }
            }
        }
        for (String statement : statements) {
            for (Matcher window = DESCRIPTOR.matcher(statement); window.find(); ) {
                String column = window.group(1).replace("`", "");
                if (columns.contains(column)) {
                    return Optional.of(column);
                }
            }
        }
        return Optional.empty();
    }

    /** Plans the INSERTs, and throws what Flink has against them. */
    void plan() {
        inserts.explain(new ExplainDetail[0]);
    }

    /** Submits the INSERTs as one job. */
    TableResult submit() {
        return inserts.execute();
    }

    private Catalog catalog() {
        return environment.getCatalog(environment.getCurrentCatalog()).orElseThrow();
    }

    private ObjectPath path(String table) {
        return new ObjectPath(environment.getCurrentDatabase(), table);
    }
}

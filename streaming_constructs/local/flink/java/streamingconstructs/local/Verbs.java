package streamingconstructs.local;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.util.EnvironmentInformation;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.table.api.TableResult;
import streamingconstructs.local.given.GivenRows;
import streamingconstructs.local.job.Job;
import streamingconstructs.local.job.LocalExecutorFactory;
import streamingconstructs.runner.Statements;
import streamingconstructs.runner.Variables;

/** What can be asked for. */
final class Verbs {
    private static final String RESTARTS = "restart-strategy.type";

    Map<String, ?> answer(JsonNode request) throws Exception {
        switch (request.path("verb").asText()) {
            case "hello":
                return hello(request);
            case "parse":
                return parse(request);
            case "validate":
                return validate(request);
            case "run":
                return run(request);
            case "start":
                return start(request);
            case "status":
                return job(request).status();
            case "metrics":
                return job(request).metrics();
            case "stop":
                String folder = request.path("folder").asText();
                return Map.of("savepoint", job(request).stop(folder, request.path("drain").asBoolean()));
            case "cancel":
                job(request).cancel();
                return Map.of();
            default:
                throw new IllegalArgumentException("there is no verb " + request.path("verb").asText());
        }
    }

    private static Map<String, ?> hello(JsonNode request) {
        strings(request.path("properties")).forEach(System::setProperty);
        return Map.of("flink", EnvironmentInformation.getVersion());
    }

    private static Map<String, ?> parse(JsonNode request) throws Exception {
        List<Object> errors = new ArrayList<>();
        for (StatementException error : script(request, settings(1)).syntaxErrors()) {
            errors.add(Failure.of(error));
        }
        return Map.of("errors", errors);
    }

    private static Map<String, ?> validate(JsonNode request) throws Exception {
        Script script = script(request, settings(1));
        script.createTables();
        TreeSet<String> swapped = new TreeSet<>(script.withoutConnector());
        for (String table : swapped) {
            script.swap(table, table);
        }
        script.createViewsAndInserts();
        script.plan();
        return Map.of("without_connector", swapped);
    }

    private static Map<String, ?> run(JsonNode request) throws Exception {
        Map<String, String> settings = settings(1);
        settings.put(RESTARTS, "disable");
        settings.put("pipeline.auto-watermark-interval", "1 ms");
        settings.put(Job.SHARED.key(), "true");
        Script script = script(request, settings);
        script.createTables();
        String run = UUID.randomUUID() + "/";
        Map<String, Map<String, String>> tables = script.tables();
        for (Map.Entry<String, Map<String, String>> table : tables.entrySet()) {
            boolean isGiven = request.path("events").has(table.getKey());
            if (isGiven || !"datagen".equals(table.getValue().get("connector"))) {
                script.swap(table.getKey(), run + table.getKey());
            }
        }
        give(request.path("events"), run, tables);
        try {
            script.createViewsAndInserts();
            script.processingTimeWindow().ifPresent(column -> {
                throw new IllegalArgumentException("a window is over " + column + ", which is the time of processing: with events "
                        + "that end it never does, and nothing would come out. Give the events a time of their own, or plan it alone");
            });
            TableResult result = script.submit();
            JobClient client = result.getJobClient().orElseThrow();
            Map<String, Object> metrics = Job.of(client.getJobID().toHexString()).await(client);
            Map<String, Object> rows = new TreeMap<>();
            for (String target : script.targets()) {
                boolean changes = Script.takesChanges(tables.getOrDefault(target, Map.of()));
                rows.put(target, Map.of("changes", changes, "rows", collected(run + target)));
            }
            return Map.of("tables", rows, "metrics", metrics);
        } finally {
            GivenRows.forget(run);
        }
    }

    private static void give(JsonNode events, String run, Map<String, ?> tables) {
        for (Iterator<String> names = events.fieldNames(); names.hasNext(); ) {
            String table = names.next();
            if (!tables.containsKey(table)) {
                throw new IllegalArgumentException(
                        "there is no table " + table + " that events could be given to; there are " + String.join(", ", tables.keySet()));
            }
            List<byte[]> rows = new ArrayList<>();
            events.get(table).forEach(event -> rows.add(event.asText().getBytes(StandardCharsets.UTF_8)));
            GivenRows.give(run + table, rows);
        }
    }

    private static List<List<String>> collected(String id) {
        List<List<String>> rows = new ArrayList<>();
        for (GivenRows.Row row : GivenRows.collected(id)) {
            rows.add(List.of(row.isAdded ? "+" : "-", new String(row.content, StandardCharsets.UTF_8)));
        }
        return rows;
    }

    private static Map<String, ?> start(JsonNode request) throws Exception {
        Map<String, String> settings = settings(request.path("parallelism").asInt());
        settings.put("execution.checkpointing.interval", request.path("checkpoint_milliseconds").asLong() + " ms");
        settings.put("execution.checkpointing.externalized-checkpoint-retention", "RETAIN_ON_CANCELLATION");
        settings.put("state.checkpoints.dir", request.path("checkpoints").asText());
        settings.put(RESTARTS, "fixed-delay");
        settings.put("restart-strategy.fixed-delay.attempts", String.valueOf(Integer.MAX_VALUE));
        settings.put("restart-strategy.fixed-delay.delay", "1 s");
        if (request.hasNonNull("restore")) {
            settings.put(Job.RESTORE.key(), request.get("restore").asText());
        }
        Script script = script(request, settings);
        script.createTables();
        script.createViewsAndInserts();
        return Map.of("job", script.submit().getJobClient().orElseThrow().getJobID().toHexString());
    }

    private static Map<String, String> settings(int parallelism) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("execution.target", LocalExecutorFactory.TARGET);
        settings.put("parallelism.default", String.valueOf(parallelism));
        settings.put("table.local-time-zone", "UTC");
        settings.put("metrics.reporters", "counted");
        settings.put("metrics.reporter.counted.factory.class", "streamingconstructs.local.job.CountedFactory");
        settings.put("taskmanager.memory.network.min", "64 mb");
        settings.put("taskmanager.memory.network.max", "64 mb");
        settings.put("rest.bind-address", "127.0.0.1");
        settings.put("rest.address", "127.0.0.1");
        settings.put("rest.bind-port", "0");
        return settings;
    }

    private static Script script(JsonNode request, Map<String, String> settings) throws StatementException {
        return new Script(Statements.of(request.path("document")), new Variables(strings(request.path("variables"))), settings);
    }

    private static Job job(JsonNode request) {
        return Job.of(request.path("job").asText());
    }

    private static Map<String, String> strings(JsonNode object) {
        Map<String, String> strings = new LinkedHashMap<>();
        for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            strings.put(name, object.get(name).asText());
        }
        return strings;
    }
}

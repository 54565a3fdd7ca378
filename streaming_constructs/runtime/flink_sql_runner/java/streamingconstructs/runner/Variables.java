package streamingconstructs.runner;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;

/** What {@code ${name}} stands for in statements: the property group {@code sql.variables}. */
public final class Variables {
    /** The property group. */
    public static final String GROUP = "sql.variables";

    /** What stands in quotes, a comment that is no hint, or a variable; a doubled quote ends one literal and begins the next. */
    private static final Pattern PART =
            Pattern.compile("'[^']*+'|`[^`]*+`|--[^\\n]*+|/\\*(?!\\+)(?s:.*?)\\*/|\\$\\{\\w+\\}");

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{(\\w+)\\}");

    private final Map<String, String> values;

    /**
     * Variables with given values.
     *
     * @param values what each name stands for
     */
    public Variables(Map<String, String> values) {
        this.values = new TreeMap<>(values);
    }

    /**
     * Those of the property groups of an application.
     *
     * @param file the groups, as JSON; without it there are no variables
     * @return the variables
     * @throws IOException if it cannot be read
     */
    public static Variables ofPropertyGroups(Path file) throws IOException {
        Map<String, String> values = new TreeMap<>();
        if (Files.exists(file)) {
            for (JsonNode group : new ObjectMapper().readTree(Files.readAllBytes(file))) {
                if (GROUP.equals(group.path("PropertyGroupId").asText())) {
                    JsonNode properties = group.path("PropertyMap");
                    for (Iterator<String> names = properties.fieldNames(); names.hasNext(); ) {
                        String name = names.next();
                        values.put(name, properties.get(name).asText());
                    }
                }
            }
        }
        return new Variables(values);
    }

    /**
     * A statement with its variables replaced. Inside of {@code '…'} quotes of a value are doubled, so that it stays inside;
     * inside of comments nothing is replaced.
     *
     * @param statement the statement
     * @return what Flink is given
     * @throws IllegalArgumentException if a variable has no value
     */
    public String render(String statement) {
        StringBuilder rendered = new StringBuilder();
        Matcher part = PART.matcher(statement);
        int end = 0;
        while (part.find()) {
            rendered.append(statement, end, part.start());
            char first = part.group().charAt(0);
            if (first == '-' || first == '/') {
                rendered.append(part.group());
            } else {
                String quote = first == '$' ? "" : String.valueOf(first);
                rendered.append(replaced(part.group(), quote));
            }
            end = part.end();
        }
        return rendered.append(statement, end, statement.length()).toString();
    }

    private String replaced(String part, String quote) {
        StringBuilder rendered = new StringBuilder();
        Matcher variable = VARIABLE.matcher(part);
        int end = 0;
        while (variable.find()) {
            String value = value(variable.group(1));
            rendered.append(part, end, variable.start());
            rendered.append(quote.isEmpty() ? value : value.replace(quote, quote + quote));
            end = variable.end();
        }
        return rendered.append(part, end, part.length()).toString();
    }

    private String value(String name) {
        String value = values.get(name);
        if (value == null) {
            String there = values.isEmpty() ? "none" : String.join(", ", values.keySet());
            throw new IllegalArgumentException(
                    "the property group " + GROUP + " has no " + name + ", which a statement refers to; it has " + there);
        }
        return value;
    }
}

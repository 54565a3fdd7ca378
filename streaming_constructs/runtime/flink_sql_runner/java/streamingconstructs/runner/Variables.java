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

    /** The name of a variable, as the specs have it: whatever else stands in {@code ${…}} stays as it is. */
    private static final String NAME = "[A-Za-z_][A-Za-z0-9_.-]{0,127}";

    /** A comment, as Flink's lexer has it; a hint is none. */
    private static final String COMMENT = "(?:--|//)[^\\n\\r]*+|/\\*(?!\\+)(?s:.*?)\\*/";

    /** A literal whose quotes may be escaped by a backslash; a word that ends in that letter begins none. */
    private static final String ESCAPED = "(?<![\\w$])[eE]'(?:[^'\\\\]|\\\\(?s:.)|'')*+'";

    /** What stands in quotes, a comment, or a variable; a doubled quote ends one literal and begins the next. */
    private static final Pattern PART =
            Pattern.compile(ESCAPED + "|'[^']*+'|`[^`]*+`|" + COMMENT + "|\\$\\{" + NAME + "\\}");

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{(" + NAME + ")\\}");

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
                rendered.append(replaced(part.group(), first));
            }
            end = part.end();
        }
        return rendered.append(statement, end, statement.length()).toString();
    }

    private String replaced(String part, char first) {
        StringBuilder rendered = new StringBuilder();
        Matcher variable = VARIABLE.matcher(part);
        int end = 0;
        while (variable.find()) {
            rendered.append(part, end, variable.start());
            rendered.append(inside(first, value(variable.group(1))));
            end = variable.end();
        }
        return rendered.append(part, end, part.length()).toString();
    }

    /** A value as it stands inside of what begins with a letter or a quote. */
    private static String inside(char first, String value) {
        switch (first) {
            case '$':
                return value;
            case 'e':
            case 'E':
                return value.replace("\\", "\\\\").replace("'", "''");
            default:
                return value.replace(String.valueOf(first), String.valueOf(first) + first);
        }
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

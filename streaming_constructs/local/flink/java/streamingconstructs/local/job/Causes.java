package streamingconstructs.local.job;

import java.util.ArrayList;
import java.util.List;

/** What failed, from the outside to the root. */
public final class Causes {
    private static final int DEEPEST = 30;
    private static final int LONGEST = 300;
    private static final String NO_RECORD = "Failed to deserialize JSON '";
    private static final String NO_RECORD_END = "'.";

    private Causes() {}

    /**
     * What each cause says, the outermost first; what was said before is left out.
     *
     * @param failed what was thrown
     * @return at least one
     */
    public static List<String> of(Throwable failed) {
        List<String> said = new ArrayList<>();
        int depth = 0;
        for (Throwable cause = failed; cause != null && depth < DEEPEST; cause = cause.getCause()) {
            String message = cause.getMessage();
            String text = message == null || message.isBlank() ? cause.getClass().getName() : message.strip();
            if (!said.contains(text)) {
                said.add(text);
            }
            depth++;
        }
        return said;
    }

    /**
     * What the root says.
     *
     * @param failed what was thrown
     * @return its words
     */
    public static String root(Throwable failed) {
        List<String> said = of(failed);
        return said.get(said.size() - 1);
    }

    /**
     * The record that cannot be read, as Flink quotes it.
     *
     * @param failed what was thrown
     * @return the record, and what is too much of it left out; empty where it is about none
     */
    static String record(Throwable failed) {
        for (String said : of(failed)) {
            if (said.startsWith(NO_RECORD) && said.endsWith(NO_RECORD_END)) {
                String record = said.substring(NO_RECORD.length(), said.length() - NO_RECORD_END.length());
                return record.length() > LONGEST ? record.substring(0, LONGEST) + " …" : record;
            }
        }
        return "";
    }
}

package streamingconstructs.local.job;

import java.util.ArrayList;
import java.util.List;

/** What failed, from the outside to the root. */
public final class Causes {
    private static final int DEEPEST = 30;

    private Causes() {}

    /**
     * What each cause says, the outermost first; what says the same as the one before is left out.
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
            // Flink puts what a cause says, with the names of classes before it, into what is around it.
            said.removeIf(outer -> outer.endsWith(text));
            said.add(text);
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
}

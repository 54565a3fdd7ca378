package streamingconstructs.local;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import streamingconstructs.local.job.Causes;

/** What is told of something that failed. */
final class Failure {
    private static final Pattern PLACE = Pattern.compile("\\bline (\\d+), column (\\d+)");

    private Failure() {}

    static Map<String, Object> of(Throwable failed) {
        Throwable refused = failed;
        Map<String, Object> failure = new LinkedHashMap<>();
        if (failed instanceof StatementException) {
            failure.put("statement", ((StatementException) failed).index);
            refused = failed.getCause();
        }
        List<String> causes = Causes.of(refused);
        failure.put("causes", causes);
        for (String said : causes) {
            Matcher place = PLACE.matcher(said);
            if (place.find()) {
                failure.put("line", Integer.parseInt(place.group(1)));
                failure.put("column", Integer.parseInt(place.group(2)));
                break;
            }
        }
        StringWriter trace = new StringWriter();
        refused.printStackTrace(new PrintWriter(trace, true));
        failure.put("trace", trace.toString());
        return failure;
    }
}

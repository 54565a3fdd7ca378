package streamingconstructs.local.aws;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;

/** Finds out what of a request was refused, where an API answers each entry in its place. */
final class Refused {
    /** A request. */
    @FunctionalInterface
    interface Request {
        /** The answers to its entries, in their order. */
        JsonNode answers() throws IOException;
    }

    private Refused() {}

    static List<BatchRequests.Entry> of(Collection<BatchRequests.Entry> entries, Request request) throws IOException {
        JsonNode answers;
        try {
            answers = request.answers();
        } catch (AwsException refused) {
            if (refused.isThrottled()) {
                return new ArrayList<>(entries);
            }
            throw refused;
        }
        List<BatchRequests.Entry> again = new ArrayList<>();
        int index = 0;
        for (BatchRequests.Entry entry : entries) {
            if (answers.path(index).hasNonNull("ErrorCode")) {
                again.add(entry);
            }
            index++;
        }
        return again;
    }
}

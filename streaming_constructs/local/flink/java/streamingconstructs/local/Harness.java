package streamingconstructs.local;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.MappingIterator;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;

/**
 * A Flink that is asked by lines of JSON and answers by lines of JSON, and listens on no port for that.
 *
 * <p>A request has an {@code id} and a {@code verb}; its answer has the same id, and what is {@code said} or what {@code failed}. The
 * process ends when its input does: with whoever started it, however that ends.
 */
public final class Harness {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final OutputStream answers;
    private final Verbs verbs = new Verbs();

    private Harness(OutputStream answers) {
        this.answers = answers;
    }

    /**
     * Answers until the input ends.
     *
     * @param arguments none
     * @throws IOException if the input cannot be read
     */
    public static void main(String[] arguments) throws IOException {
        OutputStream answers = new FileOutputStream(FileDescriptor.out);
        System.setOut(System.err); // jobs may print
        Harness harness = new Harness(answers);
        ExecutorService threads = Executors.newCachedThreadPool();
        MappingIterator<JsonNode> requests = JSON.readerFor(JsonNode.class).readValues(System.in);
        while (requests.hasNextValue()) {
            JsonNode request = requests.nextValue();
            threads.execute(() -> harness.answer(request));
        }
        Runtime.getRuntime().halt(0); // what is open would be waited for, and belongs to nobody any more
    }

    private void answer(JsonNode request) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("id", request.path("id").asLong());
        try {
            answer.put("said", verbs.answer(request));
        } catch (Throwable failed) {
            answer.put("failed", Failure.of(failed));
        }
        try {
            byte[] line = (JSON.writeValueAsString(answer) + "\n").getBytes(StandardCharsets.UTF_8);
            synchronized (answers) {
                answers.write(line);
                answers.flush();
            }
        } catch (IOException gone) {
            Runtime.getRuntime().halt(1);
        }
    }
}

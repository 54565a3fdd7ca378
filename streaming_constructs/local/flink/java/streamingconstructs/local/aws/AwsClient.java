package streamingconstructs.local.aws;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.Serializable;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.regex.Pattern;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Asks an AWS on this machine, and no other: its endpoint is a system property, and on loopback.
 *
 * <p>Requests carry the credentials of that AWS. Their signature is none, as it checks none.
 */
final class AwsClient implements Serializable {
    /** The system property with the endpoint. */
    static final String ENDPOINT = "streamingconstructs.aws.endpoint";

    /** The system property with the id of the access key. */
    static final String ACCESS_KEY = "streamingconstructs.aws.access-key";

    /** The system property with the session token. */
    static final String TOKEN = "streamingconstructs.aws.token";

    static final ObjectMapper JSON = new ObjectMapper();

    private static final long serialVersionUID = 1L;
    private static final Pattern LOOPBACK = Pattern.compile("http://(localhost|127\\.0\\.0\\.1|\\[::1])(:\\d+)?/?");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** HTTP/1.1: an embedded AWS speaks no other. */
    private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final String service;
    private final String target;
    private final String contentType;
    private final String region;

    /**
     * A client of one service.
     *
     * @param service its name in signatures, such as {@code kinesis}
     * @param target what the names of its actions are prefixed with
     * @param version of JSON that it speaks
     * @param region the region that is asked
     */
    AwsClient(String service, String target, String version, String region) {
        this.service = service;
        this.target = target;
        this.contentType = "application/x-amz-json-" + version;
        this.region = region;
    }

    /**
     * What an action answers.
     *
     * @param action the action
     * @param body what it is asked
     * @return its answer
     * @throws IOException if it refuses, or cannot be reached
     */
    JsonNode call(String action, ObjectNode body) throws IOException {
        String scope = "/20200101/" + region + "/" + service + "/aws4_request";
        String key = System.getProperty(ACCESS_KEY, "testing");
        HttpRequest request = HttpRequest.newBuilder(endpoint())
                .timeout(PATIENCE)
                .header("Content-Type", contentType)
                .header("X-Amz-Target", target + "." + action)
                .header("X-Amz-Security-Token", System.getProperty(TOKEN, ""))
                .header("Authorization", "AWS4-HMAC-SHA256 Credential=" + key + scope + ", SignedHeaders=host, Signature=0")
                .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
                .build();
        HttpResponse<byte[]> response;
        try {
            response = HTTP.send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(action + " was interrupted");
        }
        if (response.statusCode() == 200) {
            return JSON.readTree(response.body());
        }
        throw refused(action, response);
    }

    private static AwsException refused(String action, HttpResponse<byte[]> response) {
        JsonNode said;
        try {
            said = JSON.readTree(response.body());
        } catch (IOException notJson) {
            said = JSON.createObjectNode();
        }
        String type = said.path("__type").asText("HTTP " + response.statusCode());
        String message = said.path("message").asText(said.path("Message").asText(""));
        return new AwsException(action, type.substring(type.indexOf('#') + 1), message);
    }

    private static URI endpoint() throws IOException {
        String endpoint = System.getProperty(ENDPOINT, "");
        if (endpoint.isEmpty()) {
            throw new IOException("there is no AWS on this machine that could be asked");
        }
        if (!LOOPBACK.matcher(endpoint).matches()) {
            throw new IOException("the endpoint of AWS is not on loopback: " + endpoint);
        }
        return URI.create(endpoint);
    }
}

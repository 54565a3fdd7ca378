package streamingconstructs.local.aws;

import java.io.IOException;
import java.io.Serializable;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

/** A stream, by its ARN. */
final class KinesisStream implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String arn;
    private final AwsClient client;

    KinesisStream(String arn, String region) {
        this.arn = arn;
        this.client = new AwsClient("kinesis", "Kinesis_20131202", "1.1", region);
    }

    /** The body of a request that is about the stream. */
    ObjectNode request() {
        return AwsClient.JSON.createObjectNode().put("StreamARN", arn);
    }

    JsonNode call(String action, ObjectNode body) throws IOException {
        return client.call(action, body);
    }
}

package streamingconstructs.local.aws;

import java.io.Serializable;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.connector.base.table.AsyncSinkConnectorOptions;
import org.apache.flink.table.api.ValidationException;

/** How a sink gathers what it sends. */
final class SinkSettings implements Serializable {
    private static final long serialVersionUID = 1L;
    /** On one machine nobody waits for a buffer to fill, so that what is computed is seen at once. */
    private static final long LONGEST_BUFFER_MILLISECONDS = 100;

    final int mostRecords;
    final long mostBytes;
    final long bufferMilliseconds;
    final boolean failOnError;

    private SinkSettings(int mostRecords, long mostBytes, long bufferMilliseconds, boolean failOnError) {
        this.mostRecords = mostRecords;
        this.mostBytes = mostBytes;
        this.bufferMilliseconds = bufferMilliseconds;
        this.failOnError = failOnError;
    }

    /**
     * Those of a table.
     *
     * @param options its options
     * @param mostRecords the most that a request may have, which is the default too
     * @return the settings
     */
    static SinkSettings of(ReadableConfig options, int mostRecords) {
        int records = options.getOptional(AsyncSinkConnectorOptions.MAX_BATCH_SIZE).orElse(mostRecords);
        if (records < 1 || records > mostRecords) {
            throw new ValidationException("Invalid value for " + AsyncSinkConnectorOptions.MAX_BATCH_SIZE.key() + ": " + records
                    + ". A request has 1 to " + mostRecords);
        }
        long timeout = options.getOptional(AsyncSinkConnectorOptions.FLUSH_BUFFER_TIMEOUT).orElse(LONGEST_BUFFER_MILLISECONDS);
        return new SinkSettings(
                records,
                options.getOptional(AsyncSinkConnectorOptions.FLUSH_BUFFER_SIZE).orElse(4L * 1024 * 1024),
                Math.min(Math.max(timeout, 1), LONGEST_BUFFER_MILLISECONDS),
                options.get(AwsOptions.FAIL_ON_ERROR));
    }
}

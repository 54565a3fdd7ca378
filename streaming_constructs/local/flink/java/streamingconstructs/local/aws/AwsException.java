package streamingconstructs.local.aws;

import java.io.IOException;

/** What an API of AWS answered instead of what it was asked for. */
final class AwsException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String type;

    AwsException(String action, String type, String message) {
        super(action + ": " + type + ": " + message);
        this.type = type;
    }

    /** Whether asking again, later, may be answered. */
    boolean isThrottled() {
        return type.contains("Throughput") || type.contains("Throttling") || type.contains("LimitExceeded")
                || type.contains("ServiceUnavailable") || type.contains("InternalFailure") || type.contains("InternalServerError");
    }

    /** Whether an iterator of a shard is too old; a new one goes on where it was. */
    boolean isExpiredIterator() {
        return type.contains("ExpiredIterator");
    }
}

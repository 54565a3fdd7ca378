package streamingconstructs.local.aws;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.table.api.ValidationException;

/**
 * Options that connectors of AWS share.
 *
 * <p>Their names and types are those of the connectors of apache/flink-connector-aws, version 6.0.1. Source:
 * https://nightlies.apache.org/flink/flink-docs-stable/docs/connectors/table/kinesis/
 */
final class AwsOptions {
    static final ConfigOption<String> REGION = ConfigOptions.key("aws.region").stringType().noDefaultValue();
    static final ConfigOption<Boolean> FAIL_ON_ERROR =
            ConfigOptions.key("sink.fail-on-error").booleanType().defaultValue(false);

    /** Options by prefix that say how to reach AWS, and old ones of a producer; on this machine none of them does anything. */
    static final String[] PREFIXES = {"aws.", "sink.http-client.", "sink.producer."};

    private static final String CREDENTIALS = "aws.credentials.provider";
    private static final List<String> PROVIDERS = Arrays.asList(
            "ENV_VAR", "SYS_PROP", "PROFILE", "BASIC", "ASSUME_ROLE", "WEB_IDENTITY_TOKEN", "CUSTOM", "AUTO");
    private static final String TRUST = "aws.trust.all.certificates";

    private AwsOptions() {}

    /**
     * Judges those that are known by their prefix alone.
     *
     * @param options all options of a table
     */
    static void validate(Map<String, String> options) {
        String provider = options.getOrDefault(CREDENTIALS, "AUTO");
        if (!PROVIDERS.contains(provider)) {
            throw new ValidationException(
                    "Invalid value for " + CREDENTIALS + ": " + provider + ". It is one of " + String.join(", ", PROVIDERS));
        }
        String trust = options.getOrDefault(TRUST, "false");
        if (!trust.equalsIgnoreCase("true") && !trust.equalsIgnoreCase("false")) {
            throw new ValidationException("Invalid value for " + TRUST + ": " + trust + ". It is true or false");
        }
    }
}

package streamingconstructs.local.aws;

import java.time.Duration;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/**
 * Options of the connector {@code kinesis}, with the names, types and defaults of version 6.0.1. Source:
 * https://nightlies.apache.org/flink/flink-docs-stable/docs/connectors/table/kinesis/
 */
final class KinesisOptions {
    /** Where a shard is read from that was never read before. */
    enum Position {
        LATEST,
        TRIM_HORIZON,
        AT_TIMESTAMP
    }

    /** How shards are read; here both by asking. */
    enum Reader {
        POLLING,
        EFO
    }

    /** Who registers the consumer of the enhanced fan-out; here nobody. */
    enum Lifecycle {
        JOB_MANAGED,
        SELF_MANAGED
    }

    static final ConfigOption<String> STREAM = ConfigOptions.key("stream.arn").stringType().noDefaultValue();

    static final ConfigOption<Position> POSITION =
            ConfigOptions.key("source.init.position").enumType(Position.class).defaultValue(Position.LATEST);
    static final ConfigOption<String> TIMESTAMP = ConfigOptions.key("source.init.timestamp").stringType().noDefaultValue();
    static final ConfigOption<String> TIMESTAMP_FORMAT =
            ConfigOptions.key("source.init.timestamp.format").stringType().defaultValue("yyyy-MM-dd'T'HH:mm:ss.SSSXXX");
    static final ConfigOption<Duration> DISCOVERY = duration("source.shard.discovery.interval", 10_000);
    static final ConfigOption<Integer> MOST_RECORDS =
            ConfigOptions.key("source.shard.get-records.max-record-count").intType().defaultValue(10_000);
    static final ConfigOption<Reader> READER =
            ConfigOptions.key("source.reader.type").enumType(Reader.class).defaultValue(Reader.POLLING);
    static final ConfigOption<Duration> EMPTY_INTERVAL = duration("source.reader.empty-records-fetch-interval", 250);
    static final ConfigOption<Lifecycle> EFO_LIFECYCLE =
            ConfigOptions.key("source.efo.lifecycle").enumType(Lifecycle.class).defaultValue(Lifecycle.JOB_MANAGED);
    static final ConfigOption<String> EFO_CONSUMER = ConfigOptions.key("source.efo.consumer.name").stringType().noDefaultValue();
    static final ConfigOption<Duration> EFO_SUBSCRIPTION = duration("source.efo.subscription.timeout", 60_000);
    static final ConfigOption<Duration> EFO_DEREGISTER = duration("source.efo.deregister.timeout", 10_000);
    static final ConfigOption<Duration> EFO_DELAY_MIN = duration("source.efo.describe.retry-strategy.delay.min", 2_000);
    static final ConfigOption<Duration> EFO_DELAY_MAX = duration("source.efo.describe.retry-strategy.delay.max", 60_000);
    static final ConfigOption<Integer> EFO_ATTEMPTS =
            ConfigOptions.key("source.efo.describe.retry-strategy.attempts.max").intType().defaultValue(100);
    static final ConfigOption<String> SHARD_ASSIGNER =
            ConfigOptions.key("source.shard-assigner").stringType().defaultValue("default");

    static final ConfigOption<String> PARTITIONER = ConfigOptions.key("sink.partitioner").stringType().noDefaultValue();
    static final ConfigOption<String> DELIMITER =
            ConfigOptions.key("sink.partitioner-field-delimiter").stringType().defaultValue("|");

    private KinesisOptions() {}

    private static ConfigOption<Duration> duration(String key, long milliseconds) {
        return ConfigOptions.key(key).durationType().defaultValue(Duration.ofMillis(milliseconds));
    }
}

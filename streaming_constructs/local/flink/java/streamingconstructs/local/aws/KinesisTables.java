package streamingconstructs.local.aws;

import java.text.ParseException;
import java.text.SimpleDateFormat;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.connector.base.table.AsyncSinkConnectorOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.ProviderContext;
import org.apache.flink.table.connector.format.DecodingFormat;
import org.apache.flink.table.connector.format.EncodingFormat;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.sink.SinkV2Provider;
import org.apache.flink.table.connector.sink.abilities.SupportsPartitioning;
import org.apache.flink.table.connector.source.DataStreamScanProvider;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.connector.source.ScanTableSource;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.factories.DeserializationFormatFactory;
import org.apache.flink.table.factories.DynamicTableSinkFactory;
import org.apache.flink.table.factories.DynamicTableSourceFactory;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.factories.SerializationFormatFactory;
import org.apache.flink.table.types.DataType;

/**
 * A stand-in for the connector {@code kinesis}: its options, and watermarks where it makes them, which is in each subtask and not in
 * each shard. Everything else is ours.
 */
public final class KinesisTables implements DynamicTableSourceFactory, DynamicTableSinkFactory {
    @Override
    public String factoryIdentifier() {
        return "kinesis";
    }

    @Override
    public Set<ConfigOption<?>> requiredOptions() {
        return new HashSet<>(Arrays.asList(KinesisOptions.STREAM, AwsOptions.REGION, FactoryUtil.FORMAT));
    }

    @Override
    public Set<ConfigOption<?>> optionalOptions() {
        return new HashSet<>(Arrays.asList(
                KinesisOptions.POSITION,
                KinesisOptions.TIMESTAMP,
                KinesisOptions.TIMESTAMP_FORMAT,
                KinesisOptions.DISCOVERY,
                KinesisOptions.MOST_RECORDS,
                KinesisOptions.READER,
                KinesisOptions.EMPTY_INTERVAL,
                KinesisOptions.EFO_LIFECYCLE,
                KinesisOptions.EFO_CONSUMER,
                KinesisOptions.EFO_SUBSCRIPTION,
                KinesisOptions.EFO_DEREGISTER,
                KinesisOptions.EFO_DELAY_MIN,
                KinesisOptions.EFO_DELAY_MAX,
                KinesisOptions.EFO_ATTEMPTS,
                KinesisOptions.SHARD_ASSIGNER,
                KinesisOptions.PARTITIONER,
                KinesisOptions.DELIMITER,
                AwsOptions.FAIL_ON_ERROR,
                AsyncSinkConnectorOptions.MAX_BATCH_SIZE,
                AsyncSinkConnectorOptions.MAX_IN_FLIGHT_REQUESTS,
                AsyncSinkConnectorOptions.MAX_BUFFERED_REQUESTS,
                AsyncSinkConnectorOptions.FLUSH_BUFFER_SIZE,
                AsyncSinkConnectorOptions.FLUSH_BUFFER_TIMEOUT));
    }

    @Override
    public DynamicTableSource createDynamicTableSource(Context context) {
        FactoryUtil.TableFactoryHelper helper = FactoryUtil.createTableFactoryHelper(this, context);
        DecodingFormat<DeserializationSchema<RowData>> format =
                helper.discoverDecodingFormat(DeserializationFormatFactory.class, FactoryUtil.FORMAT);
        helper.validateExcept(AwsOptions.PREFIXES);
        AwsOptions.validate(context.getCatalogTable().getOptions());
        return new Source(stream(helper.getOptions()), position(helper.getOptions()), format, context.getPhysicalRowDataType());
    }

    @Override
    public DynamicTableSink createDynamicTableSink(Context context) {
        FactoryUtil.TableFactoryHelper helper = FactoryUtil.createTableFactoryHelper(this, context);
        EncodingFormat<SerializationSchema<RowData>> format =
                helper.discoverEncodingFormat(SerializationFormatFactory.class, FactoryUtil.FORMAT);
        helper.validateExcept(AwsOptions.PREFIXES);
        AwsOptions.validate(context.getCatalogTable().getOptions());
        List<String> partitionedBy = context.getCatalogTable().getPartitionKeys();
        ReadableConfig options = helper.getOptions();
        if (options.getOptional(KinesisOptions.PARTITIONER).isPresent() && !partitionedBy.isEmpty()) {
            throw new ValidationException("Cannot set " + KinesisOptions.PARTITIONER.key()
                    + " option for a table defined with a PARTITIONED BY clause");
        }
        DataType type = context.getPhysicalRowDataType();
        PartitionKey key = PartitionKey.of(
                options.getOptional(KinesisOptions.PARTITIONER).orElse("random"),
                options.get(KinesisOptions.DELIMITER),
                RowFields.of(type, partitionedBy));
        return new Sink(stream(options), key, SinkSettings.of(options, 500), format, type);
    }

    private static KinesisStream stream(ReadableConfig options) {
        return new KinesisStream(options.get(KinesisOptions.STREAM), options.get(AwsOptions.REGION));
    }

    private static KinesisPosition position(ReadableConfig options) {
        KinesisOptions.Position position = options.get(KinesisOptions.POSITION);
        long timestamp = 0;
        if (position == KinesisOptions.Position.AT_TIMESTAMP) {
            String given = options.getOptional(KinesisOptions.TIMESTAMP)
                    .orElseThrow(() -> new ValidationException(
                            "To use AT_TIMESTAMP, the option " + KinesisOptions.TIMESTAMP.key() + " has to be set"));
            timestamp = milliseconds(given, options.get(KinesisOptions.TIMESTAMP_FORMAT));
        }
        if (options.get(KinesisOptions.READER) == KinesisOptions.Reader.EFO
                && !options.getOptional(KinesisOptions.EFO_CONSUMER).isPresent()) {
            throw new ValidationException(
                    "To use the reader EFO, the option " + KinesisOptions.EFO_CONSUMER.key() + " has to be set");
        }
        return new KinesisPosition(
                position,
                timestamp,
                options.get(KinesisOptions.MOST_RECORDS),
                options.get(KinesisOptions.EMPTY_INTERVAL).toMillis(),
                options.get(KinesisOptions.DISCOVERY).toMillis());
    }

    private static long milliseconds(String given, String format) {
        try {
            return new SimpleDateFormat(format).parse(given).getTime();
        } catch (ParseException | IllegalArgumentException other) {
            try {
                return (long) (Double.parseDouble(given) * 1000);
            } catch (NumberFormatException neither) {
                throw new ValidationException("The value of " + KinesisOptions.TIMESTAMP.key() + ", " + given
                        + ", is neither a time of the format " + format + " nor seconds since 1970");
            }
        }
    }

    /** A table that is read: no watermark is made in its source, as the real one makes none. */
    private static final class Source implements ScanTableSource {
        private final KinesisStream stream;
        private final KinesisPosition position;
        private final DecodingFormat<DeserializationSchema<RowData>> format;
        private final DataType type;

        Source(KinesisStream stream, KinesisPosition position, DecodingFormat<DeserializationSchema<RowData>> format, DataType type) {
            this.stream = stream;
            this.position = position;
            this.format = format;
            this.type = type;
        }

        @Override
        public ChangelogMode getChangelogMode() {
            return format.getChangelogMode();
        }

        @Override
        public ScanRuntimeProvider getScanRuntimeProvider(ScanContext context) {
            DeserializationSchema<RowData> schema = format.createRuntimeDecoder(context, type);
            return new DataStreamScanProvider() {
                @Override
                public boolean isBounded() {
                    return false;
                }

                @Override
                public DataStream<RowData> produceDataStream(ProviderContext provider, StreamExecutionEnvironment environment) {
                    return environment.fromSource(
                            new KinesisSource(stream, position, schema),
                            WatermarkStrategy.noWatermarks(),
                            "Kinesis source",
                            schema.getProducedType());
                }
            };
        }

        @Override
        public DynamicTableSource copy() {
            return new Source(stream, position, format, type);
        }

        @Override
        public String asSummaryString() {
            return "Kinesis";
        }
    }

    /** A table that is written. */
    private static final class Sink implements DynamicTableSink, SupportsPartitioning {
        private final KinesisStream stream;
        private final PartitionKey key;
        private final SinkSettings settings;
        private final EncodingFormat<SerializationSchema<RowData>> format;
        private final DataType type;

        Sink(
                KinesisStream stream,
                PartitionKey key,
                SinkSettings settings,
                EncodingFormat<SerializationSchema<RowData>> format,
                DataType type) {
            this.stream = stream;
            this.key = key;
            this.settings = settings;
            this.format = format;
            this.type = type;
        }

        @Override
        public ChangelogMode getChangelogMode(ChangelogMode requested) {
            return format.getChangelogMode();
        }

        @Override
        public SinkRuntimeProvider getSinkRuntimeProvider(Context context) {
            return SinkV2Provider.of(
                    new BatchSink(new KinesisRequests(stream, key, format.createRuntimeEncoder(context, type)), settings));
        }

        @Override
        public void applyStaticPartition(Map<String, String> partition) {
            // Its columns are in the rows as those of any partition are.
        }

        @Override
        public DynamicTableSink copy() {
            return new Sink(stream, key, settings, format, type);
        }

        @Override
        public String asSummaryString() {
            return "Kinesis";
        }
    }
}

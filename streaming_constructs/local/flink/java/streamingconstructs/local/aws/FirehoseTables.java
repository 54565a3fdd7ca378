package streamingconstructs.local.aws;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.connector.base.table.AsyncSinkConnectorOptions;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.format.EncodingFormat;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.sink.SinkV2Provider;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.factories.DynamicTableSinkFactory;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.factories.SerializationFormatFactory;
import org.apache.flink.table.types.DataType;

/** A stand-in for the connector {@code firehose}: its options; rows are added to a delivery stream one after the other. */
public final class FirehoseTables implements DynamicTableSinkFactory {
    private static final ConfigOption<String> STREAM = ConfigOptions.key("delivery-stream").stringType().noDefaultValue();
    /** Source: https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html */
    private static final int MOST_RECORDS = 500;

    @Override
    public String factoryIdentifier() {
        return "firehose";
    }

    @Override
    public Set<ConfigOption<?>> requiredOptions() {
        return new HashSet<>(Arrays.asList(STREAM, FactoryUtil.FORMAT));
    }

    @Override
    public Set<ConfigOption<?>> optionalOptions() {
        return new HashSet<>(Arrays.asList(
                AwsOptions.REGION,
                AwsOptions.FAIL_ON_ERROR,
                AsyncSinkConnectorOptions.MAX_BATCH_SIZE,
                AsyncSinkConnectorOptions.MAX_IN_FLIGHT_REQUESTS,
                AsyncSinkConnectorOptions.MAX_BUFFERED_REQUESTS,
                AsyncSinkConnectorOptions.FLUSH_BUFFER_SIZE,
                AsyncSinkConnectorOptions.FLUSH_BUFFER_TIMEOUT));
    }

    @Override
    public DynamicTableSink createDynamicTableSink(Context context) {
        FactoryUtil.TableFactoryHelper helper = FactoryUtil.createTableFactoryHelper(this, context);
        EncodingFormat<SerializationSchema<RowData>> format =
                helper.discoverEncodingFormat(SerializationFormatFactory.class, FactoryUtil.FORMAT);
        helper.validateExcept(AwsOptions.PREFIXES);
        AwsOptions.validate(context.getCatalogTable().getOptions());
        return new Sink(
                helper.getOptions().get(STREAM),
                helper.getOptions().getOptional(AwsOptions.REGION).orElse("us-east-1"),
                SinkSettings.of(helper.getOptions(), MOST_RECORDS),
                format,
                context.getPhysicalRowDataType());
    }

    private static final class Sink implements DynamicTableSink {
        private final String stream;
        private final String region;
        private final SinkSettings settings;
        private final EncodingFormat<SerializationSchema<RowData>> format;
        private final DataType type;

        Sink(
                String stream,
                String region,
                SinkSettings settings,
                EncodingFormat<SerializationSchema<RowData>> format,
                DataType type) {
            this.stream = stream;
            this.region = region;
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
            SerializationSchema<RowData> schema = format.createRuntimeEncoder(context, type);
            return SinkV2Provider.of(new BatchSink(new FirehoseRequests(stream, region, schema), settings));
        }

        @Override
        public DynamicTableSink copy() {
            return new Sink(stream, region, settings, format, type);
        }

        @Override
        public String asSummaryString() {
            return "firehose";
        }
    }
}

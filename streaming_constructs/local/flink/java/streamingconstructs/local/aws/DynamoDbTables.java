package streamingconstructs.local.aws;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.connector.base.table.AsyncSinkConnectorOptions;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.sink.SinkV2Provider;
import org.apache.flink.table.connector.sink.abilities.SupportsPartitioning;
import org.apache.flink.table.factories.DynamicTableSinkFactory;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.types.DataType;

/** A stand-in for the connector {@code dynamodb}: its options; each row is put under its key, and of a key the last one in a batch. */
public final class DynamoDbTables implements DynamicTableSinkFactory {
    private static final ConfigOption<String> TABLE = ConfigOptions.key("table-name").stringType().noDefaultValue();
    private static final ConfigOption<Boolean> IGNORE_NULLS =
            ConfigOptions.key("sink.ignore-nulls").booleanType().defaultValue(false);
    /** Source: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html */
    private static final int MOST_ITEMS = 25;

    @Override
    public String factoryIdentifier() {
        return "dynamodb";
    }

    @Override
    public Set<ConfigOption<?>> requiredOptions() {
        return new HashSet<>(Arrays.asList(TABLE, AwsOptions.REGION));
    }

    @Override
    public Set<ConfigOption<?>> optionalOptions() {
        return new HashSet<>(Arrays.asList(
                AwsOptions.FAIL_ON_ERROR,
                IGNORE_NULLS,
                AsyncSinkConnectorOptions.MAX_BATCH_SIZE,
                AsyncSinkConnectorOptions.MAX_IN_FLIGHT_REQUESTS,
                AsyncSinkConnectorOptions.MAX_BUFFERED_REQUESTS,
                AsyncSinkConnectorOptions.FLUSH_BUFFER_SIZE,
                AsyncSinkConnectorOptions.FLUSH_BUFFER_TIMEOUT));
    }

    @Override
    public DynamicTableSink createDynamicTableSink(Context context) {
        FactoryUtil.TableFactoryHelper helper = FactoryUtil.createTableFactoryHelper(this, context);
        helper.validateExcept(AwsOptions.PREFIXES);
        AwsOptions.validate(context.getCatalogTable().getOptions());
        ReadableConfig options = helper.getOptions();
        List<String> keys = context.getCatalogTable().getPartitionKeys();
        return new Sink(
                options.get(TABLE),
                options.get(AwsOptions.REGION),
                options.get(IGNORE_NULLS),
                RowFields.of(context.getPhysicalRowDataType(), keys),
                SinkSettings.of(options, MOST_ITEMS),
                context.getPhysicalRowDataType());
    }

    private static final class Sink implements DynamicTableSink, SupportsPartitioning {
        private final String table;
        private final String region;
        private final boolean ignoreNulls;
        private final RowFields keys;
        private final SinkSettings settings;
        private final DataType type;

        Sink(String table, String region, boolean ignoreNulls, RowFields keys, SinkSettings settings, DataType type) {
            this.table = table;
            this.region = region;
            this.ignoreNulls = ignoreNulls;
            this.keys = keys;
            this.settings = settings;
            this.type = type;
        }

        @Override
        public ChangelogMode getChangelogMode(ChangelogMode requested) {
            return ChangelogMode.upsert();
        }

        @Override
        public SinkRuntimeProvider getSinkRuntimeProvider(Context context) {
            Items items = new Items(context.createDataStructureConverter(type), DataType.getFieldNames(type), ignoreNulls);
            return SinkV2Provider.of(new BatchSink(new DynamoDbRequests(table, region, keys, items), settings));
        }

        @Override
        public void applyStaticPartition(Map<String, String> partition) {
            // Its columns are in the rows as those of any partition are.
        }

        @Override
        public DynamicTableSink copy() {
            return new Sink(table, region, ignoreNulls, keys, settings, type);
        }

        @Override
        public String asSummaryString() {
            return "DynamoDB";
        }
    }
}

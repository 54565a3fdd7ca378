package streamingconstructs.local.aws;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ArrayNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.flink.table.connector.RuntimeConverter;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.data.RowData;
import org.apache.flink.types.Row;

/** Makes items of DynamoDB of rows. Source: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html */
final class Items implements Serializable {
    private static final long serialVersionUID = 1L;

    private final DynamicTableSink.DataStructureConverter converter;
    private final ArrayList<String> names;
    private final boolean ignoreNulls;

    Items(DynamicTableSink.DataStructureConverter converter, List<String> names, boolean ignoreNulls) {
        this.converter = converter;
        this.names = new ArrayList<>(names);
        this.ignoreNulls = ignoreNulls;
    }

    void open(ClassLoader classLoader) {
        converter.open(RuntimeConverter.Context.create(classLoader));
    }

    ObjectNode of(RowData row) {
        Row external = (Row) converter.toExternal(row);
        ObjectNode item = AwsClient.JSON.createObjectNode();
        for (int index = 0; index < names.size(); index++) {
            Object value = external.getField(index);
            if (value != null || !ignoreNulls) {
                item.set(names.get(index), attribute(value));
            }
        }
        return item;
    }

    private static ObjectNode attribute(Object value) {
        ObjectNode attribute = AwsClient.JSON.createObjectNode();
        if (value == null) {
            return attribute.put("NULL", true);
        }
        if (value instanceof Boolean) {
            return attribute.put("BOOL", (Boolean) value);
        }
        if (value instanceof Number) {
            return attribute.put("N", value.toString());
        }
        if (value instanceof byte[]) {
            return attribute.put("B", (byte[]) value);
        }
        if (value instanceof Object[]) {
            ArrayNode list = attribute.putArray("L");
            for (Object each : (Object[]) value) {
                list.add(attribute(each));
            }
            return attribute;
        }
        if (value instanceof Map) {
            ObjectNode map = attribute.putObject("M");
            ((Map<?, ?>) value).forEach((key, each) -> map.set(String.valueOf(key), attribute(each)));
            return attribute;
        }
        if (value instanceof Row) {
            ObjectNode map = attribute.putObject("M");
            Row nested = (Row) value;
            for (String name : nested.getFieldNames(true)) {
                map.set(name, attribute(nested.getField(name)));
            }
            return attribute;
        }
        return attribute.put("S", value.toString());
    }
}

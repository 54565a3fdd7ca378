package streamingconstructs.local.aws;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.DataType;

/** Some fields of rows, such as those that a table is partitioned by. */
final class RowFields implements Serializable {
    private static final long serialVersionUID = 1L;

    private final ArrayList<RowData.FieldGetter> getters;

    private RowFields(ArrayList<RowData.FieldGetter> getters) {
        this.getters = getters;
    }

    static RowFields of(DataType rows, List<String> names) {
        List<String> all = DataType.getFieldNames(rows);
        List<DataType> types = DataType.getFieldDataTypes(rows);
        ArrayList<RowData.FieldGetter> getters = new ArrayList<>();
        for (String name : names) {
            int index = all.indexOf(name);
            getters.add(RowData.createFieldGetter(types.get(index).getLogicalType(), index));
        }
        return new RowFields(getters);
    }

    boolean isEmpty() {
        return getters.isEmpty();
    }

    String joined(RowData row, String delimiter) {
        StringBuilder joined = new StringBuilder();
        for (RowData.FieldGetter getter : getters) {
            joined.append(joined.length() == 0 ? "" : delimiter).append(getter.getFieldOrNull(row));
        }
        return joined.toString();
    }
}

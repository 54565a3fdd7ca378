package streamingconstructs.local.job;

import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.table.data.RowData;

/** What comes out of a subtask that assigns watermarks, with all that Flink 1 knows of. */
final class AssignedOutput extends TimedOutput {
    AssignedOutput(
            Output<StreamRecord<RowData>> output, StreamTime time, StreamTime.Subtask subtask, String task, long idleNanos) {
        super(output, time, subtask, task, idleNanos);
    }
}

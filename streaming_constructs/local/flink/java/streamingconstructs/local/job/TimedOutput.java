package streamingconstructs.local.job;

import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.LatencyMarker;
import org.apache.flink.streaming.runtime.streamrecord.RecordAttributes;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.table.data.RowData;
import org.apache.flink.util.OutputTag;

/** What comes out of a subtask that assigns watermarks; where it has no records, the time that it takes over from others as well. */
abstract class TimedOutput implements Output<StreamRecord<RowData>> {
    final Output<StreamRecord<RowData>> output;
    private final StreamTime time;
    private final StreamTime.Subtask subtask;
    private final String task;
    private final long idleNanos;
    private long emitted = StreamTime.NONE;
    private boolean isIdle;
    private boolean isIdleForOthers;

    TimedOutput(
            Output<StreamRecord<RowData>> output, StreamTime time, StreamTime.Subtask subtask, String task, long idleNanos) {
        this.output = output;
        this.time = time;
        this.subtask = subtask;
        this.task = task;
        this.idleNanos = idleNanos;
    }

    @Override
    public void emitWatermark(Watermark watermark) {
        time.said(subtask, watermark.getTimestamp(), idleNanos);
        forward(watermark);
    }

    private void forward(Watermark watermark) {
        if (watermark.getTimestamp() > emitted) {
            emitted = watermark.getTimestamp();
            output.emitWatermark(watermark);
        }
    }

    @Override
    public void emitWatermarkStatus(WatermarkStatus status) {
        if (!StreamTime.hasReader(task)) { // what reads is in another task, and nothing is known of it
            output.emitWatermarkStatus(status);
            return;
        }
        isIdle = status.isIdle();
        time.idle(subtask, isIdle);
        if (!isIdle) {
            tellOthers(false);
        }
    }

    /** Looks whether there is time to take over; in the thread of the task. */
    void look() {
        if (!isIdle) {
            return;
        }
        long emptyAt = StreamTime.emptyAt(task);
        if (emptyAt == StreamTime.NONE) {
            return;
        }
        forward(new Watermark(time.takenOver(subtask, emptyAt - idleNanos)));
        tellOthers(time.isIdleForOthers(subtask, emptyAt, idleNanos));
    }

    private void tellOthers(boolean idle) {
        if (idle != isIdleForOthers) {
            isIdleForOthers = idle;
            output.emitWatermarkStatus(idle ? WatermarkStatus.IDLE : WatermarkStatus.ACTIVE);
        }
    }

    @Override
    public void collect(StreamRecord<RowData> record) {
        output.collect(record);
    }

    @Override
    public <X> void collect(OutputTag<X> tag, StreamRecord<X> record) {
        output.collect(tag, record);
    }

    @Override
    public void emitLatencyMarker(LatencyMarker marker) {
        output.emitLatencyMarker(marker);
    }

    @Override
    public void emitRecordAttributes(RecordAttributes attributes) {
        output.emitRecordAttributes(attributes);
    }

    @Override
    public void close() {
        output.close();
    }
}

package streamingconstructs.local;

/** A statement that Flink refused. */
final class StatementException extends Exception {
    private static final long serialVersionUID = 1L;

    final int index;

    StatementException(int index, Throwable cause) {
        super(cause);
        this.index = index;
    }
}

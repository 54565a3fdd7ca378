package streamingconstructs.parser;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.calcite.config.Lex;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.parser.SqlParser;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.flink.sql.parser.impl.FlinkSqlParserImpl;
import org.apache.flink.sql.parser.validate.FlinkSqlConformance;
import streamingconstructs.runner.Variables;

/**
 * Flink's parser without Flink: asked for statements on its input, it says on its output what is wrong with the syntax of each.
 *
 * <p>A request is the count of variables, each with its value, then the count of statements, and each of them. Its answer is, for each
 * statement, whether it is refused, and if it is, the line, the column, both 0 if there is none, and what is said of it. Counts are of
 * four bytes; a text is the count of its bytes, in UTF-8, and these. The process ends when its input does.
 *
 * <p>For some of what it reads, such as the type {@code VARIANT}, the parser asks classes of Calcite that Flink's planner replaces by its
 * own. Those are not here, so such a statement is not judged.
 */
public final class SyntaxCheck {
    /**
     * As Flink configures it where an application sets nothing of that. Source: {@code PlannerContext} of
     * https://github.com/apache/flink/tree/release-2.3/flink-table/flink-table-planner
     */
    private static final SqlParser.Config CONFIG = SqlParser.config()
            .withParserFactory(FlinkSqlParserImpl.FACTORY)
            .withConformance(FlinkSqlConformance.DEFAULT)
            .withLex(Lex.JAVA)
            .withIdentifierMaxLength(256);

    private final DataInputStream requests = new DataInputStream(new BufferedInputStream(System.in));
    private final DataOutputStream answers =
            new DataOutputStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)));

    private SyntaxCheck() {}

    /**
     * Answers until the input ends.
     *
     * @param arguments none
     * @throws IOException if a request cannot be read, or its answer not written
     */
    public static void main(String[] arguments) throws IOException {
        SyntaxCheck check = new SyntaxCheck();
        try {
            while (true) {
                check.answer(check.requests.readInt());
            }
        } catch (EOFException ended) {
            // Nobody asks any more.
        }
    }

    private void answer(int variableCount) throws IOException {
        Map<String, String> values = new HashMap<>();
        for (int count = variableCount; count > 0; count--) {
            values.put(text(), text());
        }
        Variables variables = new Variables(values);
        for (int count = requests.readInt(); count > 0; count--) {
            judge(text(), variables);
        }
        answers.flush();
    }

    private void judge(String statement, Variables variables) throws IOException {
        try {
            SqlParser.create(variables.render(statement), CONFIG).parseStmtList();
            answers.writeBoolean(false);
        } catch (SqlParseException refused) {
            if (root(refused) instanceof LinkageError) {
                answers.writeBoolean(false);
            } else {
                refuse(refused.getPos() == null ? SqlParserPos.ZERO : refused.getPos(), refused);
            }
        } catch (IllegalArgumentException | StackOverflowError withoutPlace) { // a variable has no value; parentheses are too deep
            refuse(SqlParserPos.ZERO, withoutPlace);
        }
    }

    private void refuse(SqlParserPos place, Throwable refused) throws IOException {
        String message = refused.getMessage();
        byte[] said = (message == null ? root(refused).toString() : message).getBytes(StandardCharsets.UTF_8);
        answers.writeBoolean(true);
        answers.writeInt(place.getLineNum());
        answers.writeInt(place.getColumnNum());
        answers.writeInt(said.length);
        answers.write(said);
    }

    private static Throwable root(Throwable failed) {
        return failed.getCause() == null ? failed : root(failed.getCause());
    }

    private String text() throws IOException {
        return new String(requests.readNBytes(requests.readInt()), StandardCharsets.UTF_8);
    }
}

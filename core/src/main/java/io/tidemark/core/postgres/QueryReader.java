package io.tidemark.core.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.core.change.TableId;
import java.io.ByteArrayOutputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a query gives for keys, many in one statement, and the keys themselves, page by page. Thread-safe; a
 * connection is used by one thread at a time and must be one that {@link SourceDatabase} has set up.
 *
 * <p>A key is the texts of its columns' values, as {@code to_jsonb} has them. The query is not changed: it stands in the
 * FROM of another, whose conditions on the key's columns PostgreSQL takes down into it where it can.
 */
public final class QueryReader {
    private static final int LONGEST_SECONDS = 25;

    private final Question question;
    private final List<String> types;
    private final String byKeys;

    /**
     * What is asked.
     *
     * @param sql one SELECT, as {@link SqlText#render} gives it
     * @param keyColumns the columns of a key; none when all rows are one document
     * @param document an expression over {@code q}, the query's row, that gives a document as jsonb
     * @param many whether a document is the array of all rows of its key, rather than the one row
     * @param mostRows how many rows a document may be of
     * @param mostBytes how large a document may be
     */
    public record Question(
            String sql, List<String> keyColumns, String document, boolean many, int mostRows, int mostBytes) {
        public Question {
            keyColumns = List.copyOf(keyColumns);
        }
    }

    /** @throws IllegalArgumentException when the query has no such key column */
    public QueryReader(Question question, QueryShape shape) {
        this.question = question;
        this.types = question.keyColumns().stream()
                .map(name -> shape.column(name)
                        .map(QueryShape.OutColumn::type)
                        .orElseThrow(() -> new IllegalArgumentException("the query has no column " + name)))
                .toList();
        this.byKeys = byKeys();
    }

    /** The types of the key's columns, in their order. */
    public List<String> keyTypes() {
        return types;
    }

    /** Whether texts can be values of the key's columns: what somebody else put into Redis may be none. */
    public boolean canBeKey(List<String> texts) {
        for (int i = 0; i < types.size(); i++) {
            String form =
                    switch (types.get(i)) {
                        case "int2" -> "0|-?[1-9]\\d{0,3}";
                        case "int4" -> "0|-?[1-9]\\d{0,8}";
                        case "int8", "oid" -> "0|-?[1-9]\\d{0,17}";
                        case "numeric" -> "-?\\d{1,1000}(\\.\\d{1,1000})?";
                        case "bool" -> "true|false";
                        case "uuid" -> "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
                        default -> "(?s)[^\\x00]*";
                    };
            if (!texts.get(i).matches(form)) {
                return false;
            }
        }
        return true;
    }

    private String byKeys() {
        String document = "pg_catalog.to_jsonb(" + question.document() + ")";
        String from = " from (" + question.sql() + "\n) q";
        if (types.isEmpty()) {
            return "select 1, " + document + "::text" + from + " limit " + (question.mostRows() + 1L) + "; "
                    + WalPosition.CURRENT;
        }
        return "select k.place, " + document + "::text" + from + " join unnest("
                + each(i -> array(types.get(i))) + ") with ordinality as k(" + each(i -> "k" + i) + ", place) on "
                + all(i -> column(i) + " = k.k" + i) + " where "
                + all(i -> column(i) + " = any(" + array(types.get(i)) + ")")
                + (question.many() ? " order by k.place, " + document : "") + "; " + WalPosition.CURRENT;
    }

    /** What the query gives for keys now; the keys are different ones. */
    public QueryRead read(Connection connection, List<List<String>> keys) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(byKeys)) {
            statement.setQueryTimeout(LONGEST_SECONDS);
            for (int i = 0; i < types.size(); i++) {
                int column = i;
                String[] values = keys.stream().map(key -> key.get(column)).toArray(String[]::new);
                statement.setArray(1 + i, connection.createArrayOf("text", values));
                statement.setArray(1 + types.size() + i, connection.createArrayOf("text", values));
            }
            Assembly[] assemblies = new Assembly[keys.size()];
            statement.execute();
            try (ResultSet row = statement.getResultSet()) {
                while (row.next()) {
                    int place = row.getInt(1) - 1;
                    if (assemblies[place] == null) {
                        assemblies[place] = new Assembly(question);
                    }
                    assemblies[place].add(row.getBytes(2));
                }
            }
            List<QueryRead.Found> found = new ArrayList<>(keys.size());
            for (Assembly assembly : assemblies) {
                found.add(assembly == null ? absent() : assembly.found());
            }
            statement.getMoreResults();
            try (ResultSet row = statement.getResultSet()) {
                return new QueryRead(found, WalPosition.of(row));
            }
        }
    }

    /** A list without rows is an empty one, as long as it is one list; an entry without rows is none. */
    private QueryRead.Found absent() {
        return question.many() && types.isEmpty()
                ? new QueryRead.Found("[]".getBytes(UTF_8), null)
                : QueryRead.Found.NOTHING;
    }

    /**
     * The keys that come next in the order of their columns.
     *
     * @param after the key to read on after; null to begin
     * @param limit how many at most
     */
    public List<List<String>> keys(Connection connection, @Nullable List<String> after, int limit) throws SQLException {
        if (types.isEmpty()) {
            return after == null ? List.of(List.of()) : List.of();
        }
        String beyond = after == null
                ? ""
                : " and (" + each(this::column) + ") > (" + each(i -> "cast(? as " + types.get(i) + ")") + ")";
        String sql = "select " + each(i -> "pg_catalog.to_jsonb(k" + i + ") #>> '{}'") + " from (select distinct "
                + each(i -> column(i) + " as k" + i) + " from (" + question.sql() + "\n) q where "
                + all(i -> column(i) + " is not null") + beyond + ") k order by " + each(i -> "k" + i) + " limit ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            int parameter = 1;
            for (String value : after == null ? List.<String>of() : after) {
                statement.setString(parameter++, value);
            }
            statement.setInt(parameter, limit);
            return KeyRows.all(statement, types.size());
        }
    }

    /** How many rows the query gives. */
    public long count(Connection connection) throws SQLException {
        try (PreparedStatement statement =
                        connection.prepareStatement("select count(*) from (" + question.sql() + "\n) q");
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    /** About how many rows the query gives, as the planner estimates. */
    public long estimate(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                        "explain (format json) select * from (" + question.sql() + "\n) q");
                ResultSet row = statement.executeQuery()) {
            row.next();
            java.util.regex.Matcher rows =
                    java.util.regex.Pattern.compile("\"Plan Rows\": (\\d+)").matcher(String.valueOf(row.getString(1)));
            return rows.find() ? Long.parseLong(rows.group(1)) : -1;
        }
    }

    private String column(int i) {
        return "q." + TableId.quote(question.keyColumns().get(i));
    }

    /** An array of a type, given as an array of texts. */
    static String array(String type) {
        return "cast(cast(? as text[]) as " + type + "[])";
    }

    private String each(Function<Integer, String> one) {
        return IntStream.range(0, types.size()).boxed().map(one).collect(Collectors.joining(", "));
    }

    private String all(Function<Integer, String> one) {
        return IntStream.range(0, types.size()).boxed().map(one).collect(Collectors.joining(" and "));
    }

    /** The rows of one key on the way to its document. */
    private static final class Assembly {
        private final Question question;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private int rows;

        Assembly(Question question) {
            this.question = question;
        }

        void add(byte[] row) {
            rows++;
            if (refusal() == null) {
                bytes.write(question.many() ? rows == 1 ? '[' : ',' : ' ');
                bytes.writeBytes(row);
            }
        }

        private @Nullable String refusal() {
            if (!question.many() && rows > 1) {
                return "expected one row for each key, found several; group them, or say rows: many";
            }
            if (rows > question.mostRows()) {
                return "expected at most " + question.mostRows()
                        + " rows in an entry, found more; raise limit.rows, or let the query give fewer";
            }
            if (bytes.size() > question.mostBytes()) {
                return "expected an entry of at most " + question.mostBytes() + " bytes, found more than "
                        + bytes.size() + "; raise limit.bytes, or let the query give less";
            }
            return null;
        }

        QueryRead.Found found() {
            String refusal = refusal();
            if (refusal != null) {
                return new QueryRead.Found(null, refusal);
            }
            if (question.many()) {
                bytes.write(']');
                return new QueryRead.Found(bytes.toByteArray(), null);
            }
            byte[] all = bytes.toByteArray();
            return new QueryRead.Found(java.util.Arrays.copyOfRange(all, 1, all.length), null);
        }
    }
}

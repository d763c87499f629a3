package io.tidemark.ingest;

import io.tidemark.core.postgres.SourceDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Writes the table of every type, and keeps what {@code to_jsonb} gave after each statement. One thread uses it. */
final class RandomRows {
    private final Connection connection;
    private final Random random;
    private final Map<Long, List<String>> expected = new HashMap<>();
    private final List<Long> alive = new ArrayList<>();
    private long nextId = 1;

    RandomRows(Connection connection, long seed) throws SQLException {
        this.connection = connection;
        this.random = new Random(seed);
        execute(SourceDatabase.SESSION);
    }

    /** For each row that ever was, its documents in the order of its changes. */
    Map<Long, List<String>> expected() {
        return expected;
    }

    void createTable() throws SQLException {
        execute(IntStream.range(0, EveryType.ALL.size())
                .mapToObj(i -> EveryType.column(i) + " " + EveryType.ALL.get(i).type())
                .collect(Collectors.joining(", ", "create table every (id int8 primary key, ", ")")));
        // Kept outside the row without compression, so that a few kilobytes are enough to see unchanged values.
        try (Statement statement = connection.createStatement();
                ResultSet column = statement.executeQuery("select attname from pg_attribute"
                        + " where attrelid = 'every'::regclass and attnum > 0 and attstorage in ('x', 'm')")) {
            List<String> names = new ArrayList<>();
            while (column.next()) {
                names.add(column.getString(1));
            }
            for (String name : names) {
                execute("alter table every alter column " + name + " set storage external");
            }
        }
    }

    void insert(int rows) throws SQLException {
        for (int i = 0; i < rows; i++) {
            insert(nextId++);
        }
    }

    /** Mostly updates of a few columns, so that large values stay untouched. */
    void change(int statements) throws SQLException {
        for (int i = 0; i < statements; i++) {
            int what = random.nextInt(20);
            if (what == 0 || alive.size() < 20) {
                insert(nextId++);
            } else if (what == 1) {
                execute("delete from every where id = " + alive.remove(random.nextInt(alive.size())));
            } else if (what == 2) {
                long id = nextId++;
                long old = alive.remove(random.nextInt(alive.size()));
                write("update every set id = " + id + " where id = " + old, List.of(), id);
                alive.add(id);
            } else {
                update(alive.get(random.nextInt(alive.size())));
            }
        }
    }

    private void insert(long id) throws SQLException {
        List<Integer> columns = IntStream.range(0, EveryType.ALL.size()).boxed().toList();
        write(
                "insert into every values (" + id + ", "
                        + columns.stream().map(i -> "?").collect(Collectors.joining(", ")) + ")",
                columns,
                id);
        alive.add(id);
    }

    private void update(long id) throws SQLException {
        TreeSet<Integer> columns = new TreeSet<>();
        int count = 1 + random.nextInt(6);
        for (int i = 0; i < count; i++) {
            columns.add(random.nextInt(EveryType.ALL.size()));
        }
        write(
                "update every set "
                        + columns.stream()
                                .map(i -> EveryType.column(i) + " = ?")
                                .collect(Collectors.joining(", "))
                        + " where id = " + id,
                List.copyOf(columns),
                id);
    }

    private void write(String sql, List<Integer> columns, long id) throws SQLException {
        String withTypes = sql;
        for (int column : columns) {
            withTypes = withTypes.replaceFirst(
                    "\\?(?!:)", "?::" + EveryType.ALL.get(column).type());
        }
        try (PreparedStatement statement =
                connection.prepareStatement(withTypes + " returning to_jsonb(every)::text")) {
            for (int i = 0; i < columns.size(); i++) {
                String value = EveryType.ALL.get(columns.get(i)).values().apply(random);
                statement.setObject(i + 1, random.nextInt(10) == 0 ? null : value, Types.OTHER);
            }
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                expected.computeIfAbsent(id, none -> new ArrayList<>()).add(row.getString(1));
            }
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}

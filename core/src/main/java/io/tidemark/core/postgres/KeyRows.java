package io.tidemark.core.postgres;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Rows of texts that are keys. */
final class KeyRows {
    private static final int PORTION = 1_000;

    private KeyRows() {}

    static List<List<String>> all(PreparedStatement statement, int columns) throws SQLException {
        List<List<String>> keys = new ArrayList<>();
        each(statement, columns, keys::addAll);
        return keys;
    }

    /** Hands on keys in portions; rows with a null are none. */
    static void each(PreparedStatement statement, int columns, Consumer<List<List<String>>> portion)
            throws SQLException {
        List<List<String>> keys = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                List<String> key = new ArrayList<>(columns);
                for (int i = 1; i <= columns; i++) {
                    String value = row.getString(i);
                    if (value != null) {
                        key.add(value);
                    }
                }
                if (key.size() == columns) {
                    keys.add(List.copyOf(key));
                }
                if (keys.size() == PORTION) {
                    portion.accept(List.copyOf(keys));
                    keys.clear();
                }
            }
        }
        if (!keys.isEmpty()) {
            portion.accept(keys);
        }
    }
}

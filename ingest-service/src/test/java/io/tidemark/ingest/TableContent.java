package io.tidemark.ingest;

import io.tidemark.core.change.Change;
import io.tidemark.core.change.Operation;
import io.tidemark.core.change.Version;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The names by id in the table {@code public.item}, as its changes say and as the database says. */
final class TableContent {

    private TableContent() {}

    /** What the changes say the table is: of each key the newest, and no deleted one. */
    static Map<Integer, String> published(TestBed bed) {
        List<Change> changes = bed.changes("public.item");
        Map<Integer, Change> newest = new HashMap<>();
        changes.stream()
                .filter(change -> change.key() != null)
                .forEach(change -> newest.merge(
                        change.key().get("id").asInt(),
                        change,
                        (a, b) -> a.version().isNewerThan(b.version()) ? a : b));
        Version truncated = changes.stream()
                .filter(change -> change.operation() == Operation.TRUNCATE)
                .map(Change::version)
                .max(Comparator.naturalOrder())
                .orElse(Version.NONE);
        Map<Integer, String> rows = new TreeMap<>();
        newest.forEach((id, change) -> {
            if (change.after() != null && change.version().isNewerThan(truncated)) {
                rows.put(id, change.after().get("name").asText());
            }
        });
        return rows;
    }

    static Map<Integer, String> ofDatabase(TestBed bed) throws SQLException {
        Map<Integer, String> rows = new TreeMap<>();
        try (Connection connection = bed.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select id, name from item")) {
            while (row.next()) {
                rows.put(row.getInt(1), row.getString(2));
            }
        }
        return rows;
    }
}

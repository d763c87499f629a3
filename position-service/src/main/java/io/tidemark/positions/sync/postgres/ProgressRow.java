package io.tidemark.positions.sync.postgres;

import io.tidemark.positions.position.StoreId;
import io.tidemark.positions.sync.Progress;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;

/** A store's row in {@code tidemark.feed_progress}. */
final class ProgressRow {
    private static final String READ =
            "select generation, revision, page, \"cursor\", first_id, last_id, taken, reached_at"
                    + " from tidemark.feed_progress where store = ?";
    private static final String WRITE = """
            insert into tidemark.feed_progress as p
                (store, generation, revision, page, "cursor", first_id, last_id, taken, reached_at)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?)
            on conflict (store) do update set generation = excluded.generation, revision = excluded.revision,
                page = excluded.page, "cursor" = excluded."cursor", first_id = excluded.first_id,
                last_id = excluded.last_id, taken = excluded.taken, reached_at = excluded.reached_at
            where (excluded.generation, excluded.last_id) >= (p.generation, p.last_id)""";
    private static final String SWEEP = """
            update tidemark.feed_progress
            set sweep_page = case when sweep_page between 2 and ? then sweep_page - 1 else greatest(1, ?) end
            where store = ? returning sweep_page""";

    private ProgressRow() {}

    static Optional<Progress> read(Connection connection, StoreId store) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(READ)) {
            select.setString(1, store.name());
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                return Optional.of(new Progress(
                        store,
                        row.getLong(1),
                        row.getInt(2),
                        row.getLong(3),
                        Optional.ofNullable(row.getString(4)),
                        row.getLong(5),
                        row.getLong(6),
                        row.getLong(7),
                        row.getObject(8, OffsetDateTime.class).toInstant()));
            }
        }
    }

    /** @throws SQLException when the row is farther along already, which means that somebody else writes */
    static void write(Connection connection, Progress progress) throws SQLException {
        try (PreparedStatement upsert = connection.prepareStatement(WRITE)) {
            upsert.setString(1, progress.store().name());
            upsert.setLong(2, progress.generation());
            upsert.setInt(3, progress.revision());
            upsert.setLong(4, progress.page());
            upsert.setString(5, progress.cursor().orElse(null));
            upsert.setLong(6, progress.firstId());
            upsert.setLong(7, progress.lastId());
            upsert.setLong(8, progress.taken());
            upsert.setObject(9, progress.reachedAt().atOffset(ZoneOffset.UTC));
            if (upsert.executeUpdate() != 1) {
                throw new SQLException("store " + progress.store() + ": its progress in the database is farther along"
                        + " than order " + progress.lastId() + " of generation " + progress.generation()
                        + "; nothing is written, and the next sync begins there");
            }
        }
    }

    static long nextSweepPage(Connection connection, StoreId store, long below) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(SWEEP)) {
            update.setLong(1, below);
            update.setLong(2, below - 1);
            update.setString(3, store.name());
            try (ResultSet row = update.executeQuery()) {
                return row.next() ? row.getLong(1) : 0;
            }
        }
    }
}

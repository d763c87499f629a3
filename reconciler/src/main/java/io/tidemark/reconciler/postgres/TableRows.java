package io.tidemark.reconciler.postgres;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.core.change.TableId;
import io.tidemark.core.pipeline.Cache;
import io.tidemark.core.postgres.Catalog;
import io.tidemark.core.postgres.RowPage;
import io.tidemark.core.postgres.RowReader;
import io.tidemark.core.postgres.RowsRead;
import io.tidemark.core.postgres.ShapeChangedException;
import io.tidemark.core.postgres.SourceDatabase;
import io.tidemark.core.postgres.TableShape;
import io.tidemark.reconciler.verify.Rows;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rows of a cache's table over one connection of its own, opened anew when it is lost. When the table is altered meanwhile its shape is read again
 * and the question asked again. Not thread-safe.
 */
public final class TableRows implements Rows {
    private static final Logger LOG = LoggerFactory.getLogger(TableRows.class);
    private static final int ATTEMPTS = 3;

    private final Cache cache;
    private final PatientSession session;
    private TableShape shape;
    private RowReader reader;
    private RowReader keyReader;

    private TableRows(Cache cache, PatientSession session, TableShape shape) {
        this.cache = cache;
        this.session = session;
        this.shape = shape;
        this.reader = new RowReader(shape, cache.fields()::includes);
        this.keyReader = new RowReader(shape, shape.primaryKey()::contains);
    }

    /** Connects. */
    public static TableRows open(SourceDatabase database, Cache cache) throws SQLException {
        PatientSession session = new PatientSession(database);
        try {
            return new TableRows(cache, session, session.ask(connection -> shapeOf(connection, cache.table())));
        } catch (SQLException | RuntimeException failed) {
            session.close();
            throw failed;
        }
    }

    private static TableShape shapeOf(Connection connection, TableId table) throws SQLException {
        TableShape shape = new Catalog(connection).shapes(List.of(table)).get(table);
        if (shape == null || shape.primaryKey().isEmpty()) {
            throw new SQLException("expected the table " + table + " with a primary key, found "
                    + (shape == null ? "none" : "one without"));
        }
        return shape;
    }

    /** How the table is shaped now, asked over a connection of its own. */
    public static TableShape shapeOf(SourceDatabase database, TableId table) throws SQLException {
        try (PatientSession session = new PatientSession(database)) {
            return session.ask(connection -> shapeOf(connection, table));
        }
    }

    @Override
    public long estimate() throws SQLException {
        String sql = "select sum(reltuples)::bigint from pg_class"
                + " where oid = ?::regclass or oid in (select relid from pg_partition_tree(?::regclass) where isleaf)";
        return session.ask(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setString(1, cache.table().quoted());
                statement.setString(2, cache.table().quoted());
                try (ResultSet result = statement.executeQuery()) {
                    return result.next() ? Math.max(-1, result.getLong(1)) : -1;
                }
            }
        });
    }

    @Override
    public RowPage page(@Nullable ObjectNode after, int limit) throws SQLException {
        return asking(connection -> reader.page(connection, after, limit));
    }

    @Override
    public RowsRead read(List<ObjectNode> keys) throws SQLException {
        return asking(connection -> reader.read(connection, keys));
    }

    @Override
    public List<ObjectNode> sample(int count) throws SQLException {
        return asking(connection -> SampledKeys.of(connection, shape, count));
    }

    @Override
    public Optional<ObjectNode> keyOf(Map<String, String> texts) {
        return KeyTexts.key(shape, texts);
    }

    @Override
    public List<Boolean> exist(List<ObjectNode> keys) throws SQLException {
        List<Boolean> exist = new ArrayList<>(keys.size());
        asking(connection -> keyReader.read(connection, keys)).documents().forEach(row -> exist.add(row != null));
        return exist;
    }

    private <T> T asking(PatientSession.Question<T> question) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try {
                return session.ask(question);
            } catch (ShapeChangedException changed) {
                if (attempt == ATTEMPTS) {
                    throw changed;
                }
                LOG.info(
                        "{} was altered while cache {} was compared; reading its shape again",
                        cache.table(),
                        cache.name());
                shape = session.ask(connection -> shapeOf(connection, cache.table()));
                reader = new RowReader(shape, cache.fields()::includes);
                keyReader = new RowReader(shape, shape.primaryKey()::contains);
            }
        }
    }

    @Override
    public void close() {
        session.close();
    }
}

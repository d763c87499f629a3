package io.tidemark.reconciler.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.core.change.TableId;
import io.tidemark.core.pipeline.QueryCache;
import io.tidemark.core.postgres.Catalog;
import io.tidemark.core.postgres.QueryRead;
import io.tidemark.core.postgres.QueryReader;
import io.tidemark.core.postgres.QueryShape;
import io.tidemark.core.postgres.Row;
import io.tidemark.core.postgres.RowPage;
import io.tidemark.core.postgres.RowsRead;
import io.tidemark.core.postgres.SourceDatabase;
import io.tidemark.core.postgres.SqlFailures;
import io.tidemark.core.postgres.TableShape;
import io.tidemark.core.postgres.WalPosition;
import io.tidemark.core.query.Questions;
import io.tidemark.core.query.Scores;
import io.tidemark.reconciler.verify.Rows;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a cache's query gives, each key as a row, over one connection of its own. A key of which the query fails counts as
 * not there, as it has to be in Redis. Not thread-safe.
 */
public final class QueryRows implements Rows {
    private final QueryCache cache;
    private final PatientSession session;
    private final QueryReader reader;

    private QueryRows(QueryCache cache, PatientSession session, QueryReader reader) {
        this.cache = cache;
        this.session = session;
        this.reader = reader;
    }

    /** Connects. */
    public static QueryRows open(SourceDatabase database, QueryCache cache) throws SQLException {
        PatientSession session = new PatientSession(database);
        try {
            List<TableId> tables =
                    cache.depends().stream().map(one -> one.table()).toList();
            QueryReader reader = session.ask(connection -> {
                Map<TableId, TableShape> shapes = new Catalog(connection).shapes(tables);
                QueryReader.Question question = Questions.of(cache, shapes);
                return new QueryReader(question, QueryShape.of(connection, question.sql()));
            });
            return new QueryRows(cache, session, reader);
        } catch (SQLException | RuntimeException failed) {
            session.close();
            throw failed;
        }
    }

    @Override
    public long estimate() throws SQLException {
        return cache.key().columns().isEmpty() ? 1L : session.ask(reader::estimate);
    }

    @Override
    public RowPage page(@Nullable ObjectNode after, int limit) throws SQLException {
        @Nullable List<String> from = after == null ? null : textsOf(after);
        List<List<String>> keys = session.ask(connection -> reader.keys(connection, from, limit));
        QueryRead read = documents(keys);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            byte[] document = documentOf(read.found().get(i));
            if (document != null) {
                rows.add(new Row(keyOf(keys.get(i)), document));
            }
        }
        ObjectNode next = keys.size() < limit ? null : keyOf(keys.get(limit - 1));
        return new RowPage(rows, next, read.horizonLsn());
    }

    @Override
    public RowsRead read(List<ObjectNode> keys) throws SQLException {
        QueryRead read = documents(keys.stream().map(this::textsOf).toList());
        List<byte @Nullable []> documents = new ArrayList<>();
        read.found().forEach(found -> documents.add(documentOf(found)));
        return new RowsRead(documents, read.horizonLsn());
    }

    private QueryRead documents(List<List<String>> keys) throws SQLException {
        try {
            return session.ask(connection -> reader.read(connection, keys));
        } catch (SQLException failure) {
            if (!SqlFailures.isOfAValue(failure)) {
                throw new SQLException(SqlFailures.text(failure), failure.getSQLState());
            }
            if (keys.size() <= 1) {
                List<QueryRead.Found> none = new ArrayList<>();
                keys.forEach(key -> none.add(new QueryRead.Found(null, SqlFailures.text(failure))));
                return new QueryRead(none, session.ask(WalPosition::current));
            }
            int middle = keys.size() / 2;
            List<QueryRead.Found> found =
                    new ArrayList<>(documents(keys.subList(0, middle)).found());
            QueryRead second = documents(keys.subList(middle, keys.size()));
            found.addAll(second.found());
            return new QueryRead(found, second.horizonLsn());
        }
    }

    private byte @Nullable [] documentOf(QueryRead.Found found) {
        byte[] document = found.document();
        if (document == null || cache.index() == null) {
            return document;
        }
        String score = Scores.of(new String(document, UTF_8));
        return score == null ? null : score.getBytes(UTF_8);
    }

    private List<String> textsOf(ObjectNode key) {
        return cache.key().columns().stream()
                .map(column -> key.path(column).asText())
                .toList();
    }

    private ObjectNode keyOf(List<String> texts) {
        ObjectNode key = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < texts.size(); i++) {
            key.put(cache.key().columns().get(i), texts.get(i));
        }
        return key;
    }

    @Override
    public Optional<ObjectNode> keyOf(Map<String, String> texts) {
        List<String> values = cache.key().columns().stream().map(texts::get).toList();
        return reader.canBeKey(values) ? Optional.of(keyOf(values)) : Optional.empty();
    }

    @Override
    public List<Boolean> exist(List<ObjectNode> keys) throws SQLException {
        List<Boolean> exist = new ArrayList<>(keys.size());
        read(keys).documents().forEach(document -> exist.add(document != null));
        return exist;
    }

    @Override
    public void close() {
        session.close();
    }
}

package io.tidemark.cachewriter.dependents;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.cachewriter.dependents.DueStore.Manner;
import io.tidemark.cachewriter.dependents.DueStore.Memory;
import io.tidemark.cachewriter.dependents.Namings.OfCache;
import io.tidemark.cachewriter.entries.Entries;
import io.tidemark.core.postgres.ExactJson;
import io.tidemark.core.postgres.Row;
import io.tidemark.core.postgres.RowPage;
import io.tidemark.core.postgres.TableShape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Marks every key of a cache, those that the database gives and those that Redis has, and remembers what rows name. One
 * thread.
 *
 * <p>What rows name is remembered before their keys are read: a change that comes in between then knows what it takes away.
 */
final class Filling {
    private static final int PAGE = 2_000;

    private final Compiled compiled;
    private final Namings namings;
    private final DatabaseLoad database;
    private final Entries entries;
    private final DueStore store;

    Filling(Compiled compiled, Namings namings, DatabaseLoad database, Entries entries, DueStore store) {
        this.compiled = compiled;
        this.namings = namings;
        this.database = database;
        this.entries = entries;
        this.store = store;
    }

    void markAll() throws SQLException, InterruptedException {
        rememberAll();
        @Nullable List<String> after = null;
        while (true) {
            @Nullable List<String> from = after;
            List<List<String>> keys =
                    database.run(connection -> compiled.reader().keys(connection, from, PAGE));
            mark(keys);
            if (keys.size() < PAGE) {
                break;
            }
            after = keys.get(keys.size() - 1);
        }
        if (compiled.cache().index() != null) {
            store.indexMembers(compiled.cache().index().key(), this::markFound);
        } else if (!compiled.cache().key().columns().isEmpty()) {
            entries.scan(compiled.cache().key().scanPattern(), this::markFound);
        }
    }

    /** Remembers again what every row names. */
    void rememberAll() throws SQLException, InterruptedException {
        for (TableShape shape : compiled.shapes().values()) {
            for (OfCache naming : namings.of(shape)) {
                if (naming.remembers()
                        && naming.cache().name().equals(compiled.cache().name())) {
                    remember(naming);
                }
            }
        }
    }

    private void markFound(List<String> keys) {
        List<List<String>> texts = new ArrayList<>();
        keys.forEach(key -> compiled.match(key).ifPresent(texts::add));
        mark(texts);
    }

    private void mark(List<List<String>> keys) {
        store.mark(
                compiled.cache().name(),
                Manner.FIRST,
                0,
                keys.stream().map(key -> new Member.Key(key).toString()).toList());
    }

    private void remember(OfCache naming) throws SQLException, InterruptedException {
        ObjectNode after = null;
        do {
            ObjectNode from = after;
            RowPage page = database.run(connection -> naming.reader().page(connection, from, PAGE));
            List<Memory> memories = new ArrayList<>();
            for (Row row : page.rows()) {
                List<String> names = naming.members(tree(row.document()));
                memories.add(new Memory(naming.memoryOf(row.key()), null, 0, names));
            }
            store.remember(memories);
            after = page.next();
        } while (after != null);
    }

    static ObjectNode tree(byte[] document) {
        try {
            return (ObjectNode) ExactJson.reader().readTree(document);
        } catch (IOException impossible) {
            throw new UncheckedIOException("BUG: PostgreSQL gave a document that is not JSON", impossible);
        }
    }
}

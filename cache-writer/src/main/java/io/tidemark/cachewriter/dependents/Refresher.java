package io.tidemark.cachewriter.dependents;

import io.tidemark.cachewriter.dependents.DueStore.Manner;
import io.tidemark.cachewriter.entries.Entries;
import io.tidemark.cachewriter.entries.EntriesException;
import io.tidemark.cachewriter.table.ShapeMemory;
import io.tidemark.cachewriter.table.Tables;
import io.tidemark.core.change.TableId;
import io.tidemark.core.pipeline.QueryCache;
import io.tidemark.core.postgres.TableShape;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks what is due of the caches that are read from the database, and has it done. Owns as many threads as statements may
 * run at the same time; a cache is worked on by one at a time.
 */
public final class Refresher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Refresher.class);
    private static final long IDLE_MILLIS = 200;
    private static final long DEFINITIONS_MILLIS = 1_000;
    private static final String MEMORY = "query:";

    private final Tables tables;
    private final DueStore store;
    private final ShapeMemory memory;
    private final DatabaseLoad database;
    private final BooleanSupplier isOpen;
    private final InstantSource clock;
    private final List<Turn> turns = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean closed;

    /** A cache and when it is to be looked at; guarded by the list of all. */
    private static final class Turn {
        private final CacheWork work;
        private boolean busy;
        private long atMillis;
        private long definitionAtMillis;

        Turn(CacheWork work) {
            this.work = work;
        }
    }

    /** @param isOpen whether changes are applied yet */
    public Refresher(
            Namings namings,
            Tables tables,
            Entries entries,
            DueStore store,
            ShapeMemory memory,
            DatabaseLoad database,
            BooleanSupplier isOpen,
            InstantSource clock) {
        this.tables = tables;
        this.store = store;
        this.memory = memory;
        this.database = database;
        this.isOpen = isOpen;
        this.clock = clock;
        String worker = UUID.randomUUID().toString();
        for (QueryCache cache : namings.caches()) {
            turns.add(new Turn(new CacheWork(
                    cache, namings, tables, database, entries, store, new RefreshStats(), clock, worker)));
        }
    }

    /** Begins; returns at once. */
    public void begin() {
        int count = Math.min(turns.size(), database.settings().concurrency());
        for (int i = 0; i < count; i++) {
            Thread thread = new Thread(this::run, "refresh-" + i);
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
    }

    /** Something was marked: look at once. */
    public void wake() {
        synchronized (turns) {
            long now = clock.millis();
            turns.forEach(turn -> turn.atMillis = Math.min(turn.atMillis, now));
            turns.notifyAll();
        }
    }

    /** How each cache is, by its name. */
    public Map<String, RefreshStats> stats() {
        Map<String, RefreshStats> stats = new LinkedHashMap<>();
        turns.forEach(turn -> stats.put(turn.work.cache().name(), turn.work.stats()));
        return stats;
    }

    private void run() {
        try {
            while (!closed) {
                Turn turn = next();
                long again = IDLE_MILLIS;
                try {
                    again = look(turn);
                } finally {
                    synchronized (turns) {
                        turn.busy = false;
                        turn.atMillis = clock.millis() + again;
                        turns.notifyAll();
                    }
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private Turn next() throws InterruptedException {
        synchronized (turns) {
            while (true) {
                long now = clock.millis();
                long soonest = IDLE_MILLIS;
                for (Turn turn : turns) {
                    if (!turn.busy && turn.atMillis <= now && isOpen.getAsBoolean()) {
                        turn.busy = true;
                        // Marks that come while it is busy set it back to now.
                        turn.atMillis = Long.MAX_VALUE;
                        return turn;
                    }
                    soonest = turn.busy ? soonest : Math.min(soonest, Math.max(1, turn.atMillis - now));
                }
                turns.wait(soonest);
            }
        }
    }

    private long look(Turn turn) throws InterruptedException {
        try {
            if (turn.definitionAtMillis <= clock.millis()) {
                turn.definitionAtMillis = clock.millis() + DEFINITIONS_MILLIS;
                lookAtDefinition(turn.work.cache());
            }
            long again = turn.work.work();
            return again < 0 ? IDLE_MILLIS : Math.min(IDLE_MILLIS, again);
        } catch (EntriesException redisAway) {
            LOG.debug("Redis could not be asked what is due: {}", redisAway.getMessage());
        } catch (InterruptedException stopped) {
            throw stopped;
        } catch (RuntimeException unforeseen) {
            LOG.error(
                    "BUG: what is due of cache {} could not be done; it is tried again",
                    turn.work.cache().name(),
                    unforeseen);
        }
        return DEFINITIONS_MILLIS;
    }

    /** A cache that Redis does not know, or knows otherwise, is filled from the beginning. */
    private void lookAtDefinition(QueryCache cache) {
        Map<TableId, TableShape> shapes = Compiled.shapesOf(cache, tables).orElse(null);
        if (shapes == null) {
            return;
        }
        String fingerprint = Compiled.fingerprint(cache, shapes);
        if (!memory.fingerprintOf(MEMORY + cache.name())
                .filter(fingerprint::equals)
                .isPresent()) {
            store.mark(cache.name(), Manner.FIRST, 0, List.of(Member.EVERYTHING));
            memory.remember(MEMORY + cache.name(), fingerprint);
        }
    }

    @Override
    public void close() {
        closed = true;
        threads.forEach(Thread::interrupt);
        database.close();
    }
}

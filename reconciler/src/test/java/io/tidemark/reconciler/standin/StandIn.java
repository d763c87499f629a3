package io.tidemark.reconciler.standin;

import io.tidemark.core.change.Version;
import io.tidemark.core.contract.EntryKey;
import io.tidemark.core.contract.FunctionLibrary;
import io.tidemark.core.pipeline.Topics;
import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.postgres.PostgresServer;
import io.tidemark.testkit.redis.RedisConnection;
import io.tidemark.testkit.redis.RedisServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Writes to {@code public.product (id bigint, name text, stock int)} and brings each change to Redis some time later, in
 * order, saying on Kafka how far it is, as the real pipeline does. One thread writes, one applies.
 */
public final class StandIn implements AutoCloseable {
    private static final long STOP = -1;

    /** A change; or, of row 0, that nothing was written, by one who had seen so many calls of {@link #rest()}. */
    private record Step(
            long lsn, long number, long id, @Nullable String document, long restAsked) {}

    private final Connection database;
    private final RedisConnection redis;
    private final StandInKafka kafka;
    private final Random random;
    private final BlockingQueue<Step> steps = new ArrayBlockingQueue<>(200);
    private final AtomicLong applied = new AtomicLong();
    private final AtomicLong restAsked = new AtomicLong();
    private final AtomicLong rested = new AtomicLong();
    private final Thread writer = new Thread(this::write, "stand-in writer");
    private final Thread applier = new Thread(this::apply, "stand-in applier");
    private final int rows;
    private volatile boolean writes;
    private volatile boolean stopped;
    private volatile int loseOneIn;
    private volatile @Nullable Exception failure;
    private long written;

    public StandIn(PostgresServer postgres, RedisServer redis, String bootstrap, Topics topics, int rows, long seed)
            throws Exception {
        this.database = postgres.connect();
        this.redis = redis.connect();
        this.kafka = new StandInKafka(bootstrap, topics, topics.prefix() + ".public.product");
        this.rows = rows;
        this.random = new Random(seed);
        this.redis.call("FUNCTION", "LOAD", "REPLACE", FunctionLibrary.load().text());
    }

    /** Fills table and cache, and begins to say how far Redis is. */
    public void start() throws Exception {
        try (Statement statement = database.createStatement()) {
            statement.execute("set timezone to 'UTC'");
            statement.execute("truncate product");
            statement.execute(
                    "insert into product select i, 'product ' || i, 0 from generate_series(1, " + rows + ") i");
            try (ResultSet all =
                    statement.executeQuery("select id, to_jsonb(product)::text from product order by id")) {
                while (all.next()) {
                    put(all.getLong(1), ++written, all.getString(2));
                }
            }
        }
        applied.set(written);
        kafka.applied(written);
        writer.start();
        applier.start();
    }

    /** Whether changes are made. */
    public void writes(boolean yes) {
        writes = yes;
    }

    /** Makes no changes any more; returns when the last one was applied. */
    public void rest() {
        writes = false;
        long mine = restAsked.incrementAndGet();
        Await.until("the stand-in is at rest", Duration.ofSeconds(30)).sees(rested::get, seen -> seen >= mine);
    }

    /** Makes the applier break its word: it loses one change in so many; 0 for none. */
    public void loseOneIn(int changes) {
        loseOneIn = changes;
    }

    public long changesApplied() {
        return applied.get();
    }

    /** Writes a document past the database, as a broken pipeline would. */
    public synchronized void put(long id, long number, String document) throws Exception {
        String key = "product:" + id;
        String version = new Version(1, number, number, 1).text();
        redis.call("FCALL", "tm_put", "2", key, EntryKey.metaOf(key), version, "1", "0", "60000", "", document);
    }

    private synchronized void evict(long id, long number) throws Exception {
        String key = "product:" + id;
        String version = new Version(1, number, number, 1).text();
        redis.call("FCALL", "tm_evict", "2", key, EntryKey.metaOf(key), version, "1", "60000", "");
    }

    /** Makes a change, and says that all up to the WAL's end is published once it is on its way. */
    private void write() {
        try (Statement statement = database.createStatement()) {
            while (!stopped) {
                Step step = writes ? change(statement) : idle(statement);
                steps.put(step);
                kafka.published(step.lsn(), step.number());
                if (!writes) {
                    TimeUnit.MILLISECONDS.sleep(20);
                }
            }
            steps.put(new Step(0, STOP, 0, null, 0));
        } catch (Exception failed) {
            failure = failed;
        }
    }

    private Step idle(Statement statement) throws SQLException {
        long asked = restAsked.get();
        return new Step(lsn(statement), written, 0, null, asked);
    }

    private Step change(Statement statement) throws SQLException {
        // Few rows change often, back and forth, so that a value returns to what it was.
        long id = 1 + (random.nextInt(4) == 0 ? random.nextInt(rows) : random.nextInt(20));
        int kind = random.nextInt(10);
        if (kind == 0) {
            statement.execute("delete from product where id = " + id);
        } else {
            statement.execute("insert into product values (" + id + ", 'product " + id + "', " + random.nextInt(3)
                    + ") on conflict (id) do update set stock = excluded.stock");
        }
        String document = null;
        try (ResultSet row = statement.executeQuery("select to_jsonb(product)::text from product where id = " + id)) {
            document = row.next() ? row.getString(1) : null;
        }
        return new Step(lsn(statement), ++written, id, document, 0);
    }

    private static long lsn(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("select pg_current_wal_insert_lsn() - '0/0'::pg_lsn")) {
            row.next();
            return row.getLong(1);
        }
    }

    private void apply() {
        Random delays = new Random(1);
        try {
            for (Step step = steps.take(); step.number() != STOP; step = steps.take()) {
                if (step.id() != 0) {
                    if (delays.nextInt(20) == 0) {
                        TimeUnit.MILLISECONDS.sleep(delays.nextInt(40));
                    }
                    bring(step, delays);
                }
                applied.set(step.number());
                rested.accumulateAndGet(step.restAsked(), Math::max);
                kafka.applied(step.number());
            }
        } catch (Exception failed) {
            failure = failed;
        }
    }

    private void bring(Step step, Random chance) throws Exception {
        if (loseOneIn > 0 && chance.nextInt(loseOneIn) == 0) {
            return;
        }
        if (step.document() == null) {
            evict(step.id(), step.number());
        } else {
            put(step.id(), step.number(), step.document());
        }
    }

    @Override
    public void close() throws Exception {
        stopped = true;
        writer.join();
        applier.join();
        kafka.close();
        redis.close();
        database.close();
        if (failure != null) {
            throw failure;
        }
    }
}

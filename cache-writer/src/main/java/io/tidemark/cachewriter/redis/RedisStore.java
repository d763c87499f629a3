package io.tidemark.cachewriter.redis;

import io.tidemark.cachewriter.admin.AskedStore;
import io.tidemark.cachewriter.admin.Keyspace;
import io.tidemark.cachewriter.admin.Lives;
import io.tidemark.cachewriter.admin.WarmStore;
import io.tidemark.cachewriter.dependents.DueStore;
import io.tidemark.cachewriter.entries.Entries;
import io.tidemark.cachewriter.entries.Incarnations;
import io.tidemark.cachewriter.history.HistoryStore;
import io.tidemark.cachewriter.invalidations.InvalidationStream;
import io.tidemark.cachewriter.replay.ReplayStore;
import io.tidemark.cachewriter.resync.Held;
import io.tidemark.cachewriter.resync.ResyncStore;
import io.tidemark.cachewriter.table.ShapeMemory;
import io.tidemark.cachewriter.tags.TagStore;
import io.tidemark.core.contract.FunctionLibrary;
import io.tidemark.core.pipeline.RedisSettings;
import org.redisson.api.RedissonClient;

/** Everything of the writer that is in one Redis or one Redis Cluster. Thread-safe. */
public final class RedisStore implements AutoCloseable {
    private final boolean isCluster;
    private final RedissonClient redisson;
    private final Library library;
    private final Entries entries;
    private final Incarnations incarnations;
    private final long fenceTtlMillis;

    /**
     * Connects when it is first used.
     *
     * @param fenceTtlMillis how much longer than its value an entry's fence is kept, and how long after a delete
     */
    public RedisStore(RedisSettings.Server server, long fenceTtlMillis) {
        this.isCluster = server.isCluster();
        this.fenceTtlMillis = fenceTtlMillis;
        this.redisson = RedisConnections.open(server);
        this.library = new Library(redisson, FunctionLibrary.load());
        this.incarnations = isCluster ? new ClusterLife(redisson) : new RedisLife(redisson);
        SlotMarks marks = isCluster ? new SlotMarks(redisson, incarnations) : null;
        this.entries = new RedissonEntries(redisson, library, fenceTtlMillis, marks);
    }

    public Library library() {
        return library;
    }

    public Entries entries() {
        return entries;
    }

    public TagStore tags() {
        RedissonTags tags = new RedissonTags(redisson, library);
        return isCluster ? new ClusterTags(redisson, library, tags) : tags;
    }

    public DueStore due() {
        return new RedissonDue(redisson, library);
    }

    public InvalidationStream invalidations() {
        return new RedissonInvalidations(redisson, library);
    }

    public Keyspace keyspace() {
        return new RedissonKeyspace(redisson);
    }

    public AskedStore asked() {
        return new RedissonAsked(redisson);
    }

    public WarmStore warmings() {
        return new RedissonWarmings(redisson);
    }

    public HistoryStore history() {
        return new RedissonHistory(redisson);
    }

    public Lives lives() {
        return new RedissonLives(redisson, fenceTtlMillis);
    }

    public Incarnations incarnations() {
        return incarnations;
    }

    public ShapeMemory shapeMemory() {
        return new RedisShapeMemory(redisson);
    }

    public ResyncStore resyncs() {
        return new RedissonResyncs(redisson);
    }

    public ReplayStore replays() {
        return new RedissonReplays(redisson);
    }

    public Held held() {
        return new RedissonResyncs(redisson);
    }

    public KeyCount keyCount() {
        return new KeyCount(redisson);
    }

    @Override
    public void close() {
        redisson.shutdown();
    }
}

package io.tidemark.cachewriter.entries;

import io.tidemark.core.change.Version;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The entries for one who writes what is old: only in the life of the data set that was set last. One thread sets it. */
public final class InOneLife implements Entries {
    private final Entries entries;
    private volatile String life = "";

    public InOneLife(Entries entries) {
        this.entries = entries;
    }

    /** From now on writes are of this life. */
    public void set(String newLife) {
        life = newLife;
    }

    @Override
    public CompletionStage<List<WriteResult>> apply(long ttlMillis, List<EntryWrite> writes) {
        return entries.applyIn(life, ttlMillis, writes);
    }

    @Override
    public CompletionStage<List<WriteResult>> applyIn(String ofLife, long ttlMillis, List<EntryWrite> writes) {
        return entries.applyIn(ofLife, ttlMillis, writes);
    }

    @Override
    public CompletionStage<List<Judgement>> judge(List<String> keys, List<Version> versions, List<Boolean> evicts) {
        return entries.judge(keys, versions, evicts);
    }

    @Override
    public void invalidate(List<String> keys) {
        entries.invalidate(keys);
    }

    @Override
    public void invalidate(List<String> keys, List<Version> versions) {
        entries.invalidate(keys, versions);
    }

    @Override
    public void forget(List<String> keys) {
        entries.forget(keys);
    }

    @Override
    public void lease(String token, List<String> keys) {
        entries.lease(token, keys);
    }

    @Override
    public List<FillResult> fill(
            String token,
            @Nullable Long horizon,
            Keeping keeping,
            List<String> keys,
            List<byte @Nullable []> documents) {
        return entries.fill(token, horizon, keeping, keys, documents);
    }

    @Override
    public List<Boolean> prolong(long ttlMillis, List<String> keys) {
        return entries.prolong(ttlMillis, keys);
    }

    @Override
    public void scan(String pattern, Consumer<List<String>> portion) {
        entries.scan(pattern, portion);
    }
}

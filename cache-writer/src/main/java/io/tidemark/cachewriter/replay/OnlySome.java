package io.tidemark.cachewriter.replay;

import io.tidemark.cachewriter.entries.Entries;
import io.tidemark.cachewriter.entries.EntryWrite;
import io.tidemark.cachewriter.entries.FillResult;
import io.tidemark.cachewriter.entries.Judgement;
import io.tidemark.cachewriter.entries.Keeping;
import io.tidemark.cachewriter.entries.WriteResult;
import io.tidemark.core.change.Version;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Some of the entries; the others are left as they are. Thread-safe. */
final class OnlySome implements Entries {
    private final Entries all;
    private final Predicate<String> isOne;

    OnlySome(Entries all, Predicate<String> isOne) {
        this.all = all;
        this.isOne = isOne;
    }

    @Override
    public CompletionStage<List<WriteResult>> apply(long ttlMillis, List<EntryWrite> writes) {
        return some(writes, theirs -> all.apply(ttlMillis, theirs));
    }

    @Override
    public CompletionStage<List<WriteResult>> applyIn(String life, long ttlMillis, List<EntryWrite> writes) {
        return some(writes, theirs -> all.applyIn(life, ttlMillis, theirs));
    }

    private CompletionStage<List<WriteResult>> some(
            List<EntryWrite> writes, Function<List<EntryWrite>, CompletionStage<List<WriteResult>>> apply) {
        List<EntryWrite> some =
                writes.stream().filter(write -> isOne.test(write.key())).toList();
        if (some.size() == writes.size()) {
            return apply.apply(writes);
        }
        if (some.isEmpty()) {
            return CompletableFuture.completedFuture(spread(writes, List.of()));
        }
        return apply.apply(some).thenApply(results -> spread(writes, results));
    }

    /** What is left alone counts as nothing to do. */
    private List<WriteResult> spread(List<EntryWrite> writes, List<WriteResult> results) {
        List<WriteResult> each = new ArrayList<>(writes.size());
        int next = 0;
        for (EntryWrite write : writes) {
            each.add(isOne.test(write.key()) ? results.get(next++) : WriteResult.OLDER);
        }
        return each;
    }

    @Override
    public CompletionStage<List<Judgement>> judge(List<String> keys, List<Version> versions, List<Boolean> evicts) {
        return all.judge(keys, versions, evicts);
    }

    @Override
    public void invalidate(List<String> keys) {
        all.invalidate(keys.stream().filter(isOne).toList());
    }

    @Override
    public void invalidate(List<String> keys, List<Version> versions) {
        List<String> some = new ArrayList<>();
        List<Version> theirs = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            if (isOne.test(keys.get(i))) {
                some.add(keys.get(i));
                theirs.add(versions.get(i));
            }
        }
        all.invalidate(some, theirs);
    }

    @Override
    public void forget(List<String> keys) {
        all.forget(keys.stream().filter(isOne).toList());
    }

    @Override
    public void lease(String token, List<String> keys) {
        all.lease(token, keys.stream().filter(isOne).toList());
    }

    @Override
    public List<FillResult> fill(
            String token,
            @Nullable Long horizon,
            Keeping keeping,
            List<String> keys,
            List<byte @Nullable []> documents) {
        List<String> some = new ArrayList<>();
        List<byte @Nullable []> theirs = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            if (isOne.test(keys.get(i))) {
                some.add(keys.get(i));
                theirs.add(documents.get(i));
            }
        }
        List<FillResult> results = some.isEmpty() ? List.of() : all.fill(token, horizon, keeping, some, theirs);
        FillResult[] each = new FillResult[keys.size()];
        int next = 0;
        for (int i = 0; i < keys.size(); i++) {
            each[i] = isOne.test(keys.get(i)) ? results.get(next++) : FillResult.REFUSED;
        }
        return Arrays.asList(each);
    }

    @Override
    public List<Boolean> prolong(long ttlMillis, List<String> keys) {
        return all.prolong(ttlMillis, keys);
    }

    @Override
    public void scan(String pattern, Consumer<List<String>> portion) {
        all.scan(pattern, keys -> portion.accept(keys.stream().filter(isOne).toList()));
    }
}

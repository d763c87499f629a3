package io.tidemark.cachewriter.entries;

import io.tidemark.core.change.Version;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The entries in Redis, through the functions of the cache contract. Thread-safe.
 *
 * <p>Every call may be sent twice. Where Redis cannot be reached or refuses a call as a whole, methods throw
 * {@link EntriesException} and stages complete with it.
 */
public interface Entries {

    /**
     * Does many writes.
     *
     * @param ttlMillis how long values live, 0 for ever
     * @return a result for each write, in their order
     */
    CompletionStage<List<WriteResult>> apply(long ttlMillis, List<EntryWrite> writes);

    /**
     * Does many writes and waits for their results, a minute at most.
     *
     * @param ttlMillis how long values live, 0 for ever
     * @return a result for each write, in their order
     * @throws EntriesException when Redis does not answer in that time, or refuses
     */
    default List<WriteResult> applied(long ttlMillis, List<EntryWrite> writes) {
        if (writes.isEmpty()) {
            return List.of();
        }
        try {
            return apply(ttlMillis, writes)
                    .toCompletableFuture()
                    .orTimeout(1, TimeUnit.MINUTES)
                    .join();
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof EntriesException away) {
                throw away;
            }
            if (failure.getCause() instanceof TimeoutException slow) {
                throw new EntriesException("Redis did not answer within 60 s", slow);
            }
            throw failure;
        }
    }

    /**
     * Does many writes of what is old, and none where Redis has lost its data since: then all fail. On a Redis Cluster those fail
     * whose master has lost its data.
     *
     * @param life as {@link Incarnations#current} names it
     */
    CompletionStage<List<WriteResult>> applyIn(String life, long ttlMillis, List<EntryWrite> writes);

    /**
     * Says what writes that come with their changes would do, without doing them.
     *
     * @param evicts for each key whether its value would go
     * @return a judgement for each, in their order
     */
    CompletionStage<List<Judgement>> judge(List<String> keys, List<Version> versions, List<Boolean> evicts);

    /** Removes the values of entries of which is only known that they are no longer right; their fences stay. */
    void invalidate(List<String> keys);

    /**
     * The same for changes of known versions that cannot be done now; an entry that has seen its change already is left
     * alone, since the change would not bring the value back when it comes again.
     *
     * @param versions of the changes, in the order of the keys
     */
    void invalidate(List<String> keys, List<Version> versions);

    /**
     * Forgets the fences of entries, which are then filled under a lease: only for fences that are ahead of every change there
     * can be, and would refuse all of them.
     */
    void forget(List<String> keys);

    /** Takes the leases of entries, from whoever has them. */
    void lease(String token, List<String> keys);

    /**
     * Fills entries under the leases taken with the token.
     *
     * @param keeping how they are kept
     * @param documents for each key the row's document, null when the row is gone
     * @param horizon an LSN no later than which the rows were read; null when the documents are what the changes said that the fences
     *     have seen, looked at under these leases
     * @return a result for each key, in their order
     */
    List<FillResult> fill(
            String token,
            @Nullable Long horizon,
            Keeping keeping,
            List<String> keys,
            List<byte @Nullable []> documents);

    /**
     * Gives entries their whole time to live again, and leaves what they hold as it is.
     *
     * @return for each key, in their order, whether there was an entry
     */
    List<Boolean> prolong(long ttlMillis, List<String> keys);

    /** Goes through all keys that match a {@code SCAN} pattern, in small portions; a key may come twice. */
    void scan(String pattern, Consumer<List<String>> portion);
}

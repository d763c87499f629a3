package io.tidemark.cachewriter.redis;

import io.tidemark.core.contract.FunctionLibrary;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.redisson.api.FunctionMode;
import org.redisson.api.FunctionResult;
import org.redisson.api.RFunction;
import org.redisson.api.RFuture;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that Redis holds the function library of this program: loads it where it is absent, replaces an older one,
 * and does not touch a newer one. Thread-safe.
 */
public final class Library {
    private static final Logger LOG = LoggerFactory.getLogger(Library.class);

    private final RFunction functions;
    private final List<String> everywhere;
    private final FunctionLibrary library;
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile @Nullable String problem = "the function library was not looked at yet";

    public Library(RedissonClient redisson, FunctionLibrary library) {
        this.functions = redisson.getFunction(RawCodec.INSTANCE);
        this.everywhere = redisson.getConfig().isClusterConfig() ? Masters.keysEverywhere("tm.library") : List.of();
        this.library = library;
    }

    /**
     * Looks, and loads if needed.
     *
     * @throws NewerLibraryException when Redis holds a newer library than this program's
     * @throws RedisException when Redis cannot be asked or refuses to load it
     */
    public synchronized void ensure() {
        try {
            load();
            problem = null;
        } catch (RuntimeException failure) {
            problem = failure.getMessage();
            throw failure;
        }
    }

    /** Looks in the background, unless that is going on already; what comes of it is in {@link #problem}. */
    void ensureSoon() {
        if (looking.compareAndSet(false, true)) {
            CompletableFuture.runAsync(() -> {
                try {
                    ensure();
                } catch (RuntimeException failure) {
                    LOG.debug("the function library could not be looked at: {}", failure.getMessage());
                } finally {
                    looking.set(false);
                }
            });
        }
    }

    /**
     * Looks again in the background where the last look failed: a Redis that was loading its data answers a moment later, and when no
     * write fails any more nobody else has a reason to look.
     */
    public void lookAgain() {
        if (problem != null) {
            ensureSoon();
        }
    }

    /** Why the library is not there, as far as is known; null when it is. */
    public @Nullable String problem() {
        return problem;
    }

    private void load() {
        int oldest = Integer.MAX_VALUE;
        for (int found : everywhere.isEmpty() ? List.of(version()) : versionsEverywhere()) {
            if (found > library.version()) {
                throw new NewerLibraryException(
                        "Redis holds version " + found + " of the function library "
                                + FunctionLibrary.NAME + ", this cache-writer brings version " + library.version()
                                + ": a newer Tidemark writes there. Run cache-writers of one version, or give this one a Redis of its own.");
            }
            oldest = Math.min(oldest, found);
        }
        if (oldest < library.version()) {
            functions.loadAndReplace(FunctionLibrary.NAME, library.code());
            LOG.info(
                    "loaded version {} of the function library {} into Redis{}",
                    library.version(),
                    FunctionLibrary.NAME,
                    oldest == 0 ? "" : ", in place of version " + oldest);
        }
    }

    /** The version that Redis holds, 0 when it holds none. */
    private int version() {
        if (functions.list(FunctionLibrary.NAME).isEmpty()) {
            return 0;
        }
        Long version = functions.call(FunctionMode.READ, FunctionLibrary.LIBRARY, FunctionResult.LONG, List.of());
        return version.intValue();
    }

    /** The versions that the masters of a cluster hold; 0 of one that has none, or does not say. */
    private List<Integer> versionsEverywhere() {
        List<RFuture<Long>> asked = everywhere.stream()
                .map(key -> functions.<Long>callAsync(
                        key, FunctionMode.WRITE, FunctionLibrary.LIBRARY, FunctionResult.LONG, List.of()))
                .toList();
        List<Integer> versions = new ArrayList<>();
        for (RFuture<Long> one : asked) {
            versions.add(one.toCompletableFuture()
                    .handle((version, failure) -> failure == null ? version.intValue() : 0)
                    .join());
        }
        return versions;
    }

    /** A newer Tidemark has put its library into the same Redis. */
    public static final class NewerLibraryException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NewerLibraryException(String message) {
            super(message);
        }
    }
}

package io.tidemark.cachewriter.redis;

import io.tidemark.core.change.Version;
import io.tidemark.testkit.redis.EmbeddedRedis;
import io.tidemark.testkit.redis.RedisConnection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A race of threads over one entry: a row whose value is the number of its last commit, two that put its changes in an order of
 * their own, one that fills the entry from the row all the time, and readers. The promise: what a reader sees is whole and no
 * older than what it saw before, and in the end the entry is the row.
 */
final class PutAgainstFill {
    private static final String KEY = "race:1";
    private static final int COMMITS = 4_000;

    private final EmbeddedRedis server;
    private final boolean asHash;
    private final AtomicInteger row = new AtomicInteger();
    private final ConcurrentLinkedQueue<Integer> changes = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean over = new AtomicBoolean();

    PutAgainstFill(EmbeddedRedis server, boolean asHash) {
        this.server = server;
        this.asHash = asHash;
    }

    /** What broke the promise, or null. */
    String run() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            List<Future<String>> readers = List.of(threads.submit(this::read), threads.submit(this::read));
            Future<?> filler = threads.submit(this::fillAgainAndAgain);
            List<Future<?>> appliers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                appliers.add(threads.submit(this::apply));
            }
            for (int i = 1; i <= COMMITS; i++) {
                row.set(i);
                changes.add(i);
            }
            for (Future<?> applier : appliers) {
                applier.get();
            }
            over.set(true);
            filler.get();
            for (Future<String> reader : readers) {
                if (reader.get() != null) {
                    return reader.get();
                }
            }
            try (RedisConnection connection = server.connect()) {
                int last = value(connection);
                return last == COMMITS ? null : "ended with " + last;
            }
        } finally {
            over.set(true);
            threads.shutdownNow();
        }
    }

    private Void apply() throws IOException {
        try (RedisConnection connection = server.connect()) {
            ContractRedis redis = new ContractRedis(connection);
            for (int done = 0; done < COMMITS; ) {
                Integer change = changes.poll();
                if (change == null) {
                    if (row.get() == COMMITS) {
                        return null;
                    }
                    continue;
                }
                done++;
                String version = new Version(1, change, change, 1).text();
                Object answer = asHash
                        ? redis.putHash(KEY, version, "", fields(change))
                        : redis.put(KEY, version, "", text(change));
                if (answer.equals("read")) {
                    while (!fill(redis, Thread.currentThread().getName())) {
                        Thread.onSpinWait();
                    }
                }
            }
            return null;
        }
    }

    private Void fillAgainAndAgain() throws IOException {
        try (RedisConnection connection = server.connect()) {
            ContractRedis redis = new ContractRedis(connection);
            while (!over.get()) {
                fill(redis, "filler");
            }
            return null;
        }
    }

    private boolean fill(ContractRedis redis, String token) throws IOException {
        redis.lease(KEY, token.replace(' ', '-'), "take");
        int read = row.get();
        String horizon = String.format("%016x", read);
        Object answer = asHash
                ? redis.fillHash(KEY, token.replace(' ', '-'), horizon, fields(read))
                : redis.fill(KEY, token.replace(' ', '-'), horizon, text(read));
        return answer.equals("filled");
    }

    private String read() throws IOException {
        try (RedisConnection connection = server.connect()) {
            int before = 0;
            while (!over.get()) {
                int now = value(connection);
                if (now < before) {
                    return now == -1 ? "a value that is not whole" : "read " + now + " after " + before;
                }
                before = now;
            }
            return null;
        }
    }

    /** The value that is there, 0 for none before the first, -1 for one that is not whole. */
    private int value(RedisConnection connection) throws IOException {
        if (asHash) {
            Map<String, String> found = new TreeMap<>(connection.hash(KEY));
            int value = Integer.parseInt(found.getOrDefault("v", "0"));
            return found.isEmpty() || found.equals(fields(value)) ? value : -1;
        }
        String found = connection.get(KEY);
        int value = found == null ? 0 : Integer.parseInt(found.substring(0, found.indexOf(' ')));
        return found == null || found.equals(text(value)) ? value : -1;
    }

    /** More fields or fewer from one value to the next, so that one that is left over is seen. */
    private static Map<String, String> fields(int value) {
        Map<String, String> fields = new TreeMap<>();
        fields.put("v", Integer.toString(value));
        for (int i = 0; i < value % 7; i++) {
            fields.put("f" + value % 11 + i, Integer.toString(value));
        }
        return fields;
    }

    private static String text(int value) {
        return (value + " ").repeat(20);
    }
}

package io.tidemark.cachewriter;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.redis.RedisCluster;
import io.tidemark.testkit.redis.RedisConnection;
import io.tidemark.testkit.redis.RedisErrorException;
import io.tidemark.testkit.servers.SharedServers;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A Redis Cluster whose masters lose their data, one of them once more while it is rebuilt, out of topics that hold many older
 * changes of every row: nobody ever reads one of those.
 */
@Tag("long")
class ClusterRebuildIT {
    private static final int ROWS = 6_000;
    private static final int CHANGES = 12;
    private static final int ROUNDS = Integer.getInteger("tidemark.rounds", 3);
    private static final Duration PATIENCE = WriterStack.SOON.multipliedBy(3);
    private static final Pattern CHANGE = Pattern.compile("changed:(\\d+)");

    @TempDir
    Path directory;

    private final Map<Integer, Integer> last = new ConcurrentHashMap<>();
    private final long seed = Long.getLong("tidemark.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private RedisCluster cluster;
    private WriterStack stack;

    @Test
    void mastersThatAreEmptiedAndKilledWhileTheyAreRebuiltShowNothingOlder() throws Exception {
        System.out.println("ClusterRebuildIT: -Dtidemark.seed=" + seed);
        try (RedisCluster redis = RedisCluster.start(directory.resolve("redis"), 3);
                WriterStack writer = new WriterStack(
                        directory.resolve("writer"),
                        SharedServers.postgres(),
                        SharedServers.newDatabase(),
                        redis.master(0),
                        Map.of(
                                "TIDEMARK_REDIS_NODES",
                                "127.0.0.1:" + redis.master(1).port()))) {
            cluster = redis;
            stack = writer;
            for (int change = 1; change <= CHANGES; change++) {
                for (int id = 0; id < ROWS; id++) {
                    send(id, change);
                }
            }
            stack.flush();
            stack.start();
            awaitAllAreNewest();
            try (Reader reader = new Reader()) {
                for (int round = 0; round < ROUNDS; round++) {
                    lose(round);
                    awaitAllAreNewest();
                }
                reader.requireNothingOlder();
            }
        }
    }

    private void lose(int round) throws Exception {
        long rewinds = stack.progress("rewinds");
        cluster.onEach("FLUSHALL");
        long emptied = System.nanoTime();
        for (int i = 0; i < 2_000; i++) {
            int id = random.nextInt(ROWS);
            send(id, last.get(id) + 1);
        }
        Await.until("the loss is seen", PATIENCE).holds(() -> stack.progress("rewinds") > rewinds);
        double seconds = (System.nanoTime() - emptied) / 1e9;
        System.out.printf("seen %.1f s after FLUSHALL%n", seconds);
        assertThat(seconds).as("2 s, and as much again for a busy machine").isLessThan(6);
        Await.until("some are back", PATIENCE)
                .holds(() -> (Long) cluster.onEach("DBSIZE").get(0) > 500);
        int again = random.nextInt(cluster.size());
        if (round % 2 == 0) {
            try (RedisConnection master = cluster.connect(again)) {
                master.call("FLUSHALL");
            }
        } else {
            cluster.master(again).kill();
            cluster.master(again).start();
            cluster.awaitReady();
        }
    }

    private void send(int id, int change) {
        last.put(id, change);
        stack.send(id, stack.changes.update(id, "row" + id + "-changed:" + change));
    }

    private void awaitAllAreNewest() {
        stack.flush();
        Await.until("every entry is the newest", PATIENCE).holds(() -> {
            Map<Integer, Integer> now = new HashMap<>();
            for (int master = 0; master < cluster.size(); master++) {
                now.putAll(read(master, IntStream.range(0, ROWS).boxed().toList()));
            }
            return now.equals(last);
        });
    }

    /** The changes that a master shows of those of these rows that are its. */
    private Map<Integer, Integer> read(int master, List<Integer> ids) throws IOException {
        Map<Integer, Integer> found = new HashMap<>();
        try (RedisConnection connection = cluster.connect(master)) {
            for (int id : ids) {
                try {
                    Matcher change = CHANGE.matcher(String.valueOf(connection.get(stack.entry(id))));
                    if (change.find()) {
                        found.put(id, Integer.parseInt(change.group(1)));
                    }
                } catch (RedisErrorException elsewhere) {
                    continue;
                }
            }
        }
        return found;
    }

    /** Reads some entries of every master again and again, and keeps what went back. */
    private final class Reader implements AutoCloseable {
        private final Map<Integer, Integer> newest = new ConcurrentHashMap<>();
        private final Map<Integer, String> older = new ConcurrentHashMap<>();
        private final List<Thread> threads = new ArrayList<>();
        private volatile boolean over;

        Reader() {
            for (int i = 0; i < cluster.size(); i++) {
                int master = i;
                Thread thread = new Thread(() -> run(master), "reader " + master);
                threads.add(thread);
                thread.start();
            }
        }

        private void run(int master) {
            List<Integer> some =
                    IntStream.range(0, ROWS).filter(id -> id % 40 == 0).boxed().toList();
            while (!over) {
                try {
                    read(master, some).forEach((id, change) -> {
                        int before = newest.merge(id, change, Math::max);
                        if (before > change) {
                            older.putIfAbsent(id, "change " + change + " after " + before);
                        }
                    });
                } catch (IOException | RuntimeException away) {
                    Thread.onSpinWait();
                }
            }
        }

        void requireNothingOlder() {
            assertThat(newest).hasSizeGreaterThan(ROWS / 50);
            assertThat(older).as("entries that went back").isEmpty();
        }

        @Override
        public void close() throws InterruptedException {
            over = true;
            for (Thread thread : threads) {
                thread.join(10_000);
            }
        }
    }
}

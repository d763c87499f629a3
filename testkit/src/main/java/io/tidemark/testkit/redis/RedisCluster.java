package io.tidemark.testkit.redis;

import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.process.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A Redis Cluster of masters without replicas, each a process that can be killed and started again. Slots are dealt out in equal
 * ranges. Nothing is kept over a restart but who has which slots. Thread-safe.
 *
 * @see <a href="https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/">Redis Cluster specification</a>
 */
public final class RedisCluster implements AutoCloseable {
    public static final int SLOTS = 16_384;

    // Fields of a line of CLUSTER NODES.
    private static final int NODE_ID = 0;
    private static final int NODE_EPOCH = 6;
    private static final int NODE_SLOTS = 8;

    private static final Duration LONGEST_START = Duration.ofSeconds(30);
    private static final String NODE_TIMEOUT_MILLIS = "2000";

    private final List<EmbeddedRedis> masters;

    private RedisCluster(List<EmbeddedRedis> masters) {
        this.masters = List.copyOf(masters);
    }

    /** Starts so many masters in directories below this one, and waits until every one of them serves the whole cluster. */
    public static RedisCluster start(Path directory, int count) {
        RedisCluster cluster = new RedisCluster(IntStream.range(0, count)
                .mapToObj(i -> new EmbeddedRedis(RedisSettings.in(directory.resolve("master-" + i))
                        .withCluster()
                        .with("cluster-port", Integer.toString(Ports.anyFree()))
                        .with("cluster-node-timeout", NODE_TIMEOUT_MILLIS)))
                .toList());
        try {
            cluster.masters.forEach(EmbeddedRedis::start);
            cluster.join();
            cluster.awaitReady();
            return cluster;
        } catch (IOException failed) {
            cluster.close();
            throw new UncheckedIOException("the masters did not become a cluster", failed);
        } catch (RuntimeException | AssertionError failed) {
            cluster.close();
            throw failed;
        }
    }

    private void join() throws IOException {
        String bus = null;
        for (int i = 0; i < masters.size(); i++) {
            try (RedisConnection master = connect(i)) {
                int from = SLOTS * i / masters.size();
                int to = SLOTS * (i + 1) / masters.size() - 1;
                master.call("CLUSTER", "ADDSLOTSRANGE", Integer.toString(from), Integer.toString(to));
                master.call("CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(i + 1));
                if (i == 0) {
                    bus = String.valueOf(
                            list(master.call("CONFIG", "GET", "cluster-port")).get(1));
                } else {
                    master.call("CLUSTER", "MEET", "127.0.0.1", Integer.toString(port(0)), String.valueOf(bus));
                }
            }
        }
    }

    /** Waits until every master that runs says that all slots are served, and that it knows all the others. */
    public void awaitReady() {
        Await.until("the Redis Cluster serves every slot", LONGEST_START).holds(() -> {
            for (int i = 0; i < masters.size(); i++) {
                try (RedisConnection master = connect(i)) {
                    String info = String.valueOf(master.call("CLUSTER", "INFO"));
                    if (!info.contains("cluster_state:ok") || !info.contains("cluster_size:" + masters.size())) {
                        return false;
                    }
                }
            }
            return true;
        });
    }

    public int size() {
        return masters.size();
    }

    public EmbeddedRedis master(int i) {
        return masters.get(i);
    }

    private int port(int i) {
        return masters.get(i).port();
    }

    /** A connection to one master; the caller closes it. */
    public RedisConnection connect(int i) throws IOException {
        return masters.get(i).connect();
    }

    /** {@code redis://127.0.0.1:…} of each master. */
    public List<String> urls() {
        return masters.stream().map(EmbeddedRedis::url).toList();
    }

    /** Runs a command on every master; the answers in their order. */
    public List<@Nullable Object> onEach(String... command) throws IOException {
        List<@Nullable Object> answers = new ArrayList<>();
        for (int i = 0; i < masters.size(); i++) {
            try (RedisConnection master = connect(i)) {
                answers.add(master.call(command));
            }
        }
        return answers;
    }

    /** Which master serves a key now. */
    public int masterOf(String key) throws IOException {
        for (int i = 0; i < masters.size(); i++) {
            try (RedisConnection master = connect(i)) {
                master.call("EXISTS", key);
                return i;
            } catch (RedisErrorException elsewhere) {
                if (!String.valueOf(elsewhere.getMessage()).startsWith("MOVED")) {
                    throw elsewhere;
                }
            }
        }
        throw new IllegalStateException("no master serves " + key);
    }

    /** The slot of a key. */
    public int slotOf(String key) throws IOException {
        try (RedisConnection master = connect(0)) {
            return Integer.parseInt(String.valueOf(master.call("CLUSTER", "KEYSLOT", key)));
        }
    }

    /**
     * Moves a slot with its keys from one master to another, as redis-cli does it, while others go on. Waits before and after it
     * until word has gone round: a master that does not know of the last move yet would claim the slot with too low an epoch,
     * and the two would send whoever asks from one to the other for ever.
     */
    public void moveSlot(int slot, int from, int to) throws IOException {
        awaitAgreed();
        String number = Integer.toString(slot);
        try (RedisConnection source = connect(from);
                RedisConnection target = connect(to)) {
            String sourceId = String.valueOf(source.call("CLUSTER", "MYID"));
            String targetId = String.valueOf(target.call("CLUSTER", "MYID"));
            target.call("CLUSTER", "SETSLOT", number, "IMPORTING", sourceId);
            source.call("CLUSTER", "SETSLOT", number, "MIGRATING", targetId);
            String port = Integer.toString(port(to));
            while (true) {
                List<?> keys = list(source.call("CLUSTER", "GETKEYSINSLOT", number, "100"));
                if (keys.isEmpty()) {
                    break;
                }
                List<String> migrate = new ArrayList<>(List.of("MIGRATE", "127.0.0.1", port, "", "0", "5000", "KEYS"));
                keys.forEach(key -> migrate.add(String.valueOf(key)));
                source.call(migrate.toArray(String[]::new));
            }
            target.call("CLUSTER", "SETSLOT", number, "NODE", targetId);
            source.call("CLUSTER", "SETSLOT", number, "NODE", targetId);
        }
        awaitAgreed();
    }

    private void awaitAgreed() {
        Await.until("all masters agree on who serves which slot", LONGEST_START)
                .sees(this::views, views -> views.size() == 1);
    }

    /** What each master believes: epoch and slots of every master; one view when they agree. */
    private Set<String> views() throws IOException {
        Set<String> views = new HashSet<>();
        for (Object nodes : onEach("CLUSTER", "NODES")) {
            views.add(String.valueOf(nodes)
                    .lines()
                    .map(line -> line.split(" "))
                    .map(node -> node[NODE_ID] + " " + node[NODE_EPOCH] + " "
                            + Arrays.stream(node)
                                    .skip(NODE_SLOTS)
                                    // A slot on its way, which only its two masters know of.
                                    .filter(slots -> !slots.startsWith("["))
                                    .collect(Collectors.joining(" ")))
                    .sorted()
                    .collect(Collectors.joining("\n")));
        }
        return views;
    }

    private static List<?> list(@Nullable Object reply) {
        return reply instanceof List<?> elements ? elements : List.of();
    }

    @Override
    public void close() {
        masters.forEach(EmbeddedRedis::kill);
    }
}

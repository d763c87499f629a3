package io.tidemark.systemtests.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.core.change.Version;
import io.tidemark.systemtests.product.Masters;
import io.tidemark.systemtests.product.Product;
import io.tidemark.testkit.redis.RedisConnection;
import io.tidemark.testkit.redis.RedisErrorException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One thread that reads products from Redis again and again, as an application would, and tells what it saw. */
public final class CacheReader implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    // The readers must leave the machine to those who are tested.
    private static final long PAUSE_NANOS = 20_000_000;

    private final Product product;
    private final Observations seen;
    private final int from;
    private final int to;
    private final AtomicLong reads = new AtomicLong();
    private final Thread thread;

    private volatile boolean stopping;
    private volatile @Nullable Throwable failure;

    private CacheReader(Product product, Observations seen, int from, int to) {
        this.product = product;
        this.seen = seen;
        this.from = from;
        this.to = to;
        this.thread = new Thread(this::readUntilStopped, "cache reader");
        thread.setDaemon(true);
    }

    /** Reads the products with ids from and up to, without the latter. */
    public static CacheReader start(Product product, Observations seen, int from, int to) {
        CacheReader reader = new CacheReader(product, seen, from, to);
        reader.thread.start();
        return reader;
    }

    /** How many entries it has read. */
    public long reads() {
        return reads.get();
    }

    @Override
    public void close() throws InterruptedException {
        stopping = true;
        thread.join(40_000);
        if (failure != null) {
            throw new IllegalStateException("the reader failed", failure);
        }
    }

    private void readUntilStopped() {
        while (!stopping) {
            try (Masters masters = product.masters()) {
                List<List<String>> keys = keysByMaster(masters.all().size());
                while (!stopping) {
                    for (int i = 0; i < keys.size(); i++) {
                        readAll(masters.get(i), keys.get(i));
                    }
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            } catch (IOException | RedisErrorException e) {
                // Redis is being killed or loads its data: read on when it is back.
                LockSupport.parkNanos(PAUSE_NANOS);
            } catch (Throwable e) {
                failure = e;
                return;
            }
        }
    }

    private List<List<String>> keysByMaster(int masters) throws IOException {
        List<List<String>> keys = new ArrayList<>();
        for (int i = 0; i < masters; i++) {
            keys.add(new ArrayList<>());
        }
        for (int id = from; id < to; id++) {
            String key = ShopTransaction.key(id);
            keys.get(product.masterOf(key)).add(key);
        }
        return keys;
    }

    private void readAll(RedisConnection redis, List<String> keys) throws IOException {
        List<String[]> commands = new ArrayList<>();
        for (String key : keys) {
            // Value and meta in one step, or a write between the two would look like a broken promise.
            commands.add(new String[] {"MULTI"});
            commands.add(new String[] {"GET", key});
            commands.add(new String[] {"HGET", "tm:{" + key + "}", "v"});
            commands.add(new String[] {"PTTL", "tm:{" + key + "}"});
            commands.add(new String[] {"EXEC"});
        }
        List<?> replies = redis.callAll(commands);
        for (int i = 0; i < keys.size(); i++) {
            List<?> entry = (List<?>) replies.get(5 * i + 4);
            tell(keys.get(i), (String) entry.get(0), (String) entry.get(1), (Long) entry.get(2));
        }
    }

    private void tell(String key, @Nullable String value, @Nullable String fence, long fenceMillis) throws IOException {
        String when = "read " + reads.incrementAndGet();
        if (value == null) {
            // The fence of a deleted entry expires; that of one which was only invalidated, and will be filled again,
            // does not.
            Version version = fence == null ? Version.NONE : Version.parse(fence);
            // Without a version there is only a lease of what is about to be filled.
            if (!version.equals(Version.NONE) && fenceMillis >= 0) {
                seen.readDeleted(key, version, when);
            }
            return;
        }
        if (fence == null) {
            throw new AssertionError(key + " has a value without a fence");
        }
        JsonNode document = JSON.readTree(value);
        long number = document.path("change_no").asLong();
        seen.read(
                key,
                Version.parse(fence),
                ShopTransaction.state(number, document.path("stock").asInt()),
                number,
                when);
    }
}

package io.tidemark.testkit.orders;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A paged order API on the loopback address that a sync can be tried on: stores of hundreds of thousands of orders, the
 * real limits, bad moods on demand, and a ledger. What happens to the orders is said here or at {@code /admin/}.
 * Thread-safe.
 */
public final class OrderFeedSimulator implements AutoCloseable {

    private final SimulatorSettings settings;
    private final Map<String, StoreDesk> desks = new LinkedHashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "order-api");
        thread.setDaemon(true);
        return thread;
    });
    private final Traffic traffic;
    private final HttpServer server;

    private OrderFeedSimulator(SimulatorSettings settings) throws IOException {
        // Without it each answer waits for a delayed acknowledgement.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        this.settings = settings;
        settings.stores()
                .forEach(store -> desks.put(
                        store.name(),
                        new StoreDesk(
                                new SimulatedStore(store, settings.seed()),
                                new StoreLedger(settings.limits()),
                                settings.token(store.name()))));
        this.traffic = new Traffic(desks.values().stream().map(StoreDesk::store).toList());
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), settings.port()), 64);
        server.setExecutor(threads);
        server.createContext("/api/shop/v2/orders", new OrdersHandler(desks.values()));
        server.createContext("/admin/", new AdminHandler(this));
    }

    /** Starts one; it answers when this returns. */
    public static OrderFeedSimulator start(SimulatorSettings settings) {
        try {
            OrderFeedSimulator simulator = new OrderFeedSimulator(settings);
            simulator.server.start();
            return simulator;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen on port " + settings.port(), e);
        }
    }

    /** Where the API is, to be followed by its path. */
    public URI baseUri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    public List<String> stores() {
        return List.copyOf(desks.keySet());
    }

    public String token(String store) {
        return settings.token(store);
    }

    public SimulatedStore store(String name) {
        return desk(name).store();
    }

    public StoreLedger ledger(String store) {
        return desk(store).ledger();
    }

    /** The next calls of that store are answered in that mood. */
    public void mood(String store, Mood mood, int calls) {
        desk(store).mood(mood, calls);
    }

    /** Runs before each answer is made, with the number of the call: the place to move pages under the reader. */
    public void beforeEachAnswer(String store, Consumer<Long> action) {
        desk(store).beforeEachAnswer(action);
    }

    /** Life in the shops, going on by itself; 0 ends it. */
    public Traffic traffic() {
        return traffic;
    }

    StoreDesk desk(String store) {
        StoreDesk desk = desks.get(store);
        if (desk == null) {
            throw new IllegalArgumentException("no store " + store + "; there are " + desks.keySet());
        }
        return desk;
    }

    @Override
    public void close() {
        traffic.close();
        server.stop(0);
        threads.shutdownNow();
        try {
            threads.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

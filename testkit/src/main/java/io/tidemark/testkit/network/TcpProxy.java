package io.tidemark.testkit.network;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A TCP proxy on the loopback address that can do to the connections through it what networks do. Faults apply to open
 * connections and to new ones until {@link #heal()}. Thread-safe.
 */
public final class TcpProxy implements Closeable {

    private final ServerSocket listener;
    private final int targetPort;
    private final Set<ProxiedConnection> connections = ConcurrentHashMap.newKeySet();
    private final FaultSwitch faults = new FaultSwitch();

    private TcpProxy(ServerSocket listener, int targetPort) {
        this.listener = listener;
        this.targetPort = targetPort;
    }

    /** Listens on the port (0 = any free one) and passes everything on to the target port of this machine. */
    public static TcpProxy start(int port, int targetPort) {
        try {
            TcpProxy proxy = new TcpProxy(new ServerSocket(port, 100, InetAddress.getLoopbackAddress()), targetPort);
            Thread thread = new Thread(proxy::accept, "proxy to " + targetPort);
            thread.setDaemon(true);
            thread.start();
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException("the proxy cannot listen on port " + port, e);
        }
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** How many connections are open now. */
    public int open() {
        return connections.size();
    }

    /** Closes every connection in order (FIN) and closes new ones at once. */
    public void cut() {
        faults.set(new Fault.Cut(false));
        connections.forEach(connection -> connection.close(false));
    }

    /** Resets every connection (RST) and resets new ones at once. */
    public void reset() {
        faults.set(new Fault.Cut(true));
        connections.forEach(connection -> connection.close(true));
    }

    /** Connections stay open, new ones are accepted, and no byte gets through in either direction. */
    public void blackHole() {
        faults.set(new Fault.BlackHole());
    }

    /**
     * Holds back what those clients send that said these words first (in their first piece of data, read as ISO 8859-1),
     * as a Kafka client says its {@code client.id}. Other clients, and answers, get through.
     */
    public void holdRequestsOf(String words) {
        faults.set(new Fault.HeldRequests(words));
    }

    /** How many pieces of requests are held back now. */
    public int held() {
        return faults.held();
    }

    /** What is held back now goes on; what comes later is held back. */
    public void letHeldPass() {
        faults.letHeldPass();
    }

    /** Every piece of data waits this long in each direction before it is passed on. */
    public void delay(Duration wait) {
        faults.set(new Fault.Slow(wait, Long.MAX_VALUE));
    }

    /** No connection gets more than this through in each direction. */
    public void limit(long bytesPerSecond) {
        faults.set(new Fault.Slow(Duration.ZERO, bytesPerSecond));
    }

    /** After this many more bytes towards the target, all connections together, every connection is reset: in mid-message. */
    public void resetAfter(long bytes) {
        faults.set(new Fault.ResetAfter(bytes));
    }

    /** No fault any more; what a black hole held back goes on. */
    public void heal() {
        faults.set(new Fault.None());
    }

    /** Resets all connections and listens no more. */
    @Override
    public void close() throws IOException {
        listener.close();
        reset();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                connect(listener.accept());
            } catch (IOException e) {
                // Closed, or the client went away between knocking and entering: the next one is waited for.
                continue;
            }
        }
    }

    private void connect(Socket client) throws IOException {
        if (faults.get() instanceof Fault.Cut cut) {
            ProxiedConnection.close(client, cut.hard());
            return;
        }
        try {
            Socket target = new Socket(InetAddress.getLoopbackAddress(), targetPort);
            ProxiedConnection connection =
                    new ProxiedConnection(client, target, faults, this::reset, connections::remove);
            connections.add(connection);
            connection.start();
        } catch (IOException e) {
            // Nobody listens behind the proxy: the client must see what it would see without one.
            ProxiedConnection.close(client, true);
        }
    }
}

package io.tidemark.testkit.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;

/** Choosing and checking TCP ports on the loopback address. */
public final class Ports {

    // Below the range from which systems take ports for outgoing connections, so that a port stays ours while its
    // server is down.
    private static final int LOWEST = 20_000;
    private static final int HIGHEST = 32_000;

    private static final PortBlocks BLOCKS = new PortBlocks(
            Path.of(System.getProperty("java.io.tmpdir"), "tidemark-ports-" + System.getProperty("user.name")),
            LOWEST,
            HIGHEST);

    private Ports() {}

    /** The port wanted, or any free one when 0 is wanted. */
    public static int choose(int wanted) {
        return wanted == 0 ? anyFree() : wanted;
    }

    /** A port that nobody listens on at this moment and nobody else is given: neither later in this process nor in another one meanwhile. */
    public static int anyFree() {
        return BLOCKS.next();
    }

    public static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** @throws PortTakenException when somebody listens on the port */
    public static void requireFree(int port, String server) {
        if (!isFree(port)) {
            throw new PortTakenException(server, port);
        }
    }
}

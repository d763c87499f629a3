package io.tidemark.testkit.process;

/** A server cannot start because another process listens on its port. */
public final class PortTakenException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String server;
    private final int port;

    public PortTakenException(String server, int port) {
        super("port " + port + " for " + server + " is taken by another process; choose another port (0 = any free one)"
                + " or stop what listens on it");
        this.server = server;
        this.port = port;
    }

    /** Which server wanted the port, such as {@code PostgreSQL}. */
    public String server() {
        return server;
    }

    public int port() {
        return port;
    }
}

package io.tidemark.testkit.process;

/**
 * A server on a data directory and a port of the loopback address that can be stopped, killed, frozen and started again
 * on the same data and the same port. Thread-safe.
 */
public interface Server extends AutoCloseable {

    /**
     * Starts the server and waits until it answers.
     *
     * @throws PortTakenException when another process listens on its port
     * @throws ServerStartException when it does not come up
     */
    void start();

    /** Stops it in order and waits until it is gone. Nothing happens when it does not run. */
    void stop();

    /** Kills it with everything it started (SIGKILL) and waits until it is gone. */
    void kill();

    /** Freezes it with everything it started (SIGSTOP): it keeps its connections and does nothing. */
    void freeze();

    /** Lets a frozen server run on. */
    void thaw();

    boolean isRunning();

    /** The TCP port on the loopback address; stays the same over restarts. */
    int port();

    @Override
    default void close() {
        stop();
    }
}

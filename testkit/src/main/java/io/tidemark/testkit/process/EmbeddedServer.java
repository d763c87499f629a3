package io.tidemark.testkit.process;

/**
 * A server that runs as a child process on a data directory and a port, and can be stopped, killed, frozen and started
 * again on the same data and the same port. Thread-safe.
 */
public interface EmbeddedServer extends AutoCloseable {

    /**
     * Starts the server and waits until it answers.
     *
     * @throws PortTakenException when another process listens on its port
     * @throws ServerStartException when it does not come up
     */
    void start();

    /** The process, for its id, its log and its end. */
    KeptProcess process();

    /** The TCP port on the loopback address; stays the same over restarts. */
    int port();

    /** Stops it in order and waits until it is gone. Nothing happens when it does not run. */
    default void stop() {
        process().stop();
    }

    /** Kills it with everything it started (SIGKILL) and waits until it is gone. */
    default void kill() {
        process().kill();
    }

    /** Freezes it with everything it started (SIGSTOP). */
    default void freeze() {
        process().freeze();
    }

    /** Lets a frozen server run on. */
    default void thaw() {
        process().thaw();
    }

    default boolean isRunning() {
        return process().isRunning();
    }

    default long pid() {
        return process().pid();
    }

    @Override
    default void close() {
        stop();
    }
}

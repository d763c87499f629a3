package io.tidemark.testkit.process;

/** A server that is a child process of this JVM. */
public interface EmbeddedServer extends Server {

    /** The process, for its id, its log and its end. */
    KeptProcess process();

    @Override
    default void stop() {
        process().stop();
    }

    @Override
    default void kill() {
        process().kill();
    }

    @Override
    default void freeze() {
        process().freeze();
    }

    @Override
    default void thaw() {
        process().thaw();
    }

    @Override
    default boolean isRunning() {
        return process().isRunning();
    }

    default long pid() {
        return process().pid();
    }
}

package io.tidemark.cli.stack;

import io.tidemark.testkit.process.EmbeddedServer;
import io.tidemark.testkit.process.KeptProcess;

/** Something that runs as a process of its own and can be started again. */
interface Part {
    String name();

    /** Starts it; a server has answered when this returns, a service may still be coming up. */
    void start();

    KeptProcess process();

    /** Stops it in order and waits until it is gone. */
    default void stop() {
        process().stop();
    }

    /** A server of the testkit. */
    static Part of(String name, EmbeddedServer server) {
        return new Part() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public void start() {
                server.start();
            }

            @Override
            public KeptProcess process() {
                return server.process();
            }
        };
    }
}

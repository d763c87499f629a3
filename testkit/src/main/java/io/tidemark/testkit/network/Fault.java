package io.tidemark.testkit.network;

import java.time.Duration;

/** What is wrong with the network now. */
sealed interface Fault {

    record None() implements Fault {}

    /** @param hard with RST instead of FIN */
    record Cut(boolean hard) implements Fault {}

    record BlackHole() implements Fault {}

    /** @param saying what the client of a connection must have said first for its requests to be held back */
    record HeldRequests(String saying) implements Fault {}

    record Slow(Duration delay, long bytesPerSecond) implements Fault {}

    /** @param bytes how many may still pass towards the target */
    record ResetAfter(long bytes) implements Fault {}
}

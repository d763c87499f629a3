package io.tidemark.testkit.network;

import java.time.Duration;

/** What is wrong with the network now. */
sealed interface Fault {

    record None() implements Fault {}

    /** @param hard with RST instead of FIN */
    record Cut(boolean hard) implements Fault {}

    record BlackHole() implements Fault {}

    record Slow(Duration delay, long bytesPerSecond) implements Fault {}

    /** @param bytes how many may still pass towards the target */
    record ResetAfter(long bytes) implements Fault {}
}

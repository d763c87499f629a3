package io.tidemark.reconciler.http;

import java.util.Optional;

/** Whether the service can compare. Thread-safe. */
@FunctionalInterface
public interface ServiceState {

    /** What is waited for; empty when the service is ready. */
    Optional<String> waitingFor();
}

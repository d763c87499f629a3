package io.tidemark.cachewriter;

import org.jspecify.annotations.Nullable;

/** Whether changes may be applied yet, and what is waited for until then. Thread-safe. */
public final class Gate {
    private volatile @Nullable String waitingFor = "the start";

    /** What is waited for, for a person; null when the gate is open. */
    public @Nullable String waitingFor() {
        return waitingFor;
    }

    public boolean isOpen() {
        return waitingFor == null;
    }

    void waitFor(String what) {
        waitingFor = what;
    }

    void open() {
        waitingFor = null;
    }
}

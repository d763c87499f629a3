package io.tidemark.ingest.stream;

import java.util.Set;

/** Holds a batch back until everyone can see its transactions. One thread uses it. */
@FunctionalInterface
public interface CommitGate {

    /** Waits for the transactions, given by the lower 32 bits of their ids. */
    void await(Set<Integer> transactions) throws InterruptedException;
}

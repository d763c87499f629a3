package io.tidemark.systemtests.load;

import io.tidemark.core.change.Version;
import io.tidemark.testkit.promise.NoLostChange;
import io.tidemark.testkit.promise.NoStaleOverwrite;
import io.tidemark.testkit.promise.OnlyCommittedValues;
import io.tidemark.testkit.promise.PerRowOrder;
import io.tidemark.testkit.promise.Promise;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What writers and readers of one run saw, each fact given to the promises it matters to. Thread-safe. */
public final class Observations {

    private final NoLostChange noLostChange = new NoLostChange();
    private final PerRowOrder perRowOrder = new PerRowOrder();
    private final NoStaleOverwrite<Version> versions = new NoStaleOverwrite<>();
    private final NoStaleOverwrite<Long> numbers = new NoStaleOverwrite<>();
    private final OnlyCommittedValues onlyCommitted = new OnlyCommittedValues();
    private final Map<String, Long> lastNumber = new ConcurrentHashMap<>();

    /** The number of the next change of a row; grows over deletes too. */
    long nextNumber(String key) {
        return lastNumber.merge(key, 1L, Long::sum);
    }

    void aboutToCommit(String key, String state) {
        onlyCommitted.committed(key, state);
    }

    void committed(String key, long number) {
        noLostChange.committed(key, number);
    }

    /** A record of the table's topic, in the order of its partition. */
    void published(String key, long number) {
        noLostChange.arrived(key, number);
        perRowOrder.arrived(key, number);
    }

    /** An entry as a reader saw it, value and meta in one step. */
    void read(String key, Version version, String state, long number, String when) {
        versions.seen(key, "1", version, true, when);
        numbers.seen(key, "1", number, true, when);
        onlyCommitted.read(key, state);
    }

    /** A fence without a value. */
    void readDeleted(String key, Version version, String when) {
        versions.seen(key, "1", version, false, when);
    }

    /** What the records of Kafka must keep. */
    public List<Promise> ofKafka() {
        return List.of(noLostChange, perRowOrder);
    }

    /** What the entries of Redis must keep. */
    public List<Promise> ofRedis() {
        return List.of(versions, numbers, onlyCommitted);
    }
}

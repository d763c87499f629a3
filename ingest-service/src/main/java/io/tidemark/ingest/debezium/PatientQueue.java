package io.tidemark.ingest.debezium;

import io.debezium.connector.base.QueueProvider;
import io.debezium.pipeline.DataChangeEvent;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The queue between Debezium's two threads. It differs from Debezium's own in one thing: who looks into it again and again
 * is made to pause. Debezium's poll waits in whole milliseconds and looks without a pause through what is left of its last
 * one, which at a poll interval of two is half of all time, and half a processor.
 *
 * <p>Debezium finds it by its name as a queue provider, and holds a lock around every call.
 */
public final class PatientQueue implements QueueProvider<DataChangeEvent> {
    static final String NAME = "tidemark";

    /** Looks in a row that are none of the waiting; a poll begins with two. */
    private static final int LOOKS = 2;

    private static final long IN_A_ROW_NANOS = TimeUnit.MICROSECONDS.toNanos(100);
    private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(300);

    private final Queue<DataChangeEvent> events = new ArrayDeque<>();
    private long lastLook;
    private int looks;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void configure(Map<String, ?> settings) {
        // How many events it holds is Debezium's to see to.
    }

    @Override
    public void enqueue(DataChangeEvent event) {
        events.add(event);
    }

    @Override
    public DataChangeEvent poll() {
        return events.poll();
    }

    @Override
    public int size() {
        if (events.isEmpty()) {
            pauseWhoKeepsLooking();
        }
        return events.size();
    }

    private void pauseWhoKeepsLooking() {
        long now = System.nanoTime();
        looks = now - lastLook < IN_A_ROW_NANOS ? looks + 1 : 1;
        if (looks > LOOKS) {
            LockSupport.parkNanos(PAUSE_NANOS);
            now = System.nanoTime();
        }
        lastLook = now;
    }
}

package io.tidemark.testkit.orders;

import java.time.Duration;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the API handed out to one store's token and how many calls that cost. Thread-safe. */
public final class StoreLedger {
    private final CallWindows windows;
    private final BitSet handedOut = new BitSet();
    private final Map<Mood, Integer> moods = new EnumMap<>(Mood.class);
    private long calls;
    private long answered;
    private long overLimit;
    private long ordersHandedOut;
    private long firstPages;

    StoreLedger(List<CallLimit> limits) {
        this.windows = new CallWindows(limits);
    }

    /** Zero when the call is within the limits, else how long the client was to wait. */
    synchronized Duration admit(long nowNanos) {
        calls++;
        Duration wait = windows.admit(nowNanos);
        if (!wait.isZero()) {
            overLimit++;
        }
        return wait;
    }

    synchronized void answered(int[] ids, boolean firstPage) {
        answered++;
        firstPages += firstPage ? 1 : 0;
        ordersHandedOut += ids.length;
        for (int id : ids) {
            handedOut.set(id);
        }
    }

    synchronized void moody(Mood mood) {
        moods.merge(mood, 1, Integer::sum);
    }

    /** Every call, whatever became of it. */
    public synchronized long calls() {
        return calls;
    }

    /** Calls that broke a limit. */
    public synchronized long overLimit() {
        return overLimit;
    }

    /** How often the oldest page was handed out. */
    public synchronized long firstPages() {
        return firstPages;
    }

    /** Orders handed out, those handed out again included. */
    public synchronized long ordersHandedOut() {
        return ordersHandedOut;
    }

    /** Orders handed out at least once. */
    public synchronized int distinctOrders() {
        return handedOut.cardinality();
    }

    public synchronized boolean wasHandedOut(int id) {
        return handedOut.get(id);
    }

    /** The most calls in any span of each length, by the length in seconds. */
    public synchronized Map<Long, Integer> mostCalls() {
        return windows.most();
    }

    /** All of it, for people and scripts. */
    public synchronized Map<String, Object> figures() {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("calls", calls);
        figures.put("answered", answered);
        figures.put("overLimit", overLimit);
        figures.put("firstPages", firstPages);
        figures.put("ordersHandedOut", ordersHandedOut);
        figures.put("distinctOrders", handedOut.cardinality());
        figures.put("mostCallsBySpanSeconds", windows.most());
        figures.put("failuresOnDemand", new EnumMap<>(moods));
        return figures;
    }
}

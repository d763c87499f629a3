package io.tidemark.cachewriter.jobs;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Something long that somebody asked for, and how far it is. Thread-safe. */
public final class Job {
    private static final JsonMapper JSON = new JsonMapper();

    private final String id;
    private final String kind;
    private final InstantSource clock;
    private final Map<String, Long> counts = new LinkedHashMap<>();
    private final ObjectNode results = JSON.createObjectNode();
    private State state = State.WAITING;
    private long expected;
    private long looked;
    private @Nullable Instant began;
    private @Nullable Instant ended;
    private @Nullable String problem;
    private long lookedBefore;
    private boolean paused;
    private volatile boolean cancelled;
    private volatile boolean stopped;

    /** How a job stands. */
    public enum State {
        WAITING,
        RUNNING,
        PAUSED,
        DONE,
        CANCELLED,
        FAILED;

        public boolean isOver() {
            return this == DONE || this == CANCELLED || this == FAILED;
        }
    }

    Job(String id, String kind, InstantSource clock) {
        this.id = id;
        this.kind = kind;
        this.clock = clock;
    }

    public String id() {
        return id;
    }

    public boolean isA(String asked) {
        return kind.equals(asked);
    }

    public synchronized State state() {
        return state;
    }

    /** Whether to stop at the next good moment. */
    public boolean isCancelled() {
        return cancelled;
    }

    /** Asks it to stop; what is done stays done. */
    public void cancel() {
        cancelled = true;
        wake();
    }

    /** Asks it to stop because the service ends; what goes on after a restart is not given up. */
    void stop() {
        stopped = true;
        cancel();
    }

    /** Whether somebody has cancelled it, rather than that the service ends. */
    public boolean isGivenUp() {
        return cancelled && !stopped;
    }

    /** Has it wait at the next good moment, if it is one that can. */
    public synchronized void pause() {
        paused = true;
    }

    /** Ends the wait. */
    public synchronized void goOn() {
        paused = false;
        wake();
    }

    private synchronized void wake() {
        notifyAll();
    }

    /** Waits as long as it is to wait; answers whether to go on after that. */
    public synchronized boolean mayGoOn() throws InterruptedException {
        while (paused && !cancelled) {
            state = State.PAUSED;
            wait();
        }
        if (state == State.PAUSED) {
            state = State.RUNNING;
        }
        return !cancelled;
    }

    /** So much was looked at before it was interrupted and goes on. */
    public synchronized void goOnAfter(long before) {
        lookedBefore += before;
        looked += before;
    }

    /** About so much more is to be looked at. */
    public synchronized void expect(long more) {
        expected += more;
    }

    /** So much more has been looked at. */
    public synchronized void looked(long more) {
        looked += more;
    }

    /** Counts what was done, for instance {@code product.filled}. */
    public synchronized void count(String what, long more) {
        counts.merge(what, more, Long::sum);
    }

    /** How much was counted so. */
    public synchronized long counted(String what) {
        return counts.getOrDefault(what, 0L);
    }

    /** Something to tell beside the counts. */
    public synchronized void tell(String name, com.fasterxml.jackson.databind.JsonNode what) {
        results.set(name, what);
    }

    synchronized void begin() {
        state = State.RUNNING;
        began = clock.instant();
    }

    synchronized void end(State how, @Nullable String why) {
        state = how;
        problem = why;
        ended = clock.instant();
    }

    /** For people and programs. */
    public synchronized ObjectNode json() {
        ObjectNode json = JSON.createObjectNode();
        json.put("id", id);
        json.put("kind", kind);
        json.put("state", state.name().toLowerCase(Locale.ROOT));
        if (began != null) {
            json.put("began", began.toString());
            Instant until = ended == null ? clock.instant() : ended;
            json.put("duration_ms", Duration.between(began, until).toMillis());
        }
        json.put("looked_at", looked);
        json.put("expected", Math.max(expected, looked));
        json.put("percent", state == State.DONE ? 100 : expected == 0 ? 0 : Math.min(99, 100 * looked / expected));
        long millis = began == null ? 0 : json.path("duration_ms").asLong();
        long lookedNow = looked - lookedBefore;
        if (millis > 0 && lookedNow > 0) {
            json.put("per_second", Math.round(1000.0 * lookedNow / millis));
            if (state == State.RUNNING) {
                json.put("seconds_left", Math.max(0, expected - looked) * millis / lookedNow / 1000);
            }
        }
        ObjectNode done = json.putObject("counts");
        counts.forEach(done::put);
        results.properties().forEach(result -> json.set(result.getKey(), result.getValue()));
        if (problem != null) {
            json.put("error", problem);
        }
        return json;
    }
}

package io.tidemark.reconciler.verify;

import io.tidemark.core.postgres.SqlFailures;
import io.tidemark.reconciler.verify.Applied.NotAppliedException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One comparison of one or more caches, from the request to its end. One thread runs it; any may read it. */
public final class Run {
    private static final Logger LOG = LoggerFactory.getLogger(Run.class);

    /** How far a run is. */
    public enum State {
        WAITING,
        RUNNING,
        PAUSED,
        DONE,
        FAILED,
        CANCELLED
    }

    private final String id;
    private final Clock clock;
    private final Map<String, Tally> tallies = new LinkedHashMap<>();
    private final Order order;
    private final Steering steering;
    private volatile State state = State.WAITING;
    private volatile @Nullable Instant startedAt;
    private volatile @Nullable Instant endedAt;
    private volatile @Nullable String problem;
    private volatile @Nullable String current;
    private boolean cancelled;

    Run(String id, Order order, Clock clock) {
        this.id = id;
        this.clock = clock;
        this.order = order;
        this.steering = new Steering(order.rowsPerSecond());
        int examples = order.verbose() ? Tally.MANY_EXAMPLES : Tally.FEW_EXAMPLES;
        order.caches().forEach(cache -> tallies.put(cache.name(), new Tally(examples)));
    }

    void run(Sources sources) {
        startedAt = clock.instant();
        state = State.RUNNING;
        State end = State.DONE;
        for (Subject cache : order.caches()) {
            current = cache.name();
            if (!compare(cache, sources)) {
                end = cancelled ? State.CANCELLED : State.FAILED;
                break;
            }
        }
        endedAt = clock.instant();
        state = end;
    }

    /** Answers whether the comparison came to its end. */
    private boolean compare(Subject cache, Sources sources) {
        Tally tally = tallyOf(cache);
        CacheComparison comparison = null;
        try (Rows paged = sources.rows(cache);
                Rows rows = sources.rows(cache)) {
            Compared compared = Compared.of(sources, cache, rows);
            Findings findings = sources.findings(id, cache, order, compared, tally);
            comparison = new CacheComparison(cache, paged, compared, order, steering, tally, findings);
            comparison.run();
            LOG.info(
                    "compared cache {} with the database: {} consistent, {} stale, {} missing, {} orphaned, {} in flight",
                    cache.name(),
                    tally.count(Verdict.CONSISTENT),
                    tally.count(Verdict.STALE),
                    tally.count(Verdict.MISSING),
                    tally.count(Verdict.ORPHANED),
                    tally.count(Verdict.IN_FLIGHT));
            return true;
        } catch (Steering.CancelledException ended) {
            cancelled = true;
            problem = unfinished(cache, comparison, "it was cancelled");
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            problem = unfinished(cache, comparison, "the reconciler was stopped");
        } catch (SQLException failed) {
            // Without the exception, whose words may quote a row.
            problem = unfinished(cache, comparison, SqlFailures.text(failed));
            LOG.warn("{}", problem);
        } catch (NotAppliedException | Entries.AwayException failed) {
            problem = unfinished(cache, comparison, String.valueOf(failed.getMessage()));
            LOG.warn("{}", problem);
        } catch (RuntimeException failed) {
            problem = unfinished(cache, comparison, String.valueOf(failed.getMessage()));
            LOG.warn("{}", problem, failed);
        }
        return false;
    }

    /** What was seen, what was not, and why. */
    private String unfinished(Subject cache, @Nullable CacheComparison comparison, String why) {
        Tally tally = tallyOf(cache);
        StringBuilder text = new StringBuilder("the comparison of cache ").append(cache.name());
        text.append(" could not finish: ").append(why).append("; seen were ").append(tally.rows());
        text.append(tally.rowsEstimated() < 0 ? "" : " of about " + tally.rowsEstimated())
                .append(" rows");
        if (comparison != null && comparison.undecided() > 0) {
            text.append(", of which ").append(comparison.undecided()).append(" differed and were not looked at again");
        }
        List<Subject> caches = order.caches();
        List<String> untouched = caches.subList(caches.indexOf(cache) + 1, caches.size()).stream()
                .map(Subject::name)
                .toList();
        return untouched.isEmpty() ? text.toString() : text + "; not looked at: " + String.join(", ", untouched);
    }

    private Tally tallyOf(Subject cache) {
        Tally tally = tallies.get(cache.name());
        if (tally == null) {
            throw new IllegalStateException("BUG: no tally of cache " + cache.name());
        }
        return tally;
    }

    public String id() {
        return id;
    }

    public State state() {
        State now = state;
        return now == State.RUNNING && steering.isPaused() ? State.PAUSED : now;
    }

    /** Whether it has come to its end, in one way or another. */
    public boolean isOver() {
        return endedAt != null;
    }

    /** What was ordered. */
    public Order order() {
        return order;
    }

    /** Halts it, lets it go on, ends it. */
    public Steering steering() {
        return steering;
    }

    /** Why it failed; null when it did not. */
    public @Nullable String problem() {
        return problem;
    }

    /** The cache that is compared now, or was last; null before the first. */
    public @Nullable String current() {
        return current;
    }

    /** The counts by cache, in the order of the pipeline file; complete when the run is done. */
    public Map<String, Tally> tallies() {
        return Collections.unmodifiableMap(tallies);
    }

    /** When it began; empty while it waits for its turn. */
    public Optional<Instant> startedAt() {
        return Optional.ofNullable(startedAt);
    }

    /** How long it has been running, or ran. */
    public Duration duration() {
        Instant from = startedAt;
        Instant to = endedAt;
        return from == null ? Duration.ZERO : Duration.between(from, to == null ? clock.instant() : to);
    }
}

package io.tidemark.cachewriter.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.cachewriter.entries.Entries;
import io.tidemark.cachewriter.entries.EntriesException;
import io.tidemark.cachewriter.entries.InOneLife;
import io.tidemark.cachewriter.jobs.Job;
import io.tidemark.cachewriter.jobs.Jobs;
import io.tidemark.cachewriter.past.History;
import io.tidemark.cachewriter.stats.WriterStats;
import io.tidemark.cachewriter.table.FollowedTable;
import io.tidemark.cachewriter.table.SourceSession;
import io.tidemark.cachewriter.table.Tables;
import io.tidemark.cachewriter.table.Target;
import io.tidemark.core.pipeline.Pipeline;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replays that were asked for: one at a time of a topic, over all cache-writers, each in the audit log, and gone on with after a
 * crash, by whichever cache-writer sees it first. Thread-safe.
 */
public final class Replays {
    /** The kind of their jobs. */
    public static final String KIND = "replay";

    private static final Logger LOG = LoggerFactory.getLogger(Replays.class);
    private static final JsonMapper JSON = new JsonMapper();
    private static final long KEEP_EVERY_NANOS = 1_000_000_000;

    private final Tools tools;
    private final Jobs jobs;
    private final ReplayStore store;
    private final Audit audit;
    private final InstantSource clock;
    private final Planner planner;
    private final String owner = UUID.randomUUID().toString();
    private final Map<String, State> running = new LinkedHashMap<>();
    private final Map<String, LongAdder> ever = new ConcurrentHashMap<>();

    /** What a replay works with. */
    public record Tools(
            Pipeline pipeline,
            Tables tables,
            History history,
            Entries entries,
            Applying.Maker applying,
            Supplier<SourceSession> sessions,
            Supplier<@Nullable String> life) {}

    public Replays(Tools tools, Jobs jobs, ReplayStore store, Audit audit, InstantSource clock) {
        this.tools = tools;
        this.jobs = jobs;
        this.store = store;
        this.audit = audit;
        this.clock = clock;
        this.planner = new Planner(tools.pipeline(), tools.history());
    }

    /** Somebody replays the same topics already. */
    public static final class BusyException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        BusyException(String message) {
            super(message);
        }
    }

    /**
     * Takes a replay on.
     *
     * @throws io.tidemark.cachewriter.jobs.RefusedException when it cannot be meant
     * @throws BusyException when its topics are being replayed
     * @throws History.AwayException when Kafka does not say what it holds
     */
    public Job submit(Wish wish) {
        Plan plan = planner.plan(wish);
        String id = UUID.randomUUID().toString().substring(0, 8);
        State state = State.begun(id, wish, plan);
        if (!wish.dryRun() && !take(state)) {
            throw new BusyException("the topics " + String.join(", ", plan.topics())
                    + " are being replayed already; nothing was begun");
        }
        try {
            say("asked", state, null);
        } catch (History.AwayException notKept) {
            over(state);
            throw notKept;
        }
        return submit(state);
    }

    /** Goes on with what another process has left, and keeps what this one has; called every few seconds. */
    public void look() {
        for (State state : mine()) {
            store.hold(owner, state.topics());
        }
        store.all().forEach((id, text) -> {
            if (jobs.job(id).filter(job -> !job.state().isOver()).isEmpty()) {
                State state = State.parse(id, text);
                if (take(state)) {
                    LOG.info("replay {} goes on where it was interrupted", id);
                    say("resumed", state, null);
                    submit(state);
                }
            }
        });
    }

    /** Has a replay wait. */
    public Optional<Job> pause(String id) {
        return jobs.job(id).filter(job -> job.isA(KIND)).map(job -> {
            job.pause();
            say("paused", id);
            return job;
        });
    }

    /** Lets a replay that waits go on. */
    public Optional<Job> goOn(String id) {
        return jobs.job(id).filter(job -> job.isA(KIND)).map(job -> {
            job.goOn();
            say("gone on", id);
            return job;
        });
    }

    /** How much was counted under a name of {@link Counts} since the service began. */
    public long ever(String count) {
        LongAdder sum = ever.get(count);
        return sum == null ? 0 : sum.sum();
    }

    private void addUp(Map<String, Long> more) {
        more.forEach((name, count) ->
                ever.computeIfAbsent(name, n -> new LongAdder()).add(count));
    }

    /** The newest lines of the audit log, newest first. */
    public ArrayNode log(int most) {
        ArrayNode lines = JSON.createArrayNode();
        for (String line : audit.newest(most)) {
            try {
                lines.add(JSON.readTree(line));
            } catch (JsonProcessingException notOurs) {
                LOG.debug("a line of the audit log cannot be read");
            }
        }
        return lines;
    }

    private synchronized boolean take(State state) {
        boolean isMine = running.values().stream()
                .anyMatch(other -> other.topics().stream().anyMatch(state.topics()::contains));
        if (isMine || !store.hold(owner, state.topics())) {
            return false;
        }
        running.put(state.id(), state);
        store.keep(state.id(), state.text());
        return true;
    }

    private synchronized List<State> mine() {
        return List.copyOf(running.values());
    }

    private synchronized void give(State state) {
        running.remove(state.id());
    }

    private Job submit(State state) {
        try {
            Job job = jobs.submitReplay(KIND, state.id(), one -> run(state, one));
            job.tell("replay", state.wish().json());
            return job;
        } catch (RuntimeException refused) {
            over(state);
            throw refused;
        }
    }

    private void run(State state, Job job) throws Exception {
        Wish wish = state.wish();
        String problem = null;
        try {
            work(state, job);
        } catch (EntriesException | SQLException | History.AwayException away) {
            problem = away.getMessage();
            throw away;
        } finally {
            boolean isToGoOn = job.isCancelled() && !job.isGivenUp();
            if (isToGoOn && !wish.dryRun()) {
                keep(state);
            } else {
                over(state);
                sayAtTheEnd(problem != null ? "failed" : job.isCancelled() ? "cancelled" : "done", state, job);
            }
        }
    }

    private void work(State state, Job job) throws SQLException, InterruptedException {
        Wish wish = state.wish();
        Plan plan = state.plan();
        state.counts().forEach(job::count);
        job.expect(plan.offsets());
        WriterStats apart = new WriterStats(clock);
        boolean all = wish.cache().isEmpty() && wish.key().isEmpty();
        String life = tools.life().get();
        InOneLife ofLife = new InOneLife(tools.entries());
        ofLife.set(String.valueOf(life));
        List<Target> targets = targets(plan);
        Predicate<String> isAskedFor = isAskedFor(wish, targets);
        Entries some = new OnlySome(ofLife, isAskedFor);
        Heads heads = new Heads(tools.tables(), plan.rowCaches(), wish.key(), wish.tag());
        try (Applying applying = tools.applying().make(some, all, plan.queryCaches(), apart);
                SourceSession source = tools.sessions().get()) {
            boolean marks = all || !plan.queryCaches().isEmpty();
            ReplayRun run = new ReplayRun(
                    wish,
                    heads,
                    applying,
                    (keys, versions, evicts) ->
                            tools.entries().judge(keys, versions, evicts).toCompletableFuture(),
                    apart,
                    job,
                    marks,
                    () -> Objects.equals(life, tools.life().get()));
            long[] kept = {System.nanoTime()};
            run.go(tools.history(), plan.spans(), (partition, begin, left) -> {
                state.leave(partition, begin, left);
                addUp(state.counted(job));
                if (!wish.dryRun() && System.nanoTime() - kept[0] > KEEP_EVERY_NANOS) {
                    kept[0] = System.nanoTime();
                    keep(state);
                }
            });
            if (plan.whole() && job.mayGoOn()) {
                Orphans orphans = new Orphans(some, source, job, wish.dryRun());
                for (Target target : targets) {
                    orphans.of(target, run.seen(), isAskedFor);
                }
                addUp(state.counted(job));
                if (!orphans.examples().isEmpty()) {
                    job.tell("deletes_dropped_examples", JSON.valueToTree(orphans.examples()));
                }
            }
        }
    }

    private List<Target> targets(Plan plan) {
        return tools.tables().applied().stream()
                .flatMap(id -> tools.tables().of(id).stream())
                .map(FollowedTable::targets)
                .flatMap(List::stream)
                .filter(target -> plan.rowCaches().contains(target.cache().name()))
                .toList();
    }

    private Predicate<String> isAskedFor(Wish wish, List<Target> targets) {
        if (!wish.key().isEmpty()) {
            return wish.key()::equals;
        }
        return targets.size() == tools.pipeline().caches().size()
                ? key -> true
                : key -> targets.stream()
                        .anyMatch(target -> target.cache().key().match(key).isPresent());
    }

    private void keep(State state) {
        try {
            store.keep(state.id(), state.text());
        } catch (EntriesException redisAway) {
            LOG.debug("how far replay {} is was not kept: {}", state.id(), redisAway.getMessage());
        }
    }

    private void over(State state) {
        give(state);
        try {
            store.remove(state.id());
            store.release(owner, state.topics());
        } catch (EntriesException redisAway) {
            LOG.debug("replay {} is over and was not forgotten: {}", state.id(), redisAway.getMessage());
        }
    }

    private synchronized void say(String what, String id) {
        State state = running.get(id);
        if (state != null) {
            say(what, state, null);
        }
    }

    /** What was done is done, whether the log takes it or not. */
    private void sayAtTheEnd(String what, State state, Job job) {
        try {
            say(what, state, job);
        } catch (History.AwayException notKept) {
            LOG.error("replay {} {}, which is not in the log: {}", state.id(), what, notKept.getMessage());
        }
    }

    private void say(String what, State state, @Nullable Job job) {
        ObjectNode line = JSON.createObjectNode();
        line.put("at", clock.instant().toString());
        line.put("id", state.id());
        line.put("what", what);
        line.setAll(state.wish().json());
        if (job != null) {
            line.set("counts", job.json().path("counts"));
        }
        audit.say(line.toString());
        LOG.info("replay {} {} by {}", state.id(), what, state.wish().who());
    }
}

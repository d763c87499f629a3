package io.tidemark.cachewriter.admin;

import io.tidemark.cachewriter.jobs.Job;
import io.tidemark.cachewriter.jobs.Pace;
import io.tidemark.cachewriter.topics.RowTopics;
import io.tidemark.cachewriter.topics.RowTopics.Newest;
import io.tidemark.core.pipeline.WarmSettings.Source;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warms one cache of rows: first what was asked for most, then row by row, in the order of the primary key or of the topic. What
 * is there stays as it is. After every portion it notes in Redis how far it is; where that note is gone, so is what was filled, and it
 * begins anew. One thread, once.
 */
final class WarmRun {
    private static final Logger LOG = LoggerFactory.getLogger(WarmRun.class);
    private static final int AT_ONCE = 200;
    private static final long HOLD_EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final KeptCache cache;
    private final Keyspace keyspace;
    private final Asked asked;
    private final RowTopics topics;
    private final Notes notes;
    private final Job job;
    private final Set<String> first = new HashSet<>();
    private final Pace pace;
    private final boolean fromTopic;
    private WarmOrder order;
    private WarmOrder noted;
    private long heldAtNanos = System.nanoTime() - HOLD_EVERY_NANOS;

    /** Where it is noted how far a warming is. */
    interface Notes {
        void keep(String cache, WarmOrder order);

        /** Notes the next place instead of one; null for the end. False when that one is no longer there. */
        boolean advance(String cache, WarmOrder from, @Nullable WarmOrder next);

        /** Keeps others off for some seconds more. */
        void hold(String cache);
    }

    /** Its place is gone from Redis, and with it what was filled. */
    private static final class PlaceLost extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** @param order is noted already */
    WarmRun(KeptCache cache, WarmOrder order, Warming.Means means, Notes notes, Job job) {
        this.cache = cache;
        this.order = order;
        this.noted = order;
        this.keyspace = means.keyspace();
        this.asked = means.asked();
        this.topics = means.topics();
        this.notes = notes;
        this.job = job;
        this.pace = new Pace(order.rate());
        this.fromTopic = order.source() == Source.KAFKA && cache.topic().isPresent();
    }

    void run() throws SQLException, InterruptedException {
        boolean over = false;
        boolean finished = false;
        while (!over) {
            try {
                finished = once();
                over = true;
            } catch (PlaceLost lost) {
                LOG.warn(
                        "Redis has lost how far the warming of {} was, and with it what was filled: it begins anew",
                        cache);
                job.count(cache.name() + ".begun_anew", 1);
                first.clear();
                order = order.anew();
                noted = order;
                notes.keep(cache.name(), order);
            }
        }
        if (!finished && job.isGivenUp()) {
            notes.keep(cache.name(), order.heldBack());
        }
    }

    /** Answers whether it came to its end. */
    private boolean once() throws SQLException, InterruptedException {
        if (!order.askedDone()) {
            askedFirst();
        }
        if (!job.isCancelled()) {
            if (fromTopic) {
                fromTopic(key -> !first.contains(key), order.cursor());
            } else {
                pages();
            }
        }
        if (job.isCancelled()) {
            return false;
        }
        note(null);
        return true;
    }

    private void askedFirst() throws SQLException, InterruptedException {
        List<String> most = asked.most(cache.countedAs(), Asked.MOST_KEYS).stream()
                .filter(cache::owns)
                .limit(order.limit())
                .toList();
        first.addAll(most);
        if (!fromTopic) {
            for (List<String> portion : Portions.of(most, pace.portion(AT_ONCE))) {
                if (job.isCancelled()) {
                    return;
                }
                fill(portion);
            }
        } else {
            Set<String> missing = new HashSet<>(missing(most));
            if (!missing.isEmpty()) {
                fromTopic(missing::contains, null);
            }
        }
        if (!job.isCancelled()) {
            job.count(cache.name() + ".asked_first", most.size());
            order = order.askedAreDone().after(null, fromTopic ? 0 : most.size());
            note(order);
        }
    }

    private void pages() throws SQLException, InterruptedException {
        boolean more = order.left() > 0;
        while (more && !job.isCancelled()) {
            int most = (int) Math.min(pace.portion(AT_ONCE), order.left());
            KeptCache.Page page = cache.page(null, order.cursor(), most);
            fill(page.keys().stream().filter(key -> !first.contains(key)).toList());
            order = order.after(page.next(), page.keys().size());
            more = page.next() != null && order.left() > 0;
            if (more) {
                note(order);
            }
        }
    }

    private void fill(List<String> keys) throws SQLException, InterruptedException {
        hold();
        List<String> missing = missing(keys);
        Refreshing.count(job, cache, cache.refresh(missing));
        job.count(cache.name() + ".were_there", keys.size() - missing.size());
        job.looked(keys.size());
        pace.after(keys.size(), job);
    }

    private void fromTopic(Predicate<String> wanted, @Nullable String cursor)
            throws SQLException, InterruptedException {
        TopicRows topic = cache.topic().orElseThrow();
        topics.newest(topic.table(), cursor, this::goOn, new RowTopics.Each() {
            @Override
            public void take(List<Newest> rows, String next) throws SQLException, InterruptedException {
                Map<String, Newest> byEntry = wanted(rows);
                for (List<String> portion : Portions.of(List.copyOf(byEntry.keySet()), pace.portion(AT_ONCE))) {
                    if (goOn()) {
                        fill(topic, byEntry, portion);
                    }
                }
                if (order.askedDone() && !job.isCancelled()) {
                    order = order.after(next, 0);
                    note(order);
                }
            }

            @Override
            public void late(List<Newest> rows) throws SQLException, InterruptedException {
                hold();
                Map<String, Newest> byEntry = wanted(rows);
                topic.overtake(byEntry);
                job.count(cache.name() + ".changed_meanwhile", byEntry.size());
                pace.after(byEntry.size(), job);
            }

            private Map<String, Newest> wanted(List<Newest> rows) {
                Map<String, Newest> byEntry = topic.byEntry(rows);
                byEntry.keySet().removeIf(wanted.negate());
                return byEntry;
            }
        });
    }

    private void fill(TopicRows topic, Map<String, Newest> byEntry, List<String> keys)
            throws SQLException, InterruptedException {
        List<String> most = keys.subList(0, (int) Math.min(keys.size(), order.left()));
        Map<String, Newest> missing = new LinkedHashMap<>();
        missing(most).forEach(key -> missing.put(key, byEntry.get(key)));
        TopicRows.Filled filled = topic.fill(missing);
        Refreshing.count(job, cache, filled.all());
        job.count(cache.name() + ".read_from_database", filled.readFromTheDatabase());
        job.count(cache.name() + ".were_there", most.size() - missing.size());
        job.looked(most.size());
        order = order.after(order.cursor(), most.size());
        pace.after(most.size(), job);
    }

    private List<String> missing(List<String> keys) {
        List<Boolean> present = keyspace.present(keys);
        List<String> missing = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            if (!present.get(i)) {
                missing.add(keys.get(i));
            }
        }
        return missing;
    }

    private void note(@Nullable WarmOrder next) {
        if (!notes.advance(cache.name(), noted, next)) {
            throw new PlaceLost();
        }
        noted = next == null ? noted : next;
    }

    private boolean goOn() {
        hold();
        return !job.isCancelled() && order.left() > 0;
    }

    private void hold() {
        if (System.nanoTime() - heldAtNanos >= HOLD_EVERY_NANOS) {
            heldAtNanos = System.nanoTime();
            notes.hold(cache.name());
        }
    }
}

package io.tidemark.core.freshness;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Up to which LSN Redis is right: the newest {@link Progress} whose end offsets the consumers have passed on every
 * partition of their topics. Not thread-safe: one thread owns it.
 *
 * <p>A consumer that is far behind makes many progress records wait. Past {@value #MOST_WAITING} only every second one
 * is kept, then every fourth and so on, so what is said may then be older than it could be, and is never newer.
 */
public final class Freshness {
    private static final int MOST_WAITING = 1024;

    private final Set<String> topics;
    private final Deque<Progress> waiting = new ArrayDeque<>();
    private final Map<String, Map<Integer, Long>> applied = new HashMap<>();
    private @Nullable Progress rightUpTo;
    private @Nullable Progress newest;
    private int stride = 1;
    private int sinceKept;

    /** @param topics the topics whose consumers write to Redis; a progress record's other topics do not count */
    public Freshness(Set<String> topics) {
        this.topics = Set.copyOf(topics);
    }

    /** Takes in a progress record, in the order of its topic. A new epoch voids what was known of the one before. */
    public void published(Progress progress) {
        if (newest != null && progress.epoch() < newest.epoch()) {
            return;
        }
        if (newest != null && progress.epoch() > newest.epoch()) {
            waiting.clear();
            rightUpTo = null;
        }
        newest = progress;
        keep(progress);
        settle();
    }

    /**
     * Takes in that the effect of every record of a partition below an offset is in Redis.
     *
     * @param offset the consumer group's committed offset
     */
    public void applied(String topic, int partition, long offset) {
        applied.computeIfAbsent(topic, t -> new HashMap<>()).merge(partition, offset, Math::max);
        settle();
    }

    /**
     * Forgets what was applied to a topic, as when it was made anew and its offsets start over, or when Redis was emptied
     * and its consumers begin again. Nothing is right until the newest progress is reached once more.
     */
    public void reset(String topic) {
        applied.remove(topic);
        rightUpTo = null;
        if (newest != null && waiting.isEmpty()) {
            waiting.addLast(newest);
        }
    }

    /** The newest progress that Redis has fully reached in this epoch; null before the first. */
    public @Nullable Progress rightUpTo() {
        return rightUpTo;
    }

    /** The newest progress that was published; null before the first. */
    public @Nullable Progress newest() {
        return newest;
    }

    /** Whether Redis holds the effect of every change committed at or before an LSN of the epoch now running. */
    public boolean isRightUpTo(long lsn) {
        return rightUpTo != null && Long.compareUnsigned(rightUpTo.publishedLsn(), lsn) >= 0;
    }

    private void settle() {
        while (!waiting.isEmpty() && isReached(waiting.getFirst())) {
            rightUpTo = waiting.removeFirst();
        }
    }

    private boolean isReached(Progress progress) {
        for (Map.Entry<String, List<Long>> topic : progress.endOffsets().entrySet()) {
            if (topics.contains(topic.getKey()) && !isReached(topic.getKey(), topic.getValue())) {
                return false;
            }
        }
        return true;
    }

    private boolean isReached(String topic, List<Long> endOffsets) {
        Map<Integer, Long> offsets = applied.getOrDefault(topic, Map.of());
        for (int partition = 0; partition < endOffsets.size(); partition++) {
            if (offsets.getOrDefault(partition, 0L) < endOffsets.get(partition)) {
                return false;
            }
        }
        return true;
    }

    /** The newest always waits; of the others one in every stride. */
    private void keep(Progress progress) {
        if (waiting.isEmpty()) {
            stride = 1;
            sinceKept = 0;
        } else if (++sinceKept < stride) {
            waiting.removeLast();
        } else {
            sinceKept = 0;
        }
        waiting.addLast(progress);
        if (waiting.size() > MOST_WAITING) {
            forgetEverySecond();
            stride *= 2;
        }
    }

    private void forgetEverySecond() {
        boolean forget = false;
        for (Iterator<Progress> each = waiting.iterator(); each.hasNext(); forget = !forget) {
            Progress progress = each.next();
            if (forget && progress != newest) {
                each.remove();
            }
        }
    }
}

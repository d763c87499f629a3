package io.tidemark.client.redis;

import io.tidemark.client.Answer;
import io.tidemark.client.Keep;
import io.tidemark.client.Stamp;
import io.tidemark.core.contract.EntryKey;
import io.tidemark.core.contract.FunctionLibrary;
import io.tidemark.core.contract.Tag;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.redisson.api.FunctionMode;
import org.redisson.api.FunctionResult;
import org.redisson.api.RBatch;
import org.redisson.api.RFunction;
import org.redisson.api.RFunctionAsync;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisException;
import org.redisson.config.ReadMode;

/**
 * The contract on a Redis Cluster, where an entry and its tags lie in different slots: no function touches two of them, so what is one
 * step on a single Redis is several here. docs/rationale.md says why their order is right. Thread-safe; what Redisson throws
 * goes through.
 */
final class ClusterContract {
    private static final int MOST_TRIES = 5;

    private final RedissonClient redisson;
    private final RFunction functions;

    /** @throws IllegalArgumentException when the client reads from replicas, which may not know of a bump yet */
    ClusterContract(RedissonClient redisson) {
        ReadMode mode = redisson.getConfig().useClusterServers().getReadMode();
        if (mode != ReadMode.MASTER) {
            throw new IllegalArgumentException(
                    "expected a Redisson client of a Redis Cluster that reads from masters, found" + " readMode " + mode
                            + ": a replica may not know yet what was invalidated; call setReadMode(ReadMode.MASTER)");
        }
        this.redisson = redisson;
        this.functions = redisson.getFunction(ValueCodec.INSTANCE);
    }

    /** The value key, the meta key and then the counters of the tags, each read after the ones before it. */
    Map<String, String> readPlainly(String key, List<Tag> tags) {
        Map<String, String> found = strings(List.of(key, EntryKey.metaOf(key)));
        if (found.size() == 2 && !tags.isEmpty()) {
            found.putAll(strings(tags.stream().map(Tag::counterKey).toList()));
        }
        return found;
    }

    /** What tm_get answers of an entry that is right; null otherwise. */
    @Nullable
    List<@Nullable Object> get(String key) {
        List<@Nullable Object> found = call(FunctionLibrary.GET, FunctionResult.LIST, key);
        return found == null || found.isEmpty() || !isRight(found, 3) ? null : found;
    }

    /** What tm_lease answers. */
    List<@Nullable Object> lease(String key, String token, String millis) {
        String stale = "";
        for (int i = 0; i < MOST_TRIES; i++) {
            String mark = at(Tag.BUMPS, FunctionLibrary.MARK, FunctionResult.VALUE);
            List<@Nullable Object> answer =
                    call(FunctionLibrary.LEASE, FunctionResult.LIST, key, token, millis, mark, stale);
            if (!"hit".equals(answer.get(0)) || isRight(answer, 4)) {
                return answer;
            }
            stale = String.valueOf(tagsElsewhere(answer, 4).get(0));
        }
        return Arrays.asList("wait", 1L);
    }

    /** Whether it was taken. */
    boolean fill(Answer.Lease lease, @Nullable String value, Keep keep) {
        String ttl = Long.toString(keep.ttl().toMillis());
        String jitter = Integer.toString(keep.jitterPercent());
        String grace = Long.toString(keep.grace().toMillis());
        List<@Nullable Object> plan =
                call(FunctionLibrary.FILLING, FunctionResult.LIST, lease.key(), lease.token(), ttl, jitter, grace);
        if (plan == null || plan.isEmpty()) {
            return false;
        }
        if (!new Joining(lease.key(), plan).join(keep.tags())) {
            call(FunctionLibrary.RELEASE, FunctionResult.VALUE, lease.key(), lease.token());
            return false;
        }
        String answer = call(
                FunctionLibrary.FILL,
                FunctionResult.VALUE,
                lease.key(),
                lease.token(),
                ttl,
                jitter,
                grace,
                keep.tagText(),
                value == null ? "empty" : "value",
                value == null ? "" : keep.stored(value),
                "joined",
                String.valueOf(plan.get(2)));
        if (!"filled".equals(answer)) {
            return false;
        }
        // A bump since the tags were joined has made it stale already; plain readers are not to see it.
        if (!covers(
                String.valueOf(plan.get(0)), keep.tags().stream().map(Tag::name).toList())) {
            call(FunctionLibrary.INVALIDATE, FunctionResult.VALUE, lease.key());
            return false;
        }
        return true;
    }

    /** Makes every entry with one of the tags stale; returns when that is so. */
    void bump(Collection<String> tags) {
        List<Object> answer = at(Tag.BUMPS, FunctionLibrary.BUMP, FunctionResult.LIST, tags.toArray());
        String stamp = String.valueOf(answer.get(0));
        List<String> left =
                answer.subList(1, answer.size()).stream().map(String::valueOf).toList();
        List<?> carried = forEach(
                left,
                (function, tag) -> function.callAsync(
                        new Tag(tag).counterKey(),
                        FunctionMode.WRITE,
                        FunctionLibrary.BUMP_TAG,
                        FunctionResult.LONG,
                        List.of(new Tag(tag).counterKey()),
                        stamp,
                        tag));
        List<String> nobodys = new ArrayList<>();
        for (int i = 0; i < left.size(); i++) {
            if (carried.get(i) instanceof Long one && one == 0) {
                nobodys.add(left.get(i));
            }
        }
        String number = stamp.substring(stamp.indexOf(':') + 1);
        forEach(
                nobodys,
                (function, tag) -> function.callAsync(
                        Tag.BUMPS,
                        FunctionMode.WRITE,
                        FunctionLibrary.SWEPT,
                        FunctionResult.LONG,
                        List.of(Tag.BUMPS),
                        tag,
                        number));
        // The bump itself has said them, before their counters knew.
        say("tags", left);
    }

    /** Appends names to the invalidation stream, once they are stale: the calls that made them so lay in other slots. */
    void say(String kind, Collection<String> names) {
        if (!names.isEmpty()) {
            List<Object> arguments = new ArrayList<>(names.size() + 1);
            arguments.add(kind);
            arguments.addAll(names);
            this.<Long>at(Tag.BUMPS, FunctionLibrary.SAY, FunctionResult.LONG, arguments.toArray());
        }
    }

    /** Joins an entry's tags for a fill that tm_filling planned. */
    private final class Joining {
        private final String key;
        private final List<@Nullable Object> plan;
        private final String stamp;
        private final List<String> listed;

        Joining(String key, List<@Nullable Object> plan) {
            this.key = key;
            this.plan = plan;
            this.stamp = String.valueOf(plan.get(0));
            this.listed = List.of(String.valueOf(plan.get(5)).split(" "));
        }

        /** Whether all are joined, and none was bumped since the stamp as far as is known now. */
        boolean join(List<Tag> all) {
            List<Tag> left = all;
            for (int i = 0; i < MOST_TRIES && !left.isEmpty(); i++) {
                String token = UUID.randomUUID().toString();
                boolean first = i == 0;
                List<?> answers = forEach(left, (function, tag) -> one(function, tag, token, first));
                if (answers.contains("bumped")) {
                    return false;
                }
                List<Tag> making = new ArrayList<>();
                for (int j = 0; j < left.size(); j++) {
                    if ("making".equals(answers.get(j))) {
                        making.add(left.get(j));
                    }
                }
                left = making;
                if (!left.isEmpty()) {
                    List<Object> since = at(
                            Tag.BUMPS,
                            FunctionLibrary.SINCE,
                            FunctionResult.LIST,
                            left.stream().map(Tag::name).toArray());
                    left = settle(left, token, since);
                    if (isBumped(since)) {
                        return false;
                    }
                }
            }
            return left.isEmpty();
        }

        private void one(RFunctionAsync function, Tag tag, String token, boolean first) {
            function.callAsync(
                    tag.counterKey(),
                    FunctionMode.WRITE,
                    FunctionLibrary.JOIN,
                    FunctionResult.VALUE,
                    List.of(tag.counterKey()),
                    tag.name(),
                    stamp,
                    String.valueOf(plan.get(1)),
                    token,
                    !first || listed.contains(tag.name()) ? "" : String.valueOf(plan.get(3)),
                    String.valueOf(plan.get(4)),
                    key);
        }

        /** Gives the counters what they are to hold; those that somebody else began to make meanwhile are left. */
        private List<Tag> settle(List<Tag> making, String token, List<Object> since) {
            List<?> settled = forEach(
                    making,
                    (function, tag) -> function.callAsync(
                            tag.counterKey(),
                            FunctionMode.WRITE,
                            FunctionLibrary.SETTLE,
                            FunctionResult.LONG,
                            List.of(tag.counterKey()),
                            token,
                            since.get(0) + ":" + since.get(1 + making.indexOf(tag)),
                            String.valueOf(plan.get(1))));
            List<Tag> left = new ArrayList<>();
            for (int i = 0; i < making.size(); i++) {
                if (!Long.valueOf(1).equals(settled.get(i))) {
                    left.add(making.get(i));
                }
            }
            return left;
        }

        private boolean isBumped(List<Object> since) {
            Stamp leased = Stamp.parse(stamp).orElseThrow();
            return since.stream()
                    .skip(1)
                    .anyMatch(number -> !leased.covers(new Stamp(String.valueOf(since.get(0)), (Long) number)));
        }
    }

    private boolean isRight(List<@Nullable Object> answer, int at) {
        List<?> elsewhere = tagsElsewhere(answer, at);
        return elsewhere.isEmpty()
                || covers(
                        String.valueOf(elsewhere.get(0)),
                        elsewhere.stream().skip(1).map(String::valueOf).toList());
    }

    /** The stamp and the tags that lie in other slots; empty when there are none. */
    private static List<?> tagsElsewhere(List<@Nullable Object> answer, int at) {
        return answer.size() > at && answer.get(at) instanceof List<?> list ? list : List.of();
    }

    private boolean covers(String stamp, List<String> tags) {
        Stamp of = Stamp.parse(stamp).orElse(null);
        List<String> keys = tags.stream().map(tag -> new Tag(tag).counterKey()).toList();
        Map<String, String> counters = keys.isEmpty() ? Map.of() : strings(keys);
        return of != null
                && keys.stream().allMatch(key -> Stamp.parse(counters.getOrDefault(key, ""))
                        .filter(of::covers)
                        .isPresent());
    }

    private Map<String, String> strings(List<String> keys) {
        try {
            return redisson.getBuckets(ValueCodec.INSTANCE).get(keys.toArray(String[]::new));
        } catch (NullPointerException slotWithoutMaster) {
            // Redisson's grouping of keys by master does not foresee a slot that just moves.
            throw new RedisException("no master is known for a slot at this moment", slotWithoutMaster);
        }
    }

    private <T> T call(String function, FunctionResult result, String key, Object... arguments) {
        return functions.call(key, FunctionMode.WRITE, function, result, List.of(key, EntryKey.metaOf(key)), arguments);
    }

    private <T> T at(String key, String function, FunctionResult result, Object... arguments) {
        return functions.call(key, FunctionMode.WRITE, function, result, List.of(key), arguments);
    }

    /** Adds one call to a batch. */
    @FunctionalInterface
    private interface OneCall<T> {
        void add(RFunctionAsync function, T what);
    }

    /** One call for each, all in one go; the answers in their order. */
    private <T> List<?> forEach(List<T> all, OneCall<T> one) {
        if (all.isEmpty()) {
            return List.of();
        }
        RBatch batch = redisson.createBatch();
        RFunctionAsync function = batch.getFunction(ValueCodec.INSTANCE);
        all.forEach(what -> one.add(function, what));
        return batch.execute().getResponses();
    }
}

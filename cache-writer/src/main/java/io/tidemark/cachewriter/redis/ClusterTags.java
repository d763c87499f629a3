package io.tidemark.cachewriter.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.cachewriter.entries.EntriesException;
import io.tidemark.cachewriter.tags.TagStore;
import io.tidemark.core.contract.EntryKey;
import io.tidemark.core.contract.FunctionLibrary;
import io.tidemark.core.contract.Tag;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.redisson.api.FunctionMode;
import org.redisson.api.FunctionResult;
import org.redisson.api.RBatch;
import org.redisson.api.RFunction;
import org.redisson.api.RFunctionAsync;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisException;

/**
 * The tags of a Redis Cluster: what is one call on a single Redis goes from slot to slot here, in the order that
 * docs/rationale.md gives reasons for. Thread-safe.
 */
final class ClusterTags implements TagStore {
    private static final int AT_ONCE = 500;

    private final RedissonClient redisson;
    private final RFunction functions;
    private final Library library;
    private final RedissonTags withinSlots;

    /** @param withinSlots does what needs no more than one slot at a time */
    ClusterTags(RedissonClient redisson, Library library, RedissonTags withinSlots) {
        this.redisson = redisson;
        this.functions = redisson.getFunction(RawCodec.INSTANCE);
        this.library = library;
        this.withinSlots = withinSlots;
    }

    @Override
    public void bump(Collection<String> tags) {
        List<String> all = List.copyOf(tags);
        for (int from = 0; from < all.size(); from += AT_ONCE) {
            bumpPortion(all.subList(from, Math.min(all.size(), from + AT_ONCE)));
        }
    }

    private void bumpPortion(List<String> tags) {
        List<?> answer = at(Tag.BUMPS, FunctionLibrary.BUMP, FunctionResult.LIST, tags.toArray());
        String stamp = text(answer.get(0));
        List<String> left =
                answer.subList(1, answer.size()).stream().map(ClusterTags::text).toList();
        List<?> carried = raise(left.stream().map(tag -> new Due(tag, stamp)).toList());
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
                        keys(Tag.BUMPS),
                        tag,
                        number));
    }

    /** Raises the counters of tags to their stamps; for each 1, or 0 where nobody carries the tag. */
    private List<?> raise(List<Due> stamps) {
        return forEach(
                stamps,
                (function, one) -> function.callAsync(
                        new Tag(one.tag()).counterKey(),
                        FunctionMode.WRITE,
                        FunctionLibrary.BUMP_TAG,
                        FunctionResult.LONG,
                        keys(new Tag(one.tag()).counterKey()),
                        one.number(),
                        one.tag()));
    }

    /** Whoever began a bump may have died in the middle: before a tag is swept its counter is raised. */
    @Override
    public List<Due> due(int most) {
        List<Due> due = withinSlots.due(most);
        if (!due.isEmpty()) {
            String mark = text(at(Tag.BUMPS, FunctionLibrary.MARK, FunctionResult.VALUE));
            int colon = mark.indexOf(':');
            long present = Long.parseLong(mark.substring(colon + 1));
            raise(due.stream()
                    .map(one -> new Due(
                            one.tag(), mark.substring(0, colon + 1) + Math.min(present, Long.parseLong(one.number()))))
                    .toList());
        }
        return due;
    }

    @Override
    public Swept sweep(String tag, String list, int most) {
        String counterKey = new Tag(tag).counterKey();
        List<?> peeked = at(counterKey, FunctionLibrary.PEEK, FunctionResult.LIST, tag, list, Integer.toString(most));
        String counter = peeked.get(0) == null ? "" : text(peeked.get(0));
        List<String> members =
                peeked.subList(1, peeked.size()).stream().map(ClusterTags::text).toList();
        if (members.isEmpty()) {
            return new Swept(0, 0, 0);
        }
        List<?> did = forEach(
                members,
                (function, key) -> function.callAsync(
                        key,
                        FunctionMode.WRITE,
                        FunctionLibrary.SWEEP_KEY,
                        FunctionResult.VALUE,
                        keys(key, EntryKey.metaOf(key)),
                        tag,
                        list,
                        counter));
        List<Object> arguments = new ArrayList<>(
                List.of(tag, list, Integer.toString(members.size()), members.get(0), members.get(members.size() - 1)));
        long removed = 0;
        long held = 0;
        for (int i = 0; i < members.size(); i++) {
            String what = text(did.get(i));
            removed += what.equals("removed") ? 1 : 0;
            held += what.equals("held") ? 1 : 0;
            if (what.equals("fresh") || what.equals("held")) {
                arguments.add(members.get(i));
            }
        }
        at(counterKey, FunctionLibrary.UNLIST, FunctionResult.LONG, arguments.toArray());
        return new Swept(members.size(), removed, held);
    }

    @Override
    public String prune(String after) {
        String token = UUID.randomUUID().toString();
        List<?> answer =
                at(Tag.BUMPS, FunctionLibrary.PRUNE, FunctionResult.LIST, token, after, Integer.toString(AT_ONCE));
        List<String> tags =
                answer.stream().map(ClusterTags::text).filter(Tag::isPossible).toList();
        if (tags.isEmpty()) {
            return "";
        }
        List<?> present = guarded(() -> {
            RBatch batch = redisson.createBatch();
            tags.forEach(tag -> batch.getBucket(new Tag(tag).counterKey()).isExistsAsync());
            return batch.execute().getResponses();
        });
        List<Object> arguments = new ArrayList<>(List.of(token));
        for (int i = 0; i < tags.size(); i++) {
            if (Boolean.FALSE.equals(present.get(i))) {
                arguments.add(tags.get(i));
            }
        }
        at(Tag.BUMPS, FunctionLibrary.PRUNED, FunctionResult.LONG, arguments.toArray());
        return tags.get(tags.size() - 1);
    }

    @Override
    public List<@Nullable String> recall(List<String> rows) {
        List<@Nullable String> texts = new ArrayList<>(rows.size());
        List<?> answers = forEach(
                rows,
                (function, row) -> function.callAsync(
                        row, FunctionMode.WRITE, FunctionLibrary.RECALL, FunctionResult.LIST, keys(row)));
        for (Object answer : answers) {
            Object found = answer instanceof List<?> one && !one.isEmpty() ? one.get(0) : null;
            texts.add(found == null ? null : text(found));
        }
        return texts;
    }

    @Override
    public void remember(List<Memory> rows) {
        forEach(
                rows,
                (function, row) -> function.callAsync(
                        row.row(),
                        FunctionMode.WRITE,
                        FunctionLibrary.REMEMBER,
                        FunctionResult.LONG,
                        keys(row.row()),
                        row.version().text(),
                        Long.toString(row.ttlMillis()),
                        row.text()));
    }

    @Override
    public void carried(String prefix, Consumer<List<String>> portion) {
        withinSlots.carried(prefix, portion);
    }

    @Override
    public void forgetRows(String table) {
        withinSlots.forgetRows(table);
    }

    @Override
    public List<Members> members(String tag) {
        return withinSlots.members(tag);
    }

    @Override
    public void swept(Due due) {
        withinSlots.swept(due);
    }

    private <T> T at(String key, String function, FunctionResult result, Object... arguments) {
        return guarded(() -> functions.call(key, FunctionMode.WRITE, function, result, keys(key), arguments));
    }

    /** One call for each, all in one go; the answers in their order. */
    private <T> List<?> forEach(List<T> all, BiConsumer<RFunctionAsync, T> one) {
        return all.isEmpty()
                ? List.of()
                : guarded(() -> {
                    RBatch batch = redisson.createBatch();
                    RFunctionAsync function = batch.getFunction(RawCodec.INSTANCE);
                    all.forEach(what -> one.accept(function, what));
                    return batch.execute().getResponses();
                });
    }

    private static List<Object> keys(String... keys) {
        List<Object> bytes = new ArrayList<>(keys.length);
        for (String key : keys) {
            bytes.add(key.getBytes(UTF_8));
        }
        return bytes;
    }

    private <T> T guarded(Supplier<T> call) {
        try {
            return call.get();
        } catch (RedisException failure) {
            library.ensureSoon();
            throw new EntriesException(String.valueOf(failure.getMessage()), failure);
        }
    }

    private static String text(Object bytes) {
        return new String((byte[]) bytes, UTF_8);
    }
}

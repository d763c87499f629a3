package io.tidemark.cachewriter.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.cachewriter.entries.EntriesException;
import io.tidemark.cachewriter.tags.TagRules;
import io.tidemark.cachewriter.tags.TagStore;
import io.tidemark.core.contract.FunctionLibrary;
import io.tidemark.core.contract.Tag;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.redisson.api.FunctionMode;
import org.redisson.api.FunctionResult;
import org.redisson.api.RFunction;
import org.redisson.api.RedissonClient;
import org.redisson.api.options.KeysScanOptions;
import org.redisson.client.RedisException;

/** The tags of a Redis, through the functions of its library. Thread-safe. */
final class RedissonTags implements TagStore {
    private static final int AT_ONCE = 500;
    private static final String COUNTERS = "tm.tag:";

    private final RedissonClient redisson;
    private final RFunction functions;
    private final Library library;

    RedissonTags(RedissonClient redisson, Library library) {
        this.redisson = redisson;
        this.functions = redisson.getFunction(RawCodec.INSTANCE);
        this.library = library;
    }

    @Override
    public void bump(Collection<String> tags) {
        portions(
                List.copyOf(tags),
                portion -> list(FunctionMode.WRITE, FunctionLibrary.BUMP, Tag.BUMPS, portion.toArray()));
    }

    @Override
    public void carried(String prefix, Consumer<List<String>> portion) {
        boolean whole = true;
        String after = "";
        while (true) {
            List<?> answer =
                    list(FunctionMode.READ, FunctionLibrary.TAGS, Tag.BUMPS, prefix, after, Integer.toString(AT_ONCE));
            whole &= (Long) answer.get(0) == 1;
            List<String> tags = answer.subList(1, answer.size()).stream()
                    .map(RedissonTags::text)
                    .toList();
            if (tags.isEmpty()) {
                break;
            }
            portion.accept(tags);
            after = tags.get(tags.size() - 1);
        }
        if (!whole) {
            findAll();
            carried(prefix, portion);
        }
    }

    /** Redis has forgotten which tags there are, or never knew: the counters say it. */
    private void findAll() {
        List<String> found = new ArrayList<>();
        guarded(() -> {
            for (String counter : redisson.getKeys()
                    .getKeys(KeysScanOptions.defaults().pattern(COUNTERS + "*").chunkSize(AT_ONCE))) {
                String name = counter.substring(COUNTERS.length());
                found.add(
                        name.indexOf('}') == name.length() - 1 && name.startsWith("{")
                                ? name.substring(1, name.length() - 1)
                                : name);
            }
            return true;
        });
        portions(found, portion -> found("0", portion));
        found("1", List.of());
    }

    private void found(String whole, List<String> tags) {
        List<String> arguments = new ArrayList<>(List.of(whole));
        arguments.addAll(tags);
        number(FunctionLibrary.TAGS_FOUND, Tag.BUMPS, arguments.toArray());
    }

    @Override
    public List<@Nullable String> recall(List<String> rows) {
        List<@Nullable String> texts = new ArrayList<>(rows.size());
        portions(rows, portion -> {
            List<?> answer = guarded(() -> functions.call(
                    portion.get(0), FunctionMode.READ, FunctionLibrary.RECALL, FunctionResult.LIST, keys(portion)));
            answer.forEach(text -> texts.add(text == null ? null : text(text)));
        });
        return texts;
    }

    @Override
    public void remember(List<Memory> rows) {
        portions(rows, portion -> {
            List<Object> arguments = new ArrayList<>(3 * portion.size());
            for (Memory row : portion) {
                arguments.add(row.version().text());
                arguments.add(Long.toString(row.ttlMillis()));
                arguments.add(row.text());
            }
            List<String> keys = portion.stream().map(Memory::row).toList();
            guarded(() -> functions.<Long>call(
                    keys.get(0),
                    FunctionMode.WRITE,
                    FunctionLibrary.REMEMBER,
                    FunctionResult.LONG,
                    keys(keys),
                    arguments.toArray()));
        });
    }

    @Override
    public void forgetRows(String table) {
        String pattern = TagRules.rowKeyPrefix(table).replaceAll("[\\\\*?\\[\\]]", "\\\\$0") + "*";
        guarded(() -> redisson.getKeys().deleteByPattern(pattern));
    }

    @Override
    public List<Due> due(int most) {
        Map<byte[], byte[]> found = guarded(() ->
                redisson.<byte[], byte[]>getMap(Tag.SWEEPS, RawCodec.INSTANCE).randomEntries(most));
        return found.entrySet().stream()
                .map(entry -> new Due(text(entry.getKey()), text(entry.getValue())))
                .toList();
    }

    @Override
    public List<Members> members(String tag) {
        List<?> answer = list(FunctionMode.READ, FunctionLibrary.MEMBERS, new Tag(tag).counterKey(), tag);
        List<Members> lists = new ArrayList<>();
        for (int i = 0; i < answer.size(); i += 2) {
            lists.add(new Members(text(answer.get(i)), (Long) answer.get(i + 1)));
        }
        return lists;
    }

    @Override
    public Swept sweep(String tag, String list, int most) {
        List<?> answer = list(
                FunctionMode.WRITE,
                FunctionLibrary.SWEEP,
                new Tag(tag).counterKey(),
                tag,
                list,
                Integer.toString(most));
        return new Swept((Long) answer.get(0), (Long) answer.get(1), 0);
    }

    @Override
    public void swept(Due due) {
        number(FunctionLibrary.SWEPT, Tag.BUMPS, due.tag(), due.number());
    }

    @Override
    public String prune(String after) {
        byte[] next = guarded(() -> functions.call(
                Tag.BUMPS,
                FunctionMode.WRITE,
                FunctionLibrary.TAGS_PRUNE,
                FunctionResult.VALUE,
                keys(List.of(Tag.BUMPS)),
                after,
                Integer.toString(AT_ONCE)));
        return text(next);
    }

    private List<?> list(FunctionMode mode, String function, String key, Object... arguments) {
        return guarded(
                () -> functions.<List<?>>call(key, mode, function, FunctionResult.LIST, keys(List.of(key)), arguments));
    }

    private void number(String function, String key, Object... arguments) {
        guarded(() -> functions.<Long>call(
                key, FunctionMode.WRITE, function, FunctionResult.LONG, keys(List.of(key)), arguments));
    }

    private static <T> void portions(List<T> all, Consumer<List<T>> each) {
        for (int from = 0; from < all.size(); from += AT_ONCE) {
            each.accept(all.subList(from, Math.min(all.size(), from + AT_ONCE)));
        }
    }

    private static List<Object> keys(List<String> keys) {
        List<Object> bytes = new ArrayList<>(keys.size());
        keys.forEach(key -> bytes.add(key.getBytes(UTF_8)));
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

package io.tidemark.cachewriter.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.cachewriter.dependents.DueStore;
import io.tidemark.cachewriter.entries.EntriesException;
import io.tidemark.core.change.Version;
import io.tidemark.core.contract.EntryKey;
import io.tidemark.core.contract.FunctionLibrary;
import io.tidemark.core.query.DueKeys;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.redisson.api.BatchOptions;
import org.redisson.api.FunctionMode;
import org.redisson.api.FunctionResult;
import org.redisson.api.RBatch;
import org.redisson.api.RFunction;
import org.redisson.api.RFunctionAsync;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisException;
import org.redisson.client.codec.StringCodec;

/** What is due, in a Redis, through the functions of its library. Thread-safe. */
final class RedissonDue implements DueStore {
    private static final int AT_ONCE = 1_000;

    private final RedissonClient redisson;
    private final RFunction functions;
    private final Library library;

    RedissonDue(RedissonClient redisson, Library library) {
        this.redisson = redisson;
        this.functions = redisson.getFunction(RawCodec.INSTANCE);
        this.library = library;
    }

    @Override
    public void mark(String cache, Manner manner, long waitMillis, Collection<String> members) {
        List<String> all = List.copyOf(members);
        for (int from = 0; from < all.size(); from += AT_ONCE) {
            List<Object> arguments = new ArrayList<>();
            arguments.add(manner.name().toLowerCase(Locale.ROOT));
            arguments.add(Long.toString(waitMillis));
            arguments.addAll(all.subList(from, Math.min(all.size(), from + AT_ONCE)));
            call(FunctionLibrary.DUE, FunctionResult.LONG, List.of(DueKeys.of(cache)), arguments);
        }
    }

    @Override
    public Taken take(String cache, String worker, long workerMillis, int most) {
        List<?> answer = call(
                FunctionLibrary.DUE_TAKE,
                FunctionResult.LIST,
                List.of(DueKeys.of(cache)),
                List.of(worker, Long.toString(workerMillis), Integer.toString(most)));
        boolean mine = text(answer.get(0)).equals("yours");
        List<Due> due = new ArrayList<>();
        for (int i = 3; i < answer.size(); i += 2) {
            due.add(new Due(text(answer.get(i)), text(answer.get(i + 1))));
        }
        return new Taken(mine, (Long) answer.get(1), (Long) answer.get(2), due);
    }

    @Override
    public void done(String cache, List<Due> done) {
        for (int from = 0; from < done.size(); from += AT_ONCE) {
            List<Object> arguments = new ArrayList<>();
            for (Due one : done.subList(from, Math.min(done.size(), from + AT_ONCE))) {
                arguments.add(one.member());
                arguments.add(one.times());
            }
            call(FunctionLibrary.DUE_DONE, FunctionResult.LONG, List.of(DueKeys.of(cache)), arguments);
        }
    }

    @Override
    public List<List<String>> recall(List<String> rows) {
        return guarded(() -> {
            RBatch batch = redisson.createBatch(BatchOptions.defaults());
            for (String row : rows) {
                batch.<String, String>getMap(row, StringCodec.INSTANCE).getAsync("n");
            }
            List<List<String>> names = new ArrayList<>(rows.size());
            for (Object found : batch.execute().getResponses()) {
                String text = found == null ? "" : (String) found;
                names.add(text.isEmpty() ? List.of() : List.of(text.split("\n")));
            }
            return names;
        });
    }

    @Override
    public void remember(List<Memory> rows) {
        if (rows.isEmpty()) {
            return;
        }
        guarded(() -> {
            RBatch batch = redisson.createBatch(BatchOptions.defaults());
            RFunctionAsync function = batch.getFunction(RawCodec.INSTANCE);
            for (Memory row : rows) {
                Version version = row.version();
                function.callAsync(
                        row.row(),
                        FunctionMode.WRITE,
                        FunctionLibrary.NAMES,
                        FunctionResult.VALUE,
                        List.of(row.row().getBytes(UTF_8)),
                        version == null ? "" : version.text(),
                        Long.toString(row.ttlMillis()),
                        String.join("\n", row.names()));
            }
            return batch.execute();
        });
    }

    @Override
    public boolean index(String key, String token, List<String> members, List<@Nullable String> scores) {
        List<Object> arguments = new ArrayList<>();
        arguments.add(token);
        for (int i = 0; i < members.size(); i++) {
            String score = scores.get(i);
            arguments.add(score == null ? "" : score);
            arguments.add(members.get(i));
        }
        byte[] answer =
                call(FunctionLibrary.INDEX, FunctionResult.VALUE, List.of(key, EntryKey.metaOf(key)), arguments);
        return text(answer).equals("filled");
    }

    @Override
    public void indexMembers(String key, Consumer<List<String>> portion) {
        List<String> members = new ArrayList<>();
        guarded(() -> {
            for (Iterator<String> all = redisson.<String>getScoredSortedSet(key, StringCodec.INSTANCE)
                            .iterator(AT_ONCE);
                    all.hasNext(); ) {
                members.add(all.next());
                if (members.size() == AT_ONCE) {
                    portion.accept(List.copyOf(members));
                    members.clear();
                }
            }
            return true;
        });
        if (!members.isEmpty()) {
            portion.accept(members);
        }
    }

    @Override
    public void stamp(String key, String text) {
        guarded(() -> {
            redisson.<byte[]>getBucket(key, RawCodec.INSTANCE).set(text.getBytes(UTF_8));
            return true;
        });
    }

    private <T> T call(String name, FunctionResult result, List<String> keys, List<?> arguments) {
        List<Object> raw = new ArrayList<>();
        keys.forEach(key -> raw.add(key.getBytes(UTF_8)));
        return guarded(() -> functions.call(keys.get(0), FunctionMode.WRITE, name, result, raw, arguments.toArray()));
    }

    private <T> T guarded(Supplier<T> work) {
        try {
            return work.get();
        } catch (RedisException failure) {
            library.ensureSoon();
            throw new EntriesException(String.valueOf(failure.getMessage()), failure);
        }
    }

    private static String text(Object bytes) {
        return new String((byte[]) bytes, UTF_8);
    }
}

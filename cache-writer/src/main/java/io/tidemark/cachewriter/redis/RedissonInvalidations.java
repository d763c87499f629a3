package io.tidemark.cachewriter.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.cachewriter.entries.EntriesException;
import io.tidemark.cachewriter.invalidations.Invalidation;
import io.tidemark.cachewriter.invalidations.InvalidationStream;
import io.tidemark.core.contract.FunctionLibrary;
import io.tidemark.core.contract.Tag;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.redisson.api.FunctionMode;
import org.redisson.api.FunctionResult;
import org.redisson.api.RFunction;
import org.redisson.api.RedissonClient;
import org.redisson.api.stream.StreamMessageId;
import org.redisson.api.stream.StreamReadArgs;
import org.redisson.client.RedisException;
import org.redisson.client.codec.StringCodec;

/** The invalidation stream of a Redis, through the functions of its library. Thread-safe. */
final class RedissonInvalidations implements InvalidationStream {
    private static final String STREAM = Tag.STREAM;

    private final RedissonClient redisson;
    private final RFunction functions;
    private final Library library;

    RedissonInvalidations(RedissonClient redisson, Library library) {
        this.redisson = redisson;
        this.functions = redisson.getFunction(RawCodec.INSTANCE);
        this.library = library;
    }

    @Override
    public void keep(int length) {
        guarded(() -> {
            redisson.getBucket(STREAM + ":length", StringCodec.INSTANCE).set(Integer.toString(length));
            return length > 0 || redisson.getKeys().delete(STREAM, STREAM + ":forwarded", STREAM + ":forwarder") >= 0;
        });
    }

    @Override
    public Portion take(String worker, Duration atMost, String done, int most) {
        List<?> answer = guarded(() -> functions.<List<?>>call(
                Tag.BUMPS,
                FunctionMode.WRITE,
                FunctionLibrary.FORWARD,
                FunctionResult.LIST,
                List.of(Tag.BUMPS.getBytes(UTF_8)),
                worker,
                Long.toString(atMost.toMillis()),
                done,
                Integer.toString(most)));
        Turn turn =
                switch (text(answer.get(0))) {
                    case "on" -> Turn.MINE;
                    case "reset" -> Turn.MINE_AFTER_A_GAP;
                    case "other" -> Turn.OTHERS;
                    default -> Turn.NOBODYS;
                };
        List<Invalidation> records = new ArrayList<>();
        for (Object record : (List<?>) answer.get(3)) {
            records.add(record((List<?>) record));
        }
        return new Portion(turn, text(answer.get(1)), (Long) answer.get(2) == 1, records);
    }

    private static Invalidation record(List<?> record) {
        List<?> pairs = (List<?>) record.get(1);
        Map<String, String> fields = new HashMap<>();
        for (int i = 0; i + 1 < pairs.size(); i += 2) {
            fields.put(text(pairs.get(i)), text(pairs.get(i + 1)));
        }
        return new Invalidation(
                text(record.get(0)),
                fields.getOrDefault("kind", "reset"),
                fields.getOrDefault("names", "[]"),
                fields.get("version"),
                fields.get("at"));
    }

    @Override
    public void await(String where, Duration atMost) {
        String[] id = where.substring(0, where.indexOf(' ')).split("-", 2);
        guarded(() -> redisson.getStream(STREAM, RawCodec.INSTANCE)
                .read(StreamReadArgs.greaterThan(new StreamMessageId(Long.parseLong(id[0]), Long.parseLong(id[1])))
                        .count(1)
                        .timeout(atMost)));
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

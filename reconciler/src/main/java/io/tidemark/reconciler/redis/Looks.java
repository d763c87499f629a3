package io.tidemark.reconciler.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.core.contract.EntryKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RScript;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;

/**
 * What Redis shows of many entries beside their values, by a script that only reads: one call in place of several commands for each.
 * Not for a Redis Cluster, where the keys of a call lie in one slot.
 */
final class Looks {
    private static final int AT_ONCE = 256;
    private static final int FIELDS = 5;
    private static final int FIELDS_OF_META = 2;
    private static final String ALL = "all";
    private static final String META = "meta";
    private static final String SCRIPT = script();

    /**
     * One entry.
     *
     * @param type of the value's key, as {@code TYPE} says it
     * @param ttlMillis of the value, -1 for ever, -2 without a value
     * @param metaTtlMillis of the meta, likewise
     * @param version the fence; null without one
     * @param horizon up to where the value was read from the database, in hexadecimal; null when it came with a change
     */
    record Look(
            String type,
            long ttlMillis,
            long metaTtlMillis,
            @Nullable String version,
            @Nullable String horizon) {}

    private Looks() {}

    /** Of each key, in their order. */
    static List<Look> at(RedissonClient redis, List<String> keys) {
        List<Look> looks = new ArrayList<>(keys.size());
        ask(redis, keys, ALL, answer -> {
            for (int at = 0; at < answer.size(); at += FIELDS) {
                looks.add(new Look(
                        String.valueOf(answer.get(at + 2)),
                        Long.parseLong(String.valueOf(answer.get(at + 3))),
                        Long.parseLong(String.valueOf(answer.get(at + 4))),
                        text(answer.get(at)),
                        text(answer.get(at + 1))));
            }
        });
        return looks;
    }

    /** Of each key what its meta says of its value, in their order. */
    static List<EntryMeta> metas(RedissonClient redis, List<String> keys) {
        List<EntryMeta> metas = new ArrayList<>(keys.size());
        ask(redis, keys, META, answer -> {
            for (int at = 0; at < answer.size(); at += FIELDS_OF_META) {
                metas.add(new EntryMeta(text(answer.get(at)), text(answer.get(at + 1))));
            }
        });
        return metas;
    }

    private static void ask(RedissonClient redis, List<String> keys, String what, Consumer<List<?>> answers) {
        for (int from = 0; from < keys.size(); from += AT_ONCE) {
            List<Object> pairs = new ArrayList<>();
            for (String key : keys.subList(from, Math.min(keys.size(), from + AT_ONCE))) {
                pairs.add(key);
                pairs.add(EntryKey.metaOf(key));
            }
            List<?> answer = redis.getScript(StringCodec.INSTANCE)
                    .eval(RScript.Mode.READ_ONLY, SCRIPT, RScript.ReturnType.LIST, pairs, what);
            answers.accept(answer);
        }
    }

    private static @Nullable String text(@Nullable Object answer) {
        return answer == null || answer.toString().isEmpty() ? null : answer.toString();
    }

    private static String script() {
        try (InputStream in = Looks.class.getResourceAsStream("looks.lua")) {
            if (in == null) {
                throw new IllegalStateException("BUG: looks.lua is not on the class path");
            }
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("BUG: looks.lua cannot be read", unreadable);
        }
    }
}

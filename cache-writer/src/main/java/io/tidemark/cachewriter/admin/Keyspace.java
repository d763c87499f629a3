package io.tidemark.cachewriter.admin;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Redis as somebody sees it who looks at entries and figures. Thread-safe. Changes no entry.
 *
 * <p>Where Redis cannot be reached or refuses, methods throw {@link io.tidemark.cachewriter.entries.EntriesException}.
 */
public interface Keyspace {

    /**
     * One entry, all of it at one moment.
     *
     * @param meta its fields; empty when there is none
     * @param type what lies at the key: {@code string}, {@code hash}, … or {@code none}
     * @param value the value, when it is a text; of a hash its fields, {@linkplain io.tidemark.core.document.HashFields
     *     packed}; null for anything else
     * @param bytes what the value takes in Redis, without its meta; 0 for none
     * @param ttlMillis how long the value lives on; -1 for ever, -2 when there is none
     * @param metaTtlMillis the same for the meta
     * @param nowMillis Redis' own clock
     */
    record Look(
            String key,
            Map<String, String> meta,
            String type,
            byte @Nullable [] value,
            long bytes,
            long ttlMillis,
            long metaTtlMillis,
            long nowMillis) {}

    /** Figures of the whole server. */
    record Figures(
            long keys,
            long usedBytes,
            long peakBytes,
            long limitBytes,
            String policy,
            double fragmentation,
            long evicted,
            long expired,
            String version) {}

    /** How an entry is used: how long nobody asked for its value, and how long it lives on, as in {@link Look}. */
    record Use(String key, long idleSeconds, long ttlMillis) {}

    Look look(String key);

    /** The counter of each tag: the stamp of its last bump; null for none. */
    Map<String, Optional<String>> counters(List<String> tags);

    /** For each key whether it holds something. */
    List<Boolean> present(List<String> keys);

    List<Use> use(List<String> keys);

    /** What each entry takes in Redis, value and meta, in bytes. */
    List<Long> bytes(List<String> keys);

    /** Goes through the keys of all entries of the contract, whoever fills them; a key may come twice. */
    void entries(Consumer<List<String>> portion);

    Figures figures();

    /** What the clients of applications have counted, by cache and what. */
    Map<String, Map<String, Long>> clientCounts();

    /** Tags whose members are to be swept. */
    long sweepsDue();

    /** The keys of a cache that were asked for most, most first. */
    List<String> mostAsked(String cache, int most);
}

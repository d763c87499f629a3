package io.tidemark.cachewriter.resync;

import io.tidemark.cachewriter.jobs.PartAwayException;
import io.tidemark.cachewriter.jobs.RefusedException;
import io.tidemark.cachewriter.table.Tables;
import io.tidemark.core.pipeline.Cache;
import io.tidemark.core.pipeline.Pipeline;
import io.tidemark.core.pipeline.QueryCache;
import io.tidemark.core.postgres.Column;
import io.tidemark.core.postgres.TableShape;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Works out which entries are chosen by keys or by a range of rows, and refuses what cannot be meant. Thread-safe. */
final class Choosing {
    private static final int MOST_KEYS = 10_000;
    private static final Pattern RANGE = Pattern.compile("(-?[0-9]{1,19})\\.\\.(-?[0-9]{1,19})");
    private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final Map<String, Long> LARGEST =
            Map.of("int2", (long) Short.MAX_VALUE, "int4", (long) Integer.MAX_VALUE, "int8", Long.MAX_VALUE);

    private final Pipeline pipeline;
    private final Tables tables;

    Choosing(Pipeline pipeline, Tables tables) {
        this.pipeline = pipeline;
        this.tables = tables;
    }

    /**
     * The entries of a cache with these keys.
     *
     * @throws RefusedException for a key that is none of the cache's
     */
    Chosen.Keys keys(String cache, List<String> keys) {
        if (keys.size() > MOST_KEYS) {
            throw new RefusedException(
                    "keys",
                    keys.size() + " keys were given, expected at most " + MOST_KEYS,
                    "give a range of rows, or resync the whole cache");
        }
        Optional<QueryCache> query = query(cache);
        if (query.isPresent() && query.get().index() != null) {
            throw new RefusedException(
                    "keys",
                    "cache " + cache + " is one sorted set, which is resynced as a whole",
                    "leave the keys out");
        }
        for (String key : keys) {
            Optional<Map<String, String>> found = query.isPresent()
                    ? query.get().key().match(key)
                    : row(cache).key().match(key);
            if (found.isEmpty()) {
                throw refused(cache, key);
            }
            if (query.isEmpty()) {
                requireOfItsTypes(shape(row(cache)), key, found.get());
            }
        }
        return new Chosen.Keys(List.copyOf(new LinkedHashSet<>(keys)));
    }

    /**
     * The entries of a cache whose rows are in a range.
     *
     * @param range as {@code FROM..TO}
     * @throws RefusedException for a range that is none of the cache's
     */
    Chosen.Range rows(String cache, String range) {
        if (query(cache).isPresent()) {
            throw new RefusedException(
                    "rows",
                    "cache " + cache + " is read by a query, which has no primary key",
                    "choose its entries by their keys, or resync the whole cache");
        }
        TableShape shape = shape(row(cache));
        Column column = shape.keyColumns().get(0);
        Long largest = LARGEST.get(column.type().isBuiltIn() ? column.type().name() : "");
        if (shape.keyColumns().size() > 1 || largest == null) {
            throw new RefusedException(
                    "rows",
                    "expected a table whose primary key is one column of whole numbers, found that of " + shape.table()
                            + " to be " + text(shape),
                    "choose entries by their keys");
        }
        Matcher matcher = RANGE.matcher(range);
        if (!matcher.matches()) {
            throw new RefusedException(
                    "rows",
                    "expected a range of whole numbers, found \"" + range + "\"",
                    "give FROM..TO, such as 1..1000");
        }
        long first = number(matcher.group(1), column, largest);
        long last = number(matcher.group(2), column, largest);
        if (first > last) {
            throw new RefusedException(
                    "rows",
                    "the range " + range + " is backwards: " + first + " is more than " + last,
                    "give the lower one first, as " + last + ".." + first);
        }
        return new Chosen.Range(column.name(), first, last);
    }

    private static long number(String text, Column column, long largest) {
        try {
            long number = Long.parseLong(text);
            if (-largest - 1 <= number && number <= largest) {
                return number;
            }
        } catch (NumberFormatException tooLong) {
            // Said below.
        }
        throw new RefusedException(
                "rows",
                text + " is no value of " + column.name() + ", which is " + column.declaredType(),
                "give numbers from " + (-largest - 1) + " to " + largest);
    }

    /** Otherwise PostgreSQL would find a row, or none, for a key that is not what its entry is called. */
    private static void requireOfItsTypes(TableShape shape, String key, Map<String, String> texts) {
        for (Column column : shape.keyColumns()) {
            String text = texts.getOrDefault(column.name(), "");
            if (column.type().isBuiltIn() && !canBe(column.type().name(), text)) {
                throw new RefusedException(
                        "keys",
                        "there can be no entry " + key + ": " + column.name() + " is " + column.declaredType()
                                + ", found \"" + text + "\"",
                        "give the key of an entry, as tidemark and redis-cli show it");
            }
        }
    }

    private static boolean canBe(String type, String text) {
        Long largest = LARGEST.get(type);
        if (largest == null) {
            return !type.equals("uuid") || UUID.matcher(text).matches();
        }
        try {
            long number = Long.parseLong(text);
            return -largest - 1 <= number
                    && number <= largest
                    && Long.toString(number).equals(text);
        } catch (NumberFormatException none) {
            return false;
        }
    }

    private RefusedException refused(String cache, String key) {
        String owner = pipeline.caches().stream()
                .filter(one -> one.key().match(key).isPresent())
                .map(Cache::name)
                .findFirst()
                .or(() -> pipeline.queries().caches().stream()
                        .filter(one ->
                                one.index() == null && one.key().match(key).isPresent())
                        .map(QueryCache::name)
                        .findFirst())
                .map(name -> "of cache " + name)
                .orElse("of no cache of the pipeline file");
        String template = query(cache)
                .map(one -> one.key().toString())
                .orElseGet(() -> row(cache).key().toString());
        return new RefusedException(
                "keys",
                "the key " + key + " is " + owner + ", not of " + cache,
                "the keys of " + cache + " are like " + template);
    }

    private static String text(TableShape shape) {
        return String.join(
                ", ",
                shape.keyColumns().stream()
                        .map(column -> column.name() + " " + column.declaredType())
                        .toList());
    }

    private TableShape shape(Cache cache) {
        return tables.of(cache.table())
                .orElseThrow(() -> new PartAwayException("table " + cache.table() + " is not known yet", null))
                .shape();
    }

    private Cache row(String cache) {
        return pipeline.cache(cache).orElseThrow();
    }

    private Optional<QueryCache> query(String cache) {
        return pipeline.queries().caches().stream()
                .filter(one -> one.name().equals(cache))
                .findFirst();
    }
}

package io.tidemark.cachewriter.redis;

import io.tidemark.cachewriter.entries.EntriesException;
import io.tidemark.cachewriter.history.HistoryStore;
import io.tidemark.cachewriter.history.Sample;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import org.redisson.api.RBatch;
import org.redisson.api.RBucket;
import org.redisson.api.RMap;
import org.redisson.api.RMapAsync;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisException;
import org.redisson.client.codec.StringCodec;

/**
 * Samples in a Redis: of each cache and hour in a hash {@code tm.history:<cache>:<hour, UTC>} with a field for each minute,
 * which expires after 73 hours. No call needs more than one key, so it works on a Redis Cluster. Thread-safe.
 */
final class RedissonHistory implements HistoryStore {
    private static final String HISTORY = "tm.history:";
    private static final String BEGAN = "tm.history-began";
    private static final String BY = "tm.history-by:";
    private static final String COUNTED = "tm.history-counted";
    private static final String SIZES = "tm.history-sizes";
    private static final String EMPTIED = " emptied";
    private static final Duration KEPT = Duration.ofHours(73);
    private static final Duration CLAIMED = Duration.ofMinutes(3);
    private static final DateTimeFormatter HOUR =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("mm", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final RedissonClient redisson;
    private final String worker = UUID.randomUUID().toString();

    RedissonHistory(RedissonClient redisson) {
        this.redisson = redisson;
    }

    @Override
    public void begin(Instant now, boolean known) {
        guarded(() -> began(redisson).setIfAbsent(now + (known ? EMPTIED : "")));
    }

    @Override
    public Optional<Began> began() {
        return Optional.ofNullable(guarded(() -> began(redisson).get())).map(text -> {
            boolean emptied = text.endsWith(EMPTIED);
            return new Began(
                    Instant.parse(emptied ? text.substring(0, text.length() - EMPTIED.length()) : text), emptied);
        });
    }

    private static RBucket<String> began(RedissonClient redisson) {
        return redisson.getBucket(BEGAN, StringCodec.INSTANCE);
    }

    @Override
    public boolean claim(Instant minute) {
        return guarded(() -> {
            RBucket<String> by = redisson.getBucket(BY + minute, StringCodec.INSTANCE);
            return by.setIfAbsent(worker, CLAIMED) || worker.equals(by.get());
        });
    }

    @Override
    public void count(Map<Counted, Long> more) {
        guarded(() -> {
            RBatch batch = redisson.createBatch();
            RMapAsync<String, String> counted = batch.getMap(COUNTED, StringCodec.INSTANCE);
            more.forEach((what, count) -> counted.addAndGetAsync(field(what), count));
            return batch.execute();
        });
    }

    @Override
    public Map<Counted, Long> counted() {
        Map<Counted, Long> counted = new HashMap<>();
        guarded(() -> redisson.<String, String>getMap(COUNTED, StringCodec.INSTANCE)
                        .readAllMap())
                .forEach((field, count) -> {
                    for (Figure figure : Figure.values()) {
                        String end = "." + name(figure);
                        if (field.endsWith(end)) {
                            String cache = field.substring(0, field.length() - end.length());
                            counted.put(new Counted(cache, figure), Long.parseLong(count));
                        }
                    }
                });
        return counted;
    }

    private static String field(Counted what) {
        return what.cache() + "." + name(what.figure());
    }

    private static String name(Figure figure) {
        return figure.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public void keep(Instant minute, Map<String, Sample> samples) {
        guarded(() -> {
            RBatch batch = redisson.createBatch();
            samples.forEach((cache, sample) -> {
                RMapAsync<String, String> hour = batch.getMap(key(cache, minute), StringCodec.INSTANCE);
                hour.fastPutIfAbsentAsync(MINUTE.format(minute), sample.text());
                hour.expireAsync(KEPT);
            });
            return batch.execute();
        });
    }

    @Override
    public SortedMap<Instant, Sample> read(String cache, Instant first, Instant last) {
        List<Instant> hours = new ArrayList<>();
        for (Instant hour = first.truncatedTo(ChronoUnit.HOURS);
                !hour.isAfter(last);
                hour = hour.plus(1, ChronoUnit.HOURS)) {
            hours.add(hour);
        }
        List<?> answers = guarded(() -> {
            RBatch batch = redisson.createBatch();
            hours.forEach(
                    hour -> batch.getMap(key(cache, hour), StringCodec.INSTANCE).readAllMapAsync());
            return batch.execute().getResponses();
        });
        SortedMap<Instant, Sample> samples = new TreeMap<>();
        for (int i = 0; i < hours.size(); i++) {
            Instant hour = hours.get(i);
            ((Map<?, ?>) answers.get(i)).forEach((minute, text) -> {
                Instant at = hour.plus(Long.parseLong((String) minute), ChronoUnit.MINUTES);
                if (!at.isBefore(first) && !at.isAfter(last)) {
                    Sample.parse((String) text).ifPresent(sample -> samples.put(at, sample));
                }
            });
        }
        return samples;
    }

    @Override
    public void keepSizes(Map<String, Size> sizes) {
        guarded(() -> {
            RMap<String, String> map = redisson.getMap(SIZES, StringCodec.INSTANCE);
            Map<String, String> texts = new HashMap<>();
            sizes.forEach((cache, size) -> texts.put(cache, size.keys() + " " + size.bytes()));
            String[] gone = map.readAllKeySet().stream()
                    .filter(cache -> !texts.containsKey(cache))
                    .toArray(String[]::new);
            map.putAll(texts);
            map.fastRemove(gone);
            return true;
        });
    }

    @Override
    public Map<String, Size> sizes() {
        Map<String, Size> sizes = new HashMap<>();
        guarded(() -> redisson.<String, String>getMap(SIZES, StringCodec.INSTANCE)
                        .readAllMap())
                .forEach((cache, text) -> {
                    String[] two = text.split(" ", 2);
                    sizes.put(cache, new Size(Long.parseLong(two[0]), Long.parseLong(two[1])));
                });
        return sizes;
    }

    private static String key(String cache, Instant moment) {
        return HISTORY + cache + ":" + HOUR.format(moment);
    }

    private static <T> T guarded(Supplier<T> work) {
        try {
            return work.get();
        } catch (RedisException failure) {
            throw new EntriesException(String.valueOf(failure.getMessage()), failure);
        }
    }
}

package io.tidemark.cachewriter.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidemark.core.pipeline.Pipeline;
import io.tidemark.core.pipeline.PipelineFile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What is asked for most, sorted by the caches' key templates and aged, over an in-memory store. */
class AskedTest {
    private static final Pipeline PIPELINE =
            PipelineFile.parse("t.yaml", """
            tidemark: 1
            caches:
              product: {table: public.products, key: "p{id}"}
              search-box: {table: public.boxes, key: "search:box:{id}"}
              search-page: {query: "select id from t", key: "search:page:{id}", depends: {public.t: "{id}"}}
              index: {table: public.products, index: "search:index", member: "{id}", score: id}
            """.getBytes(UTF_8), Map.of()).pipeline();

    private final InMemory store = new InMemory();
    private final Asked asked = new Asked(PIPELINE, store, java.time.InstantSource.system());

    @Test
    void keysOfOnePrefixGoToTheirCachesAndTheRestStaysWhereTheClientCountedIt() {
        store.count("search", "search:box:1", 8);
        store.count("search", "search:page:1", 6);
        store.count("search", "search:index", 4);
        store.count("search", "search:of-the-application", 2);
        asked.tidyIfDue();
        assertThat(store.sets.keySet()).containsExactly("index", "search", "search-box", "search-page");
        assertThat(store.asked("search", 9)).containsOnlyKeys("search:of-the-application");
        assertThat(store.asked("search-box", 9).get("search:box:1")).isCloseTo(8, within(0.1));
    }

    @Test
    void aCacheWhoseEveryKeyIsCountedUnderAnotherNameIsOneSetAgain() {
        for (int id = 0; id < 3_000; id++) {
            store.count("p" + id, "p" + id, 1 + id);
        }
        asked.tidyIfDue();
        assertThat(store.sets).containsOnlyKeys("product");
        assertThat(asked.most(List.of("product"), 2)).containsExactly("p2999", "p2998");
    }

    @Test
    void countsUnderSeveralNamesAreAddedUp() {
        store.count("product", "p1", 5);
        store.count("product", "p2", 6);
        store.count("other", "p1", 5);
        assertThat(asked.most(List.of("product", "other"), 9)).containsExactly("p1", "p2");
    }

    @Test
    void whatIsKeptIsBoundedInKeysAndInNames() {
        for (int key = 0; key < Asked.MOST_KEYS + 50; key++) {
            store.count("dashboard", "dashboard:" + key, 2 + key);
        }
        for (int name = 0; name < Asked.MOST_NAMES + 50; name++) {
            store.count("session" + name, "session" + name, 2 + name);
        }
        asked.tidyIfDue();
        assertThat(store.sets.get("dashboard")).hasSize(Asked.MOST_KEYS).doesNotContainKey("dashboard:49");
        assertThat(store.sets).hasSize(Asked.MOST_NAMES).doesNotContainKeys("session0", "session50");
    }

    @Test
    void aCountIsWorthHalfAfterADayAndForgottenInTheEnd() {
        store.count("dashboard", "dashboard:1", 16);
        store.passed = Asked.HALF_LIFE.toMillis();
        asked.tidyIfDue();
        assertThat(store.sets.get("dashboard").get("dashboard:1")).isEqualTo(8);
        store.passed = 6 * Asked.HALF_LIFE.toMillis();
        asked.tidyIfDue();
        assertThat(store.sets).isEmpty();
    }

    @Test
    void nothingAgesWhileItIsNotTime() {
        store.count("search", "search:box:1", 8);
        store.passed = -1;
        asked.tidyIfDue();
        assertThat(store.sets.get("search")).containsEntry("search:box:1", 8.0);
    }

    /** The store's contract in maps; {@code RedissonAskedIT} holds the real one to the same. */
    private static final class InMemory implements AskedStore {
        private final Map<String, Map<String, Double>> sets = new TreeMap<>();
        private long passed = Asked.EVERY.toMillis();

        void count(String name, String key, double more) {
            sets.computeIfAbsent(name, n -> new HashMap<>()).merge(key, more, Double::sum);
        }

        @Override
        public Map<String, Double> asked(String name, int most) {
            Map<String, Double> asked = new LinkedHashMap<>();
            sets.getOrDefault(name, Map.of()).entrySet().stream()
                    .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                    .limit(most)
                    .forEach(one -> asked.put(one.getKey(), one.getValue()));
            return asked;
        }

        @Override
        public List<String> names() {
            return new ArrayList<>(sets.keySet());
        }

        @Override
        public void move(String from, String to, Map<String, Double> counts) {
            counts.forEach((key, count) -> {
                count(from, key, -count);
                count(to, key, count);
            });
            forget(from, 0);
        }

        @Override
        public void age(String name, double factor, int keep) {
            Map<String, Double> kept = new HashMap<>(asked(name, keep));
            kept.replaceAll((key, count) -> count * factor);
            sets.put(name, kept);
            forget(name, 0.5);
        }

        private void forget(String name, double least) {
            sets.get(name).values().removeIf(count -> count < least || count <= 0);
            if (sets.get(name).isEmpty()) {
                sets.remove(name);
            }
        }

        @Override
        public void drop(String name) {
            sets.remove(name);
        }

        @Override
        public OptionalLong turn(long nowMillis, long everyMillis) {
            return passed < 0 ? OptionalLong.empty() : OptionalLong.of(passed);
        }
    }
}

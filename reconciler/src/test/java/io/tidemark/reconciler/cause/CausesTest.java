package io.tidemark.reconciler.cause;

import static io.tidemark.reconciler.verify.InMemory.entry;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.tidemark.reconciler.verify.Drift;
import io.tidemark.reconciler.verify.InMemory;
import io.tidemark.reconciler.verify.Tally;
import io.tidemark.reconciler.verify.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CausesTest {
    private final Tally tally = Tally.ofFewExamples();
    private final List<Integer> searches = new ArrayList<>();
    private String versionInRedis = "v";

    @Test
    void kafka_is_looked_through_once_for_the_first_two_thousand_and_the_rest_is_said_to_be_unknown() throws Exception {
        Causes causes = causes(counting());
        for (int portion = 0; portion < 5; portion++) {
            causes.drifted(drifts(500 * portion, 500));
        }
        causes.finish();
        causes.finish();

        assertThat(searches).containsExactly(2000);
        assertThat(tally.causes()).isEqualTo(Map.of("not_in_stream", 2000L, "unknown", 500L));
    }

    @Test
    void what_was_written_since_is_unknown_and_not_looked_for() throws Exception {
        versionInRedis = "w";
        Causes causes = causes(counting());
        causes.drifted(drifts(0, 3));
        causes.finish();

        assertThat(searches).isEmpty();
        assertThat(tally.causes()).isEqualTo(Map.of("unknown", 3L));
    }

    @Test
    void a_stream_that_is_looked_through_rarely_says_so_in_between() throws Exception {
        AtomicLong clock = new AtomicLong();
        Stream rare = new RareStream(counting(), Duration.ofSeconds(60), clock::get);
        for (long second : new long[] {0, 1, 59, 60, 61}) {
            clock.set(Duration.ofSeconds(second).toNanos());
            Causes causes = causes(rare);
            causes.drifted(drifts(0, 1));
            causes.finish();
        }

        assertThat(searches).hasSize(2);
        assertThat(tally.causes()).isEqualTo(Map.of("not_in_stream", 2L, "unknown", 3L));
    }

    /** A stream without any change. */
    private Stream counting() {
        return (cache, drifts) -> {
            searches.add(drifts.size());
            Map<String, Evidence.Search> found = new java.util.HashMap<>();
            drifts.forEach(drift -> found.put(drift.key(), new Evidence.Search.Nothing()));
            return found;
        };
    }

    private Causes causes(Stream stream) {
        Traces traces = new Traces() {
            @Override
            public List<Evidence.Trace> traces(List<String> keys) {
                return keys.stream()
                        .map(key -> new Evidence.Trace("string", -1, -1, versionInRedis, null))
                        .toList();
            }

            @Override
            public Evidence.RedisFigures figures() {
                return new Evidence.RedisFigures(0, Instant.EPOCH);
            }
        };
        return new Causes(InMemory.cache(null), traces, stream, tally);
    }

    private static List<Drift> drifts(int from, int count) {
        return IntStream.range(from, from + count)
                .mapToObj(id -> new Drift(
                        "p:" + id,
                        JsonNodeFactory.instance.objectNode().put("id", id),
                        Verdict.STALE,
                        entry("{\"id\": " + id + ", \"a\": 1}", "v"),
                        ("{\"id\": " + id + ", \"a\": 2}").getBytes(UTF_8),
                        7))
                .toList();
    }
}

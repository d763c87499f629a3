package io.tidemark.reconciler.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.reconciler.verify.Entries;
import io.tidemark.reconciler.verify.Entries.AwayException;
import io.tidemark.reconciler.verify.Entry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.redisson.client.RedisConnectionException;
import org.redisson.client.RedisException;
import org.redisson.client.RedisLoadingException;
import org.redisson.client.RedisOutOfMemoryException;
import org.redisson.client.RedisTimeoutException;

class PatientEntriesTest {
    private final Deque<RedisException> failures = new ArrayDeque<>();

    @Test
    void what_a_loss_cut_off_is_asked_again() {
        failures.add(new RedisConnectionException("refused"));
        failures.add(new RedisTimeoutException("late"));
        failures.add(new RedisLoadingException("loading"));
        PatientEntries entries = new PatientEntries(new Failing(), new Patience(Duration.ofMinutes(1)));

        assertThat(entries.read(List.of("a"))).containsExactly(Entry.NONE);
        failures.add(new RedisConnectionException("refused"));
        assertThat(entries.matching("*").next()).isEqualTo("a");
    }

    @Test
    void a_redis_that_stays_away_or_refuses_is_said_in_short() {
        failures.add(new RedisConnectionException("refused " + "x".repeat(10_000)));
        PatientEntries entries = new PatientEntries(new Failing(), new Patience(Duration.ofNanos(-1)));
        assertThatThrownBy(() -> entries.values(List.of("a")))
                .isInstanceOf(AwayException.class)
                .hasMessageContainingAll("Redis has not answered", "refused", "check that it runs")
                .satisfies(said -> assertThat(said.getMessage()).hasSizeLessThan(400));

        failures.add(new RedisOutOfMemoryException("OOM"));
        PatientEntries patient = new PatientEntries(new Failing(), new Patience(Duration.ofMinutes(1)));
        assertThatThrownBy(() -> patient.allHaveMeta(List.of("a")))
                .isInstanceOf(AwayException.class)
                .hasMessageContaining("Redis refuses");
    }

    /** Fails as often as the test has failures for it. */
    private final class Failing implements Entries {
        private <T> T answer(T good) {
            RedisException failure = failures.poll();
            if (failure != null) {
                throw failure;
            }
            return good;
        }

        @Override
        public List<byte @Nullable []> values(List<String> keys) {
            return answer(List.of("1".getBytes(UTF_8)));
        }

        @Override
        public boolean allHaveMeta(List<String> keys) {
            return answer(true);
        }

        @Override
        public List<Entry> read(List<String> keys) {
            return answer(List.of(Entry.NONE));
        }

        @Override
        public Iterator<String> matching(String pattern) {
            return answer(List.of("a").iterator());
        }
    }
}

package io.tidemark.reconciler.verify;

import static io.tidemark.reconciler.verify.InMemory.cache;
import static io.tidemark.reconciler.verify.InMemory.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.reconciler.verify.Applied.NotAppliedException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunTest {
    private final InMemory memory = new InMemory();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 99, 100, 101, 5000})
    void a_cache_that_is_right_is_found_right_at_any_size(int rows) {
        memory.consistent(rows);
        Tally tally = done(cache(null));

        assertThat(tally.count(Verdict.CONSISTENT)).isEqualTo(rows);
        assertThat(tally.drift()).isZero();
        assertThat(tally.isComplete()).isTrue();
    }

    @Test
    void as_many_rows_as_are_ordered_are_looked_at_in_batches_as_large_as_ordered() {
        memory.consistent(100);
        Order order = new Order(List.of(cache(null)), Order.Mode.CHECK, 7, 30, 0, false);
        Run run = new Run("id", order, Clock.systemUTC());
        run.run(memory);

        Tally tally = run.tallies().get("p");
        assertThat(tally.rows()).isEqualTo(30);
        assertThat(tally.isLimited()).isTrue();
        assertThat(tally.isComplete()).isFalse();
        assertThat(memory.largestPage).isEqualTo(7);
    }

    @Test
    void an_emptied_redis_is_all_missing_in_bounded_pieces() {
        memory.consistent(30_000);
        memory.redis.clear();
        Tally tally = done(cache(null));

        assertThat(tally.count(Verdict.MISSING)).isEqualTo(30_000);
        assertThat(tally.examples()).hasSize(10);
        assertThat(memory.largestRead).isLessThanOrEqualTo(8192);
    }

    @Test
    void an_emptied_redis_is_no_drift_of_a_cache_with_a_ttl() {
        memory.consistent(1000);
        memory.redis.clear();
        Tally tally = done(cache(Duration.ofHours(1)));

        assertThat(tally.drift()).isZero();
        assertThat(tally.count(Verdict.NOT_KEPT)).isEqualTo(1000);
    }

    @Test
    void an_emptied_table_leaves_every_entry_orphaned_once() {
        memory.consistent(3000);
        memory.redis.put("p:007x", entry("{}", "v"));
        memory.table.clear();

        assertThat(done(cache(null)).count(Verdict.ORPHANED)).isEqualTo(3000);
    }

    @Test
    void an_entry_that_is_put_right_before_the_second_look_is_no_drift() {
        memory.consistent(10);
        memory.redis.put("p:3", entry("{}", "old"));
        AtomicInteger reads = new AtomicInteger();
        memory.beforeRead = keys -> {
            if (reads.incrementAndGet() == 2) {
                memory.redis.put("p:3", entry("{\"id\":3}", "new"));
            }
        };
        Tally tally = done(cache(null));

        assertThat(tally.drift()).isZero();
        assertThat(tally.count(Verdict.CONSISTENT)).isEqualTo(10);
    }

    @Test
    void an_entry_that_is_written_at_every_look_is_in_flight() {
        anEntryIsWrittenAtEveryLook();
        Tally tally = done(cache(null));

        assertThat(tally.drift()).isZero();
        assertThat(tally.count(Verdict.IN_FLIGHT)).isEqualTo(1);
    }

    @Test
    void where_each_wait_may_last_an_entry_that_is_always_written_is_left_after_fewer_looks() {
        anEntryIsWrittenAtEveryLook();
        AtomicInteger waits = new AtomicInteger();
        memory.applied = new Applied() {
            @Override
            public void await(long lsn) {
                waits.incrementAndGet();
            }

            @Override
            public int mostLooks() {
                return 2;
            }
        };
        Tally tally = done(cache(null));

        assertThat(tally.count(Verdict.IN_FLIGHT)).isEqualTo(1);
        assertThat(waits).hasValue(2);
    }

    @Test
    void a_comparison_that_cannot_finish_says_what_it_saw_and_what_it_did_not() {
        memory.consistent(100);
        memory.redis.remove("p:3");
        memory.redis.remove("p:4");
        memory.applied = lsn -> {
            throw new NotAppliedException("nothing moves at " + lsn);
        };
        Run run = new Run("id", Order.check(List.of(cache(null), InMemory.cache("q", null))), Clock.systemUTC());
        run.run(memory);

        assertThat(run.state()).isEqualTo(Run.State.FAILED);
        assertThat(run.problem())
                .isEqualTo(
                        "the comparison of cache p could not finish: nothing moves at 7; seen were 100 of about 100 rows,"
                                + " of which 2 differed and were not looked at again; not looked at: q");
        assertThat(run.tallies().get("p").isComplete()).isFalse();
    }

    private void anEntryIsWrittenAtEveryLook() {
        memory.consistent(10);
        memory.redis.put("p:3", entry("{}", "0"));
        AtomicInteger reads = new AtomicInteger();
        memory.beforeRead = keys -> memory.redis.put("p:3", entry("{}", "" + reads.incrementAndGet()));
    }

    private Tally done(Subject cache) {
        Run run = new Run("id", Order.check(List.of(cache)), Clock.systemUTC());
        run.run(memory);
        assertThat(run.state()).as(run.problem()).isEqualTo(Run.State.DONE);
        return run.tallies().get("p");
    }
}

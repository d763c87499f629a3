package io.tidemark.reconciler.kafka;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.core.freshness.Progress;
import io.tidemark.reconciler.verify.Applied.NotAppliedException;
import java.time.Duration;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AppliedLsnTest {
    private final AtomicLong time = new AtomicLong();
    private final AppliedLsn applied = new AppliedLsn(Duration.ofSeconds(60), time::get);

    @Test
    void what_is_applied_already_is_not_waited_for() {
        applied.known(progress(100), progress(100));

        assertThatCode(() -> applied.await(100)).doesNotThrowAnyException();
        assertThatCode(() -> applied.await(0)).doesNotThrowAnyException();
    }

    @Test
    void what_is_applied_later_ends_the_wait() {
        CompletableFuture<Void> waiter = CompletableFuture.runAsync(() -> {
            try {
                applied.await(0x8000_0000_0000_0001L);
            } catch (Exception failed) {
                throw new IllegalStateException(failed);
            }
        });
        applied.known(progress(7), progress(7));
        applied.known(progress(0x8000_0000_0000_0001L), progress(0x8000_0000_0000_0001L));

        waiter.join();
    }

    @Test
    void a_standstill_names_who_stands() {
        AppliedLsn impatient = new AppliedLsn(Duration.ofSeconds(60), () -> time.getAndAdd(61_000_000_000L));
        impatient.known(progress(1), progress(1));
        assertThatThrownBy(() -> impatient.await(5))
                .isInstanceOf(NotAppliedException.class)
                .hasMessageContaining("LSN 0/5")
                .hasMessageContaining("applied up to 0/1")
                .hasMessageContaining("ingest-service is running");

        impatient.known(null, progress(9));
        assertThatThrownBy(() -> impatient.await(5))
                .hasMessageContaining("applied up to an unknown LSN, published up to 0/9")
                .hasMessageContaining("cache-writer is running");
    }

    private static Progress progress(long lsn) {
        return new Progress(1, lsn, 0, new TreeMap<>());
    }
}

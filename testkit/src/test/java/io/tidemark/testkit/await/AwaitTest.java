package io.tidemark.testkit.await;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AwaitTest {

    @Test
    void looksAgainUntilTheConditionHolds() {
        AtomicInteger looks = new AtomicInteger();
        int seen = Await.until("three looks", Duration.ofSeconds(30)).sees(looks::incrementAndGet, n -> n == 3);
        assertThat(seen).isEqualTo(3);
    }

    @Test
    void saysWhatItLastSaw() {
        assertThatThrownBy(() ->
                        Await.until("the answer is 42", Duration.ofMillis(20)).sees(() -> 41, n -> n == 42))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("until the answer is 42")
                .hasMessageContaining("last seen: 41");
    }

    @Test
    void takesAnExceptionForNotYetAndKeepsItAsTheCause() {
        assertThatThrownBy(() -> Await.until("it works", Duration.ofMillis(20)).holds(() -> {
                    throw new IOException("not reachable");
                }))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("not reachable")
                .hasCauseInstanceOf(IOException.class);
    }
}

package io.tidemark.client.near;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.client.near.Copies.Found;
import io.tidemark.client.near.Copies.Read;
import io.tidemark.client.near.Copies.Ticket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a copy may be served, with the time as the test says it is. */
class CopiesTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Read READ = new Read("v", "0", List.of("shop:7", "sale"), -1);

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - SECOND);
    private final Copies copies = new Copies(
            NearSettings.defaults().withBound(Duration.ofSeconds(1)).withLongest(Duration.ofMinutes(1)), now::get);

    @BeforeEach
    void follow() {
        copies.reset();
        copies.knownUpTo(now.get());
    }

    @Test
    void copyIsServedUntilItsKeyOrOneOfItsTagsIsNamed() {
        for (String named : List.of("a", "shop:7", "sale")) {
            assertThat(copies.keep(copies.ticket(), "a", READ)).isTrue();
            assertThat(copies.find("a")).isEqualTo(new Found("v"));
            copies.dropKeys(List.of("b"));
            copies.dropTags(List.of("other"));
            assertThat(copies.find("a")).isEqualTo(new Found("v"));
            if (named.equals("a")) {
                copies.dropKeys(List.of(named));
            } else {
                copies.dropTags(List.of(named));
            }
            assertThat(copies.find("a")).as("after %s", named).isNull();
        }
        assertThat(copies.counts().droppedKeys()).isEqualTo(1);
        assertThat(copies.counts().droppedTags()).isEqualTo(2);
    }

    @Test
    void whatWasNamedSinceTheTicketIsNotKept() {
        for (String named : List.of("a", "shop:7", "sale")) {
            Ticket ticket = copies.ticket();
            copies.dropTags(List.of("x"));
            if (named.equals("a")) {
                copies.dropKeys(List.of("y", named));
            } else {
                copies.dropTags(List.of("y", named));
            }
            assertThat(copies.keep(ticket, "a", READ)).as("named: %s", named).isFalse();
            assertThat(copies.find("a")).isNull();
        }
        assertThat(copies.keep(copies.ticket(), "a", READ)).isTrue();
    }

    @Test
    void copyFromBeforeAResetIsNeitherServedNorKept() {
        copies.keep(copies.ticket(), "a", READ);
        Ticket ticket = copies.ticket();
        copies.reset();
        assertThat(copies.find("a")).isNull();
        assertThat(copies.keep(ticket, "a", READ)).isFalse();
    }

    @Test
    void nothingIsServedABoundAfterTheLastWordAndEverythingAgainAfterTheNext() {
        copies.keep(copies.ticket(), "a", READ);
        now.addAndGet(SECOND);
        assertThat(copies.find("a")).isNotNull();
        now.addAndGet(1);
        assertThat(copies.find("a")).isNull();
        assertThat(copies.isCurrent()).isFalse();
        copies.knownUpTo(now.get());
        assertThat(copies.find("a")).isNotNull();
    }

    @Test
    void nothingIsKeptOrServedWhileNobodyFollows() {
        copies.keep(copies.ticket(), "a", READ);
        copies.forget();
        assertThat(copies.find("a")).isNull();
        assertThat(copies.keep(copies.ticket(), "a", READ)).isFalse();
        assertThat(new Copies(NearSettings.defaults(), now::get).isCurrent()).isFalse();
    }

    @Test
    void copyEndsWithItsEntryAndAtTheLatestAfterTheLongestTime() {
        copies.keep(copies.ticket(), "short", new Read("v", "0", List.of(), 30_000));
        copies.keep(copies.ticket(), "long", new Read("v", "0", List.of(), 3_600_000));
        for (int seconds = 0; seconds < 60; seconds++) {
            copies.knownUpTo(now.get());
            assertThat(copies.find("short") != null).as("after %d s", seconds).isEqualTo(seconds < 30);
            assertThat(copies.find("long")).isNotNull();
            now.addAndGet(SECOND);
        }
        copies.knownUpTo(now.get());
        assertThat(copies.find("long")).isNull();
    }

    @Test
    void olderVersionDoesNotReplaceANewerOne() {
        Ticket first = copies.ticket();
        assertThat(copies.keep(copies.ticket(), "a", new Read("new", "0002", List.of(), -1)))
                .isTrue();
        assertThat(copies.keep(first, "a", new Read("old", "0001", List.of(), -1)))
                .isFalse();
        assertThat(copies.keep(first, "a", new Read("same", "0002", List.of(), -1)))
                .isTrue();
        assertThat(copies.find("a")).isEqualTo(new Found("same"));
    }

    @Test
    void nothingIsACopyToo() {
        copies.keep(copies.ticket(), "none", new Read(null, "0", List.of(), -1));
        assertThat(copies.find("none")).isEqualTo(new Found(null));
    }

    @Test
    void memoryIsBounded() {
        Copies small = new Copies(NearSettings.defaults().withBytes(100_000), now::get);
        small.reset();
        small.knownUpTo(now.get());
        String value = "x".repeat(800);
        for (int i = 0; i < 10_000; i++) {
            small.keep(small.ticket(), "k" + i, new Read(value, "0", List.of("t" + i), -1));
        }
        assertThat(small.counts().copies()).isBetween(1L, 200L);
    }

    @Test
    void settingsThatMeanNothingAreRefused() {
        assertThatThrownBy(() -> NearSettings.defaults().withBytes(0)).hasMessageContaining("above 0 bytes");
        assertThatThrownBy(() -> NearSettings.defaults().withBound(Duration.ofMillis(99)))
                .hasMessageContaining("bound");
        assertThatThrownBy(() -> NearSettings.defaults().withLongest(Duration.ZERO))
                .hasMessageContaining("above 0");
    }
}

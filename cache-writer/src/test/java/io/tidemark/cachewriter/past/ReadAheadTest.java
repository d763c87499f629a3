package io.tidemark.cachewriter.past;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.testkit.await.Await;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReadAheadTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final AtomicInteger read = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();

    @Test
    void piecesComeInTheirOrderAndOneIsReadAheadAndNoMore() {
        try (ReadAhead ahead = new ReadAhead(reading(3, null))) {
            for (int piece = 1; piece <= 3; piece++) {
                int expected = piece + 1;
                assertThat(from(ahead.next())).isEqualTo(piece);
                Await.until("the next piece is read", SOON).holds(() -> read.get() == expected);
            }
            assertThat(ahead.next()).isNull();
            assertThat(ahead.next()).isNull();
            assertThat(read).as("the end is looked for once").hasValue(4);
        }
        Await.until("it is closed", SOON).holds(() -> closed.get() == 1);
        assertThat(threads).as("a Kafka consumer is for one thread").hasSize(1);
    }

    @Test
    void aTopicThatIsAwayIsSaidToWhoeverAsksForThatPieceAndNotBefore() {
        try (ReadAhead ahead = new ReadAhead(reading(2, new History.AwayException("no broker", null)))) {
            assertThat(from(ahead.next())).isEqualTo(1);
            assertThat(from(ahead.next())).isEqualTo(2);
            assertThatThrownBy(ahead::next)
                    .isInstanceOf(History.AwayException.class)
                    .hasMessage("no broker");
        }
        Await.until("it is closed", SOON).holds(() -> closed.get() == 1);
    }

    @Test
    void whoeverIsInterruptedWhileWaitingIsToldSo() {
        History.Reading endless = new History.Reading() {
            @Override
            public @Nullable Chunk next() {
                Await.until("it is closed", SOON).holds(() -> closed.get() == 1);
                return null;
            }

            @Override
            public void close() {}
        };
        try (ReadAhead ahead = new ReadAhead(endless)) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(ahead::next).isInstanceOf(History.AwayException.class);
            assertThat(Thread.interrupted()).isTrue();
        } finally {
            closed.set(1);
        }
    }

    private static long from(@Nullable Chunk chunk) {
        return chunk == null ? -1 : chunk.from();
    }

    private History.Reading reading(int pieces, @Nullable RuntimeException atTheEnd) {
        return new History.Reading() {
            @Override
            public @Nullable Chunk next() {
                threads.add(Thread.currentThread());
                int piece = read.incrementAndGet();
                if (piece <= pieces) {
                    return new Chunk(List.of(), piece, 1);
                }
                if (atTheEnd != null) {
                    throw atTheEnd;
                }
                return null;
            }

            @Override
            public void close() {
                threads.add(Thread.currentThread());
                closed.incrementAndGet();
            }
        };
    }
}

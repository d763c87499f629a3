package io.tidemark.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.ingest.stream.ConfigurationException;
import io.tidemark.testkit.await.Await;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SupervisorTest {
    private final StreamProgress progress = new StreamProgress(System::nanoTime);
    private final StateBoard board = new StateBoard(Clock.systemUTC());
    private final List<String> refusals = new CopyOnWriteArrayList<>();

    @Test
    void aFailedSessionIsStartedAgainAndItsCauseIsShown() {
        AtomicInteger runs = new AtomicInteger();
        try (Supervisor supervisor = supervisor(() -> {
            if (runs.incrementAndGet() < 3) {
                throw new ExecutionException(new IllegalStateException("the engine broke"));
            }
            board.show(new IngestState.Running());
            new CountDownLatch(1).await();
        })) {
            supervisor.start();
            Await.until("the failure is shown", Duration.ofSeconds(30))
                    .holds(() -> board.state() instanceof IngestState.Failing failing
                            && failing.reason().contains("the engine broke"));
            Await.until("it runs", Duration.ofSeconds(30)).holds(() -> board.state() instanceof IngestState.Running);
        }
        assertThat(runs).hasValue(3);
        assertThat(progress.restarts()).isEqualTo(2);
        assertThat(board.state()).isInstanceOf(IngestState.Stopped.class);
    }

    @Test
    void whatIsAwayIsWaitedForAndNoFailure() {
        try (Supervisor supervisor = supervisor(() -> {
            throw new IllegalStateException("away");
        })) {
            supervisor.start();
            Await.until("it waits", Duration.ofSeconds(30))
                    .holds(() -> board.state() instanceof IngestState.Waiting waiting
                            && waiting.reason().contains("check that it runs"));
        }
    }

    @Test
    void wrongConfigurationBeforeTheFirstRunIsRefused() {
        try (Supervisor supervisor = supervisor(() -> {
            throw new ConfigurationException(List.of("wal_level", "slots"));
        })) {
            supervisor.start();
            Await.until("it is refused", Duration.ofSeconds(30)).holds(() -> !refusals.isEmpty());
        }
        assertThat(refusals).containsExactly("wal_level\nslots");
    }

    @Test
    void aPasswordThatIsRefusedAtTheFirstStartIsWrongConfiguration() {
        try (Supervisor supervisor = supervisor(() -> {
            throw new IllegalStateException("refused");
        })) {
            supervisor.start();
            Await.until("it is refused", Duration.ofSeconds(30)).holds(() -> !refusals.isEmpty());
        }
        assertThat(refusals).singleElement().asString().contains("source.password");
    }

    @Test
    void wrongConfigurationLaterIsAFailureAndTriedAgain() {
        AtomicInteger runs = new AtomicInteger();
        try (Supervisor supervisor = supervisor(() -> {
            board.show(new IngestState.Running());
            runs.incrementAndGet();
            throw new ConfigurationException(List.of("a table lost its key"));
        })) {
            supervisor.start();
            Await.until("it is tried again", Duration.ofSeconds(30)).holds(() -> runs.get() > 1);
        }
        assertThat(refusals).isEmpty();
    }

    @Test
    void pausesDoubleUpToTheLongest() {
        Supervisor.Backoff backoff = new Supervisor.Backoff(Duration.ofMillis(200), Duration.ofSeconds(1));

        assertThat(List.of(backoff.next(), backoff.next(), backoff.next(), backoff.next(), backoff.next()))
                .extracting(Duration::toMillis)
                .containsExactly(200L, 400L, 800L, 1000L, 1000L);
        backoff.reset();
        assertThat(backoff.next()).hasMillis(200);
    }

    private Supervisor supervisor(Supervisor.SessionRunner session) {
        FailureText failures = new FailureText(
                "db:5432/shop",
                "kafka:9092",
                failure -> "away".equals(failure.getMessage()),
                failure -> false,
                failure -> "refused".equals(failure.getMessage()));
        return new Supervisor(session, progress, board, failures, Clock.systemUTC(), refusals::add);
    }
}

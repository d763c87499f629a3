package io.tidemark.ingest.debezium;

import static org.assertj.core.api.Assertions.assertThat;

import io.debezium.pipeline.DataChangeEvent;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;

class PatientQueueTest {
    private final PatientQueue queue = new PatientQueue();

    @Test
    void givesEventsInTheirOrder() {
        DataChangeEvent first = event();
        DataChangeEvent second = event();
        queue.enqueue(first);
        queue.enqueue(second);

        assertThat(queue.size()).isEqualTo(2);
        assertThat(queue.poll()).isSameAs(first);
        assertThat(queue.poll()).isSameAs(second);
        assertThat(queue.poll()).isNull();
        assertThat(queue.size()).isZero();
    }

    @Test
    void whoLooksIntoTheEmptyQueueAgainAndAgainIsMadeToPause() {
        assertThat(timeOf(100)).isGreaterThan(Duration.ofMillis(20));
    }

    @Test
    void whoFindsSomethingIsNot() {
        timeOf(100);
        queue.enqueue(event());

        Duration shortest = Stream.generate(() -> timeOf(100))
                .limit(20)
                .min(Duration::compareTo)
                .orElseThrow();
        assertThat(shortest).isLessThan(Duration.ofMillis(20));
    }

    private Duration timeOf(int looks) {
        long began = System.nanoTime();
        for (int i = 0; i < looks; i++) {
            queue.size();
        }
        return Duration.ofNanos(System.nanoTime() - began);
    }

    private static DataChangeEvent event() {
        return new DataChangeEvent(new SourceRecord(Map.of(), Map.of(), "topic", null, null));
    }
}
